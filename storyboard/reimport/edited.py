"""Reading a cut back: an `.otio` that an editor's program wrote, as plain values.

Programs keep different parts of what they were given, so a shot is known by our metadata where
that is still there, by the name of its file where it is not, and else by the clip's own name.
What can't be understood exactly is refused with the clip's name, or noted as not read.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import files
from storyboard.errors import MediaError
from storyboard.reimport import otio_fields as fields
from storyboard.reimport.otio_fields import Unclear, kind
from storyboard.safe_text import in_message
from storyboard.units.transition_kinds import KINDS

if TYPE_CHECKING:
    from storyboard.reimport.otio_fields import Json
    from storyboard.units.timing import Rate

_LIMIT = 100_000_000
_FILE = re.compile(r"(.+)_v(\d{3,6})(_hold|_still|_slate)?(\.\w+)?", re.ASCII | re.DOTALL)
_COLOR = re.compile("#[0-9a-fA-F]{6}")
_DIRECTIONS = ("left", "right", "up", "down")


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
    """Which take of the shot, or else which version of its file."""
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
    held: int | None = None
    """The frame of its take that a movie of one picture shows, where that is known."""
    file_first: int | None = None
    """The frame of its take that its file begins on; None where the program did not keep it."""
    movie: bool = False
    """Whether its file is a movie of one picture, so that `first` says nothing of the take."""


@dataclass(frozen=True, slots=True)
class EditedSound:
    """A sound of the edited cut: the family of its file, and the film frame it starts at."""

    family: str
    start: int


@dataclass(frozen=True, slots=True)
class Edited:
    """An edited cut: its picture track, and what was not understood."""

    rate: Rate
    clips: tuple[EditedClip, ...]
    notes: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    """The names of all markers."""
    sounds: tuple[EditedSound, ...] = ()
    ending: int = 0
    """Frames of a fade at its end."""


@dataclass
class _Track:
    """The picture track as it is read, item by item."""

    rate: Rate
    shots: Collection[str]
    """Names that a clip may have; empty: not known."""
    clips: list[EditedClip] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    waiting: EditedTransition | None = None
    """The transition whose later side has not come yet."""
    black: int = 0
    """Frames of a gap inside a fade."""
    ending: int = 0
    """Frames of a fade at the film's end."""


def read_otio(path: Path, *, shots: Collection[str] = ()) -> Edited:
    """The picture track of an `.otio`; MediaError where there is none, or the file is broken.

    `shots` are the film's: other clips are then left out, and noted.
    """
    data = files.read(path, limit=_LIMIT)
    try:
        root = json.loads(data)
    except (ValueError, RecursionError) as cause:
        raise MediaError(
            f"{path} can't be read as OpenTimelineIO: {_kind_of(data)}; save the sequence as "
            "OpenTimelineIO, .otio"
        ) from cause
    try:
        return _timeline(root, shots)
    except Unclear as cause:
        raise MediaError(f"{path}: {cause}") from cause


def _kind_of(data: bytes) -> str:
    """What a file that is no `.otio` is."""
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    signs = {b"PK": "it is zipped", b"<": "it is XML", b"TITLE:": "it is an EDL"}
    signs |= {b"{": "it is damaged, or breaks off", b"": "it is something else"}
    found = next(what for sign, what in signs.items() if head.startswith(sign))
    return found if head else "it is empty"


def _timeline(root: object, shots: Collection[str]) -> Edited:
    if not isinstance(root, dict):
        raise Unclear("it is no OpenTimelineIO file; save the sequence as OpenTimelineIO")
    sequences = [root]
    if kind(root) == "SerializableCollection":
        sequences = [one for one in fields.blocks(root, "children") if kind(one) == "Timeline"]
    if not sequences or kind(sequences[0]) != "Timeline":
        raise Unclear("it holds no timeline; save the sequence as OpenTimelineIO")
    stack = fields.block(sequences[0], "tracks")
    picture, others = _tracks(stack, shots)
    track = _Track(_rate(picture, shots), shots, notes=list(others))
    if len(sequences) > 1:
        track.notes.append(f"only the first of {len(sequences)} sequences is read")
    _read(track, picture)
    return Edited(
        track.rate,
        tuple(track.clips),
        tuple(dict.fromkeys(track.notes)),
        tuple(_markers(stack)),
        tuple(_sounds(stack, track.rate)),
        track.ending,
    )


def _read(track: _Track, picture: Json) -> None:
    items = fields.blocks(picture, "children")
    for number, item in enumerate(items):
        _take_in(track, item, following=items[number + 1 :])
    if track.waiting is not None:
        track.notes.append("the fade at the film's end is not read")
    if fields.blocks(picture, "effects"):
        track.notes.append(f"effects on the track {fields.name(picture)} are not read")


def _tracks(stack: Json, shots: Collection[str]) -> tuple[Json, list[str]]:
    """The track that is the film, and what is to be said about those above it.

    A shot of the film on a track above it is seen instead of what lies below, which one track
    can't say: such a cut is refused.
    """
    _check_untrimmed(stack)
    tracks = [t for t in fields.blocks(stack, "children") if t.get("kind") == "Video"]
    full = [t for t in tracks if any(map(_counts, fields.blocks(t, "children")))]
    seen = [t for t in full if t.get("enabled") is not False]
    off = [fields.name(t) for t in full if t.get("enabled") is False]
    notes = [f"the track {name} is switched off and is left out" for name in off]
    if not seen:
        raise Unclear("it has no picture in it")
    for upper in seen[1:]:
        for item in fields.blocks(upper, "children"):
            if _counts(item) and (kind(item) == "Stack" or _shot(item, shots)):
                raise Unclear(
                    f"{fields.name(item)} lies on the picture track {fields.name(upper)}, above "
                    "the film's; move it to the lowest one and save again"
                )
        notes.append(f"the picture track {fields.name(upper)}, above the film's, is not read")
    _check_untrimmed(seen[0])
    return seen[0], notes


def _check_untrimmed(holder: Json) -> None:
    if holder.get("source_range") is not None:
        raise Unclear(
            f"{fields.name(holder)} is trimmed as a whole; trim the clips in it and save again"
        )


def _counts(item: Json) -> bool:
    """Whether something is seen there."""
    return kind(item) in ("Clip", "Stack", "Track") and item.get("enabled") is not False


def _take_in(track: _Track, item: Json, *, following: list[Json]) -> None:
    match kind(item):
        case "Transition":
            _transition(track, item)
        case "Clip":
            _clip(track, item)
        case "Gap":
            _gap(track, item, following)
        case _ if _counts(item):
            raise Unclear(f"{fields.name(item)} is a compound clip; take it apart and save again")
        case _:
            track.notes.append(f"{fields.name(item)} is not known here and is left out")


def _transition(track: _Track, item: Json) -> None:
    said = fields.ours(item)
    named = said.get("kind")
    if named not in KINDS:
        named = "dissolve"
        if item.get("transition_type") != "SMPTE_Dissolve":
            track.notes.append(f"the transition {fields.name(item)} is read as a dissolve")
    before, after = (
        fields.frames(fields.block(item, side), track.rate, f"the transition {fields.name(item)}")
        for side in ("in_offset", "out_offset")
    )
    if before < 0 or after < 0:
        raise Unclear(f"the transition {fields.name(item)} is less than no frame long")
    if track.black or not track.clips:
        named, before = "fade", track.black
    if before + after == 0:
        return
    color, direction = said.get("color"), said.get("direction")
    track.waiting = EditedTransition(
        str(named),
        before,
        after,
        color if isinstance(color, str) and _COLOR.fullmatch(color) else "#000000",
        direction if isinstance(direction, str) and direction in _DIRECTIONS else "left",
    )
    track.black = 0


def _gap(track: _Track, item: Json, following: list[Json]) -> None:
    """Black between two transitions is a fade; other black is not known to a storyboard."""
    frames = fields.length(fields.block(item, "source_range"), track.rate, "a gap")
    fades = track.waiting is not None and bool(following) and kind(following[0]) == "Transition"
    ends = track.waiting is not None and not following
    if (fades or ends) and track.clips:
        last = track.clips[-1]
        track.clips[-1] = replace(last, frames=last.frames + frames)
        track.black, track.ending, track.waiting = (frames, 0, None) if fades else (0, frames, None)
    elif frames:
        at = sum(clip.frames for clip in track.clips)
        track.notes.append(f"black of {frames} frames after frame {at} is left out")


def _clip(track: _Track, item: Json) -> None:
    named = fields.name(item)
    if item.get("enabled") is False:
        track.notes.append(f"{named} is disabled and is left out")
        return
    shot = _shot(item, track.shots)
    if not shot:
        track.notes.append(f"{named} is no shot of this storyboard and is left out")
        return
    media = fields.reference(item)
    found = _FILE.fullmatch(_known_by(item))
    available = fields.block(media, "available_range")
    span = fields.block(item, "source_range") or available
    frames = fields.length(span, track.rate, named)
    if frames < 1:
        raise Unclear(f"{named} is {frames} frames long; take it out, or make it longer")
    file_start = _start(available, track.rate, named) if available else None
    speed = _speed(track, item)
    movie = bool(found and found[3])
    track.clips.append(
        EditedClip(
            shot=shot,
            version=_take(item, media, int(found[2]) if found else 1),
            first=_start(span, track.rate, named) - (file_start or 0),
            file_start=file_start,
            frames=frames,
            speed=speed,
            frozen=movie or speed == 0,
            opening=track.waiting,
            held=_held(item) if movie else None,
            file_first=_whole_number(fields.ours(media), "first"),
            movie=movie,
        )
    )
    track.waiting = None
    _check_media(track, item, shot)


def _start(span: Json, rate: Rate, named: str) -> int:
    return fields.frames(fields.block(span, "start_time"), rate, named)


def _shot(item: Json, shots: Collection[str]) -> str:
    """The shot that a clip shows; empty where it is none of ours."""
    said = fields.ours(item).get("shot")
    if isinstance(said, str) and said:
        return said
    found = _FILE.fullmatch(_known_by(item))
    own = item.get("name")
    for shot in (found[1] if found else "", own if isinstance(own, str) else ""):
        if shot and (shot in shots or (not shots and found and shot == found[1])):
            return shot
    return ""


def _known_by(item: Json) -> str:
    """The name of its file, or its own."""
    own = item.get("name")
    return fields.file_name(fields.reference(item)) or (own if isinstance(own, str) else "")


def _check_media(track: _Track, item: Json, shot: str) -> None:
    """Another file under our own metadata: the cut shows what the storyboard does not have."""
    shows = fields.file_name(fields.reference(item))
    found = _FILE.fullmatch(shows)
    if not shows or shows == shot or (found and found[1].casefold() == shot.casefold()):
        return
    if found and _is_shared(found[1], track.shots):
        return
    if found and found[1] in track.shots:
        raise Unclear(
            f"{fields.name(item)} is marked as {shot} and shows {in_message(shows)}; put the "
            "shot itself there and save again"
        )
    track.notes.append(f"{shot} shows {in_message(shows)} there; its own take is used")


def _is_shared(stem: str, shots: Collection[str]) -> bool:
    """Whether a file is called after the first and the last of several shots that show it."""
    return any(f"{first}-{last}" == stem for first in shots for last in shots)


def _take(item: Json, media: Json, version: int) -> int:
    """Which take a clip shows: as we wrote it, where it shows the file that we wrote it of."""
    ours = item.get("active_media_reference_key") in (None, "", "DEFAULT_MEDIA")
    take = _whole_number(fields.ours(item if ours else media), "take")
    kept = take and fields.file_name(media) == media.get("name")
    return take if take and kept else version


def _held(item: Json) -> int | None:
    return _whole_number(fields.ours(item), "held_frame")


def _whole_number(said: Json, field: str) -> int | None:
    found = said.get(field)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _speed(track: _Track, item: Json) -> Fraction:
    """How fast a clip runs; what else is done to it is noted."""
    speed, named = Fraction(1), fields.name(item)
    for effect in fields.blocks(item, "effects"):
        match kind(effect):
            case "FreezeFrame":
                speed *= 0
            case "LinearTimeWarp":
                scalar = fields.number(effect, "time_scalar", f"the speed of {named}")
                speed *= scalar.limit_denominator(100_000)
            case "TimeEffect" | "TimeWarp":
                track.notes.append(f"{named} changes its speed on the way, which is not read")
            case _:
                track.notes.append(f"the effect {fields.name(effect)} on {named} is not read")
    if speed < 0:
        raise Unclear(
            f"{named} runs backwards, which a storyboard can't; turn it round and save again"
        )
    return speed


def _rate(picture: Json, shots: Collection[str]) -> Rate:
    """The rate of most clips: of the film's own, where there are some."""
    clips = [item for item in fields.blocks(picture, "children") if kind(item) == "Clip"]
    known = [item for item in clips if _shot(item, shots)]
    rates: Counter[Rate] = Counter()
    for item in known or clips:
        span = fields.block(item, "source_range") or fields.block(
            fields.reference(item), "available_range"
        )
        if duration := fields.block(span, "duration"):
            rates[fields.rate(duration, fields.name(item))] += 1
    if not rates:
        raise Unclear("none of its clips has a range; save the sequence with its media online")
    return rates.most_common(1)[0][0]


def _markers(stack: Json) -> Iterator[str]:
    tracks = fields.blocks(stack, "children")
    items = [item for track in tracks for item in fields.blocks(track, "children")]
    for holder in (stack, *tracks, *items):
        for marker in fields.blocks(holder, "markers"):
            yield str(marker.get("name", ""))


def _sounds(stack: Json, rate: Rate) -> Iterator[EditedSound]:
    for track in fields.blocks(stack, "children"):
        at = 0
        for item in fields.blocks(track, "children") if track.get("kind") == "Audio" else ():
            found = _FILE.fullmatch(_known_by(item)) if kind(item) == "Clip" else None
            if found and track.get("enabled") is not False and item.get("enabled") is not False:
                yield EditedSound(found[1], at)
            span = fields.block(item, "source_range")
            at += fields.length(span, rate, fields.name(item)) if span else 0
