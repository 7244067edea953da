"""Putting variables in: `${name}` in any text of the tree, `$${` for the text `${` itself."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any

from storyboard.load.tree import Path, Tree, scalar

_USE = re.compile(r"\$\$\{|\$\{([^}\n]*)\}")


def fill(tree: Tree, given: Mapping[str, str]) -> None:
    """Replace every use of a variable in the tree; unknown names become mistakes.

    `given` (the command line's `--var`) overrides the file's `variables`. Text that is nothing
    but one `${name}` takes the variable's own kind, so `duration: ${length}` is a number.
    `variables` itself, `notes` and `x-` keys are left as they are.
    """
    if not isinstance(tree.root, dict):
        return
    own = tree.root.get("variables")
    known: dict[str, Any] = dict(own) if isinstance(own, dict) else {}
    known.update({name: scalar(text) for name, text in given.items()})
    used: set[str] = set()
    tree.root = {
        key: value if _is_free(key) else _filled(tree, value, (key,), known, used)
        for key, value in tree.root.items()
    }
    for name in given:
        if name not in used:
            tree.say(
                ("variables",), f"--var {name}: ${{{name}}} is used nowhere{_near(name, used)}"
            )


def _is_free(key: str) -> bool:
    return key in ("variables", "notes") or key.startswith("x-")


def _filled(tree: Tree, value: Any, path: Path, known: Mapping[str, Any], used: set[str]) -> Any:
    if isinstance(value, dict):
        return {
            key: inner if _is_free(key) else _filled(tree, inner, (*path, key), known, used)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_filled(tree, item, (*path, i), known, used) for i, item in enumerate(value)]
    if not isinstance(value, str) or "${" not in value:
        return value

    def replaced(match: re.Match[str]) -> str:
        name = match[1]
        if name is None:
            return "${"
        if name not in known:
            tree.say(path, f"no variable is called {name!r}{_near(name, known)}")
            return match[0]
        used.add(name)
        return _text(known[name])

    alone = _USE.fullmatch(value)
    if alone and alone[1] in known:
        used.add(alone[1])
        tree.lone[path] = _text(known[alone[1]])
        return known[alone[1]]
    return _USE.sub(replaced, value)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _near(name: str, names: Any) -> str:
    near = difflib.get_close_matches(name, list(names), n=1)
    return f"; did you mean ${{{near[0]}}}?" if near else ""
