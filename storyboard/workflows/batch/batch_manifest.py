"""The manifest of a batch: what became of each film, in `manifest.json` and `manifest.csv`.

It is written as the films come, whole each time. What it says of a film decides whether that is
made again; without it, films are written again, from takes that are there.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storyboard import files
from storyboard.errors import FileTrouble
from storyboard.events import FilmState
from storyboard.safe_text import in_spreadsheet
from storyboard.units.money import usd

JSON_NAME, CSV_NAME = "manifest.json", "manifest.csv"
MARK = "storyboard_batch"
VERSION = 1
_LIMIT = 500_000_000


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """What the manifest says of a film."""

    film: str
    row: int
    path: str
    """From the manifest's folder on."""
    values: Mapping[str, str]
    state: FilmState = FilmState.WAITING
    share_microusd: int = 0
    """Of what its takes cost: what several films of the table show is divided among them."""
    seconds: float | None = None
    error: str = ""
    beside: tuple[str, ...] = ()
    made_of: str = ""
    """The digest of all that decided its files; empty where they are not there."""
    sha256: str = ""
    """Of its file, as it was written."""

    def as_data(self) -> dict[str, Any]:
        """The entry as plain data."""
        return {
            "film": self.film,
            "row": self.row,
            "path": self.path,
            "state": self.state.value,
            "share_microusd": self.share_microusd,
            "seconds": self.seconds,
            "error": self.error,
            "values": dict(self.values),
            "beside": list(self.beside),
            "made_of": self.made_of,
            "sha256": self.sha256,
        }


@dataclass(slots=True)
class BatchManifest:
    """The two files in a folder."""

    folder: Path
    storyboard: Path
    rows: str
    films: dict[str, ManifestEntry] = field(default_factory=dict)
    """By name, in the order of the rows."""
    spent_microusd: int = 0
    """By the last run."""

    @property
    def paths(self) -> tuple[Path, Path]:
        """Its files."""
        return self.folder / JSON_NAME, self.folder / CSV_NAME

    def write(self) -> None:
        """Put both files there as it is now, each whole."""
        data = {
            MARK: VERSION,
            "storyboard": self._from_here(self.storyboard),
            "rows": self._from_here(Path(self.rows)) if self.rows else "",
            "spent_microusd": self.spent_microusd,
            "films": [entry.as_data() for entry in self.films.values()],
        }
        text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
        files.write_whole(self.paths[0], text.encode())
        files.write_whole(self.paths[1], _table(self.films.values()).encode())

    def path_of(self, path: Path) -> str:
        """A film's path as the manifest has it."""
        return self._from_here(path)

    def _from_here(self, path: Path) -> str:
        try:
            return Path(os.path.relpath(path, self.folder)).as_posix()
        except ValueError:  # Windows: no path leads from one drive to another
            return path.absolute().as_posix()


def _table(entries: Iterable[ManifestEntry]) -> str:
    """As a spreadsheet reads it: a byte order mark, so that it knows the letters."""
    page = io.StringIO(newline="")
    page.write("\ufeff")
    table = csv.writer(page)
    table.writerow(["film", "row", "path", "state", "share_usd", "seconds", "error"])
    for one in entries:
        share = usd(one.share_microusd)
        seconds = "" if one.seconds is None else f"{one.seconds:.3f}"
        line = (one.film, one.row, one.path, one.state.value, share, seconds, one.error)
        table.writerow([in_spreadsheet(cell) for cell in line])
    return page.getvalue()


def said_before(folder: Path) -> dict[str, ManifestEntry]:
    """By path, what an earlier manifest says of films; `FileTrouble` where another file has its
    name, which is not written over."""
    path = folder / JSON_NAME
    if not path.exists():
        return {}
    try:
        data = json.loads(files.read(path, limit=_LIMIT))
        entries = data["films"] if data[MARK] >= VERSION else None
    except (ValueError, KeyError, TypeError):
        entries = None
    if not isinstance(entries, list):
        raise FileTrouble(
            f"{files.shown(path)} is no manifest of a batch, and nothing is written over it; "
            "move it, or name another folder"
        )
    found = {}
    for entry in entries:
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            found[str(entry["path"])] = _entry(entry)
    return found


def _entry(data: Mapping[str, Any]) -> ManifestEntry:
    return ManifestEntry(
        film=str(data["film"]),
        row=int(data["row"]),
        path=str(data["path"]),
        values={str(name): str(value) for name, value in data["values"].items()},
        state=FilmState(data["state"]),
        share_microusd=int(data["share_microusd"]),
        seconds=None if data["seconds"] is None else float(data["seconds"]),
        error=str(data["error"]),
        beside=tuple(map(str, data["beside"])),
        made_of=str(data["made_of"]),
        sha256=str(data["sha256"]),
    )
