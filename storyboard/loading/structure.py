"""A storyboard that was given in code, as a tree in which each value is known by its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from storyboard.fileformat.fields import plain
from storyboard.fileformat.written import VERSION
from storyboard.loading.tree import MAX_DEPTH, MAX_VALUES, Tree, is_secret

if TYPE_CHECKING:
    from storyboard.fileformat.findings import Path

_NOWHERE = (0, 0)


def read(given: Mapping[str, Any]) -> Tree:
    """The tree of these fields, under the limits that files have. What names no version is this
    one's; `InvalidStoryboard` where nothing can be made of it.
    """
    tree = Tree("", [], structure=True)
    tree.root = {"version": VERSION, **_value(tree, given, ())}
    return tree


def _value(tree: Tree, value: Any, path: Path) -> Any:
    """The value as a file would have it, its place noted, and those of all inside."""
    tree.values[path] = _NOWHERE
    if len(path) > MAX_DEPTH:
        raise tree.stop(*_NOWHERE, f"nested deeper than {MAX_DEPTH} levels")
    if len(tree.values) > MAX_VALUES:
        raise tree.stop(*_NOWHERE, f"more than {MAX_VALUES} values")
    if isinstance(value, Mapping):
        return {_name(tree, key): _value(tree, inner, (*path, key)) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_value(tree, inner, (*path, i)) for i, inner in enumerate(value)]
    if isinstance(value, str) and is_secret(value):
        raise tree.stop(
            *_NOWHERE, "looks like a service key; keep it in FAL_KEY, and get a new one"
        )
    return plain(value)


def _name(tree: Tree, key: Any) -> str:
    if not isinstance(key, str):
        raise tree.stop(*_NOWHERE, f"a field's name that is not text: {str(key)[:40]}")
    return key
