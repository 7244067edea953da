"""The sounds of a cut, each as a WAV file under a name of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.errors import MediaError
from storyboard.exporting import manifest
from storyboard.exporting.media import sounds
from storyboard.exporting.media.files_of import MediaFile, Placed, Wanted, named, reel
from storyboard.exporting.media.naming import sound_stems
from storyboard.units.timing import whole

if TYPE_CHECKING:
    from storyboard.timeline import Clip, Sound, Timeline
    from storyboard.units.timing import Rate

FOLDER = "sound"


@dataclass(frozen=True, slots=True)
class Strip:
    """A WAV file to make."""

    source: Path
    wanted: Wanted
    frames: int | None
    """Film frames to repeat it to; None: as long as it is."""


def lay(timeline: Timeline, place: Path) -> tuple[Placed, ...]:
    """Make the WAV files that are not there yet, and say what each sound plays of one."""
    folder = place / FOLDER
    stems = sound_stems(timeline)
    strips = [_strip(sound, timeline, stems) for sound in timeline.sounds]
    if not strips:
        return ()
    held = manifest.read(folder)
    names = named([strip.wanted for strip in strips], held)
    manifest.write(folder, held | {names[s.wanted]: s.wanted.identity for s in strips})
    return tuple(
        placed(sound, _made(strip, folder / names[strip.wanted], timeline.rate), timeline)
        for sound, strip in zip(timeline.sounds, strips, strict=True)
    )


def _strip(sound: Sound, timeline: Timeline, stems: Mapping[Path, str]) -> Strip:
    frames = _room(sound, timeline) if sound.loop else None
    try:
        with sound.path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
    except OSError as cause:
        raise MediaError(f"{sound.path} can't be read: {cause.strerror}") from cause
    identity = manifest.digest(f"{digest} {timeline.rate} {frames}".encode())
    clip = _owner(sound, timeline)
    if clip is not None:
        return Strip(sound.path, Wanted(clip.shot, clip.take, ".wav", identity), frames)
    return Strip(sound.path, Wanted(stems[sound.path], 1, ".wav", identity), frames)


def _owner(sound: Sound, timeline: Timeline) -> Clip | None:
    """The clip that a take's own sound belongs to."""
    if sound.role != "take":
        return None
    return next((clip for clip in timeline.clips if clip.media.path == sound.path), None)


def _made(strip: Strip, path: Path, rate: Rate) -> MediaFile:
    if path.exists():
        frames = sounds.length(path, rate)
    else:
        frames = sounds.make(strip.source, path, rate=rate, frames=strip.frames)
    return MediaFile(
        name=f"{FOLDER}/{path.name}",
        reel=reel(path.stem),
        start=0,
        frames=frames,
        kind="sound",
        channels=sounds.CHANNELS,
    )


def placed(sound: Sound, file: MediaFile, timeline: Timeline) -> Placed:
    """A sound runs at its own pace: where a take is retimed, so is its sound."""
    real_time = timeline.rate / sound.rate if sound.role == "take" else Fraction(1)
    first = whole(sound.first * real_time) if sound.role == "take" else 0
    speed = sound.speed * real_time if sound.role == "take" else sound.speed
    left = int((file.frames - first) / speed)
    return Placed(file, first, speed, max(1, min(left, _room(sound, timeline))))


def _room(sound: Sound, timeline: Timeline) -> int:
    """Film frames that it may last."""
    most = max(1, timeline.frames - sound.start)
    return most if sound.frames is None else min(sound.frames, most)
