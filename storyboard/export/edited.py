"""Reading a cut back: an `.otio` that an editor's program wrote, as plain values.

Programs keep different parts of what they were given, so a shot is known by our metadata where
that is still there, and by the name of its file where it is not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from storyboard import files
from storyboard.errors import MediaError
from storyboard.export.otio import NAMESPACE
from storyboard.timing import Rate, whole

_LIMIT = 100_000_000
_FILE = re.compile(r"(.+)_v(\d{3,})(_hold|_still|_slate)?(\.\w+)?")
_WARPS = ("LinearTimeWarp", "FreezeFrame")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class EditedTransition:
    """A transition over an edited cut, in film frames."""

    kind: str
    before: int
    after: int
    color: str = "#000000"
    direction: str = "left"


@dataclass(frozen=True, slots=True)
class EditedClip:
    """A clip of the edited picture track."""

    shot: str
    version: int
    """Which version of the shot's file."""
    first: int
    """The frame of its file, counted from the file's first timecode label."""
    file_start: int | None
    """The label of that first frame; None where the program did not keep it."""
    frames: int
    speed: Fraction
    """File frames for one film frame."""
    frozen: bool
    """Whether it shows one picture."""
    opening: EditedTransition | None = None


@dataclass(frozen=True, slots=True)
class Edited:
    """An edited cut: its picture track, and what was not understood."""

    rate: Rate
    clips: tuple[EditedClip, ...]
    notes: tuple[str, ...] = ()


@dataclass
class _Track:
    """The picture track as it is read, item by item."""

    rate: Rate
    clips: list[EditedClip] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    waiting: EditedTransition | None = None
    """The transition whose later side has not come yet."""
    black: int = 0
    """Frames of a gap inside a fade."""


def read_otio(path: Path) -> Edited:
    """The picture track of an `.otio`; MediaError where there is none, or the file is broken."""
    try:
        root = json.loads(files.read(path, limit=_LIMIT))
    except (ValueError, RecursionError) as cause:
        raise MediaError(f"{path} can't be read: {cause}") from cause
    try:
        return _timeline(root, path)
    except (KeyError, TypeError, AttributeError, ZeroDivisionError) as cause:
        raise MediaError(f"{path} is no whole OpenTimelineIO file ({cause!r})") from cause


def _timeline(root: Json, path: Path) -> Edited:
    if _kind(root) == "SerializableCollection":
        root = next((c for c in root["children"] if _kind(c) == "Timeline"), root)
    if _kind(root) != "Timeline":
        raise MediaError(f"{path} holds no timeline; save the sequence as OpenTimelineIO")
    tracks = [t for t in root["tracks"]["children"] if t.get("kind") == "Video"]
    full = [t for t in tracks if any(_kind(item) == "Clip" for item in t["children"])]
    if not full:
        raise MediaError(f"{path} has no picture in it")
    track = _Track(_rate(full[0]))
    if len(full) > 1:
        track.notes.append(f"only the lowest of {len(full)} picture tracks is read")
    items = full[0]["children"]
    for number, item in enumerate(items):
        _take_in(track, item, following=items[number + 1 :])
    return Edited(track.rate, tuple(track.clips), tuple(track.notes))


def _take_in(track: _Track, item: Json, *, following: list[Json]) -> None:
    kind = _kind(item)
    if kind == "Transition":
        _transition(track, item)
    elif kind == "Clip":
        _clip(track, item)
    elif kind == "Gap":
        _gap(track, item, following)
    else:
        name = item.get("name") or kind
        track.notes.append(f"{name}: a compound clip is not read; take it apart and save again")


def _transition(track: _Track, item: Json) -> None:
    said = _ours(item)
    kind = str(said.get("kind") or "dissolve")
    before = _frames(item["in_offset"], track.rate)
    after = _frames(item["out_offset"], track.rate)
    if track.black or not track.clips:
        kind, before = "fade", track.black
    track.waiting = EditedTransition(
        kind, before, after, said.get("color", "#000000"), said.get("direction", "left")
    )
    track.black = 0


def _gap(track: _Track, item: Json, following: list[Json]) -> None:
    """Black between two transitions is a fade; other black is not known to a storyboard."""
    frames = _frames(item["source_range"]["duration"], track.rate)
    fades = track.waiting is not None and bool(following) and _kind(following[0]) == "Transition"
    if fades and track.clips:
        last = track.clips[-1]
        track.clips[-1] = replace(last, frames=last.frames + frames)
        track.black, track.waiting = frames, None
    else:
        at = sum(clip.frames for clip in track.clips)
        track.notes.append(f"black of {frames} frames after frame {at} is left out")


def _clip(track: _Track, item: Json) -> None:
    if item.get("enabled") is False:
        track.notes.append(f"{item.get('name')!r} is disabled and is left out")
        return
    reference = _reference(item)
    found = _FILE.fullmatch(_file_name(reference) or str(item.get("name", "")))
    shot = _ours(item).get("shot") or (found and found[1])
    if not shot:
        track.notes.append(f"{item.get('name')!r} is no shot of this storyboard and is left out")
        return
    available: Json = reference.get("available_range") or {}
    span: Json = item.get("source_range") or available
    start = _frames(span["start_time"], track.rate)
    file_start = _frames(available["start_time"], track.rate) if available else None
    speed = _speed(item)
    standing = bool(found and found[3]) or speed == 0
    track.clips.append(
        EditedClip(
            shot=str(shot),
            version=int(found[2]) if found else 1,
            first=start - (file_start or 0),
            file_start=file_start,
            frames=_frames(span["duration"], track.rate),
            speed=speed,
            frozen=standing,
            opening=track.waiting,
        )
    )
    track.waiting = None


def _speed(item: Json) -> Fraction:
    speed = Fraction(1)
    for effect in item.get("effects") or []:
        if _kind(effect) in _WARPS:
            scalar = 0 if _kind(effect) == "FreezeFrame" else effect.get("time_scalar", 1)
            speed *= Fraction(str(scalar)).limit_denominator(100_000)
    return speed


def _reference(item: Json) -> Json:
    references = item.get("media_references") or {}
    key = item.get("active_media_reference_key") or "DEFAULT_MEDIA"
    return references.get(key) or item.get("media_reference") or {}


def _file_name(reference: Json) -> str:
    address = str(reference.get("target_url") or reference.get("name") or "")
    return unquote(re.split(r"[/\\]", address)[-1])


def _ours(item: Json) -> Json:
    found = (item.get("metadata") or {}).get(NAMESPACE)
    return found if isinstance(found, dict) else {}


def _rate(track: Json) -> Rate:
    rates = [
        Fraction(str(span["duration"]["rate"])).limit_denominator(1001)
        for span in _spans(track)
        if span
    ]
    return rates[0]


def _spans(track: Json) -> Iterator[Json]:
    for item in track["children"]:
        if _kind(item) == "Clip":
            yield item.get("source_range") or _reference(item).get("available_range") or {}


def _frames(time: Json, rate: Rate) -> int:
    own = Fraction(str(time["rate"])).limit_denominator(1001)
    return whole(Fraction(str(time["value"])) / own * rate)


def _kind(item: Json) -> str:
    return str(item.get("OTIO_SCHEMA", "")).partition(".")[0]
