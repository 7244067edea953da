"""Edits of a storyboard's text: exactly the named values change, and nothing else does.

text = edited(text, {("keyframes", 2, "shot", "pick"): 3}, file="film.yaml")

Comments, layout, line ends and a byte order mark stay. What is made is read again: where it does
not say the very same but for the named values, nothing is made of it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from storyboard.errors import FileTrouble, InvalidStoryboard, StoryboardError
from storyboard.fileformat.findings import field_path, part
from storyboard.fileformat.written import Storyboard
from storyboard.fileformat.yaml_text import as_written, flow
from storyboard.loading import reading, splices

if TYPE_CHECKING:
    from storyboard.fileformat.findings import Path

_BOM = "\ufeff"


class _Remove(Enum):
    """In place of a value that is edited: what stands there is taken out."""

    REMOVE = "remove"


REMOVE: Final = _Remove.REMOVE


class Uneditable(FileTrouble):
    """A text that can't be edited without changing more. The text says the lines to type.

    `lines` are these alone.
    """

    def __init__(self, message: str, *, lines: str) -> None:
        super().__init__(message)
        self.lines = lines


def edited(text: bytes, edits: Mapping[Path, Any], *, file: str) -> bytes:
    """A storyboard's text with these values, each at its path, and otherwise the same.

    A path is keys and list indices from the outermost block, as in `("keyframes", 2, "shot",
    "pick")`; an index one beyond a list's end appends. A value is what the text is to say there:
    text, numbers, lists, mappings, blocks, `${name}` for a variable. `REMOVE` takes out
    what is there. Blocks that are missing are made, and a text that stands for a block becomes one:
    a shot that is only its prompt, say. Paths are those of the given text.

    `InvalidStoryboard` where the text is no YAML that this format allows, `StoryboardError` for a
    path that leads nowhere, `Uneditable` where it is laid out so that nothing can be put in safely.
    """
    for path, value in _in_order(edits):
        plain = value if value is REMOVE else as_written(value)
        text = _with_one(text, path, plain, file)
    return text


def _in_order(edits: Mapping[Path, Any]) -> list[tuple[Path, Any]]:
    """What is put in first; then what is taken out, from the end on: so paths stay true."""
    put = [(path, value) for path, value in edits.items() if value is not REMOVE]
    out = [(path, value) for path, value in edits.items() if value is REMOVE]
    return put + sorted(out, key=lambda edit: _rank(edit[0]), reverse=True)


def _rank(path: Path) -> list[tuple[int, str]]:
    return [(step, "") if isinstance(step, int) else (0, step) for step in path]


def _with_one(text: bytes, path: Path, value: Any, file: str) -> bytes:
    before = _root(text, file)
    wanted = _changed(before, path, value)
    if _same(wanted, before):
        return text
    words = text.decode()
    mark, words = (_BOM, words[1:]) if words.startswith(_BOM) else ("", words)
    make = splices.taken_out(words, path) if value is REMOVE else splices.put(words, path, value)
    for new in _proposed(make):
        made = (mark + new).encode()
        if _says(made, wanted, file):
            return made
    raise _refused(words, path, value, wanted, file)


def _proposed(make: Iterator[str]) -> Iterator[str]:
    """What can be made; where the text is too strange to be taken apart, nothing."""
    try:
        yield from make
    except (ValueError, LookupError, AttributeError, TypeError):
        return


def _root(text: bytes, file: str) -> Any:
    tree = reading.read(text, file=file)
    if tree.mistakes:
        raise InvalidStoryboard(tree.mistakes)
    return tree.root


def _says(text: bytes, wanted: Any, file: str) -> bool:
    try:
        return _same(_root(text, file), wanted)
    except InvalidStoryboard:
        return False


def _same(one: Any, other: Any) -> bool:
    """Whether both say the same: `1`, `1.0` and `true` are three things."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(v, other[k]) for k, v in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and bool(one == other)


def _changed(root: Any, path: Path, value: Any) -> Any:
    """What the text says with this value at the path; as before where nothing is to be removed."""
    outermost: dict[Any, Any] = {"": copy.deepcopy(root)}
    holder: Any = outermost
    name: str | int = ""
    for number, step in enumerate(path):
        inner = _opened(holder[name], step, path[:number])
        if not _has(inner, step):
            if value is REMOVE:
                return root
            _make_room(inner, step)
        holder[name] = inner
        holder, name = inner, step
    if value is REMOVE:
        del holder[name]
    else:
        holder[name] = value
    return outermost[""]


def _opened(node: Any, step: str | int, path: Path) -> Any:
    """What stands at a path, as what this step leads into."""
    alone = getattr(part(path, Storyboard), "alone", "")
    if isinstance(node, str) and alone:
        node = {alone: node}
    elif node is None:
        node = [] if isinstance(step, int) else {}
    fits = isinstance(node, list) if isinstance(step, int) else isinstance(node, dict)
    if not fits or (isinstance(step, int) and not 0 <= step <= len(node)):
        raise StoryboardError(f"{field_path((*path, step))} is no place in this storyboard")
    return node


def _make_room(node: Any, step: str | int) -> None:
    if isinstance(node, list):
        node.append(None)
    else:
        node[step] = None


def _has(node: Any, step: str | int) -> bool:
    return step < len(node) if isinstance(step, int) else step in node


def _refused(words: str, path: Path, value: Any, wanted: Any, file: str) -> Uneditable:
    """What to type where nothing is written, at the line where it belongs."""
    line, column = splices.place(words, path)
    where = f"{file}:{line}:{column}: {field_path(path)}"
    if value is REMOVE:
        return Uneditable(f"{where} can't be taken out here; take it out yourself", lines="")
    whole = splices.whole(words, path)
    for step in whole:
        wanted = wanted[step]
    lines = (
        flow(wanted) if not whole or isinstance(whole[-1], int) else f"{whole[-1]}: {flow(wanted)}"
    )
    return Uneditable(
        f"{where} can't be written here without changing more; write it yourself: {lines}",
        lines=lines,
    )
