"""Signals, and how loud it is: each way of stopping is one, each way of speaking too."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading

import pytest
from rich.console import Console

from storyboard.cli.progress import Rows, progress
from storyboard.cli.progress_lines import ProgressLines
from storyboard.cli.stopping import stopped_by_signals
from storyboard.events import Encoding, Event, Explained, FilmChanged, FilmState, Noticed
from storyboard.generating.scheduler import Stop

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals")


def told(*, quiet: bool = False, verbose: bool = False) -> list[str]:
    """What lines say of a few events."""
    console = Console(width=200, file=io.StringIO())
    lines = ProgressLines(console, quiet=quiet, verbose=verbose, now=lambda: "07:00:00")
    events: tuple[Event, ...] = (
        Explained("kept as it is", "sh010"),
        Encoding(3, 3),
        Noticed("look"),
        FilmChanged("a", FilmState.DONE, "a.mp4"),
        FilmChanged("b", FilmState.FAILED, "b.mp4", "no"),
    )
    for event in events:
        lines(event)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_without_a_terminal_each_line_has_its_time() -> None:
    """What is new, and what went wrong."""
    assert told() == [
        "07:00:00 film: 3 of 3 frames",
        "07:00:00 look",
        "07:00:00 a: done, a.mp4",
        "07:00:00 b: failed, no",
    ]


def test_verbose_says_how_and_quiet_only_what_matters() -> None:
    """Explanations are for who asks for them; what went wrong is for all."""
    assert told(verbose=True) == ["07:00:00 sh010: kept as it is", *told()]
    assert told(quiet=True) == ["07:00:00 look", "07:00:00 b: failed, no"]


@pytest.mark.parametrize(
    ("more", "kind"),
    [({}, Rows), ({"verbose": True}, ProgressLines), ({"quiet": True}, ProgressLines)],
)
def test_at_a_terminal_rows_are_drawn_unless_lines_are_wanted(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, bool], kind: type
) -> None:
    """`-v` gives lines there, too."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert type(progress(**more)) is kind


@posix
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_each_signal_is_a_wish_to_stop(name: str) -> None:
    """Said once; afterwards it is what it was before."""
    if threading.current_thread() is not threading.main_thread():
        pytest.skip("not in the main thread")
    number, stop, said = getattr(signal, name), Stop(), list[str]()
    before = signal.signal(number, signal.SIG_DFL)
    try:
        with stopped_by_signals(stop, "stopping", tell=said.append):
            os.kill(os.getpid(), number)
        assert signal.getsignal(number) is signal.SIG_DFL
    finally:
        signal.signal(number, before)
    assert stop
    assert said == ["stopping"]


@posix
def test_a_hang_up_that_nohup_turned_off_stays_off() -> None:
    """The run goes on without its terminal."""
    if threading.current_thread() is not threading.main_thread():
        pytest.skip("not in the main thread")
    stop = Stop()
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stopped_by_signals(stop, "stopping"):
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert not stop
