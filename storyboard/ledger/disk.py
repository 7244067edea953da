"""What a store stands on: a folder that can be written and locked, a local disk, enough room."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from storyboard import files
from storyboard.errors import MediaError, StoreError

ROOM = 40_000_000
"""Bytes of disk that a take may need; a clip of ten seconds is about 30 MB."""
SPARE = 100_000_000
"""Bytes of disk that have to stay free besides."""
_SIGNS = ("store.json", "ledger.sqlite3")
"""Files that tell a store from another folder."""
ELSEWHERE = "choose another with `store`"

_NETWORK = (
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "9p", "afs", "ceph", "lustre", "beegfs",
    "gpfs", "glusterfs", "ocfs2", "gfs2", "orangefs", "coda", "vboxsf", "vmhgfs", "prl_fs", "drvfs",
    "s3fs", "gcsfuse", "sshfs", "rclone", "davfs", "goofys", "juicefs", "mfs", "virtiofs",
)  # fmt: skip
"""File systems of other machines, where SQLite's write-ahead log and locks can't be trusted."""


def make_file(path: Path, mode: int) -> None:
    """Make a database's file where there is none; OSError where it can't be made.

    One that is there is not opened: to close it would let go of all locks that this process holds
    on it through SQLite, and another process would take the log away under it.
    Source: sqlite.org/howtocorrupt.html, 2.2.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode))


def prepare(folder: Path) -> None:
    """Make the folder, and prove that it can be written and locked; StoreError if not."""
    try:
        (folder / "locks").mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "locks" / "probe.lock", timeout=30, fallback_to_soft=False):
            pass
    except (OSError, NotImplementedError, Timeout) as error:
        raise StoreError(
            f"the store {folder} can't be written or locked ({_why(error)}); {ELSEWHERE}"
        ) from error
    kind = network_disk(folder)
    if kind:
        raise StoreError(
            f"the store {folder} is on a network disk ({kind}), where payments can't be written "
            f"down safely; {ELSEWHERE}"
        )


def probe(folder: Path) -> None:
    """Prove that a store could be made here, and leave nothing; StoreError if not."""
    above = folder.absolute().parent
    while not above.exists():
        above = above.parent
    try:
        with tempfile.TemporaryDirectory(dir=above, prefix=".storyboard-probe-") as made:
            prepare(Path(made))
    except OSError as error:
        raise StoreError(f"no store can be made in {above} ({_why(error)}); {ELSEWHERE}") from error


def _why(error: Exception) -> str:
    """The system's reason in its own words, without its number."""
    return (isinstance(error, OSError) and error.strerror) or str(error)


def refuse_inside(path: Path, *stores: Path) -> None:
    """MediaError where the path leads into a store: nothing but takes is written there.

    `stores` are folders of stores that may not be made yet.
    """
    place, known = files.true(path), {files.true(store) for store in stores}
    for folder in (place, *place.parents):
        # Not Path.exists, which raises for a name that is too long.
        if folder in known or any(os.path.exists(folder / name) for name in _SIGNS):  # noqa: PTH110
            raise MediaError(
                f"{path} lies in {folder}, which holds what was paid for; choose another place"
            )


def require_room(folder: Path, takes: int) -> None:
    """Refuse what would not fit on the disk: so many takes that are to be paid for."""
    needed, free = takes * ROOM + SPARE, free_bytes(folder)
    if takes and free < needed:
        raise StoreError(
            f"{takes} takes may need {needed / 1e6:.0f} MB, and the disk of {folder} has "
            f"{free / 1e6:.0f} MB left; make room, or {ELSEWHERE}"
        )


def free_bytes(folder: Path) -> int:
    """Free space on the folder's disk, also where the folder is not made yet."""
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def network_disk(folder: Path) -> str:
    """The kind of network disk that the folder is on; empty for a local one, or unknown."""
    if not sys.platform.startswith("linux"):
        return ""
    try:
        table = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return network_kind(folder.resolve(), table)


def network_kind(folder: Path, table: str) -> str:
    """The same, by this table of mounts."""
    mounts = [line.split() for line in table.splitlines() if len(line.split()) >= 3]
    over = [
        (len(Path(point).parts), kind)
        for _, written, kind, *_ in mounts
        if folder.is_relative_to(point := written.replace("\\040", " "))
    ]
    kind = max(over, key=lambda found: found[0])[1] if over else ""
    # What a program serves is called after it: fuse.sshfs, fuse.rclone, fuse.vmhgfs-fuse
    served = kind.removeprefix("fuse.").removesuffix("-fuse")
    return kind if served in _NETWORK else ""
