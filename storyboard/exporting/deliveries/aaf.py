"""The cut for Avid Media Composer and Pro Tools, `.aaf`: linked media, dissolves, levels.

Written by pyaaf2 after the AAF Object Specification and Edit Protocol. A composition points to a
master mob for each file, that to the file (with its address), and that to a tape with the file's
timecode. Their UMIDs are made of what is in the files, so they are the same in every export.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from storyboard.errors import MediaError
from storyboard.exporting import manifest
from storyboard.exporting.deliveries.aaf_parts import AafParts
from storyboard.exporting.formats import otio
from storyboard.exporting.losses import black, common, transitions
from storyboard.exporting.media.going_out import going_out
from storyboard.exporting.notes import about
from storyboard.exporting.placements import events
from storyboard.safe_text import in_one_line
from storyboard.units.timing import whole

if TYPE_CHECKING:
    from storyboard.exporting.deliveries.delivery import HandOver
    from storyboard.exporting.media.files_of import MediaFile, Placed
    from storyboard.exporting.placements import Placement
    from storyboard.timeline import Sound, Timeline

NEEDS_MEDIA = True
NEEDED = "an .aaf needs pyaaf2; pip install pyaaf2"
_MADE = 1
"""Raised whenever the same cut would be written otherwise."""
_OURS = UUID("6f0c7d3e-58f3-5c5c-9d0a-6f6a6c1d2b10")
"""What the UMIDs are made under."""
_ALWAYS = datetime(2000, 1, 1)
"""Nothing of the day is written."""


def make(delivery: HandOver) -> list[Path]:
    """One file, which names the media by their place on this disc."""
    aaf2 = _library()
    heard = going_out(delivery.timeline, delivery.media.sounds)
    delivery = replace(delivery, timeline=heard)
    said = otio.write(delivery.timeline, delivery.media, clock=delivery.clock)
    identity = "\n".join((str(_MADE), str(delivery.place), said))
    return [delivery.file(".aaf", identity, partial(_write, delivery=delivery, aaf2=aaf2))]


def losses(timeline: Timeline) -> Iterator[str]:
    """What an `.aaf` does not carry, beside what no format does."""
    yield from common(timeline)
    yield from transitions(timeline, carries=("dissolve", "fade"))
    yield from black(timeline)
    if any(s.role == "take" and s.speed * timeline.rate != s.rate for s in timeline.sounds):
        yield "an .aaf does not say how fast a sound runs: that of retimed takes is left out"
    if any(sound.fade_in or sound.fade_out for sound in timeline.sounds):
        yield "fades of sounds are straight lines"
    yield "markers are in the .edl; prompts are comments of the clips"


def available() -> bool:
    """Whether the library is there that writes it."""
    try:
        _library()
    except MediaError:
        return False
    return True


def _library() -> Any:
    try:
        return import_module("aaf2")
    except ImportError as cause:
        raise MediaError(NEEDED) from cause


def _write(path: Path, *, delivery: HandOver, aaf2: Any) -> None:
    with aaf2.open(str(path), "w") as made:
        _Composition(made, aaf2, delivery).write()
        made.header["LastModified"].value = _ALWAYS
        said = made.header["IdentificationList"].value[0]
        said["ProductName"].value, said["CompanyName"].value = "storyboard", "storyboard"
        said["Date"].value, said["Platform"].value = _ALWAYS, "any"
        said["GenerationAUID"].value = uuid5(_OURS, delivery.stem)


class _Composition:
    """One cut, as it is written."""

    def __init__(self, made: Any, aaf2: Any, delivery: HandOver) -> None:
        self.made, self.aaf2, self.delivery = made, aaf2, delivery
        self.timeline, self.rate = delivery.timeline, delivery.timeline.rate
        self.parts = AafParts(made, aaf2)
        self.masters: dict[MediaFile, Any] = {}
        self.lists: dict[str, dict[str, str]] = {}

    def write(self) -> None:
        """Everything."""
        mob = self.named("composition", self.delivery.stem, self.made.create.CompositionMob())
        mob.name, mob.usage = in_one_line(self.timeline.title), "Usage_TopLevel"
        self.clocked(mob, self.delivery.clock.start, self.timeline.frames)
        self.picture(mob)
        pairs = zip(self.timeline.sounds, self.delivery.media.sounds, strict=True)
        for number, (sound, placed) in enumerate(pairs, 1):
            if placed.speed == 1:
                self.sound(mob, number, sound, placed)
        for file in self.delivery.media.files():
            self.master(file)

    def named(self, kind: str, what: str, mob: Any) -> Any:
        """The mob with its lasting UMID."""
        mob.mob_id = self.parts.umid(uuid5(_OURS, f"{kind} {what}"))
        mob["CreationTime"].value = mob["LastModified"].value = _ALWAYS
        self.made.content.mobs.append(mob)
        return mob

    def clocked(self, mob: Any, start: int, frames: int) -> None:
        """A timecode track."""
        clock = self.delivery.clock
        slot = mob.create_timeline_slot(self.rate)
        slot.name = "TC1"
        slot["PhysicalTrackNumber"].value = 1
        slot.segment = self.made.create.Timecode(clock.nominal, drop=clock.drop, length=frames)
        slot.segment.start = start

    def picture(self, mob: Any) -> None:
        """The picture track: what lies under a transition belongs to both of its sides."""
        slot = mob.create_timeline_slot(self.rate)
        slot.name = "V1"
        slot["PhysicalTrackNumber"].value = 1
        track = self.made.create.Sequence(media_kind="picture")
        cut = events(self.timeline, self.delivery.media)
        for part in _parts(cut):
            track.components.append(self.seen(*part))
        track.length = self.timeline.frames
        slot.segment = track

    def seen(self, kind: str, frames: int, before: int, event: Placement | None) -> Any:
        """A clip with what its transitions show, a transition, or black."""
        if kind == "over":
            return self.parts.dissolve(frames, before)
        if event is None:
            return self.made.create.Filler("picture", frames)
        master = self.master(event.file)
        first = event.source(-before)
        if event.speed == 1:
            return self.clip(master, 1, first, frames, "picture")
        shown = max(1, whole(frames * event.speed))
        source = self.clip(master, 1, first, shown, "picture")
        return self.parts.retimed(source, frames, 1 / event.speed)

    def clip(self, master: Any, slot: int, first: int, frames: int, kind: str) -> Any:
        return self.made.create.SourceClip(
            start=first, length=frames, mob_id=master.mob_id, slot_id=slot, media_kind=kind
        )

    def sound(self, mob: Any, number: int, sound: Sound, placed: Placed) -> None:
        """A sound's channels, each on a track of its own, at its level."""
        master = self.master(placed.file)
        for channel in range(1, placed.file.channels + 1):
            slot = mob.create_timeline_slot(self.rate)
            slot.name = f"A{number}.{channel}"
            slot["PhysicalTrackNumber"].value = (number - 1) * placed.file.channels + channel
            track = self.made.create.Sequence(media_kind="sound")
            if sound.start:
                track.components.append(self.made.create.Filler("sound", sound.start))
            source = self.clip(master, channel, placed.first, placed.frames, "sound")
            level = 10 ** (sound.gain / 20)
            fades = (min(sound.fade_in, placed.frames), min(sound.fade_out, placed.frames))
            track.components.append(self.parts.levelled(source, placed.frames, level, fades))
            track.length = sound.start + placed.frames
            slot.segment = track

    def master(self, file: MediaFile) -> Any:
        """The clip of a file, as it lies in a bin."""
        if file not in self.masters:
            self.masters[file] = self._master(file)
        return self.masters[file]

    def _master(self, file: MediaFile) -> Any:
        what = f"{file.name} {self.content(file)}"
        kind = "picture" if file.size else "sound"
        tape = self.named("tape", what, self.made.create.SourceMob())
        tape.name, tape.descriptor = file.reel, self.made.create.TapeDescriptor()
        source = self.named("file", what, self.made.create.SourceMob())
        source.name = file.file_name
        source.descriptor = self.parts.described(file, self.rate, self.address(file))
        master = self.named("master", what, self.made.create.MasterMob())
        master.name = file.stem
        for channel in range(1, max(1, file.channels) + 1):
            chain = (master, source, tape)
            for mob in chain:
                slot = mob.create_timeline_slot(self.rate, channel)
                slot["PhysicalTrackNumber"].value = channel
            for mob, below in pairwise((*chain, None)):
                under = self.made.create.SourceClip(length=file.frames, media_kind=kind)
                if below is not None:
                    under.mob_id, under.slot_id = below.mob_id, channel
                mob.slot_at(channel).segment = under
        self.clocked(tape, file.start, file.frames)
        self.comment(master, file)
        return master

    def comment(self, master: Any, file: MediaFile) -> None:
        """What is known of a take."""
        cut = events(self.timeline, self.delivery.media)
        said = next((about(event) for event in cut if event.file == file), "")
        if said:
            master.comments["Comments"] = said

    def address(self, file: MediaFile) -> str:
        return (self.delivery.media.folder / file.name).as_uri()

    def content(self, file: MediaFile) -> str:
        """What is in a file, as its folder's list has it."""
        folder = file.name.rpartition("/")[0]
        if folder not in self.lists:
            self.lists[folder] = manifest.read(self.delivery.media.folder / folder)
        return self.lists[folder].get(file.file_name, "")


def _parts(cut: tuple[Placement, ...]) -> Iterator[tuple[str, int, int, Placement | None]]:
    """The track's components: kind, frames, frames before its start or cut, and the clip."""
    for number, event in enumerate(cut):
        opening, closing = event.opening, event.closing
        if opening is not None and not opening.overlaps:
            if number == 0:
                yield "black", opening.after, 0, None
            yield "over", opening.after, 0, None
        elif opening is not None:
            yield "over", opening.frames, opening.before, None
        head = opening.before if opening and opening.overlaps else 0
        tail = closing.after if closing and closing.overlaps else 0
        yield "clip", event.frames + head + tail, head, event
        if closing is not None and not closing.overlaps and closing.before:
            yield "over", closing.before, closing.before, None
            yield "black", closing.before + closing.after, 0, None
