"""What people read: the shot list, the ALE, the contact sheet, the slate, and what is lost."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from storyboard.exporting.formats.choice import FORMATS, losses
from storyboard.exporting.media.files_of import MediaFile, MediaMap, Placed
from storyboard.exporting.media.slate import slate
from storyboard.exporting.sheets import contact, contact_sheets
from storyboard.exporting.sheets.shot_list import as_ale, as_csv
from storyboard.exporting.timecodes import Timecodes
from storyboard.timeline import PlacedTransition, ShotNote, Sound, Timeline
from storyboard.units.sizes import Size
from tests.exporting.cuts import RATES, SIZE, Reel, film, still, take


def mapped(timeline: Timeline) -> MediaMap:
    """Media files for a timeline, none of which is made."""
    placed = [
        Placed(
            MediaFile(f"media/{c.shot}_v001.mov", f"{c.shot}_v001", 86_400, 49, SIZE),
            c.first,
            c.speed,
            c.frames,
        )
        for c in timeline.clips
    ]
    heard = [
        Placed(MediaFile("sound/a_v001.wav", "a_v001", 0, 99, None, "sound", 2), 0, frames=99)
        for _ in timeline.sounds
    ]
    return MediaMap(Path("/x"), tuple(placed), tuple(heard))


def simple(folder: Path, prompt: str = "She leaves") -> Timeline:
    """Two shots, the second from its fifth frame on."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(folder, 1))
    reel.lay("sh020", take(folder, 2), first=4, frames=20)
    notes = (ShotNote("sh010", prompt, "kling-o1", "r-7", 420_000),)
    return reel.timeline(shots=notes)


def test_the_shot_list_is_a_table(tmp_path: Path) -> None:
    """Timecodes of record and source, prompt and cost, one row for each clip."""
    timeline = simple(tmp_path)
    clock = Timecodes.at("01:00:00:00", timeline.rate)
    text = as_csv(timeline, mapped(timeline), clock=clock)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["prompt"] == "She leaves"
    assert rows[0]["cost $"] == "0.42"
    assert (rows[1]["record in"], rows[1]["record out"]) == ("01:00:02:01", "01:00:02:21")
    assert (rows[1]["source in"], rows[1]["source out"]) == ("01:00:00:04", "01:00:01:00")


SPARE = {
    "sh010": tuple(
        MediaFile(f"media/sh010_v00{n}.mov", f"sh010_v00{n}", 0, 49, SIZE, take=n, model=model)
        for n, model in ((2, "wan-3"), (3, "h3"), (4, "wan-3"))
    )
}
"""Takes that the film does not use."""


def test_the_shot_list_names_the_model_of_every_take(tmp_path: Path) -> None:
    """The film's in its row; those that it does not use below."""
    timeline = simple(tmp_path)
    media = replace(mapped(timeline), others=SPARE)
    text = as_csv(timeline, media, clock=Timecodes(timeline.rate))
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][rows[0].index("model")] == "kling-o1"
    first = rows.index(["other takes of", "take", "file", "reel", "frames", "model"])
    assert rows[first + 1 : first + 4] == [
        ["sh010", str(n), f"sh010_v00{n}.mov", f"sh010_v00{n}", "49", model]
        for n, model in ((2, "wan-3"), (3, "h3"), (4, "wan-3"))
    ]
    assert "other takes of" not in as_csv(
        timeline, mapped(timeline), clock=Timecodes(timeline.rate)
    )


@pytest.mark.parametrize("prompt", ["=HYPERLINK(1)", "@SUM(A1)", "-cmd", "+1+1"])
def test_a_prompt_is_never_a_formula(prompt: str, tmp_path: Path) -> None:
    """A spreadsheet shows the words and runs nothing."""
    timeline = simple(tmp_path, prompt)
    text = as_csv(timeline, mapped(timeline), clock=Timecodes(timeline.rate))
    assert next(csv.DictReader(io.StringIO(text)))["prompt"] == f"'{prompt}"


def test_an_ale_lists_every_file_once(tmp_path: Path) -> None:
    """Headings, columns, then a line of tabs for each file, however often it is used."""
    timeline = simple(tmp_path, "A\ttab and\na line")
    twice = replace(timeline, clips=(timeline.clips[0], replace(timeline.clips[0], start=49)))
    lines = as_ale(twice, mapped(twice), clock=Timecodes(twice.rate)).splitlines()
    assert lines[:5] == [
        "Heading",
        "FIELD_DELIM\tTABS",
        "VIDEO_FORMAT\tCUSTOM",
        "AUDIO_FORMAT\t48khz",
        "FPS\t24",
    ]
    assert lines[lines.index("Data") + 1 :] == [
        "sh010_v001\tsh010_v001\t01:00:00:00\t01:00:02:01\t00:00:02:01\tsh010_v001.mov\tday\t1\t"
        "A tab and a line"
    ]


def test_a_contact_sheet_has_a_card_for_each_shot(tmp_path: Path) -> None:
    """Start and end still, length with its hold, take and cost."""
    timeline = film(tmp_path, RATES[0])
    cards = list(contact.cards(timeline))
    assert [card.shot for card in cards] == ["sh010", "sh020", "sh030", "sh040"]
    assert cards[1].facts == "2.08 s · 50 frames · take 1 · kling-o1 · $0.42"
    [page] = contact.pages(timeline)
    assert page.width == contact.WIDTH
    assert page.height < contact.HEIGHT


def test_a_contact_sheet_names_the_model_of_every_take(tmp_path: Path) -> None:
    """In words beside the film's own take, and drawn."""
    timeline = simple(tmp_path)
    first, second = contact.cards(timeline, SPARE)
    assert first.facts.endswith("take 1 · kling-o1 · $0.42")
    assert first.others == "also take 2, 4 by wan-3; take 3 by h3"
    assert second.others == ""
    [plain], [told] = contact.pages(timeline), contact.pages(timeline, SPARE)
    assert plain.size == told.size
    assert plain.tobytes() != told.tobytes()
    # Other takes are another sheet; none are the same as ever
    assert contact_sheets.identity(timeline, "f") == contact_sheets.identity(timeline, "f", {})
    assert contact_sheets.identity(timeline, "f") != contact_sheets.identity(timeline, "f", SPARE)


def test_a_long_film_takes_several_pages(tmp_path: Path) -> None:
    """A page is never longer than A4, and no shot is missing."""
    reel = Reel(Fraction(24))
    grey = still(tmp_path)
    for number in range(30):
        reel.lay(f"sh{number:03d}", grey, frames=24)
    sheet = list(contact.pages(reel.timeline()))
    assert len(sheet) > 1
    assert max(page.height for page in sheet) <= contact.HEIGHT
    made = contact.pdf(sheet)
    assert made == contact.pdf(sheet)
    assert b"CreationDate" not in made


def test_portrait_films_fit_their_cards(tmp_path: Path) -> None:
    """Upright pictures are shown upright."""
    timeline = replace(simple(tmp_path), size=Size(180, 320))
    clips = tuple(replace(clip, fit="contain") for clip in timeline.clips)
    card = next(contact.cards(replace(timeline, clips=clips)))
    assert card.start.height > card.start.width


def test_a_slate_says_what_is_missing() -> None:
    """Light words on a dark ground, and other words look otherwise."""
    made = np.asarray(slate((640, 360), ("sh020", "24 frames", "A very long prompt " * 40)))
    assert made.shape == (360, 640, 3)
    assert np.median(made) < 40
    assert made.max() > 200
    other = np.asarray(slate((640, 360), ("sh030", "24 frames", "")))
    assert not np.array_equal(made, other)


def test_a_plain_cut_loses_nothing_but_what_a_format_is(tmp_path: Path) -> None:
    """Two shots and straight cuts arrive whole in OTIO and FCPXML."""
    timeline = simple(tmp_path)
    assert losses(timeline, "otio") == ()
    assert losses(timeline, "fcpxml") == ()


@pytest.mark.parametrize("name", FORMATS)
def test_every_loss_is_said(name: str, tmp_path: Path) -> None:
    """Words, loudness, ducking and other sizes are named for each format."""
    timeline = film(tmp_path, RATES[0])
    ducked = replace(timeline.sounds[1], duck=True)
    said = " / ".join(
        losses(replace(timeline, sounds=(ducked,), loudness=-14, size=Size(640, 360)), name)
    )
    for words in ("captions.srt", "-14 LUFS", "lowered under the voice", "sh010, sh020"):
        assert words in said


def test_transitions_that_change_are_named(tmp_path: Path) -> None:
    """Each format says what becomes of a wipe, a slide and a coloured fade."""
    timeline = replace(
        simple(tmp_path),
        transitions=(
            PlacedTransition("slide", 49, 4, 4),
            PlacedTransition("fade", 60, 2, 2, color="#ff0000"),
        ),
        sounds=(Sound("music", tmp_path / "x.wav", 0, None, gain=-3),),
    )
    assert "the slide at frame 49 arrives as a wipe" in losses(timeline, "edl")
    assert "the slide at frame 49 arrives as a dissolve" in losses(timeline, "fcpxml")
    assert "the fade at frame 60 goes through black, not #ff0000" in losses(timeline, "xml")
    assert not any("slide" in said for said in losses(timeline, "xml"))
    assert any(said.startswith("gain and fades") for said in losses(timeline, "otio"))
