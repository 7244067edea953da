"""Making picture files: a take's own packets under an editor's name, or new ones where they must.

Every file is a QuickTime movie at the film's rate with a timecode track and a reel name. The
same input gives the same bytes: nothing of today's date or of this machine is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import islice, repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from storyboard.errors import MediaError
from storyboard.exporting.media.slate import slate
from storyboard.exporting.timecodes import Timecodes
from storyboard.files import appearing
from storyboard.rendering.still_pictures import still_picture
from storyboard.video.containers import reading, writing
from storyboard.video.probing import picture_stream, probe
from storyboard.video.reader import Reader
from storyboard.video.recipes import H264, RECIPES
from storyboard.video.writer import timescale, write

if TYPE_CHECKING:
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from PIL import Image

    from storyboard.exporting.media.files_of import MediaFile
    from storyboard.exporting.media.pulls import Intermediate, Pull
    from storyboard.timeline import Media
    from storyboard.units.sizes import Size
    from storyboard.video.colour import Picture
    from storyboard.video.recipes import VideoRecipe

COPIED = frozenset(("h264", "hevc", "prores", "dnxhd"))
"""Codecs that editing programs read in a QuickTime movie; others are encoded anew."""

_FAST = {"flags": "+qscale", "global_quality": str(9 * 118)}
"""A fixed quality (qscale 9) for ProRes: its search for a bit rate takes nine times as long."""


def make(pull: Pull, file: MediaFile, path: Path) -> None:
    """Make the file at `path`, whole or not at all; MediaError says why it can't be."""
    clock = Timecodes(pull.rate, file.start, pull.drop_frame)
    path.parent.mkdir(parents=True, exist_ok=True)
    with appearing(path) as coming:
        if pull.kind == "take" and _copies(pull):
            copied = copy(pull.media.path, coming, clock=clock, reel=file.reel)
        else:
            with TemporaryDirectory(dir=path.parent, prefix=".") as room:
                encoded = Path(room, "encoded.mov")
                _encode(pull, encoded)
                copied = copy(encoded, coming, clock=clock, reel=file.reel)
        if copied != file.frames:
            raise MediaError(
                f"{pull.media.path} has {copied} frames where the cut counts {file.frames}; "
                "run the storyboard again, so that it is counted anew"
            )


def copy(
    source: Path,
    target: Path,
    *,
    clock: Timecodes,
    reel: str,
    chapters: Sequence[tuple[str, int, int]] = (),
) -> int:
    """Copy the packets of a video into a QuickTime movie at the clock's rate; gives its frames.

    The pictures keep every bit; each lasts exactly one frame. Sound comes along where the take's
    rate is the film's, because at another rate it would no longer fit. `chapters` are titles with
    their first frame and the one after their last.
    """
    rate = clock.rate
    keeps_sound = probe(source).rate == rate
    options = {"video_track_timescale": str(timescale(rate)), "fflags": "+bitexact"}
    with reading(source) as given, writing(target, container="mov", options=options) as made:
        picture = picture_stream(given, source)
        heard = given.streams.audio[:1] if keeps_sound else ()
        track = made.add_stream_from_template(picture)
        track.codec_context.framerate = rate  # what the timecode track counts in
        track.metadata["reel_name"] = reel
        made.metadata["timecode"] = clock.label(clock.start)
        made.set_chapters(
            [
                {"id": n, "start": a, "end": b, "time_base": 1 / rate, "metadata": {"title": title}}
                for n, (title, a, b) in enumerate(chapters)
            ]
        )
        sounds = {stream.index: made.add_stream_from_template(stream) for stream in heard}
        packets = [packet for packet in given.demux(picture, *heard) if packet.size]
        frames_of, others = _split(packets, picture.index)
        frames = len(frames_of)
        _retime(frames_of, rate)
        for packet in sorted([*frames_of, *others], key=_moment):
            packet.stream = sounds.get(packet.stream.index, track)
            made.mux(packet)
    return frames


def _split(
    packets: Iterable[Packet[Any]], index: int
) -> tuple[list[Packet[Any]], list[Packet[Any]]]:
    seen: list[Packet[Any]] = []
    others: list[Packet[Any]] = []
    for packet in packets:
        (seen if packet.stream.index == index else others).append(packet)
    return seen, others


def _retime(packets: list[Packet[Any]], rate: Fraction) -> None:
    """Give each frame its whole place: by its rank in the order of showing."""
    order = sorted(packet.pts or 0 for packet in packets)
    rank = {pts: number for number, pts in enumerate(order)}
    late = max((number - rank[packet.pts or 0] for number, packet in enumerate(packets)), default=0)
    for number, packet in enumerate(packets):
        packet.time_base = 1 / rate
        packet.pts, packet.dts, packet.duration = rank[packet.pts or 0], number - late, 1


def _moment(packet: Packet[Any]) -> Fraction:
    return (packet.dts or 0) * Fraction(packet.time_base or 0)


def _copies(pull: Pull) -> bool:
    drawn = pull.bake is not None or pull.intermediate is not None
    return not drawn and probe(pull.media.path).codec in COPIED


def _encode(pull: Pull, path: Path) -> None:
    recipe = recipe_for(pull.intermediate, pull.size)
    write(path, _frames(pull), rate=pull.rate, size=pull.size, recipe=recipe)


def recipe_for(intermediate: Intermediate | None, size: Size) -> VideoRecipe:
    """How new pictures are encoded; MediaError for a size that the codec does not take."""
    if intermediate == "dnxhr" and (size.width < 256 or size.height < 120):
        raise MediaError(f"DNxHR takes pictures from 256x120 on, not {size}; use prores")
    if intermediate is None:
        return H264.having(crf="12")
    recipe = RECIPES[intermediate]
    return recipe.having(**_FAST) if intermediate == "prores" else recipe


def _frames(pull: Pull) -> Iterator[Picture | VideoFrame]:
    if pull.bake is not None:
        yield from islice(pull.bake.pictures(), pull.first, pull.first + pull.frames)
    elif pull.kind == "take":
        with Reader(pull.media.path) as reader:
            seen = reader.frame if reader.facts.plain else reader.picture
            for number in range(pull.first, pull.first + pull.frames):
                yield seen(number)
    elif pull.kind == "hold":
        with Reader(pull.media.path) as reader:
            held = reader.picture(pull.first)
        yield from repeat(held, pull.frames)
    else:
        yield from repeat(_still(pull), pull.frames)


def _still(pull: Pull) -> Picture:
    size = (pull.size.width, pull.size.height)
    if pull.kind == "slate":
        shown: Any = slate(size, pull.words, under=_picture(pull) if _there(pull) else None)
    else:
        shown = _picture(pull)
    return np.asarray(shown)


def _there(pull: Pull) -> bool:
    return pull.media.kind != "take" and there(pull.media)


def there(media: Media) -> bool:
    """Whether what is shown of it can be had: a colour always can."""
    return bool(media.color) or media.path.is_file()


def _picture(pull: Pull) -> Image.Image:
    how: Any = {"background": pull.background, "focus": pull.focus}
    return still_picture(pull.media, pull.size, pull.fit or "contain", **how)
