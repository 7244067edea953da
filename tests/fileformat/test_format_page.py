"""The reference of the file format."""

from __future__ import annotations

from pathlib import Path

from storyboard.fileformat.format_page import text

ROOT = Path(__file__).parent.parent.parent


def test_the_reference_is_not_stale() -> None:
    """docs/format.md is what the models make."""
    assert (ROOT / "docs" / "format.md").read_text() == text()


def test_every_kind_of_value_is_told() -> None:
    """No field is left with a kind that the reference has no word for."""
    assert "| anything |" not in text()
