"""An editor's desk for the tests: a sequence, and how other programs save it.

The sequence is taken from our export with OpenTimelineIO's library. What it shows is counted here,
without anything of the package; the writers follow what the programs write, not our exports.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

import opentimelineio as otio

from storyboard.reimport.changes import Changes, changes
from storyboard.reimport.edited import Edited
from storyboard.reimport.inserting import FoundMovie, inserted
from storyboard.timeline import Timeline
from storyboard.timeline.recut import natural_takes


@dataclass(frozen=True)
class Cut:
    """A clip: a range of a file, in its frames."""

    shot: str
    file: str
    label: int
    length: int
    first: int
    frames: int
    speed: Fraction = Fraction(1)
    held: int | None = None
    fade_in: int = 0
    fade_out: int = 0

    def at(self, offset: int) -> int:
        """The take's frame on the clip's frame `offset`."""
        if self.held is not None:
            return self.held
        return int(self.first + offset * self.speed + Fraction(1, 2))


@dataclass(frozen=True)
class Mix:
    """A dissolve over the cut that it stands at."""

    before: int
    after: int


def found_in(timeline: Timeline, edited: Edited) -> Changes:
    """What an editor changed; no movie is where it is looked for."""

    def nothing(path: Path) -> FoundMovie:
        raise AssertionError(path)

    brought = inserted(edited, {}, timeline.order, nothing)
    others = natural_takes(brought.films(timeline, fit=None))
    return changes(timeline, brought.edited, others=others, inserts=brought.parts)


Items = list[Cut | Mix]


@dataclass
class Desk:
    """A sequence that is edited."""

    rate: Fraction
    items: Items = field(default_factory=list)

    @property
    def cuts(self) -> list[Cut]:
        """Its clips."""
        return [item for item in self.items if isinstance(item, Cut)]

    def placed(self) -> Iterator[tuple[int, Cut, Mix | None, Mix | None]]:
        """Each clip with its first frame on the film and the dissolves over its ends."""
        at = 0
        for number, item in enumerate(self.items):
            if isinstance(item, Cut):
                around = (
                    self.items[n] if 0 <= n < len(self.items) else None
                    for n in (number - 1, number + 1)
                )
                over = [one if isinstance(one, Mix) else None for one in around]
                yield at, item, over[0], over[1]
                at += item.frames

    def shown(self) -> list[tuple[str, int] | None]:
        """The shot and the take's frame on each frame; None where two are seen, or a fade."""
        found: list[tuple[str, int] | None] = []
        for _, cut, _, _ in self.placed():
            found += [(cut.shot, cut.at(offset)) for offset in range(cut.frames)]
        for at, cut, opening, _ in self.placed():
            covered = range(at, at + cut.fade_in)
            if opening is not None:
                covered = range(at - opening.before, at + opening.after)
            end = at + cut.frames
            for frame in (*covered, *range(end - cut.fade_out, end)):
                found[frame] = None
        return found


def opened(path: Path) -> Desk:
    """The picture track of an exported `.otio`, read by OpenTimelineIO's library."""
    timeline = otio.adapters.read_from_file(str(path))
    track = timeline.video_tracks()[0]
    items: Items = []
    for item in track:
        if isinstance(item, otio.schema.Transition):
            items.append(Mix(int(item.in_offset.value), int(item.out_offset.value)))
            continue
        said, media = item.metadata["storyboard"], item.media_reference
        label = int(media.available_range.start_time.value)
        items.append(
            Cut(
                shot=said["shot"],
                file=media.name,
                label=label,
                length=int(media.available_range.duration.value),
                first=int(item.source_range.start_time.value) - label,
                frames=int(item.source_range.duration.value),
                speed=Fraction(said["media_speed"]),
                held=said.get("held_frame"),
            )
        )
    rate = Fraction(timeline.metadata["storyboard"]["rate"])
    return Desk(rate, items)


def _time(frames: int | Fraction, rate: Fraction) -> otio.opentime.RationalTime:
    return otio.opentime.RationalTime(float(frames), float(rate))


def as_otio(desk: Desk) -> str:
    """As the library writes it, without our metadata: a fade is a dissolve over a gap."""
    rate = desk.rate
    track = otio.schema.Track(kind="Video", name="V1")
    timeline = otio.schema.Timeline("edited")
    timeline.tracks.append(track)
    for item in desk.items:
        if isinstance(item, Mix):
            track.append(_dissolve(item.before, item.after, rate))
            continue
        if item.fade_in:
            if not len(track):
                track.append(_dissolve(0, item.fade_in, rate))
            else:
                track.append(_dissolve(0, item.fade_in, rate))
        media = otio.schema.ExternalReference(
            f"file:///Volumes/Cut/media/{quote(item.file)}",
            otio.opentime.TimeRange(_time(item.label, rate), _time(item.length, rate)),
        )
        span = otio.opentime.TimeRange(
            _time(item.label + item.first, rate), _time(item.frames - item.fade_out, rate)
        )
        clip = otio.schema.Clip(item.file, media, span)
        if item.speed != 1:
            clip.effects.append(otio.schema.LinearTimeWarp(time_scalar=float(item.speed)))
        track.append(clip)
        if item.fade_out:
            track.append(_dissolve(0, item.fade_out, rate))
            track.append(
                otio.schema.Gap(
                    source_range=otio.opentime.TimeRange(_time(0, rate), _time(item.fade_out, rate))
                )
            )
    return str(timeline.to_json_string())


def _dissolve(before: int, after: int, rate: Fraction) -> otio.schema.Transition:
    return otio.schema.Transition(
        "Cross Dissolve", "SMPTE_Dissolve", _time(before, rate), _time(after, rate)
    )


def as_fcpxml(desk: Desk) -> str:
    """As Final Cut Pro 10.6 writes it: version 1.10, `timeMap` for speeds, clips named by file."""
    rate = desk.rate

    def time(frames: int | Fraction) -> str:
        exact = Fraction(frames) / rate
        base = rate.numerator
        return f"{exact * base}/{base}s" if (exact * base).denominator == 1 else f"{exact}s"

    assets: dict[str, str] = {}
    spine = []
    for at, cut, opening, _ in desk.placed():
        asset = assets.setdefault(cut.file, f"r{len(assets) + 2}")
        if opening is not None:
            spine.append(
                f'<transition name="Cross Dissolve" offset="{time(86400 + at - opening.before)}" '
                f'duration="{time(opening.before + opening.after)}"/>'
            )
        local = cut.label + int(cut.first / cut.speed)
        inside = ""
        if cut.speed != 1:
            ends = (0, int(cut.length / cut.speed))
            points = "".join(
                f'<timept time="{time(cut.label + t)}" value="{time(cut.label + t * cut.speed)}" interp="smooth2"/>'
                for t in ends
            )
            inside += f"<timeMap>{points}</timeMap>"
        fades = "".join(
            f'<{tag} type="linear" duration="{time(n)}"/>'
            for tag, n in (("fadeIn", cut.fade_in), ("fadeOut", cut.fade_out))
            if n
        )
        if fades:
            inside += f'<adjust-blend><param name="amount">{fades}</param></adjust-blend>'
        spine.append(
            f'<asset-clip ref="{asset}" offset="{time(86400 + at)}" name={quoteattr(cut.file[:-4])} '
            f'start="{time(local)}" duration="{time(cut.frames)}" tcFormat="NDF">{inside}</asset-clip>'
        )
    made = {cut.file: cut for cut in desk.cuts}
    resources = "".join(
        f'<asset id="{name}" name={quoteattr(file[:-4])} start="{time(made[file].label)}" '
        f'duration="{time(made[file].length)}" hasVideo="1" format="r1"><media-rep kind="original-media" '
        f'src="file:///Volumes/Cut/media/{quote(file)}"/></asset>'
        for file, name in assets.items()
    )
    total = sum(cut.frames for cut in desk.cuts)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n<fcpxml version="1.10"><resources>'
        f'<format id="r1" frameDuration="{time(1)}" width="320" height="180"/>{resources}</resources>'
        '<library location="file:///Users/e/Movies/Cut.fcpbundle/"><event name="1"><project name="edited">'
        f'<sequence format="r1" duration="{time(total)}" tcStart="{time(86400)}" tcFormat="NDF"><spine>'
        f"{''.join(spine)}</spine></sequence></project></event></library></fcpxml>\n"
    )


def as_xmeml(desk: Desk) -> str:
    """As Premiere writes it: version 4, files described once, -1 below transitions."""
    base = int(desk.rate + Fraction(1, 2))
    ntsc = "TRUE" if desk.rate.denominator != 1 else "FALSE"
    rate = f"<rate><timebase>{base}</timebase><ntsc>{ntsc}</ntsc></rate>"
    known: dict[str, str] = {}
    track = []

    def mix(start: int, end: int, alignment: str) -> str:
        return (
            f"<transitionitem><start>{start}</start><end>{end}</end><alignment>{alignment}</alignment>"
            f"<cutPointTicks>0</cutPointTicks>{rate}<effect><name>Cross Dissolve</name><effectid>Cross "
            "Dissolve</effectid><effectcategory>Dissolve</effectcategory></effect></transitionitem>"
        )

    for number, (at, cut, opening, closing) in enumerate(desk.placed(), 1):
        head = opening.before if opening else 0
        tail = closing.after if closing else 0
        if opening:
            # halves as Final Cut aligns them: at the cut where one side is empty
            where = "start" if not opening.before else "end" if not opening.after else "center"
            track.append(mix(at - opening.before, at + opening.after, where))
        if cut.fade_in:
            track.append(mix(at, at + cut.fade_in, "start-black"))
        begin = int(cut.first / cut.speed) - head
        file = f'<file id="{known.get(cut.file)}"/>'
        if cut.file not in known:
            known[cut.file] = f"file-{len(known) + 1}"
            file = (
                f'<file id="{known[cut.file]}"><name>{escape(cut.file)}</name><pathurl>file://localhost/C%3a/cut/'
                f"{quote(cut.file)}</pathurl>{rate}<duration>{cut.length}</duration><timecode>{rate}"
                f"<string>01:00:00:00</string><frame>{cut.label}</frame></timecode></file>"
            )
        remap = ""
        if cut.speed != 1:
            remap = (
                "<filter><effect><name>Time Remap</name><effectid>timeremap</effectid><parameter><parameterid>"
                "variablespeed</parameterid><value>0</value></parameter><parameter><parameterid>speed</parameterid>"
                f"<value>{float(cut.speed * 100):.6g}</value></parameter><parameter><parameterid>reverse"
                "</parameterid><value>FALSE</value></parameter></effect></filter>"
            )
        track.append(
            f'<clipitem id="clipitem-{number}"><name>{escape(cut.file)}</name><enabled>TRUE</enabled>'
            f"<duration>{cut.length}</duration>{rate}<start>{-1 if opening else at}</start>"
            f"<end>{-1 if closing else at + cut.frames}</end><in>{begin}</in>"
            f"<out>{begin + head + cut.frames + tail}</out>{file}{remap}</clipitem>"
        )
        if cut.fade_out:
            end = at + cut.frames
            track.append(mix(end - cut.fade_out, end, "end-black"))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n<xmeml version="4"><project><name>p</name>'
        f'<children><sequence id="sequence-1"><name>edited</name>{rate}<media><video><format/><track>'
        f"{''.join(track)}<enabled>TRUE</enabled><locked>FALSE</locked></track></video><audio/></media>"
        "</sequence></children></project></xmeml>\n"
    )


def as_edl(desk: Desk) -> str:
    """As Avid writes it: reels of eight letters that say nothing, clips named in comments."""
    base = int(desk.rate + Fraction(1, 2))

    def label(frame: int) -> str:
        seconds, frames = divmod(frame, base)
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}:{frames:02d}"

    hour = 3600 * base
    lines = ["TITLE: EDITED", "FCM: NON-DROP FRAME"]
    reels: dict[str, str] = {}
    number = 0
    placed = list(desk.placed())

    def event(cut: Cut, effect: str, start: int, end: int, at: int) -> str:
        reel = reels.setdefault(cut.file, f"A{len(reels) + 1:03d}C001")
        source = (
            cut.label + cut.at(start - at)
            if cut.held is None
            else cut.label + cut.first + start - at
        )
        out = source + (int((end - start) * cut.speed) if cut.held is None else end - start)
        return (
            f"{number:03d}  {reel:<8} V     {effect:<7} {label(source)} {label(out)} "
            f"{label(hour + start)} {label(hour + end)} "
        )

    def motion(cut: Cut, offset: int) -> list[str]:
        if cut.speed == 1:
            return []
        return [
            f"M2   {reels[cut.file]:<8}  {float(cut.speed * base):05.1f}  {label(cut.label + cut.at(offset))}"
        ]

    black = f"{label(0)} {label(0)}"
    for index, (at, cut, opening, closing) in enumerate(placed):
        start = at - (opening.before if opening else 0)
        end = at + cut.frames - (closing.before if closing else 0) - cut.fade_out
        number += 1
        if opening:
            before_at, before, _, _ = placed[index - 1]
            lines.append(event(before, "C", start, start, before_at))
            lines.append(event(cut, f"D    {opening.before + opening.after:03d}", start, end, at))
            lines += motion(before, start - before_at) + motion(cut, start - at)
            lines += [f"* FROM CLIP NAME: {before.file}", f"* TO CLIP NAME: {cut.file}"]
        elif cut.fade_in:
            lines.append(
                f"{number:03d}  BL       V     C       {black} {label(hour + at)} {label(hour + at)} "
            )
            lines.append(event(cut, f"D    {cut.fade_in:03d}", at, end, at))
            lines += [*motion(cut, 0), f"* TO CLIP NAME: {cut.file}"]
        else:
            lines.append(event(cut, "C", start, end, at))
            lines += [*motion(cut, 0), f"* FROM CLIP NAME: {cut.file}"]
        if cut.fade_out:
            number += 1
            lines.append(event(cut, "C", end, end, at))
            lines.append(
                f"{number:03d}  BL       V     D    {cut.fade_out:03d} {black} {label(hour + end)} "
                f"{label(hour + end + cut.fade_out)} "
            )
            lines += motion(cut, end - at)
            lines.append(f"* FROM CLIP NAME: {cut.file}")
    return "\n".join(lines) + "\n"


def as_shotcut(desk: Desk) -> str:
    """As Shotcut writes it: chains, clock times, transitions as tractors, fades as filters."""
    rate = desk.rate

    def clock(frame: int) -> str:
        milli = -((-frame * 1000 * rate.denominator) // rate.numerator)
        seconds, rest = divmod(milli, 1000)
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"

    parts, playlist = [], []

    def producer(name: str, cut: Cut, *filters: str) -> str:
        tag, resource, more = "chain", cut.file, ""
        length = cut.length
        if cut.speed != 1:
            tag, resource = "producer", f"{float(cut.speed):g}:media/{cut.file}"
            more = (
                f'<property name="warp_speed">{float(cut.speed):g}</property>'
                f'<property name="warp_resource">media/{cut.file}</property>'
            )
            length = int(cut.length / cut.speed)
        service = "timewarp" if cut.speed != 1 else "avformat-novalidate"
        return (
            f'<{tag} id="{name}" out="{clock(length - 1)}"><property name="length">{clock(length)}</property>'
            f'<property name="resource">{escape(resource)}</property>{more}<property name="mlt_service">{service}'
            f'</property><property name="shotcut:caption">{escape(cut.file)}</property>{"".join(filters)}</{tag}>'
        )

    def fade(side: str, first: int, last: int) -> str:
        return (
            f'<filter in="{clock(first)}" out="{clock(last)}"><property name="mlt_service">brightness</property>'
            f'<property name="shotcut:filter">fade{side}Brightness</property></filter>'
        )

    cuts = list(desk.placed())
    for number, (_, cut, opening, closing) in enumerate(cuts):
        first = int(cut.first / cut.speed)
        head, tail = (opening.after if opening else 0), (closing.before if closing else 0)
        filters = []
        if cut.fade_in:
            filters.append(fade("In", first, first + cut.fade_in - 1))
        if cut.fade_out:
            last = first + cut.frames - 1
            filters.append(fade("Out", last - cut.fade_out + 1, last))
        parts.append(producer(f"chain{number}", cut, *filters))
        if opening:
            before = cuts[number - 1][1]
            frames = opening.before + opening.after
            left = int(before.first / before.speed) + before.frames - opening.before
            right = first - opening.before
            parts.append(
                f'<tractor id="tractor{number}" in="{clock(0)}" out="{clock(frames - 1)}"><property '
                'name="shotcut:transition">lumaMix</property>'
                f'<track producer="chain{number - 1}" in="{clock(left)}" out="{clock(left + frames - 1)}"/>'
                f'<track producer="chain{number}" in="{clock(right)}" out="{clock(right + frames - 1)}"/>'
                '<transition><property name="mlt_service">luma</property></transition></tractor>'
            )
            playlist.append(
                f'<entry producer="tractor{number}" in="{clock(0)}" out="{clock(frames - 1)}"/>'
            )
        alone = cut.frames - head - tail
        if alone:
            begin = first + head
            playlist.append(
                f'<entry producer="chain{number}" in="{clock(begin)}" out="{clock(begin + alone - 1)}"/>'
            )
    total = sum(cut.frames for cut in desk.cuts)
    return (
        '<?xml version="1.0" standalone="no"?>\n<mlt LC_NUMERIC="C" version="7.22.0" title="Shotcut version 24.09" '
        f'producer="main_bin"><profile width="320" height="180" frame_rate_num="{rate.numerator}" '
        f'frame_rate_den="{rate.denominator}"/><playlist id="main_bin"/><producer id="black"><property name="resource">0'
        '</property><property name="mlt_service">color</property></producer>'
        f'<playlist id="background"><entry producer="black" in="{clock(0)}" out="{clock(total - 1)}"/></playlist>'
        f'{"".join(parts)}<playlist id="playlist0"><property name="shotcut:video">1</property><property '
        f'name="shotcut:name">V1</property>{"".join(playlist)}</playlist><tractor id="tractor_main"><property '
        'name="shotcut">1</property><track producer="background"/><track producer="playlist0"/></tractor></mlt>\n'
    )


def as_kdenlive(desk: Desk) -> str:
    """As Kdenlive's project: each track two playlists, clips on both where they mix."""
    rate = desk.rate
    rows: tuple[list[str], list[str]] = ([], [])
    ends = [0, 0]
    producers = []
    row = 0
    for number, (at, cut, opening, closing) in enumerate(desk.placed()):
        head, tail = (opening.before if opening else 0), (closing.after if closing else 0)
        if opening:
            row = 1 - row
        service = "avformat-novalidate" if cut.speed == 1 else "timewarp"
        resource = cut.file if cut.speed == 1 else f"{float(cut.speed):f}:{cut.file}"
        warp = (
            ""
            if cut.speed == 1
            else f'<property name="warp_speed">{float(cut.speed):f}</property><property name="warp_resource">{cut.file}</property>'
        )
        producers.append(
            f'<producer id="producer{number}"><property name="resource">/cut/media/{resource}</property>'
            f'<property name="mlt_service">{service}</property>{warp}<property name="kdenlive:id">{number}</property></producer>'
            if cut.speed == 1
            else f'<producer id="producer{number}"><property name="resource">{resource}</property>'
            f'<property name="mlt_service">{service}</property>{warp}</producer>'
        )
        start = at - head
        if start > ends[row]:
            rows[row].append(f'<blank length="{start - ends[row]}"/>')
        first = int(cut.first / cut.speed) - head
        frames = head + cut.frames + tail
        fades = "".join(
            f'<filter id="f{number}{word}" in="{a}" out="{b}"><property name="mlt_service">brightness</property>'
            f'<property name="kdenlive_id">{word}</property></filter>'
            for word, a, b, wanted in (
                ("fade_from_black", first, first + cut.fade_in - 1, cut.fade_in),
                ("fade_to_black", first + frames - cut.fade_out, first + frames - 1, cut.fade_out),
            )
            if wanted
        )
        rows[row].append(
            f'<entry producer="producer{number}" in="{first}" out="{first + frames - 1}">{fades}</entry>'
        )
        ends[row] = start + frames
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<mlt LC_NUMERIC="C" producer="main_bin" version="7.24.0"><profile '
        f'frame_rate_num="{rate.numerator}" frame_rate_den="{rate.denominator}" width="320" height="180"/>'
        f'{"".join(producers)}<playlist id="playlist0">{"".join(rows[0])}</playlist><playlist id="playlist1">'
        f'{"".join(rows[1])}</playlist><tractor id="tractor0"><track hide="audio" producer="playlist0"/><track '
        'hide="audio" producer="playlist1"/></tractor><producer id="black_track"><property name="mlt_service">color'
        '</property><property name="resource">black</property></producer><playlist id="main_bin"/>'
        '<tractor id="{e8}"><property name="kdenlive:uuid">{e8}</property><track producer="black_track"/><track '
        'producer="tractor0"/></tractor><tractor id="tractor_project"><property name="kdenlive:projectTractor">1'
        '</property><track producer="{e8}"/></tractor></mlt>\n'
    )


WRITERS = {
    "otio": as_otio,
    "fcpxml": as_fcpxml,
    "xmeml": as_xmeml,
    "edl": as_edl,
    "shotcut": as_shotcut,
    "kdenlive": as_kdenlive,
}
"""How each program saves it."""

ENDINGS = {
    "otio": "otio",
    "fcpxml": "fcpxml",
    "xmeml": "xml",
    "edl": "edl",
    "shotcut": "mlt",
    "kdenlive": "kdenlive",
}


def trimmed(cut: Cut, *, head: int = 0, tail: int = 0) -> Cut:
    """A clip with film frames taken off its ends."""
    return replace(cut, first=int(cut.first + head * cut.speed), frames=cut.frames - head - tail)


def compact(desk: Desk) -> str:
    """The sequence in one line, for a failing test's message."""
    return json.dumps([repr(item) for item in desk.items])
