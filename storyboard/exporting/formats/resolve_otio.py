"""What DaVinci Resolve keeps of its own in an `.otio`: levels and fades of sounds, links, notes.

OpenTimelineIO has no words for these. Resolve writes and reads them as metadata `Resolve_OTIO`, and
Blender reads the same; others pass them by. Keys and numbers are spelled as in Resolve's files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storyboard.timeline import Clip, Sound, Timeline

Json = dict[str, Any]
Pairs = Mapping[tuple[Path, int], int]

BLOCK = "Resolve_OTIO"
OF_TIMELINE: Json = {"Resolve OTIO Meta Version": "1.0"}

_QUIETEST, _LOUDEST, _LONGEST = -100.0, 30.0, 2.0**31
_LEVELS = 62
"""The number of the effect that each sound's clip has there."""


def of_track(kind: str) -> Json:
    """What Resolve says of a track; sounds of an export are stereo."""
    if kind == "Video":
        return {"Locked": False}
    return {"Audio Type": "Stereo", "Locked": False, "SoloOn": False}


def pairs(timeline: Timeline) -> Pairs:
    """A number for each clip whose take is heard: by where it is, and what it shows."""
    heard = {(sound.path, sound.start) for sound in timeline.sounds if sound.role == "take"}
    seen = ((clip.media.path, clip.start) for clip in timeline.clips)
    return {place: number for number, place in enumerate(seen, 1) if place in heard}


def of_clip(clip: Clip, linked: Pairs) -> Json:
    """The link to its own sound; nothing for a silent one."""
    return _link(clip.media.path, clip.start, linked)


def of_sound(sound: Sound, linked: Pairs) -> Json:
    """Both channels of its file, and the link to its picture."""
    channels = [{"Source Channel ID": channel, "Source Track ID": 0} for channel in (0, 1)]
    return {"Channels": channels} | _link(sound.path, sound.start, linked)


def levels(sound: Sound) -> list[Json]:
    """Gain in dB, fades in frames, as the one effect in which Resolve has both."""
    said = [
        _number("volume", sound.gain, _QUIETEST, _LOUDEST),
        _number("faderIn", sound.fade_in, 0, _LONGEST),
        _number("faderOut", sound.fade_out, 0, _LONGEST),
    ]
    effect = {
        "Display Type": 1,
        "Effect Name": "Fairlight Clip Volume and Fades",
        "Enabled": True,
        "Name": "Volume",
        "Parameters": [one for one in said if one["Parameter Value"]],
        "Type": _LEVELS,
    }
    schema = {"OTIO_SCHEMA": "Effect.1", "name": "", "effect_name": "Resolve Effect"}
    return [schema | {"metadata": {BLOCK: effect}}] if effect["Parameters"] else []


def of_marker(words: str) -> Json:
    """What a marker says: Resolve shows this, and not the comment."""
    return {"Keywords": [], "Note": words}


def _link(path: Path, start: int, linked: Pairs) -> Json:
    number = linked.get((path, start))
    return {} if number is None else {"Link Group ID": number}


def _number(name: str, value: float, least: float, most: float) -> Json:
    return {
        "Default Parameter Value": 0.0,
        "Key Frames": {},
        "Parameter ID": name,
        "Parameter Value": min(max(float(value), least), most),
        "Variant Type": "Double",
        "maxValue": most,
        "minValue": least,
    }
