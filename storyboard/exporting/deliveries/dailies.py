"""Dailies: every take of the film behind its slate, with shot, take and timecodes burnt in.

A take is played whole, frame by frame. Under it stand the timecode of its file, and where the film
shows the frame, the record timecode; what the film leaves out is framed in colour, as a handle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw

from storyboard.exporting import manifest
from storyboard.exporting.media.pulls import owners
from storyboard.exporting.media.slate import SlateLook
from storyboard.exporting.media.source_starts import kept
from storyboard.exporting.timecodes import number_at
from storyboard.rendering.assembling import assemble
from storyboard.text.wrapping import single_line
from storyboard.timeline import Clip, Media, SceneMark, Sound
from storyboard.units.timing import whole
from storyboard.video.recipes import H264

if TYPE_CHECKING:
    from storyboard.exporting.deliveries.delivery import HandOver
    from storyboard.exporting.timecodes import Timecodes
    from storyboard.timeline import Timeline
    from storyboard.video.colour import Picture

NEEDS_MEDIA = False
WIDEST = 1280
"""Pixels of the longer side."""
HANDLE = "#ffbb42"
"""The frame around what the film leaves out."""
_GLASS = (18, 19, 23)
_INK, _QUIET, _AMBER = (255, 255, 255, 255), (190, 194, 201, 255), (255, 187, 66, 255)
_MADE = 1
"""Raised whenever the same takes would look otherwise."""


def make(delivery: HandOver) -> list[Path]:
    """One movie; its chapters are the takes."""
    film, looks = reel(delivery)
    identity = f"{_MADE} {film.title} {film.rate} {film.size} {[look.key for look in looks]}"
    write = partial(_write, film=film, looks=looks, delivery=delivery)
    return [delivery.file(f"_dailies{H264.suffixes[0]}", identity, write)]


def losses(timeline: Timeline) -> Iterator[str]:
    """Takes whose sound can't be heard at the film's rate."""
    other = dict.fromkeys(
        clip.shot
        for clip in timeline.clips
        if clip.media.sound and clip.media.rate != timeline.rate
    )
    if other:
        yield f"{', '.join(other)}: played frame by frame at the film's rate, so without its sound"


@dataclass(frozen=True, slots=True)
class BurnIn:
    """The strip under a take, and the frame around its handles."""

    shot: str
    start: int
    end: int
    title: str
    key: str
    source: int
    """The label of the take's first frame."""
    record: tuple[int, ...] = field(repr=False)
    """The label of the film's frame, for each frame of the take; -1 where it shows none."""
    clock: Timecodes

    def __call__(self, picture: Picture, frame: int) -> Picture:
        """The picture with its strip."""
        at = frame - self.start
        seen = self.record[at] >= 0
        said = f"REC {self.clock.label(self.record[at])}" if seen else "HANDLE"
        label = self.clock.label(self.source + at)
        return _burnt(picture, self.title, f"SRC {label}", said, handle=not seen)


def reel(delivery: HandOver) -> tuple[Timeline, list[BurnIn | SlateLook]]:
    """Every take behind its slate, as a film of its own, and what is burnt into it."""
    made = replace(delivery.timeline, words=(), transitions=(), burn_in=(), notes=(), seams=())
    made = made.smaller(longest=WIDEST)
    clips: list[Clip] = []
    marks: list[SceneMark] = []
    looks: list[BurnIn | SlateLook] = []
    for number, (title, media, shot) in enumerate(_takes(delivery)):
        at, lead = (clips[-1].end if clips else 0), max(1, whole(made.rate))
        card = Media(Path(), "card black", 1, made.rate, made.size, kind="card", color="#000000")
        slated = _clip(f"slate{number}", card, at, lead)
        shown = _clip(f"take{number}", media, at + lead, media.frames)
        clips += [slated, shown]
        marks.append(SceneMark(f"take{number}", title, at, lead + media.frames))
        looks.append(_slate(slated, title, media, shot, delivery))
        looks.append(_strip(shown, title, media, shot, delivery))
    sounds = tuple(
        Sound("take", clip.media.path, 0, None).under(clip)
        for clip in clips
        if clip.media.sound and clip.media.rate == made.rate
    )
    film = replace(made, clips=tuple(clips), sounds=sounds, scenes=tuple(marks), loudness=None)
    return replace(film, title=f"{made.title} dailies"), looks


def _takes(delivery: HandOver) -> Iterator[tuple[str, Media, str]]:
    """Each take once: what its slate calls it, its media, and its first shot."""
    timeline = delivery.timeline
    order = _shots(timeline)
    named = owners(timeline, delivery.takes)
    found = [(m, by) for m, by in named.items() if m.kind == "take" and by.shots[0] in order]
    for media, owner in sorted(found, key=lambda one: (order.index(one[1].shots[0]), one[1].take)):
        shots = "-".join(dict.fromkeys((owner.shots[0], owner.shots[-1])))
        yield f"{shots}  take {owner.take}", media, owner.shots[0]


def _shots(timeline: Timeline) -> list[str]:
    """All shots, in the storyboard's order."""
    return list(dict.fromkeys([*(note.shot for note in timeline.shots), *timeline.order]))


def _clip(name: str, media: Media, start: int, frames: int) -> Clip:
    last = frames - 1 if media.kind == "take" else 0
    return Clip(name, name, 1, media, start, frames, 0, last, max(1, frames - 1), fit="contain")


def _slate(clip: Clip, title: str, media: Media, shot: str, delivery: HandOver) -> SlateLook:
    note = delivery.timeline.note(shot)
    words = (title, f"{media.frames} frames  {media.model or note.model}", note.prompt)
    key = manifest.digest(f"slate {_MADE} {words}".encode())
    return SlateLook(clip.shot, clip.start, clip.end, words, key)


def _strip(clip: Clip, title: str, media: Media, shot: str, delivery: HandOver) -> BurnIn:
    clock, timeline = delivery.clock, delivery.timeline
    second = kept(delivery.place, _shots(timeline))[shot]
    source = number_at(second, timeline.rate, drop=clock.drop)
    seen = _seen(timeline, media)
    record = tuple(
        clock.start + seen[number] if number in seen else -1 for number in range(media.frames)
    )
    about = f"strip {_MADE} {title} {media.key} {source} {record} {clock}"
    key = manifest.digest(about.encode())
    return BurnIn(clip.shot, clip.start, clip.end, title, key, source, record, clock)


def _seen(timeline: Timeline, media: Media) -> dict[int, int]:
    """The first film frame on which each media frame is seen, also under transitions."""
    found: dict[int, int] = {}
    for clip in timeline.clips:
        if clip.media != media:
            continue
        head, tail = (0, 0) if clip.frozen else timeline.handles(clip)
        for offset in range(-head, clip.frames + tail):
            found.setdefault(clip.media_frame(offset), clip.start + offset)
    return found


def _write(
    path: Path, *, film: Timeline, looks: list[BurnIn | SlateLook], delivery: HandOver
) -> None:
    assemble(film, path, looks=looks, join="encode", listener=delivery.listener)


def _burnt(picture: Picture, title: str, source: str, record: str, *, handle: bool) -> Picture:
    """The picture with its strip: shot and take at the left, timecodes behind them."""
    image = Image.fromarray(picture)
    pen: Any = ImageDraw.Draw(image)
    pixels = max(10, round(min(image.size) / 28))
    top = image.height - 2 * pixels
    pen.rectangle((0, top, image.width, image.height), fill=_GLASS)
    third = image.width // 3
    inks = (_INK, _QUIET, _AMBER if handle else _INK)
    for place, (text, ink) in enumerate(zip((title, source, record), inks, strict=True)):
        words, font = single_line(text, pixels, width=third - pixels)
        font.draw(pen, (place * third + pixels // 2, top + pixels // 3), words, ink)
    if handle:
        thick = max(2, pixels // 4)
        pen.rectangle((0, 0, image.width - 1, image.height - 1), outline=HANDLE, width=thick)
    return np.asarray(image)
