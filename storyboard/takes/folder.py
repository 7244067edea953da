"""Takes in a folder: `<key>.mp4`, which appears whole and checked or not at all, and `<key>.json`,
where it came from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from storyboard import files
from storyboard.errors import FileTrouble, StoreError
from storyboard.takes.assets import AssetKind, Flaw
from storyboard.takes.holding import is_draft

_NOTE = ".json"
_KEY = re.compile("[0-9a-f]{64}")
"""Other names among the takes are leftovers: of a kill, of a file system, of a file manager."""


class TakesFolder:
    """A place for takes: a folder on this machine. Looking at it makes nothing."""

    def __init__(self, folder: Path, *, aside: Path) -> None:
        """`aside` is where damaged takes are moved to, on the same disk."""
        self.folder, self._aside = folder, aside

    def __repr__(self) -> str:
        return f"<TakesFolder {str(self.folder)!r}>"

    def prepare(self) -> None:
        """Make the folders; StoreError where they can't be made."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._aside.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"takes can't be kept in {self.folder} ({error.strerror})") from error

    def has(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> bool:
        """Whether the take is here, as large as its note says."""
        try:
            noted = self.note(key).get("bytes")
            return noted is not None and self.open(key, kind).stat().st_size == noted
        except (StoreError, OSError):
            return False

    def open(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> Path:
        """The take's file."""
        return self.folder / f"{key}{kind.ending}"

    def keep(
        self, key: str, file: Path, note: Mapping[str, Any], kind: AssetKind = AssetKind.VIDEO
    ) -> Path:
        """Take a finished file of the same disk in: the note first, then the file, by its name."""
        about = {**note, "bytes": file.stat().st_size, "sha256": files.sha256(file)}
        try:
            files.write_whole(self._note_path(key), _written(about))
            files.move_whole(file, self.open(key, kind))
        except FileTrouble as error:
            raise StoreError(str(error)) from error
        return self.open(key, kind)

    def note(self, key: str) -> dict[str, Any]:
        """Where a take came from; StoreError where its note can't be read."""
        path = self._note_path(key)
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(f"{path} can't be read: {error}") from error
        if not isinstance(found, dict):
            raise StoreError(f"{path} is not a take's note")
        return found

    def write_note(self, key: str, note: Mapping[str, Any]) -> None:
        """Write the note of a take whose asset is not here, or not yet."""
        self.prepare()
        try:
            files.write_whole(self._note_path(key), _written(note))
        except FileTrouble as error:
            raise StoreError(str(error)) from error

    def amend(self, key: str, facts: Mapping[str, Any]) -> None:
        """Add facts to the note of a take that is here."""
        about = self.note(key)
        try:
            files.write_whole(self._note_path(key), _written(about | dict(facts)))
        except FileTrouble as error:
            raise StoreError(str(error)) from error

    def keys(self, kind: AssetKind = AssetKind.VIDEO) -> list[str]:
        """The keys of all assets of a kind that are here, whole or not."""
        return self._keys(kind.ending)

    def notes(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The key and note of each take that is or was here; unreadable notes are left out."""
        for key in self._keys(_NOTE):
            with suppress(StoreError):
                yield key, self.note(key)

    def where(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> str:
        """The asset's path, whether it is here or not."""
        return str(self.open(key, kind))

    def flaw(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> Flaw | None:
        """What is wrong with a take whose asset is here; reads all of it."""
        file = self.open(key, kind)
        try:
            note = self.note(key)
        except StoreError:
            return Flaw(str(self._note_path(key)), "can't be read", of_note=True)
        size = file.stat().st_size
        if size != note.get("bytes"):
            return Flaw(str(file), f"has {size} bytes, not {note.get('bytes')}")
        if files.sha256(file) != note.get("sha256"):
            return Flaw(str(file), "has changed since it was kept")
        return None

    def set_aside(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> str:
        """Move an asset away, and say where to; empty where there is none."""
        file, aside = self.open(key, kind), self._aside / f"{key}.damaged{kind.ending}"
        if not file.exists():
            return ""
        files.move_whole(file, aside)
        return str(aside)

    def discard(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> None:
        """Remove a draft and its note; StoreError for every other take, and where it can't be."""
        if not self._note_path(key).exists():
            return
        if not is_draft(self.note(key)):
            raise StoreError(f"{self.open(key, kind)} is no draft, and stays")
        try:
            self.open(key, kind).unlink(missing_ok=True)
            self._note_path(key).unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"{self.open(key, kind)} can't be removed: {error}") from error

    def files(self) -> Iterator[Path]:
        """Every take's file."""
        for kind in AssetKind:
            yield from (self.open(key, kind) for key in self.keys(kind))

    def _note_path(self, key: str) -> Path:
        return self.folder / f"{key}{_NOTE}"

    def _keys(self, ending: str) -> list[str]:
        found = (path.stem for path in self.folder.glob(f"*{ending}"))
        return sorted(key for key in found if _KEY.fullmatch(key))


def _written(note: Mapping[str, Any]) -> bytes:
    text = json.dumps(note, indent=2, ensure_ascii=False, sort_keys=True)
    return text.encode() + b"\n"
