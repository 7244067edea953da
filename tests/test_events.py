"""Events: values that say what happened."""

from __future__ import annotations

import dataclasses
import logging
import subprocess
import sys

import pytest

from storyboard import events
from storyboard.events import (
    Encoding,
    Event,
    Measuring,
    Noticed,
    State,
    TakeChanged,
    WaitExpected,
    log,
)

VALUES = [
    kind
    for kind in vars(events).values()
    if isinstance(kind, type) and dataclasses.is_dataclass(kind)
]


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_an_event_is_a_value(kind: type) -> None:
    """Frozen, and with a docstring."""
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert kind.__doc__


def test_what_is_over() -> None:
    """A take that is done, reused, failed, unknown or held changes no more in this run."""
    assert {state for state in State if state.final} == {
        State.DONE,
        State.REUSED,
        State.FAILED,
        State.UNKNOWN,
        State.HELD,
    }


def test_nobody_has_to_listen() -> None:
    """The listener that is there unless one is given."""
    log(TakeChanged("sh010", 1, State.DONE))


@pytest.mark.parametrize(
    ("event", "level", "words"),
    [
        (
            TakeChanged("sh010", 1, State.QUEUED, "2 ahead"),
            "DEBUG",
            "sh010 take 1: queued, 2 ahead",
        ),
        (
            TakeChanged("sh010", 2, State.SENDING, cost_microusd=420_000),
            "INFO",
            "sh010 take 2: sending, $0.42",
        ),
        (TakeChanged("sh010", 1, State.DONE), "INFO", "sh010 take 1: done"),
        (TakeChanged("sh010", 1, State.FAILED, "no"), "WARNING", "sh010 take 1: failed, no"),
        (
            WaitExpected(4, 2, 190.0, 120.0, 320.0, 14),
            "INFO",
            "takes to come: 4, in about 190 s",
        ),
        (Encoding(3, 9), "DEBUG", "film: 3 of 9 frames"),
        (Measuring(3, 9), "DEBUG", "takes measured: 3 of 9"),
        (Noticed("is cut off", "sh010"), "WARNING", "sh010: is cut off"),
        (Noticed("a\nb\x1b[2J"), "WARNING", "a\\x0ab\\x1b[2J"),
    ],
)
def test_what_happens_is_logged(
    caplog: pytest.LogCaptureFixture, event: Event, level: str, words: str
) -> None:
    """One line at its level, harmless, with the event itself for whoever wants more."""
    with caplog.at_level(logging.DEBUG, logger="storyboard"):
        log(event)
    (record,) = caplog.records
    assert (record.name, record.levelname, record.getMessage()) == ("storyboard", level, words)
    assert record.event is event  # type: ignore[attr-defined]


def test_the_log_is_silent_by_default() -> None:
    """A program that never heard of logging sees nothing, not even warnings."""
    code = "from storyboard.events import Noticed, log; log(Noticed('look'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
