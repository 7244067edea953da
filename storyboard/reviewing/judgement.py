"""What was measured of a take, as its note keeps it, as data, and in words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from storyboard.reviewing.judging import VERSION, Keyframes, TakeNumbers, judged
from storyboard.reviewing.prepared import prepared_picture
from storyboard.reviewing.take_limits import LIMITS, SEAM, TakeFault, wrong
from storyboard.units.timing import timecode

if TYPE_CHECKING:
    from storyboard.images.still import PreparedStill
    from storyboard.reviewing.take_limits import FaultKind, Limit
    from storyboard.timeline import Media

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
class TakeSeam:
    """How a take joins the one that the film shows of a neighbouring shot."""

    shot: str
    """The neighbour."""
    take: int
    side: Literal["before", "after"]
    """Where the neighbour lies."""
    likeness: float
    """SSIM of the earlier take's last frame and the later one's first."""

    @property
    def name(self) -> str:
        """The neighbour's take, for people."""
        return f"{self.shot} {take_name(self.take)}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A take of a shot, and what was measured of it."""

    shot: str
    take: int
    key: str
    numbers: TakeNumbers
    seams: tuple[TakeSeam, ...] = ()
    """Its seams to its neighbours, where those were asked for and are there."""

    def __repr__(self) -> str:
        return f"<Judgement {self.shot} {take_name(self.take)}, {', '.join(self.kinds) or 'good'}>"

    @property
    def findings(self) -> tuple[TakeFault, ...]:
        """What is wrong with it; empty where nothing is."""
        return (*wrong(self.numbers), *(TakeFault(SEAM, s.likeness, None) for s in self._odd_seams))

    @property
    def kinds(self) -> tuple[FaultKind, ...]:
        """The same by name, each once."""
        return tuple(dict.fromkeys(finding.kind for finding in self.findings))

    @property
    def _odd_seams(self) -> list[TakeSeam]:
        return [seam for seam in self.seams if SEAM.is_odd(seam.likeness)]

    def lines(self) -> list[str]:
        """A line for each thing that is wrong: where, how much, and what to do."""
        own = [self._line(finding) for finding in wrong(self.numbers)]
        return [*own, *(self._seam_line(seam) for seam in self._odd_seams)]

    def _line(self, finding: TakeFault) -> str:
        where = ""
        if finding.at is not None:
            where = f" at {timecode(finding.at, self.numbers.rate)}"
        todo = finding.limit.todo.format(shot=self.shot)
        return f"{self._what(finding.limit.words + where, finding.limit, finding.value)}; {todo}"

    def _seam_line(self, seam: TakeSeam) -> str:
        words = SEAM.words.format(neighbour=seam.name)
        todo = SEAM.todo.format(shot=self.shot, neighbour=seam.shot)
        return f"{self._what(words, SEAM, seam.likeness)}; {todo}"

    def _what(self, words: str, limit: Limit, value: float) -> str:
        beyond = f"{limit.kind} {limit.said(value)}, {limit.odd_when} {limit.limit:g}"
        return f"{self.shot} {take_name(self.take)}: {words}: {beyond}"

    def table(self) -> list[str]:
        """Its name, and a line for each number, good or not, with its unit and its limit."""
        rows = ((limit, limit.value(self.numbers), str(limit.kind)) for limit in LIMITS)
        seams = ((SEAM, s.likeness, f"seam {s.side}, to {s.name}") for s in self.seams)
        lines = [
            f"  {name} {limit.said(value)} (odd {limit.odd_when} {limit.limit:g})"
            for limit, value, name in (*rows, *seams)
            if value is not None
        ]
        return [f"{self.shot} {take_name(self.take)}", *lines]

    def as_data(self) -> list[dict[str, Any]]:
        """Every number with its unit, its limit, and what to do where it is beyond."""
        return [
            *(_number(limit, self.numbers, self.shot) for limit in LIMITS),
            *(_seam(seam, self.shot) for seam in self.seams),
        ]


def take_name(number: int) -> str:
    """A take, for people; 0 is a clip that was adopted."""
    return f"take {number}" if number else "its clip"


def _number(limit: Limit, numbers: TakeNumbers, shot: str) -> dict[str, Any]:
    at = getattr(numbers, limit.at) if limit.at else None
    todo = limit.todo.format(shot=shot)
    return _row(limit, limit.value(numbers), limit.words, todo) | {"at_frame": at}


def _seam(seam: TakeSeam, shot: str) -> dict[str, Any]:
    todo = SEAM.todo.format(shot=shot, neighbour=seam.shot)
    row = _row(SEAM, seam.likeness, SEAM.words.format(neighbour=seam.name), todo)
    return row | {"side": seam.side, "neighbour": seam.shot, "neighbour_take": seam.take}


def _row(limit: Limit, value: float | None, words: str, todo: str) -> dict[str, Any]:
    odd = value is not None and limit.is_odd(value)
    return {
        "kind": limit.kind,
        "value": None if value is None else round(value, 4),
        "unit": limit.unit,
        "limit": limit.limit,
        "odd_when": limit.odd_when,
        "odd": odd,
        "at_frame": None,
        "what": words,
        "todo": todo if odd else "",
    }


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
