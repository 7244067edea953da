"""Reading a damaged ledger page by page: every row that is still whole on any page.

The format is SQLite's own (sqlite.org/fileformat2.html): a file of pages of one size, and a
write-ahead log of newer copies of them. Rows lie in the leaves of tables; a long one goes on in a
chain of overflow pages. Neither the file's header, its schema nor the trees above the leaves are
needed, so damage to one page costs the rows on that page alone.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import struct
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from storyboard.errors import StoreError
from storyboard.ledger.rows import STATES, Row
from storyboard.ledger.tables_sql import peeked

if TYPE_CHECKING:
    from storyboard.ledger.rows import JournalLine

MAGIC = b"SQLite format 3\0"
_USUAL_PAGE = 4096
_LEAF = 0x0D
_SIZES = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)
"""Bytes of the values of the first serial types."""
_COLUMNS = tuple(Row.__dataclass_fields__)
_FIRST_COLUMNS = len(_COLUMNS) - 2
"""Columns of a row that was written before accounts were, and rows for several shots."""

Value = None | int | float | str | bytes
Pages = dict[int, bytes]


def rows_in(path: Path) -> list[Row]:
    """Every request that can be read on any page of this ledger or its log; the latest of each."""
    found: dict[str, Row] = {}
    for values in _records(path):
        row = _row(values)
        if row is not None and _later(row, found.get(row.intent)):
            found[row.intent] = row
    return sorted(found.values(), key=lambda row: row.intended_at)


def journal_in(path: Path) -> list[JournalLine]:
    """Every line of the journal that can be read, oldest first."""
    found = dict.fromkeys(line for values in _records(path) if (line := _line(values)))
    return sorted(found, key=lambda line: line[0])


def _line(values: Sequence[Value]) -> JournalLine | None:
    """The line that these values are: its number is the row's own, and not among them."""
    match values:
        case [None, float(at), str(intent), str(event), str(detail)]:
            return at, intent, event, detail
    return None


def is_whole(path: Path) -> bool:
    """Whether a copy of this ledger is sound: then not the file is in trouble, but its place."""
    with TemporaryDirectory(prefix="storyboard-") as folder:
        copy = Path(folder, path.name)
        for ending in ("", "-wal"):
            with suppress(OSError):
                shutil.copy(path.with_name(path.name + ending), copy.with_name(copy.name + ending))
        try:
            connection = peeked(copy)
            if connection is None:
                return False
            with closing(connection) as db:
                return bool(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
        except (StoreError, sqlite3.Error):
            return False


def _later(row: Row, known: Row | None) -> bool:
    return known is None or _age(row) >= _age(known)


def _age(row: Row) -> tuple[float, int]:
    moments = (row.intended_at, row.sent_at or 0.0, row.done_at or 0.0)
    return max(moments), STATES.index(row.state)


def _row(values: Sequence[Value]) -> Row | None:
    """The row that these values are; None where they are something else, or damaged."""
    if not _FIRST_COLUMNS <= len(values) <= len(_COLUMNS):
        return None
    fields: dict[str, Any] = dict(zip(_COLUMNS, values, strict=False))
    try:
        for name in ("canonical", "arguments", "urls"):
            fields[name] = json.loads(str(fields[name] or "{}"))
        fields["result"] = json.loads(str(fields["result"])) if fields["result"] else None
        fields["covers"] = tuple(json.loads(str(fields.get("covers") or "[]")))
        row = Row(**fields)
    except (ValueError, TypeError):
        return None
    texts = (row.intent, row.key, row.storyboard, row.shot, row.endpoint, row.state)
    numbers = (row.take, row.estimate, row.intended_at)
    whole = all(isinstance(text, str) for text in texts) and row.state in STATES
    return row if whole and all(isinstance(n, int | float) for n in numbers) else None


# pages


def _records(path: Path) -> Iterator[list[Value]]:
    """The values of every row on every leaf, in the file and in its log."""
    size, reserved, data = _file(path)
    pages = {n + 1: data[n * size : (n + 1) * size] for n in range(len(data) // size)}
    newer = list(_log(path.with_name(f"{path.name}-wal"), size))
    chained = pages | dict(newer)
    for number, page in [*pages.items(), *newer]:
        start = 100 if number == 1 and page.startswith(MAGIC) else 0
        yield from _leaf(page, start, size - reserved, chained)


def _file(path: Path) -> tuple[int, int, bytes]:
    """Page size, bytes that are left free on each page, and everything."""
    data = path.read_bytes()
    if not data.startswith(MAGIC) or len(data) < 100:
        return _USUAL_PAGE, 0, data
    size = struct.unpack(">H", data[16:18])[0]
    size = 65536 if size == 1 else size
    usual = 512 <= size <= 65536 and size & (size - 1) == 0
    return (size, data[20], data) if usual else (_USUAL_PAGE, 0, data)


def _log(path: Path, size: int) -> Iterator[tuple[int, bytes]]:
    """Number and content of the pages in the write-ahead log, the newest last."""
    try:
        data = path.read_bytes()
    except OSError:
        return
    salts = data[16:24]
    for at in range(32, len(data) - size - 23, size + 24):
        number, head = struct.unpack(">I", data[at : at + 4])[0], data[at + 8 : at + 16]
        if head == salts and number:
            yield number, data[at + 24 : at + 24 + size]


def _leaf(page: bytes, start: int, usable: int, pages: Pages) -> Iterator[list[Value]]:
    """The rows on a page, where it is a table's leaf."""
    if len(page) < start + 8 or page[start] != _LEAF:
        return
    count = struct.unpack(">H", page[start + 3 : start + 5])[0]
    for n in range(min(count, usable // 4)):
        at = start + 8 + 2 * n
        with suppress(IndexError, ValueError, struct.error, OverflowError):
            cell = struct.unpack(">H", page[at : at + 2])[0]
            yield _record(_payload(page, cell, usable, pages))


def _payload(page: bytes, at: int, usable: int, pages: Pages) -> bytes:
    """A row's bytes, with what overflowed onto other pages."""
    size, at = _varint(page, at)
    _, at = _varint(page, at)
    most = usable - 35
    if size <= most:
        return _exactly(page[at : at + size], size)
    least = (usable - 12) * 32 // 255 - 23
    here = least + (size - least) % (usable - 4)
    here = here if here <= most else least
    data, following = page[at : at + here], struct.unpack(">I", page[at + here : at + here + 4])[0]
    seen: set[int] = set()
    while following and len(data) < size and following not in seen:
        seen.add(following)
        more = pages.get(following, b"")
        data += more[4:usable]
        following = struct.unpack(">I", more[:4])[0]
    return _exactly(data[:size], size)


def _exactly(data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise ValueError("a row that is cut off")
    return data


# rows


def _record(data: bytes) -> list[Value]:
    """The values of one row."""
    end, at = _varint(data, 0)
    kinds = []
    while at < end:
        kind, at = _varint(data, at)
        kinds.append(kind)
    bounds = [end]
    for kind in kinds:
        bounds.append(bounds[-1] + _size(kind))
    if bounds[-1] > len(data):
        raise ValueError("a row that is cut off")
    return [_value(kind, data[a:b]) for kind, (a, b) in zip(kinds, pairwise(bounds), strict=True)]


def _size(kind: int) -> int:
    return (kind - 12) // 2 if kind >= 12 else _SIZES[kind]


def _value(kind: int, data: bytes) -> Value:
    if kind == 0:
        return None
    if kind in (8, 9):
        return kind - 8
    if kind == 7:
        return float(struct.unpack(">d", data)[0])
    if kind < 7:
        return int.from_bytes(data, "big", signed=True)
    return data.decode() if kind % 2 else data


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    value = 0
    for n in range(8):
        byte = data[at + n]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + n + 1
    return value << 8 | data[at + 8], at + 9
