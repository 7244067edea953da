"""`.xml`, Final Cut Pro 7's: what Premiere and Resolve write, and many others.

Frames are counted at the sequence's rate. A clip below a transition has no place of its own (-1):
it then begins or ends where the transition does. Of a changed speed, `in` counts at that speed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from storyboard.reimport.readers import warps
from storyboard.reimport.readers.xml_tree import children, number, parsed, text, titled
from storyboard.reimport.sequence import (
    FILE,
    Blend,
    EditedMarker,
    EditedSound,
    Excerpt,
    Sequence,
    Space,
    Track,
    Unclear,
    file_name,
    laid,
)
from storyboard.safe_text import in_message
from storyboard.units.timing import FASTEST, LONGEST, whole

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from storyboard.reimport.sequence import Item, Known
    from storyboard.units.timing import Rate

_MOST = int(LONGEST * FASTEST)
_WIPES = {
    ("1", "FALSE"): "right",
    ("1", "TRUE"): "left",
    ("2", "FALSE"): "down",
    ("2", "TRUE"): "up",
}
_NOTHING = ("basic", "opacity", "cropedge", "audiolevels", "audiopan", "timeremap")
"""Effects that programs also write where they do nothing, or that are read elsewhere."""


def read(data: bytes, known: Known) -> Sequence:
    """The first sequence of an xmeml; Unclear where there is none, or the file is broken."""
    root = parsed(data)
    found = list(_sequences(root))
    if not found:
        raise Unclear("it holds no sequence; export the sequence as Final Cut Pro XML")
    desk = _Desk(root, found[0], known)
    if len(found) > 1:
        desk.notes.append(f"only the first of {len(found)} sequences is read")
    tracks = tuple(desk.tracks())
    return Sequence(
        desk.rate,
        tracks,
        tuple(desk.notes),
        tuple(desk.markers()),
        tuple(dict.fromkeys(desk.sounds())),
    )


def _sequences(holder: Element) -> Iterator[Element]:
    """Those that stand for themselves, not inside of another."""
    for child in holder:
        if child.tag == "sequence":
            yield child
        else:
            yield from _sequences(child)


@dataclass
class _Desk:
    """What the parts of a file are read with, and what is to be said of them."""

    root: Element
    sequence: Element
    known: Known
    rate: Rate = Fraction(0)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.files = {f.get("id", ""): f for f in self.root.iter("file") if len(f)}
        base = number(text(self.sequence, "rate/timebase") or "0", "the sequence's rate")
        if not 1 <= base <= FASTEST:
            raise Unclear("its sequence does not say its frame rate")
        ntsc = text(self.sequence, "rate/ntsc").upper() == "TRUE"
        self.rate = base * Fraction(1000, 1001) if ntsc else base

    def tracks(self) -> Iterator[Track]:
        for count, track in enumerate(self.sequence.iterfind("media/video/track"), 1):
            items = list(track)
            if not any(item.tag in ("clipitem", "generatoritem") for item in items):
                continue
            if text(track, "enabled").upper() == "FALSE":
                self.notes.append(f"the track V{count} is switched off and is left out")
                continue
            yield Track(f"V{count}", tuple(laid(list(self.on_track(items, above=count > 1)))))

    def on_track(self, items: list[Element], *, above: bool) -> Iterator[tuple[int, Item]]:
        for number_, item in enumerate(items):
            before = items[number_ - 1] if number_ else None
            after = items[number_ + 1] if number_ + 1 < len(items) else None
            if item.tag == "transitionitem":
                yield from self.blend(item)
            elif item.tag == "clipitem":
                yield from self.clip(item, before, after)
            elif item.tag == "generatoritem":
                yield from self.generator(item, before, after, above=above)

    def count(self, item: Element, tag: str) -> int:
        """A number of frames; Unclear where there is none."""
        written = text(item, tag)
        found = number(written or "nothing", f"`{tag}` of {titled(item)}")
        if abs(found) > _MOST:
            raise Unclear(f"`{tag}` of {titled(item)} is {in_message(written)}, which can't be")
        return whole(found)

    def cut(self, over: Element) -> int:
        """The film frame whose cut a transition lies over."""
        start, end = self.count(over, "start"), self.count(over, "end")
        match text(over, "alignment").partition("-")[0]:
            case "start":
                return start
            case "end":
                return end
            case _:
                return start + (end - start) // 2

    def reach(
        self, item: Element, before: Element | None, after: Element | None
    ) -> tuple[int, int, int]:
        """An item's cuts, and how many of its frames lie before the first of them."""
        start, end, head = self.count(item, "start"), self.count(item, "end"), 0
        if start < 0:
            if before is None or before.tag != "transitionitem":
                raise Unclear(f"{titled(item)} has no place on its track; save the sequence again")
            start = self.cut(before)
            head = start - self.count(before, "start")
        if end < 0:
            if after is None or after.tag != "transitionitem":
                raise Unclear(f"{titled(item)} has no end on its track; save the sequence again")
            end = self.cut(after)
        if end <= start:
            raise Unclear(
                f"{titled(item)} is {end - start} frames long; take it out, or make it longer"
            )
        return start, end, head

    def generator(
        self, item: Element, before: Element | None, after: Element | None, *, above: bool
    ) -> Iterator[tuple[int, Item]]:
        """A title, a colour, a slug: black in a film, where nothing lies below it."""
        named = titled(item)
        if above:
            self.notes.append(f"{named}, on a track above the film's, is not read")
            return
        start, end, _ = self.reach(item, before, after)
        yield start, Space(end - start, instead="" if _is_black(item) else named)

    def clip(
        self, item: Element, before: Element | None, after: Element | None
    ) -> Iterator[tuple[int, Item]]:
        named = titled(item)
        start, end, head = self.reach(item, before, after)
        if text(item, "enabled").upper() == "FALSE":
            self.notes.append(f"{named} is disabled and is left out")
            yield start, Space(end - start)
            return
        if item.find("sequence") is not None:
            raise Unclear(f"{named} is a compound clip; take it apart and save again")
        self.effects(item, named)
        begins = self.count(item, "in") + head
        address, label = self.file(item)
        for run in self.runs(item, begins, end - start):
            yield (
                start,
                Excerpt(
                    name=text(item, "name"),
                    frames=run.frames,
                    first=run.first,
                    file=file_name(address),
                    address=address,
                    file_start=label,
                    step=abs(run.speed) or Fraction(1),
                    speed=run.speed,
                ),
            )
            start += run.frames

    def file(self, item: Element) -> tuple[str, int | None]:
        """Where a clip's file is, and the label of its first frame."""
        found = item.find("file")
        if found is None:
            return "", None
        described = self.files.get(found.get("id", ""), found)
        address = text(described, "pathurl") or text(described, "name")
        label = text(described, "timecode/frame")
        return address, whole(number(label, titled(item))) if label else 0

    def runs(self, item: Element, begins: int, frames: int) -> list[warps.OneSpeed]:
        """What of its file a clip shows, at which speed."""
        remap = next((f for f in item.iterfind("filter/effect") if _id(f) == "timeremap"), None)
        if remap is None:
            return [warps.OneSpeed(frames, Fraction(begins), Fraction(1))]
        said = {text(p, "parameterid"): p for p in remap.iterfind("parameter")}
        named = titled(item)
        points = list(_points(said.get("graphdict"), named))
        if _is_on(said.get("variablespeed")) and points:
            found = warps.runs(points, begins, frames)
            if len(found) <= warps.MOST:
                return found
            self.notes.append(f"{named} changes its speed on the way, which is not read")
            return [warps.OneSpeed(frames, found[0].first, Fraction(1))]
        percent = said.get("speed")
        written = text(percent, "value") if percent is not None else "100"
        speed = (number(written, f"the speed of {named}") / 100).limit_denominator(100_000)
        if _is_on(said.get("reverse")):
            speed = -abs(speed)
        return [warps.OneSpeed(frames, begins * speed if speed else Fraction(begins), speed)]

    def effects(self, item: Element, named: str) -> None:
        for effect in item.iterfind("filter/effect"):
            if _id(effect) not in _NOTHING:
                name = in_message(text(effect, "name") or _id(effect))
                self.notes.append(f"the effect {name} on {named} is not read")
            elif _id(effect) == "basic" and not _is_plain(effect):
                self.notes.append(f"{named} is moved or scaled, which is not read")

    def blend(self, item: Element) -> Iterator[tuple[int, Item]]:
        start, end = self.count(item, "start"), self.count(item, "end")
        cut = self.cut(item)
        effect = item.find("effect")
        name = (text(effect, "name") or _id(effect)) if effect is not None else "Cross Dissolve"
        kind, direction = self.kind(item, name)
        if end <= start:
            raise Unclear(f"the transition {in_message(name)} is less than a frame long")
        yield cut, Blend(in_message(name), kind, cut - start, end - cut, "", direction)

    def kind(self, item: Element, name: str) -> tuple[str, str]:
        """What kind of transition it is, and where it moves to."""
        words = name.lower()
        if text(item, "alignment").endswith("-black") or "dip to" in words:
            return "fade", ""
        if "wipe" in words:
            wipe = text(item, "effect/wipecode"), text(item, "effect/reverse").upper()
            return "wipe", _WIPES.get(wipe, "")
        if "push" in words or "slide" in words:
            return "slide", ""
        if "dissolve" not in words:
            self.notes.append(f"the transition {in_message(name)} is read as a dissolve")
        return "dissolve", ""

    def sounds(self) -> Iterator[EditedSound]:
        for track in self.sequence.iterfind("media/audio/track"):
            if text(track, "enabled").upper() == "FALSE":
                continue
            items = list(track)
            for number_, item in enumerate(items):
                if item.tag != "clipitem" or text(item, "enabled").upper() == "FALSE":
                    continue
                found = FILE.fullmatch(file_name(self.file(item)[0]) or text(item, "name"))
                start = self.count(item, "start")
                if start < 0 and number_:
                    start = self.count(items[number_ - 1], "start")
                if found:
                    yield EditedSound(found["shot"], start)

    def markers(self) -> Iterator[EditedMarker]:
        """Those of the sequence; those of clips count from where their files begin."""
        for marker in self.sequence.iterfind("marker"):
            yield self.marker(marker, 0)
        for track in self.sequence.iterfind("media/video/track"):
            for item in children(track, "clipitem"):
                for marker in item.iterfind("marker"):
                    start = self.count(item, "start")
                    yield self.marker(
                        marker, start - self.count(item, "in") if start >= 0 else None
                    )

    def marker(self, marker: Element, offset: int | None) -> EditedMarker:
        begin, end = self.count(marker, "in"), self.count(marker, "out")
        return EditedMarker(
            text(marker, "name"),
            text(marker, "comment"),
            None if offset is None else begin + offset,
            max(1, end - begin),
        )


def _id(effect: Element) -> str:
    return text(effect, "effectid").lower().replace(" ", "")


def _is_on(parameter: Element | None) -> bool:
    value = text(parameter, "value") if parameter is not None else ""
    return value.upper() in ("TRUE", "1")


def _is_black(item: Element) -> bool:
    """Whether a generator shows nothing but black."""
    words = (text(item, "effect/name") + text(item, "effect/effectid")).lower()
    return "slug" in words or words.startswith("black")


_PLAIN = {"scale": 100, "rotation": 0, "opacity": 100}


def _is_plain(effect: Element) -> bool:
    """Whether an effect of place and size leaves the picture where it is."""
    for parameter in effect.iterfind("parameter"):
        word, value = text(parameter, "parameterid").lower(), text(parameter, "value")
        if parameter.find("keyframe") is not None:
            return False
        if value and number(value, word) != _PLAIN.get(word, number(value, word)):
            return False
        places = [text(parameter, f"value/{side}") for side in ("horiz", "vert")]
        if word == "center" and any(place and number(place, word) != 0 for place in places):
            return False
    return True


def _points(graph: Element | None, named: str) -> Iterator[tuple[Fraction, Fraction]]:
    for point in graph.iterfind("keyframe") if graph is not None else ():
        yield number(text(point, "when"), named), number(text(point, "value"), named)
