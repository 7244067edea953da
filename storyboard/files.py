"""Files that a user names: read safely, written whole, and never over an input.

A name is only ever a name: it is passed to the system as it is, whatever characters are in it.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import stat
import sys
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from storyboard.errors import FileTrouble
from storyboard.safe_text import in_message

if sys.platform != "win32":
    import fcntl

_READ = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a pipe without a writer must not hang
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)

shown = in_message
"""How files are named in messages."""

_BLOCK = 1 << 20
_MOST_NEIGHBOURS = 10_000

_KINDS = (
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)

_REASONS = {
    errno.ENOENT: "does not exist; check the name",
    errno.ENOTDIR: "does not exist: a file stands where a directory is named; check the name",
    errno.EACCES: "may not be opened; change its permissions, or name another",
    errno.EPERM: "may not be opened; change its permissions, or name another",
    errno.ENAMETOOLONG: "is too long a name for this system; shorten it",
    errno.ELOOP: "is a symbolic link that leads back to itself; remove the link",
    errno.ENXIO: "is a socket or a pipe, not a file; name a file",
    errno.EISDIR: "is a directory, not a file; name a file",
    errno.ENOSPC: "can't be written: the disk is full; make room and run again",
    errno.EDQUOT: "can't be written: your quota is used up; make room and run again",
    errno.EROFS: "can't be written: the disk is read-only; choose another place",
}


def read(path: Path, *, limit: int) -> bytes:
    """All bytes of the regular file at `path`, read once; FileTrouble above `limit` bytes."""
    try:
        descriptor = os.open(path, _READ | getattr(os, "O_CLOEXEC", 0))
    except (OSError, ValueError) as cause:
        raise _trouble(path, cause) from cause
    try:
        return _contents(path, descriptor, limit=limit)
    except OSError as cause:
        raise _trouble(path, cause) from cause
    finally:
        os.close(descriptor)


def resolve(root: Path, name: str, *, confine: Path | None = None) -> Path:
    """The path of `name`, relative to `root`; `~/` is the home folder.

    A name in another Unicode form than on the disk (`e` and an accent, or `é`) is the same name.
    With `confine`, the path with all symbolic links followed, which is inside that directory:
    neither `..`, an absolute name nor a link leads out of it. Someone who may change the
    directory while it is read is not kept out.
    """
    _check_name(name)
    path = as_on_disk(_from_home(root / name, name))
    if confine is None:
        return path
    inside, found = Path(os.path.realpath(confine)), Path(os.path.realpath(path))
    if not found.is_relative_to(inside):
        raise FileTrouble(
            f"{shown(name)} is outside {shown(confine)}, the only place files are read from here; "
            "move the file into it"
        )
    # Not Path.is_symlink, which raises for a name that is too long.
    if any(os.path.islink(place) for place in (found, *found.parents)):  # noqa: PTH114
        raise FileTrouble(f"{shown(name)} {_REASONS[errno.ELOOP]}")
    return found


def _from_home(path: Path, name: str) -> Path:
    """The path with `~/` expanded, unless a folder is really called that."""
    if not name.startswith("~/") or os.path.lexists(path):
        return path
    return Path(os.path.expanduser(name))  # noqa: PTH111 - Path's raises where there is no home


def as_on_disk(path: Path) -> Path:
    """The path with each part in the Unicode form that the disk has; unchanged where it has none.

    Systems differ in the form they keep (macOS takes names apart, keyboards put them together).
    """
    try:
        if path.as_posix().isascii() or os.path.lexists(path):
            return path
    except ValueError:  # not a possible name
        return path
    found = Path(path.anchor)
    for part in path.relative_to(path.anchor).parts:
        found = _spelt(found, part)
    return found if os.path.lexists(found) else path


def _spelt(folder: Path, part: str) -> Path:
    """The entry of a folder with this name in any Unicode form; as written where there is none."""
    if part.isascii() or os.path.lexists(folder / part):
        return folder / part
    wanted = unicodedata.normalize("NFC", part)
    try:
        names = [entry.name for entry in islice(os.scandir(folder), _MOST_NEIGHBOURS)]
    except OSError:
        return folder / part
    same = (name for name in names if unicodedata.normalize("NFC", name) == wanted)
    return folder / next(same, part)


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` at `path`: afterwards the file is there whole, or what was there before."""
    with appearing(path) as coming:
        try:
            coming.write_bytes(data)
        except OSError as cause:
            raise _trouble(path, cause) from cause


_CHANGING = threading.Lock()


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """While the block runs, nobody else who asks so changes this file: no thread, no process.

    Its folder is locked, so nothing is left behind. On Windows, and on disks that know no locks,
    only threads are held off.
    """
    with _CHANGING, ExitStack() as held:
        if sys.platform != "win32":
            with suppress(OSError):
                folder = os.open(path.parent, os.O_RDONLY)
                held.callback(os.close, folder)
                fcntl.flock(folder, fcntl.LOCK_EX)
        yield


def exchange(path: Path, data: bytes) -> None:
    """Put `data` in the place of a file that is there; who may use it stays as it was."""
    with appearing(path) as coming:
        try:
            shutil.copymode(path, coming)
            coming.write_bytes(data)
            with suppress(OSError):  # another user's file, which we may only write
                _give(coming, path.stat())
        except OSError as cause:
            raise _trouble(path, cause) from cause


def _give(path: Path, owner: os.stat_result) -> None:
    """Let the file be another's, with his group and mode, where the system knows owners."""
    if hasattr(os, "chown"):
        os.chown(path, owner.st_uid, owner.st_gid)
        path.chmod(stat.S_IMODE(owner.st_mode))  # a change of owner may take bits away


_guarded: list[frozenset[tuple[int, int]]] = []
"""Which files no output may take the place of at the moment, by their numbers on their disks."""


@contextmanager
def guarded(paths: Iterable[Path]) -> Iterator[None]:
    """While the block runs, no new file takes the place of one of these: FileTrouble.

    By the file's identity, whatever its name is: through links, in another case or Unicode form.
    It is the last door, for names that are made up on the way; what the user names is checked
    before anything is paid.
    """
    known = frozenset(found for path in paths if (found := _identity(path)))
    _guarded.append(known)
    try:
        yield
    finally:
        _guarded.remove(known)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        about = path.stat()
    except (OSError, ValueError):
        return None
    return about.st_dev, about.st_ino


def _check_guarded(path: Path) -> None:
    if _guarded and (found := _identity(path)) and any(found in known for known in _guarded):
        raise FileTrouble(
            f"{shown(path)} is a file that the film is made from, or that was paid for; nothing "
            "is written over it: choose another name or folder"
        )


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """A new, empty file beside `path`, with its suffix, that takes its place when the block ends.

    It is on the disk, not only in memory, before it does. If the block raises, the new file is
    removed and what was at `path` stays. A symbolic link at `path` is replaced, not followed.
    """
    _check_guarded(path)
    coming = path.with_name(f".coming-{secrets.token_hex(6)}{path.suffix[:16]}")
    try:
        # Not tempfile: its files are closed to everybody but the owner, and would stay so.
        os.close(os.open(coming, _CREATE, 0o666))
    except (OSError, ValueError) as cause:
        raise _no_place(path, cause) from cause
    try:
        yield coming
        try:
            _to_disk(coming)
            coming.replace(path)
        except OSError as cause:
            raise _trouble(path, cause) from cause
    finally:
        with suppress(OSError):
            coming.unlink()
    _directory_to_disk(path.parent)


def move_whole(source: Path, path: Path) -> None:
    """Give a finished file its name: on the disk first, then renamed in one step.

    `source` lies on the same disk as `path`.
    """
    try:
        _to_disk(source)
        source.replace(path)
    except OSError as cause:
        raise _trouble(path, cause) from cause
    _directory_to_disk(path.parent)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def true(path: Path) -> Path:
    """The one path of a file or folder, whatever path led to it.

    Absolute, all links followed, and each part written as the disk has it, where that takes
    other cases or other forms of an accent for the same name. What is missing is left as it is.
    """
    try:
        found = Path(os.path.realpath(path))
    except (OSError, ValueError):
        return path.absolute()
    spelt = Path(found.anchor)
    for part in found.parts[1:]:
        spelt = spelt / _as_listed(spelt, part)
    return spelt


def has_links(path: Path) -> bool:
    """Whether the file has other names on its disk: hard links."""
    try:
        return path.stat().st_nlink > 1
    except (OSError, ValueError):
        return False


def trouble(cause: Exception) -> FileTrouble:
    """What the system or its database did not do, in words; for what no other place expects."""
    if not isinstance(cause, OSError):
        return FileTrouble(f"the store can't be used: {cause}; check its disk and permissions")
    if cause.filename is not None:
        return _trouble(Path(os.fsdecode(cause.filename)), cause)
    reason = _REASONS.get(cause.errno or 0, f"can't go on ({cause.strerror or cause})")
    return FileTrouble(f"a file {reason}")


def same_file(one: Path, other: Path) -> bool:
    """Whether both names lead to one file, also through links; a missing file has one name."""
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return _normal(one) == _normal(other)


def refuse_overwrite(output: Path, inputs: Iterable[Path], *, new_folder: bool = False) -> None:
    """FileTrouble where `output` can't become a file, or would take the place of an input.

    With `new_folder`, its folder may be missing where it can be made.
    """
    _check_name(str(output))
    for source in inputs:
        if same_file(output, source):
            raise FileTrouble(
                f"{shown(output)} would overwrite the input {shown(source)}; "
                "choose another name for the output"
            )
    try:
        if new_folder and not os.path.lexists(output.parent):
            refuse_folder(output.parent)
        else:
            _check_place(output)
    except OSError as cause:
        raise _trouble(output, cause) from cause


def refuse_folder(folder: Path) -> None:
    """FileTrouble where the folder is not there and can't be made, or may not be written to."""
    above = folder.absolute()
    while not above.exists() and not above.is_symlink():
        above = above.parent
    if not above.is_dir():
        raise FileTrouble(f"{shown(above)} is a file; name a folder")
    if not os.access(above, os.W_OK):
        raise FileTrouble(
            f"the directory {shown(above)} may not be written to; "
            "change its permissions, or choose another place"
        )


def refuse_unwritable_name(path: Path) -> None:
    """FileTrouble where the file's whole name is no text, so that no note could say it."""
    try:
        os.path.realpath(path).encode()
    except UnicodeEncodeError as cause:
        raise FileTrouble(
            f"{shown(path)} has a name, or lies in a folder with one, that is not text; give it "
            "another"
        ) from cause
    except (OSError, ValueError):
        return  # reading it says what is wrong


def _check_name(name: str) -> None:
    if not name:
        raise FileTrouble("the name of the file is empty; write one")
    if "\0" in name:
        raise FileTrouble(f"{shown(name)} has a NUL character in it; remove it")
    try:
        os.fsencode(name)
    except UnicodeEncodeError as cause:
        raise _trouble(Path(name), cause) from cause


def _contents(path: Path, descriptor: int, *, limit: int) -> bytes:
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        raise FileTrouble(f"{shown(path)} is {_kind(before.st_mode)}, not a file; name a file")
    blocks, size = [], 0
    while size <= limit and before.st_size <= limit:
        block = os.read(descriptor, min(_BLOCK, limit + 1 - size))
        if not block:
            break
        blocks.append(block)
        size += len(block)
    if max(size, before.st_size) > limit:
        raise FileTrouble(
            f"{shown(path)} is larger than the {limit / 1e6:.3g} MB that are read; "
            "use a smaller file"
        )
    after = os.fstat(descriptor)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise FileTrouble(f"{shown(path)} changed while it was read; run again when it is finished")
    return b"".join(blocks)


def _check_place(output: Path) -> None:
    if output.is_dir():
        raise FileTrouble(f"{shown(output)} is a directory; name a file in it")
    if output.exists() and not output.is_file():
        kind = _kind(output.stat().st_mode)
        raise FileTrouble(f"{shown(output)} is {kind}, not a file; choose another name")
    if not output.parent.exists():
        raise FileTrouble(f"the directory {shown(output.parent)} does not exist; make it first")
    if not output.parent.is_dir():
        raise FileTrouble(f"{shown(output.parent)} is not a directory; choose another place")
    if not os.access(output.parent, os.W_OK):
        raise FileTrouble(
            f"the directory {shown(output.parent)} may not be written to; "
            "change its permissions, or name another place with -o"
        )


def _no_place(path: Path, cause: OSError | ValueError) -> FileTrouble:
    """Why a file can't be made here: it is yet to be, so it is no name to be checked."""
    if isinstance(cause, OSError) and cause.errno in (errno.ENOENT, errno.ENOTDIR, errno.EACCES):
        try:
            _check_place(path)
        except (FileTrouble, OSError) as found:
            return found if isinstance(found, FileTrouble) else _trouble(path, cause)
        return FileTrouble(f"{shown(path)} can't be made there; choose another place")
    return _trouble(path, cause)


def _kind(mode: int) -> str:
    return next((name for matches, name in _KINDS if matches(mode)), "something else")


def _trouble(path: Path, cause: OSError | ValueError) -> FileTrouble:
    """The system's error in words, with the name that was probably meant."""
    if not isinstance(cause, OSError):
        return FileTrouble(f"{shown(path)} can't be a name on this system; choose another")
    if cause.errno in (errno.EACCES, errno.EPERM) and path.is_dir():
        return FileTrouble(f"{shown(path)} {_REASONS[errno.EISDIR]}")  # Windows doesn't open one
    if cause.errno == errno.ENOENT and path.is_symlink():
        there = f"{shown(path.readlink())}, which does not exist"
        return FileTrouble(f"{shown(path)} is a link to {there}; mend the link")
    if cause.errno == errno.ENOENT and (meant := _meant(path)):
        return FileTrouble(f"{shown(path)} does not exist; {meant}")
    known = cause.errno and _REASONS.get(cause.errno)
    reason = known or f"can't be used ({cause.strerror or cause}); check the file and its disk"
    near = _near(path) if cause.errno == errno.ENOENT else None
    return FileTrouble(
        f"{shown(path)} {reason}" + (f"; did you mean {shown(near)}?" if near else "")
    )


def _meant(path: Path) -> str:
    """What to write in place of a name that is spelt for another system; empty where it is not."""
    if os.sep == "/" and "\\" in path.name:
        return f"folders are divided by /, not \\: write {_quoted(path.name.replace(chr(92), '/'))}"
    if any(letter in path.name for letter in "\a\b\t\n\v\f\r"):
        return "in double quotes a \\ begins a sign such as \\n: write / between folders"
    return ""


def _quoted(name: str) -> str:
    return name if name.isprintable() and len(name) <= 120 else shown(name)


def _near(path: Path) -> str | None:
    """A name in the same directory that looks like the last part of `path`."""
    try:
        names = [entry.name for entry in islice(os.scandir(path.parent), _MOST_NEIGHBOURS)]
    except OSError:
        return None
    alike = {_plain(name): name for name in names}
    match = get_close_matches(_plain(path.name), alike, n=1, cutoff=0.7)
    return alike[match[0]] if match else None


def _as_listed(folder: Path, name: str) -> str:
    """A name as the disk has it, where it is there under another spelling."""
    if not _has_other_spellings(folder, name):
        return name
    try:
        alike = [entry.name for entry in os.scandir(folder) if _plain(entry.name) == _plain(name)]
        wanted = folder / name
        if name in alike or not wanted.exists():
            return name
        return next((one for one in alike if wanted.samefile(folder / one)), name)
    except OSError:
        return name


def _has_other_spellings(folder: Path, name: str) -> bool:
    """Whether the disk may take this name for another; told without listing the folder."""
    other = name.swapcase()
    if not name.isascii():
        return True
    try:
        return other != name and (folder / other).samefile(folder / name)
    except OSError:
        return False


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _normal(path: Path) -> str:
    try:
        return os.path.normcase(os.path.realpath(path))
    except ValueError:  # not a possible name
        return str(path)


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        if sys.platform == "darwin":
            fcntl.fcntl(file.fileno(), fcntl.F_FULLFSYNC)  # fsync stops at the drive's cache
        else:
            os.fsync(file.fileno())


def _directory_to_disk(path: Path) -> None:
    """Make the new name last, where the system lets directories be opened."""
    if os.name == "nt":
        return
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
