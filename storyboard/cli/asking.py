"""What a render is asked for on the command line, of one film or of many, and the question before
anything is paid."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from functools import wraps
from typing import TYPE_CHECKING, Any, Protocol, cast

import click

from storyboard.cli import screen
from storyboard.cli.options import (
    DRAFT,
    FAIL_ON,
    ONLY,
    RETRY,
    VERSIONS,
    WORKERS,
    finish_options,
    reporting_options,
    usd,
)
from storyboard.cli.stopping import FREE, SENDING
from storyboard.cli.waiting import in_words
from storyboard.cli.working import Work
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from rich.console import RenderableType

    from storyboard.cli.options import (
        Decorated,
    )
    from storyboard.cli.reporting import Reporting
    from storyboard.events import WaitExpected
    from storyboard.generating.terms import Run
    from storyboard.workflows.finish import Finish

_OPTIONS = (
    DRAFT,
    VERSIONS,
    ONLY,
    RETRY,
    click.option("-y", "--yes", is_flag=True, help="Pay what the plan says without asking."),
    click.option("--max-cost", callback=usd, metavar="USD", help="Pay, but never more than this."),
    click.option(
        "--accept",
        multiple=True,
        metavar="MODEL",
        help="Buy from this model, too, whose life or price is not established. May be repeated.",
    ),
    click.option(
        "--jobs",
        type=click.IntRange(1, 500),
        default=4,
        show_default=True,
        help="How many paid requests are on their way at once.",
    ),
    click.option(
        "--no-wait",
        is_flag=True,
        help="Do not wait for takes that another machine is buying; the film is incomplete then.",
    ),
    finish_options,
    WORKERS,
    FAIL_ON,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderAsked:
    """The options of a render, each by its name."""

    draft: bool
    versions: Collection[str] | None
    only: Collection[str] | None
    retry: bool
    finish: Finish
    yes: bool
    max_cost: int | None
    accept: tuple[str, ...]
    jobs: int
    no_wait: bool
    reporting: Reporting
    workers: Any
    fail_on: Collection[str]

    @property
    def terms(self) -> dict[str, Any]:
        """What is asked of each film, as the library takes it."""
        names = ("draft", "versions", "only", "retry", "finish")
        return {name: getattr(self, name) for name in names}

    def work(self) -> Work:
        """The work, shown as it is wanted."""
        words = FREE if self.draft else SENDING
        return Work(self.reporting, workers=self.workers, words=words)

    def run(self, work: Work) -> Run:
        """The terms of the run."""
        return work.run(
            jobs=self.jobs,
            max_cost=self.max_cost,
            accept=self.accept,
            waits=not self.no_wait,
        )


def render_options(command: Decorated) -> Decorated:
    """All that a render is asked for besides its files, given to the command as `asked`."""

    @wraps(command)
    def asking(**given: Any) -> Any:
        own = {field.name: given.pop(field.name) for field in fields(RenderAsked)}
        return command(asked=RenderAsked(**own), **given)

    asking = reporting_options(asking)
    for option in reversed(_OPTIONS):
        asking = option(asking)
    return cast("Decorated", asking)


class Priced(Protocol):
    """What has a price: the plan of a film, or of many."""

    @property
    def price_microusd(self) -> int:
        """Micro-dollars."""

    @property
    def most_microusd(self) -> int:
        """Micro-dollars at most."""


def confirmed(
    table: Callable[..., RenderableType], plan: Priced, expected: WaitExpected | None
) -> bool:
    """Show the plan and ask. Nobody can answer without a terminal: then the answer is no."""
    err = screen.err()
    err.print(table(plan, width=err.width))
    if expected is not None:
        err.print(screen.text(in_words(expected), "dim"))
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        click.echo("no terminal to ask at; use --yes or --max-cost USD", err=True)
        return False
    most = "at most " if plan.most_microusd > plan.price_microusd else ""
    return click.confirm(f"Pay {most}{dollars(plan.most_microusd)}?", default=False, err=True)
