"""A parcel: work with the files that it names, for a worker that sees other folders.

Each path in it is sent as a folder's number and a name. A file's bytes lie in a media place, under
a name that says what they are; at the worker it is a copy, called as it is here, in a folder of
the work's own. A folder is an empty one there. What the work has written into them goes the same
way back, and appears whole where it was told to write it.
"""

from __future__ import annotations

import io
import pickle
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard import files
from storyboard.errors import StoreError
from storyboard.files import appearing

if TYPE_CHECKING:
    from storyboard.depot.protocol import Depot

CARRIED = "carried/"
"""Where the place has what is on its way: it may be deleted at any time."""
_TAKES = "media/"
_NAMED = re.compile(r"(?:carried|media)/([0-9a-f]{64})(\.\w+)?")
_COMING = ".coming-"

_Spot = tuple[int, str]
"""A folder's number, and a name in it; empty: the folder itself."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Work on its way."""

    work: bytes
    folders: tuple[str, ...]
    """As they are called here, by their numbers."""
    contents: Mapping[_Spot, str]
    """What the files are called in the place."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a parcel."""

    result: bytes
    raised: bool
    written: Mapping[_Spot, str] = field(default_factory=dict)
    """What was written there, and what it is called in the place."""


def deposited(file: Path, depot: Depot) -> str:
    """The name of a file's bytes in the place, where they are put unless they are there."""
    named = f"{files.sha256(file)}{file.suffix}"
    for name in (f"{_TAKES}{named}", f"{CARRIED}{named}"):
        if depot.has(name):
            return name
    depot.put(f"{CARRIED}{named}", file)
    return f"{CARRIED}{named}"


def fetched(name: str, depot: Depot, to: Path) -> None:
    """Bring bytes here, checked; StoreError where the place does not have them, whole."""
    known = _NAMED.fullmatch(name)
    with appearing(to) as coming:
        whole = known is not None and depot.fetch(name, coming)
        if known is None or not whole or files.sha256(coming) != known[1]:
            raise StoreError(f"{depot.where}/{name} is missing or damaged")


class _Packer(pickle.Pickler):
    """Pickles what stands for each path, by a function that says what that is."""

    def __init__(self, file: io.BytesIO, spot: Callable[[Path], _Spot | None]) -> None:
        super().__init__(file, protocol=5)
        self._spot = spot

    def persistent_id(self, given: Any) -> _Spot | None:
        """What it is sent as; None: as it is."""
        return self._spot(given) if isinstance(given, Path) else None


class _Unpacker(pickle.Unpickler):
    def __init__(self, data: bytes, folders: Sequence[Path]) -> None:
        super().__init__(io.BytesIO(data))
        self._folders = tuple(folders)

    def persistent_load(self, spot: Any) -> Path:
        """The path that is meant here."""
        number, name = spot
        return Path(self._folders[number], name)


def packed(work: object, name_of: Callable[[Path], str]) -> Parcel:
    """A parcel of this work; `name_of` puts a file into the place, and says its name there."""
    folders: dict[Path, int] = {}
    contents: dict[_Spot, str] = {}

    def spot(given: Path) -> _Spot:
        path = given.absolute()
        if path.is_dir():
            return folders.setdefault(path, len(folders)), ""
        found = folders.setdefault(path.parent, len(folders)), path.name
        if found not in contents and path.is_file():
            contents[found] = name_of(path)
        return found

    text = io.BytesIO()
    _Packer(text, spot).dump(work)
    return Parcel(text.getvalue(), tuple(map(str, folders)), contents)


def carried_out(parcel: Parcel, depot: Depot, root: Path, cache: Path) -> Answered:
    """Do the work of a parcel at a worker, in folders below `root`, which is empty and on the disk
    of the `cache` of what was fetched. StoreError where the place does not do its part."""
    there = [root / str(number) for number in range(len(parcel.folders))]
    for folder in there:
        folder.mkdir()
    given: dict[Path, int] = {}
    for (number, name), kept in parcel.contents.items():
        path = there[number] / name
        _copied(_cached(kept, depot, cache), path)
        given[path] = path.stat().st_ino
    raised = False
    try:
        result = _Unpacker(parcel.work, there).load()()
    except Exception as error:
        raised, result = True, _told(error, parcel, there)
    text = io.BytesIO()
    _Packer(text, lambda path: _spot_in(there, path)).dump(result)
    written = {} if raised else dict(_written(there, given, depot))
    return Answered(text.getvalue(), raised, written)


def brought_home(answer: Answered, parcel: Parcel, depot: Depot) -> None:
    """Bring all that a parcel's work wrote; StoreError where the place does not have it, whole."""
    for (number, name), kept in answer.written.items():
        to = Path(parcel.folders[number], name)
        to.parent.mkdir(parents=True, exist_ok=True)
        fetched(kept, depot, to)


def result_of(answer: Answered, parcel: Parcel) -> Any:
    """What a parcel came to, by the paths of here; raises what the work raised."""
    found = _Unpacker(answer.result, [Path(folder) for folder in parcel.folders]).load()
    if answer.raised:
        raise found
    return found


def _cached(name: str, depot: Depot, cache: Path) -> Path:
    """The bytes of this name on the worker's machine."""
    path = cache / name.replace("/", "-")
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        fetched(name, depot, path)
    return path


def _copied(cached: Path, path: Path) -> None:
    """Another name for the same bytes. Nothing changes them: what is written appears whole."""
    try:
        path.hardlink_to(cached)
    except OSError:
        path.write_bytes(cached.read_bytes())


def _spot_in(there: Sequence[Path], path: Path) -> _Spot | None:
    for number, folder in enumerate(there):
        if path.is_relative_to(folder):
            name = path.relative_to(folder).as_posix()
            return number, "" if name == "." else name
    return None


def _written(
    there: Sequence[Path], given: Mapping[Path, int], depot: Depot
) -> Iterator[tuple[_Spot, str]]:
    """What is there now and was not given: put into the place."""
    for number, folder in enumerate(there):
        for path in sorted(folder.rglob("*")):
            new = path.is_file() and path.stat().st_ino != given.get(path)
            if new and not path.name.startswith(_COMING):
                yield (number, path.relative_to(folder).as_posix()), deposited(path, depot)


def _told(error: Exception, parcel: Parcel, there: Sequence[Path]) -> Exception:
    """The same error in the words of here: by the paths that the user knows."""
    with suppress(Exception):
        error.args = tuple(
            _in_words_of_here(one, parcel, there) if isinstance(one, str) else one
            for one in error.args
        )
    return error


def _in_words_of_here(text: str, parcel: Parcel, there: Sequence[Path]) -> str:
    for folder, own in zip(there, parcel.folders, strict=True):
        text = text.replace(f"{folder}/", f"{own}/")
    return text


def room_of_work(cache: Path) -> Path:
    """A new folder for one parcel, on the disk of the cache."""
    path = cache / f"work-{secrets.token_hex(8)}"
    path.mkdir(parents=True)
    return path
