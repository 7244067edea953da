"""The one-file hand-over, read back by OpenTimelineIO's own adapter."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import opentimelineio
import pytest

from storyboard.exporting.package import export
from storyboard.video.probing import probe
from tests.exporting.cuts import RATES, film


@pytest.mark.parametrize("rate", RATES[:2])
def test_a_bundle_is_the_same_cut_with_its_media(rate: object, tmp_path: Path) -> None:
    """Unpacked elsewhere, every clip finds its file, and the ranges are those of the `.otio`."""
    timeline = film(tmp_path, rate)  # type: ignore[arg-type]
    made = export(timeline, tmp_path / "to", formats=["otioz", "otio"])
    [bundle] = [path for path in made.files if path.suffix == ".otioz"]
    assert bundle.name == "Dammerung_1_v001.otioz"
    (tmp_path / "there").mkdir()
    read = opentimelineio.adapters.read_from_file(
        str(bundle), extract_to_directory=str(tmp_path / "there")
    )
    plain = opentimelineio.adapters.read_from_file(str(tmp_path / "to" / "Dammerung_1.otio"))
    ranges = [clip.range_in_parent() for clip in plain.find_clips()]
    assert [clip.range_in_parent() for clip in read.find_clips()] == ranges
    assert len(ranges) == len(timeline.clips) + len(timeline.sounds)
    for clip in read.find_clips():
        url = clip.media_reference.target_url
        assert (tmp_path / "there" / url).is_file(), url
    shown = tmp_path / "there" / "media" / "sh010_v001.mov"
    assert probe(shown).frames == timeline.clips[0].media.frames
    assert shown.read_bytes() == (tmp_path / "to/media/sh010_v001.mov").read_bytes()


def test_a_bundle_is_made_once(tmp_path: Path) -> None:
    """The same cut is the same file, byte for byte, wherever it is made; another is a version."""
    timeline = film(tmp_path, RATES[0])
    [first] = [p for p in export(timeline, tmp_path / "a", formats=["otioz"]).files if _zip(p)]
    [again] = [p for p in export(timeline, tmp_path / "b", formats=["otioz"]).files if _zip(p)]
    assert first.read_bytes() == again.read_bytes()
    with zipfile.ZipFile(first) as bundle:
        assert bundle.namelist()[:2] == ["content.otio", "version.txt"]
        assert bundle.read("version.txt") == b"1.0.0"
        assert all(name.count("/") == 1 for name in bundle.namelist()[2:])
    before = first.read_bytes()
    shorter = replace(timeline, transitions=())
    [other] = [p for p in export(shorter, tmp_path / "a", formats=["otioz"]).files if _zip(p)]
    assert other.name == "Dammerung_1_v002.otioz"
    assert first.read_bytes() == before


def _zip(path: Path) -> bool:
    return path.suffix == ".otioz"
