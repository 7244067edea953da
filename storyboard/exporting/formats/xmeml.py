"""Final Cut Pro 7 XML, `.xml`: what every Premiere opens, and Resolve."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.exporting.formats.markup import document, element
from storyboard.exporting.losses import black, speeds, transitions
from storyboard.exporting.notes import about, remark
from storyboard.exporting.placements import events
from storyboard.units.timing import whole

if TYPE_CHECKING:
    from fractions import Fraction

    from storyboard.exporting.formats.markup import Element
    from storyboard.exporting.media.files_of import MediaFile, MediaMap, Placed
    from storyboard.exporting.placements import Placement
    from storyboard.exporting.timecodes import Timecodes
    from storyboard.timeline import PlacedTransition, Sound, Timeline


def write(timeline: Timeline, media: MediaMap, *, clock: Timecodes) -> str:
    """The timeline as xmeml version 5; media are linked by their place on this disc."""
    cut = events(timeline, media)
    desk = _Desk(media.folder, clock)
    picture = element("track")
    for number, event in enumerate(cut):
        picture.extend(_on_track(number, event, desk))
    audio = element("audio", element("numOutputChannels", 2))
    for number, (sound, placed) in enumerate(zip(timeline.sounds, media.sounds, strict=True)):
        audio.extend(_sound_tracks(number, sound, placed, desk))
    size = timeline.size
    video = element("video", element("format", _pixels(size.width, size.height, desk)), picture)
    sequence = element("sequence", element("name", timeline.title), id="sequence-1")
    sequence.append(element("duration", timeline.frames))
    sequence.append(desk.rate())
    sequence.append(desk.timecode(clock.start))
    sequence.append(element("media", video, audio))
    sequence.extend(_markers(timeline, cut))
    return document(element("xmeml", sequence, version="5"), doctype="xmeml")


def losses(timeline: Timeline) -> Iterator[str]:
    """What an `.xml` does not carry, beside what no format does."""
    yield "files are linked by their place on this disc; after moving the folder, relink once"
    yield from transitions(timeline, carries=("dissolve", "fade", "wipe", "slide"))
    yield from black(timeline)
    yield from speeds(timeline)


class _Desk:
    """What all parts need: the clock, the folder, and which files are described already."""

    def __init__(self, folder: Path, clock: Timecodes) -> None:
        self.folder = folder
        self.clock = clock
        self._files: dict[MediaFile, str] = {}

    def rate(self) -> Element:
        ntsc = "TRUE" if self.clock.ntsc else "FALSE"
        return element("rate", element("timebase", self.clock.nominal), element("ntsc", ntsc))

    def timecode(self, start: int, reel: str = "") -> Element:
        made = element("timecode", self.rate(), element("string", self.clock.label(start)))
        made.append(element("frame", start))
        made.append(element("displayformat", "DF" if self.clock.drop else "NDF"))
        if reel:
            made.append(element("reel", element("name", reel)))
        return made

    def file(self, file: MediaFile) -> Element:
        """The whole description at its first use, later only its id."""
        known = self._files.get(file)
        if known is not None:
            return element("file", id=known)
        name = self._files[file] = f"file-{len(self._files) + 1}"
        made = element("file", element("name", file.file_name), id=name)
        made.append(element("pathurl", (self.folder / file.name).as_uri()))
        made.append(self.rate())
        made.append(element("duration", file.frames))
        made.append(self.timecode(file.start, file.reel))
        made.append(element("media", self._contents(file)))
        return made

    def _contents(self, file: MediaFile) -> Element:
        if file.size is not None:
            return element("video", _pixels(file.size.width, file.size.height, self))
        depth, samples = element("depth", 24), element("samplerate", 48000)
        return element(
            "audio",
            element("samplecharacteristics", depth, samples),
            element("channelcount", file.channels),
        )


def _pixels(width: int, height: int, desk: _Desk) -> Element:
    made = element("samplecharacteristics", desk.rate())
    for tag, value in (
        ("width", width),
        ("height", height),
        ("anamorphic", "FALSE"),
        ("pixelaspectratio", "square"),
        ("fielddominance", "none"),
    ):
        made.append(element(tag, value))
    return made


def _on_track(number: int, event: Placement, desk: _Desk) -> Iterator[Element]:
    over, closing = event.opening, event.closing
    if over is not None and over.overlaps:
        yield _transition(over, over.start, over.end, "center", desk)
    elif over is not None and over.after:
        yield _transition(over, over.at, over.end, "start-black", desk)
    yield _clip(number, event, desk)
    if closing is not None and not closing.overlaps and closing.before:
        yield _transition(closing, closing.start, closing.at, "end-black", desk)


def _clip(number: int, event: Placement, desk: _Desk) -> Element:
    """A clip; under a transition it has no place of its own (-1), and its range goes on below."""
    over, closing = event.opening, event.closing
    head = over.before if over and over.overlaps else 0
    tail = closing.after if closing and closing.overlaps else 0
    first = whole(event.first / event.speed) - head
    last = first + head + event.frames + tail
    made = element("clipitem", element("name", event.file.stem), id=f"clip-{number + 1}")
    for tag, value in (
        ("enabled", "TRUE"),
        ("duration", max(whole(event.file.frames / event.speed), last)),
    ):
        made.append(element(tag, value))
    made.append(desk.rate())
    for tag, value in (
        ("start", -1 if head else event.start),
        ("end", -1 if tail else event.end),
        ("in", first),
        ("out", last),
    ):
        made.append(element(tag, value))
    made.append(desk.file(event.file))
    if event.speed != 1:
        made.append(_speed(event.speed, "video"))
    made.append(
        element(
            "logginginfo",
            element("scene", event.clip.scene),
            element("shottake", event.clip.take),
            element("lognote", about(event)),
        )
    )
    return made


def _transition(
    over: PlacedTransition, start: int, end: int, alignment: str, desk: _Desk
) -> Element:
    name, category = "Cross Dissolve", "Dissolve"
    wipe = ("wipecode", 0), ("reverse", "FALSE")
    if over.kind == "wipe":
        name, category = "Edge Wipe", "Wipe"
        wipe = (
            ("wipecode", 1 if over.direction in ("left", "right") else 2),
            ("reverse", "TRUE" if over.direction in ("left", "up") else "FALSE"),
        )
    elif over.kind == "slide":
        name, category = "Push Slide", "Slide"
    effect = element("effect", element("name", name), element("effectid", name))
    for tag, value in (
        ("effectcategory", category),
        ("effecttype", "transition"),
        ("mediatype", "video"),
        wipe[0],
        ("wipeaccuracy", 100),
        ("startratio", 0),
        ("endratio", 1),
        wipe[1],
    ):
        effect.append(element(tag, value))
    made = element("transitionitem", element("start", start), element("end", end))
    made.append(element("alignment", alignment))
    made.append(desk.rate())
    made.append(effect)
    return made


def _speed(speed: Fraction, heard_or_seen: str) -> Element:
    effect = element("effect", element("name", "Time Remap"), element("effectid", "timeremap"))
    for tag, value in (("effectcategory", "motion"), ("effecttype", "motion")):
        effect.append(element(tag, value))
    effect.append(element("mediatype", heard_or_seen))
    for name, value in (
        ("variablespeed", "0"),
        ("speed", f"{float(speed * 100):.9g}"),
        ("reverse", "FALSE"),
        ("frameblending", "FALSE"),
    ):
        effect.append(_parameter(name, value))
    return element("filter", effect)


def _sound_tracks(number: int, sound: Sound, placed: Placed, desk: _Desk) -> Iterator[Element]:
    """A track for each channel, linked: how stereo is written here."""
    names = [f"sound-{number + 1}-{channel + 1}" for channel in range(placed.file.channels)]
    first = whole(placed.first / placed.speed)
    for channel, name in enumerate(names, 1):
        clip = element("clipitem", element("name", placed.file.stem), id=name)
        clip.append(element("enabled", "TRUE"))
        length = max(whole(placed.file.frames / placed.speed), first + placed.frames)
        clip.append(element("duration", length))
        clip.append(desk.rate())
        for tag, value in (
            ("start", sound.start),
            ("end", sound.start + placed.frames),
            ("in", first),
            ("out", first + placed.frames),
        ):
            clip.append(element(tag, value))
        clip.append(desk.file(placed.file))
        track = element("trackindex", channel)
        clip.append(element("sourcetrack", element("mediatype", "audio"), track))
        if placed.speed != 1:
            clip.append(_speed(placed.speed, "audio"))
        clip.extend(_levels(sound, first, placed.frames))
        clip.extend(_links(names, number))
        yield element("track", clip, element("outputchannelindex", channel))


def _links(names: list[str], number: int) -> Iterator[Element]:
    for channel, name in enumerate(names, 1):
        link = element("link", element("linkclipref", name), element("mediatype", "audio"))
        link.append(element("trackindex", number * len(names) + channel))
        link.append(element("clipindex", 1))
        link.append(element("groupindex", 1))
        yield link


def _levels(sound: Sound, first: int, frames: int) -> Iterator[Element]:
    """Gain and fades as one level: a number, or keyframes."""
    if not (sound.gain or sound.fade_in or sound.fade_out):
        return
    level = 10 ** (sound.gain / 20)
    parameter = _parameter("level", f"{level:.6g}", name="Level")
    points = {0: 0.0, sound.fade_in: level} if sound.fade_in else {0: level}
    if sound.fade_out:
        points |= {max(sound.fade_in, frames - sound.fade_out): level, frames: 0.0}
    if len(points) > 1:
        for at, point in points.items():
            when = element("when", first + at)
            parameter.append(element("keyframe", when, element("value", f"{point:.6g}")))
    effect = element("effect", element("name", "Audio Levels"), element("effectid", "audiolevels"))
    for tag, value in (("effectcategory", "audiolevels"), ("effecttype", "audiolevels")):
        effect.append(element(tag, value))
    effect.append(element("mediatype", "audio"))
    effect.append(parameter)
    yield element("filter", effect)


def _parameter(key: str, value: str, *, name: str = "") -> Element:
    made = element("parameter", element("parameterid", key), element("name", name or key))
    made.append(element("value", value))
    return made


def _markers(timeline: Timeline, cut: tuple[Placement, ...]) -> Iterator[Element]:
    for scene in timeline.scenes:
        yield _marker(scene.title or scene.id, "", scene.start, scene.start + scene.frames)
    for event in cut:
        if not event.clip.held:
            yield _marker(event.clip.shot, about(event), event.start, -1)
    for note in timeline.notes:
        last = note.end if note.frames > 1 else -1
        yield _marker(f"{note.shot}: note", remark(note), note.start, last)


def _marker(name: str, comment: str, first: int, last: int) -> Element:
    made = element("marker", element("name", name), element("comment", comment))
    made.append(element("in", first))
    made.append(element("out", last))
    return made
