"""What an export folder holds: each name and the identity of its content, in `contents.json`.

Names are claimed here before the files are made, so an export that was stopped goes on where it
was; and a file that somebody else put there is never taken for ours.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from storyboard import files
from storyboard.errors import MediaError

NAME = "contents.json"
_LIMIT = 50_000_000
FOREIGN = "not ours"


def read(folder: Path) -> dict[str, str]:
    """Names below the folder, and the identity of what is behind each; others' files as well."""
    there = {path.name: FOREIGN for path in sorted(folder.glob("*")) if _counts(path)}
    return there | _written(folder)


def wrote(path: Path) -> bool:
    """Whether a file is one that an export made, in its folder or the one below."""
    folders = (path.parent, path.parent.parent)
    return any(path.relative_to(one).as_posix() in _written(one) for one in folders)


def write(folder: Path, held: Mapping[str, str]) -> None:
    """Record the names that are ours."""
    ours = {name: held[name] for name in sorted(held) if held[name] != FOREIGN}
    text = json.dumps(ours, indent=2) + "\n"
    _put(folder / NAME, text.encode())


def place(folder: Path, name: str, content: bytes, *, held: dict[str, str]) -> str:
    """Write a file, and give the name it got.

    A file that is as we wrote it is replaced. One that somebody changed keeps its name, and ours
    is written beside it as the next version: an editor's work is never overwritten.
    """
    stem, _, ending = name.rpartition(".")
    version, shown = 1, name
    while _changed(folder / shown, held.get(shown), content):
        version += 1
        shown = f"{stem}_v{version:03d}.{ending}"
    held[shown] = digest(content)
    write(folder, held)
    _put(folder / shown, content)
    return shown


def digest(content: bytes) -> str:
    """The identity of these bytes."""
    return hashlib.sha256(content).hexdigest()


def _changed(path: Path, known: str | None, content: bytes) -> bool:
    if not path.exists():
        return False
    return digest(_get(path)) not in (known, digest(content))


def _counts(path: Path) -> bool:
    return path.is_file() and path.name != NAME and not path.name.startswith(".")


def _written(folder: Path) -> dict[str, str]:
    path = folder / NAME
    if not path.exists():
        return {}
    try:
        found = json.loads(_get(path))
    except ValueError as cause:
        raise MediaError(f"{path} can't be read: {cause}; remove it") from cause
    if not isinstance(found, dict):
        raise MediaError(f"{path} is not a list of contents; remove it")
    return {str(name): str(identity) for name, identity in found.items()}


def _get(path: Path) -> bytes:
    return files.read(path, limit=_LIMIT)


def _put(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise MediaError(f"{path.parent} can't be a folder: {cause.strerror}") from cause
    files.write_whole(path, content)
