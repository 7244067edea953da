"""Markers that came back: new ones are notes on the takes' frames, and are made once."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest

from storyboard.annotating.placing import noted
from storyboard.annotating.review_note import ReviewNote
from storyboard.reimport.marker_notes import fresh, remarks
from storyboard.reimport.readers.kinds import read_edited
from storyboard.reimport.sequence import Known
from storyboard.timeline import Timeline
from tests.exporting.cuts import plain_film, written

FORMATS = ("otio", "xml", "fcpxml", "edl", "mlt")
NOW = "2026-01-02T03:04:05Z"
SAID = ReviewNote("n1", "sh020", f"{2:064x}", 1, 7, None, "too dark", author="Ada")


def found(text: str, folder: Path, film: Timeline, *said: ReviewNote) -> tuple[ReviewNote, ...]:
    """The new notes in a file of this text."""
    path = folder / "edited"
    path.write_text(text)
    shots = {clip.shot for clip in film.clips}
    edited = read_edited(path, Known(shots, film.rate))
    return remarks(film, edited, said, others={}, at=NOW).notes


@pytest.mark.parametrize("name", FORMATS)
def test_what_the_export_said_is_nothing_new(name: str, tmp_path: Path) -> None:
    """Prompts, scenes and notes that are there already make no notes."""
    film = noted(plain_film(), [SAID])
    assert found(written(film, name), tmp_path, film, SAID) == ()


SPAN = (
    '{"OTIO_SCHEMA": "TimeRange.1", "start_time": {"OTIO_SCHEMA": "RationalTime.1", "rate": 24.0, '
    '"value": 60.0}, "duration": {"OTIO_SCHEMA": "RationalTime.1", "rate": 24.0, "value": 3.0}}'
)
MARKS = {
    "otio": (
        '"markers": [',
        '"markers": [{"OTIO_SCHEMA": "Marker.2", "name": "Marker 3", "comment": "colder, please", '
        f'"metadata": {{}}, "color": "RED", "marked_range": {SPAN}}},',
    ),
    "xml": (
        "<marker>",
        "<marker><name>Marker 3</name><comment>colder, please</comment><in>60</in><out>63</out>"
        "</marker><marker>",
    ),
    "fcpxml": ("", ""),
    "edl": ("002  ", "* LOC: 01:00:02:12 RED     colder, please\n002  "),
    "mlt": (
        '<properties name="shotcut:markers">',
        '<properties name="shotcut:markers"><properties name="9"><property name="text">colder, '
        'please</property><property name="start">00:00:02.500</property><property name="end">'
        "00:00:02.584</property></properties>",
    ),
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_directors_marker_is_a_note(name: str, tmp_path: Path) -> None:
    """On the take that it lies over, at its frame; the same marker is the same note."""
    film = plain_film()
    old, new = MARKS[name]
    if name == "fcpxml":
        start = _second_clip(written(film, name))
        old, new = f'<marker start="{start}"', _late_marker(start)
    text = written(film, name)
    assert old in text
    made = found(text.replace(old, new, 1), tmp_path, film)
    assert [(n.shot, n.take, n.frame, n.text, n.at) for n in made] == [
        ("sh020", 1, 12, "colder, please", NOW)
    ]
    assert made[0].key == f"{2:064x}"
    assert made[0].out == (None if name == "edl" else 14)
    assert list(fresh(made, b"")) == list(made)
    assert list(fresh(made, b'{"id": "' + made[0].id.encode() + b'"}')) == []


def _second_clip(text: str) -> str:
    """Where the second clip's own marker lies."""
    return text.split('<marker start="')[2].partition('"')[0]


def _late_marker(start: str) -> str:
    """A marker half a second behind it, and the one that was there."""
    at = Fraction(start.removesuffix("s")) + Fraction(1, 2)
    return f'<marker start="{at}s" duration="1/8s" value="colder, please"/><marker start="{start}"'


def test_a_marker_on_a_clip_counts_from_its_file(tmp_path: Path) -> None:
    """As OpenTimelineIO's library writes it: in the clip's own time."""
    film = plain_film()
    path = tmp_path / "cut.otio"
    path.write_text(written(film))
    timeline = otio.adapters.read_from_file(str(path))
    clip = timeline.video_tracks()[0][1]
    at = clip.source_range.start_time + otio.opentime.RationalTime(9, 24)
    one = otio.opentime.TimeRange(at, otio.opentime.RationalTime(1, 24))
    clip.markers.append(otio.schema.Marker(name="less fog", marked_range=one))
    (note,) = found(timeline.to_json_string(), tmp_path, film)
    assert (note.shot, note.frame, note.text) == ("sh020", 9, "less fog")
