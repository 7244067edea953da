"""Many films from one storyboard: a table has a row for each, with values for its variables.

film_names      what the films are called, and which rows are wanted
filling         the storyboard once for each row, and what is wrong, at its cell
deciding        one plan for all of them: each take once, and its price
making          the takes in one go, and each film as soon as its own are there
made_of         what a film was made of: what is there already is not written again
batch_manifest  what became of each film, on the disk
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from storyboard.generating.terms import USUAL_RUN
from storyboard.workflows.batch.deciding import BatchPlan, Choice, decided
from storyboard.workflows.batch.making import Batch, BatchFilm, make_all
from storyboard.workflows.film_steps import FilmTerms, agree
from storyboard.workflows.finish import USUAL
from storyboard.workflows.render import generate

if TYPE_CHECKING:
    from storyboard.generating.terms import Run, Settings
    from storyboard.loading.row_files import RowSource
    from storyboard.loading.sources import Lasting
    from storyboard.store import Store
    from storyboard.workflows.finish import Finish
    from storyboard.workflows.source import StoryboardFile

__all__ = ["Batch", "BatchFilm", "BatchPlan", "plan_batch", "render_batch"]

ApproveBatch = Callable[[BatchPlan], bool]
"""Asked before anything is paid; sees the plan of all films, with its price."""


def plan_batch(
    storyboard: StoryboardFile | Lasting,
    rows: RowSource,
    output: Path | str,
    *,
    only_rows: Collection[int] = (),
    where: Mapping[str, str] | None = None,
    versions: Collection[str] | None = None,
    draft: bool = False,
    only: Collection[str] | None = None,
    retry: bool = False,
    store: Store | None = None,
    finish: Finish = USUAL,
    variables: Mapping[str, str] | None = None,
) -> BatchPlan:
    """What `render_batch` does with the same arguments, and what it costs. Spends nothing."""
    return decided(
        storyboard,
        rows,
        output,
        FilmTerms(versions, draft, only, retry, finish),
        choice=Choice(only_rows, where or {}),
        variables=variables,
        store=store,
    )[0]


def render_batch(
    storyboard: StoryboardFile | Lasting,
    rows: RowSource,
    output: Path | str,
    *,
    only_rows: Collection[int] = (),
    where: Mapping[str, str] | None = None,
    versions: Collection[str] | None = None,
    draft: bool = False,
    only: Collection[str] | None = None,
    retry: bool = False,
    approve: ApproveBatch | None = None,
    store: Store | None = None,
    finish: Finish = USUAL,
    variables: Mapping[str, str] | None = None,
    run: Run = USUAL_RUN,
    **settings: Unpack[Settings],
) -> Batch:
    """Make a film for each row of a table: its columns are the storyboard's variables.

    `rows` is a CSV, JSON or JSON Lines file, or the rows themselves: dicts, or a table of pandas.
    `output` is the films' path with columns in braces: `"out/{name}.mp4"`; `{row}` is the row's
    number. `only_rows` are the numbers of those that are made, `where` what they have to say. All
    else is as for `render`.

    Every row is checked first: `InvalidStoryboard` has each mistake at its line and column of the
    table. One plan, one payment; what several films ask for is bought once, one that fails stops
    no other, and `manifest.json` has all. Called again, it makes what is missing.
    """
    run = run.but(settings)
    terms = FilmTerms(versions, draft, only, retry, finish)
    given = {"choice": Choice(only_rows, where or {}), "variables": variables, "store": store}
    batch, store = decided(storyboard, rows, output, terms, run=run, **given)  # type: ignore[arg-type]
    agreed = (lambda _: approve(batch)) if approve else None
    agree(batch.plan, store, [one.film for one in batch.made], approve=agreed, run=run)
    return make_all(batch, store, generate=generate, run=run)
