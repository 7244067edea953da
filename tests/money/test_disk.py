"""The disk: full, read-only, damaged, or holding what it should not."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from storyboard.accounting.rebuilding import rebuild
from storyboard.accounting.verifying import mend, verify
from storyboard.errors import Charged, StoreError
from storyboard.fal import Fal
from storyboard.generating.generate import generate
from storyboard.ledger import disk
from storyboard.ledger.sqlite import SqliteLedger
from storyboard.store import Store
from storyboard.takes.holding import Standing
from storyboard.testing import Clock, Fault, acts
from tests.money.runs import Set, delivered, failure, patient, quick

LEDGER = "ledger.sqlite3"


class FullLedger(SqliteLedger):
    """A ledger on a disk that is full from the n-th transaction on."""

    left: int

    def _transaction(self):  # type: ignore[no-untyped-def]
        self.left -= 1
        if self.left < 0:
            from storyboard.ledger.tables_sql import broken

            raise broken(self.path, sqlite3.OperationalError("database or disk is full"))
        return super()._transaction()


class FullStore(Store):
    """A store whose ledger is full after so many transactions."""

    def __init__(self, folder: Path, left: int) -> None:
        super().__init__(folder)
        self._left = left

    @property
    def ledger(self) -> SqliteLedger:
        """The ledger."""
        made = super().ledger
        if not isinstance(made, FullLedger):
            made.__class__ = FullLedger
            assert isinstance(made, FullLedger)
            made.left = self._left
        return made


@pytest.mark.parametrize("writes", range(6))
def test_a_disk_that_fills_up_at_any_line_of_the_ledger_costs_nothing_twice(
    one: Set, writes: int
) -> None:
    """Full at the n-th write: said clearly; with room again, one payment and the clip."""
    # Given a disk that is full after so many writes: intent, id, answer, kept
    made = one.render(store=FullStore(one.folder, writes))
    # Then what could not be written down was not paid, or is named by its id
    if one.paid and one.states() == ["SENDING"]:
        assert one.service.paid[0].request_id in str(failure(made))
        assert made.failures[0].charged is Charged.YES
    if writes < 1:
        assert one.paid == 0
        assert "disk is full" in str(failure(made))
    # When there is room again, everything comes, paid once
    assert delivered(one.render())
    assert one.paid == 1


def test_a_full_disk_stops_all_new_payments(three: Set) -> None:
    """What can't be written down is not sent: neither this shot nor the others."""
    made = three.render(store=FullStore(three.folder, 1), jobs=1)
    assert three.paid == 1
    assert len(made.failures) == 3
    assert delivered(three.render())
    assert three.paid == 3


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB, where root may make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = sys.platform == "linux" and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if not made or made.returncode:
        pytest.skip("no disk can be made here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.parametrize("left", [20_000, 80_000, 150_000, 200_000, 250_000, 300_000])
def test_a_disk_that_is_really_full(
    three: Set, small_disk: Path, left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real file system without room: an error, and with room again nothing is paid twice."""
    monkeypatch.setattr(disk, "ROOM", 0)
    monkeypatch.setattr(disk, "SPARE", 0)
    three.folder = small_disk / "store"
    (small_disk / "filler").write_bytes(bytes(2 * 1024 * 1024 - left))
    with contextlib.suppress(StoreError):
        three.render(jobs=1)
    paid = three.paid
    (small_disk / "filler").unlink()
    assert delivered(three.render())
    assert three.paid == 3
    assert paid <= 3


def test_too_little_room_is_said_before_anything_is_paid(
    one: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clips would not fit: refused with both numbers."""
    monkeypatch.setattr(disk, "free_bytes", lambda _: 50_000_000)
    with pytest.raises(StoreError, match=r"1 takes may need 140 MB.*has 50 MB left"):
        one.render()
    assert one.service.requests() == []


def test_a_disk_that_fills_up_in_a_download_is_fetched_again(one: Set) -> None:
    """ENOSPC between two pieces: paid, and brought home by the next run."""

    class Full(Fal):
        """A client on a disk that is full."""

        def download(self, *_: object, **__: object) -> tuple[str, ...]:
            raise OSError(28, "No space left on device")

    with one.service.applied():
        fal = Full(one.service.key)
        made = generate(one.plan(), one.store, service=fal, pace=quick())
        fal.close()
    assert made.failures[0].charged is Charged.YES
    assert "No space left" in str(failure(made))
    assert delivered(one.render())
    assert one.paid == 1


@pytest.mark.parametrize("how", ["a file", "nobody may write"])
def test_a_store_that_can_not_be_written_is_refused_before_paying(one: Set, how: str) -> None:
    """No folders, no locks, no payment."""
    one.folder.write_text("not a folder") if how == "a file" else _forbid(one.folder)
    with pytest.raises(StoreError, match="can't be written"):
        raise failure(one.render())
    assert one.service.requests(place="submit") == []


def _forbid(folder: Path) -> None:
    import os

    if os.name == "nt" or os.geteuid() == 0:
        pytest.skip("everything may be written here")
    folder.mkdir(mode=0o555)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("server:/films /films nfs4 rw 0 0", "nfs4"),
        ("//server/films /films cifs rw 0 0", "cifs"),
        ("/dev/sda1 /films ext4 rw 0 0", ""),
        ("server:/films /films/other nfs rw 0 0", ""),
        ("remote: /films fuse.rclone rw 0 0", "fuse.rclone"),
        ("bucket /films fuse.s3fs rw 0 0", "fuse.s3fs"),
        ("bucket /films fuse.gcsfuse rw 0 0", "fuse.gcsfuse"),
        ("server:/vol /films fuse.glusterfs rw 0 0", "fuse.glusterfs"),
        ("films /films vboxsf rw 0 0", "vboxsf"),
        ("films /films fuse.vmhgfs-fuse rw 0 0", "fuse.vmhgfs-fuse"),
        ("beegfs /films beegfs rw 0 0", "beegfs"),
        ("gpfs0 /films gpfs rw 0 0", "gpfs"),
        ("/dev/sda1 /films fuseblk rw 0 0", ""),
        ("server:/films /my\\040films nfs rw 0 0", ""),
    ],
)
def test_a_network_disk_is_known_by_its_mount(line: str, kind: str) -> None:
    """Locks and the write-ahead log can't be trusted there."""
    table = f"/dev/root / ext4 rw 0 0\n{line}\n"
    assert disk.network_kind(Path("/films/project/.storyboard"), table) == kind


def test_a_store_on_a_network_disk_is_refused(one: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said before anything is sent."""
    monkeypatch.setattr(disk, "network_disk", lambda _: "nfs4")
    with pytest.raises(StoreError, match=r"network disk \(nfs4\)"):
        one.render()
    assert one.service.requests(place="submit") == []


def test_a_finished_project_needs_the_takes_alone(one: Set) -> None:
    """SqliteLedger gone, mark gone, disk read-only: everything is there, nothing is asked for."""
    one.render()
    for name in (LEDGER, f"{LEDGER}-wal", f"{LEDGER}-shm", "store.json"):
        (one.folder / name).unlink(missing_ok=True)
    shutil.rmtree(one.folder / "locks")
    before = sorted(one.folder.rglob("*"))
    sent = len(one.service.requests())
    assert delivered(one.render())
    assert sorted(one.folder.rglob("*")) == before
    assert len(one.service.requests()) == sent


@pytest.mark.skipif(sys.platform == "win32", reason="mounting")
def test_a_finished_project_on_a_read_only_disk(one: Set, tmp_path: Path) -> None:
    """With its ledger, whose log can't be opened there."""
    one.render()
    disk = tmp_path / "read-only"
    shutil.copytree(one.folder, disk / "store")
    bound = ["mount", "--bind", str(disk), str(disk)]
    again = ["mount", "-o", "remount,bind,ro", str(disk)]
    for command in (bound, again):
        if subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("nothing can be mounted here")
    try:
        one.folder = disk / "store"
        assert one.plan().price_microusd == 0
        assert one.states() == ["KEPT"]
        assert delivered(one.render())
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
    assert one.paid == 1


def test_a_deleted_ledger_is_refused_and_made_again(one: Set) -> None:
    """Takes that were paid and no ledger: never a new, empty one."""
    one.render()
    store = one.store
    (one.folder / LEDGER).unlink()
    with pytest.raises(StoreError, match="storyboard ledger rebuild"):
        _ = store.ledger
    assert [damage.what for damage in verify(one.store)] == [
        "is missing; `storyboard ledger rebuild` makes it again"
    ]
    made = rebuild(one.store)
    assert (made.salvaged, made.noted) == (0, 1)
    assert verify(one.store) == []
    (row,) = one.rows()
    assert row.state == "KEPT"
    assert row.request_id == one.service.paid[0].request_id
    assert row.cost == 252_000


@pytest.mark.parametrize("damage", ["overwritten", "cut short", "emptied", "text"])
def test_a_corrupt_ledger_is_refused_and_never_replaced(three: Set, damage: str) -> None:
    """Whatever is wrong with the file: refused, nothing sent; rebuilt, nothing paid."""
    # Given a store with a take, and two shots that were never sent
    three.wrong("submit", acts.moderated(), times=2)
    three.render(jobs=1)
    path = three.folder / LEDGER
    _damage(path, damage)
    content = path.read_bytes()
    # When it is used, it is refused
    sent = three.paid
    with pytest.raises(StoreError):
        _ = three.store.ledger
    with pytest.raises(StoreError):
        three.render()
    assert path.read_bytes() == content
    assert three.paid == sent
    # And rebuilding keeps the broken one and pays nothing
    old = rebuild(three.store).old
    assert old is not None
    assert old.read_bytes() == content
    assert three.paid == sent
    assert delivered(three.render(retry=True))
    assert three.paid == 3


def _damage(path: Path, damage: str) -> None:
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    content = path.read_bytes()
    path.write_bytes(
        {
            "overwritten": content[:100] + bytes(len(content) - 100),
            "cut short": content[: len(content) // 2],
            "emptied": b"",
            "text": b"hello " * 1000,
        }[damage]
    )


def test_a_ledger_of_a_newer_version_is_refused_everywhere(one: Set) -> None:
    """Reading, paying and rebuilding: upgrade first."""
    one.render()
    with sqlite3.connect(one.folder / LEDGER) as db:
        db.execute("PRAGMA user_version = 99")
    for use in (lambda: one.store.held(), lambda: one.store.ledger, lambda: rebuild(one.store)):
        with pytest.raises(StoreError, match="newer storyboard; upgrade"):
            use()
    assert [damage.what for damage in verify(one.store)] == [
        "was written by a newer storyboard; upgrade this one"
    ]


@pytest.mark.parametrize("how", ["deleted", "cut short", "its note damaged"])
def test_a_take_that_is_damaged_is_fetched_again(one: Set, how: str) -> None:
    """Gone or short: noticed at once, fetched again, free."""
    made = one.render()
    (key,), (clip,) = made.clips.keys(), made.clips.values()
    content = clip.read_bytes()
    if how == "deleted":
        clip.unlink()
    elif how == "cut short":
        clip.write_bytes(content[:-100])
    else:
        (one.store.folder / "takes" / f"{key}.json").write_text("{")
    take = one.plan().shots[0].takes[0]
    assert (take.standing, take.price_microusd) == (Standing.FLYING, 0)
    assert delivered(one.render())
    assert clip.read_bytes() == content
    assert one.paid == 1


def test_bit_rot_is_found_by_verifying_and_mended_for_nothing(one: Set) -> None:
    """The same size and other bytes: `verify` finds it, mending fetches it again."""
    clip = next(iter(one.render().clips.values()))
    content = clip.read_bytes()
    clip.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    (damage,) = verify(one.store)
    assert "has changed since it was kept" in damage.what
    with one.service.applied():
        (done,) = mend(one.store, [damage], Fal(one.service.key))
    assert done.mended
    assert clip.read_bytes() == content
    assert verify(one.store) == []
    assert one.paid == 1


def test_mending_keeps_the_only_copy(one: Set) -> None:
    """The service has it no more: what is here stays, damaged as it is, and is not given up."""
    clip = next(iter(one.render().clips.values()))
    content = clip.read_bytes()
    clip.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    for place in ("download", "result"):
        one.service.inject(Fault(place, acts.answer(404, "gone"), times=None))
    with one.service.applied():
        (done,) = mend(one.store, verify(one.store), Fal(one.service.key))
    assert not done.mended
    assert "stays as it is" in done.outcome
    assert clip.exists()
    assert one.states() == ["KEPT"]


def test_a_damaged_take_that_is_gone_at_the_service_is_asked_about(one: Set) -> None:
    """Nothing left to fetch: lost, and never bought again unasked."""
    clip = next(iter(one.render().clips.values()))
    clip.unlink()
    for place in ("download", "result"):
        one.service.inject(Fault(place, acts.answer(404, "gone"), times=None))
    one.service.inject(Fault("history", acts.answer(200, {"items": []}), times=None))
    one.clock = Clock(wrong=86_400.0)  # a day later
    made = one.render(pace=patient())
    assert made.failures[0].charged is Charged.YES
    assert one.states() == ["LOST"]
    assert one.paid == 1


def test_a_take_with_a_damaged_note_that_nobody_knows_is_refused(one: Set) -> None:
    """No ledger and no readable note: it is not bought again over it."""
    (key,) = one.render().clips
    (one.folder / LEDGER).unlink()
    (one.store.folder / "takes" / f"{key}.json").write_text("{")
    with pytest.raises(StoreError, match="storyboard ledger verify"):
        one.plan()


def test_requests_without_any_note_are_found_by_rebuilding(three: Set) -> None:
    """The ledger is gone while shots were in flight: the history gives them back, free."""
    # Given three shots that were sent, and never brought home
    fault = three.outage()
    three.render()
    fault.withdraw()
    for name in (LEDGER, f"{LEDGER}-wal", f"{LEDGER}-shm"):
        (three.folder / name).unlink(missing_ok=True)
    shutil.rmtree(three.folder / "receipts")
    three.other_machine()
    with pytest.raises(StoreError, match="storyboard ledger rebuild"):
        raise failure_of(three)
    # When the ledger is rebuilt with the service at hand
    with three.service.applied():
        made = rebuild(three.store, plan=three.plan(), service=Fal(three.service.key))
    # Then each is found by its words and pictures, and collected
    assert sorted(made.found) == ["sh010", "sh020", "sh030"]
    assert delivered(three.collect())
    assert delivered(three.render())
    assert three.paid == 3


def failure_of(scene: Set) -> Exception:
    """The first failure of a run."""
    return scene.render().failures[0].error


def test_a_takes_note_is_readable_and_complete(one: Set) -> None:
    """Beside the clip: what was asked, by which id, for how much, and what came."""
    (key,) = one.render().clips
    note: Mapping[str, object] = json.loads((one.folder / "takes" / f"{key}.json").read_text())
    assert note["request_id"] == one.service.paid[0].request_id
    assert note["cost"] == 252_000
    assert note["charged"] is True
    assert note["prompt"] == "The ball rolls on to 1"
    assert len(str(note["sha256"])) == 64
    assert note["bytes"] == (one.folder / "takes" / f"{key}.mp4").stat().st_size
