"""How every take stands, and the money. Reads the store alone: needs no key and no network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storyboard.accounting.summary import expiring
from storyboard.accounting.summary import status as status_
from storyboard.generating.backoff import aged
from storyboard.units.timing import counted
from storyboard.workflows.judge import known_takes
from storyboard.workflows.neighbours import with_known_neighbours
from storyboard.workflows.source import StoryboardFile, plan_with

if TYPE_CHECKING:
    from storyboard.accounting.summary import Status
    from storyboard.reviewing.judgement import Judgement
    from storyboard.workflows.source import AnyFile

__all__ = ["Standings", "aged", "status"]


@dataclass(frozen=True, slots=True)
class Standings:
    """How things stand with a storyboard."""

    status: Status
    expiring: tuple[str, ...]
    """What to say of takes that are not here, and soon no more at the service."""
    judged: tuple[Judgement, ...] = ()
    """What was measured of the takes that are here, as far as their notes have it."""

    def __repr__(self) -> str:
        return f"<Standings {counted(len(self.status.lines), 'take')}, {len(self.judged)} measured>"

    def odd(self, shot: str, take: int) -> tuple[str, ...]:
        """What is wrong with a take, by name."""
        return next((j.kinds for j in self.judged if (j.shot, j.take) == (shot, take)), ())

    def lines(self) -> list[str]:
        """What is wrong with takes that are here: number, unit, limit, and what to do."""
        here = {(line.shot, line.take) for line in self.status.lines if not line.left}
        return [line for one in self.judged if (one.shot, one.take) in here for line in one.lines()]

    def as_data(self) -> dict[str, Any]:
        """All of it as plain data."""
        found = self.status.as_data()
        measured = {(one.shot, one.take): one.as_data() for one in self.judged}
        for line in found["takes"]:
            here = None if line["left"] else measured.get((line["shot"], line["take"]))
            line["measured"] = here
        return found


def status(storyboard: AnyFile) -> Standings:
    """How each take of a storyboard stands, and the money. Needs no key and no network."""
    source = StoryboardFile.of(storyboard)
    store = source.store
    plan = plan_with(source.storyboard(), store)
    expired = tuple(expiring(store, source.file))
    known = with_known_neighbours(known_takes(plan, store), plan, store)
    return Standings(status_(plan, store), expired, known)
