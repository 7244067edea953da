"""What a ledger in a file answers: its rows, journal and sums, read as they are on the disk."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.clock import REAL
from storyboard.ledger import witness
from storyboard.ledger.rows import LIVE, SETTLED, Row, Sums
from storyboard.ledger.tables_sql import broken

if TYPE_CHECKING:
    from storyboard.clock import Clockwork

_SUMS = """
SELECT
    coalesce(sum(CASE WHEN state IN ('DONE', 'KEPT', 'LOST') THEN coalesce(actual, estimate)
                      WHEN state NOT IN ('SENDING', 'SENT') THEN actual END), 0) AS spent,
    coalesce(sum(CASE WHEN state IN ('SENDING', 'SENT') THEN estimate END), 0) AS reserved,
    coalesce(sum(CASE WHEN state IN ('REFUSED', 'FAILED', 'CANCELLED', 'ABANDONED', 'RELEASED')
                       AND actual IS NULL THEN estimate END), 0) AS possible
FROM requests
"""


class Queries:
    """The reading half of a ledger in a file. Safe to use from many threads."""

    def __init__(self, connection: sqlite3.Connection, path: Path, clock: Clockwork = REAL) -> None:
        self.clock = clock
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()

    @property
    def folder(self) -> Path:
        """The store that it is the ledger of."""
        return self.path.parent

    def about(self, name: str) -> str:
        """What was remembered under this name; empty where nothing was."""
        found = self._all("SELECT value FROM about WHERE name = ?", name)
        return str(found[0]["value"]) if found else ""

    def shared(self, arguments: Mapping[str, Any]) -> bool:
        """Whether one of these addresses was kept to be sent again, as former versions did."""
        sent = [value for value in arguments.values() if isinstance(value, str)]
        marks = ", ".join("?" * len(sent))
        return bool(self._all(f"SELECT 1 FROM uploads WHERE url IN ({marks})", *sent))

    def row(self, intent: str) -> Row:
        """The request with this intent; StoreError where the ledger has lost it."""
        found = self.find(intent)
        if found is None:
            raise witness.moved(self.path)
        return found

    def find(self, intent: str) -> Row | None:
        """The request with this intent, where there is one."""
        found = self._all("SELECT * FROM requests WHERE intent = ?", intent)
        return row_of_line(found[0]) if found else None

    def live(self, key: str) -> Row | None:
        """The live request of a key."""
        with self._lock:
            return self._live(key)

    def settled(self, key: str) -> list[Row]:
        """The requests of a key that came to nothing, newest first."""
        found = self._all(
            f"SELECT * FROM requests WHERE key = ? AND state IN {SETTLED} ORDER BY rowid DESC", key
        )
        return [row_of_line(line) for line in found]

    def rows(self, *, states: tuple[str, ...] = ()) -> list[Row]:
        """All requests in the order in which they were written down, or those in these states."""
        marks = ", ".join("?" * len(states))
        where = f" WHERE state IN ({marks})" if states else ""
        found = self._all(f"SELECT * FROM requests{where} ORDER BY rowid", *states)
        return [row_of_line(line) for line in found]

    def newest(self) -> int:
        """The number of the newest row: those of later requests are higher."""
        return int(self._all("SELECT coalesce(max(rowid), 0) AS newest FROM requests")[0]["newest"])

    def ids(self) -> set[str]:
        """The request ids that are accounted for."""
        found = self._all("SELECT request_id FROM requests WHERE request_id IS NOT NULL")
        return {str(line["request_id"]) for line in found}

    def explains(self, row: Row) -> bool:
        """Whether all that another witness says of a request is known here."""
        known = self.find(row.intent)
        if known is not None:
            return known.request_id is not None or row.request_id is None
        return row.request_id is not None and row.request_id in self.ids()

    def kept_keys(self) -> set[str]:
        """The keys of the takes that were brought home."""
        return {
            str(line["key"]) for line in self._all("SELECT key FROM requests WHERE state = 'KEPT'")
        }

    def journal(self) -> list[dict[str, Any]]:
        """Everything that happened, oldest first."""
        return [dict(line) for line in self._all("SELECT * FROM journal ORDER BY n")]

    def sums(self, *, storyboard: str | None = None, run: str | None = None) -> Sums:
        """Money spent, reserved and possibly gone; of all, or of one storyboard or run."""
        asked = {"storyboard": storyboard, "run": run}
        given = {name: value for name, value in asked.items() if value is not None}
        where = " AND ".join(f"{name} = ?" for name in given)
        found = self._all(_SUMS + (f"WHERE {where}" if where else ""), *given.values())[0]
        return Sums(found["spent"], found["reserved"], found["possible"])

    def verify(self) -> list[str]:
        """What is wrong with the file itself, by SQLite's own check; empty when it is sound."""
        found = [str(line[0]) for line in self._all("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found

    def _live(self, key: str) -> Row | None:
        found = self._all(f"SELECT * FROM requests WHERE key = ? AND state IN {LIVE}", key)
        return row_of_line(found[0]) if found else None

    def _all(self, question: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            try:
                return self._connection.execute(question, values).fetchall()
            except sqlite3.Error as error:
                raise broken(self.path, error) from error


def row_of_line(line: sqlite3.Row) -> Row:
    """A line of the table of requests as a value."""
    fields = dict(line)
    for name in ("canonical", "arguments", "urls"):
        fields[name] = json.loads(fields[name] or "{}")
    fields["result"] = json.loads(fields["result"]) if fields["result"] else None
    fields["covers"] = tuple(json.loads(fields.get("covers") or "[]"))
    return Row(**fields)
