"""Reading YAML into plain data that remembers where everything stood.

The parser is PyYAML's; what its events become is decided here: YAML 1.2 scalars only (`16:9`,
`010`, `no` and dates stay what was written), and no tags, aliases, merge keys, duplicate keys or
further documents. Size, depth and number of values are capped, so that no file takes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from storyboard.errors import InvalidStoryboard, Mistake, Place

Path = tuple[str | int, ...]
"""Where a value sits in the tree: keys and list indices from the root."""

MAX_BYTES = 4_000_000
MAX_DEPTH = 32
MAX_VALUES = 200_000

_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(
    r"[-+]?(0|[1-9][0-9]{0,17})?\.[0-9]{1,30}"
    r"|[-+]?[1-9](\.[0-9]{1,30})?[eE][-+]?[0-9]{1,3}"
)
_WORDS: dict[str, Any] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class Tree:
    """A file's content as plain data, with the place of every key and value."""

    file: str
    lines: list[str]
    root: Any = None
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    """Line and column, from 1, of each key."""
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    """Line and column, from 1, of each value."""
    lone: dict[Path, str] = field(default_factory=dict)
    """The values that were nothing but one variable, with that variable as text."""
    mistakes: list[Mistake] = field(default_factory=list)

    def place(self, path: Path, *, of_key: bool = False) -> Place:
        """Where this value (or its key) stands; for what is missing, its nearest parent."""
        if of_key and path in self.keys:
            return self.at(*self.keys[path])
        while path and path not in self.values:
            path = path[:-1]
        return self.at(*self.values.get(path, (1, 1)))

    def say(self, path: Path, message: str, *, of_key: bool = False) -> None:
        """Note a mistake at this value, or at its key."""
        self.mistakes.append(Mistake(self.place(path, of_key=of_key), written(path), message))

    def stop(self, line: int, column: int, message: str) -> InvalidStoryboard:
        """The error for a file that can't be read on: this mistake and those before it."""
        return InvalidStoryboard([*self.mistakes, Mistake(self.at(line, column), "", message)])

    def at(self, line: int, column: int) -> Place:
        """A line and column of the file, with the line's text."""
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        return Place(self.file, line, column, text)


def written(path: Path) -> str:
    """A path as people write it: `scenes[0].keyframes[2].shot`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def read(data: bytes, *, file: str) -> Tree:
    """The tree of a YAML file; `InvalidStoryboard` where it is not one this format allows.

    Duplicate keys are noted in the tree's mistakes, and the first value is kept.
    """
    if len(data) > MAX_BYTES:
        message = f"is larger than {MAX_BYTES // 1_000_000} MB"
        raise InvalidStoryboard([Mistake(Place(file, 1, 1), "", message)])
    text = _decoded(data, file)
    tree = Tree(file, text.splitlines())
    found = _FORBIDDEN.search(text)
    if found:
        line, column = _position(text, found.start())
        raise tree.stop(line, column, f"a control character (U+{ord(found[0]):04X}); remove it")
    try:
        _Composer(tree, yaml.parse(text, Loader=_PARSER)).document()
    except yaml.MarkedYAMLError as error:
        raise _syntax(tree, error) from None
    except yaml.YAMLError as error:
        raise tree.stop(1, 1, f"is not YAML: {error}") from None
    return tree


def _decoded(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        message = f"is not UTF-8 (byte 0x{data[error.start]:02X}); save the file as UTF-8"
        raise InvalidStoryboard([Mistake(Place(file, line, column), "", message)]) from None


def _position(text: str, index: int) -> tuple[int, int]:
    before = text[:index]
    return before.count("\n") + 1, index - before.rfind("\n")


def _syntax(tree: Tree, error: yaml.MarkedYAMLError) -> InvalidStoryboard:
    line, column = 1, 1
    for mark in (error.context_mark, error.problem_mark):
        if mark is not None:
            line, column = mark.line + 1, mark.column + 1
    problem = (error.problem or "is not YAML").replace("\n", " ")
    if "\\t" in problem or problem.startswith("found character"):
        problem += "; indent with spaces, and put text that starts with @, ` or a tab in quotes"
    elif "mapping values are not allowed" in problem:
        problem += '; put text with ": " in it in quotes'
    return tree.stop(line, column, problem)


class _Composer:
    """Builds the tree from the parser's events; one method for each kind of node."""

    def __init__(self, tree: Tree, events: Iterator[Any]) -> None:
        self._tree = tree
        self._events = events
        self._count = 0

    def document(self) -> None:
        """The only document of the file."""
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if self._tree.values:
                    raise self._refused(event, "a second document; a storyboard is one document")
                self._tree.root = self._node(next(self._events), ())
        if not self._tree.values:
            raise self._tree.stop(1, 1, "is empty; a storyboard starts with version: 1")

    def _node(self, event: Any, path: Path) -> Any:
        self._check(event, path)
        self._tree.values[path] = _start(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        if not event.style:
            return scalar(event.value)
        return event.value

    def _mapping(self, path: Path) -> dict[str, Any]:
        made: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            self._check(event, path)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refused(event, "a key that is not plain text")
            key = str(event.value)
            if key == "<<" and not event.style:
                raise self._refused(event, "a merge key; write the fields out")
            inner = (*path, key)
            if key in made:
                self._doubled(event, inner)
                continue
            self._tree.keys[inner] = _start(event)
            made[key] = self._node(next(self._events), inner)
        return made

    def _doubled(self, event: Any, path: Path) -> None:
        """A key that was there before: noted, and its value read past."""
        first = self._tree.keys[path][0]
        message = f"is here twice; the first is on line {first}"
        place = self._tree.at(*_start(event))
        self._tree.mistakes.append(Mistake(place, written(path), message))
        shadow = Tree(self._tree.file, self._tree.lines)
        keep, self._tree = self._tree, shadow
        self._node(next(self._events), path)
        self._tree = keep

    def _sequence(self, path: Path) -> list[Any]:
        made: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            made.append(self._node(event, (*path, len(made))))
        return made

    def _check(self, event: Any, path: Path) -> None:
        self._count += 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._refused(event, "an anchor or alias; use variables instead")
        if getattr(event, "tag", None):
            raise self._refused(event, f"a tag ({event.tag}); this format has none")
        if len(path) >= MAX_DEPTH:
            raise self._refused(event, f"nested deeper than {MAX_DEPTH} levels")
        if self._count > MAX_VALUES:
            raise self._refused(event, f"more than {MAX_VALUES} values")

    def _refused(self, event: Any, message: str) -> InvalidStoryboard:
        return self._tree.stop(*_start(event), message)


def _start(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def scalar(text: str) -> Any:
    """What an unquoted scalar means: nothing, true, false, a number, or else its own text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
