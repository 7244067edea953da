"""What a picture is, is known by its bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from storyboard.images.parts import PictureError
from storyboard.images.picture_facts import inspect
from storyboard.workflows.preflight import StillFacts, still_facts
from tests.boards import still


def looked_at(facts: StillFacts, data: bytes) -> object:
    """What is said of these bytes."""
    return facts(data, hashlib.sha256(data).hexdigest())


def test_a_picture_is_taken_apart_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another one is looked at, and so is one whose note is broken."""
    still(tmp_path / "a.png", 1)
    still(tmp_path / "b.png", 2)
    one, other = ((tmp_path / name).read_bytes() for name in ("a.png", "b.png"))
    facts, seen = StillFacts(tmp_path), list[bytes]()

    def counted(data: bytes) -> object:
        seen.append(data)
        return inspect(data)

    monkeypatch.setattr(still_facts, "inspect", counted)
    assert [looked_at(facts, data) for data in (one, one, other)] == [
        inspect(data) for data in (one, one, other)
    ]
    assert seen == [one, other]
    for note in (tmp_path / "checked").iterdir():
        note.write_bytes(note.read_bytes()[:-9])
    assert looked_at(facts, one) == inspect(one)
    assert seen == [one, other, one]


def test_no_store_is_made_for_it(tmp_path: Path) -> None:
    """And what is no picture is said each time."""
    still(tmp_path / "a.png", 1)
    facts = StillFacts(tmp_path / "none")
    assert looked_at(facts, (tmp_path / "a.png").read_bytes())
    assert not (tmp_path / "none").exists()
    for _ in range(2):
        with pytest.raises(PictureError):
            looked_at(StillFacts(tmp_path), b"no picture")
