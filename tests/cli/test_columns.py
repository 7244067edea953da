"""Tables and progress on narrow terminals: what matters keeps its width."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.text import Text

from storyboard.cli.columns import Column, fitting
from storyboard.cli.progress import Rows
from storyboard.cli.progress_lines import ProgressLines
from storyboard.events import Encoding, Measuring, State, TakeChanged

COLUMNS = (
    Column("shot"),
    Column("model", missed=2, cut=True),
    Column("frames", missed=1, right=True),
    Column("price", right=True),
    Column("state"),
)
LONG = "the service refused (422): prompt: The content could not be processed because of it " * 3


def drawn(width: int) -> list[str]:
    """The lines of a small table in so many cells."""
    row = [Text(t) for t in ("sh010", "kling-o1-standard", "120", "$0.42", "to buy")]
    console = Console(width=width, file=io.StringIO())
    console.print(fitting(COLUMNS, [row, row], width))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [100, 60, 40, 28])
def test_a_row_is_one_line_and_keeps_what_matters(width: int) -> None:
    """Columns are left out, never folded to a letter a line."""
    lines = drawn(width)
    assert len(lines) == 3
    assert all(word in lines[1] for word in ("sh010", "$0.42", "to buy"))
    assert all(len(line) <= width for line in lines)


def test_the_least_needed_column_goes_first() -> None:
    """At 28 cells the model goes, while nothing goes at 100."""
    assert "kling-o1-standard" in drawn(100)[1]
    assert "kling" not in drawn(28)[1]


@pytest.mark.parametrize("width", [100, 60, 40])
def test_a_long_message_leaves_shot_and_state_alone(width: int) -> None:
    """One failed shot does not make the others unreadable."""
    console = Console(width=width, file=io.StringIO(), force_terminal=True, color_system=None)
    rows = Rows(console)
    rows(TakeChanged("sh010", 1, State.FAILED, LONG))
    rows(TakeChanged("sh020", 1, State.DOWNLOADING))
    with console.capture() as capture:
        console.print(rows._drawn())
    first, second = capture.get().splitlines()
    assert first.startswith("sh010  failed ")
    assert second.startswith("sh020  downloading")
    assert len(first) <= width


def told(*, quiet: bool = False) -> str:
    """What lines say of a take and of some frames."""
    console = Console(width=200, file=io.StringIO())
    lines = ProgressLines(console, quiet=quiet, now=lambda: "07:00:00")
    lines(TakeChanged("sh010", 1, State.DRAWING))
    lines(Encoding(3, 3, "files"))
    lines(Measuring(2, 2))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_lines_have_the_time_and_can_be_silenced() -> None:
    """A log says when; with --quiet it says nothing."""
    assert told().splitlines() == [
        "07:00:00 sh010: drawing",
        "07:00:00 film: 3 of 3 files",
        "07:00:00 takes measured: 2 of 2",
    ]
    assert told(quiet=True) == ""
