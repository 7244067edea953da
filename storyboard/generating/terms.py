"""The terms of a run: how much at once, at what cost at most, who hears of it, and who works."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

from storyboard.errors import NotAllowed, StoryboardError
from storyboard.events import log
from storyboard.units.money import cap

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from concurrent.futures import Executor
    from decimal import Decimal

    from storyboard.clock import Clockwork
    from storyboard.events import Listener
    from storyboard.generating.backoff import Pace
    from storyboard.generating.scheduler import Stop

JOBS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How work is carried out. One value, for a render as for each of its stages.

        run = Run(max_cost="$2.00", executor=ProcessPoolExecutor())
        storyboard.render("film.yaml", run=run)

    Drafts, checks of takes, seams, fixes and pieces of the film are made by `executor`, as many
    at a time as it has workers: any `concurrent.futures.Executor`. Its workers have to see the
    same folders; with processes, a script needs its `if __name__ == "__main__":`. What is paid is
    always sent from here.
    """

    jobs: int = JOBS
    """How many paid requests are on their way at once, at most."""
    max_cost: Decimal | str | int | None = None
    """What this run may spend, in US dollars: `Decimal("2.00")` or `"$2.00"`. A whole number is
    micro-dollars; one so small that it can't be meant so is refused."""
    max_cost_microusd: int | None = None
    """The same, in micro-dollars."""
    listener: Listener = log
    """Hears each event, one at a time, from any thread."""
    stop: Stop | None = None
    """The wish to stop."""
    pace: Pace | None = None
    """How long it waits between two looks at the service."""
    clock: Clockwork | None = None
    """By which it waits and gives up; the store's, where none is given."""
    accept: Collection[str] = ()
    """Models, by alias, whose life or price is not established, and which may be paid all the
    same."""
    waits: bool = True
    """Whether takes that another machine is buying are waited for; see `Store`'s `media`."""
    executor: Executor | None = None
    """Who does what takes long; a thread of this process for each core, where none is given."""

    def __post_init__(self) -> None:
        if self.jobs < 1:
            raise ValueError(f"jobs={self.jobs}: at least one request has to be on its way")
        if isinstance(self.accept, str):  # one, and not its letters
            object.__setattr__(self, "accept", (self.accept,))
        _ = self.cap  # said now, where it is wrong

    @property
    def cap(self) -> int | None:
        """What this run may spend, in micro-dollars; None where nothing is said."""
        try:
            return cap(self.max_cost, self.max_cost_microusd)
        except ValueError as error:
            raise StoryboardError(str(error)) from None

    def accepting(self, doubts: Mapping[str, str]) -> Run:
        """The same; `NotAllowed` where a model (by alias, with what is in doubt about it) is not
        accepted."""
        for alias in [alias for alias in doubts if alias not in self.accept]:
            raise NotAllowed(f"{alias}: {doubts[alias]}. `accept` {alias} buys it all the same")
        return self

    def but(self, settings: Settings) -> Run:
        """The same with these fields; a new cap takes the place of the former one."""
        capped = settings.keys() & {"max_cost", "max_cost_microusd"}
        free = replace(self, max_cost=None, max_cost_microusd=None) if capped else self
        return replace(free, **settings)


class Settings(TypedDict, total=False):
    """The fields of `Run`, each as a keyword of its own."""

    jobs: int
    max_cost: Decimal | str | int | None
    max_cost_microusd: int | None
    listener: Listener
    stop: Stop | None
    pace: Pace | None
    clock: Clockwork | None
    accept: Collection[str]
    waits: bool
    executor: Executor | None


USUAL_RUN = Run()
