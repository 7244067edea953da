"""A note on a take, and an approval of one, as values and as lines of a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

LONGEST = 5000
"""Letters of a note."""
_LONGEST_NAME = 200


class NoNote(ValueError):
    """A line, or a wish, that is no note; its words say why."""


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """What somebody says of a frame, or of a range, of a take."""

    id: str
    shot: str
    key: str
    """The take's key; where the shot had none yet, what its still is called."""
    take: int
    frame: int
    """In the take, from 0."""
    out: int | None
    """The last frame of a range; None for one frame."""
    text: str
    author: str = ""
    done: bool = False
    at: str = ""
    """When it was written: UTC, as ISO 8601 has it."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What another version of this program says of it: kept, and written again with it."""

    def __post_init__(self) -> None:
        if not self.text.strip() or len(self.text) > LONGEST:
            raise NoNote(f"a note has 1 to {LONGEST} letters")
        if self.frame < 0 or self.take < 0:
            raise NoNote("frames and takes count from 0")
        if self.out is not None and self.out < self.frame:
            raise NoNote("a range ends before it begins")
        if not self.shot or len(self.shot) > _LONGEST_NAME or len(self.author) > _LONGEST_NAME:
            raise NoNote(f"shots and authors have names of at most {_LONGEST_NAME} letters")

    def as_data(self) -> dict[str, Any]:
        """All of it as plain data."""
        found = asdict(self)
        return {**found.pop("more"), **found}


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody likes a take, or no longer does. Another take is not approved by it."""

    shot: str
    key: str
    take: int
    approved: bool
    author: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Removal:
    """A note is taken back."""

    id: str
    author: str = ""
    at: str = ""


Line = ReviewNote | Approval | Removal
"""What a line of the file may be."""

_KINDS: dict[str, type[Line]] = {"note": ReviewNote, "approval": Approval, "removal": Removal}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def as_line(one: Line) -> str:
    """One line of JSON, without its end."""
    data = one.as_data() if isinstance(one, ReviewNote) else asdict(one)
    return json.dumps({"kind": _NAMES[type(one)], **data}, ensure_ascii=False)


def from_line(text: str) -> Line:
    """What a line says; NoNote where it says nothing of the kind."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:  # the latter where it is too deep
        raise NoNote(f"it is not JSON ({error})") from error
    if not isinstance(found, dict) or found.get("kind") not in _KINDS:
        raise NoNote(f"its `kind` is none of {', '.join(_KINDS)}")
    return made(_KINDS[found["kind"]], found)


def made(kind: type[Line], found: Mapping[str, Any]) -> Line:
    """A line of this kind from plain data; what else they have is kept with a note alone, since
    only a note is written again."""
    fields = {name: one for name, one in kind.__dataclass_fields__.items() if name != "more"}
    given: dict[str, Any] = {}
    if kind is ReviewNote:
        given["more"] = {n: v for n, v in found.items() if n not in fields and n != "kind"}
    for name, described in fields.items():
        if name not in found:
            continue
        value, wanted = found[name], str(described.type)
        if not _fits(value, wanted):
            raise NoNote(f"its `{name}` is not {_WORDS[wanted]}")
        given[name] = value
    try:
        return kind(**given)
    except TypeError:
        lacking = [name for name in fields if name not in given]
        raise NoNote(f"it lacks {', '.join(f'`{name}`' for name in lacking)}") from None


_WORDS = {
    "str": "a text",
    "int": "a whole number",
    "bool": "true or false",
    "int | None": "a whole number",
}


def _fits(value: object, wanted: str) -> bool:
    if value is None:
        return wanted.endswith("None")
    if wanted == "bool":
        return isinstance(value, bool)
    if wanted == "str":
        return isinstance(value, str) and _is_whole(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _is_whole(text: str) -> bool:
    """Whether it can be written: JSON may have halves of characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
