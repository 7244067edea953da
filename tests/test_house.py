"""The house: rooms that can be walked, and no function that has to be scrolled."""

from __future__ import annotations

from tests.house import (
    doubled_classes,
    doubled_modules,
    imports,
    longest_chain,
    modules,
    rings,
)

FOUND = modules()
LONG = 40
"""Lines of the longest function, its docstring and parameters among them."""
LONGEST_CHAIN = 16
"""Modules, each of which loads the next."""


def test_no_function_is_long() -> None:
    """What does not fit on a screen is several things."""
    functions = (one for module in FOUND.values() for one in module.functions())
    assert [one for one in functions if one.lines > LONG] == []


def test_no_import_comes_back() -> None:
    """No module needs one that needs it."""
    assert rings(imports(FOUND)) == []


def test_no_chain_of_imports_is_long() -> None:
    """What one module needs can be followed to its end."""
    assert len(longest_chain(imports(FOUND))) <= LONGEST_CHAIN


def test_no_two_classes_have_one_name() -> None:
    """A public class is found by its name alone."""
    assert doubled_classes(FOUND) == {}


def test_no_two_modules_have_one_name() -> None:
    """But a command, its workflow and the room it is about."""
    doubled = {
        name: [home for home in homes if home not in allowed(name)]
        for name, homes in doubled_modules(FOUND).items()
    }
    assert {name: homes for name, homes in doubled.items() if homes} == {}


def allowed(name: str) -> set[str]:
    """Where a command's name may be a module's: what it takes, what it does, what it is about."""
    return {f"storyboard.cli.{name}", f"storyboard.workflows.{name}", f"storyboard.{name}"}
