"""Reading YAML into a tree.

The parser is PyYAML's; what its events become is decided here: YAML 1.2 scalars only (`16:9`,
`010`, `no` and dates stay what was written), and no tags, aliases, merge keys, duplicate keys or
further documents. Size, depth and number of values are capped, so that no file takes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import yaml

from storyboard.errors import InvalidStoryboard, Mistake, Place
from storyboard.fileformat.findings import field_path
from storyboard.loading import syntax
from storyboard.loading.scalars import scalar
from storyboard.loading.tree import MAX_DEPTH, MAX_VALUES, SECRET, Tree
from storyboard.safe_text import inert

if TYPE_CHECKING:
    from storyboard.fileformat.findings import Path

MAX_BYTES = 2_000_000

_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]"
)
_HASH = re.compile(r"\s*(#[^\s#]\S{0,40})")
_HINTS = {
    "cannot start any token": "indent with spaces, and put text that starts with @ or ` in quotes",
    "mapping values are not allowed": 'put text with ": " in it in quotes',
    "block sequence entries are not allowed": "start a list on the line below its key",
    "did not find expected key": "check the indentation, and the quotes around the text above it",
    "did not find expected '-' indicator": "check the indentation",
    "could not find expected ':'": "write a field as name: value",
    "unexpected end of stream": "close the quotes that start here",
    "did not find expected ',' or": "close the bracket, or put a comma between the values",
    "invalid Unicode character": "write the character itself; JSON's pairs of \\u are not YAML",
    "unknown escape character": "write \\\\ for a backslash, or use single quotes",
    "exceeded maximum nesting": f"nothing is nested deeper than {MAX_DEPTH} levels",
}
"""What to do about the parser's findings, by a part of its own words."""


def read(data: bytes, *, file: str) -> Tree:
    """The tree of a YAML file; `InvalidStoryboard` where it is not one this format allows.

    Duplicate keys are noted in the tree's mistakes, and the first value is kept.
    """
    file = inert(file)
    if len(data) > MAX_BYTES:
        message = f"is larger than {MAX_BYTES // 1_000_000} MB"
        raise InvalidStoryboard([Mistake(Place(file, 1, 1), "", message)])
    text = _decoded(data, file)
    tree = Tree(file, text.splitlines())
    found = _FORBIDDEN.search(text)
    if found:
        line, column = _position(text, found.start())
        raise tree.stop(line, column, f"a control character (U+{ord(found[0]):04X}); remove it")
    _refuse_secrets(tree)
    try:
        _Composer(tree, yaml.parse(text, Loader=_PARSER)).document()
    except yaml.MarkedYAMLError as error:
        raise _syntax(tree, error) from None
    except yaml.YAMLError as error:
        raise tree.stop(1, 1, f"is not YAML: {str(error).splitlines()[0]}") from None
    return tree


def _decoded(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _position(data[: error.start].decode("utf-8-sig"), error.start)
        message = f"is not UTF-8 (byte 0x{data[error.start]:02X}); save the file as UTF-8"
        raise InvalidStoryboard([Mistake(Place(file, line, column), "", message)]) from None


def _position(text: str, index: int) -> tuple[int, int]:
    """Line and column, from 1, of a place in the text; the lines are those of `splitlines`."""
    lines = f"{text[:index]}.".splitlines()
    return len(lines), len(lines[-1])


def _refuse_secrets(tree: Tree) -> None:
    """A key in a storyboard is one commit away from the public."""
    for number, line in enumerate(tree.lines, start=1):
        found = SECRET.search(line)
        if found:
            place = Place(tree.file, number, found.start() + 1)  # without the line: it is secret
            message = "looks like a service key; keep it in FAL_KEY, and get a new one"
            raise InvalidStoryboard([Mistake(place, "", message)])


def _syntax(tree: Tree, error: yaml.MarkedYAMLError) -> InvalidStoryboard:
    problem = (error.problem or "is not YAML").replace("\n", " ")
    marks = [mark for mark in (error.problem_mark, error.context_mark) if mark is not None]
    # Of quotes that nobody closes, the start helps; the end of the file does not.
    mark = next(iter(reversed(marks) if "end of stream" in problem else marks), None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    hint = next((hint for words, hint in _HINTS.items() if words in problem), "")
    if "expected ','" in problem and "${" in tree.at(line, column).text:
        hint = "inside { } and [ ], put text with ${...} in quotes"
    elif meant := syntax.explain(syntax.Spot(tree.lines, line, column, problem, _opened(error))):
        return tree.stop(*meant)
    return tree.stop(line, column, f"{problem}; {hint}" if hint else problem)


def _opened(error: yaml.MarkedYAMLError) -> tuple[int, int] | None:
    """Where what the parser was reading begins."""
    mark = error.context_mark
    return (mark.line + 1, mark.column + 1) if mark else None


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
            self._note_hash(event, path)
            return scalar(event.value)
        return event.value

    def _note_hash(self, event: Any, path: Path) -> None:
        """Remember a value that is empty because a # without a space after it follows."""
        if event.value == "":
            line = self._tree.at(*_start(event)).text
            found = _HASH.match(line, event.start_mark.column)
            if found:
                self._tree.hashed[path] = inert(found[1])

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
        place = self._tree.at(*_start(event))
        message = f"is here twice; the first is on line {first}"
        self._tree.note(Mistake(place, field_path(path), message))
        tree = self._tree
        self._tree = Tree(tree.file, tree.lines, mistakes=tree.mistakes)
        self._node(next(self._events), path)
        self._tree = tree

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
            raise self._refused(event, f"a tag ({event.tag[:40]}); this format has none")
        if len(path) >= MAX_DEPTH:
            raise self._refused(event, f"nested deeper than {MAX_DEPTH} levels")
        if self._count > MAX_VALUES:
            raise self._refused(event, f"more than {MAX_VALUES} values")

    def _refused(self, event: Any, message: str) -> InvalidStoryboard:
        return self._tree.stop(*_start(event), message)


def _start(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
