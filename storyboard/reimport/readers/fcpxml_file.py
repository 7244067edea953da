"""`.fcpxml`, and the one inside of a `.fcpxmld`: what Final Cut Pro writes, and Resolve.

Times are exact fractions of a second. A clip has a time of its own, in which what is inside of it
is placed: `start` is its local time at its first frame. By Apple's description of the format,
version 1.10; later ones add attributes that are not needed here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from storyboard.reimport.readers import warps
from storyboard.reimport.readers.xml_tree import children, number, parsed, titled
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

_CLIPS = ("asset-clip", "clip", "video", "audio", "audition")
_COMPOUND = ("ref-clip", "sync-clip", "mc-clip")
_MOST = int(LONGEST * FASTEST)


def read(data: bytes, known: Known) -> Sequence:
    """The first sequence of an `.fcpxml`; Unclear where there is none, or the file is broken."""
    del known  # the file says its rate itself
    root = parsed(data)
    sequences = list(root.iter("sequence"))
    projects = [found for project in root.iter("project") for found in project.iter("sequence")]
    found = projects or sequences
    if not found:
        raise Unclear("it holds no project; export the project as XML")
    desk = _Desk(root, found[0])
    if len(found) > 1:
        desk.notes.append(f"only the first of {len(found)} sequences is read")
    spine = found[0].find("spine")
    if spine is None:
        raise Unclear("its sequence has no storyline; export the project as XML")
    desk.storyline(spine, desk.time(found[0].get("tcStart", "0s"), "the sequence"))
    lowest = min(desk.lanes)
    tracks = [
        Track(f"lane {lane}", tuple(laid(desk.lanes[lane]) if lane else desk.main))
        for lane in sorted(desk.lanes)
    ]
    if lowest < 0:
        desk.notes.append("pictures below the main storyline are hidden by it")
    return Sequence(
        desk.rate,
        tuple(track for track, lane in zip(tracks, sorted(desk.lanes), strict=True) if lane >= 0),
        tuple(desk.notes),
        tuple(desk.markers),
        tuple(desk.sounds),
    )


@dataclass
class _Clip:
    """A clip's place: in the film, and in its own time."""

    element: Element
    film: int
    """The film frame that it starts on."""
    start: int
    """Its local frame there."""
    frames: int


@dataclass
class _Desk:
    """What the parts of a file are read with, and what was found in them."""

    root: Element
    sequence: Element
    rate: Rate = Fraction(0)
    notes: list[str] = field(default_factory=list)
    markers: list[EditedMarker] = field(default_factory=list)
    sounds: list[EditedSound] = field(default_factory=list)
    main: list[Item] = field(default_factory=list)
    lanes: dict[int, list[tuple[int, Item]]] = field(default_factory=lambda: {0: []})

    def __post_init__(self) -> None:
        resources = self.root.find("resources")
        self.resources = {r.get("id", ""): r for r in (resources if resources is not None else ())}
        made = self.resources.get(self.sequence.get("format", ""))
        length = made.get("frameDuration") if made is not None else None
        if not length:
            raise Unclear("its sequence does not say its frame rate")
        seconds = number(length.removesuffix("s"), "the sequence's frame")
        if seconds <= 0 or 1 / seconds > FASTEST:
            raise Unclear(f"its sequence has frames of {length}, which can't be")
        self.rate = 1 / seconds

    def time(self, written: str | None, owner: str) -> int:
        """A time in frames of the sequence."""
        found = number((written or "0s").removesuffix("s"), owner) * self.rate
        if abs(found) > _MOST * 100:
            raise Unclear(f"{owner}: {in_message(written)} is longer than a film can be")
        return whole(found)

    def storyline(self, spine: Element, begins: int, *, lane: int = 0, film: int = 0) -> None:
        """Lay what follows each other in a storyline; `begins` is its time at `film`."""
        at = film
        for element in spine:
            if element.tag == "transition":
                offset = self.time(element.get("offset"), titled(element)) - begins + film
                self.lay(self.blend(element, offset, at), lane, at)
                continue
            if element.tag not in (*_CLIPS, *_COMPOUND, "gap", "title"):
                continue
            clip = self.clip(element, at)
            for item in self.shown(clip):
                self.lay(item, lane, at)
                at += item.frames

    def lay(self, item: Item, lane: int, at: int) -> None:
        if lane and isinstance(item, Space):
            if item.instead:
                self.notes.append(f"{item.instead}, on a track above the film's, is not read")
        elif lane:
            self.lanes.setdefault(lane, []).append((at, item))
        else:
            self.main.append(item)

    def blend(self, element: Element, start: int, cut: int) -> Blend:
        frames = self.time(element.get("duration"), titled(element))
        name = element.get("name") or "transition"
        before = min(max(cut - start, 0), frames)
        if "dissolve" not in name.lower():
            self.notes.append(f"the transition {in_message(name)} is read as a dissolve")
        others = ("wipe", "slide") if "dissolve" in name.lower() else ()
        return Blend(in_message(name), "dissolve", before, frames - before, perhaps=others)

    def clip(self, element: Element, film: int) -> _Clip:
        shown = _chosen(element)
        named = titled(shown)
        frames = self.time(shown.get("duration") or self.of_asset(shown, "duration"), named)
        if frames < 1 or frames > _MOST:
            raise Unclear(f"{named} is {frames} frames long; take it out, or make it longer")
        start = shown.get("start")
        if start is None and shown.tag in ("asset-clip", "video"):
            start = self.of_asset(shown, "start")
        clip = _Clip(shown, film, self.time(start, named), frames)
        self.inside(clip)
        return clip

    def of_asset(self, element: Element, attribute: str) -> str | None:
        asset = self.resources.get(element.get("ref", ""))
        return asset.get(attribute) if asset is not None and asset.tag == "asset" else None

    def shown(self, clip: _Clip) -> list[Excerpt | Space]:
        """What is seen for as long as a clip lasts."""
        element, named = clip.element, titled(clip.element)
        if element.tag == "gap":
            return [Space(clip.frames)]
        if element.tag in _COMPOUND:
            raise Unclear(f"{named} is a compound clip; take it apart and save again")
        if element.get("enabled") == "0":
            self.notes.append(f"{named} is disabled and is left out")
            return [Space(clip.frames)]
        source, offset = self.source(clip)
        asset = self.resources.get(source.get("ref", "")) if source is not None else None
        if source is None or asset is None or asset.tag != "asset":
            return [Space(clip.frames, instead=named)]
        for effect in (*element.iter("filter-video"), *element.iter("adjust-transform")):
            self.notes.append(f"the effect {_effect(effect)} on {named} is not read")
        return self.excerpts(clip, asset, offset)

    def source(self, clip: _Clip) -> tuple[Element | None, int]:
        """What refers to the file, and what to add to a local frame for the file's label there."""
        element = clip.element
        if element.tag != "clip":
            return element, 0
        inner = element.find("video")
        if inner is None:
            return None, 0
        offset = self.time(inner.get("offset"), titled(inner))
        start = inner.get("start") or self.of_asset(inner, "start")
        return inner, self.time(start, titled(inner)) - offset

    def excerpts(self, clip: _Clip, asset: Element, offset: int) -> list[Excerpt | Space]:
        named = titled(clip.element)
        label = self.time(asset.get("start"), named)
        length = self.time(asset.get("duration"), named)
        points = self.points(clip.element, offset - label)
        found = warps.runs(points, clip.start, clip.frames, last=length - 1 if length else None)
        if not points:
            first = Fraction(clip.start + offset - label)
            found = [warps.OneSpeed(clip.frames, first, Fraction(1))]
        if len(found) > warps.MOST:
            self.notes.append(f"{named} changes its speed on the way, which is not read")
            found = [warps.OneSpeed(clip.frames, found[0].first, Fraction(1))]
        address = _address(asset)
        made = [
            Excerpt(
                name=clip.element.get("name", ""),
                frames=run.frames,
                first=run.first,
                file=file_name(address) or asset.get("name", ""),
                address=address,
                file_start=label,
                step=abs(run.speed) or Fraction(1),
                speed=run.speed,
            )
            for run in found
        ]
        fade_in, fade_out = (self.fade(clip.element, tag) for tag in ("fadeIn", "fadeOut"))
        made[0] = replace(made[0], faded_in=fade_in)
        made[-1] = replace(made[-1], faded_out=fade_out)
        return list(made)

    def points(self, element: Element, offset: int) -> list[tuple[Fraction, Fraction]]:
        """A clip's changed speed: local frames, and the file's frame on each."""
        made = element.find("timeMap")
        named = titled(element)
        found = []
        for point in children(made, "timept") if made is not None else ():
            time, value = (
                number(point.get(word, "0s").removesuffix("s"), named) * self.rate
                for word in ("time", "value")
            )
            found.append((time, value + offset))
        smooth = made is not None and any(p.get("interp") != "linear" for p in made)
        if len(found) > 2 and smooth:
            self.notes.append(f"{named} eases from one speed to another, which is not read")
        return found

    def fade(self, element: Element, tag: str) -> int:
        """Frames of a fade at a clip's end, where its opacity says one."""
        found = element.find(f"adjust-blend/param/{tag}")
        return self.time(found.get("duration"), titled(element)) if found is not None else 0

    def inside(self, clip: _Clip) -> None:
        """What is attached to a clip: other lanes, sounds, markers."""
        for element in clip.element:
            if element.tag in ("marker", "chapter-marker"):
                self.marker(element, clip)
            lane = element.get("lane")
            if lane is None or element.tag not in (*_CLIPS, *_COMPOUND, "title", "spine"):
                continue
            offset = self.time(element.get("offset"), titled(element))
            self.attached(
                element, whole(number(lane, titled(element))), clip.film + offset - clip.start
            )

    def attached(self, element: Element, lane: int, film: int) -> None:
        if element.tag == "spine":
            self.storyline(element, 0, lane=lane, film=film)
            return
        shown = _chosen(element)
        asset = self.resources.get(shown.get("ref", ""))
        heard = shown.tag == "audio" or (asset is not None and asset.get("hasVideo") != "1")
        if asset is not None and asset.tag == "asset" and heard:
            found = FILE.fullmatch(file_name(_address(asset)) or asset.get("name", ""))
            if found and shown.get("enabled") != "0":
                self.sounds.append(EditedSound(found["shot"], film))
            return
        clip = self.clip(element, film)
        at = film
        for item in self.shown(clip):
            self.lay(item, lane, at)
            at += item.frames

    def marker(self, element: Element, clip: _Clip) -> None:
        named = titled(element)
        at = self.time(element.get("start"), named) - clip.start
        if 0 <= at < clip.frames:
            self.markers.append(
                EditedMarker(
                    element.get("value", ""),
                    element.get("note", ""),
                    clip.film + at,
                    max(1, self.time(element.get("duration"), named)),
                    done=element.get("completed") == "1",
                )
            )


def _chosen(element: Element) -> Element:
    """The clip itself, or the one of an audition that is shown."""
    if element.tag != "audition":
        return element
    for child in element:
        if child.tag in (*_CLIPS, *_COMPOUND, "title"):
            return _chosen(child)
    raise Unclear("an audition has no clip in it")


def _address(asset: Element) -> str:
    """Where an asset's file is; until 1.8 the asset said it itself."""
    media = asset.find("media-rep")
    return (media.get("src") if media is not None else asset.get("src")) or ""


def _effect(effect: Element) -> str:
    return in_message(effect.get("name") or effect.tag)
