"""Every format, read back: by the film industry's own library, or by checks of our own."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Tree

import opentimelineio as otio
import pytest

from storyboard.errors import MediaError
from storyboard.exporting.media.source_starts import preferred
from storyboard.exporting.package import export
from storyboard.testing.clips import write_clip
from storyboard.timeline import Media, PlacedTransition, Sound, Timeline
from storyboard.units.timing import Rate
from tests.exporting import fcpxml_rules
from tests.exporting.cuts import SIZE, Reel, film, loud_film, still, take
from tests.exporting.fcpxml_rules import seconds

RATES = tuple(Fraction(r) for r in ("24", "24000/1001", "25", "30", "30000/1001", "60"))

Cut = list[tuple[str, int, int]]


def exported(timeline: Timeline, folder: Path, name: str, **how: Any) -> Path:
    """The timeline's file in one format."""
    return export(timeline, folder, formats=[name], **how).files[0]


def opened(path: Path) -> otio.schema.Timeline:
    """A file as OpenTimelineIO's library reads it."""
    found = otio.adapters.read_from_file(str(path))
    return found if isinstance(found, otio.schema.Timeline) else found[0]


def clips(timeline: otio.schema.Timeline, *, number: int = 0) -> Cut:
    """Each clip of a track: shot or file, source start and length."""
    return [
        (
            clip.name.partition(".")[0].partition("_v")[0],
            round(clip.source_range.start_time.value),
            round(clip.source_range.duration.value),
        )
        for clip in timeline.tracks[number]
        if isinstance(clip, otio.schema.Clip)
    ]


def wanted(timeline: Timeline) -> Cut:
    """What a format should say, frame by frame of source."""
    second = int(timeline.rate + Fraction(1, 2))
    return [
        (
            clip.shot,
            preferred(clip.shot) * second + (second if clip.held else clip.first),
            clip.frames,
        )
        for clip in timeline.clips
    ]


def dissolves(timeline: otio.schema.Timeline) -> list[tuple[int, int]]:
    """The offsets of each transition on the picture track."""
    return [
        (round(item.in_offset.value), round(item.out_offset.value))
        for item in timeline.tracks[0]
        if isinstance(item, otio.schema.Transition)
    ]


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize("name", ["otio", "xml"])
def test_the_library_reads_the_same_cut(name: str, rate: Rate, tmp_path: Path) -> None:
    """Clips, source ranges, the dissolve and the start come back exactly, at every rate."""
    timeline = film(tmp_path, rate)
    found = opened(exported(timeline, tmp_path / "to", name))
    assert clips(found) == wanted(timeline)
    assert dissolves(found) == [(4, 4)]
    assert found.global_start_time.value == 3600 * int(rate + Fraction(1, 2))
    assert found.tracks[0].duration().value == timeline.frames
    assert abs(found.global_start_time.rate - float(rate)) < 0.001


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_an_edl_reads_as_the_same_cut(rate: Rate, tmp_path: Path) -> None:
    """An EDL starts a dissolve's event where the dissolve starts, and comes back like that."""
    timeline = film(tmp_path, rate)
    path = exported(timeline, tmp_path / "to", "edl")
    found = otio.adapters.read_from_file(str(path), rate=float(int(rate + Fraction(1, 2))))
    want = wanted(timeline)
    shot, start, frames = want[3]
    want[2] = (*want[2][:2], want[2][2] - 4)
    want[3] = (shot, start - 4, frames + 4)
    assert clips(found) == want
    assert dissolves(found) == [(0, 8)]
    assert clips(found, number=1) == [("Theme_1_100_u", 0, timeline.frames - 12)]


def test_an_otio_is_what_the_library_would_write(tmp_path: Path) -> None:
    """Reading and writing it with the library loses nothing."""
    path = exported(film(tmp_path, RATES[1]), tmp_path / "to", "otio")
    first = otio.adapters.read_from_file(str(path))
    second = otio.adapters.read_from_string(otio.adapters.write_to_string(first, "otio_json"))
    assert first.is_equivalent_to(second)
    assert first.tracks[0][0].source_range.duration.rate == 24000 / 1001


def test_an_otio_carries_prompts_takes_and_costs(tmp_path: Path) -> None:
    """Metadata and comments hold what there is to know of a shot; its other takes are there."""
    timeline = film(tmp_path, RATES[0])
    other = take(tmp_path, 9)
    takes = {"sh010": {1: timeline.clips[0].media, 2: other}}
    found = opened(exported(timeline, tmp_path / "to", "otio", takes=takes))
    clip = found.tracks[0][0]
    said = clip.metadata["storyboard"]
    assert said["prompt"].startswith('The rider "steps" out & <waves>')
    assert said["cost_micro_dollars"] == 420_000
    assert said["request_id"] == "r-1"
    assert said["dropped_at_seam"] == 1
    assert set(clip.media_references()) == {"DEFAULT_MEDIA", "sh010_v002"}
    assert clip.media_references()["sh010_v002"].target_url == "media/sh010_v002.mov"
    markers = {marker.name: marker.comment for marker in found.tracks.markers}
    assert markers["Day"] == "Day"
    assert "$0.42" in markers["sh030"]
    assert clip.available_range().duration.value == clip.source_range.duration.value + 1


def test_an_otio_says_levels_links_and_notes_as_resolve_does(tmp_path: Path) -> None:
    """Under its own keys, with its own spelling; OpenTimelineIO's library keeps them."""
    found = opened(exported(loud_film(tmp_path), tmp_path / "to", "otio"))
    assert dict(found.metadata["Resolve_OTIO"]) == {"Resolve OTIO Meta Version": "1.0"}
    picture, own, music = found.tracks
    assert dict(own.metadata["Resolve_OTIO"]) == {
        "Audio Type": "Stereo",
        "Locked": False,
        "SoloOn": False,
    }
    first, second = (clip.metadata.get("Resolve_OTIO", {}) for clip in picture)
    heard = own[0].metadata["Resolve_OTIO"]
    assert first["Link Group ID"] == heard["Link Group ID"]
    assert "Link Group ID" not in second
    assert "Link Group ID" not in music[0].metadata["Resolve_OTIO"]
    assert [dict(channel) for channel in heard["Channels"]] == [
        {"Source Channel ID": 0, "Source Track ID": 0},
        {"Source Channel ID": 1, "Source Track ID": 0},
    ]
    assert levels(own[0]) == {"volume": -3}
    assert levels(music[0]) == {"volume": -12, "faderIn": 6, "faderOut": 4}
    for marker in found.tracks.markers:
        assert marker.metadata["Resolve_OTIO"]["Note"] == marker.comment


def test_the_sound_goes_out_with_the_picture(tmp_path: Path) -> None:
    """Where the film goes into black at its end: each sound that lasts until then, and no other."""
    loud = loud_film(tmp_path)
    own, music = loud.sounds
    over = PlacedTransition("fade", loud.frames, 10, 0)
    timeline = replace(loud, transitions=(over,), sounds=(own, replace(music, frames=None)))
    given = export(timeline, tmp_path / "to", formats=["otio", "edl"])
    _, first, last = opened(given.files[0]).tracks
    assert levels(last[0])["faderOut"] == 10
    assert "faderOut" not in levels(first[0])
    assert any("the sound goes out" in note for note in given.notes)


def levels(clip: otio.schema.Clip) -> dict[str, float]:
    """What Resolve's own effect says of a sound."""
    [effect] = clip.effects
    words = effect.metadata["Resolve_OTIO"]
    assert (words["Effect Name"], words["Type"]) == ("Fairlight Clip Volume and Fades", 62)
    return {one["Parameter ID"]: one["Parameter Value"] for one in words["Parameters"]}


@pytest.mark.parametrize("name", ["otio", "edl", "xml"])
def test_a_fade_needs_no_handles_and_loses_no_time(name: str, tmp_path: Path) -> None:
    """Whatever a format makes of a fade, the film is as long as before."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1))
    reel.lay("sh020", take(tmp_path, 2))
    fades = (
        PlacedTransition("fade", 0, 0, 10),
        PlacedTransition("fade", 49, 6, 6),
        PlacedTransition("fade", 98, 8, 0),
    )
    known = 1 if name == "edl" else 0  # its reader does not know a film that fades in
    timeline = reel.timeline(transitions=fades[known:])
    found = opened(exported(timeline, tmp_path / "to", name))
    assert found.tracks[0].duration().value == 98
    assert len(dissolves(found)) == 4 - known


def test_an_edl_says_frames_lengths_and_words(tmp_path: Path) -> None:
    """The text of a small EDL, line by line."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1), frames=30)
    reel.lay("sh020", take(tmp_path, 2), first=8, frames=20, speed=Fraction(3, 2))
    timeline = reel.timeline(transitions=(PlacedTransition("wipe", 30, 4, 4, direction="right"),))
    said = 'The rider "steps" out & <waves>, sh0{}0 [take 1, kling-o1, r-1, $0.42, key {}]'
    first, second = (said.format(n, "0" * 12) for n in (1, 2))
    lines = exported(timeline, tmp_path / "to", "edl").read_text("utf-8").splitlines()
    assert lines == [
        "TITLE: Dämmerung #1",
        "FCM: NON-DROP FRAME",
        "",
        "001  sh010_v001 V     C        01:10:00:00 01:10:01:02 01:00:00:00 01:00:01:02",
        "* FROM CLIP NAME: sh010_v001.mov",
        f"* COMMENT: {first}",
        f"* LOC: 01:00:00:00 GREEN   sh010 {first}",
        "002  sh010_v001 V     C        01:10:01:02 01:10:01:02 01:00:01:02 01:00:01:02",
        "002  sh020_v001 V     W001 008 01:20:00:02 01:20:01:14 01:00:01:02 01:00:02:02",
        "M2   sh020_v001 036.0 01:20:00:02",
        "* FROM CLIP NAME: sh010_v001.mov",
        "* TO CLIP NAME: sh020_v001.mov",
        f"* COMMENT: {second}",
        f"* LOC: 01:00:01:06 GREEN   sh020 {second}",
    ]


def test_drop_frame_only_where_it_is_asked_for(tmp_path: Path) -> None:
    """29.97 stays non-drop; asked for, record timecode and the header say so."""
    reel = Reel(Fraction(30000, 1001))
    reel.lay("sh010", take(tmp_path, 1, rate=reel.rate))
    plain = exported(reel.timeline(), tmp_path / "a", "edl").read_text("utf-8")
    dropped = exported(reel.timeline(), tmp_path / "b", "edl", drop_frame=True).read_text("utf-8")
    assert "FCM: NON-DROP FRAME" in plain
    assert "01:00:01:19" in plain
    assert "FCM: DROP FRAME" in dropped
    assert "01:00:01;19" in dropped


@pytest.mark.parametrize("name", ["otio", "xml", "fcpxml", "edl", "mlt"])
def test_a_dissolve_without_handles_is_refused(name: str, tmp_path: Path) -> None:
    """No format shows a black or frozen frame in its place; the message says what to do."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1))
    reel.lay("sh020", take(tmp_path, 2), first=2)
    timeline = reel.timeline(transitions=(PlacedTransition("dissolve", 49, 4, 4),))
    with pytest.raises(MediaError) as caught:
        exported(timeline, tmp_path / "to", name)
    assert str(caught.value) == (
        "the dissolve from sh010 to sh020 lacks handles: sh010 has 0 of 4 frames after its end and "
        "sh020 has 2 of 4 frames before its start; shorten the transition, or trim the shots by as "
        "much"
    )


def test_xmeml_links_stereo_and_says_speeds(tmp_path: Path) -> None:
    """Two linked tracks for a stereo file, levels as keyframes, speed as a time remap."""
    timeline = film(tmp_path, RATES[0])
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1), first=10, frames=16, speed=Fraction(2))
    root = Tree.parse(exported(timeline, tmp_path / "to", "xml")).getroot()
    tracks = root.findall(".//audio/track")
    assert [t.findtext("clipitem/sourcetrack/trackindex") for t in tracks] == ["1", "2", "1", "2"]
    music = tracks[2].find("clipitem")
    assert music is not None
    assert [link.findtext("linkclipref") for link in music.findall("link")] == [
        "sound-2-1",
        "sound-2-2",
    ]
    levels = [key.findtext("value") for key in music.iter("keyframe")]
    assert levels == ["0.501187", "0.501187", "0"]
    other = Tree.parse(exported(reel.timeline(), tmp_path / "speed", "xml")).getroot()
    item = other.find(".//video/track/clipitem")
    assert item is not None
    assert (item.findtext("in"), item.findtext("out")) == ("5", "21")
    speed = [p for p in item.iter("parameter") if p.findtext("parameterid") == "speed"]
    assert speed[0].findtext("value") == "200"


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_fcpxml_keeps_to_its_own_rules(rate: Rate, tmp_path: Path) -> None:
    """Every time is on the frame grid, every reference is there, nothing leaves its asset."""
    timeline = film(tmp_path, rate)
    takes = {"sh040": {1: timeline.clips[-1].media, 3: take(tmp_path, 9, rate=rate)}}
    path = exported(timeline, tmp_path / "to", "fcpxml", takes=takes)
    fcpxml_rules.check(path, timeline)


def test_fcpxml_keeps_to_its_rules_with_speeds_fades_and_stills(tmp_path: Path) -> None:
    """The same for a retimed take, a fade, a still, and a take of another size."""
    reel = Reel(Fraction(24000, 1001))
    reel.lay(
        "sh010", take(tmp_path, 1, rate=reel.rate), first=5, frames=20, speed=Fraction(80, 119)
    )
    reel.lay("sh020", still(tmp_path), frames=30)
    small = take(tmp_path, 3, rate=reel.rate)
    reel.lay("sh030", Media(small.path, small.key, 49, reel.rate, SIZE))
    timeline = reel.timeline(transitions=(PlacedTransition("fade", 50, 6, 6),))
    root = fcpxml_rules.check(exported(timeline, tmp_path / "to", "fcpxml"), timeline)
    points = [(p.get("time"), p.get("value")) for p in root.iter("timept")]
    (zero, first), (later, last), end = [(seconds(a), seconds(b)) for a, b in points]
    assert zero == first
    assert (last - first) / (later - zero) == Fraction(80, 119)
    assert end[1] - first == 49 / timeline.rate
    assert len(list(root.iter("fadeOut"))) == 1


@pytest.mark.parametrize("speed", ["1/2", "13/10", "48/97", "17/10", "2", "3"])
def test_what_is_retimed_stays_inside_its_files(speed: str, tmp_path: Path) -> None:
    """Picture and the take's own sound carry their speed, and end with their file."""
    path = tmp_path / "loud.mp4"
    write_clip(path, frames=73, size=(320, 180), rate=24, shot=4, audio=True)
    media = Media(path, "4" * 64, 73, Fraction(24), SIZE, sound=True)
    reel = Reel(Fraction(24))
    pace = Fraction(speed)
    clip = reel.lay("sh010", media, frames=math.ceil(73 / pace), speed=pace)
    own = Sound("take", path, 0, None).under(clip)
    timeline = reel.timeline(sounds=(own,))
    made = export(timeline, tmp_path / "to", formats=["fcpxml", "xml", "edl"])
    root = fcpxml_rules.check(made.files[0], timeline)
    assert len(list(root.iter("timeMap"))) == 2
    xml = Tree.parse(made.files[1]).getroot()
    said = [p for p in xml.iter("parameter") if p.findtext("parameterid") == "speed"]
    assert [float(p.findtext("value") or 0) for p in said] == [pytest.approx(float(pace * 100))] * 3
    for item in xml.iter("clipitem"):
        assert int(item.findtext("out") or 0) <= int(item.findtext("duration") or 0)
    event = made.files[2].read_text("utf-8").splitlines()[3].split()
    assert event[4:6] == ["01:10:00:00", "01:10:03:01"]
    assert any("that of retimed takes is left out" in note for note in made.notes)


def test_an_edl_says_how_fast_both_sides_of_a_dissolve_run(tmp_path: Path) -> None:
    """The one that leaves as well; a speed that it can only round is said."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1), frames=20, speed=Fraction(2))
    reel.lay("sh020", take(tmp_path, 2), first=8, frames=20, speed=Fraction(7, 9))
    timeline = reel.timeline(transitions=(PlacedTransition("dissolve", 20, 4, 4),))
    made = export(timeline, tmp_path / "to", formats=["edl"])
    lines = made.files[0].read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("M2")] == [
        "M2   sh010_v001 048.0 01:10:00:00",
        "M2   sh010_v001 048.0 01:10:01:08",
        "M2   sh020_v001 018.7 01:20:00:05",
    ]
    assert any("sh020: an EDL says a speed to a tenth" in note for note in made.notes)
