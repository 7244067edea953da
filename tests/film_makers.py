"""Small takes and hand-made timelines for the tests of what comes after the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from storyboard.rendering.assembling import WrittenFilm, assemble
from storyboard.testing import codes
from storyboard.testing.clips import write_clip
from storyboard.timeline import Clip, Media, Timeline
from storyboard.units.sizes import Size
from storyboard.units.timing import Rate
from storyboard.video.probing import check
from storyboard.video.reader import Reader, read
from storyboard.video.recipes import H264
from storyboard.video.writer import write

SMALL = Size(160, 96)
"""Just large enough for a frame code."""

QUICK = H264.having(preset="ultrafast", crf="28")
"""For tests: what it looks like does not matter."""


def take(
    folder: Path,
    shot: int,
    *,
    frames: int = 24,
    rate: Rate = Fraction(24),
    size: Size = SMALL,
    sound: bool = False,
) -> Media:
    """A take whose every frame carries its shot number and its own number."""
    path = folder / f"take{shot}.mp4"
    write_clip(
        path, frames=frames, size=(size.width, size.height), rate=rate, shot=shot, audio=sound
    )
    key = f"{shot:04d}{frames:04d}".ljust(64, "0")
    return Media(path, key, frames, rate, size, sound=sound)


def clip(media: Media, *, first: int = 0, last: int | None = None, scene: str = "scene1") -> Clip:
    """The frames `first` to `last` of a take, one-to-one; `in_order` puts it in its place."""
    end = media.frames - 1 if last is None else last
    frames = end - first + 1
    return Clip(
        shot=media.path.stem,
        scene=scene,
        take=1,
        media=media,
        start=0,
        frames=frames,
        first=first,
        last=end if end > first else first,
        span=max(frames - 1, 1),
    )


def in_order(clips: Iterable[Clip], *, rate: Rate = Fraction(24), size: Size = SMALL) -> Timeline:
    """A timeline of clips, one after the other."""
    placed: list[Clip] = []
    for each in clips:
        placed.append(replace(each, start=placed[-1].end if placed else 0))
    return Timeline("A film", rate, size, tuple(placed))


def seen_in(path: Path) -> list[tuple[int, int] | None]:
    """The shot and frame number on every frame of a film; None where it is mixed or covered."""
    found = (codes.read(picture) for picture in read(path))
    return [None if code is None else (code.shot, code.frame) for code in found]


def planned(timeline: Timeline, shots: Sequence[int]) -> list[tuple[int, int]]:
    """What the timeline says is seen on every frame, `shots` being its clips' shot numbers."""
    return [
        (shot, each.media_frame(offset))
        for shot, each in zip(shots, timeline.clips, strict=True)
        for offset in range(each.frames)
    ]


def reordered(media: Media, **options: str) -> Media:
    """The same take with B-frames, and so with frames that are decoded before their turn."""
    path = media.path.with_name(f"b-{media.path.name}")
    recipe = H264.having(
        **{"preset": "veryfast", "b_strategy": "0", "sc_threshold": "0", **options}
    )
    with Reader(media.path) as reader:
        frames = (reader.frame(number) for number in range(media.frames))
        write(path, frames, rate=media.rate, size=media.size, recipe=recipe)
    return replace(media, path=path, key=f"b{options}{media.key}")


def joined(timeline: Timeline, folder: Path) -> WrittenFilm:
    """The film, with every frame in its place, and kept frames bit for bit the takes'."""
    film = assemble(timeline, folder / "film.mp4", cache=folder / "c", recipe=QUICK)
    facts = check(film.path, frames=timeline.frames, rate=timeline.rate, size=timeline.size)
    assert facts.colour.bt709
    assert facts.steady
    shown = list(read(film.path))
    for piece in film.pieces:
        if piece.media is not None and piece.run is not None:
            first = piece.run.first
            own = list(read(piece.media.path, first=first, last=first + piece.run.frames - 1))
            assert np.array_equal(shown[piece.stretch.start : piece.stretch.end], own)
    return film


def reasons(film: WrittenFilm) -> str:
    """Why pieces are encoded."""
    return "; ".join(piece.why for piece in film.pieces if piece.why)
