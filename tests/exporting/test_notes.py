"""What people said of the film, in every format that editors open, and alone."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from storyboard.annotating.notes_file import add_line
from storyboard.annotating.review_note import ReviewNote
from storyboard.exporting.sheets import note_lists
from storyboard.exporting.timecodes import Timecodes
from storyboard.timeline import Timeline
from storyboard.timeline.film_note import FilmNote
from storyboard.workflows.review import review_document
from tests.cli.running import storyboard
from tests.exporting import cuts
from tests.page.films import filmed

RATE = Fraction(24)
SAID = (
    FilmNote(12, 1, "the hand | is odd", "sh010", 1, "Ana"),
    FilmNote(12, 6, "=2+2", "sh010", 2, done=True, elsewhere=True),
    FilmNote(60, 1, "good", "sh020", 1, done=True),
)


@pytest.fixture(name="film")
def _film() -> Timeline:
    return replace(cuts.plain_film(RATE), notes=SAID)


@pytest.fixture(name="clock")
def _clock() -> Timecodes:
    return Timecodes.at("01:00:00:00", RATE)


def test_otio_has_them_on_the_timeline(film: Timeline) -> None:
    """Red while they are open, with their whole range."""
    markers = json.loads(cuts.written(film, "otio"))["tracks"]["markers"]
    found = [
        (one["marked_range"]["start_time"]["value"], one["color"], one["comment"])
        for one in markers
        if one["name"].endswith(": note")
    ]
    assert found == [
        (12, "RED", "the hand | is odd [Ana, open]"),
        (12, "CYAN", "=2+2 [done, said of take 2]"),
        (60, "CYAN", "good [done]"),
    ]


def test_xml_has_them_on_the_sequence(film: Timeline) -> None:
    """A frame has no end, a range has one."""
    root = ET.fromstring(cuts.written(film, "xml"))
    found = [
        (one.findtext("in"), one.findtext("out"), one.findtext("comment"))
        for one in root.iterfind("sequence/marker")
        if str(one.findtext("name")).endswith(": note")
    ]
    assert found[:2] == [
        ("12", "-1", "the hand | is odd [Ana, open]"),
        ("12", "18", "=2+2 [done, said of take 2]"),
    ]


def test_fcpxml_has_them_as_to_do_items(film: Timeline) -> None:
    """Within the clip that they lie on, in its own time, done or not."""
    root = ET.fromstring(cuts.written(film, "fcpxml"))
    found = [one for one in root.iter("marker") if one.get("completed") is not None]
    assert [one.get("completed") for one in found] == ["0", "1", "1"]
    assert found[0].get("value") == "the hand | is odd"
    for clip in root.iter("asset-clip"):
        for marker in clip.iterfind("marker"):
            start = Fraction(str(marker.get("start")).rstrip("s"))
            begun = Fraction(str(clip.get("start")).rstrip("s"))
            assert begun <= start < begun + Fraction(str(clip.get("duration")).rstrip("s"))


def test_edl_and_mlt_have_them(film: Timeline) -> None:
    """As locators at record timecode, and as Shotcut's markers."""
    assert "* LOC: 01:00:00:12 RED     sh010 the hand | is odd [Ana, open]" in cuts.written(
        film, "edl"
    )
    assert "sh020: good [done]" in cuts.written(film, "mlt")


def test_resolve_gets_one_marker_a_frame(film: Timeline, clock: Timecodes) -> None:
    """Two notes that begin on one frame are one marker, since Resolve drops the second; the sign
    that parts its fields is in no words."""
    assert note_lists.as_markers(film, clock=clock).splitlines()[3:] == [
        "001  001      V     C        01:00:00:12 01:00:00:13 01:00:00:12 01:00:00:13",
        " the hand / is odd [Ana, open] / =2+2 [done, said of take 2] |C:ResolveColorRed "
        "|M:sh010 |D:6",
        "",
        "002  001      V     C        01:00:02:12 01:00:02:13 01:00:02:12 01:00:02:13",
        " good [done] |C:ResolveColorGreen |M:sh020 |D:1",
        "",
    ]


def test_the_table_has_a_row_for_each_and_runs_nothing(film: Timeline, clock: Timecodes) -> None:
    """What looks like a formula is a text."""
    rows = list(csv.DictReader(io.StringIO(note_lists.as_csv(film, clock=clock))))
    assert [(row["record in"], row["frames"], row["state"]) for row in rows] == [
        ("01:00:00:12", "1", "open"),
        ("01:00:00:12", "6", "done"),
        ("01:00:02:12", "1", "done"),
    ]
    assert rows[1]["note"] == "'=2+2"


def test_notes_go_out_alone_and_with_every_export(tmp_path: Path) -> None:
    """Given a note and a shot that is not there yet, then `--for notes` gives the lists without any
    media, and an export has them beside the cut; a note whose shot is gone is named."""
    source = filmed(tmp_path, shots=2, takes=1, lacking={"sh020": (1,)})
    none = storyboard("export", source.file, "--to", tmp_path / "none", "--for", "notes")
    assert (none.code, "there are no notes on this film" in none.err) == (8, True)
    key = review_document(source)["shots"][0]["takes"][0]["key"]
    note = ReviewNote("a1", "sh010", key, 1, 12, None, "the hand is odd")
    add_line(source.file, note)
    add_line(source.file, replace(note, id="b2", shot="gone", key="another"))
    alone = storyboard("export", source.file, "--to", tmp_path / "alone", "--for", "notes")
    assert (alone.code, len(alone.out.splitlines())) == (0, 2)
    assert sorted(path.name for path in (tmp_path / "alone").iterdir()) == [
        "The_ball.notes.csv",
        "The_ball.notes.edl",
        "contents.json",
    ]
    assert "the film does not show gone, and so not its note: the hand is odd" in alone.err
    done = storyboard(
        "export", source.file, "--to", tmp_path / "all", "--for", "resolve", "--slate"
    )
    assert done.code == 0
    assert (tmp_path / "all" / "The_ball.notes.edl").exists()
    assert "the hand is odd [open]" in (tmp_path / "all" / "The_ball.otio").read_text()
