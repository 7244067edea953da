"""Stems: as long as the film, at its timecode, and together the mix."""

from __future__ import annotations

import struct
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from storyboard.audio.mix import mix
from storyboard.audio.sound_files import decoded
from storyboard.events import Encoding
from storyboard.exporting.package import export
from storyboard.timeline import Sound, Timeline
from tests.exporting.cuts import bang, film


def sounding(folder: Path, rate: Fraction, loudness: float | None) -> Timeline:
    """The whole film, with an effect, ducked music, and a loudness."""
    made = film(folder, rate)
    effect = Sound("effect", bang(folder / "bell.wav", seconds=0.5, at=0.1), start=3, frames=None)
    sounds = [replace(one, duck=one.role == "music") for one in made.sounds]
    return replace(made, sounds=(*sounds, effect), loudness=loudness)


def heard(path: Path) -> np.ndarray:
    """Its samples."""
    return np.concatenate(list(decoded(path)))


def bext(path: Path) -> bytes:
    """The chunk that a Broadcast Wave file has."""
    data = path.read_bytes()
    at = data.index(b"bext")
    (size,) = struct.unpack("<I", data[at + 4 : at + 8])
    return data[at + 8 : at + 8 + size]


@pytest.mark.parametrize(
    ("rate", "loudness"), [(Fraction(24), None), (Fraction(24000, 1001), -20.0)]
)
def test_stems_add_up_to_the_mix(rate: Fraction, loudness: float | None, tmp_path: Path) -> None:
    """Also with music under the voice, a loudness, and peaks that are held back."""
    timeline = sounding(tmp_path, rate, loudness)
    made = export(timeline, tmp_path / "to", formats=["stems"])
    assert [path.name for path in made.files] == [
        f"Dammerung_1_v001_{role}.wav" for role in ("voice", "music", "effects")
    ]
    whole = mix(timeline)
    assert whole is not None
    parts = [heard(path) for path in made.files]
    assert {len(part) for part in parts} == {len(whole)}
    assert np.abs(sum(parts) - whole).max() < 1e-5
    assert all(np.abs(part).max() > 0.01 for part in parts)


@pytest.mark.parametrize("rate", [Fraction(25), Fraction(30000, 1001)])
def test_stems_say_the_record_timecode(rate: Fraction, tmp_path: Path) -> None:
    """In samples since midnight: at 29.97 an hour of labels is 3603.6 seconds."""
    timeline = sounding(tmp_path, rate, None)
    made = export(timeline, tmp_path / "to", formats=["stems"], start_timecode="01:00:00:00")
    stamp = bext(made.files[0])
    low, high = struct.unpack("<II", stamp[338:346])
    assert low + (high << 32) == round(3600 * round(rate) / rate * 48000)
    assert stamp[:256].rstrip(b"\0") == b"D?mmerung #1: voice"
    again = export(timeline, tmp_path / "other", formats=["stems"])
    assert again.files[0].read_bytes() == made.files[0].read_bytes()


def test_a_long_mix_says_how_far_it_is(tmp_path: Path) -> None:
    """While it is mixed and measured, and while each stem is written."""
    timeline = sounding(tmp_path, Fraction(24), -20.0)
    said: list[object] = []
    export(timeline, tmp_path / "to", formats=["stems"], listener=said.append)
    last = {(one.film, one.unit): one for one in said if isinstance(one, Encoding)}
    assert {("stems", "frames mixed"), ("stems", "frames measured")} <= last.keys()
    assert last["music", "frames written"].done == timeline.frames


def test_a_stopped_export_leaves_no_half_file(tmp_path: Path) -> None:
    """Whatever is being written when Ctrl-C comes; the next export makes it whole."""

    def stop(event: object) -> None:
        if getattr(event, "unit", "") == "frames written":
            raise KeyboardInterrupt

    timeline = sounding(tmp_path, Fraction(24), None)
    with pytest.raises(KeyboardInterrupt):
        export(timeline, tmp_path / "to", formats=["stems"], listener=stop)
    assert [path.name for path in (tmp_path / "to").iterdir()] == ["contents.json"]
    made = export(timeline, tmp_path / "to", formats=["stems"])
    assert len(heard(made.files[0])) == round(timeline.seconds * 48_000)


def test_a_silent_film_has_no_stems(tmp_path: Path) -> None:
    """It is said."""
    made = export(replace(film(tmp_path, Fraction(24)), sounds=()), tmp_path, formats=["stems"])
    assert made.files == ()
    assert made.notes == ("the film has no sound, and so no stems",)
