"""That something is seen to go on: in lines, in rows, and before there are either."""

from __future__ import annotations

import io
import os
import sys
from dataclasses import dataclass, field

import pytest
from rich.console import Console

from storyboard.cli.prelude import Prelude
from storyboard.cli.progress import Rows
from storyboard.cli.progress_lines import ProgressLines
from storyboard.events import Encoding, Measuring, State, TakeChanged


@dataclass
class Watched:
    """Lines with a clock that is given, and what they have said."""

    seconds: float = 0.0
    console: Console = field(default_factory=lambda: Console(width=200, file=io.StringIO()))

    def __post_init__(self) -> None:
        self.lines = ProgressLines(self.console, now=lambda: "07:00:00", ticks=lambda: self.seconds)

    @property
    def said(self) -> list[str]:
        """What was said so far, without the time."""
        assert isinstance(self.console.file, io.StringIO)
        return [line.partition(" ")[2] for line in self.console.file.getvalue().splitlines()]


def test_lines_are_due_each_second_and_seldomer_the_longer_it_takes() -> None:
    """So that a short run is seen to move, and an hour does not fill a log."""
    watched, count = Watched(), 0
    pauses = []
    while watched.seconds < 3600:
        pauses.append(watched.lines.due)
        watched.seconds += watched.lines.due
        watched.lines.going_on()
        count += 1
    assert pauses[0] < 3
    assert max(pauses[1:20]) < 1
    assert max(pauses) == pytest.approx(60)
    assert count < 250


def test_a_line_says_what_is_on_its_way_and_how_far_it_is() -> None:
    """Takes by name, the others by their number, and the film."""
    watched = Watched()
    watched.lines(TakeChanged("a", 1, State.DONE))
    watched.lines(TakeChanged("b", 1, State.DRAWING, fraction=0.42))
    watched.lines(TakeChanged("c", 2, State.RUNNING))
    watched.lines(TakeChanged("d", 1, State.WAITING))
    watched.lines(Encoding(30, 1000))
    before = len(watched.said)
    watched.lines.going_on()
    assert watched.said[before:] == [
        "b drawing 42%, c take 2 running, 1 more to come, film: 30 of 1000 frames"
    ]


def test_a_line_says_for_how_long_where_nothing_has_a_name() -> None:
    """Before anything has begun, and between two things."""
    watched = Watched()
    watched.lines(Measuring(2, 2, "joins"))
    watched.seconds = 65
    watched.lines.going_on()
    assert watched.said == ["joins measured: 2 of 2", "working, 1:05"]


def test_rows_go_on_where_all_takes_are_there() -> None:
    """Nothing else has a clock then: the film has not begun."""
    rows = Rows(Console(width=100, file=io.StringIO(), force_terminal=True, color_system=None))
    rows(TakeChanged("sh010", 1, State.DONE))
    console = Console(width=100, file=io.StringIO())
    with console.capture() as capture:
        console.print(rows._drawn())
    assert capture.get().splitlines()[-1].startswith("working 0:00 ")


def test_a_prelude_says_what_it_is_at_and_for_how_long() -> None:
    """With the stills that have been looked at; cut to the terminal, wide letters too."""
    prelude = Prelude("render film.yaml", -1, 60)
    prelude.told(3, 12)
    assert prelude.line(61.3) == "render film.yaml, 3 of 12 stills 1:01 /"
    prelude.end()
    narrow = Prelude("render 映画映画映画映画.yaml", -1, 20)
    narrow.end()
    assert narrow.line(0) == "render 映画 0:00 |"


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes of this kind")
def test_a_prelude_is_drawn_until_it_ends_and_leaves_nothing() -> None:
    """Its last word clears the line."""
    reading, writing = os.pipe()
    prelude = Prelude("plan film.yaml", writing, 60)
    seen = os.read(reading, 1000).decode()  # waits for it
    prelude.end()
    os.close(writing)
    while more := os.read(reading, 1000).decode():
        seen += more
    os.close(reading)
    assert "plan film.yaml 0:00" in seen
    assert seen.endswith("\r\x1b[2K")
