"""The export folder: names, timecodes, versions, and nothing twice or lost."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import struct
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from storyboard.errors import MediaError
from storyboard.events import Encoding, Event
from storyboard.exporting.package import export
from storyboard.exporting.sheets import contact
from storyboard.testing.clips import write_clip
from storyboard.testing.codes import read
from storyboard.timeline import Media, PlacedTransition, Sound, Timeline
from storyboard.units.sizes import Size
from storyboard.video.probing import probe
from tests.exporting.cuts import RATES, Reel, film, still, take


def digests(folder: Path) -> dict[str, str]:
    """Every file below a folder, and what is in it."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def labels(path: Path) -> tuple[str, str]:
    """The timecode and the reel of a movie."""
    with av.open(str(path), "r") as container:
        tracks = [stream for stream in container.streams if stream.type == "data"]
        [track] = [stream for stream in tracks if "timecode" in stream.metadata]
        return track.metadata["timecode"], track.metadata["reel_name"]


def codes(path: Path) -> list[tuple[int, int] | None]:
    """The painted shot and frame of every frame."""
    with av.open(str(path), "r") as container:
        found = [read(frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]
    return [None if code is None else (code.shot, code.frame) for code in found]


def test_exporting_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """Again into the same folder, or into another: nothing of the day or the machine is written."""
    timeline = film(tmp_path, RATES[1])
    export(timeline, tmp_path / "one" / "to")
    first = digests(tmp_path / "one" / "to")
    export(timeline, tmp_path / "one" / "to")
    assert digests(tmp_path / "one" / "to") == first
    export(timeline, tmp_path / "two" / "to")
    second = digests(tmp_path / "two" / "to")
    absolute = {"Dammerung_1.xml", "contents.json"}
    assert {name for name in first if first[name] != second[name]} == absolute


def test_media_carry_the_timecode_that_formats_say(tmp_path: Path) -> None:
    """A shot's takes start at a time of their own, and the file's track says the same."""
    timeline = film(tmp_path, RATES[0])
    export(timeline, tmp_path / "to", formats=["edl"])
    assert labels(tmp_path / "to/media/sh020_v001.mov") == ("01:20:00:00", "sh020_v001")
    hold = labels(tmp_path / "to/media/sh020_v001_hold.mov")
    assert hold == ("01:20:00:00", "sh020_v001_hold")
    said = json.loads((tmp_path / "to/timecodes.json").read_text("utf-8"))
    assert said == {f"sh0{n}0": f"01:{n}0:00" for n in (1, 2, 3, 4)}


@pytest.mark.parametrize("rate", [*RATES, Fraction(25), Fraction(30000, 1001), Fraction(60)])
def test_timecode_counts_at_the_films_rate(rate: Fraction, tmp_path: Path) -> None:
    """The timecode track has the film's exact frame duration, whatever the take's rate was."""
    reel = Reel(rate)
    reel.lay("sh010", take(tmp_path, 1), frames=10)
    export(reel.timeline(), tmp_path / "to", formats=["edl"])
    content = (tmp_path / "to/media/sh010_v001.mov").read_bytes()
    entry = content.rindex(b"tmcd")
    scale, duration, count = struct.unpack_from(">IIB", content, entry + 20)
    assert Fraction(scale, duration) == rate
    assert count == round(rate)


def test_takes_are_copied_packet_by_packet(tmp_path: Path) -> None:
    """Without an intermediate every bit of the picture stays, and every frame is there."""
    timeline = film(tmp_path, RATES[0])
    export(timeline, tmp_path / "to", formats=["edl"])
    copied = tmp_path / "to/media/sh010_v001.mov"
    assert codes(copied) == [(1, frame) for frame in range(49)]

    def pixels(path: Path) -> list[bytes]:
        with av.open(str(path), "r") as container:
            return [frame.to_ndarray().tobytes() for frame in container.decode(video=0)]

    assert pixels(copied) == pixels(timeline.clips[0].media.path)


def test_sound_comes_along_at_the_same_rate(tmp_path: Path) -> None:
    """A take with sound keeps it in its movie, and it is a WAV file of its own as well."""
    path = tmp_path / "loud.mp4"
    write_clip(path, frames=48, size=(320, 180), rate=24, shot=4, audio=True)
    reel = Reel(Fraction(24))
    clip = reel.lay("sh010", Media(path, "a" * 64, 48, reel.rate, Size(320, 180), sound=True))
    sound = Sound("take", path, 0, 30, first=10, rate=Fraction(24))
    export(reel.timeline(sounds=(sound,)), tmp_path / "to", formats=["otio"])
    assert probe(tmp_path / "to/media/sh010_v001.mov").sound
    made = json.loads((tmp_path / "to/Dammerung_1.otio").read_text("utf-8"))
    [heard] = made["tracks"]["children"][1]["children"]
    assert heard["media_references"]["DEFAULT_MEDIA"]["target_url"] == "sound/sh010_v001.wav"
    assert heard["source_range"]["start_time"]["value"] == 10
    assert clip.frames == 48


def test_a_take_of_another_rate_plays_at_the_films(tmp_path: Path) -> None:
    """Frames stay what they are, at the film's rate; the cut sets the speed, and it is said."""
    reel = Reel(Fraction(24))
    media = take(tmp_path, 3, rate=Fraction(16), frames=33)
    reel.lay("sh010", media, frames=48, speed=Fraction(2, 3))
    made = export(reel.timeline(), tmp_path / "to", formats=["otio"])
    facts = probe(tmp_path / "to/media/sh010_v001.mov")
    assert (facts.frames, facts.rate, facts.steady) == (33, Fraction(24), True)
    assert made.notes[0] == (
        "sh010 runs at 16 frames per second: its file plays the same frames at the film's 24, and "
        "the cut sets its speed"
    )


def test_sixteen_frames_per_second_are_said_clearly(tmp_path: Path) -> None:
    """A film at a rate without timecode is written, with what to do about it."""
    reel = Reel(Fraction(16))
    reel.lay("sh010", take(tmp_path, 3, rate=Fraction(16)))
    made = export(reel.timeline(), tmp_path / "to", formats=["edl"])
    assert made.notes[0] == (
        "16 frames per second is no rate that editing programs count timecode at; write "
        "`fps: 24` in the storyboard for a cut that they all open"
    )


def test_another_content_is_another_version(tmp_path: Path) -> None:
    """A take that was made anew gets the next free number; the old file stays as it was."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1))
    timeline = reel.timeline()
    export(timeline, tmp_path / "to", formats=["edl"])
    before = (tmp_path / "to/media/sh010_v001.mov").read_bytes()
    anew = replace(timeline.clips[0], media=take(tmp_path, 2))
    export(replace(timeline, clips=(anew,)), tmp_path / "to", formats=["edl"])
    assert (tmp_path / "to/media/sh010_v001.mov").read_bytes() == before
    assert codes(tmp_path / "to/media/sh010_v002.mov")[0] == (2, 0)
    assert "sh010_v002" in (tmp_path / "to/Dammerung_1.edl").read_text("utf-8")
    export(timeline, tmp_path / "to", formats=["edl"])
    assert "sh010_v001" in (tmp_path / "to/Dammerung_1.edl").read_text("utf-8")


def test_a_file_of_somebody_else_keeps_its_name(tmp_path: Path) -> None:
    """What we did not write is never taken for ours, nor written over."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1))
    (tmp_path / "to/media").mkdir(parents=True)
    theirs = tmp_path / "to/media/SH010_v001.mov"
    theirs.write_text("mine")
    export(reel.timeline(), tmp_path / "to", formats=["edl"])
    assert theirs.read_text() == "mine"
    assert (tmp_path / "to/media/sh010_v002.mov").is_file()


def test_a_timeline_that_an_editor_saved_over_ours_is_kept(tmp_path: Path) -> None:
    """Our new cut goes beside it as the next version."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1))
    [path, *_] = export(reel.timeline(), tmp_path / "to", formats=["otio"]).files
    path.write_text("edited")
    [second, *_] = export(reel.timeline(), tmp_path / "to", formats=["otio"]).files
    assert path.read_text() == "edited"
    assert second.name == "Dammerung_1_v002.otio"


def test_two_takes_never_share_a_reel(tmp_path: Path) -> None:
    """Not even where names are long and differ only at their end."""
    reel = Reel(Fraction(24))
    name = "a-very-long-shot-name-that-nobody-would-write-by-hand-but-tools"
    reel.lay(f"{name}1", take(tmp_path, 1))
    reel.lay(f"{name}2", take(tmp_path, 2))
    takes = {f"{name}1": {1: take(tmp_path, 1), 2: take(tmp_path, 3)}}
    export(reel.timeline(), tmp_path / "to", formats=["edl"], takes=takes)
    reels = [labels(path)[1] for path in (tmp_path / "to/media").glob("*.mov")]
    assert len(set(reels)) == 3
    assert max(map(len, reels)) <= 32


def test_shots_that_differ_in_case_are_two_files(tmp_path: Path) -> None:
    """On a disc that does not tell `A` from `a` neither overwrites the other."""
    reel = Reel(Fraction(24))
    reel.lay("Door", take(tmp_path, 1))
    reel.lay("door", take(tmp_path, 2))
    export(reel.timeline(), tmp_path / "to", formats=["edl"])
    names = [path.name for path in (tmp_path / "to/media").glob("*.mov")]
    assert sorted(names) == ["Door_v001.mov", "door_v002.mov"]


def test_links_are_plain_and_survive_a_move(tmp_path: Path) -> None:
    """Below the folder a name is the same as path and address; the folder may have any name."""
    folder = tmp_path / 'sp ace #1 100% "q" Müller'
    made = export(film(tmp_path, RATES[0]), folder, formats=["otio", "fcpxml", "mlt"])
    moved = tmp_path / "elsewhere"
    shutil.move(folder, moved)
    for path in made.files[:3]:
        text = (moved / path.name).read_text("utf-8")
        links = re.findall(r"(?:media|sound)/[^\"<]+", text)
        assert len(links) >= 6
        for link in links:
            assert re.fullmatch(r"[A-Za-z0-9._/-]+", link)
            assert (moved / link).is_file()


def test_addresses_on_this_disc_are_encoded(tmp_path: Path) -> None:
    """Final Cut Pro 7 XML links by a whole address, strange letters as percent signs."""
    folder = tmp_path / "sp ace #1 100% Müller"
    [path, *_] = export(film(tmp_path, RATES[0]), folder, formats=["xml"]).files
    [link] = re.findall(r"file://[^<]+sh010_v001.mov", path.read_text("utf-8"))
    assert link.endswith("/sp%20ace%20%231%20100%25%20M%C3%BCller/media/sh010_v001.mov")


@pytest.mark.parametrize(("codec", "name"), [("prores", "prores"), ("dnxhr", "dnxhd")])
def test_an_intermediate_is_cut_to_its_handles(codec: str, name: str, tmp_path: Path) -> None:
    """Transcoded takes are tagged, have their own folder, and keep the frames asked for."""
    reel = Reel(Fraction(24000, 1001))
    reel.lay("sh010", take(tmp_path, 1, rate=reel.rate), first=10, frames=20)
    made = export(
        reel.timeline(),
        tmp_path / "to",
        formats=["edl"],
        intermediate=codec,  # type: ignore[arg-type]
        handles=3,
    )
    path = tmp_path / f"to/{codec}/sh010_v001.mov"
    facts = probe(path)
    assert (facts.codec, facts.frames, facts.rate) == (name, 26, reel.rate)
    assert facts.colour.bt709
    assert codes(path) == [(1, frame) for frame in range(7, 33)]
    assert labels(path)[0] == "01:10:00:07"
    assert "01:10:00:10 01:10:01:06" in made.files[0].read_text("utf-8")


def test_a_spare_take_is_whole_beside_a_trimmed_one(tmp_path: Path) -> None:
    """The take that the film uses is cut to its handles once, and its number stays its own."""
    reel = Reel(Fraction(24))
    used = reel.lay("sh010", take(tmp_path, 1), first=10, frames=20).media
    export(
        reel.timeline(),
        tmp_path / "to",
        formats=["otio"],
        intermediate="prores",
        handles=0,
        takes={"sh010": {1: used, 2: take(tmp_path, 2)}},
    )
    made = {path.name: probe(path).frames for path in (tmp_path / "to/prores").glob("*.mov")}
    assert made == {"sh010_v001.mov": 20, "sh010_v002.mov": 49}


@pytest.mark.parametrize("name", ["otio", "fcpxml", "mlt"])
def test_links_may_be_places_on_this_disc(name: str, tmp_path: Path) -> None:
    """As plain paths; in an `.fcpxml` as an address."""
    folder = tmp_path / "a b"
    [path, *_] = export(film(tmp_path, RATES[0]), folder, formats=[name], links="absolute").files
    media = folder.resolve() / "media/sh010_v001.mov"
    assert (media.as_uri() if name == "fcpxml" else str(media)) in path.read_text("utf-8")
    assert '"media/' not in path.read_text("utf-8")


def test_a_cut_that_stays_draws_no_sheet_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless somebody changed one, or the cut is another."""
    drawn: list[Timeline] = []
    pages = contact.pages

    def counted(cut: Timeline, others: contact.Others) -> Iterator[Image.Image]:
        drawn.append(cut)
        return pages(cut, others)

    monkeypatch.setattr(contact, "pages", counted)
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1))
    timeline, folder = reel.timeline(), tmp_path / "to"
    first = export(timeline, folder, formats=["edl"]).files
    assert export(timeline, folder, formats=["edl"]).files == first
    assert len(drawn) == 1
    sheet = folder / "Dammerung_1_contact_1.png"
    sheet.unlink()
    export(timeline, folder, formats=["edl"])
    assert (len(drawn), sheet.is_file()) == (2, True)
    export(replace(timeline, title="Other"), folder, formats=["edl"])
    assert len(drawn) == 3


def test_nothing_is_no_cut(tmp_path: Path) -> None:
    """A timeline without clips is refused in words."""
    with pytest.raises(MediaError, match="nothing to hand over"):
        export(Reel(Fraction(24)).timeline(), tmp_path / "to")


def test_handles_reach_under_a_dissolve(tmp_path: Path) -> None:
    """What a dissolve shows is used; handles come on top of it."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1), frames=30)
    reel.lay("sh020", take(tmp_path, 2), first=10, frames=20)
    timeline = reel.timeline(transitions=(PlacedTransition("dissolve", 30, 4, 4),))
    folder = tmp_path / "to"
    export(timeline, folder, formats=["otio"], intermediate="prores", handles=2)
    assert codes(folder / "prores/sh010_v001.mov") == [(1, n) for n in range(36)]
    assert codes(folder / "prores/sh020_v001.mov") == [(2, n) for n in range(4, 32)]


def test_missing_media_are_named_or_slated(tmp_path: Path) -> None:
    """A shot without its take stops the export, or has a slate in its place."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1))
    gone = replace(take(tmp_path, 2), path=tmp_path / "gone.mp4")
    reel.lay("sh020", gone, frames=24)
    with pytest.raises(MediaError, match="sh020: the media are missing; render them first"):
        export(reel.timeline(), tmp_path / "to")
    made = export(reel.timeline(), tmp_path / "to", slate=True)
    path = tmp_path / "to/media/sh020_v001_slate.mov"
    assert path in made.files
    assert probe(path).frames >= 24 + 48


def test_a_still_is_a_movie_of_the_films_size(tmp_path: Path) -> None:
    """A still that stands in the cut can be conformed like any take."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", still(tmp_path), frames=24)
    export(reel.timeline(), tmp_path / "to", formats=["mlt"])
    path = tmp_path / "to/media/sh010_v001_still.mov"
    facts = probe(path)
    assert (facts.frames, facts.size) == (72, Size(320, 180))
    with av.open(str(path), "r") as container:
        picture = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert abs(int(np.median(picture)) - 128) <= 2


def test_the_film_is_handed_over_as_reference(tmp_path: Path) -> None:
    """It carries the cut's timecode and the scenes as chapters, and must be of this cut."""
    timeline = film(tmp_path, RATES[0])
    path = tmp_path / "film.mp4"
    write_clip(path, frames=timeline.frames, size=(320, 180), rate=24, shot=7, audio=True)
    export(timeline, tmp_path / "to", formats=["edl"], film=path)
    reference = tmp_path / "to/reference/Dammerung_1_v001.mov"
    assert labels(reference)[0] == "01:00:00:00"
    facts = probe(reference)
    assert (facts.frames, facts.sound) == (timeline.frames, True)
    with av.open(str(reference), "r") as container:
        assert [c["metadata"]["title"] for c in container.chapters()] == ["Day", "night"]
    write_clip(path, frames=20, size=(320, 180), rate=24, shot=7)
    with pytest.raises(MediaError, match="render the film again"):
        export(timeline, tmp_path / "to", formats=["edl"], film=path)


def test_looped_music_is_laid_to_the_end(tmp_path: Path) -> None:
    """A short piece that repeats is one file as long as it is heard."""
    timeline = film(tmp_path, RATES[1])
    voice = timeline.sounds[0]
    looped = replace(voice, role="music", loop=True, start=4)
    export(replace(timeline, sounds=(looped,)), tmp_path / "to", formats=["otio"])
    made = json.loads((tmp_path / "to/Dammerung_1.otio").read_text("utf-8"))
    [_, heard] = made["tracks"]["children"][1]["children"]
    assert heard["source_range"]["duration"]["value"] == timeline.frames - 4


def test_files_are_counted_and_unknown_names_refused(tmp_path: Path) -> None:
    """The listener sees each file of media, and each delivery by its name; wrong names are told."""
    seen: list[Event] = []
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1))
    export(reel.timeline(), tmp_path / "to", formats=["avid"], listener=seen.append)
    [aaf] = (tmp_path / "to").glob("*.aaf")
    assert seen == [Encoding(1, 1, "files"), Encoding(1, 1, "files", aaf.name)]
    with pytest.raises(MediaError, match="neither a program nor a format; choose from resolve"):
        export(reel.timeline(), tmp_path / "to", formats=["vegas"])


def test_sheets_and_words_are_there(tmp_path: Path) -> None:
    """Shot list, ALE, contact sheet, captions and prompts lie beside the cut."""
    timeline: Timeline = film(tmp_path, RATES[0])
    names = {path.name for path in export(timeline, tmp_path / "to", formats=["edl"]).files}
    assert names >= {
        f"Dammerung_1_{name}"
        for name in ("shots.csv", "shots.ale", "captions.srt", "captions.vtt", "prompts.srt")
    }
    with Image.open(tmp_path / "to/Dammerung_1_contact_1.png") as sheet:
        assert sheet.width == 2480
    assert (tmp_path / "to/Dammerung_1_contact.pdf").read_bytes().startswith(b"%PDF")
