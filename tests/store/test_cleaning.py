"""What a store is cleaned of: never what was paid, never what may be in use."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from storyboard.accounting.cleaning import DRAFTS, SEGMENTS, clean, removable, require_quiet
from storyboard.accounting.inventory import FileKind, by_kind, by_storyboard, inventory, room
from storyboard.errors import StoreError
from storyboard.ledger.rows import Wish
from storyboard.store import Store
from storyboard.testing import Clock
from storyboard.workflows.store import age
from storyboard.workflows.store import clean as cleaned

DAY = 86_400.0
DRAFT, PAID, OWN, SENT, NOTELESS, SPOILT = (digit * 64 for digit in "012345")

FREE = {
    f"takes/{DRAFT}.mp4": FileKind.DRAFT,
    f"takes/{DRAFT}.json": FileKind.DRAFT,
    f"parts/{DRAFT}.0123abcd.mp4": FileKind.DRAFT,
    f"parts/{OWN}.0123abcd.rewrapped.mp4": FileKind.DRAFT,
    "parts/.coming-0123456789ab.mp4": FileKind.DRAFT,
    f"segments/{PAID}.mp4": FileKind.SEGMENT,
    f"segments/{PAID}.kept": FileKind.SEGMENT,
    f"segments/{PAID}.json": FileKind.SEGMENT,
    "segments/.coming-0123456789ab.mp4": FileKind.SEGMENT,
    "page/film-0123456789abcdef01234567.mp4": FileKind.PAGE,
    "page/numbers-0123456789abcdef01234567.json": FileKind.PAGE,
}
"""What may go, by its name in the store."""

KEPT = {
    f"takes/{PAID}.mp4": FileKind.TAKE,
    f"takes/{PAID}.json": FileKind.TAKE,
    f"takes/{OWN}.mp4": FileKind.CLIP,
    f"takes/{OWN}.json": FileKind.CLIP,
    f"takes/{SENT}.mp4": FileKind.DRAFT,
    f"takes/{SENT}.json": FileKind.DRAFT,
    f"takes/{NOTELESS}.mp4": FileKind.UNKNOWN,
    f"takes/{SPOILT}.mp4": FileKind.UNKNOWN,
    f"takes/{SPOILT}.json": FileKind.UNKNOWN,
    "takes/mine.mp4": FileKind.OTHER,
    "parts/intent.mp4": FileKind.ASIDE,
    "parts/intent.unusable": FileKind.ASIDE,
    f"parts/{PAID}.damaged.mp4": FileKind.ASIDE,
    "segments/mine.mp4": FileKind.SEGMENT,
    "page/mine.mp4": FileKind.PAGE,
    "receipts/mine.json": FileKind.BOOKS,
    "web/0123.json": FileKind.WEB,
    "store.json": FileKind.BOOKS,
    "ledger.sqlite3": FileKind.BOOKS,
    "ledger.sqlite3.broken-1": FileKind.BOOKS,
    "mistakes.log": FileKind.OTHER,
    ".gitignore": FileKind.OTHER,
}
"""What stays, by its name in the store."""


def put(store: Store, key: str, **note: object) -> None:
    """A take of ten bytes."""
    part = store.part(f"{key}.part")
    part.write_bytes(b"ten bytes.")
    store.keep(key, part, {"storyboard": "film.yaml", "made_at": 0.0, **note})


def aged(store: Store, seconds: float = DAY, only: str = "**/*") -> None:
    """All of a store was last used so long ago."""
    then = store.clock.time() - seconds
    for path in store.folder.glob(only):
        if path.is_file():
            os.utime(path, (then, then))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """One with a file of every kind, all of them a day old."""
    made = Store(tmp_path / "store", clock=Clock(100 * DAY))
    with_row = Wish(SENT, "film.yaml", "sh010", 1, "run", "endpoint", {}, {}, 420_000)
    made.ledger.intend("request", with_row)
    made.close()
    put(made, DRAFT, draft=True, cost=0)
    put(made, PAID, cost=420_000, request_id="id-1")
    put(made, OWN, adopted=True, cost=0)
    put(made, SENT, draft=True, cost=0)
    put(made, NOTELESS)
    (made.folder / "takes" / f"{NOTELESS}.json").unlink()
    put(made, SPOILT, draft=True)
    (made.folder / "takes" / f"{SPOILT}.json").write_text("{")
    for name in FREE.keys() | KEPT.keys():
        path = made.folder / name
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            path.write_bytes(b"bytes")
    aged(made)
    return made


def left(store: Store, among: Mapping[str, FileKind]) -> set[str]:
    """Which of these names are in the store."""
    return {name for name in among if (store.folder / name).exists()}


def test_what_was_paid_stays_and_what_is_made_again_goes(store: Store) -> None:
    """By note, by ledger and by name: what any of them takes for paid stays."""
    done = clean(store, removable(store))
    assert done.left == ()
    assert left(store, FREE) == set()
    assert left(store, KEPT) == set(KEPT)
    assert store.has(PAID)
    assert [row.key for row in store.rows()] == [SENT]


@pytest.mark.parametrize(
    ("named", "kinds"),
    [({"segments": True}, {FileKind.SEGMENT, FileKind.PAGE}), ({"drafts": True}, {FileKind.DRAFT})],
)
def test_one_kind_can_be_named(store: Store, named: dict[str, Any], kinds: set[FileKind]) -> None:
    """The other stays."""
    cleaned(store, **named)
    assert left(store, FREE) == {name for name, kind in FREE.items() if kind not in kinds}


def test_a_dry_run_removes_nothing_and_lists_all(store: Store) -> None:
    """With what it would make room for."""
    found = cleaned(store, dry_run=True)
    names = {one.path.relative_to(store.folder).as_posix() for one in found.files}
    assert names == set(FREE)
    assert found.bytes == sum((store.folder / name).stat().st_size for name in FREE)
    assert left(store, FREE) == set(FREE)


def test_what_was_used_within_the_hour_stays(store: Store) -> None:
    """Whatever age is asked for; a draft whose note was written since is one that is used."""
    aged(store, 3500, f"segments/{PAID}.mp4")
    aged(store, 3500, f"takes/{DRAFT}.json")
    clean(store, removable(store, older=0))
    used = {f"segments/{PAID}.mp4", f"takes/{DRAFT}.json", f"takes/{DRAFT}.mp4"}
    assert left(store, FREE) == used


def test_older_leaves_what_is_younger(store: Store) -> None:
    """A day old: gone at 23 hours, here at 25."""
    assert removable(store, older=age("25h")) == []
    assert len(removable(store, older=age("23h"))) == len(FREE)


@pytest.mark.parametrize(
    "young", [f"segments/{PAID}.mp4", f"takes/{PAID}.json", "parts/intent.mp4"]
)
def test_a_store_in_which_something_is_made_is_left_alone(store: Store, young: str) -> None:
    """For ten minutes: a run that goes on writes something more often."""
    aged(store, 130, young)
    with pytest.raises(StoreError, match=r"was written 2 minutes ago: a run may be going on"):
        cleaned(store)
    assert left(store, FREE) == set(FREE)
    aged(store, 601, young)
    require_quiet(store)
    aged(store, 130, young)
    cleaned(store, even_so=True)
    assert left(store, FREE) == {young} & set(FREE)


def test_without_a_ledger_that_can_be_read_no_draft_goes(store: Store) -> None:
    """Nobody can say what was paid then. Segments are segments all the same."""
    (store.folder / "ledger.sqlite3").write_bytes(b"no database at all, but long enough" * 100)
    aged(store)
    with pytest.raises(StoreError):
        removable(store, DRAFTS)
    clean(store, removable(store, SEGMENTS))
    assert left(store, FREE) == {n for n, kind in FREE.items() if kind is FileKind.DRAFT}


def test_the_door_of_the_takes_refuses_to_discard_what_is_no_draft(store: Store) -> None:
    """Whoever asks, and whatever is paid, adopted or without a note that can be read."""
    for key in (PAID, OWN, SPOILT):
        with pytest.raises(StoreError):
            store.takes.discard(key)
    store.takes.discard(NOTELESS)
    assert left(store, KEPT) == set(KEPT)
    store.takes.discard("f" * 64)


def test_every_byte_of_a_store_is_counted_once(store: Store) -> None:
    """As what it is; the sum is what the folder has."""
    found = inventory(store)
    kinds = {one.path.relative_to(store.folder).as_posix(): one.kind for one in found}
    assert kinds.items() >= (FREE | KEPT).items()
    files = [path for path in store.folder.rglob("*") if path.is_file()]
    assert sorted(one.path for one in found) == sorted(files)
    assert room("all", found).bytes == sum(path.stat().st_size for path in files)
    assert sum(one.bytes for one in by_kind(found)) == room("all", found).bytes


def test_sizes_are_told_by_storyboard(store: Store) -> None:
    """What money hangs on, and the rest; the largest first."""
    put(store, "a" * 64, cost=1, storyboard="other.yaml")
    film, other = by_storyboard(inventory(store))
    assert (film.name, film.files, other.name, other.files) == ("film.yaml", 8, "other.yaml", 2)
    notes = (store.folder / "takes" / f"{PAID}.json").stat().st_size
    assert film.paid_bytes == 10 + notes
    assert other.paid_bytes == other.bytes


@pytest.mark.parametrize(
    ("written", "seconds"), [("1h", 3600), ("30d", 30 * DAY), (" 2 W ", 14 * DAY)]
)
def test_ages_are_written_as_people_do(written: str, seconds: float) -> None:
    """Hours, days, weeks."""
    assert age(written) == seconds


@pytest.mark.parametrize("written", ["", "30", "5m", "0h", "d", "1.5d", "-1d"])
def test_other_ages_are_refused(written: str) -> None:
    """With what to write."""
    with pytest.raises(ValueError, match="write"):
        age(written)
