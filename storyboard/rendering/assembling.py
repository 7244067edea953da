"""Writing the film: segments encoded once and kept, joined by copying, verified, then named.

stretches     where the film is divided
keys          what names a stretch's pixels
segments      encoding stretches, in parallel and early
soundtrack    the sound, once for the whole film
copying       takes joined as they are, where that gives the same film
labels        title, models, chapters, subtitles, and where the pictures come from
join          packets into one file
verify        the last look before the file takes its name
poster        one picture of the film
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from storyboard.errors import MediaError
from storyboard.events import Noticed, log
from storyboard.files import appearing
from storyboard.rendering.copy_takes import same_pictures, takes_as_segments
from storyboard.rendering.join import join as join_segments
from storyboard.rendering.metadata import append_xmp, labels, xmp
from storyboard.rendering.segments import Segments
from storyboard.rendering.soundtrack import soundtrack
from storyboard.rendering.verify import verify
from storyboard.video.containers import wrapped
from storyboard.video.recipes import H264

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from storyboard.audio.mastering import Level
    from storyboard.events import Listener
    from storyboard.rendering.compose import PictureFix
    from storyboard.rendering.segments import Segment
    from storyboard.timeline import Timeline, Words
    from storyboard.video.recipes import VideoRecipe


@dataclass(frozen=True, slots=True)
class WrittenFilm:
    """A finished film on disk."""

    path: Path
    frames: int
    segments: int
    rendered: int
    """How many of its segments were encoded for it; the others were kept from before."""
    level: Level | None = None
    """What its sound measures; None where nothing sounds."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a film is joined from."""

    segments: Sequence[Segment]
    recipe: VideoRecipe
    rendered: int
    copied: bool = False


def assemble(
    timeline: Timeline,
    output: Path | str,
    *,
    cache: Path | str | None = None,
    recipe: VideoRecipe = H264,
    join: Literal["encode", "copy"] = "encode",
    looks: Sequence[PictureFix] = (),
    subtitles: Sequence[Words] = (),
    jobs: int | None = None,
    executor: Executor | None = None,
    segments: Segments | None = None,
    listener: Listener = log,
) -> WrittenFilm:
    """Write the film of a timeline; it appears under its name whole and verified, or not at all.

    `cache`, such as `Store.segments`, keeps the segments: then an edit encodes what it changed.
    `join="copy"` takes the takes' packets as they are, where that gives exactly this film, and
    tells the listener where it does not. `subtitles` go on a track that the viewer switches on.
    `jobs` stretches are encoded at a time, by `executor` if one is given. `segments` are those
    that were begun while takes were still being generated; they decide recipe and looks.
    MediaError when anything can't be read, made or written.
    """
    output = Path(output)
    _check_request(timeline, output, recipe=segments.recipe if segments else recipe)
    with _kept_in(cache) as folder:
        if join == "copy":
            try:
                copied = _Parts(*takes_as_segments(timeline, looks=looks), rendered=0, copied=True)
                return _finish(timeline, output, copied, cache=folder, subtitles=subtitles)
            except MediaError as reason:
                why = f"the takes can't be joined as they are: {reason}; encoding them"
                listener(Noticed(why))
        work: AbstractContextManager[Segments] = (
            nullcontext(segments)
            if segments
            else Segments(folder, recipe=recipe, looks=looks, jobs=jobs, executor=executor)
        )
        parts = _encoded(timeline, work, folder, listener=listener)
        return _finish(timeline, output, parts, cache=folder, subtitles=subtitles)


@contextmanager
def _kept_in(cache: Path | str | None) -> Iterator[Path]:
    """The folder of segments, made where it is not there; a passing one where none is given."""
    if cache is None:
        with TemporaryDirectory(prefix="storyboard-") as passing:
            yield Path(passing)
        return
    with wrapped(Path(cache), "used"):
        Path(cache).mkdir(parents=True, exist_ok=True)
    yield Path(cache)


def _encoded(
    timeline: Timeline,
    opened: AbstractContextManager[Segments],
    cache: Path,
    *,
    listener: Listener,
) -> _Parts:
    """The film's segments; its sound is encoded beside them."""
    with ThreadPoolExecutor(1) as beside, opened as work:
        sound = beside.submit(soundtrack, timeline, cache, container=work.recipe.container)
        pieces = work.finish(timeline, listener=listener)
    sound.result()
    return _Parts(pieces, work.recipe, work.rendered)


def _check_request(timeline: Timeline, output: Path, *, recipe: VideoRecipe) -> None:
    if not timeline.clips:
        raise MediaError("there is nothing to show: the timeline has no clips")
    if unfit := recipe.unfit(output):
        raise MediaError(unfit)


def _finish(
    timeline: Timeline,
    output: Path,
    parts: _Parts,
    *,
    cache: Path,
    subtitles: Sequence[Words],
) -> WrittenFilm:
    """Join the parts under another name, look at the result, and only then name it."""
    sound = soundtrack(timeline, cache, container=parts.recipe.container)
    with appearing(output) as coming, wrapped(output, "written"):
        joined = join_segments(
            coming,
            parts.segments,
            rate=timeline.rate,
            recipe=parts.recipe,
            sound=sound.path if sound else None,
            labels=labels(timeline, subtitles=subtitles),
        )
        append_xmp(coming, xmp(timeline))
        verify(coming, timeline, parts.segments, joined, sound=sound is not None)
        if parts.copied:
            same_pictures(coming, timeline)
    level = sound.level if sound else None
    return WrittenFilm(output, joined.frames, len(parts.segments), parts.rendered, level)
