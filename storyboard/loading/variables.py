"""Putting variables in: `${name}` in any text of the tree, `$${` for the text `${` itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from storyboard.fileformat.guess import guess
from storyboard.loading.scalars import scalar
from storyboard.loading.tree import is_secret

if TYPE_CHECKING:
    from storyboard.fileformat.findings import Path
    from storyboard.loading.tree import Tree

MAX_FILLED = 2_000_000
"""Characters that variables put into the whole file: a long one used often is a bomb."""

_USE = re.compile(r"\$\$\{|\$\{([^${}\n]*)\}|\$\{")


class Cell(str):
    """A variable's text that stays as it is written: `1.50` in the middle of a text is 1.50."""

    __slots__ = ()


def uses(tree: Tree) -> dict[Path, tuple[str, ...]]:
    """The values of a tree that is not filled yet, with the variables that each of them uses."""
    found: dict[Path, tuple[str, ...]] = {}
    _seek(tree.root, (), found)
    return found


def _seek(value: Any, path: Path, found: dict[Path, tuple[str, ...]]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not _is_free(key):
                _seek(inner, (*path, key), found)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            _seek(item, (*path, i), found)
    elif isinstance(value, str):
        names = tuple(use[1] for use in _USE.finditer(value) if use[1] is not None)
        if names:
            found[path] = names


def fill(tree: Tree, given: Mapping[str, str]) -> None:
    """Replace every use of a variable in the tree; unknown names become mistakes.

    `given` (what the caller says) overrides the file's `variables`. Text that is nothing
    but one `${name}` takes the variable's own kind, so `duration: ${length}` is a number; within
    other text a `Cell` stays as it is written.
    `variables` itself, `notes` and `x-` keys are left as they are.
    """
    if not isinstance(tree.root, dict):
        return
    own = tree.root.get("variables")
    known: dict[str, Any] = dict(own) if isinstance(own, dict) else {}
    known.update({name: scalar(text) for name, text in given.items()})
    cells = {name: str(text) for name, text in given.items() if isinstance(text, Cell)}
    filling = _Filling(tree, known, cells)
    tree.root = filling.value(tree.root, ())
    tree.idle = tuple(name for name in known if name not in filling.used | given.keys())
    for name, text in given.items():
        _check_given(tree, name, text, filling.used)


def _check_given(tree: Tree, name: str, text: str, used: Collection[str]) -> None:
    if is_secret(text):
        tree.say(("variables",), f"`variables` {name} looks like a service key; keep it in FAL_KEY")
    if name not in used:
        hint = _did_you_mean(name, used)
        tree.say(("variables",), f"`variables` {name}: ${{{name}}} is used nowhere{hint}")


def _is_free(key: str) -> bool:
    return key in ("variables", "notes") or key.startswith("x-")


@dataclass(slots=True)
class _Filling:
    """One pass over the tree."""

    tree: Tree
    known: Mapping[str, Any]
    cells: Mapping[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    room: int = MAX_FILLED

    def value(self, value: Any, path: Path) -> Any:
        """The value with its variables filled in."""
        if isinstance(value, dict):
            return {
                key: inner if _is_free(key) else self.value(inner, (*path, key))
                for key, inner in value.items()
            }
        if isinstance(value, list):
            return [self.value(item, (*path, i)) for i, item in enumerate(value)]
        if isinstance(value, str) and "${" in value:
            return self._text(value, path)
        return value

    def _text(self, text: str, path: Path) -> Any:
        alone = _USE.fullmatch(text)
        if alone and alone[1] in self.known:
            self.tree.lone[path] = self._word(alone[1], path)
            return self.known[alone[1]]
        return _USE.sub(lambda use: self._filled(use, path), text)

    def _filled(self, use: re.Match[str], path: Path) -> str:
        if use[0] == "$${":
            return "${"
        if use[1] in self.known:
            if self.known[use[1]] is None and use[1] not in self.cells:
                self.tree.say(path, _nothing(use[1]))
            return self._word(use[1], path)
        if path in self.tree.unfilled:
            return use[0]
        if use[1] is None:
            self.tree.say(path, "${ has no }; write $${ for the text ${ itself")
        else:
            hint = _did_you_mean(use[1], self.known)
            self.tree.say(path, f"no variable is called {use[1][:40]!r}{hint}")
        self.tree.unfilled.add(path)
        return use[0]

    def _word(self, name: str, path: Path) -> str:
        """The variable as text."""
        self.used.add(name)
        value = self.known[name]
        usual = str(value).lower() if isinstance(value, bool) else str(value)
        text = self.cells.get(name, usual)
        self.room -= len(text)
        if self.room < 0:
            place = self.tree.place(path)
            message = f"variables make this file longer than {MAX_FILLED // 1_000_000} MB"
            raise self.tree.stop(place.line, place.column, message)
        return text


def _nothing(name: str) -> str:
    """Such a text was bought with the word None in it: it is found again where that is written."""
    return (
        f"`variables` {name} is nothing at all, which is no word; set it to None where takes were "
        f'made with that word in their text, or to "" in the file for no word'
    )


def _did_you_mean(name: str, names: Collection[str]) -> str:
    near = guess(name, names)
    return f"; did you mean ${{{near}}}?" if near else ""
