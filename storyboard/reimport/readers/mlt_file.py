"""`.mlt`, MLT's XML: what Shotcut, Kdenlive (`.kdenlive`) and melt itself save.

Frames count from 0 at the profile's rate; `out` is inclusive. What a track shows are the entries
of a playlist. Shotcut's transitions are small tractors among them; Kdenlive's tracks are two
playlists that overlap where they mix.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from storyboard.reimport.readers.xml_tree import children, number, parsed
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
from storyboard.safe_text import in_message
from storyboard.units.timing import FASTEST, LONGEST, whole

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from storyboard.reimport.sequence import Item, Known
    from storyboard.units.timing import Rate

_MOST = int(LONGEST * FASTEST)
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d+(?:[.,]\d+)?)", re.ASCII)
_DEEPEST = 8
_FILES = ("avformat", "avformat-novalidate", "timewarp", "qimage", "pixbuf", "")
_WIPES = {
    ("luma01", False): "right",
    ("luma01", True): "left",
    ("luma02", False): "down",
    ("luma02", True): "up",
}
_FADES = {
    "in": {"fadeInBrightness", "fade_from_black"},
    "out": {"fadeOutBrightness", "fade_to_black"},
}
_SILENT = ("volume", "panner", "audiochannels", "fadeInVolume", "fadeOutVolume", "audiolevel")


def read(data: bytes, known: Known) -> Sequence:
    """The cut of an MLT file; Unclear where there is none, or the file is broken."""
    del known  # the file says its rate itself
    desk = _Desk(parsed(data))
    tracks, heard = [], []
    film = desk.film()
    for count, track in enumerate(children(film, "track", "multitrack")):
        for one in [track] if track.tag == "track" else list(children(track, "track")):
            place = desk.named(one.get("producer", ""))
            if place is None:
                continue
            if desk.switched_off(one, place):
                continue
            if "video" not in _hidden(one, place):
                tracks.append(Track(f"track {count}", tuple(desk.items(place))))
            if "audio" not in _hidden(one, place) or "video" in _hidden(one, place):
                heard += list(desk.heard(place))
    return Sequence(
        desk.rate,
        tuple(track for track in tracks if track.excerpts),
        tuple(desk.notes),
        tuple(desk.markers(film)),
        tuple(dict.fromkeys(heard)),
    )


def _hidden(track: Element, place: Element) -> str:
    """What of a track is not seen or heard: `video`, `audio`, `both`."""
    hidden = track.get("hide") or place.get("hide") or ""
    inner = [t.get("hide") or "" for t in children(place, "track")]
    if not hidden and inner and len(set(inner)) == 1:
        hidden = inner[0]
    return "video audio" if hidden == "both" else hidden


@dataclass
class _Desk:
    """What the parts of a file are read with, and what is to be said of them."""

    root: Element
    rate: Rate = Fraction(0)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.places = {e.get("id", ""): e for e in self.root.iter() if e.get("id")}
        profile = self.root.find("profile")
        if profile is None:
            raise Unclear("it does not say its frame rate; save the project again")
        rates = [
            number(profile.get(f"frame_rate_{part}", "0"), "the profile") for part in ("num", "den")
        ]
        if not all(rates) or not 1 <= rates[0] / rates[1] <= FASTEST:
            raise Unclear("it has no frame rate that can be; save the project again")
        self.rate = rates[0] / rates[1]

    def switched_off(self, track: Element, place: Element) -> bool:
        """Whether it is a picture track that is not seen; that is noted."""
        picture = _said(place, "shotcut:video") == "1" or _said(place, "kdenlive:track_name") == "V"
        if not picture or "video" not in _hidden(track, place):
            return False
        name = _said(place, "shotcut:name") or place.get("id") or ""
        self.notes.append(f"the track {in_message(name)} is switched off and is left out")
        return True

    def named(self, name: str) -> Element | None:
        return self.places.get(name)

    def film(self) -> Element:
        """The tractor that is the film: the one that the file names, else the last."""
        tractors = list(children(self.root, "tractor"))
        if not tractors:
            raise Unclear("it has no tracks in it; save the project again")
        named = self.named(self.root.get("producer", ""))
        film = named if named is not None and named.tag == "tractor" else tractors[-1]
        for _ in range(_DEEPEST):
            tracks = [self.named(t.get("producer", "")) for t in film.iter("track")]
            inner = [t for t in tracks if t is not None and t.tag == "tractor"]
            if len(tracks) != 1 or not inner:
                break
            film = inner[0]  # Kdenlive's project, around its sequence
        return film

    def time(self, written: str | None, owner: str) -> int:
        """A frame: a number, or a clock's time."""
        text = written or "0"
        found = _CLOCK.fullmatch(text)
        if found is None:
            frames = number(text, owner)
        else:
            hours, minutes, seconds = (
                number((part or "0").replace(",", "."), owner) for part in found.groups()
            )
            frames = (hours * 3600 + minutes * 60 + seconds) * self.rate
        if not 0 <= frames <= _MOST:
            raise Unclear(f"{owner}: {in_message(text)} can't be")
        return whole(frames)

    def items(self, place: Element) -> list[Item]:
        """What is seen on a track."""
        if place.tag == "playlist":
            return self.playlist(place)
        if place.tag == "tractor":
            return self.woven(place)
        return []

    def playlist(self, place: Element, depth: int = 0) -> list[Item]:
        found: list[Item] = []
        for element in place:
            if element.tag == "blank":
                found.append(Space(self.time(element.get("length"), "a blank")))
            elif element.tag == "entry":
                found += self.entry(element, depth)
        return found

    def entry(self, element: Element, depth: int) -> list[Item]:
        shown = self.named(element.get("producer", ""))
        if shown is None:
            raise Unclear(f"{in_message(element.get('producer', ''))} is nowhere in the file")
        first, frames = self.reach(element, shown)
        if frames < 1:
            raise Unclear(f"{_name(shown)} is {frames} frames long; take it out, or make it longer")
        if shown.tag == "tractor" and len(list(shown.iter("track"))) == 2:
            return self.mix(shown, frames)
        if shown.tag in ("tractor", "playlist") and depth < _DEEPEST:
            return self.nested(shown, first, frames, depth)
        if _said(shown, "mlt_service") in ("color", "colour"):
            color = _color(shown)
            return [Space(frames, color=color) if color else Space(frames, _name(shown))]
        excerpt = self.excerpt(shown, first, frames)
        if isinstance(excerpt, Space):
            return [excerpt]
        fades = [self.fade(element, shown, side, first, frames) for side in ("in", "out")]
        return [replace(excerpt, faded_in=fades[0], faded_out=fades[1])]

    def reach(self, element: Element, shown: Element) -> tuple[int, int]:
        """The first frame that is shown of something, and how many: counted from where it begins.

        A producer that begins later itself, as melt writes them, is counted from there.
        """
        named = _name(shown)
        begin, end = (self.time(shown.get(side), named) for side in ("in", "out"))
        first = begin + self.time(element.get("in"), named)
        last = begin + self.time(element.get("out"), named) if element.get("out") else end
        return first, last - first + 1

    def nested(self, shown: Element, first: int, frames: int, depth: int) -> list[Item]:
        """A playlist in a playlist, which is taken apart where it is seen as a whole."""
        inner = self.playlist(shown, depth + 1) if shown.tag == "playlist" else []
        if first or not inner or sum(_length(item) for item in inner) != frames:
            raise Unclear(f"{_name(shown)} is a compound clip; take it apart and save again")
        return inner

    def mix(self, tractor: Element, frames: int) -> list[Item]:
        """Shotcut's transition: what is left, until its first frame; then what is come into.

        Each side is an excerpt, joined to its neighbour where that goes on from it.
        """
        sides: list[Excerpt | Space] = []
        color = ""
        for track in tractor.iter("track"):
            shown = self.named(track.get("producer", ""))
            if shown is None:
                raise Unclear(f"a transition shows {in_message(track.get('producer', ''))}")
            first, _ = self.reach(track, shown)
            if _said(shown, "mlt_service") in ("color", "colour"):
                color = _color(shown)
                sides.append(Space(frames))
            else:
                sides.append(self.excerpt(shown, first, frames))
        left, right = sides
        kind, direction = _kind(tractor)
        if isinstance(left, Space) or isinstance(right, Space):
            kind = "fade"
        before = frames if isinstance(right, Space) else 0
        over = Blend(
            kind,
            kind,
            before,
            frames - before,
            color,
            direction,
            ("slide",) if kind == "wipe" else (),
        )
        if isinstance(right, Space):
            return [left, over, Space(0)]
        if isinstance(left, Space):
            return [Space(0), over, right]
        return [replace(left, frames=0), over, right]

    def excerpt(self, shown: Element, first: int, frames: int) -> Excerpt | Space:
        service = _said(shown, "mlt_service")
        if service == "xml":
            raise Unclear(f"{_name(shown)} is a project of its own; import that, or take it apart")
        if service not in _FILES:
            return Space(frames, _name(shown))
        address = _said(shown, "warp_resource") or _said(shown, "resource")
        speed = _said(shown, "warp_speed")
        if service == "timewarp" and not speed:
            speed, _, address = _said(shown, "resource").partition(":")
        self.links(shown)
        self.effects(shown)
        pace = number(speed, _name(shown)) if speed else Fraction(1)
        pace = pace.limit_denominator(100_000)
        head = _said(shown, "storyboard:first")
        return Excerpt(
            name=_said(shown, "shotcut:caption") or _said(shown, "kdenlive:clipname"),
            frames=frames,
            first=first * pace,
            file=file_name(address),
            address=address,
            file_start=0,
            step=abs(pace) or Fraction(1),
            speed=pace,
            own=Own(file_first=int(head) if head.isdecimal() else 0),
        )

    def links(self, shown: Element) -> None:
        if any(_said(link, "mlt_service") == "timeremap" for link in shown.iter("link")):
            self.notes.append(f"{_name(shown)} changes its speed on the way, which is not read")

    def effects(self, holder: Element) -> None:
        for effect in children(holder, "filter"):
            word = _said(effect, "shotcut:filter") or _said(effect, "kdenlive_id")
            word = word or _said(effect, "mlt_service")
            off = _said(effect, "disable") == "1" or _said(effect, "internal_added")
            fades = "fade" in word.lower() or word in ("brightness",)
            if not off and not fades and not any(word.startswith(one) for one in _SILENT):
                self.notes.append(f"the effect {in_message(word)} on {_name(holder)} is not read")

    def fade(self, entry: Element, shown: Element, side: str, first: int, frames: int) -> int:
        """Frames of Shotcut's or Kdenlive's fade at an end of a clip."""
        words = _FADES[side]
        for holder in (entry, shown):
            for effect in children(holder, "filter"):
                named = {_said(effect, "shotcut:filter"), _said(effect, "kdenlive_id")}
                if not named & words:
                    continue
                last = first + frames - 1
                begin = self.time(effect.get("in") or str(first), "a fade")
                end = self.time(effect.get("out") or str(last), "a fade")
                return min(frames, max(0, end - begin + 1))
        return 0

    def woven(self, tractor: Element) -> list[Item]:
        """Kdenlive's track: two playlists, which overlap where one clip mixes into the next."""
        spots: list[tuple[int, Excerpt | Space]] = []
        for track in tractor.iter("track"):
            place = self.named(track.get("producer", ""))
            at = 0
            for item in self.playlist(place) if place is not None else ():
                if not isinstance(item, Blend):
                    if isinstance(item, Excerpt) or item.instead:
                        spots.append((at, item))
                    at += item.frames
        found: list[Item] = []
        at = 0
        for start, item in sorted(spots, key=lambda spot: spot[0]):
            over = at - start
            if over > 0 and isinstance(item, Excerpt) and isinstance(found[-1], Excerpt):
                found[-1] = replace(found[-1], frames=found[-1].frames - over)
                found.append(Blend("mix", "dissolve", 0, over))
                at = start
            elif start > at:
                found.append(Space(start - at))
            found.append(item)
            at = start + item.frames
        return found

    def heard(self, place: Element) -> Iterator[EditedSound]:
        for track in children(place, "track"):
            inner = self.named(track.get("producer", ""))
            if inner is not None and inner.tag == "playlist":
                yield from self.heard(inner)
        at = 0
        for element in place if place.tag == "playlist" else ():
            if element.tag == "blank":
                at += self.time(element.get("length"), "a blank")
            elif element.tag == "entry":
                shown = self.named(element.get("producer", ""))
                if shown is None:
                    continue
                resource = _said(shown, "warp_resource") or _said(shown, "resource")
                if _said(shown, "mlt_service") == "timewarp":
                    resource = resource.partition(":")[2] or resource
                found = FILE.fullmatch(file_name(resource))
                if found:
                    yield EditedSound(found["shot"], at)
                at += self.reach(element, shown)[1]

    def markers(self, film: Element) -> Iterator[EditedMarker]:
        """Shotcut's markers, and Kdenlive's guides."""
        for held in film.iterfind("properties[@name='shotcut:markers']/properties"):
            start, end = (self.time(_said(held, word), "a marker") for word in ("start", "end"))
            yield EditedMarker(_said(held, "text"), "", start, max(1, end - start + 1))
        for word in ("kdenlive:sequenceproperties.guides", "kdenlive:docproperties.guides"):
            for holder in (film, self.root.find("playlist[@id='main_bin']")):
                yield from _guides(_said(holder, word) if holder is not None else "")


def _guides(written: str) -> Iterator[EditedMarker]:
    try:
        found = json.loads(written) if written else []
    except (ValueError, RecursionError):
        return
    for guide in found if isinstance(found, list) else ():
        position = guide.get("pos") if isinstance(guide, dict) else None
        if isinstance(position, int):
            yield EditedMarker(str(guide.get("comment", "")), "", position)


def _said(holder: Element, name: str) -> str:
    """The value of a property; empty where it has none."""
    said = (p.text for p in children(holder, "property") if p.get("name") == name)
    return (next(said, "") or "").strip()


def _name(shown: Element) -> str:
    resource = file_name(_said(shown, "resource"))
    caption = _said(shown, "shotcut:caption") or _said(shown, "kdenlive:clipname")
    return in_message(caption or resource or shown.get("id") or shown.tag)


def _length(item: Item) -> int:
    return 0 if isinstance(item, Blend) else item.frames


def _color(shown: Element) -> str:
    """A colour as `#rrggbb`; MLT also writes names, and `#aarrggbb`."""
    written = _said(shown, "resource").lower()
    found = re.fullmatch("#(?:[0-9a-f]{2})?([0-9a-f]{6})", written)
    if found:
        return f"#{found[1]}"
    return "#000000" if written in ("0", "black", "0x000000ff") else ""


def _kind(tractor: Element) -> tuple[str, str]:
    """What Shotcut's transition is, and where it moves to."""
    for over in children(tractor, "transition"):
        if _said(over, "mlt_service") == "luma" and _said(over, "resource"):
            name = file_name(_said(over, "resource")).lstrip("%").partition(".")[0]
            turned = _said(over, "invert") == "1"
            return "wipe", _WIPES.get((name, turned), "")
    return "dissolve", ""
