"""Final Cut Pro, `.fcpxml` 1.10: the newest version that older Finals and Resolves read as well."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from storyboard.exporting.formats.markup import document, element
from storyboard.exporting.losses import black, transitions
from storyboard.exporting.media.files_of import Placed
from storyboard.exporting.notes import about, remark
from storyboard.exporting.placements import events
from storyboard.safe_text import in_one_line
from storyboard.units.timing import whole

if TYPE_CHECKING:
    from storyboard.exporting.formats.markup import Element
    from storyboard.exporting.media.files_of import MediaFile, MediaMap
    from storyboard.exporting.placements import Placement
    from storyboard.exporting.timecodes import Timecodes
    from storyboard.timeline import PlacedTransition, SceneMark, Sound, Timeline
    from storyboard.units.sizes import Fit, Size

DISSOLVE = "FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265"
"""Final Cut's own name for its Cross Dissolve."""

_CONFORM: dict[Fit | None, str] = {"cover": "fill", None: "fit", "contain": "fit", "blur": "fit"}


_ROLES = {"music": "music", "voice": "dialogue"}
"""What sounds are called there; all others are effects."""


def write(timeline: Timeline, media: MediaMap, *, clock: Timecodes) -> str:
    """The timeline as `.fcpxml` text; media are linked relative to the file."""
    cut = events(timeline, media)
    desk = _Desk(timeline, media, clock)
    spine = element("spine")
    for event in cut:
        if event.opening is not None and event.opening.overlaps:
            spine.append(_transition(event.opening, desk))
        spine.append(_chosen(event, desk))
    sequence = element(
        "sequence",
        spine,
        format=desk.format(timeline.size),
        duration=desk.time(timeline.frames),
        tcStart=desk.time(clock.start),
        tcFormat="DF" if clock.drop else "NDF",
        audioLayout="stereo",
        audioRate="48k",
    )
    project = element("project", sequence, name=timeline.title)
    event_ = element("event", project, name=timeline.title)
    resources = element("resources", *desk.formats.values(), *desk.assets.values())
    if any(transition.overlaps for transition in timeline.transitions):
        resources.append(element("effect", id="dissolve", name="Cross Dissolve", uid=DISSOLVE))
    return document(element("fcpxml", resources, event_, version="1.10"), doctype="fcpxml")


def losses(timeline: Timeline) -> Iterator[str]:
    """What an `.fcpxml` does not carry, beside what no format does."""
    yield from transitions(timeline, carries=("dissolve", "fade"))
    yield from black(timeline)


class _Desk:
    """What all parts need: exact times, and the formats and assets met so far."""

    def __init__(self, timeline: Timeline, media: MediaMap, clock: Timecodes) -> None:
        self.timeline = timeline
        self.clock = clock
        self.formats: dict[Size, Element] = {}
        self.assets: dict[MediaFile, Element] = {}
        self.sounds = list(zip(timeline.sounds, media.sounds, strict=True))

    def time(self, frames: int | Fraction) -> str:
        """So many frames, as an exact fraction of a second."""
        exact = Fraction(frames) / self.timeline.rate
        return f"{exact.numerator}s" if exact.denominator == 1 else f"{exact}s"

    def format(self, size: Size) -> str:
        if size not in self.formats:
            self.formats[size] = element(
                "format",
                id=f"format{len(self.formats) + 1}",
                frameDuration=self.time(1),
                width=size.width,
                height=size.height,
                colorSpace="1-1-1 (Rec. 709)",
            )
        return self.formats[size].attrib["id"]

    def asset(self, file: MediaFile) -> str:
        if file not in self.assets:
            self.assets[file] = self._asset(file, f"asset{len(self.assets) + 1}")
        return self.assets[file].attrib["id"]

    def _asset(self, file: MediaFile, name: str) -> Element:
        source = element("media-rep", kind="original-media", src=file.address)
        made = element("asset", source, id=name, name=file.stem, start=self.time(file.start))
        made.set("duration", self.time(file.frames))
        if file.size is not None:
            made.attrib.update(hasVideo="1", format=self.format(file.size), videoSources="1")
        else:
            channels = str(file.channels)
            made.attrib.update(hasAudio="1", audioSources="1", audioChannels=channels)
            made.set("audioRate", "48000")
        return made


def _chosen(event: Placement, desk: _Desk) -> Element:
    """The clip, or an audition of all takes with the film's one first."""
    begins = whole(event.first / event.speed)
    clip = _clip(event, event.file, desk, begins=begins, frames=event.frames)
    _fill(clip, event, desk)
    if not event.alternates:
        return clip
    others = [_other(event, file, desk) for file in event.alternates]
    return element("audition", clip, *others, offset=desk.time(_offset(event.start, desk)))


def _other(event: Placement, file: MediaFile, desk: _Desk) -> Element:
    """Another take in its place: as fast, and as long as its file allows."""
    room = max(1, math.floor(file.frames / event.speed))
    frames = min(event.frames, room)
    begins = min(whole(event.first / event.speed), room - frames)
    made = _clip(event, file, desk, begins=begins, frames=frames)
    made.append(element("note", ", ".join(filter(None, (f"take {file.take}", file.model)))))
    if event.speed != 1:
        made.append(_time_map(Placed(file, 0, event.speed), begins + frames, desk))
    return made


def _offset(frame: int, desk: _Desk) -> int:
    return desk.clock.start + frame


def _clip(event: Placement, file: MediaFile, desk: _Desk, *, begins: int, frames: int) -> Element:
    """So many frames of a file, from a frame of its own time, which a changed speed stretches."""
    made = element("asset-clip", ref=desk.asset(file), name=file.stem)
    made.set("offset", desk.time(_offset(event.start, desk)))
    made.set("start", desk.time(file.start + begins))
    made.set("duration", desk.time(frames))
    if file.size is not None:
        made.set("format", desk.format(file.size))
    made.set("tcFormat", "DF" if desk.clock.drop else "NDF")
    return made


def _fill(clip: Element, event: Placement, desk: _Desk) -> None:
    """What is inside a clip, in the order that the format demands."""
    begins = whole(event.first / event.speed)
    clip.append(element("note", about(event)))
    if event.speed != 1:
        shown = event.frames + (event.closing.tail if event.closing else 0)
        clip.append(_time_map(event, begins + shown, desk))
    if event.file.size != desk.timeline.size:
        clip.append(element("adjust-conform", type=_CONFORM.get(event.clip.fit, "fit")))
    clip.extend(_blend(event, desk))
    local = event.file.start + begins
    for lane, (sound, placed) in enumerate(desk.sounds, 1):
        if event.start <= sound.start < event.end:
            clip.append(_sound(sound, placed, local + sound.start - event.start, lane, desk))
    clip.extend(_markers(event, local, desk))


def _time_map(placed: Placement | Placed, until: int, desk: _Desk) -> Element:
    """Local time to the file's time, over the whole file and never beyond it.

    Two points on the frame grid with the exact slope between them. Where the file ends inside of a
    film frame, a last point ends with the file, behind the clip's last local frame (`until`).
    """
    file, speed = placed.file, placed.speed
    times = math.floor(file.frames / speed)
    points: list[tuple[int, Fraction]] = [(0, Fraction(0)), (times, times * speed)] if times else []
    points = points or [(0, Fraction(0))]
    if until > times or times * speed < file.frames:
        points.append((max(times + 1, until), Fraction(file.frames)))
    made = element("timeMap")
    for local, source in points:
        time, value = desk.time(file.start + local), desk.time(file.start + source)
        made.append(element("timept", time=time, value=value, interp="linear"))
    return made


def _blend(event: Placement, desk: _Desk) -> Iterator[Element]:
    """A fade through black, as the handles of a clip's opacity."""
    fades = _fades(event.faded_in, event.faded_out, desk)
    if fades:
        yield element("adjust-blend", *fades)


def _fades(fade_in: int, fade_out: int, desk: _Desk) -> list[Element]:
    pairs = (("fadeIn", fade_in), ("fadeOut", fade_out))
    ramps = [element(tag, type="linear", duration=desk.time(n)) for tag, n in pairs if n]
    return [element("param", *ramps, name="amount")] if ramps else []


def _transition(over: PlacedTransition, desk: _Desk) -> Element:
    made = element("transition", name="Cross Dissolve", offset=desk.time(_offset(over.start, desk)))
    made.set("duration", desk.time(over.frames))
    made.append(element("filter-video", ref="dissolve", name="Cross Dissolve"))
    return made


def _sound(sound: Sound, placed: Placed, offset: int, lane: int, desk: _Desk) -> Element:
    """A connected clip below the spine; its gain is a bare number, which Resolve reads too."""
    made = element("asset-clip", ref=desk.asset(placed.file), name=placed.file.stem, lane=-lane)
    made.set("offset", desk.time(offset))
    first = whole(placed.first / placed.speed)
    made.set("start", desk.time(placed.file.start + first))
    made.set("duration", desk.time(placed.frames))
    made.set("audioRole", _ROLES.get(sound.role, "effects"))
    if placed.speed != 1:
        made.append(_time_map(placed, first + placed.frames, desk))
    fades = _fades(sound.fade_in, sound.fade_out, desk)
    if sound.gain or fades:
        made.append(element("adjust-volume", *fades, amount=f"{sound.gain:g}"))
    return made


def _markers(event: Placement, local: int, desk: _Desk) -> Iterator[Element]:
    one = desk.time(1)
    for scene in _opened(desk.timeline.scenes, event):
        name = scene.title or scene.id
        start = desk.time(local + scene.start - event.start)
        yield element("chapter-marker", start=start, duration=one, value=name, posterOffset="0s")
    if not event.clip.held:
        start = desk.time(local)
        yield element("marker", start=start, duration=one, value=event.clip.shot, note=about(event))
    for note in desk.timeline.notes:
        if event.start <= note.start < event.end:
            made = element("marker", start=desk.time(local + note.start - event.start))
            made.set("duration", desk.time(note.frames))
            made.set("value", in_one_line(note.text))
            made.set("note", remark(note))
            made.set("completed", "1" if note.done else "0")
            yield made


def _opened(scenes: Iterable[SceneMark], event: Placement) -> Iterator[SceneMark]:
    return (scene for scene in scenes if event.start <= scene.start < event.end)
