"""Drafts and pieces of films in a media place: exchanged where that is asked for, and cleaned."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

import storyboard
from storyboard.cli import run
from storyboard.depot.on_disk import FolderDepot
from storyboard.errors import StoreError
from storyboard.generating.terms import Run
from storyboard.store import Store
from storyboard.workflows.finish import Finish
from storyboard.workflows.store import clean, du, pull, push
from tests.boards import board
from tests.counting import Counting

KEY = "b" * 64


@pytest.fixture(name="place", scope="module")
def _place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A media place with the drafts and pieces of a small film, of another machine."""
    folder = tmp_path_factory.mktemp("first")
    film = board(folder, keyframes=3, shot="duration: 0.2")
    assert storyboard.render(film, draft=True, finish=Finish(preview=True)).complete
    done = push(Store(folder / ".storyboard", media=folder / "place"), drafts=True, segments=True)
    assert done.left == ()
    assert len(done.keys) >= 3
    return folder / "place"


def test_a_film_is_made_of_what_another_machine_has_drawn(place: Path, tmp_path: Path) -> None:
    """Nothing is drawn and nothing encoded here; asked for once more, nothing is fetched."""
    film = board(tmp_path, keyframes=3, shot="duration: 0.2")
    store = Store(tmp_path / ".storyboard", media=place)
    assert pull(store).keys == ()
    assert len(pull(store, drafts=True, segments=True).keys) >= 3
    assert pull(store, drafts=True, segments=True).keys == ()
    assert push(store, drafts=True, segments=True).keys == ()
    pool = Counting(2)
    made = storyboard.render(film, draft=True, finish=Finish(preview=True), run=Run(executor=pool))
    assert made.complete
    assert {"drawn", "render"}.isdisjoint(pool.given)
    assert {one.name for one in du(store).there} == {"drafts", "segments"}
    assert all(one.paid_bytes == 0 for one in du(store).there)


def test_what_is_no_draft_does_not_come_as_one(tmp_path: Path) -> None:
    """Nor what is damaged: it is said, and the others come."""
    depot = FolderDepot(tmp_path / "place")
    depot.prepare()
    draft = {"draft": True, "key": KEY, "sha256": "c" * 64, "request": {"endpoint": "draft"}}
    depot.create(f"drafts/{KEY}.json", json.dumps(draft).encode())
    depot.create(f"drafts/{'d' * 64}.json", b"{")
    depot.create(f"segments/{KEY}.{'c' * 64}.mp4", b"other bytes")
    store = Store(tmp_path / "store", media=depot)
    done = pull(store, drafts=True, segments=True)
    assert done.keys == ()
    first, second, third = done.left
    assert "is no draft" in first
    assert "note can't be read" in second
    assert "missing or damaged" in third
    assert not store.has(KEY)
    assert not list(store.segments.iterdir())


def test_only_what_is_free_and_old_goes_from_a_place(tmp_path: Path) -> None:
    """Takes, their notes and claims stay, whatever is asked for."""
    depot = FolderDepot(tmp_path / "place")
    depot.prepare()
    paid = [f"media/{KEY}.mp4", f"takes/{KEY}.json", f"claims/{KEY}.0.json", "storyboard.json"]
    free = [f"carried/{KEY}.png", f"drafts/{KEY}.mp4", f"segments/{KEY}.{KEY}.mp4"]
    then = time.time() - 7200
    for name in (*paid, *free):
        depot.create(name, b"{}")
        os.utime(depot.folder / name, (then, then))
    depot.create("carried/young.png", b"")
    store = Store(tmp_path / "store", media=depot)
    would = clean(store, place=True, dry_run=True)
    assert {str(one.path) for one in would.files} == set(free)
    assert [str(one.path) for one in clean(store, place=True, drafts=True).files] == free[1:2]
    assert len(clean(store, place=True).files) == 2
    left = {one.name for one in depot.names("")}
    assert left == {*paid, "carried/young.png"}
    with pytest.raises(StoreError, match="no place"):
        clean(Store(tmp_path / "other"), place=True)


def test_the_command_says_what_it_did(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Push, pull, du and clean, from the command line."""
    film = board(tmp_path, keyframes=3, shot="duration: 0.2")
    media = ["--media", str(place)]
    assert run(["store", "pull", str(film), *media, "--drafts", "--segments"]) == 0
    assert "files fetched from" in capsys.readouterr().out
    assert run(["store", "du", str(film), *media, "--json"]) == 0
    kinds = {one["kind"] for one in json.loads(capsys.readouterr().out)["media"]}
    assert {"drafts", "segments"} <= kinds
    assert run(["store", "clean", str(film), *media, "--place", "--dry-run"]) == 0
    assert "0 files would be removed" in capsys.readouterr().out
