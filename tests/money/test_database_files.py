"""What becomes of the files of ledger and record when many use them at once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storyboard.ledger import disk
from storyboard.ledger.user_record import UserRecord
from storyboard.store import Store

_LOCKED = """
import fcntl, sys  # the bytes that readers of SQLite hold
with open(sys.argv[1], "r+b") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)
    except BlockingIOError:
        sys.exit(0)
sys.exit("nobody holds it")
"""


@pytest.mark.skipif(os.name == "nt", reason="its locks belong to handles")
def test_a_file_that_is_there_keeps_its_locks(tmp_path: Path) -> None:
    """Closing a second handle of a file would let go of all that SQLite holds on it."""
    path = tmp_path / "a.sqlite3"
    disk.make_file(path, 0o600)
    assert path.stat().st_mode & 0o777 == 0o600
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE a (b)")

    disk.make_file(path, 0o600)

    subprocess.run([sys.executable, "-c", _LOCKED, str(path)], check=True)
    connection.close()


def test_a_record_that_breaks_is_a_trouble_and_no_mistake(tmp_path: Path) -> None:
    """Whatever was asked of it: the ledger stands alone then, and says so."""
    record = UserRecord(tmp_path)
    assert record.said("store") == {}
    connection = sqlite3.connect(record.path)
    connection.execute("DROP TABLE requests")
    connection.close()

    assert record.said("store") == {}
    assert "can't be written" in record.trouble
    assert record.row("store", "intent") is None
    assert record.brought() == []


def test_of_many_threads_one_opens_the_ledger(tmp_path: Path) -> None:
    """All have the same one."""
    store, together = Store(tmp_path / ".storyboard"), threading.Barrier(8)

    def asked() -> int:
        together.wait()
        return id(store.ledger)

    with ThreadPoolExecutor(8) as pool:
        ledgers = {each.result() for each in [pool.submit(asked) for _ in range(8)]}

    assert len(ledgers) == 1
    store.close()
