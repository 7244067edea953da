"""The house: rooms that can be walked, and no function that has to be scrolled."""

from __future__ import annotations

from tests.house import imports, modules, rings

FOUND = modules()
LONG = 40
"""Lines of the longest function, its docstring and parameters among them."""


def test_no_function_is_long() -> None:
    """What does not fit on a screen is several things."""
    functions = (one for module in FOUND.values() for one in module.functions())
    assert [one for one in functions if one.lines > LONG] == []


def test_no_import_comes_back() -> None:
    """No module needs one that needs it."""
    assert rings(imports(FOUND)) == []
