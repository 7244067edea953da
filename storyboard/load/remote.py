"""Pictures named by an address: fetched once, kept by content, used from disk ever after."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from storyboard import files, web
from storyboard.load.stills import Fetch
from storyboard.load.storyboard import MAX_STILL_BYTES


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
    try:
        picture = folder / str(json.loads(note.read_text())["file"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return picture if picture.is_file() else None


def _fetched(address: str, note: Path, folder: Path, *, allow_private: bool) -> Path:
    found = web.fetch(address, limit=MAX_STILL_BYTES, allow_private=allow_private)
    picture = folder / hashlib.sha256(found.data).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    files.write_whole(picture, found.data)
    about = {"file": picture.name, "address": address}
    files.write_whole(note, json.dumps(about, indent=2).encode())
    return picture
