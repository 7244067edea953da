"""Checking the tree against the file format, and saying each mistake in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from storyboard.fileformat import findings
from storyboard.fileformat.written import VERSION, Storyboard
from storyboard.loading.tree import MAX_MISTAKES

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from storyboard.fileformat.findings import Path
    from storyboard.loading.tree import Tree


def board(tree: Tree) -> Storyboard | None:
    """The validated file, or None where its mistakes (noted in the tree) leave none."""
    if not isinstance(tree.root, dict):
        tree.say((), f"must be a mapping that starts with version: {VERSION}")
        return None
    if not _check_version(tree):
        return None
    _check_colours(tree)
    try:
        made = _validated(tree)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        misspelt = findings.misspelt(problems[:MAX_MISTAKES], Storyboard, partial(_path, tree))
        for problem in problems:
            if problem["type"] != "missing" or problem["loc"] not in misspelt:
                _say(tree, problem)
        return None
    made.is_filled()
    return made


def _check_version(tree: Tree) -> bool:
    """Whether the rest of the file can be judged: one without a version is read as this one."""
    version = tree.root.get("version")
    if "version" not in tree.root:
        tree.say((), f"version is missing; this format starts with version: {VERSION}")
        tree.root["version"] = VERSION
    elif not isinstance(version, int) or isinstance(version, bool):
        tree.say(("version",), f"must be the number {VERSION}{findings.shown(version)}")
        tree.root["version"] = VERSION
    elif version != VERSION:
        tree.say(("version",), f"only version {VERSION} of the format is known here")
    return bool(tree.root["version"] == VERSION)


def _check_colours(tree: Tree) -> None:
    """A colour that is taken for a comment is no colour, also where none need be."""
    for path, text in tree.hashed.items():
        part = (
            findings.part(path[:-1], Storyboard)
            if path[-1:] in (("color",), ("background",))
            else None
        )
        if part and path[-1] in part.model_fields and re.match("#[0-9a-fA-F]{3}", text):
            tree.say(path, _empty(text))


def _empty(text: str) -> str:
    return f'is empty: # starts a comment; put "{text}" in quotes'


def _validated(tree: Tree) -> Storyboard:
    """The file as it is written; a variable that holds a number is text where text is wanted."""
    try:
        return Storyboard.model_validate(tree.root)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        texts = [path for path in map(_wants_text(tree), problems) if path in tree.lone]
        for path in texts:
            _put(tree.root, path, tree.lone.pop(path))
        if not texts:
            raise
    return Storyboard.model_validate(tree.root)


def _wants_text(tree: Tree) -> Callable[[ErrorDetails], Path]:
    return lambda p: _path(tree, p["loc"]) if p["type"] == "string_type" else ()


def _put(root: Any, path: Path, text: str) -> None:
    for step in path[:-1]:
        root = root[step]
    root[path[-1]] = text


def _say(tree: Tree, problem: ErrorDetails) -> None:
    path = _path(tree, problem["loc"])
    kind = problem["type"]
    if path in tree.unfilled:
        return  # what would stand there is not known
    if kind == "extra_forbidden":
        tree.say(path, findings.unknown(path, problem["input"], Storyboard), of_key=True)
    elif kind == "missing":
        tree.say(path, "is required")
    elif path in tree.hashed:
        message = f'is empty: # starts a comment; put "{tree.hashed[path]}" in quotes'
        tree.say(path, message)
    else:
        tree.say(path, findings.words(problem, path) + findings.signs(problem["input"]))


def _path(tree: Tree, loc: tuple[int | str, ...]) -> Path:
    """The part of pydantic's location that names fields: unions add steps of their own."""
    path: Path = ()
    for position, step in enumerate(loc):
        inner = (*path, step)
        last = position == len(loc) - 1
        if inner in tree.values or (last and _is_field(path, step)):
            path = inner
    return path


def _is_field(path: Path, step: int | str) -> bool:
    part = findings.part(path, Storyboard)
    return part is not None and step in part.model_fields
