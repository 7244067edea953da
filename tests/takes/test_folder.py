"""Takes in a folder: kept whole, found by key, and looked over."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyboard.errors import StoreError
from storyboard.takes.assets import AssetKind, Flaw
from storyboard.takes.folder import TakesFolder

KEY, OTHER = "0" * 64, "f" * 64


@pytest.fixture
def takes(tmp_path: Path) -> TakesFolder:
    """An empty folder."""
    made = TakesFolder(tmp_path / "takes", aside=tmp_path / "parts")
    made.prepare()
    return made


def keep(takes: TakesFolder, key: str = KEY, data: bytes = b"a clip") -> Path:
    """Take a file in."""
    part = takes.folder / "coming"
    part.write_bytes(data)
    return takes.keep(key, part, {"shot": "sh010"})


def test_looking_makes_nothing(tmp_path: Path) -> None:
    """Nor is it needed that there is anything."""
    takes = TakesFolder(tmp_path / "takes", aside=tmp_path / "parts")
    assert not takes.has(KEY)
    assert not [*takes.keys(), *takes.notes(), *takes.files()]
    assert list(tmp_path.iterdir()) == []


def test_a_take_is_moved_in_and_noted(takes: TakesFolder) -> None:
    """Under its key, as its kind is called."""
    path = keep(takes)
    assert path == takes.open(KEY) == Path(takes.where(KEY))
    assert path.suffix == AssetKind.VIDEO.ending
    assert path.read_bytes() == b"a clip"
    assert takes.note(KEY)["shot"] == "sh010"
    assert (takes.keys(), list(takes.files())) == ([KEY], [path])
    assert sorted(file.name for file in takes.folder.iterdir()) == [f"{KEY}.json", path.name]


def test_other_names_are_nobody_s(takes: TakesFolder) -> None:
    """What a kill, a file system or a file manager leaves behind."""
    ending = AssetKind.VIDEO.ending
    for name in (f"._{KEY}{ending}", f"{KEY} (1){ending}", f".coming{ending}", f"{KEY[:-1]}G.json"):
        (takes.folder / name).write_bytes(b"{}")
    assert not [*takes.keys(), *takes.notes(), *takes.files()]


def test_every_flaw_is_found(takes: TakesFolder) -> None:
    """A size, a byte, a note."""
    path = keep(takes)
    assert takes.flaw(KEY) is None
    path.write_bytes(b"a clap")
    assert takes.has(KEY)
    assert takes.flaw(KEY) == Flaw(str(path), "has changed since it was kept")
    path.write_bytes(b"a c")
    assert not takes.has(KEY)
    assert takes.flaw(KEY) == Flaw(str(path), "has 3 bytes, not 6")
    note = path.with_suffix(".json")
    note.write_text("[]")
    assert takes.flaw(KEY) == Flaw(str(note), "can't be read", of_note=True)
    with pytest.raises(StoreError, match="is not a take's note"):
        takes.note(KEY)


def test_what_is_set_aside_is_kept(takes: TakesFolder) -> None:
    """And what is not there is not."""
    path = keep(takes)
    aside = Path(takes.set_aside(KEY))
    assert (aside.read_bytes(), aside.parent.name) == (b"a clip", "parts")
    assert not path.exists()
    assert takes.set_aside(OTHER) == ""


def test_a_folder_that_can_t_be_made_is_said(tmp_path: Path) -> None:
    """Before anything is paid for."""
    (tmp_path / "takes").write_text("a file")
    takes = TakesFolder(tmp_path / "takes", aside=tmp_path / "parts")
    with pytest.raises(StoreError, match="takes can't be kept in"):
        takes.prepare()
