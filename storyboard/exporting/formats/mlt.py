"""MLT, `.mlt`: for Shotcut, Kdenlive's engine, and `melt`, which proves that the cut is exact."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from storyboard.exporting.formats.markup import document, element
from storyboard.exporting.losses import speeds, transitions
from storyboard.exporting.notes import about, remark
from storyboard.exporting.placements import events
from storyboard.units.timing import timecode, whole

if TYPE_CHECKING:
    from storyboard.exporting.formats.markup import Element
    from storyboard.exporting.media.files_of import MediaMap, Placed
    from storyboard.exporting.placements import Placement
    from storyboard.exporting.timecodes import Timecodes
    from storyboard.timeline import PlacedTransition, Sound, Timeline

WIPES = {
    "right": ("%luma01.pgm", 0),
    "left": ("%luma01.pgm", 1),
    "down": ("%luma02.pgm", 0),
    "up": ("%luma02.pgm", 1),
}
"""MLT's own pictures of a moving edge, by where it moves to, and whether it runs the other way."""


def write(timeline: Timeline, media: MediaMap, *, clock: Timecodes) -> str:
    """The timeline as `.mlt` text; media are plain paths.

    Only the cut: titles and captions are in the subtitles beside it.
    """
    del clock  # an .mlt counts from 0
    cut = events(timeline, media)
    root = element("mlt", LC_NUMERIC="C", version="7.0.0", title=timeline.title, producer="film")
    root.append(_profile(timeline))
    root.append(_color("black", timeline.background, timeline.frames))
    root.append(element("playlist", _entry("black", 0, timeline.frames), id="background"))
    picture = element("playlist", _property("shotcut:video", 1), _property("shotcut:name", "V1"))
    picture.set("id", "V1")
    for number, event in enumerate(cut):
        before = cut[number - 1] if number else None
        root.append(_picture(f"clip{number}", event))
        root.extend(_transition_parts(number, before, event))
        picture.extend(_on_track(number, event))
    if cut and cut[-1].closing is not None:
        number, ending = len(cut), cut[-1].closing
        root.extend(_through_color(number, ending, left=_leaving(number, cut[-1], ending)))
        picture.append(_entry(f"transition{number}", 0, ending.frames))
    root.append(picture)
    for number, (sound, placed) in enumerate(zip(timeline.sounds, media.sounds, strict=True), 1):
        root.extend(_sound_track(number, sound, placed))
    root.append(_film(timeline, cut))
    return document(root)


def losses(timeline: Timeline) -> Iterator[str]:
    """What an `.mlt` does not carry, beside what no format does."""
    carries, instead = ("dissolve", "fade", "wipe"), {"slide": "arrives as a wipe"}
    yield from transitions(timeline, carries=carries, instead=instead)
    yield from speeds(timeline)
    yield "timecode counts from 00:00:00:00; alternate takes lie beside the used ones"


def _profile(timeline: Timeline) -> Element:
    size, rate = timeline.size, timeline.rate
    shape = Fraction(size.width, size.height)
    return element(
        "profile",
        description=f"{size} {rate} fps",
        width=size.width,
        height=size.height,
        progressive=1,
        sample_aspect_num=1,
        sample_aspect_den=1,
        display_aspect_num=shape.numerator,
        display_aspect_den=shape.denominator,
        frame_rate_num=rate.numerator,
        frame_rate_den=rate.denominator,
        colorspace=709,
    )


def _picture(name: str, event: Placement) -> Element:
    """The file's picture without its sound; a changed speed is a file of another length."""
    if event.speed == 1:
        service, resource, frames = "avformat", event.file.link, event.file.frames
    else:
        service = "timewarp"
        resource = f"{float(event.speed):.9g}:{event.file.link}"
        frames = math.ceil(event.file.frames / event.speed)
    made = _producer(name, service, resource, frames)
    made.append(_property("audio_index", -1))
    made.append(_property("shotcut:caption", event.clip.shot))
    made.append(_property("shotcut:comment", about(event)))
    return made


def _on_track(number: int, event: Placement) -> Iterator[Element]:
    """The transition over the event's start, then what it shows on its own."""
    opening, closing = event.opening, event.closing
    if opening is not None:
        yield _entry(f"transition{number}", 0, opening.frames)
    head = opening.after if opening else 0
    tail = closing.before if closing else 0
    alone = event.frames - head - tail
    if alone:
        yield _entry(f"clip{number}", _in(event) + head, alone)


def _in(event: Placement) -> int:
    """The event's first frame, counted in frames of its changed speed."""
    return whole(event.first / event.speed)


def _transition_parts(number: int, before: Placement | None, event: Placement) -> Iterator[Element]:
    """The block of a transition: both clips in one small tractor, or a colour between them."""
    over = event.opening
    if over is None:
        return
    left = _leaving(number, before, over)
    if over.overlaps:
        right = (f"clip{number}", _in(event) - over.before)
        yield _mix(f"transition{number}", left, right, over.frames, over)
        return
    yield from _through_color(number, over, left=left, right=(f"clip{number}", _in(event)))


def _leaving(number: int, before: Placement | None, over: PlacedTransition) -> tuple[str, int]:
    """The producer of the event before, and its frame that a transition begins on."""
    end = _in(before) + before.frames if before else 0
    return f"clip{number - 1}", end - over.before


def _through_color(
    number: int,
    over: PlacedTransition,
    *,
    left: tuple[str, int],
    right: tuple[str, int] = ("", 0),
) -> Iterator[Element]:
    """A fade into a colour and out of it, each as far as it has frames."""
    name = f"transition{number}"
    yield _color(f"{name}color", over.color, over.frames)
    color = (f"{name}color", 0)
    parts = element("playlist", id=name)
    halves = ((left, color, over.before), (color, right, over.after))
    for half, (leaving, coming, frames) in enumerate(halves):
        if frames:
            yield _mix(f"{name}half{half}", leaving, coming, frames, over, half=half)
            parts.append(_entry(f"{name}half{half}", 0, frames))
    yield parts


def _mix(
    name: str,
    left: tuple[str, int],
    right: tuple[str, int],
    frames: int,
    over: PlacedTransition,
    *,
    half: int | None = None,
) -> Element:
    """Frames of two producers, mixed from the one to the other; `half` of a fade, or neither.

    MLT shows no share of the later one on a mix's first frame. The film does, but where it comes
    out of a colour; and it goes into one whole. So a mix begins a frame before what is seen of it,
    and behind the mix that ends in a colour that colour is seen alone.
    """
    last = {"in": 0, "out": frames - 1}
    mixed = {"in": 0 if half == 1 else -1, "out": frames - 2 if half == 0 else frames - 1}
    picture = element("transition", _property("a_track", 0), _property("b_track", 1), **mixed)
    picture.append(_property("factory", "loader"))
    picture.append(_property("mlt_service", "luma"))
    if over.kind in ("wipe", "slide"):
        resource, invert = WIPES[over.direction]
        picture.append(_property("resource", resource))
        picture.append(_property("invert", invert))
        picture.append(_property("softness", 0))
    made = element("tractor", _property("shotcut:transition", "lumaMix"), id=name, **last)
    for producer, first in (left, right):
        made.append(element("track", producer=producer, **{"in": first, "out": first + frames - 1}))
    made.append(picture)
    return made


def _sound_track(number: int, sound: Sound, placed: Placed) -> Iterator[Element]:
    """A track with one sound: its gain and its fades are filters that stay editable."""
    if placed.speed == 1:
        made = _producer(f"sound{number}", "avformat", placed.file.link, placed.file.frames)
        first = placed.first
    else:
        length = math.ceil(placed.file.frames / placed.speed)
        resource = f"{float(placed.speed):.9g}:{placed.file.link}"
        made = _producer(f"sound{number}", "timewarp", resource, length)
        made.append(_property("warp_pitch", 1))
        first = whole(placed.first / placed.speed)
    made.append(_property("video_index", -1))
    made.extend(_levels(sound, first, placed.frames))
    yield made
    track = element("playlist", _property("shotcut:audio", 1), id=f"A{number}")
    track.append(_property("shotcut:name", f"A{number}"))
    if sound.start:
        track.append(element("blank", length=sound.start))
    track.append(_entry(f"sound{number}", first, placed.frames))
    yield track


def _levels(sound: Sound, first: int, frames: int) -> Iterator[Element]:
    last = first + frames - 1
    if sound.gain:
        yield _volume({"level": f"{sound.gain:g}"}, first, last)
    if sound.fade_in:
        ramp = {"gain": "0", "end": "1", "shotcut:filter": "fadeInVolume"}
        yield _volume(ramp, first, first + sound.fade_in - 1)
    if sound.fade_out:
        ramp = {"gain": "1", "end": "0", "shotcut:filter": "fadeOutVolume"}
        yield _volume(ramp, last - sound.fade_out + 1, last)


def _volume(properties: dict[str, str], first: int, last: int) -> Element:
    made = element("filter", _property("mlt_service", "volume"), **{"in": first, "out": last})
    made.extend(_property(name, value) for name, value in properties.items())
    return made


def _film(timeline: Timeline, cut: tuple[Placement, ...]) -> Element:
    """The film's tractor: background, picture and sounds, with the markers that Shotcut shows."""
    film = element("tractor", id="film", title=timeline.title)
    film.set("in", "0")
    film.set("out", str(timeline.frames - 1))
    film.append(_property("shotcut", 1))
    film.append(_property("shotcut:projectAudioChannels", 2))
    film.append(_markers(timeline, cut))
    film.append(element("track", producer="background"))
    film.append(element("track", producer="V1", hide="audio"))
    for number in range(1, len(timeline.sounds) + 1):
        film.append(element("track", producer=f"A{number}", hide="video"))
    for number in range(2, len(timeline.sounds) + 2):
        film.append(_sum(number))
    return film


def _sum(track: int) -> Element:
    made = element("transition", _property("a_track", 0), _property("b_track", track))
    for name, value in (("mlt_service", "mix"), ("always_active", 1), ("sum", 1)):
        made.append(_property(name, value))
    return made


def _markers(timeline: Timeline, cut: tuple[Placement, ...]) -> Element:
    marks = [(f"{scene.title or scene.id}", scene.start, scene.frames) for scene in timeline.scenes]
    marks += [
        (f"{event.clip.shot}: {about(event)}", event.start, 1)
        for event in cut
        if not event.clip.held
    ]
    marks += [(f"{note.shot}: {remark(note)}", note.start, note.frames) for note in timeline.notes]
    made = element("properties", name="shotcut:markers")
    for number, (text, start, frames) in enumerate(marks):
        place = element("properties", _property("text", text), name=number)
        place.append(_property("start", _clock_time(start, timeline.rate)))
        place.append(_property("end", _clock_time(start + frames - 1, timeline.rate)))
        made.append(place)
    return made


def _clock_time(frame: int, rate: Fraction) -> str:
    """`HH:MM:SS.mmm`, rounded so that the frame is found again."""
    seconds, rest = divmod(math.ceil(frame / rate * 1000), 1000)
    return f"{timecode(seconds, Fraction(1))[:-3]}.{rest:03d}"


def _color(name: str, color: str, frames: int) -> Element:
    return _producer(name, "color", color, frames)


def _producer(name: str, service: str, resource: str, frames: int) -> Element:
    made = element("producer", id=name, **{"in": 0, "out": frames - 1})
    for key, value in (
        ("length", frames),
        ("eof", "pause"),
        ("resource", resource),
        ("mlt_service", service),
    ):
        made.append(_property(key, value))
    return made


def _entry(producer: str, first: int, frames: int) -> Element:
    return element("entry", producer=producer, **{"in": first, "out": first + frames - 1})


def _property(name: str, value: object) -> Element:
    return element("property", str(value), name=name)
