"""Names in every script, from the title to each reader: all outputs of one film."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from urllib.parse import unquote, urlparse
from xml.etree import ElementTree as Tree

import aaf2
import av
import opentimelineio as otio
import pytest

from storyboard.exporting.formats.choice import DELIVERIES, FORMATS
from storyboard.exporting.media.naming import one_name
from storyboard.exporting.package import export
from storyboard.timeline import SceneMark, Sound, Timeline
from storyboard.timeline.film_note import FilmNote
from tests.exporting import fcpxml_rules
from tests.exporting.cuts import Reel, bang, take

TITLES = {
    unicodedata.normalize("NFD", "四季のガーデン"): "四季のガーデン",
    "Ёжик в тумане, ч. 1": "Ёжик_в_тумане_ч._1",
    "رحلة إلى البحر": "رحلة_إلى_البحر",
    "🎬🌊": "board",
}


def spoken(folder: Path, title: str) -> Timeline:
    """Two shots, with sounds whose names are alike, or in no letter that a path is sure of."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(folder, 1), scene="s1", frames=5)
    reel.lay("SH010", take(folder, 2), scene="s1", frames=4)
    names = (
        "音楽.wav",
        "Шум.wav",
        "ガ.wav",
        unicodedata.normalize("NFD", "ガ") + "1.wav",
        "🎧.wav",
    )
    sounds = tuple(
        Sound("effect", bang(folder / name, seconds=0.2, at=0.1), start=0, frames=None)
        for name in names
    )
    note = FilmNote(1, 2, "Слишком тёмно | 暗い", "sh010", 1, "Zoë")
    made = reel.timeline(sounds=sounds, notes=(note,), scenes=(SceneMark("s1", title, 0, 9),))
    return replace(made, title=title)


@pytest.mark.parametrize(("title", "stem"), TITLES.items(), ids=ascii)
def test_every_output_is_named_and_read(title: str, stem: str, tmp_path: Path) -> None:
    """After the title, in one Unicode form, apart from all others on any disc; by its reader."""
    timeline = spoken(tmp_path, title)
    done = export(timeline, tmp_path / "to", formats=(*FORMATS, *DELIVERIES), name="board")
    for path in done.files:
        assert path.is_file()
        assert unicodedata.is_normalized("NFC", path.name)
        assert path.parent.name in ("media", "sound") or path.name.startswith(stem), path.name
    assert len({one_name(str(path)) for path in done.files}) == len(done.files)
    assert len(list((tmp_path / "to/sound").glob("*.wav"))) == len(timeline.sounds)
    read = [path for path in done.files if path.suffix in READERS]
    assert {path.suffix for path in read} == READERS.keys()
    for path in read:
        READERS[path.suffix](path, timeline)


def otio_reads(path: Path, timeline: Timeline) -> None:
    """The title, and every link."""
    cut = otio.adapters.read_from_file(str(path))
    assert cut.name == timeline.title
    found = [clip.media_reference.target_url for clip in cut.find_clips()]
    assert all((path.parent / url).is_file() for url in found)


def bundle_reads(path: Path, timeline: Timeline) -> None:
    """The same, of what it unpacks to."""
    there = path.with_suffix("")
    there.mkdir()
    cut = otio.adapters.read_from_file(str(path), extract_to_directory=str(there))
    assert cut.name == timeline.title
    assert all((there / c.media_reference.target_url).is_file() for c in cut.find_clips())


def xml_reads(path: Path, timeline: Timeline) -> None:
    """Of Final Cut Pro 7: addresses of this disc."""
    root = Tree.parse(path).getroot()
    assert root.findtext("sequence/name") == timeline.title
    places = [Path(unquote(urlparse(one.text or "").path)) for one in root.iter("pathurl")]
    assert places
    assert all(place.is_file() for place in places)


def fcpxml_reads(path: Path, timeline: Timeline) -> None:
    """Grid, references and links."""
    fcpxml_rules.check(path, timeline)


def edl_reads(path: Path, timeline: Timeline) -> None:
    """As many events as there are shots; notes' lists have another reader."""
    if path.name.endswith(".notes.edl"):
        assert "暗い" in path.read_text("utf-8")
        return
    cut = otio.adapters.read_from_file(str(path), rate=24)
    assert len(list(cut.tracks[0].find_clips())) == len(timeline.clips)


def mlt_reads(path: Path, timeline: Timeline) -> None:
    """Every resource is a file beside it."""
    named = [p.text or "" for p in Tree.parse(path).iter("property") if p.get("name") == "resource"]
    found = [name for name in named if (path.parent / name).is_file()]
    assert len(found) >= len(timeline.clips) + len(timeline.sounds)


def aaf_reads(path: Path, timeline: Timeline) -> None:
    """pyaaf2 finds the title and every file."""
    with aaf2.open(str(path)) as found:
        [cut] = found.content.toplevel()
        assert cut.name == timeline.title
        addresses = [
            locator["URLString"].value
            for mob in found.content.sourcemobs()
            if "Locator" in mob.descriptor
            for locator in mob.descriptor["Locator"].value
        ]
    assert len(addresses) == len(timeline.clips) + len(timeline.sounds)
    assert all(Path(unquote(urlparse(one).path)).is_file() for one in addresses)


def csv_reads(path: Path, timeline: Timeline) -> None:
    """A table, with a row for each clip, take or note."""
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    least = len(timeline.notes) if path.name.endswith(".notes.csv") else len(timeline.clips)
    assert len(rows) >= least


def plays(path: Path, timeline: Timeline) -> None:
    """Sound or picture."""
    with av.open(str(path), "r") as container:
        assert container.streams


READERS = {
    ".otio": otio_reads,
    ".otioz": bundle_reads,
    ".xml": xml_reads,
    ".fcpxml": fcpxml_reads,
    ".edl": edl_reads,
    ".mlt": mlt_reads,
    ".aaf": aaf_reads,
    ".csv": csv_reads,
    ".wav": plays,
    ".mp4": plays,
    ".mov": plays,
}
