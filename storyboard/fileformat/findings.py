"""What pydantic finds wrong with a block of the format, in plain words that say what to write."""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from storyboard.errors import Mistake, Place
from storyboard.fileformat import meant
from storyboard.safe_text import inert

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]
"""Where a value sits: keys and list indices from the outermost block."""

_BLOCKS = {
    "Audio": "audio",
    "Storyboard": "a storyboard",
    "CutShot": "a shot of the cut",
    "Defaults": "defaults",
    "Music": "music",
    "OwnSound": "a take's sound",
    "Take": "a take",
    "Voice": "a piece of voice-over",
}
"""What the blocks are called in messages; the others by their own name."""


def mistakes(
    root: type[BaseModel], error: ValidationError, given: object, *, inside: str = ""
) -> list[Mistake]:
    """What is wrong with a block that was given in code, each mistake at its field.

    `inside` is what the fields belong to.
    """
    found, problems = [], error.errors(include_url=False)
    known = misspelt(problems, root, lambda loc: _within(loc, given, root))
    for problem in problems:
        path = _within(problem["loc"], given, root)
        match problem["type"]:
            case "missing" if problem["loc"] in known:
                continue
            case "missing":
                message = "is required"
            case "extra_forbidden":
                message = unknown(path, problem["input"], root)
            case _:
                message = words(problem, path) + signs(problem["input"])
        name = field_path(path)
        place = Place.inside(".".join(filter(None, (inside, name))))
        found.append(Mistake(place, name, inert(message)))
    return found


def misspelt(
    problems: Sequence[ErrorDetails], root: type[BaseModel], where: Callable[[Path], Path]
) -> set[Path]:
    """The fields that are missing because their names are misspelt: that is said already."""
    found: set[Path] = set()
    for problem in problems:
        block = part(where(problem["loc"])[:-1], root)
        if problem["type"] == "extra_forbidden" and block is not None:
            found.add((*problem["loc"][:-1], meant.field(str(problem["loc"][-1]), block)))
    return found


def _within(loc: Path, given: object, root: type[BaseModel]) -> Path:
    """The part of pydantic's location that names fields: unions add steps of their own."""
    path: Path = ()
    for position, step in enumerate(loc):
        block = part(path, root)
        last = position == len(loc) - 1
        if _there(step, given):
            path, given = (*path, step), given[step]  # type: ignore[index]
        elif last and block is not None and step in block.model_fields:
            path = (*path, step)
    return path


def _there(step: int | str, given: object) -> bool:
    if isinstance(given, dict):
        return step in given
    return isinstance(given, list) and isinstance(step, int) and step < len(given)


def field_path(path: Path) -> str:
    """A path as people write it: `scenes[0].keyframes[2].shot`; strange keys inert and short."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{_key(step)}" for step in path)
    return "".join(steps).removeprefix(".")


def _key(name: str) -> str:
    return inert(name if len(name) <= 64 else f"{name[:61]}...")


def called(block: type[BaseModel]) -> str:
    """What a block is called in messages."""
    return _BLOCKS.get(block.__name__, f"a {block.__name__.lower()}")


def unknown(path: Path, value: Any, root: type[BaseModel]) -> str:
    """About a field that its block does not have."""
    block = part(path[:-1], root)
    if block is None:
        return "is not known here"
    name = called(block)
    return f"is not a field of {name}; {meant.advice(str(path[-1]), value, block)}"


_BOUNDS = {
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be at most {le:g}",
}
"""What pydantic calls a number out of bounds, and what is said of it."""


def words(problem: ErrorDetails, path: Path) -> str:
    """Pydantic's finding as one line that says what to write."""
    context: dict[str, Any] = problem.get("ctx", {})
    match problem["type"]:
        case "value_error":
            return str(context["error"])
        case "string_type":
            return _text(problem["input"])
        case "int_type" | "int_from_float":
            return f"must be a whole number{shown(problem['input'])}{_number(problem['input'])}"
        case "float_type":
            return f"must be a number{shown(problem['input'])}{_number(problem['input'])}"
        case "bool_type":
            return f"must be true or false{shown(problem['input'])}{_truth(problem['input'])}"
        case "list_type":
            return f"must be a list{shown(problem['input'])}{_entries(problem['input'])}"
        case "model_type" | "model_attributes_type" | "dict_type":
            written = _block_for(path, problem["input"])
            return f"must be a block of fields{shown(problem['input'])}{written}"
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
    return f"; did you mean {near}?" if near else shown(value)


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


def signs(value: Any) -> str:
    """Signs around a value that belong to another way of writing."""
    if isinstance(value, str) and value[:1] in tuple("\u201c\u201d\u201e\u2018\u2019"):
        return "; these quotes are letters to YAML: write plain ones, or none"
    if isinstance(value, str) and value[-1:] in (",", ";"):
        return f"; leave the {value[-1]} at its end out"
    return ""


def _text(value: Any) -> str:
    plain = isinstance(value, (int, float))
    return f"must be text{shown(value)}{'; put it in quotes' if plain else ''}"


def shown(value: Any) -> str:
    """What stands there instead, where that can be said in a few words."""
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


def part(path: Path, root: type[BaseModel]) -> type[BaseModel] | None:
    """The block of the format that this path leads to."""
    found: type[BaseModel] | None = root
    named = False  # whether the next step is a name that the author gives
    for step in path:
        if isinstance(step, int):
            continue
        if named:
            named = False
            continue
        if found is None or step not in found.model_fields:
            return None
        annotation = found.model_fields[step].annotation
        found, named = meant.block(annotation), typing.get_origin(annotation) is dict
    return found
