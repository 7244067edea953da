"""`storyboard batch`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Group
from rich.text import Text

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.asking import confirmed, render_options
from storyboard.cli.columns import Column, fitting
from storyboard.cli.options import JSON, storyboard_options
from storyboard.cli.render import INCOMPLETE, SEAMS, film_data
from storyboard.cli.screen import text
from storyboard.cli.waiting import in_words
from storyboard.errors import Unforeseen
from storyboard.events import FilmState
from storyboard.units.money import dollars
from storyboard.units.timing import counted, decimal

if TYPE_CHECKING:
    from rich.console import RenderableType

    from storyboard.cli.asking import RenderAsked
    from storyboard.cli.reporting import Reporting
    from storyboard.events import WaitExpected
    from storyboard.planning.together import Tally
    from storyboard.workflows.batch import Batch, BatchFilm, BatchPlan
    from storyboard.workflows.batch.deciding import RowFilm
    from storyboard.workflows.source import StoryboardFile

STYLES = {
    FilmState.DONE: "green",
    FilmState.THERE: "green",
    FilmState.INCOMPLETE: "yellow",
    FilmState.FAILED: "red",
}


def _where(
    context: click.Context, parameter: click.Parameter, pairs: tuple[str, ...]
) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise click.BadParameter(f"{pair!r}: write it as COLUMN=VALUE", context, parameter)
        found[name] = value
    return found


@click.command("batch")
@storyboard_options
@click.option(
    "--rows",
    type=click.Path(path_type=Path),
    required=True,
    metavar="TABLE",
    help="The table of films: .csv, .json or .jsonl; its columns are variables of FILE.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="PATTERN",
    help='The films, with columns in braces: "out/{name}.mp4"; {row} is the row\'s number.',
)
@click.option(
    "--row",
    "only_rows",
    type=int,
    multiple=True,
    metavar="NUMBER",
    help="Make this row's film alone, counted from 1. May be repeated.",
)
@click.option(
    "--where",
    multiple=True,
    metavar="COLUMN=VALUE",
    callback=_where,
    help="Make the films of the rows that say so alone. May be repeated.",
)
@click.option("--plan", "only_plan", is_flag=True, help="Show what it does and costs, and end.")
@render_options
@JSON
def command(
    *,
    source: StoryboardFile,
    rows: Path,
    output: str,
    only_rows: tuple[int, ...],
    where: dict[str, str],
    only_plan: bool,
    asked: RenderAsked,
    as_json: bool,
) -> int:
    """Make a film of FILE for each row of a table.

    Every row is checked before anything is done. What several films show is bought once; the
    price of all is shown and asked for, as in render. A film is written as soon as its takes are
    there, and one that can't be made stops no other. Run again, it makes what is missing;
    manifest.json and manifest.csv, beside the films, say what became of each.
    """
    chosen: dict[str, Any] = {"only_rows": only_rows, "where": where, **asked.terms}
    if only_plan:
        asked.reporting.notify = None  # nothing is made of which anybody waits for news
        plan = workflows.batch.plan_batch(source, rows, output, **chosen)
        return _planned(plan, _expected(plan, source, asked), as_json=as_json)
    with asked.work() as work:
        batch = workflows.batch.render_batch(
            source,
            rows,
            output,
            approve=lambda plan: asked.yes or confirmed(batch_table, plan, work.expected),
            run=asked.run(work),
            **chosen,
        )
    _report(batch, asked.reporting)
    if as_json:
        screen.data(_data(batch))
    else:
        _say(batch)
    return _code(batch, asked.fail_on)


def _expected(plan: BatchPlan, source: StoryboardFile, asked: RenderAsked) -> WaitExpected | None:
    hired = asked.workers is not None
    return workflows.foreseen.expected_wait(
        plan.plan, source.store, jobs=asked.jobs, films=plan.files, elsewhere=hired
    )


def _report(batch: Batch, reporting: Reporting) -> None:
    """Have it in the log, and told."""
    made = [film.path for film in batch.films if film.error is None]
    errors: list[Exception | None] = [film.error for film in batch.films]
    films = [film.film for film in batch.films if film.film is not None]
    errors += [failure.error for film in films for failure in film.failures]
    reporting.brought(made, batch.cost_microusd, errors)


def _planned(plan: BatchPlan, waiting: WaitExpected | None, *, as_json: bool) -> int:
    if as_json:
        screen.data(plan.as_data() | {"expected": None if waiting is None else asdict(waiting)})
    else:
        out = screen.out()
        out.print(batch_table(plan, width=out.width))
        if waiting is not None:
            out.print(text(in_words(waiting), "dim"))
    screen.warn(plan.plan.warnings)
    return 0


_COLUMNS = (
    Column("film", cut=True),
    Column("row", missed=3, right=True),
    Column("shots", missed=4, right=True),
    Column("film", missed=2, right=True),
    Column("to buy", right=True),
    Column("share", right=True),
    Column("state", missed=1),
)


def batch_table(plan: BatchPlan, *, width: int) -> RenderableType:
    """The whole batch in so many cells: a row a film, and what all of them cost."""
    shares = plan.shares
    rows = [list(_row(film, shares[film.name])) for film in plan.made]
    heading = text(plan.path.name, "bold")
    heading.append(f"   {_counts(plan.tally)}, {dollars(plan.price_microusd)}", style="not bold")
    table = fitting(_COLUMNS, rows, width)
    return Group(heading, Text(), table, *_remarks(plan), Text(), _price(plan))


def _row(film: RowFilm, share: int) -> Iterator[Text]:
    made = film.film.plan
    takes = [take for shot in made.wanted for take in shot.takes]
    buys = {take.key for take in takes if take.purchase.buys}
    yield text(film.name)
    yield text(film.row.number, "dim")
    yield text(len(made.wanted))
    yield text(f"{decimal(made.frames / made.rate, 2)} s")
    yield text(len(buys) if buys else "-", "yellow" if buys else "")
    yield text(dollars(share) if share else "-")
    states = Counter(take.state for take in takes if not take.purchase.buys)
    yield text(", ".join(f"{number} {state}" for state, number in states.items()), "dim")


def _remarks(plan: BatchPlan) -> Iterator[Text]:
    for words in plan.plan.about_models:
        yield text(words, "yellow" if words.partition(": ")[0] in plan.plan.doubts else "dim")
    left = len(plan.films) - len(plan.made)
    if left:
        yield text(f"{counted(left, 'film')} left out", "dim")


def _counts(found: Tally) -> str:
    """Such as `12 films, 60 shots, 43 shared, 17 to buy`."""
    takes = [counted(found.takes, "take")] if found.takes != found.shots else []
    states = [f"{number} {state}" for state, number in found.states.items() if number]
    shared = [f"{found.shared} shared"] if found.shared else []
    films, shots = counted(found.films, "film"), counted(found.shots, "shot")
    return ", ".join([films, shots, *takes, *shared, *states])


def _price(plan: BatchPlan) -> Text:
    price, most = plan.price_microusd, plan.most_microusd
    line = Text("to pay now: ")
    line.append(dollars(price), style="bold yellow" if price else "bold green")
    if most > price:
        line.append(f", at most {dollars(most)} with retakes ({dollars(most - price)})")
    budget = plan.plan.storyboard.budget
    if budget is not None and price:
        line.append(f" of a budget of {dollars(budget)}")
    return line


def _say(batch: Batch) -> None:
    out, err = screen.out(), screen.err()
    for film in batch.films:
        if film.error is not None:
            err.print(text(f"{film.name}: {film.error}", "red"))
        elif film.film is not None and film.film.held:
            err.print(text(f"{film.name}: {', '.join(film.film.held)} held as a still", "yellow"))
    for film in batch.films:
        path = text(film.path, "bold")
        share = f", {dollars(film.share_microusd)}" if film.share_microusd else ""
        out.print(path, text(film.state.value, STYLES.get(film.state, "")), text(share), sep="  ")
    states = Counter(film.state.value for film in batch.films)
    counts = ", ".join(f"{number} {state}" for state, number in states.items())
    paid = f", {dollars(batch.cost_microusd)} spent" if batch.cost_microusd else ""
    films = counted(len(batch.films), "film")
    out.print(text(f"{films}: {counts}{paid}; {batch.manifest} has them all"))


def _data(batch: Batch) -> dict[str, Any]:
    return {
        "films": [_film(film) for film in batch.films],
        "cost_microusd": batch.cost_microusd,
        "complete": batch.complete,
        "manifest": str(batch.manifest),
    }


def _film(film: BatchFilm) -> dict[str, Any]:
    return {
        "name": film.name,
        "row": film.row,
        "path": str(film.path),
        "state": film.state.value,
        "share_microusd": film.share_microusd,
        "error": None if film.error is None else str(film.error),
        "made": None if film.film is None else film_data(film.film),
    }


def _code(batch: Batch, kinds: Collection[str]) -> int:
    """As a render of each film would have it: the same reason of all that failed, or 7."""
    errors = [film.error for film in batch.films if film.error is not None]
    made = [film.film for film in batch.films if film.film is not None]
    failures = [failure.error for film in made for failure in film.failures]
    if any(isinstance(error, Unforeseen) for error in (*errors, *failures)):
        return Unforeseen.exit_code
    codes = {error.exit_code for error in errors}
    if len(errors) == len(batch.films) and len(codes) == 1:
        return codes.pop()
    if not batch.complete:
        return INCOMPLETE
    bad = any(set(seam.kinds) & set(kinds) for film in made for seam in film.report.seams)
    return SEAMS if bad else 0
