"""A storyboard that was made in code, as plain data and as the text of its file.

Everything is written so that it is read back as the very same: what YAML could take for a number,
a word of its own or a sign stands in quotes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from storyboard.fileformat.fields import OrAlone, Part
from storyboard.units.focus import Focus
from storyboard.units.timing import Duration

_PLAIN = re.compile(r"[A-Za-z]([A-Za-z0-9_ ./-]*[A-Za-z0-9_./-])?|[0-9]+(x[0-9]+|f)")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
"""Texts that are something else to YAML, or were to an older one."""

_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
"""What JSON leaves as it is, and YAML does not."""


def data(part: Part) -> dict[str, Any]:
    """The block as its file says it: texts, numbers, lists and mappings, without defaults."""
    found = {name: as_written(_alone(part, name, value)) for name, value in part.said()}
    return _escaped(found) if part.filled else found


def text(part: Part) -> str:
    """The block as YAML."""
    return "\n".join(_mapping(data(part), "")) + "\n"


def flow(value: Any, *, quoted: bool = False) -> str:
    """Plain data on one line, as a file has it; with `quoted`, each text in double quotes."""
    if isinstance(value, dict) and value:
        entries = (
            f"{flow(str(k), quoted=quoted)}: {flow(v, quoted=quoted)}" for k, v in value.items()
        )
        return f"{{{', '.join(entries)}}}"
    if isinstance(value, list) and value:
        return f"[{', '.join(flow(inner, quoted=quoted) for inner in value)}]"
    return _quoted(value) if quoted and isinstance(value, str) else _scalar(value)


def block_lines(head: str, value: Any, column: int) -> list[str]:
    """A field on lines of its own: `head`, which ends in its colon, and plain data.

    What is inside begins at `column`; each entry of a list has one line.
    """
    indent = " " * column
    if isinstance(value, list) and value:
        return [head, *(f"{indent}- {flow(entry)}" for entry in value)]
    if isinstance(value, dict) and any(isinstance(v, (dict, list)) and v for v in value.values()):
        inner = (block_lines(f"{indent}{flow(str(k))}:", v, column + 2) for k, v in value.items())
        return [head, *(line for lines in inner for line in lines)]
    return [f"{head} {flow(value)}"]


def _alone(part: Part, name: str, value: Any) -> Any:
    """The only entry of a list, where it may stand for the list."""
    marks = type(part).model_fields[name].metadata
    single = isinstance(value, list) and len(value) == 1
    return value[0] if single and any(isinstance(mark, OrAlone) for mark in marks) else value


def as_written(value: Any) -> Any:
    """A value that was given in code, a block too, as its file says it."""
    match value:
        case Part():
            return _block(value)
        case Duration():
            return f"{value.amount}f" if value.unit == "frames" else _seconds(value.amount)
        case Fraction():
            return str(value) if (value * 10**6).denominator > 1 else _number(value)
        case Focus():
            return [value.x, value.y]
        case Mapping():
            return {str(key): as_written(inner) for key, inner in value.items()}
        case list() | tuple():
            return [as_written(inner) for inner in value]
        case bool() | int() | float() | str() | None:
            return value
    return str(value)


def _escaped(value: Any) -> Any:
    """The same, where `${` is text and no variable."""
    if isinstance(value, dict):
        free = ("variables", "notes")
        return {name: v if name in free else _escaped(v) for name, v in value.items()}
    if isinstance(value, list):
        return [_escaped(inner) for inner in value]
    return value.replace("${", "$${") if isinstance(value, str) else value


def _block(part: Part) -> Any:
    """A block, or the text that stands for it where there is no more to it."""
    found = data(part)
    if part.alone and not found.keys() - {part.alone}:
        return getattr(part, part.alone)
    return found


def _number(exact: Fraction) -> int | float:
    return int(exact) if exact.denominator == 1 else float(exact)


def _seconds(exact: Fraction) -> int | float | str:
    """Seconds as a number; as text, in milliseconds, where a number would not be exact."""
    number = _number(exact)
    if Fraction(str(number)) == exact:
        return number
    whole, rest = divmod(int(exact * 10**12), 10**9)
    return f"{whole}.{rest:09d}ms"


def _lines(value: dict[str, Any] | list[Any], indent: str) -> Iterator[str]:
    return _mapping(value, indent) if isinstance(value, dict) else _list(value, indent)


def _mapping(block: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name, value in block.items():
        yield from _entry(f"{indent}{_scalar(name)}:", value, f"{indent}  ")


def _list(entries: list[Any], indent: str) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, (dict, list)) and entry:
            first, *others = _lines(entry, f"{indent}  ")
            yield f"{indent}- {first.lstrip()}"
            yield from others
        else:
            yield f"{indent}- {_scalar(entry)}"


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, (dict, list)) and value:
        yield head
        yield from _lines(value, indent)
    else:
        yield f"{head} {_scalar(value)}"


def _scalar(value: Any) -> str:
    """A text, number, truth, nothing, or an empty block, on one line."""
    if not isinstance(value, str):
        return json.dumps(value)
    if _PLAIN.fullmatch(value) and value.casefold() not in _WORDS:
        return value
    return _quoted(value)


def _quoted(value: str) -> str:
    words = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", words)
