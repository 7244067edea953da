"""From the file to the film: the stages, wired together. Each stage can be used alone as well."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

from storyboard import fal
from storyboard.events import Began
from storyboard.generating.generate import generate as carry_out
from storyboard.generating.terms import USUAL_RUN
from storyboard.loading.checked import CheckedStoryboard
from storyboard.loading.load import load
from storyboard.reviewing.oddities import oddities
from storyboard.takes.holding import Standing
from storyboard.workflows.film_steps import (
    FilmTerms,
    agree,
    cache_of,
    cut_of,
    paths,
    prepared,
    written,
)
from storyboard.workflows.finish import USUAL
from storyboard.workflows.finishing import pieces_for
from storyboard.workflows.gauging import gauged
from storyboard.workflows.head_start import HeadStart
from storyboard.workflows.preflight import (
    Seen,
    looked_over,
)
from storyboard.workflows.retakes import retaken
from storyboard.workflows.source import StoryboardFile, store_for

if TYPE_CHECKING:
    from storyboard.generating.generate import Generated
    from storyboard.generating.terms import Run, Settings
    from storyboard.loading.sources import Source
    from storyboard.planning.planned import Plan
    from storyboard.service import Service
    from storyboard.store import Store
    from storyboard.workflows.film_steps import AnyOutput, Approve, Film
    from storyboard.workflows.finish import Delivery, Finish


def render(
    storyboard: CheckedStoryboard | StoryboardFile | Source,
    output: AnyOutput = None,
    *,
    versions: Collection[str] | None = None,
    draft: bool = False,
    only: Collection[str] | None = None,
    retry: bool = False,
    approve: Approve | None = None,
    store: Store | None = None,
    finish: Finish = USUAL,
    variables: Mapping[str, str] | None = None,
    run: Run = USUAL_RUN,
    **settings: Unpack[Settings],
) -> Film:
    """Make the film of a storyboard: plan, generate what is missing, cut, assemble.

    `storyboard` is what `load` gives, or whatever it takes. `output` is the film's file, or
    several. `versions` are those that are written, by name, `film` for the film itself; left out,
    all. Every file comes from the same takes: there is one plan, and one payment.

    Paid work needs a yes: a `max_cost` (`"$2.00"`) of at least the plan's price, or an `approve`
    that returns true. Anything else raises `NotAllowed`, and nothing is spent. What the service
    refused before is sent again only with `retry`. `run` says how the work is carried out; a field
    of it (`max_cost`, `listener` ...) may be given as a keyword instead.
    """
    run = run.but(settings)
    board, store = _opened(storyboard, store, draft=draft, variables=variables)
    film = prepared(
        board, store, paths(output), FilmTerms(versions, draft, only, retry, finish), run=run
    )
    agree(film.plan, store, [film], approve=approve, run=run)
    return make(film.plan, store, film.files, run=run)


def _opened(
    given: CheckedStoryboard | StoryboardFile | Source,
    store: Store | None,
    *,
    draft: bool,
    variables: Mapping[str, str] | None,
) -> tuple[CheckedStoryboard, Store]:
    """The storyboard, loaded and looked over, and its store."""
    if isinstance(given, StoryboardFile):
        board, store = given.storyboard(draft=draft), store or given.store
    elif isinstance(given, CheckedStoryboard):
        board = given
    else:
        board = load(given, draft=draft, variables=variables)
    store = store or store_for(board.path, told=board.media)
    told = given.told if isinstance(given, StoryboardFile) else None
    return looked_over(board, Seen(store.folder), told=told), store


def make(made: Plan, store: Store, films: Sequence[Delivery], *, run: Run = USUAL_RUN) -> Film:
    """Carry out a plan that is allowed: generate, cut, assemble each of the films.

    Pieces of the first one are encoded as soon as their takes have landed.
    """
    run.listener(Began())
    first = films[0]
    with (
        gauged(made, first.finish, replace(run, clock=run.clock or store.clock)) as run,
        cache_of(store) as cache,
        pieces_for(first.finish, cache, executor=run.executor) as segments,
    ):
        with HeadStart(made, store, segments, finish=first.finish, run=run) as head_start:
            got = generate(made, store, run=replace(run, listener=head_start))
        agreed = made.most_microusd
        after, got = retaken({"": made}, got, store, run=run, generate=generate, agreed=agreed)
        whole = cut_of(after[""], got, store, run=run)
        return written(whole, got, store, films, cache=cache, run=run, early=segments)


def generate(
    plan: Plan,
    store: Store,
    *,
    service: Service | None = None,
    run: Run = USUAL_RUN,
    **settings: Unpack[Settings],
) -> Generated:
    """Bring every take of the plan into the store, and say what could not be had.

    Where something has to be bought or collected, that is done with `service`, or with the service
    that the environment has a key for. No more is asked: who calls this has seen `plan.price`, and
    may cap it with `max_cost`. `run` says how the work is carried out; a field of it may be given
    as a keyword instead. One failed shot does not lose the others.

    Raises `PriceRose` where the service asks for more than the plan says and nothing was paid,
    `Interrupted` after a wish to stop, once what was being sent is recorded.
    """
    run = run.but(settings)
    if service is not None or not needs_service(plan):
        return carry_out(plan, store, service=service, examine=oddities, run=run)
    with closing(fal.Fal(fal.key.find())) as found:
        return carry_out(plan, store, service=found, examine=oddities, run=run)


def needs_service(made: Plan) -> bool:
    """Whether anything has to be bought or collected."""
    sent = (Standing.FLYING, Standing.UNKNOWN)
    return any(take.buys or take.standing in sent for shot in made.wanted for take in shot.takes)
