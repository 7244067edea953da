"""What a storyboard may be loaded from: a file, a text, or values made in code."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from storyboard import files
from storyboard.errors import FileTrouble, InvalidStoryboard, Mistake, Place, StoryboardError
from storyboard.fileformat.written import Storyboard
from storyboard.fileformat.yaml_text import data
from storyboard.loading import reading, structure
from storyboard.safe_text import inert

if TYPE_CHECKING:
    from storyboard.loading.tree import Tree

Source = str | os.PathLike[str] | Storyboard | Mapping[str, Any] | IO[str] | IO[bytes]
"""A file's path, a storyboard made in code, its fields as plain data, or a stream of its text."""

Lasting = str | os.PathLike[str] | Storyboard | Mapping[str, Any]
"""A source that can be read several times: any but a stream."""

_USUAL_NAME = "storyboard"
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class OpenedSource:
    """What a storyboard says, before any of it is judged."""

    tree: Tree
    path: Path
    """Its file; where it has none, the place that its file would have."""
    base: Path
    """The folder from which it names files."""
    on_disk: bool = True
    """Whether `path` is its file."""


def opened(given: Source, base: Path | str | None = None) -> OpenedSource:
    """The source, read; `InvalidStoryboard` where it can't be read, or is no YAML."""
    if isinstance(given, Storyboard):
        return _made(data(given), base)
    if isinstance(given, Mapping):
        return _made(given, base)
    if isinstance(given, str) and ("\n" in given or given.lstrip().startswith("{")):
        raise StoryboardError("this is a storyboard's text, not its path; give io.StringIO(text)")
    if isinstance(given, (str, os.PathLike)):
        path = files.as_on_disk(Path(given))
        return from_bytes(read_text(path), path, base)
    if hasattr(given, "read"):
        return _streamed(given, base)
    kinds = "a path, a Storyboard, a dict or a stream"
    raise TypeError(f"a storyboard is loaded from {kinds}, not from {type(given).__name__}")


def from_bytes(text: bytes, path: Path, base: Path | str | None = None) -> OpenedSource:
    """A storyboard's file with this content."""
    return OpenedSource(reading.read(text, file=str(path)), path, Path(base or path.parent))


def read_text(path: Path) -> bytes:
    """The bytes of a storyboard's file; `InvalidStoryboard` where it can't be read."""
    try:
        files.refuse_unwritable_name(path)
        return files.read(path, limit=reading.MAX_BYTES)
    except FileTrouble as error:
        raise InvalidStoryboard([Mistake(Place(inert(str(path)), 1, 1), "", str(error))]) from error


def _streamed(stream: IO[str] | IO[bytes], base: Path | str | None) -> OpenedSource:
    """A stream's text; that of an open file is the file's."""
    text = stream.read(reading.MAX_BYTES + 1)
    content = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    named = getattr(stream, "name", None)
    if isinstance(named, str) and os.path.isfile(named):  # noqa: PTH113 - Path's may raise
        return from_bytes(content, files.as_on_disk(Path(named)), base)
    tree = reading.read(content, file=named if isinstance(named, str) else "<text>")
    return _without_file(tree, base)


def _made(fields: Mapping[str, Any], base: Path | str | None) -> OpenedSource:
    return _without_file(structure.read(fields), base)


def _without_file(tree: Tree, base: Path | str | None) -> OpenedSource:
    """As if it were in `base`, in a file named after its title."""
    title = tree.root.get("title") if isinstance(tree.root, dict) else None
    plain = re.sub(r"[^\w.-]+", "_", title if isinstance(title, str) else "")
    name = plain[:_LONGEST_NAME].strip("._-") or _USUAL_NAME
    folder = Path(base or Path())
    return OpenedSource(tree, folder / f"{name}.yaml", folder, on_disk=False)
