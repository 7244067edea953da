"""`.otio`, OpenTimelineIO: what Resolve, Premiere, Kdenlive and the library itself write."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from storyboard.exporting.media.files_of import reel
from storyboard.reimport.readers import otio_fields as fields
from storyboard.reimport.readers.otio_fields import kind
from storyboard.reimport.sequence import (
    FILE,
    Blend,
    EditedMarker,
    EditedSound,
    Excerpt,
    Own,
    Sequence,
    Space,
    Track,
    Unclear,
    file_name,
)
from storyboard.units.transition_kinds import KINDS

if TYPE_CHECKING:
    from storyboard.reimport.readers.otio_fields import Json
    from storyboard.reimport.sequence import Item, Known
    from storyboard.units.timing import Rate

_COLOR = re.compile("#[0-9a-fA-F]{6}")
_DIRECTIONS = ("left", "right", "up", "down")


def read(data: bytes, known: Known) -> Sequence:
    """The first sequence of an `.otio`; Unclear where there is none, or the file is broken."""
    try:
        root = json.loads(data)
    except (ValueError, RecursionError) as cause:
        raise Unclear("it is damaged, or breaks off; save the sequence again") from cause
    if not isinstance(root, dict):
        raise Unclear("it is no OpenTimelineIO file; save the sequence as OpenTimelineIO")
    sequences = [root]
    if kind(root) == "SerializableCollection":
        sequences = [one for one in fields.blocks(root, "children") if kind(one) == "Timeline"]
    if not sequences or kind(sequences[0]) != "Timeline":
        raise Unclear("it holds no timeline; save the sequence as OpenTimelineIO")
    stack = fields.block(sequences[0], "tracks")
    _check_untrimmed(stack)
    pictures = [t for t in fields.blocks(stack, "children") if t.get("kind") == "Video"]
    desk = _Desk(_rate(pictures, known))
    if len(sequences) > 1:
        desk.notes.append(f"only the first of {len(sequences)} sequences is read")
    tracks = tuple(desk.track(track) for track in pictures if _seen(track, desk))
    return Sequence(
        desk.rate,
        tracks,
        tuple(desk.notes),
        tuple(_markers(stack, desk.rate)),
        tuple(_sounds(stack, desk.rate)),
    )


def _check_untrimmed(holder: Json) -> None:
    if holder.get("source_range") is not None:
        raise Unclear(
            f"{fields.name(holder)} is trimmed as a whole; trim the clips in it and save again"
        )


def _counts(item: Json) -> bool:
    """Whether something is seen there."""
    return kind(item) in ("Clip", "Stack", "Track") and item.get("enabled") is not False


def _seen(track: Json, desk: _Desk) -> bool:
    if not any(map(_counts, fields.blocks(track, "children"))):
        return False
    if track.get("enabled") is False:
        desk.notes.append(f"the track {fields.name(track)} is switched off and is left out")
        return False
    _check_untrimmed(track)
    return True


@dataclass
class _Desk:
    """What the parts of a file are read with, and what is to be said of them."""

    rate: Rate
    notes: list[str] = field(default_factory=list)

    def track(self, track: Json) -> Track:
        if not all(map(fields.is_idle, fields.blocks(track, "effects"))):
            self.notes.append(f"effects on the track {fields.name(track)} are not read")
        items = (self.item(item) for item in fields.blocks(track, "children"))
        name = track.get("name")
        return Track(name if isinstance(name, str) else "", tuple(i for i in items if i))

    def item(self, item: Json) -> Item | None:
        match kind(item):
            case "Transition":
                return self.blend(item)
            case "Clip":
                return self.clip(item)
            case "Gap":
                return Space(self.length(item, "a gap"))
            case _ if _counts(item):
                raise Unclear(
                    f"{fields.name(item)} is a compound clip; take it apart and save again"
                )
            case _:
                self.notes.append(f"{fields.name(item)} is not known here and is left out")
                return None

    def length(self, item: Json, named: str) -> int:
        media = fields.reference(item)
        span = fields.block(item, "source_range") or fields.block(media, "available_range")
        return fields.length(span, self.rate, named)

    def blend(self, item: Json) -> Blend | None:
        said = fields.ours(item)
        named = said.get("kind")
        if named not in KINDS:
            named = "dissolve"
            if item.get("transition_type") != "SMPTE_Dissolve":
                self.notes.append(f"the transition {fields.name(item)} is read as a dissolve")
        owner = f"the transition {fields.name(item)}"
        before, after = (
            fields.frames(fields.block(item, side), self.rate, owner)
            for side in ("in_offset", "out_offset")
        )
        if before < 0 or after < 0:
            raise Unclear(f"{owner} is less than no frame long")
        if before + after == 0:
            return None
        color, direction = said.get("color"), said.get("direction")
        return Blend(
            fields.name(item),
            str(named),
            before,
            after,
            color if isinstance(color, str) and _COLOR.fullmatch(color) else "",
            direction if isinstance(direction, str) and direction in _DIRECTIONS else "",
        )

    def clip(self, item: Json) -> Excerpt | Space:
        named, own = fields.name(item), item.get("name")
        frames = self.length(item, named)
        if frames < 1:
            raise Unclear(f"{named} is {frames} frames long; take it out, or make it longer")
        if item.get("enabled") is False:
            self.notes.append(f"{named} is disabled and is left out")
            return Space(frames)
        media = fields.reference(item)
        available = fields.block(media, "available_range")
        span = fields.block(item, "source_range") or available
        start = self.start(available, named) if available else None
        address = fields.address(media)
        return Excerpt(
            name=own if isinstance(own, str) else "",
            frames=frames,
            first=Fraction(self.start(span, named) - (start or 0)),
            file=file_name(address),
            address=address,
            file_start=start,
            speed=self.speed(item),
            own=_own(item, media),
        )

    def start(self, span: Json, named: str) -> int:
        return fields.frames(fields.block(span, "start_time"), self.rate, named)

    def speed(self, item: Json) -> Fraction:
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
                    self.notes.append(f"{named} changes its speed on the way, which is not read")
                case _ if not fields.is_idle(effect):
                    effect_name = fields.name(effect)
                    self.notes.append(f"the effect {effect_name} on {named} is not read")
        return speed


def _own(item: Json, media: Json) -> Own:
    """What we wrote of a clip: of its take, where it still shows the file that we wrote it of."""
    said = fields.ours(item)
    shot = said.get("shot")
    ours = item.get("active_media_reference_key") in (None, "", "DEFAULT_MEDIA")
    take = _number(fields.ours(item if ours else media), "take")
    shown = file_name(fields.address(media))
    written = fields.ours(media).get("reel")
    kept = shown == media.get("name") and written in (None, reel(shown.rpartition(".")[0]))
    return Own(
        shot=shot if isinstance(shot, str) else "",
        take=take if take and kept else None,
        held=_number(said, "held_frame"),
        file_first=_number(fields.ours(media), "first"),
    )


def _number(said: Json, field: str) -> int | None:
    found = said.get(field)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _rate(pictures: list[Json], known: Known) -> Rate:
    """The rate of most clips of the lowest track: of the film's own, where there are some."""
    for track in pictures:
        clips = [item for item in fields.blocks(track, "children") if kind(item) == "Clip"]
        if not clips:
            continue
        ours = [item for item in clips if _is_ours(item, known)]
        rates: Counter[Rate] = Counter()
        for item in ours or clips:
            media = fields.reference(item)
            span = fields.block(item, "source_range") or fields.block(media, "available_range")
            if duration := fields.block(span, "duration"):
                rates[fields.rate(duration, fields.name(item))] += 1
        if not rates:
            raise Unclear("none of its clips has a range; save the sequence with its media online")
        return rates.most_common(1)[0][0]
    return known.rate


def _is_ours(item: Json, known: Known) -> bool:
    named = item.get("name")
    own = _own(item, fields.reference(item))
    name = named if isinstance(named, str) else ""
    return bool(known.shot(Excerpt(name, 0, Fraction(0), fields.file_named(item), own=own)))


def _markers(stack: Json, rate: Rate) -> Iterator[EditedMarker]:
    """All markers; those of the whole sequence and of clips with their place on the film."""
    for marker in fields.blocks(stack, "markers"):
        yield _marker(marker, rate, Fraction(0))
    for track in fields.blocks(stack, "children"):
        for marker in fields.blocks(track, "markers"):
            yield _marker(marker, rate, Fraction(0))
        at = 0
        for item in fields.blocks(track, "children"):
            span = fields.block(item, "source_range")
            start = fields.block(span, "start_time")
            begins = fields.frames(start, rate, fields.name(item)) if start else 0
            for marker in fields.blocks(item, "markers"):
                yield _marker(marker, rate, Fraction(at - begins))
            at += fields.length(span, rate, fields.name(item)) if span else 0


def _marker(marker: Json, rate: Rate, offset: Fraction) -> EditedMarker:
    name, text = marker.get("name"), marker.get("comment")
    span = fields.block(marker, "marked_range")
    start, length = fields.block(span, "start_time"), fields.block(span, "duration")
    owner = f"the marker {fields.name(marker)}"
    at = int(fields.frames(start, rate, owner) + offset) if start else None
    return EditedMarker(
        name if isinstance(name, str) else "",
        text if isinstance(text, str) else "",
        at,
        max(1, fields.frames(length, rate, owner)) if length else 1,
    )


def _sounds(stack: Json, rate: Rate) -> Iterator[EditedSound]:
    for track in fields.blocks(stack, "children"):
        at = 0
        for item in fields.blocks(track, "children") if track.get("kind") == "Audio" else ():
            name = item.get("name")
            known_by = fields.file_named(item) or (name if isinstance(name, str) else "")
            found = FILE.fullmatch(known_by) if kind(item) == "Clip" else None
            if found and track.get("enabled") is not False and item.get("enabled") is not False:
                yield EditedSound(found["shot"], at)
            span = fields.block(item, "source_range")
            at += fields.length(span, rate, fields.name(item)) if span else 0
