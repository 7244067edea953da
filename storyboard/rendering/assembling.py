"""Writing the film: takes' packets and encoded pieces, joined by copying, verified, then named.

stretches     where the film is divided
pieces        which of it keeps its takes' packets, and which is encoded, and why
keys          what names a piece's pixels
segments      making the pieces, in parallel and early
soundtrack    the sound, once for the whole film
labels        title, models, chapters, subtitles, and where the pictures come from
join          packets into one file
verify        the last look before the file takes its name
poster        one picture of the film
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from storyboard.errors import MediaError
from storyboard.events import Encoding, Explained, Noticed, log
from storyboard.files import appearing
from storyboard.rendering.join import join as join_segments
from storyboard.rendering.memory import Memory
from storyboard.rendering.metadata import append_xmp, labels, xmp
from storyboard.rendering.segments import NOTHING, Segments
from storyboard.rendering.verify import Unlike, verify
from storyboard.rendering.written_before import is_there, joined_from, note_written
from storyboard.video.containers import wrapped
from storyboard.video.recipes import H264

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from storyboard.audio.mastering import Level
    from storyboard.events import Listener
    from storyboard.rendering.compose import PictureFix
    from storyboard.rendering.pieces import Piece
    from storyboard.rendering.reels import Reels
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
    pieces: tuple[Piece, ...] = ()
    """What it was joined from: takes' own packets, and what was encoded, with the reason."""

    @property
    def kept(self) -> int:
        """How many of its frames are takes' own packets."""
        return sum(piece.stretch.frames for piece in self.pieces if piece.kept)


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
    asides: Mapping[int, Callable[[Reels], None]] = NOTHING,
    listener: Listener = log,
) -> WrittenFilm:
    """Write the film of a timeline; it appears under its name whole and verified, or not at all.

    `cache`, such as `Store.segments`, keeps the segments: then an edit encodes what it changed.
    With "auto" and an H.264 recipe, takes keep their packets where that gives exactly this film,
    and the listener hears what is encoded, and why; "encode" gives one uniform stream. `subtitles`
    go on a track of their own. `jobs` pieces are made at a time, by `executor` if one is given.
    `segments` were begun while takes were being generated; they decide recipe, join and looks.
    `asides` are measurements by film frame, each done where the picture before it is at hand.
    MediaError when anything can't be read, made or written.
    """
    output = Path(output)
    _check_request(timeline, output, recipe=segments.recipe if segments else recipe)
    with _kept_in(cache) as folder:
        given: Any = {"recipe": recipe, "looks": looks, "jobs": jobs, "executor": executor}
        opened = segments or Segments(folder, keep=join == "auto", **given)
        more: Any = {"subtitles": subtitles, "asides": asides, "listener": listener}
        with nullcontext(opened) if segments else opened as work:
            try:
                return _written(timeline, output, work, **more)
            except Unlike as reason:
                if not work.keep:
                    raise
                listener(Noticed(f"takes can't keep their packets: {reason}; encoding them"))
                work.keep = False
            return _written(timeline, output, work, **more)


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
    asides: Mapping[int, Callable[[Reels], None]],
    listener: Listener,
) -> WrittenFilm:
    """Make the pieces, join them under another name, look at the result, and only then name it."""
    recipe = work.recipe
    sounding = work.sound(timeline) if timeline.sounds else None
    found = work.finish(timeline, listener=listener, asides=asides)
    _explain(found, listener)
    sound = sounding.wait(listener) if sounding else None
    memory = Memory(work.folder)
    parts = joined_from(timeline, found, sound, recipe=recipe, subtitles=subtitles)
    if is_there(output, parts, memory):
        listener(Explained(f"{output.name} is there as it was written"))
    else:
        with appearing(output) as coming, wrapped(output, "written"):
            joined = join_segments(
                coming,
                found,
                rate=timeline.rate,
                recipe=recipe,
                sound=sound.path if sound else None,
                labels=labels(timeline, subtitles=subtitles),
                told=lambda done: listener(Encoding(done, timeline.frames, "frames joined")),
            )
            append_xmp(coming, xmp(timeline))
            verify(coming, timeline, found, joined, sound=sound is not None, memory=memory)
        note_written(output, parts, memory)
    pieces = tuple(segment.piece for segment in found)
    level = sound.level if sound else None
    return WrittenFilm(output, timeline.frames, len(found), work.rendered, level, pieces)


def _explain(found: Sequence[Segment], listener: Listener) -> None:
    """Tell the plan of the join: which frames are takes' own, and why others are encoded."""
    for segment in found:
        shown = f"frames {segment.start} to {segment.start + segment.frames - 1}"
        how = "its take's own packets" if segment.piece.kept else "encoded"
        why = f": {segment.piece.why}" if segment.piece.why else ""
        listener(Explained(f"{shown} {how}{why}", ", ".join(sorted(segment.piece.stretch.shots))))
