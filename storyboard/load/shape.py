"""Checking the tree against the file format, and saying each mistake in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from storyboard.load import meant
from storyboard.load.tree import MAX_MISTAKES, Path, Tree
from storyboard.spec import VERSION, Storyboard

_BLOCKS = {
    "Audio": "audio",
    "Storyboard": "a storyboard",
    "CutShot": "a shot of the cut",
    "Defaults": "defaults",
    "Music": "music",
    "OwnSound": "a take's sound",
    "Voice": "a piece of voice-over",
}
"""What the blocks are called in messages; the others by their own name."""


def board(tree: Tree) -> Storyboard | None:
    """The validated file, or None where its mistakes (noted in the tree) leave none."""
    if not isinstance(tree.root, dict):
        tree.say((), f"must be a mapping that starts with version: {VERSION}")
        return None
    if not _check_version(tree):
        return None
    _check_colours(tree)
    try:
        return _validated(tree)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        misspelt = _meant_fields(tree, problems)
        for problem in problems:
            if problem["type"] != "missing" or problem["loc"] not in misspelt:
                _say(tree, problem)
        return None


def _check_version(tree: Tree) -> bool:
    """Whether the rest of the file can be judged: one without a version is read as this one."""
    version = tree.root.get("version")
    if "version" not in tree.root:
        tree.say((), f"version is missing; this format starts with version: {VERSION}")
        tree.root["version"] = VERSION
    elif not isinstance(version, int) or isinstance(version, bool):
        tree.say(("version",), f"must be the number {VERSION}{_shown(version)}")
        tree.root["version"] = VERSION
    elif version != VERSION:
        tree.say(("version",), f"only version {VERSION} of the format is known here")
    return bool(tree.root["version"] == VERSION)


def _check_colours(tree: Tree) -> None:
    """A colour that is taken for a comment is no colour, also where none need be."""
    for path, text in tree.hashed.items():
        part = _part(path[:-1]) if path[-1:] in (("color",), ("background",)) else None
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


def _meant_fields(tree: Tree, problems: list[ErrorDetails]) -> set[tuple[int | str, ...]]:
    """The fields that are missing because their names are misspelt: that is said already."""
    found: set[tuple[int | str, ...]] = set()
    for problem in problems[:MAX_MISTAKES]:
        part = _part(_path(tree, problem["loc"])[:-1])
        if problem["type"] == "extra_forbidden" and part is not None:
            found.add((*problem["loc"][:-1], meant.field(str(problem["loc"][-1]), part)))
    return found


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
        tree.say(path, _unknown(path, problem["input"]), of_key=True)
    elif kind == "missing":
        tree.say(path, "is required")
    elif path in tree.hashed:
        message = f'is empty: # starts a comment; put "{tree.hashed[path]}" in quotes'
        tree.say(path, message)
    else:
        tree.say(path, _words(problem, path) + _signs(problem["input"]))


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
    part = _part(path)
    return part is not None and step in part.model_fields


def _unknown(path: Path, value: Any) -> str:
    part = _part(path[:-1])
    if part is None:
        return "is not known here"
    name = _BLOCKS.get(part.__name__, f"a {part.__name__.lower()}")
    return f"is not a field of {name}; {meant.advice(str(path[-1]), value, part)}"


_BOUNDS = {
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be at most {le:g}",
}
"""What pydantic calls a number out of bounds, and what is said of it."""


def _words(problem: ErrorDetails, path: Path) -> str:
    """Pydantic's finding as one line that says what to write."""
    context: dict[str, Any] = problem.get("ctx", {})
    match problem["type"]:
        case "value_error":
            return str(context["error"])
        case "string_type":
            return _text(problem["input"])
        case "int_type" | "int_from_float":
            return f"must be a whole number{_shown(problem['input'])}{_number(problem['input'])}"
        case "float_type":
            return f"must be a number{_shown(problem['input'])}{_number(problem['input'])}"
        case "bool_type":
            return f"must be true or false{_shown(problem['input'])}{_truth(problem['input'])}"
        case "list_type":
            return f"must be a list{_shown(problem['input'])}{_entries(problem['input'])}"
        case "model_type" | "model_attributes_type" | "dict_type":
            written = _block_for(path, problem["input"])
            return f"must be a block of fields{_shown(problem['input'])}{written}"
        case "literal_error":
            return f"must be {context['expected']}{_meant(context['expected'], problem['input'])}"
        case kind if kind in _BOUNDS:
            return _BOUNDS[kind].format_map(context)
        case "finite_number":
            return "must be a finite number"
        case "string_too_short" | "too_short":
            return "must not be empty"
        case "string_too_long":
            return f"is longer than {context['max_length']} characters"
        case "string_pattern_mismatch":
            return _pattern(context["pattern"])
        case "string_unicode":
            return "has half a character in it; write it anew"
        case _:
            return problem["msg"][:1].lower() + problem["msg"][1:]


def _pattern(pattern: str) -> str:
    if "." in pattern:
        return "must be letters, digits, _ . and -, at most 64 of them"
    return "must be letters, digits and _, and start with no digit"


def _meant(expected: str, value: Any) -> str:
    """The choice that was probably meant, or what stands there instead."""
    choices = re.findall(r"'([^']*)'", expected)
    near = meant.word(value, choices) if isinstance(value, str) else ""
    return f"; did you mean {near}?" if near else _shown(value)


def _number(value: Any) -> str:
    """The number in a text that has more in it: `-18 dB`, `1,5`, `2x`."""
    if not isinstance(value, str):
        return ""
    found = re.match(r"([+-]?(0|[1-9][0-9]*)([.,][0-9]+)?) ?[A-Za-z]*$", value.strip())
    return f"; write {found[1].replace(',', '.').lstrip('+')}" if found else ""


def _truth(value: Any) -> str:
    word = value.strip().casefold() if isinstance(value, str) else value
    if word in ("yes", "on", "y", 1):
        return "; write true"
    return "; write false" if word in ("no", "off", "n", "none", 0) else ""


def _entries(value: Any) -> str:
    """How a list is begun, where its entry stands without a dash."""
    if isinstance(value, str):
        return f"; write it as a list, with a dash before each entry: - {value[:40]}"
    if not isinstance(value, dict) or not value:
        return ""
    first = str(next(iter(value)))
    if first.startswith("-"):
        return f"; a dash needs a space after it: write - {first.lstrip('-')}:"
    return f"; start each entry with a dash: - {first}:"


def _block_for(path: Path, value: Any) -> str:
    """The block that a plain text stands for, where that is known."""
    if not isinstance(value, str):
        return ""
    known = {"keyframes": "image", "titles": "text", "captions": "text"}
    if path[-1:] == ("audio",):
        return f"; write audio: {{music: {value[:60]}}}"
    field = known.get(str(path[-2])) if len(path) > 1 and isinstance(path[-1], int) else None
    entry = re.sub(rf"^{field}\s+", "", value)[:60]
    return f"; write - {field}: {entry}" if field else ""


def _signs(value: Any) -> str:
    """Signs around a value that belong to another way of writing."""
    if isinstance(value, str) and value[:1] in tuple("\u201c\u201d\u201e\u2018\u2019"):
        return "; these quotes are letters to YAML: write plain ones, or none"
    if isinstance(value, str) and value[-1:] in (",", ";"):
        return f"; leave the {value[-1]} at its end out"
    return ""


def _text(value: Any) -> str:
    plain = isinstance(value, (int, float))
    return f"must be text{_shown(value)}{'; put it in quotes' if plain else ''}"


def _shown(value: Any) -> str:
    match value:
        case dict():
            return ", not a block"
        case list():
            return ", not a list"
        case None:
            return ", not empty"
        case bool():
            return f", not {str(value).lower()}"
        case str():
            return f", not {value[:40]!r}"
    return f", not {value}"


def _part(path: Path) -> type[BaseModel] | None:
    """The block of the format that this path leads to."""
    found: type[BaseModel] | None = Storyboard
    for step in path:
        if isinstance(step, int):
            continue
        if found is None or step not in found.model_fields:
            return None
        found = meant.block(found.model_fields[step].annotation)
    return found
