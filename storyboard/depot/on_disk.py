"""A media place in a folder: of this machine, or of a network disk that several machines see."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storyboard.depot.protocol import Deposited
from storyboard.errors import StoreError

_COMING = ".coming-"
"""How a file is called that is not whole yet; it is no file of the place."""
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


class FolderDepot:
    """A folder. A new file is written beside its name and then gets it in one step: by a hard link
    where it must be the first, which network disks do as one step, too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._prepared: tuple[int, int] | None = None
        """Which folder it was then, by its disk and number."""

    def __repr__(self) -> str:
        return f"<FolderDepot {str(self.folder)!r}>"

    @property
    def where(self) -> str:
        """The folder's path."""
        return str(self.folder)

    def prepare(self) -> None:
        """Make the folder, in a folder that is there: a disk that is not mounted is not made up."""
        with self._told():
            if not self.folder.parent.is_dir():
                raise StoreError(
                    f"the media place {self.folder} can't be made, since {self.folder.parent} is "
                    "not there; mount its disk, or make that folder first"
                )
            self.folder.mkdir(exist_ok=True)
            self._prepared = _identity(self.folder)

    def create(self, name: str, data: bytes) -> bool:
        """Write a new file; False where the name is taken."""
        with self._unchanged(), self._coming(name) as (coming, path):
            coming.write_bytes(data)
            _to_disk(coming)
            return _linked(coming, path, data)

    def put(self, name: str, file: Path) -> None:
        """Copy a file there."""
        with self._unchanged(), self._coming(name) as (coming, path):
            shutil.copyfile(file, coming)
            _to_disk(coming)
            coming.replace(path)

    def read(self, name: str) -> bytes | None:
        """The bytes of a file; None where there is none."""
        with self._unchanged():
            try:
                return (self.folder / name).read_bytes()
            except FileNotFoundError:
                return None

    def fetch(self, name: str, to: Path) -> bool:
        """Copy a file to this machine."""
        with self._told():
            try:
                shutil.copyfile(self.folder / name, to)
            except FileNotFoundError:
                if not to.parent.is_dir():
                    raise
                return False
            return True

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        with self._unchanged():
            try:
                return (self.folder / name).stat().st_size >= 0
            except (FileNotFoundError, NotADirectoryError):
                return False

    def names(self, under: str) -> list[Deposited]:
        """The files in a folder of the place, and in its folders."""
        with self._unchanged():
            self._require_there()
            return sorted(self._walk(under), key=lambda one: one.name)

    def remove(self, name: str) -> None:
        """Take a file away."""
        with self._told():
            (self.folder / name).unlink(missing_ok=True)

    def _walk(self, under: str) -> Iterator[Deposited]:
        for folder, _, found in os.walk(self.folder / under, onerror=_unless_gone):
            for one in found:
                path = Path(folder, one)
                if one.startswith(_COMING):
                    continue
                with suppress(FileNotFoundError):  # gone while it was looked at
                    about = path.stat()
                    name = path.relative_to(self.folder).as_posix()
                    stamp = f"{about.st_mtime_ns}-{about.st_ino}"
                    yield Deposited(name, about.st_size, stamp, about.st_mtime)

    def _require_there(self) -> None:
        if not self.folder.is_dir() and not self.folder.parent.is_dir():
            raise StoreError(f"the media place {self.folder} is not there; mount its disk")

    @contextmanager
    def _unchanged(self) -> Iterator[None]:
        """The folder is still the one that was prepared: where a disk went away in mid-run, the
        folder that it was mounted on looks like a place without claims."""
        with self._told():
            if self._prepared is not None and _identity(self.folder) != self._prepared:
                raise StoreError(
                    f"{self.folder} is another folder than before; check that its disk is mounted, "
                    "and run again"
                )
            yield

    @contextmanager
    def _coming(self, name: str) -> Iterator[tuple[Path, Path]]:
        """A name for what is not whole yet, and its own; the former is gone afterwards."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        coming = path.with_name(f"{_COMING}{secrets.token_hex(8)}")
        try:
            yield coming, path
        finally:
            with suppress(OSError):
                coming.unlink()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(
                f"the media place {self.folder} can't be used ({error.strerror or error}); check "
                "that its disk is there and may be written"
            ) from error


def _identity(folder: Path) -> tuple[int, int]:
    about = folder.stat()
    return about.st_dev, about.st_ino


def _unless_gone(error: OSError) -> None:
    """A folder that can't be listed is no empty one."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _linked(coming: Path, path: Path, data: bytes) -> bool:
    """Give a file its name where nobody has it. On a network disk the answer to a link may be
    lost: then the number of its names tells."""
    try:
        os.link(coming, path)
    except FileExistsError:
        return coming.stat().st_nlink == 2
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return _opened_first(path, data)
    return True


def _opened_first(path: Path, data: bytes) -> bool:
    """The same on a disk without hard links."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return True


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
