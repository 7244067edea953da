"""A film on a render farm: the job, and what its tasks do. Nothing here pays.

The film is that of `render --draft`: shots that are paid for are used, all others are drawn. Each
task reads the storyboard anew and does its part of what the same functions would do at once.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.depot.address import NONE
from storyboard.depot.address import VARIABLE as MEDIA
from storyboard.errors import FileTrouble, StoryboardError
from storyboard.exporting import openjd
from storyboard.files import write_whole
from storyboard.generating.terms import USUAL_RUN
from storyboard.rendering.segments import Segments
from storyboard.workflows.conform import existing
from storyboard.workflows.film_steps import cache_of, outputs_for, paths
from storyboard.workflows.finish import USUAL
from storyboard.workflows.finishing import dressed
from storyboard.workflows.judge import telling
from storyboard.workflows.preflight import Seen, looked_over
from storyboard.workflows.render import generate, render
from storyboard.workflows.source import StoryboardFile, plan_with

if TYPE_CHECKING:
    from storyboard.generating.terms import Run
    from storyboard.planning.planned import Plan
    from storyboard.store import Store
    from storyboard.workflows.film_steps import AnyOutput, Film
    from storyboard.workflows.finish import Delivery, Finish
    from storyboard.workflows.source import AnyFile

TEMPLATE = "template.json"
VALUES = "parameter_values.json"
PLAIN_VALUES = "parameters.json"


@dataclass(frozen=True, slots=True)
class FarmPart:
    """One of so many parts; from 1."""

    number: int
    of: int

    @classmethod
    def parse(cls, written: str) -> FarmPart:
        """`3/8`; ValueError says what to write."""
        number, slash, of = written.partition("/")
        if slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of):
            return cls(int(number), int(of))
        raise ValueError("is no part; write it as 3/8")

    def has(self, index: int) -> bool:
        """Whether the thing with this number, from 0, is in it."""
        return index % self.of == self.number - 1


@dataclass(frozen=True, slots=True)
class WrittenJob:
    """A job on the disk."""

    folder: Path
    parts: int
    """How many tasks draw, and how many encode."""
    files: tuple[Path, ...]


def farm_job(
    storyboard: AnyFile,
    folder: Path | str,
    output: AnyOutput = None,
    *,
    preview: bool = False,
) -> WrittenJob:
    """Write a job for a render farm that makes the film: an Open Job Description, in `folder`.

    Paid shots are used, all others drawn, and nothing in it pays. The farm's machines have to see
    the same folders. `preview` is as in `Finish`.
    """
    source, folder, films = StoryboardFile.of(storyboard), Path(folder), paths(output)
    board, store = source.checked(draft=True), source.store
    finish = replace(USUAL, preview=preview)
    (film, *_) = outputs_for(board, films, draft=True, finish=finish, store=store)
    parts = len(plan_with(board, store, draft=True, small=preview).shots)
    options = _options(source, store, preview=preview)
    places = {
        "Storyboard": str(source.file.absolute()),
        "Store": str(store.folder),
        "Film": str(film.path.absolute()),
    }
    data = {
        TEMPLATE: openjd.template(board.title or source.file.stem, parts, options),
        VALUES: openjd.parameters(places),
        PLAIN_VALUES: places,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileTrouble(f"{folder} can't be made: {error.strerror}") from error
    for name, found in data.items():
        write_whole(folder / name, json.dumps(found, indent=2).encode() + b"\n")
    return WrittenJob(folder, parts, tuple(folder / name for name in data))


def _options(source: StoryboardFile, store: Store, *, preview: bool) -> list[str]:
    """What was given besides the file, as each task is given it: variables, and the media place by
    the name that all machines have for it."""
    found = [word for pair in source.variables.items() for word in ("--var", "=".join(pair))]
    if source.media is not None or os.environ.get(MEDIA):
        place = store.shared
        found += ["--media", NONE if place is None else place.depot.where]
    if odd := next((word for word in found if not openjd.can_be_written(word)), None):
        raise StoryboardError(
            f"{odd} can't go into a job, where two braces stand around a name; "
            f"write it into {source.file}"
        )
    return [*found, *(["--preview"] if preview else [])]


def drawn(
    source: StoryboardFile, part: FarmPart, *, preview: bool = False, run: Run = USUAL_RUN
) -> int:
    """Draw the drafts of every so-manieth shot; gives the number of takes that are there."""
    storyboard, store = source.checked(draft=True), source.store
    shots = [shot.id for shot in storyboard.shots]
    mine = [shot for index, shot in enumerate(shots) if part.has(index)]
    if not mine:
        return 0
    plan = plan_with(storyboard, store, draft=True, only=mine, small=preview)
    got = generate(plan, store, run=run)
    for failure in got.failures:
        raise failure.error
    return len(got.clips)


def measured(source: StoryboardFile, *, preview: bool = False, run: Run = USUAL_RUN) -> int:
    """Measure the joins of the cut, once for all tasks that encode; gives the film's frames."""
    made, store = _planned(source, preview)
    with cache_of(store):
        told = telling(run, "joins")
        return existing(made, store, executor=run.executor, told=told)[0].frames


def encoded(
    source: StoryboardFile,
    output: Sequence[Path],
    part: FarmPart,
    *,
    preview: bool = False,
    run: Run = USUAL_RUN,
) -> int:
    """Encode the pieces that begin in every so-manieth clip; gives the number of pieces."""
    made, store = _planned(source, preview)
    count = 0
    with cache_of(store) as cache:
        timeline, _ = existing(made, store, executor=run.executor)
        for film in _films(made, output, preview, store):
            with Segments(
                cache,
                recipe=film.finish.recipe,
                keep=film.finish.keeps,
                executor=run.executor,
            ) as segments:
                segments.start(dressed(made, timeline, film.finish), clips=part.has)
                segments.wait()
                count += segments.rendered
    return count


def joined(
    source: StoryboardFile,
    output: Sequence[Path],
    *,
    preview: bool = False,
    run: Run = USUAL_RUN,
) -> Film:
    """The film, from the pieces that are there; what is missing is made."""
    return render(source, list(output), draft=True, finish=replace(USUAL, preview=preview), run=run)


def _planned(source: StoryboardFile, preview: bool) -> tuple[Plan, Store]:  # noqa: FBT001
    store = source.store
    storyboard = looked_over(source.storyboard(draft=True), Seen(store.folder))
    return plan_with(storyboard, store, draft=True, small=preview), store


def _films(
    made: Plan,
    output: Sequence[Path],
    preview: bool,  # noqa: FBT001
    store: Store,
) -> Collection[Delivery]:
    """The films that are joined from pieces."""
    finish: Finish = replace(USUAL, preview=preview)
    films = outputs_for(made.storyboard, output, draft=True, finish=finish, store=store)
    return [film for film in films if not film.finish.recipe.for_web]
