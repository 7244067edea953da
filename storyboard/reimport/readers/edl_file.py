"""`.edl`, CMX3600: what Avid and every other program can write.

    001  sh010_v001 V  C          01:10:00:00 01:10:02:00 01:00:00:00 01:00:02:00
    002  sh010_v001 V  C          01:10:02:00 01:10:02:00 01:00:02:00 01:00:02:00
    002  sh020_v001 V  D    012   01:20:00:00 01:20:02:00 01:00:02:00 01:00:04:00

It does not say its rate: that is taken for the film's. The event above is a transition: its first
line is what is left, its second what is come into, and it begins where the second does. Comments
(`* FROM CLIP NAME: ...`) and speeds (`M2`) belong to the event that they stand below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from storyboard.errors import MediaError
from storyboard.exporting.timecodes import DROPPABLE, Timecodes
from storyboard.reimport.sequence import (
    FILE,
    ROUNDED,
    Blend,
    EditedMarker,
    EditedSound,
    Excerpt,
    Sequence,
    Space,
    Track,
    Unclear,
    file_name,
)
from storyboard.safe_text import in_message
from storyboard.units.timing import LONGEST, whole

if TYPE_CHECKING:
    from storyboard.reimport.sequence import Item, Known

_LABEL = r"(\d\d:\d\d:\d\d[:;.,]\d\d)"
_EVENT = re.compile(
    rf"\s*(\d+)\s+(.+?)\s+(\S+)\s+(C|D|W\d+|K\s?[BO]?)\s+(?:(\d+)\s+)?{_LABEL}\s+{_LABEL}\s+{_LABEL}\s+{_LABEL}\s*",
    re.ASCII,
)
_MOTION = re.compile(rf"\s*M2\s+(.+?)\s+([-+]?[\d.]+)\s+{_LABEL}\s*", re.ASCII)
_SAID = re.compile(r"\s*\*?\s*(FROM CLIP NAME|TO CLIP NAME|SOURCE FILE|CLIP NAME)\s*:\s*(.*?)\s*")
_MARK = re.compile(rf"\s*\*\s*LOC\s*:\s*{_LABEL}\s+(\S+)\s*(.*)", re.ASCII)
_BLACK = ("BL", "BLACK")


def read(data: bytes, known: Known) -> Sequence:
    """The cut of an `.edl`; Unclear where a line of it can't be understood."""
    list_ = _List(known)
    for line in _text(data).splitlines():
        list_.line(line)
    pictures: dict[str, list[_Event]] = {}
    for event in list_.events:
        if event.picture:
            pictures.setdefault(event.picture, []).append(event)
    if not pictures:
        raise Unclear("it has no picture in it")
    begin = list_.begins()
    tracks = tuple(Track(name, tuple(_items(pictures[name], begin))) for name in sorted(pictures))
    return Sequence(
        known.rate,
        tracks,
        tuple(list_.notes),
        tuple(replace(m, start=(m.start or 0) - begin) for m in list_.markers),
        tuple(list_.sounds(begin)),
        heard_all=False,
    )


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


@dataclass
class _Side:
    """One numbered line: what is seen from where to where."""

    reel: str
    source: int
    """The label of the source's first frame."""
    length: int
    """Source frames."""
    start: int
    end: int
    """On the record, by labels."""
    effect: str
    over: int
    """Frames of a transition into it."""
    name: str = ""
    file: str = ""
    speed: Fraction | None = None
    at: int | None = None

    @property
    def black(self) -> bool:
        return self.reel.upper() in _BLACK


@dataclass
class _Event:
    """Lines of one number, and where they lie."""

    number: str
    channel: str
    sides: list[_Side] = field(default_factory=list)
    known: Known | None = None
    rounded: Fraction = ROUNDED

    @property
    def picture(self) -> str:
        """The picture track; empty where it is heard alone."""
        found = re.search(r"V\d*", self.channel)
        if self.channel == "B":
            return "V"
        return "" if found is None else "V" if found[0] == "V1" else found[0]

    @property
    def heard(self) -> bool:
        return self.channel == "B" or "A" in self.channel

    def excerpt(self, side: _Side) -> Excerpt:
        """What a side shows of its file."""
        frames = side.end - side.start
        speed = side.speed
        if speed is None:
            same = side.length == frames or not side.length
            speed = Fraction(1) if same else Fraction(side.length, frames)
        guesses = [side.name, side.file, side.reel]
        plain = Excerpt("", frames, Fraction(side.source), speed=speed, near=self.rounded)
        made = [
            replace(plain, name=guess, file=file_name(guess) if "." in guess else "")
            for guess in filter(None, guesses)
        ]
        assert self.known is not None
        return next((one for one in made if self.known.shot(one)), made[0])


@dataclass
class _List:
    """The lines as they are read, one by one."""

    known: Known
    events: list[_Event] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    markers: list[EditedMarker] = field(default_factory=list)
    drop: bool = False

    def line(self, line: str) -> None:
        if found := _EVENT.fullmatch(line):
            self.event(found)
        elif line.upper().startswith("FCM"):
            self.drop = "NON" not in line.upper() and self.known.rate in DROPPABLE
        elif found := _MARK.fullmatch(line):
            self.markers.append(EditedMarker(found[3].strip(), "", self.label(found[1])))
        elif self.events:
            self.about(line)

    def label(self, written: str) -> int:
        """The frame number of a label."""
        drop = self.known.rate in DROPPABLE and (self.drop or ";" in written)
        plain = re.sub("[;.,]", ":", written)
        try:
            return Timecodes.at(plain, self.known.rate, drop=drop).start
        except MediaError as cause:
            raise Unclear(
                f"{cause}; an EDL does not say its rate: save it from a sequence at the film's"
            ) from cause

    def event(self, found: re.Match[str]) -> None:
        number, reel, channel, effect, over = found.group(1, 2, 3, 4, 5)
        source, out, start, end = (self.label(found[group]) for group in (6, 7, 8, 9))
        if end < start or end - start > LONGEST * self.known.rate:
            raise Unclear(f"event {number} ends before it begins")
        if effect.startswith("K"):
            self.notes.append(f"the key of event {number} is not read")
            return
        side = _Side(reel, source, out - source, start, end, effect[:1], int(over or 0))
        if not self.events or self.events[-1].number != number or not self.goes_on(side, channel):
            tenth = Fraction(1, 20) / whole(self.known.rate) + ROUNDED
            self.events.append(_Event(number, channel, known=self.known, rounded=tenth))
        self.events[-1].sides.append(side)

    def goes_on(self, side: _Side, channel: str) -> bool:
        """Whether it is the second line of a transition."""
        last = self.events[-1]
        return last.channel == channel and len(last.sides) == 1 and side.effect != "C"

    def about(self, line: str) -> None:
        """What a line says of the event that it stands below."""
        sides = self.events[-1].sides
        if found := _MOTION.fullmatch(line):
            reel, at = found[1].strip(), self.label(found[3])
            wanted = [s for s in sides if s.reel == reel] or sides
            side = next((s for s in wanted if s.source == at), wanted[-1])
            try:
                speed = Fraction(found[2]) / whole(self.known.rate)
            except ValueError as cause:
                raise Unclear(f"{in_message(found[2])} is no speed") from cause
            side.speed = speed
        elif found := _SAID.fullmatch(line):
            side = sides[0] if found[1] == "FROM CLIP NAME" else sides[-1]
            if found[1] == "SOURCE FILE":
                side.file = found[2]
            else:
                side.name = found[2]

    def begins(self) -> int:
        """The label of the film's first frame: the full hour, where the cut starts soon after."""
        first = min(event.sides[0].start for event in self.events if event.picture)
        minute = 60 * whole(self.known.rate)
        hour = self.label(f"{first // (60 * minute):02d}:00:00:00")
        return hour if 0 <= first - hour < minute else first

    def sounds(self, begin: int) -> Iterator[EditedSound]:
        for event in self.events:
            side = event.sides[-1]
            found = FILE.fullmatch(side.name or side.reel)
            if event.heard and found and not event.picture:
                yield EditedSound(found["shot"], side.start - begin)


def _items(events: list[_Event], begin: int) -> Iterator[Item]:
    """The events of one track, in order, as what is seen on it."""
    found: list[Item] = []
    at = begin
    for event in sorted(events, key=lambda one: one.sides[0].start):
        side = event.sides[-1]
        over = side.over if side.effect != "C" else 0
        if side.start > at:
            found.append(Space(side.start - at))
        elif side.start < at:
            raise Unclear(f"event {event.number} begins before the one before it ends")
        if over > side.end - side.start:
            raise Unclear(f"the transition of event {event.number} is longer than the event")
        if over:
            kind = "wipe" if side.effect == "W" else "dissolve"
            after_black = event.sides[0].black or not found
            ours = "fade" if side.black or after_black else kind
            found.append(_blend(event, ours, over, into_black=side.black, found=found))
        if side.black:
            found.append(Space(side.end - side.start - over))
        elif side.end > side.start:
            found.append(event.excerpt(side))
        at = side.end
    yield from found


def _blend(event: _Event, kind: str, over: int, *, into_black: bool, found: list[Item]) -> Blend:
    """The transition into an event; one into black is seen on what it leaves."""
    if into_black:
        if found and isinstance(found[-1], Excerpt):
            found[-1] = replace(found[-1], frames=found[-1].frames + over)
        return Blend(f"of event {event.number}", "fade", over, 0)
    return Blend(
        f"of event {event.number}", kind, 0, over, perhaps=("slide",) if kind == "wipe" else ()
    )
