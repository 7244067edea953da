"""Takes that cost nothing: who makes them on this machine, and the steps they all go through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from storyboard import workers
from storyboard.errors import StoryboardError
from storyboard.events import State
from storyboard.generating import adopting, drafts
from storyboard.generating.scheduler import FINISHED, Next
from storyboard.models.table import DRAFT, OWN

if TYPE_CHECKING:
    from concurrent.futures import Future
    from pathlib import Path

    from storyboard.generating.checking import Checked
    from storyboard.generating.conductor import Conductor
    from storyboard.generating.order import Order


class Maker(NamedTuple):
    """What makes a take."""

    begun: Callable[[Conductor, Order, Path], Future[Checked]]
    """Has it made into this file, by a worker."""
    about: Callable[[Conductor, Order], Mapping[str, Any]]
    """What its note says of how it came about."""


MAKERS: Mapping[str, Maker] = {
    DRAFT.maker: Maker(drafts.begun, drafts.about),
    OWN.maker: Maker(adopting.begun, adopting.about),
}
"""By the name that a model's row gives its maker."""


@dataclass(slots=True)
class FreeTake:
    """A take that is made here. Its methods are steps of the engine."""

    conductor: Conductor
    order: Order
    maker: Maker

    def begin(self) -> Next:
        """Have it made, unless it is there."""
        if self.conductor.store.has(self.order.key):
            self.conductor.say(self.order, State.REUSED)
            return FINISHED
        part = self.conductor.store.part(f"{self.order.key}.{self.conductor.run[:8]}")
        try:
            coming = self.maker.begun(self.conductor, self.order, part)
        except StoryboardError as error:
            self.conductor.fail(self.order, error)
            return FINISHED
        return Next(partial(self.end, coming, part), on=coming)

    def end(self, coming: Future[Checked], part: Path) -> Next:
        """Keep what was made."""
        try:
            if coming.cancelled() and self.conductor.stop:
                return Next(self.begin)  # in another run
            about = self.maker.about(self.conductor, self.order)
            self.conductor.keep(self.order, workers.result(coming), {"cost": 0, **about})
        except StoryboardError as error:
            self.conductor.fail(self.order, error)
            return FINISHED
        finally:
            part.unlink(missing_ok=True)
        self.conductor.say(self.order, State.DONE)
        return FINISHED
