"""What was measured of takes is known to whoever comes next."""

from __future__ import annotations

from pathlib import Path

from storyboard.store import Store
from storyboard.workflows.conform import memory_of


def test_a_store_without_pieces_remembers(tmp_path: Path) -> None:
    """Before the first render, and after its pieces were tidied away."""
    folder = tmp_path / "store"
    folder.mkdir()
    memory_of(Store(folder)).keep(["seam"], answer=True)
    assert memory_of(Store(folder)).recall(["seam"]) is True


def test_no_store_is_made_for_it(tmp_path: Path) -> None:
    """Where there is none, nothing is remembered."""
    memory_of(Store(tmp_path / "none")).keep(["seam"], answer=True)
    assert not (tmp_path / "none").exists()
