"""The house: rooms that can be walked, and one name for one thing."""

from __future__ import annotations

from tests.house import imports, modules, rings

FOUND = modules()


def test_no_import_comes_back() -> None:
    """No module needs one that needs it."""
    assert rings(imports(FOUND)) == []
