"""Finishing: from a timeline to the file that people watch. Nothing here costs money."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard import files
from storyboard.events import Measuring, Noticed
from storyboard.generating.terms import USUAL_RUN
from storyboard.rendering import lettering, subtitles
from storyboard.rendering.assembling import assemble
from storyboard.rendering.memory import Memory
from storyboard.rendering.poster import poster
from storyboard.rendering.segments import Segments
from storyboard.rendering.web_films import write_web
from storyboard.reviewing.fixes import fixed, fixes
from storyboard.reviewing.seams import asides, review
from storyboard.units.sizes import REFRAMES, is_phone
from storyboard.workers import each
from storyboard.workflows.finish import SUBTITLE_ENDINGS

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from storyboard.audio.mastering import Level
    from storyboard.events import Listener
    from storyboard.generating.terms import Run
    from storyboard.planning.planned import Plan
    from storyboard.rendering.compose import PictureFix
    from storyboard.rendering.pieces import Piece
    from storyboard.rendering.reels import Reels
    from storyboard.reviewing.fixes import Fixed
    from storyboard.reviewing.report import Report
    from storyboard.timeline import Timeline, Words
    from storyboard.units.sizes import Size
    from storyboard.workflows.finish import Delivery, Finish

_LARGE = 800
"""Pixels of a GIF's longer side from which on its size is remarked on."""

_SUBTITLES = dict(zip(SUBTITLE_ENDINGS, (subtitles.srt, subtitles.vtt), strict=True))
"""What is written into each kind of subtitle file."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A film on the disk."""

    timeline: Timeline
    """As it is shown: with burn-ins, without captions that are not in the picture."""
    report: Report
    """What was measured at its seams."""
    fixes: tuple[Fixed, ...] = ()
    """Seams that were fixed, before and after."""
    beside: tuple[Path, ...] = ()
    """Files written beside it: subtitles, a poster."""
    level: Level | None = None
    """What its sound measures; None where nothing sounds."""
    pieces: tuple[Piece, ...] = ()
    """What it was joined from: takes' own packets, and what was encoded, with the reason."""


def pieces_for(finish: Finish, cache: Path, *, executor: Executor | None = None) -> Segments:
    """The pieces of a film that is finished so, to be begun while takes are landing."""
    return Segments(cache, recipe=finish.recipe, keep=finish.keeps, executor=executor)


def finished(
    made: Plan,
    timeline: Timeline,
    film: Delivery,
    *,
    cache: Path,
    run: Run = USUAL_RUN,
    early: Segments | None = None,
    report: Report | None = None,
) -> Finished:
    """Measure the seams, fix those that ask for it, and write the film.

    `early` are the segments begun while takes were landing; they are of no use to a film with
    fixes, which are known only now. `report` is what was measured for another film of this cut.
    """
    path, finish, memory = film.path, film.finish, Memory(cache)
    aside = _asides(timeline, finish, memory) if report is None else {}
    if report is None and not aside:
        report = _measured(timeline, finish.pictures, memory, run)
    looks = fixes(reshaped(timeline, finish), report, executor=run.executor) if report else ()
    shown = dressed(made, timeline, finish)
    _check_words(shown, run.listener)
    captions = timeline.words_as("caption") if finish.captions == "track" else ()
    more: Any = {"subtitles": captions, "early": early, "aside": aside}
    level, pieces = _written(shown, film, cache, run, looks, **more)
    report = report or _measured(timeline, None, memory, run)
    return Finished(
        timeline=shown,
        report=report,
        fixes=fixed(timeline, report, looks, executor=run.executor) if looks else (),
        beside=_beside(timeline, shown, path, finish, looks, run),
        level=level,
        pieces=pieces,
    )


def _written(
    shown: Timeline,
    film: Delivery,
    cache: Path,
    run: Run,
    looks: Sequence[PictureFix],
    *,
    subtitles: Sequence[Words],
    early: Segments | None,
    aside: Mapping[int, Callable[[Reels], None]],
) -> tuple[Level | None, tuple[Piece, ...]]:
    """Write the film's file; what its sound measures, and what it was joined from."""
    recipe = film.finish.recipe
    if recipe.for_web:
        given: Any = {"cache": cache, "recipe": recipe, "looks": looks, "listener": run.listener}
        return write_web(shown, film.path, **given), ()
    written = assemble(
        shown,
        film.path,
        cache=cache,
        recipe=recipe,
        join="auto" if film.finish.keeps else "encode",
        looks=looks,
        subtitles=subtitles,
        segments=None if looks else early,
        asides=aside,
        executor=run.executor,
        listener=run.listener,
    )
    return written.level, written.pieces


def _asides(
    timeline: Timeline, finish: Finish, memory: Memory
) -> dict[int, Callable[[Reels], None]]:
    """What measures the seams while the film's pieces are made, so that no take is decoded for it.

    Nothing where they have to be measured before: for fixes, for pictures, or without pieces.
    """
    before = any(mark.match_color or mark.bridge for mark in timeline.seams)
    if before or finish.pictures or finish.recipe.for_web:
        return {}
    return asides(timeline, timeline.seams, memory)


def _measured(timeline: Timeline, pictures: Path | None, memory: Memory, run: Run) -> Report:
    def told(done: int, total: int) -> None:
        run.listener(Measuring(done, total, "seams"))

    given: Any = {"executor": run.executor, "memory": memory, "told": told}
    return review(timeline, pictures=pictures, **given)


def _beside(
    timeline: Timeline,
    shown: Timeline,
    path: Path,
    finish: Finish,
    looks: Sequence[PictureFix],
    run: Run,
) -> tuple[Path, ...]:
    written = _subtitle_files(timeline, path) if finish.captions == "files" else ()
    if finish.poster is None:
        return written
    drawn = each(run.executor, partial(poster, looks=looks), [(shown, finish.poster)])
    return (*written, *drawn)


def _check_words(timeline: Timeline, listener: Listener) -> None:
    """Say which words can't be set as they are written."""
    for words in timeline.words:
        name = f"{words.role} {words.text.splitlines()[0][:30]!r}"
        if absent := lettering.lacking(words.text, words.font):
            listener(Noticed(f"{name}: {absent}"))
        if lettering.crowded(words, timeline.size):
            listener(Noticed(f"{name}: too long for its size; it is set smaller"))


def dressed(made: Plan, timeline: Timeline, finish: Finish) -> Timeline:
    """The timeline as this film shows it: its burn-ins, its captions, its size."""
    shown = reshaped(timeline, finish)
    shown = replace(shown, burn_in=made.drafts if finish.burn_in else ())
    if finish.captions != "burned":
        shown = replace(shown, words=shown.words_as("title"))
    return shown.smaller() if finish.preview else shown


def lacks(film: Delivery, size: Size) -> Iterator[str]:
    """What a film's file can't hold of it; `size` is the film's own."""
    if film.finish.recipe.container != "gif":
        return
    yield f"{film.path.name}: a GIF has no sound, no chapters, and 256 colours"
    wide = film.finish.size or size
    if max(wide.width, wide.height) > _LARGE and not film.finish.preview:
        yield f"{film.path.name}: a GIF of {wide} is a very large file; give it a smaller `size`"


def reshaped(timeline: Timeline, finish: Finish) -> Timeline:
    """The timeline at the size that is asked for, its pictures fitted and its words in place."""
    if finish.size is None and finish.reframe is None:
        return timeline
    size = finish.size or timeline.size
    made = timeline.reframed(size, REFRAMES[finish.reframe or "crop"])
    return made.keeping_clear(finish.safe or ("phone" if is_phone(size) else "title"))


def _subtitle_files(timeline: Timeline, path: Path) -> tuple[Path, ...]:
    captions = replace(timeline, words=timeline.words_as("caption"))
    if not captions.words:
        return ()  # an empty file of subtitles is none
    made = {path.with_suffix(ending): text for ending, text in _SUBTITLES.items()}
    for target, text in made.items():
        files.write_whole(target, text(captions).encode())
    return tuple(made)
