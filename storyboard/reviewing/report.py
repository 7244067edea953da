"""What a review found, as plain data: for JSON, for a notebook, and for an exit code."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from storyboard import notebook
from storyboard.units.timing import counted, timecode

if TYPE_CHECKING:
    from storyboard.reviewing.limits import Kind, Numbers
    from storyboard.units.timing import Rate


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
    untold: bool = False
    """Whether it can't be told if a picture is shown twice."""

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
        rows = (row(seam, self.rate) for seam in self.seams)
        return notebook.table("Seams", HEADING, rows)

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


HEADING = ("timecode", "seam", "verdict", "likeness", "colour", "motion", "inside", "sharp")


def row(seam: SeamReport, rate: Rate) -> Sequence[str]:
    """One seam's cells, under `HEADING`; its colour is what it turns by beyond its surroundings."""
    numbers = seam.numbers
    return (
        timecode(seam.at, rate),
        f"{seam.before} | {seam.after}",
        ", ".join(seam.kinds) or ("can't tell" if seam.untold else "good"),
        f"{numbers.likeness:.2f}",
        f"{max(numbers.colour - numbers.colour_inside, 0):.2f}",
        f"{numbers.flow:.2f}",
        f"{numbers.flow_inside:.2f}",
        f"{numbers.sharpness:.2f}",
    )
