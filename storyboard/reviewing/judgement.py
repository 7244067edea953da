"""What was measured of a take, as its note keeps it, as data, and in words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from storyboard.reviewing.judging import VERSION, Keyframes, TakeNumbers, judged
from storyboard.reviewing.prepared import prepared_picture
from storyboard.reviewing.take_limits import LIMITS, wrong
from storyboard.units.timing import timecode

if TYPE_CHECKING:
    from storyboard.images.still import PreparedStill
    from storyboard.reviewing.take_limits import TakeFault
    from storyboard.timeline import Media
    from storyboard.units.take_kinds import TakeKind

FIELD = "judged"
"""What the part of a take's note is called."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured: a shot's part of a take, and the stills it was made from."""

    media: Media
    first: int
    last: int
    start: PreparedStill | None
    end: PreparedStill | None

    @property
    def name(self) -> str:
        """Names what is measured and how: with another still or part it is measured anew."""
        stills = (still.digest if still else "" for still in (self.start, self.end))
        said = f"{VERSION}\n{self.first} {self.last}\n" + "\n".join(stills)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A take of a shot, and what was measured of it."""

    shot: str
    take: int
    key: str
    numbers: TakeNumbers

    @property
    def findings(self) -> tuple[TakeFault, ...]:
        """What is wrong with it; empty where nothing is."""
        return wrong(self.numbers)

    @property
    def kinds(self) -> tuple[TakeKind, ...]:
        """The same by name."""
        return tuple(finding.kind for finding in self.findings)

    def lines(self) -> list[str]:
        """A line for each thing that is wrong: where, how much, and what to do."""
        return [self._line(finding) for finding in self.findings]

    def _line(self, finding: TakeFault) -> str:
        limit, where = finding.limit, ""
        if finding.at is not None:
            where = f" at {timecode(finding.at, self.numbers.rate)}"
        side = "below" if limit.above is None else "above"
        todo = limit.todo.format(shot=self.shot)
        take = f"take {self.take}" if self.take else "its clip"
        return (
            f"{self.shot} {take}: {limit.words}{where}: {limit.kind} "
            f"{finding.value:.3g} {limit.unit}, {side} {limit.limit:g}; {todo}"
        )

    def as_data(self) -> list[dict[str, Any]]:
        """Every number with its unit, its limit, and what to do where it is beyond."""
        return [*_data(self.numbers, self.shot)]


def _data(numbers: TakeNumbers, shot: str) -> list[dict[str, Any]]:
    found = []
    for limit in LIMITS:
        value = limit.value(numbers)
        at = getattr(numbers, limit.at) if limit.at else None
        odd = value is not None and limit.is_odd(value)
        found.append(
            {
                "kind": limit.kind,
                "value": None if value is None else round(value, 4),
                "unit": limit.unit,
                "limit": limit.limit,
                "odd_when": "below" if limit.above is None else "above",
                "odd": odd,
                "at_frame": at,
                "what": limit.words,
                "todo": limit.todo.format(shot=shot) if odd else "",
            }
        )
    return found


def measured(subject: Subject) -> TakeNumbers:
    """Measure one take, where this is called; MediaError where it or a still can't be read."""
    size = subject.media.size
    start, end = (
        None if still is None else prepared_picture(still, size)
        for still in (subject.start, subject.end)
    )
    return judged(subject.media.path, Keyframes(start, end), first=subject.first, last=subject.last)


def noted(note: Mapping[str, Any], subject: Subject) -> TakeNumbers | None:
    """What a take's note has of this; None where it was not measured, or can't be read."""
    found = note.get(FIELD)
    kept = found.get(subject.name) if isinstance(found, dict) else None
    if not isinstance(kept, dict) or kept.keys() != {one.name for one in fields(TakeNumbers)}:
        return None
    try:
        return TakeNumbers(**{**kept, "rate": Fraction(kept["rate"])})
    except (ValueError, TypeError, ZeroDivisionError):
        return None


def with_numbers(note: Mapping[str, Any], subject: Subject, numbers: TakeNumbers) -> dict[str, Any]:
    """What is to be added to a take's note."""
    found = note.get(FIELD)
    kept = {**asdict(numbers), "rate": str(numbers.rate)}
    return {FIELD: {**(found if isinstance(found, dict) else {}), subject.name: kept}}
