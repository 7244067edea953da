"""The store by itself: takes, notes, locks, and what is held."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyboard import files
from storyboard.errors import StoreError
from storyboard.ledger import disk
from storyboard.store import Store
from storyboard.takes.holding import Standing

KEY = "0" * 64


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A new one, with its folders."""
    made = Store(tmp_path / "store")
    made.prepare()
    return made


def keep(store: Store, **note: object) -> Path:
    """Take a clip in."""
    part = store.part("clip")
    part.write_bytes(b"a clip")
    return store.keep(KEY, part, note)


def test_looking_at_a_store_makes_nothing(tmp_path: Path) -> None:
    """No folder until something is kept or paid."""
    store = Store(tmp_path / "store")
    assert store.held() == {}
    assert store.rows() == []
    assert not store.has(KEY)
    assert store.earlier(tmp_path / "film.yaml") == {}
    assert list(tmp_path.iterdir()) == []


def test_a_take_is_kept_with_its_size_and_digest(store: Store) -> None:
    """Moved, not copied; noted; there."""
    clip = keep(store, cost=420_000, request_id="id-1")
    assert clip.read_bytes() == b"a clip"
    assert not store.part("clip").exists()
    note = store.note(KEY)
    assert (note["bytes"], note["sha256"], note["cost"]) == (6, files.sha256(clip), 420_000)
    assert store.has(KEY)
    held = store.held()[KEY]
    assert (held.standing, held.cost, held.request_id) == (Standing.DONE, 420_000, "id-1")


def test_a_take_of_another_size_is_not_there(store: Store) -> None:
    """Truncated by a full disk or a bad copy."""
    keep(store).write_bytes(b"a cl")
    assert not store.has(KEY)
    with pytest.raises(StoreError, match="is not what its note says"):
        store.held()


def test_a_note_without_its_clip_is_no_take(store: Store) -> None:
    """Killed between the two."""
    keep(store).unlink()
    assert not store.has(KEY)
    assert store.held() == {}


def test_the_newest_take_of_a_shot_says_what_was_asked_before(store: Store, tmp_path: Path) -> None:
    """By the storyboard's name in this store; drafts do not count."""
    about: dict[str, object] = {
        "shot": "sh010",
        "storyboard": "film.yaml",
        "request": {"endpoint": "e"},
    }
    keep(store, **about)
    assert store.earlier(tmp_path / "film.yaml") == {"sh010": {"endpoint": "e"}}
    assert store.earlier(tmp_path / "other.yaml") == {}
    keep(store, draft=True, **about)
    assert store.earlier(tmp_path / "film.yaml") == {}


def test_a_lock_has_one_holder(store: Store) -> None:
    """The second one is told no, and does not wait; afterwards it is free again."""
    with store.alone("one") as first, store.alone("one") as second, store.alone("two") as other:
        assert (first, second, other) == (True, False, True)
    with store.alone("one") as again:
        assert again
    assert (store.folder / "locks" / "one.lock").exists()


def test_drafts_alone_make_no_paid_store(store: Store) -> None:
    """A ledger may still be made; with a paid take it may not."""
    keep(store, draft=True)
    assert store.is_new
    keep(store, cost=1)
    assert not store.is_new


def test_room_is_counted_in_takes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough is enough, and nothing to pay needs none."""
    monkeypatch.setattr(disk, "free_bytes", lambda _: disk.SPARE + 2 * disk.ROOM)
    disk.require_room(store.folder, 2)
    with pytest.raises(StoreError, match="3 takes"):
        disk.require_room(store.folder, 3)
    monkeypatch.setattr(disk, "free_bytes", lambda _: 0)
    disk.require_room(store.folder, 0)


def test_a_place_for_a_store_is_tried_without_a_trace(tmp_path: Path) -> None:
    """As the check-up does before there is one."""
    disk.probe(tmp_path / "not" / "made" / "yet")
    assert list(tmp_path.iterdir()) == []
