"""What a review found, as plain data: for a table, for JSON, and for an exit code."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from storyboard import notebook
from storyboard.timing import Rate, counted, timecode

Kind = Literal["duplicate", "pause", "jump", "colour", "soft", "cut"]
"""What can be wrong with a seam, or `cut`: the two sides show something else."""

KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was measured over a seam; pixels are those of pictures 320 wide (or high)."""

    difference: float
    """Mean absolute difference in brightness over the seam, in levels."""
    difference_inside: float
    """The same from frame to frame on either side."""
    levels: float
    """The same in coarse blocks, without what a step of the whole picture would add."""
    likeness: float
    """SSIM over the seam, 0 to 1."""
    likeness_inside: float
    colour: float
    """How far the whole picture turns in colour over the seam (CIE76)."""
    colour_inside: float
    sharpness: float
    """Fine detail after the seam over that before it."""
    flow: float
    """Pixels that the picture's detail moves over the seam."""
    flow_inside: float
    """Pixels that it moves from frame to frame on either side."""
    jumping: float
    """Part of the detail that moves much farther than it does on either side, 0 to 1."""
    still: int
    """Steps around the seam, one after the other, in which nearly nothing moves."""


@dataclass(frozen=True, slots=True)
class SeamReport:
    """One seam: where, between what, what was measured, and what is wrong with it."""

    at: int
    """The first film frame after it."""
    before: str
    after: str
    numbers: Numbers
    kinds: tuple[Kind, ...] = ()
    picture: str = ""
    """The file with pictures of both sides, where one was drawn."""

    @property
    def good(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.kinds


@dataclass(frozen=True, slots=True)
class Report:
    """All seams of a film, in order."""

    rate: Rate
    seams: tuple[SeamReport, ...] = ()

    def __repr__(self) -> str:
        bad = sum(not seam.good for seam in self.seams)
        verdict = f"{bad} not good" if bad else "all good"
        return f"<Report {counted(len(self.seams), 'seam')}, {verdict}>"

    def _repr_html_(self) -> str:
        """The seams as a notebook's table."""
        rows = (_row(seam, self.rate) for seam in self.seams)
        return notebook.table("Seams", _HEADING, rows)

    def to_json(self) -> dict[str, Any]:
        """Everything as numbers, texts, lists and mappings."""
        seams = [
            {**asdict(seam), "timecode": timecode(seam.at, self.rate), "good": seam.good}
            for seam in self.seams
        ]
        return {"rate": str(self.rate), "seams": seams}


def failing(report: Report, kinds: Collection[Kind]) -> tuple[SeamReport, ...]:
    """The seams that have one of these kinds."""
    return tuple(seam for seam in report.seams if set(seam.kinds) & set(kinds))


def table(report: Report) -> tuple[str, ...]:
    """Lines for a terminal: a heading, and a line for each seam."""
    rows = [_HEADING, *(_row(seam, report.rate) for seam in report.seams)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADING))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return tuple(lines)


_HEADING = ("timecode", "seam", "verdict", "likeness", "colour", "flow", "inside", "sharp")


def _row(seam: SeamReport, rate: Rate) -> Sequence[str]:
    numbers = seam.numbers
    return (
        timecode(seam.at, rate),
        f"{seam.before} | {seam.after}",
        ", ".join(seam.kinds) or "good",
        f"{numbers.likeness:.2f}",
        f"{numbers.colour:.2f}",
        f"{numbers.flow:.2f}",
        f"{numbers.flow_inside:.2f}",
        f"{numbers.sharpness:.2f}",
    )
