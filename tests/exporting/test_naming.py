"""Names of exported files: in any script, never shared, and possible on every disc."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from storyboard.exporting.media.files_of import Wanted, named
from storyboard.exporting.media.naming import safe, sound_stems, titled
from storyboard.timeline import Sound
from tests.exporting.cuts import plain_film


@given(some.text())
def test_a_safe_name_is_the_same_as_path_and_address(text: str) -> None:
    """Whatever a thing is called, its file name needs no encoding anywhere, and is never empty."""
    name = safe(text, "sound")
    assert re.fullmatch(r"[A-Za-z0-9._-]+", name)
    assert not name.startswith((".", "-"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('Thème #1 100% "ü"', "Theme_1_100_u"),
        ("Straße", "Strasse"),
        ("../../etc/passwd", "etc_passwd"),
        ("夜", "music"),
        ("con", "con_"),
        ("LPT1.wav", "LPT1_.wav"),
    ],
)
def test_safe_names_stay_readable(text: str, name: str) -> None:
    """Accents go, letters stay; what Windows takes for a device is another name."""
    assert safe(text, "music") == name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("四季の物語", "四季の物語"),
        ("Четыре сезона: часть 1", "Четыре_сезона_часть_1"),
        ("سلام", "سلام"),
        ("हिन्दी", "हिन्दी"),
        ("Dämmerung #1", "Dammerung_1"),
        ("🎬", "evening"),
        ("...", "evening"),
        ("Nul", "Nul_"),
    ],
)
def test_files_are_named_after_the_title_in_any_script(title: str, name: str) -> None:
    """A title without a letter leaves the storyboard's own name."""
    assert titled(title, "evening") == name


@given(some.text(), some.text())
def test_a_titled_name_is_possible_everywhere(title: str, otherwise: str) -> None:
    """Never empty, never hidden, in one Unicode form, and short enough with an ending."""
    name = titled(title, otherwise)
    assert name
    assert not name.startswith((".", "-"))
    assert not set(name) & set('/\\:*?"<>|\0 ')
    assert unicodedata.is_normalized("NFC", name)
    assert len(f"{name}_contact_1.png".encode()) <= 255


def test_two_sounds_never_share_a_name() -> None:
    """Names in other scripts, alike in another case, or a shot's: each file has its own."""
    names = ["音楽.wav", "声.wav", "Ton.wav", "ton.mp3", "sh010.wav"]
    roles = ["music", "voice", "voice", "voice", "voice"]
    sounds = tuple(
        Sound(role, Path(name), start=0, frames=None)  # type: ignore[arg-type]
        for role, name in zip(roles, names, strict=True)
    )
    film = plain_film(Fraction(24))
    stems = sound_stems(film.__class__(film.title, film.rate, film.size, film.clips, sounds=sounds))
    assert list(stems.values()) == ["music", "voice", "Ton", "ton_2", "sh010_2"]


def test_two_forms_of_one_name_are_one() -> None:
    """A disc that takes letters apart holds the same file."""
    wanted = Wanted("Müller", 1, ".wav", "new")
    there = {unicodedata.normalize("NFD", "Müller_v001.wav"): "old"}
    assert named([wanted], there) == {wanted: "Müller_v002.wav"}
