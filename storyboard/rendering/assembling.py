"""Writing the film: takes' packets and encoded parts, joined by copying, verified, then named.

stretches     where the film is divided
parts         which of it keeps its takes' packets, and which is encoded, and why
keys          what names a part's pixels
segments      making the parts, in parallel and early
soundtrack    the sound, once for the whole film
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
from storyboard.events import Explained, Noticed, log
from storyboard.files import appearing
from storyboard.rendering.join import join as join_segments
from storyboard.rendering.metadata import append_xmp, labels, xmp
from storyboard.rendering.segments import Segments
from storyboard.rendering.soundtrack import soundtrack
from storyboard.rendering.verify import Unlike, verify
from storyboard.video.containers import wrapped
from storyboard.video.recipes import H264

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from storyboard.audio.mastering import Level
    from storyboard.events import Listener
    from storyboard.rendering.compose import PictureFix
    from storyboard.rendering.parts import Part
    from storyboard.rendering.segments import Segment
    from storyboard.timeline import Timeline, Words
    from storyboard.video.recipes import VideoRecipe


Join = Literal["auto", "encode"]
"""Takes keep their packets where they can, or all is encoded alike."""


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
    parts: tuple[Part, ...] = ()
    """What it was joined from: takes' own packets, and what was encoded, with the reason."""

    @property
    def kept(self) -> int:
        """How many of its frames are takes' own packets."""
        return sum(part.stretch.frames for part in self.parts if part.kept)


def assemble(
    timeline: Timeline,
    output: Path | str,
    *,
    cache: Path | str | None = None,
    recipe: VideoRecipe = H264,
    join: Join = "auto",
    looks: Sequence[PictureFix] = (),
    subtitles: Sequence[Words] = (),
    jobs: int | None = None,
    executor: Executor | None = None,
    segments: Segments | None = None,
    listener: Listener = log,
) -> WrittenFilm:
    """Write the film of a timeline; it appears under its name whole and verified, or not at all.

    `cache`, such as `Store.segments`, keeps the segments: then an edit encodes what it changed.
    With `join="auto"` and an H.264 recipe, takes keep their packets where that gives exactly this
    film; the listener hears what is encoded, and why. `join="encode"` gives one uniform stream.
    `subtitles` go on a track that the viewer switches on. `jobs` parts are made at a time, by
    `executor` if one is given. `segments` are those that were begun while takes were still being
    generated; they decide recipe, join and looks. MediaError when anything can't be read, made or
    written.
    """
    output = Path(output)
    _check_request(timeline, output, recipe=segments.recipe if segments else recipe)
    with _kept_in(cache) as folder:
        opened: AbstractContextManager[Segments] = (
            nullcontext(segments)
            if segments
            else Segments(
                folder,
                recipe=recipe,
                looks=looks,
                keep=join == "auto",
                jobs=jobs,
                executor=executor,
            )
        )
        with opened as work:
            try:
                return _written(timeline, output, work, subtitles=subtitles, listener=listener)
            except Unlike as reason:
                if not work.keep:
                    raise
                listener(Noticed(f"takes can't keep their packets: {reason}; encoding them"))
                work.keep = False
            return _written(timeline, output, work, subtitles=subtitles, listener=listener)


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


def _check_request(timeline: Timeline, output: Path, *, recipe: VideoRecipe) -> None:
    if not timeline.clips:
        raise MediaError("there is nothing to show: the timeline has no clips")
    if unfit := recipe.unfit(output):
        raise MediaError(unfit)


def _written(
    timeline: Timeline,
    output: Path,
    work: Segments,
    *,
    subtitles: Sequence[Words],
    listener: Listener,
) -> WrittenFilm:
    """Make the parts, join them under another name, look at the result, and only then name it."""
    recipe = work.recipe
    with ThreadPoolExecutor(1) as beside:  # the sound is encoded beside the picture
        sounding = beside.submit(soundtrack, timeline, work.folder, container=recipe.container)
        pieces = work.finish(timeline, listener=listener)
    _explain(pieces, listener)
    sound = sounding.result()
    with appearing(output) as coming, wrapped(output, "written"):
        joined = join_segments(
            coming,
            pieces,
            rate=timeline.rate,
            recipe=recipe,
            sound=sound.path if sound else None,
            labels=labels(timeline, subtitles=subtitles),
        )
        append_xmp(coming, xmp(timeline))
        verify(coming, timeline, pieces, joined, sound=sound is not None)
    parts = tuple(piece.part for piece in pieces)
    level = sound.level if sound else None
    return WrittenFilm(output, joined.frames, len(pieces), work.rendered, level, parts)


def _explain(pieces: Sequence[Segment], listener: Listener) -> None:
    """Tell the plan of the join: which frames are takes' own, and why others are encoded."""
    for piece in pieces:
        shown = f"frames {piece.start} to {piece.start + piece.frames - 1}"
        how = "its take's own packets" if piece.part.kept else "encoded"
        why = f": {piece.part.why}" if piece.part.why else ""
        listener(Explained(f"{shown} {how}{why}", ", ".join(sorted(piece.part.stretch.shots))))
