"""From the file to the film: the stages, wired together. Each stage can be used alone as well."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from storyboard import files
from storyboard.cut import Footage, cut
from storyboard.errors import MediaError, NotAllowed, ServiceError
from storyboard.events import Listener, Noticed, ignore
from storyboard.generate import JOBS, Failure, Generated, Pace, Stop, generate
from storyboard.load import ASSUMED_RATE, Storyboard, load
from storyboard.models import dollars
from storyboard.plan import Plan, PlannedShot, Standing, plan
from storyboard.recut import recut
from storyboard.spec import Size
from storyboard.store import Store
from storyboard.timeline import Media, Timeline, Words

if TYPE_CHECKING:
    from storyboard.assemble import Segments
    from storyboard.film import Look
    from storyboard.review import Fixed, Report
    from storyboard.video import Recipe

STORE = "STORYBOARD_STORE"
"""Environment variable that names the store's folder."""

Approve = Callable[[Plan], bool]
"""Asked before anything is paid; sees the plan with its price."""

Captions = Literal["burned", "track", "files"]
"""Where captions go: into the picture, onto a track of the film, or into files beside it."""


@dataclass(frozen=True, slots=True)
class Finish:
    """How a film is finished, once its takes are there. Nothing of it costs money."""

    codec: Literal["h264", "hevc", "prores", "dnxhr"] = "h264"
    quality: int | None = None
    """The codec's own number (CRF of h264 and hevc); None: the usual one."""
    preview: bool = False
    """Small and quick, to be looked at once."""
    join: Literal["encode", "copy"] = "encode"
    captions: Captions = "burned"
    poster: Path | None = None
    burn_in: bool = True
    """Whether drafts say in the picture that they are."""
    pictures: Path | None = None
    """A folder for pictures of the seams."""

    @property
    def recipe(self) -> Recipe:
        """The encoder's recipe; MediaError where the quality is not one of the codec's."""
        from storyboard.video import PREVIEW, RECIPES

        if self.preview:
            return PREVIEW
        recipe = RECIPES[self.codec]
        if self.quality is None:
            return recipe
        if "crf" not in dict(recipe.options) or not 0 <= self.quality <= 51:
            raise MediaError(f"{self.codec} has no quality {self.quality}; h264 and hevc have 0-51")
        return recipe.having(crf=str(self.quality))


USUAL = Finish()


@dataclass(frozen=True, slots=True)
class Film:
    """A finished film."""

    path: Path
    timeline: Timeline
    cost: int
    """Micro-dollars that this run spent."""
    report: Report
    """What was measured at its seams."""
    fixes: tuple[Fixed, ...] = ()
    """Seams that were fixed, before and after."""
    held: tuple[str, ...] = ()
    """Shots that could not be had, whose still stands in for them."""
    failures: tuple[Failure, ...] = ()
    beside: tuple[Path, ...] = ()
    """Files written beside it: subtitles, a poster."""

    @property
    def complete(self) -> bool:
        """Whether every shot is in it."""
        return not self.held


def store_for(storyboard: Path, folder: Path | str | None = None) -> Store:
    """The store of a storyboard: the folder given, or `STORYBOARD_STORE`, or `.storyboard`."""
    return Store(folder or os.environ.get(STORE) or storyboard.parent / ".storyboard")


def plan_with(
    storyboard: Storyboard,
    store: Store,
    *,
    draft: bool = False,
    only: Collection[str] | None = None,
) -> Plan:
    """The plan of a storyboard, with what this store has of it."""
    held, earlier = store.held(), store.earlier(storyboard.path)
    return plan(storyboard, held=held, earlier=earlier, draft=draft, only=only)


def output_for(
    storyboard: Storyboard, output: Path | None, *, draft: bool = False, finish: Finish = USUAL
) -> Path:
    """Where the film goes; refused where it would overwrite something it is made from."""
    middle = ".draft" if draft else ".preview" if finish.preview else ""
    path = output or storyboard.path.with_suffix(f"{middle}.{finish.recipe.container}")
    try:
        files.refuse_overwrite(path, storyboard.inputs)
    except ValueError as error:
        raise MediaError(str(error)) from error
    return path


def render(
    storyboard: Storyboard | Path | str,
    output: Path | str | None = None,
    *,
    draft: bool = False,
    only: Collection[str] | None = None,
    max_cost: int | None = None,
    approve: Approve | None = None,
    store: Store | None = None,
    jobs: int = JOBS,
    finish: Finish = USUAL,
    listener: Listener = ignore,
    stop: Stop | None = None,
    pace: Pace | None = None,
    variables: Mapping[str, str] | None = None,
) -> Film:
    """Make the film of a storyboard: plan, generate what is missing, cut, assemble.

    Paid work needs a yes: `max_cost` (micro-dollars) of at least the plan's price, or an
    `approve` that returns true. Anything else raises `NotAllowed`, and nothing is spent.
    """
    if not isinstance(storyboard, Storyboard):
        storyboard = load(storyboard, draft=draft, variables=variables)
    path = output_for(storyboard, Path(output) if output else None, draft=draft, finish=finish)
    store = store or store_for(storyboard.path)
    made = plan_with(storyboard, store, draft=draft, only=only)
    allow(made, max_cost=max_cost, approve=approve)
    return make(
        made,
        store,
        path,
        max_cost=max_cost,
        jobs=jobs,
        finish=finish,
        listener=listener,
        stop=stop,
        pace=pace,
    )


def allow(made: Plan, *, max_cost: int | None, approve: Approve | None) -> None:
    """Nothing is paid without a yes to its price; `NotAllowed` says what to do."""
    price = made.price
    if price == 0:
        return
    if max_cost is not None and price > max_cost:
        raise NotAllowed(
            f"this costs {dollars(price)}, more than --max-cost {dollars(max_cost)}; "
            "raise it, or render some shots with --only"
        )
    if max_cost is None and not (approve and approve(made)):
        raise NotAllowed(f"not confirmed: {dollars(price)}. Nothing was spent")


def make(
    made: Plan,
    store: Store,
    path: Path,
    *,
    max_cost: int | None = None,
    jobs: int = JOBS,
    finish: Finish = USUAL,
    listener: Listener = ignore,
    stop: Stop | None = None,
    pace: Pace | None = None,
) -> Film:
    """Carry out a plan that is allowed: generate, cut, assemble into `path`.

    Pieces of the film are encoded as soon as their takes have landed.
    """
    from storyboard.assemble import Segments
    from storyboard.rushes import Rushes

    with cache_of(store) as cache, Segments(cache, recipe=finish.recipe) as segments:
        with Rushes(
            made,
            segments,
            footage=lambda shot: _take(shot, store) if store.has(shot.picked.key) else None,
            standin=_standin,
            cutter=lambda footage: _dressed(made, _cut(made, footage), finish),
            listener=listener,
        ) as rushes:
            run = spend(
                made,
                store,
                jobs=jobs,
                max_cost=max_cost,
                listener=rushes if _head_start(made, finish) else listener,
                stop=stop,
                pace=pace,
            )
        timeline, held = edit(made, run, store)
        for shot in held:
            listener(Noticed("could not be had; its still is held instead", shot))
        return _finished(
            made, timeline, path, cache, run, held, finish=finish, listener=listener, early=segments
        )


@contextmanager
def cache_of(store: Store) -> Iterator[Path]:
    """The store's folder of segments; a passing one where the store can't be written."""
    try:
        store.segments.mkdir(parents=True, exist_ok=True)
        writable = os.access(store.segments, os.W_OK)
    except OSError:
        writable = False
    if writable:
        yield store.segments
        return
    with TemporaryDirectory(prefix="storyboard-") as folder:
        yield Path(folder)


def _head_start(made: Plan, finish: Finish) -> bool:
    """Whether pieces can be encoded early: not where seams are fixed or the order is another."""
    fixes = any(shot.shot.seam.match_color or shot.shot.seam.bridge for shot in made.shots)
    return finish.join == "encode" and not fixes and made.storyboard.board.cut is None


def _finished(
    made: Plan,
    timeline: Timeline,
    path: Path,
    cache: Path,
    run: Generated,
    held: tuple[str, ...],
    *,
    finish: Finish,
    listener: Listener,
    early: Segments,
) -> Film:
    from storyboard.assemble import assemble, poster
    from storyboard.review import fixed, fixes, review

    report = review(timeline, pictures=finish.pictures)
    looks: tuple[Look, ...] = fixes(timeline, report)
    dressed = _dressed(made, timeline, finish)
    _check_words(dressed, listener)
    assemble(
        dressed,
        path,
        cache=cache,
        recipe=finish.recipe,
        join=finish.join,
        looks=looks,
        subtitles=_captions(timeline) if finish.captions == "track" else (),
        segments=None if looks else early,
        listener=listener,
    )
    beside = _subtitle_files(timeline, path) if finish.captions == "files" else ()
    if finish.poster is not None:
        beside = (*beside, poster(dressed, finish.poster, looks=looks))
    return Film(
        path=path,
        timeline=dressed,
        cost=run.cost,
        report=report,
        fixes=fixed(timeline, report, looks) if looks else (),
        held=held,
        failures=run.failures,
        beside=beside,
    )


def _check_words(timeline: Timeline, listener: Listener) -> None:
    """Say which words can't be set as they are written."""
    from storyboard.film import lettering

    for words in timeline.words:
        name = f"{words.role} {words.text.splitlines()[0][:30]!r}"
        absent = lettering.missing(words.text)
        if absent:
            letters = " ".join(sorted(absent)[:10])
            listener(Noticed(f"{name}: the font has no {letters}; a ? stands for each"))
        if lettering.crowded(words, timeline.size):
            listener(Noticed(f"{name}: too long for its size; it is set smaller"))


def _dressed(made: Plan, timeline: Timeline, finish: Finish) -> Timeline:
    """The timeline as this film shows it: its burn-ins, its captions, its size."""
    from storyboard.assemble import smaller

    drafts = tuple(shot.id for shot in made.shots if shot.model.local and finish.burn_in)
    dressed = replace(timeline, burn_in=drafts)
    if finish.captions != "burned":
        titles = tuple(words for words in timeline.words if words.role == "title")
        dressed = replace(dressed, words=titles)
    return smaller(dressed) if finish.preview else dressed


def _captions(timeline: Timeline) -> tuple[Words, ...]:
    return tuple(words for words in timeline.words if words.role == "caption")


def _subtitle_files(timeline: Timeline, path: Path) -> tuple[Path, ...]:
    from storyboard.film import subtitles

    captions = replace(timeline, words=_captions(timeline))
    made = {path.with_suffix(".srt"): subtitles.srt, path.with_suffix(".vtt"): subtitles.vtt}
    for target, text in made.items():
        files.write_whole(target, text(captions).encode())
    return tuple(made)


def spend(
    made: Plan,
    store: Store,
    *,
    jobs: int = JOBS,
    max_cost: int | None = None,
    listener: Listener = ignore,
    stop: Stop | None = None,
    pace: Pace | None = None,
) -> Generated:
    """Generate what the plan wants, with the service where it needs one."""
    from storyboard.fal import Fal, key

    fal = Fal(key.find()) if needs_service(made) else None
    try:
        return generate(
            made,
            store,
            fal=fal,
            jobs=jobs,
            max_cost=max_cost,
            listener=listener,
            stop=stop,
            pace=pace,
        )
    finally:
        if fal is not None:
            fal.close()


def needs_service(made: Plan) -> bool:
    """Whether anything has to be bought or collected."""
    settled = (Standing.DONE, Standing.DRAW, Standing.LOST)
    return any(take.standing not in settled for shot in made.wanted for take in shot.takes)


def edit(made: Plan, run: Generated, store: Store) -> tuple[Timeline, tuple[str, ...]]:
    """The timeline of what was generated, and the shots whose still stands in for them."""
    footage = {shot.id: _footage(made, shot, run, store) for shot in made.shots}
    held = tuple(shot for shot, found in footage.items() if found.media.kind == "still")
    return _cut(made, footage), held


def existing(
    made: Plan, store: Store, *, recut_too: bool = True
) -> tuple[Timeline, tuple[str, ...]]:
    """The timeline of what is in the store now; stills stand in for what is missing.

    Without `recut_too`, all shots as they stand, also where the storyboard has a `cut:` list.
    """
    footage = {
        shot.id: _take(shot, store)
        if store.has(shot.picked.key)
        else Footage(_still(shot), take=shot.picked.number)
        for shot in made.shots
    }
    held = tuple(shot for shot, found in footage.items() if found.media.kind == "still")
    return _cut(made, footage, recut_too=recut_too), held


def all_takes(made: Plan, store: Store) -> dict[str, dict[int, Media]]:
    """Every take of every shot that is in the store, by shot and number."""
    return {
        shot.id: {
            take.number: _media(store, take.key) for take in shot.takes if store.has(take.key)
        }
        for shot in made.shots
    }


def _cut(made: Plan, footage: Mapping[str, Footage], *, recut_too: bool = True) -> Timeline:
    from storyboard.review import repeats

    timeline = cut(made, footage, repeats=repeats)
    order = made.storyboard.board.cut
    return recut(timeline, order) if order and recut_too else timeline


def _footage(made: Plan, shot: PlannedShot, run: Generated, store: Store) -> Footage:
    picked = shot.picked
    if store.has(picked.key):
        return _take(shot, store)
    outside = made.only is not None and shot.id not in made.only
    if shot.shot.on_fail == "hold" or outside:
        return Footage(_still(shot), take=picked.number)
    failure = run.failure(shot.id, picked.number)
    if failure is None:
        raise MediaError(f"{shot.id}: take {picked.number} is not in the store")
    raise Failed(failure)


class Failed(ServiceError):
    """A shot could not be had, and nothing stands in for it: no film."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure), charged=failure.charged)
        self.failure = failure


def _take(shot: PlannedShot, store: Store) -> Footage:
    media, note = _media(store, shot.picked.key), store.note(shot.picked.key)
    costs = [store.note(take.key).get("cost", 0) for take in shot.takes if store.has(take.key)]
    return Footage(media, shot.picked.number, str(note.get("request_id") or ""), sum(costs))


def _media(store: Store, key: str) -> Media:
    from storyboard import video

    path = store.clip(key)
    facts = video.probe(path)
    return Media(path, key, facts.frames, facts.rate, facts.size, sound=facts.sound)


def _still(shot: PlannedShot) -> Media:
    start = shot.shot.start
    width, height = start.recipe.size or (start.still.facts.width, start.still.facts.height)
    return Media(
        path=start.still.path,
        key=start.digest,
        frames=1,
        rate=ASSUMED_RATE,
        size=Size(width, height),
        kind="still",
    )


def _standin(shot: PlannedShot, like: Footage) -> Footage:
    """What a take that is yet to come will most likely be: as long as sold, and like another."""
    frames = int(shot.sold * like.media.rate) + 1
    return Footage(replace(_still(shot), frames=frames, rate=like.media.rate, size=like.media.size))
