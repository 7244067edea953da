"""Pictures named by an address: fetched once, kept by content, used from disk ever after."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import files, webfetch
from storyboard.errors import FileTrouble
from storyboard.images.still import MAX_STILL_BYTES

if TYPE_CHECKING:
    from storyboard.loading.stills import Fetch

_DIGEST = re.compile("[0-9a-f]{64}")


def fetcher(folder: Path, *, allow_private: bool = False, again: bool = False) -> Fetch:
    """A function that brings the picture at an address into `folder` and says where it is.

    What was fetched before is used as it is, so that a plan needs no network and a changed
    picture at the same address renews no shot unasked; `again` fetches anew.
    """

    def fetch(address: str) -> Path:
        note = folder / f"{hashlib.sha256(address.encode()).hexdigest()[:32]}.json"
        kept = None if again else _kept(note, folder)
        return kept or _fetched(address, note, folder, allow_private=allow_private)

    return fetch


def _kept(note: Path, folder: Path) -> Path | None:
    """What was fetched before, where it is still what it was.

    The folder may have come with a stranger's storyboard: a note can name no file outside it,
    and a file counts only as what its name says it is.
    """
    try:
        name = str(json.loads(note.read_bytes())["file"])
        picture = folder / name
        whole = _DIGEST.fullmatch(name) and _digest(files.read(picture, limit=MAX_STILL_BYTES))
    except (OSError, FileTrouble, ValueError, KeyError, TypeError, RecursionError):
        return None
    return picture if whole == name else None


def _fetched(address: str, note: Path, folder: Path, *, allow_private: bool) -> Path:
    found = webfetch.fetch(address, limit=MAX_STILL_BYTES, allow_private=allow_private)
    picture = folder / _digest(found.data)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileTrouble(f"can't be kept: {error.strerror or error}") from error
    files.write_whole(picture, found.data)
    about = {"file": picture.name, "address": found.url}
    files.write_whole(note, json.dumps(about, indent=2).encode())
    return picture


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
