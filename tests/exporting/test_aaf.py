"""The `.aaf`, read back by pyaaf2 and by OpenTimelineIO's adapter; no program was asked."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import aaf2
import opentimelineio
import pytest

from storyboard.exporting.formats import choice
from storyboard.exporting.package import export
from storyboard.timeline import PlacedTransition, Timeline
from tests.exporting.cuts import Reel, film, take


def written(timeline: Timeline, folder: Path, **more: Any) -> Path:
    """The `.aaf` of a timeline."""
    done = export(timeline, folder, formats=["aaf"], **more)
    [path] = [path for path in done.files if path.suffix == ".aaf"]
    return path


def read(path: Path) -> Any:
    """The cut as OpenTimelineIO's adapter reads it."""
    return opentimelineio.adapters.read_from_file(str(path), simplify=True)


def faded(timeline: Timeline) -> Timeline:
    """With a fade in, a fade between scenes and one at the end, in place of the dissolve."""
    at = timeline.transitions[0].at
    overs = (("fade", 0, 0, 6), ("fade", at, 5, 7), ("fade", timeline.frames, 8, 0))
    return replace(timeline, transitions=tuple(PlacedTransition(*over) for over in overs))


def rows(track: Any) -> list[tuple[str, str, int, int]]:
    """Kind, name, first source frame and length of what is on a track."""
    found = []
    for item in track:
        if isinstance(item, opentimelineio.schema.Transition):
            found.append(("over", "", item.in_offset.to_frames(), item.out_offset.to_frames()))
        else:
            span = item.source_range or item.available_range()
            kind = "gap" if isinstance(item, opentimelineio.schema.Gap) else "clip"
            first = 0 if kind == "gap" else span.start_time.to_frames()
            found.append((kind, item.name, first, span.duration.to_frames()))
    return found


@pytest.mark.parametrize("rate", ["24", "24000/1001", "25", "30000/1001", "60"])
def test_the_cut_is_read_back(rate: str, tmp_path: Path) -> None:
    """Every clip with its source timecode, the dissolve over its cut, and the record timecode."""
    timeline = film(tmp_path, Fraction(rate))
    cut = read(written(timeline, tmp_path / "to"))
    assert cut.global_start_time.to_frames() == 3600 * round(timeline.rate)
    picture = next(t for t in cut.tracks if t.kind == "Video")
    day = 60 * round(timeline.rate)
    assert [row for row in rows(picture) if row[0] != "gap"] == [
        ("clip", "sh010_v001", 70 * day, 48),
        ("clip", "sh020_v001", 80 * day + 2, 40),
        ("clip", "sh020_v001_hold", 80 * day + round(timeline.rate), 10),
        ("over", "", 4, 4),
        ("clip", "sh030_v001", 90 * day + 5, 30),
        ("clip", "sh040_v001", 100 * day + 6, 36),
    ]
    assert abs(picture.duration().to_seconds() - float(timeline.seconds)) < 0.001


def test_files_are_found_by_their_address(tmp_path: Path) -> None:
    """Each file of the folder is a master mob, linked to where it lies."""
    timeline = film(tmp_path, Fraction(24))
    other = take(tmp_path, 9)
    takes = {"sh010": {1: timeline.clips[0].media, 2: other}}
    path = written(timeline, tmp_path / "t ö", takes=takes)
    with aaf2.open(str(path)) as found:
        addresses = [
            locator["URLString"].value
            for mob in found.content.sourcemobs()
            if "Locator" in mob.descriptor
            for locator in mob.descriptor["Locator"].value
        ]
        names = sorted(mob.name for mob in found.content.mastermobs())
    there = {Path(unquote(urlparse(address).path)) for address in addresses}
    assert all(one.is_file() for one in there)
    folders = (path.parent / "media", path.parent / "sound")
    made = {p for folder in folders for p in folder.iterdir() if p.suffix in (".mov", ".wav")}
    assert there == made
    assert names == sorted(one.stem for one in made)


def test_umids_are_the_same_in_every_export(tmp_path: Path) -> None:
    """By what is in the files: exported again, or elsewhere, or in another cut."""
    timeline = film(tmp_path, Fraction(24))
    first = written(timeline, tmp_path / "a")
    again = written(timeline, tmp_path / "b")
    shorter = written(replace(timeline, transitions=()), tmp_path / "a")
    assert shorter.name == "Dammerung_1_v002.aaf"
    assert umids(first) == umids(again) == umids(shorter)
    before = first.read_bytes()
    assert written(timeline, tmp_path / "a").read_bytes() == before


def umids(path: Path) -> dict[str, str]:
    """The UMID of each master mob."""
    with aaf2.open(str(path)) as found:
        return {mob.name: str(mob.mob_id) for mob in found.content.mastermobs()}


def test_fades_go_through_black(tmp_path: Path) -> None:
    """At the start, between scenes, and at the end; the film is as long as before."""
    timeline = faded(film(tmp_path, Fraction(24)))
    with aaf2.open(str(written(timeline, tmp_path / "to"))) as found:
        [cut] = found.content.toplevel()
        track = next(s.segment for s in cut.slots if s.name == "V1")
        kinds = [(type(one).__name__, one.length) for one in track.components]
    at = [index for index, (kind, _) in enumerate(kinds) if kind == "Transition"]
    assert [kinds[i] for i in at] == [("Transition", n) for n in (6, 5, 7, 8)]
    assert [kinds[at[0] - 1], kinds[at[1] + 1], kinds[at[3] + 1]] == [
        ("Filler", 6),
        ("Filler", 12),
        ("Filler", 8),
    ]
    overlap = sum(frames for kind, frames in kinds if kind == "Transition")
    assert sum(frames for _, frames in kinds) - 2 * overlap == timeline.frames


def test_sounds_have_their_levels(tmp_path: Path) -> None:
    """Music at -6 dB fading out, the voice as it is; a track for each channel."""
    timeline = film(tmp_path, Fraction(24))
    with aaf2.open(str(written(timeline, tmp_path / "to"))) as found:
        [cut] = found.content.toplevel()
        heard = [slot for slot in cut.slots if str(slot.name).startswith("A")]
        assert [slot.name for slot in heard] == ["A1.1", "A1.2", "A2.1", "A2.2"]
        voice, music = heard[0].segment, heard[2].segment
        assert [type(one).__name__ for one in voice.components] == ["Filler", "SourceClip"]
        assert voice.components.value[0].length == timeline.sounds[0].start
        group = music.components.value[1]
        [curve] = group.parameters.value
        points = [(point.time, point.value) for point in curve["PointList"].value]
    assert points[0] == (0, pytest.approx(10 ** (-6 / 20), abs=1e-5))
    assert points[-1] == (1, 0)


def test_speeds_are_read_back(tmp_path: Path) -> None:
    """Twice as fast is a time warp of 2 to a reader."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1), frames=20, speed=Fraction(2))
    reel.lay("sh020", take(tmp_path, 2), frames=40, speed=Fraction(1, 2))
    cut = read(written(reel.timeline(), tmp_path / "to"))
    [track] = [t for t in cut.tracks if t.kind == "Video"]
    speeds = [effect.time_scalar for clip in track.find_clips() for effect in clip.effects]
    assert speeds == [pytest.approx(2), pytest.approx(0.5)]
    assert track.duration().to_frames() == 60


def test_avid_gets_an_edl_where_the_library_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is told what would bring the `.aaf`."""
    monkeypatch.setitem(__import__("sys").modules, "aaf2", None)
    done = export(film(tmp_path, Fraction(24)), tmp_path / "to", formats=["avid"])
    assert [p.suffix for p in done.files if p.suffix in (".aaf", ".edl")] == [".edl"]
    assert ".aaf: an .aaf needs pyaaf2; pip install pyaaf2" in done.notes
    assert choice.chosen(["protools"]) == ("aaf", "stems")
