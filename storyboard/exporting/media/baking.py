"""The cut for programs that lose speeds, fits or transitions: all of it is in the media.

Each clip becomes a movie of its own, at the film's size and rate, whose first frame is the clip's
first. Behind its last there is more, as handles: the rest of a transition, else the take's next
frames. The cut then shows every movie from its start, one frame for one frame.
"""

from __future__ import annotations

import hashlib
import json
import wave
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from storyboard.audio.mix import laid
from storyboard.audio.sound_files import SAMPLE_RATE
from storyboard.exporting.media import sounds
from storyboard.exporting.media.naming import sound_stems
from storyboard.exporting.media.pulls import slate_words, slated
from storyboard.exporting.media.slate import SlateLook
from storyboard.rendering.compose import compose
from storyboard.rendering.reels import Reels
from storyboard.timeline import Clip, Media, Sound
from storyboard.units.timing import whole

if TYPE_CHECKING:
    from storyboard.audio.layers import Layer
    from storyboard.audio.sound_files import Samples
    from storyboard.timeline import Timeline
    from storyboard.video.colour import Picture

_COMPOSING = 1
"""Raised whenever the same cut would be baked to other pictures."""


@dataclass(frozen=True, slots=True)
class Bake:
    """The pictures of one clip: some of the film, and then more of its take."""

    film: Timeline
    """Without words."""
    start: int
    frames: int
    tail: int
    """Frames of the take behind them."""
    looks: tuple[SlateLook, ...] = ()
    """The slates of what is missing."""

    def pictures(self) -> Iterator[Picture]:
        """Every picture, in order."""
        with Reels() as reels:
            for film, frame in self._seen():
                yield compose(film, frame, reels=reels, looks=self.looks)

    @property
    def key(self) -> str:
        """Names all that decides its pixels."""
        film = self.film
        rows: list[Any] = [[_COMPOSING, str(film.size), str(film.rate), film.background]]
        for shown, frame in self._seen():
            over = shown.transition_at(frame)
            sides = shown.sides(over, frame) if over else (shown.clip_at(frame),)
            rows.append([_about(clip, frame) for clip in sides])
            if over:
                rows.append([over.kind, frame - over.start, over.before, over.after])
                rows.append([over.color, over.direction])
            rows += [[look.key] for look in self._slated(sides, frame)]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()

    def _slated(self, sides: Sequence[Clip], frame: int) -> Iterator[SlateLook]:
        """The slates that are seen on a frame."""
        shots = {clip.shot for clip in sides}
        return (k for k in self.looks if k.shot in shots and k.start <= frame < k.end)

    def _seen(self) -> Iterator[tuple[Timeline, int]]:
        for frame in range(self.start, self.start + self.frames):
            yield self.film, frame
        if self.tail:
            own = self.film.clip_at(self.start)
            longer = replace(own, frames=own.frames + self.tail)
            alone = replace(self.film, clips=(longer,), transitions=())
            for offset in range(self.tail):
                yield alone, own.end + offset


def _about(clip: Clip, frame: int) -> list[Any]:
    offset = frame - clip.start
    return [clip.media.key, str(clip.exact_frame(offset)), clip.fit, str(clip.focus_at(offset))]


@contextmanager
def baked(
    timeline: Timeline,
    *,
    handles: int | None = None,
    slate: bool = False,
    missing: Collection[Media] = (),
) -> Iterator[tuple[Timeline, Mapping[str, Bake]]]:
    """The cut of baked media, and what draws them by their keys; sounds are there while it is open.

    `handles`: frames behind each clip, at most; a second where nothing is said. With `slate`, one
    is baked for each shot that has no take, and for what is `missing`. MediaError when a sound
    can't be heard.
    """
    most = whole(timeline.rate) if handles is None else handles
    names = _names(timeline)
    bare = _without(missing, replace(timeline, words=(), burn_in=()))
    looks = tuple(_slates(timeline, missing, most)) if slate else ()
    bakes = [_bake(bare, clip, most, looks) for clip in bare.clips]
    clips = tuple(
        _flat(clip, name, bake, timeline)
        for clip, name, bake in zip(timeline.clips, names, bakes, strict=True)
    )
    notes = (
        replace(timeline.note(clip.shot), shot=name)
        for clip, name in zip(timeline.clips, names, strict=True)
    )
    with TemporaryDirectory(prefix="storyboard-") as room:
        yield (
            replace(
                timeline,
                clips=clips,
                transitions=(),
                seams=(),
                shots=tuple(notes),
                sounds=tuple(_sounds(timeline, Path(room))),
            ),
            {bake.key: bake for bake in bakes},
        )


def _names(timeline: Timeline) -> list[str]:
    """A name for each clip: its shot's, told apart where a shot comes more than once.

    It is no shot's name, because a baked cut can't be brought back.
    """
    found: list[str] = []
    for clip in timeline.clips:
        number, name = 1, f"{clip.shot}_bake"
        while name in found:
            number += 1
            name = f"{clip.shot}_bake{number}"
        found.append(name)
    return found


def _without(missing: Collection[Media], timeline: Timeline) -> Timeline:
    """The film with black where media can't be had."""
    return replace(
        timeline,
        clips=tuple(
            replace(clip, media=replace(clip.media, path=Path(), kind="card", color="#000000"))
            if clip.media in missing
            else clip
            for clip in timeline.clips
        ),
    )


def _slates(timeline: Timeline, missing: Collection[Media], most: int) -> Iterator[SlateLook]:
    """A slate for each clip that has nothing else to show, also under its transitions."""
    for clip in timeline.clips:
        if slated(clip, missing):
            words = slate_words(timeline, clip)
            opening, closing = (
                timeline.transition_over(clip.start),
                timeline.transition_over(clip.end),
            )
            start = clip.start - (opening.before if opening else 0)
            end = clip.end + max(closing.after if closing else 0, most)
            key = hashlib.sha256(f"slate {words}".encode()).hexdigest()
            yield SlateLook(clip.shot, start, end, words, key, over=clip.media not in missing)


def _bake(bare: Timeline, clip: Clip, most: int, looks: tuple[SlateLook, ...]) -> Bake:
    closing = bare.transition_over(clip.end)
    behind = closing.after if closing and clip.end < bare.frames else 0
    tail = 0 if behind else min(clip.tail, most)
    return Bake(bare, clip.start, clip.frames + behind, tail, looks)


def _flat(clip: Clip, name: str, bake: Bake, timeline: Timeline) -> Clip:
    frames = bake.frames + bake.tail
    media = Media(Path(), bake.key, frames, timeline.rate, timeline.size, model=clip.media.model)
    return Clip(name, clip.scene, clip.take, media, clip.start, clip.frames, 0, frames, frames)


def _sounds(timeline: Timeline, room: Path) -> Iterator[Sound]:
    """Each sound as it is heard: its length, pace, level, fades, and what lowers it."""
    taken: set[str] = set()
    stems = sound_stems(timeline)
    for one, pieces in laid(timeline):
        stem = wanted = f"{stems.get(one.sound.path, 'take')}_bake"
        number = 1
        while stem in taken:
            number += 1
            stem = f"{wanted}{number}"
        taken.add(stem)
        path = room / f"{stem}.wav"
        frames = _write(path, one, pieces, timeline)
        role = "effect" if one.sound.role == "take" else one.sound.role
        yield Sound(role, path, one.sound.start, frames)


def _write(
    path: Path, one: Layer, pieces: Iterator[tuple[int, Samples]], timeline: Timeline
) -> int:
    """Write a sound from its first film frame on; gives its length in film frames."""
    with wave.open(str(path), "wb") as made:
        made.setparams((sounds.CHANNELS, sounds.WIDTH, SAMPLE_RATE, 0, "NONE", ""))
        written = 0
        for _, piece in pieces:
            made.writeframesraw(sounds.packed(piece))
            written += len(piece)
    least = -(-written * timeline.rate // SAMPLE_RATE)
    return max(1, min(int(least), timeline.frames - one.sound.start))
