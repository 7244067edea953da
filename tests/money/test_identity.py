"""One store and one storyboard, whatever path leads to them; and a ledger that stays in place."""

from __future__ import annotations

import os
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from storyboard.errors import NotAllowed, StoreError
from storyboard.events import Event, State, TakeChanged
from storyboard.files import true
from storyboard.loading.load import load
from storyboard.planning.planner import plan
from storyboard.store import Store
from storyboard.testing import acts
from storyboard.workflows.source import store_for
from tests.cli.running import storyboard
from tests.money.runs import Set, delivered

Stage = Callable[..., Set]


def by_link(scene: Set) -> Path:
    """The storyboard's folder under another name."""
    link = scene.film.parent.parent / f"{scene.film.parent.name}-link"
    link.symlink_to(scene.film.parent)
    return link / scene.film.name


def by_file_link(scene: Set) -> Path:
    """The storyboard's file under another name."""
    link = scene.film.with_name("other.yaml")
    link.symlink_to(scene.film)
    return link


def by_hard_link(scene: Set) -> Path:
    """The storyboard's file under a second name of its own."""
    link = scene.film.with_name("second.yaml")
    link.hardlink_to(scene.film)
    return link


def by_detour(scene: Set) -> Path:
    """Out of the folder and in again."""
    return scene.film.parent / ".." / scene.film.parent.name / scene.film.name


PATHS = (by_link, by_file_link, by_hard_link, by_detour)


@pytest.mark.parametrize("path", PATHS)
def test_a_budget_holds_whatever_path_leads_to_the_storyboard(
    one: Set, path: Callable[[Set], Path]
) -> None:
    """One name in the ledger, so one sum of money."""
    one.render()
    other = path(one)
    assert one.store.name_of(other) == one.store.name_of(one.film) == one.film.name
    assert one.store.sums(other).total == 252_000


@pytest.mark.parametrize("path", PATHS)
def test_the_store_is_the_same_whatever_path_leads_to_the_storyboard(
    one: Set, path: Callable[[Set], Path]
) -> None:
    """Nothing is bought again by way of a link."""
    one.render()
    other = path(one)
    assert store_for(other).folder == one.store.folder
    assert plan(load(other), held=store_for(other).held()).price_microusd == 0


@pytest.mark.parametrize("name", [".", "link", "absolute", "detour"])
def test_a_store_has_one_name_whatever_path_leads_to_it(
    one: Set, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `.`, relative, by a link: the storyboard is called the same in it."""
    one.render()
    link = one.film.parent / "shelf"
    link.symlink_to(one.folder)
    monkeypatch.chdir(one.folder)
    given = {
        ".": Path(),
        "link": link,
        "absolute": one.folder,
        "detour": Path("..", one.folder.name),
    }
    store = Store(given[name])
    assert store.folder == one.folder.resolve()
    assert store.name_of(one.film) == one.film.name


NAME = unicodedata.normalize("NFC", "Brücke über.yaml")
"""As the disk keeps it."""


@pytest.mark.parametrize(
    "spelt",
    [
        NAME.upper(),
        unicodedata.normalize("NFD", NAME),
        unicodedata.normalize("NFD", NAME).swapcase(),
    ],
)
def test_a_disk_that_takes_other_spellings_for_a_name_has_one_name_for_the_file(
    one: Set, spelt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another case, or an accent by itself: the name is the one that the folder lists."""
    film = one.film.rename(one.film.with_name(NAME))
    with suppress(FileExistsError):  # where the disk does so by itself
        film.with_name(spelt).hardlink_to(film)
    listed = os.scandir

    def by_one_name(folder: Path) -> list[os.DirEntry[str]]:
        return [entry for entry in listed(folder) if entry.name != spelt]

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", by_one_name)
        assert true(film.with_name(spelt)) == true(film)
        assert one.store.name_of(film.with_name(spelt)) == NAME


def test_a_budget_is_one_for_all_names_of_a_store(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A budget for two of three shots, spent by way of three paths: two are paid."""
    scene = stage(keyframes=4, extra=["budget: 0.51"])
    folder, film = scene.folder, scene.film
    for way in (Path(os.path.relpath(folder)), by_link(scene).parent / folder.name, folder):
        scene.folder = way
        scene.render(jobs=1)
    scene.film = by_link_again(film)
    scene.render(jobs=1)
    assert scene.paid == 2


def by_link_again(film: Path) -> Path:
    """The storyboard by the link that was made before."""
    return film.parent.parent / f"{film.parent.name}-link" / film.name


def test_a_relative_variable_is_relative_to_the_storyboard(
    one: Set, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same store from every folder."""
    monkeypatch.setenv("STORYBOARD_STORE", "shelf")
    (tmp_path / "elsewhere").mkdir()
    found = []
    for cwd in (one.film.parent, tmp_path / "elsewhere"):
        monkeypatch.chdir(cwd)
        found.append(store_for(one.film).folder)
    assert found == [one.film.parent.resolve() / "shelf"] * 2


def test_a_relative_variable_never_leads_past_a_store(
    one: Set, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that lies where it was looked for before is named, not left behind."""
    (tmp_path / "elsewhere" / "shelf").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("STORYBOARD_STORE", "shelf")
    with pytest.raises(StoreError, match="Write its whole path"):
        store_for(one.film)


# the ledger stays in place


def gone(folder: Path) -> None:
    """The store is deleted."""
    shutil.rmtree(folder)


def moved(folder: Path) -> None:
    """The store gets another name."""
    folder.rename(folder.with_name("moved"))


def exchanged(folder: Path) -> None:
    """A copy of it takes its place."""
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    shutil.rmtree(folder)
    copy.rename(folder)


def ledger_gone(folder: Path) -> None:
    """The ledger alone is deleted."""
    for path in folder.glob("ledger.sqlite3*"):
        path.unlink()


def overwritten(folder: Path) -> None:
    """An empty ledger is written over it, into the same file."""
    for ending in ("-wal", "-shm"):
        (folder / f"ledger.sqlite3{ending}").unlink(missing_ok=True)
    with (folder / "ledger.sqlite3").open("r+b") as file:
        file.truncate(0)


def stashed(folder: Path) -> None:
    """Version control tidies everything away that it does not know; the store it leaves."""
    git = ("git", "-C", str(folder.parent), "-c", "user.name=a", "-c", "user.email=a@b")
    for words in (["init", "-q"], ["clean", "-fdq", "."]):
        subprocess.run([*git, *words], check=True, capture_output=True)


@pytest.mark.parametrize("what", [gone, moved, exchanged, ledger_gone, overwritten])
def test_a_ledger_that_leaves_its_place_stops_all_payments(
    three: Set, what: Callable[[Path], None]
) -> None:
    """After the first payment the store is taken away: no other one is made."""
    done: list[int] = []

    def hear(event: Event) -> None:
        if isinstance(event, TakeChanged) and event.state is State.QUEUED and not done:
            done.append(1)
            what(three.folder)

    made = three.render(jobs=1, hear=hear)
    assert three.paid == 1
    assert {"sh020", "sh030"} <= {failure.shot for failure in made.failures}


@pytest.mark.parametrize("endings", [("",), ("", "-wal"), ("", "-wal", "-shm")])
def test_a_backup_that_is_written_over_the_ledger_in_the_run_stops_all_payments(
    three: Set, endings: tuple[str, ...]
) -> None:
    """Into the very same files, so that their numbers are the same: older than it was."""
    store = three.store
    _ = store.ledger
    older = {
        path: path.read_bytes()
        for ending in endings
        if (path := three.folder / f"ledger.sqlite3{ending}").exists()
    }
    store.close()
    done: list[int] = []

    def hear(event: Event) -> None:
        if isinstance(event, TakeChanged) and event.state is State.QUEUED and not done:
            done.append(1)
            for path, content in older.items():
                with path.open("r+b") as file:
                    file.truncate(len(content))
                    file.write(content)

    three.outage()
    three.render(jobs=1, hear=hear)
    assert three.paid == 1


def test_a_ledger_with_two_names_is_refused(one: Set, tmp_path: Path) -> None:
    """A store that was copied by hard links: two stores in one file would lose each other's."""
    one.render()
    for path in one.folder.glob("ledger.sqlite3*"):
        (tmp_path / path.name).hardlink_to(path)
    one.film.write_text(one.film.read_text().replace("rolls", "hops"))
    with pytest.raises(StoreError, match="hard link"):
        one.render()
    assert one.paid == 1


def test_a_store_that_is_cleaned_away_with_all_that_is_ignored(one: Set) -> None:
    """`git clean -xdf` takes the store as well: the history knows what was paid."""
    one.render()
    if shutil.which("git") is None:
        pytest.skip("no git here")
    git = ("git", "-C", str(one.film.parent), "-c", "user.name=a", "-c", "user.email=a@b")
    for words in (["init", "-q"], ["add", "film.yaml", "0.png", "1.png"],
                  ["commit", "-qm", "x"], ["clean", "-xdfq"]):  # fmt: skip
        subprocess.run([*git, *words], check=True, capture_output=True)
    assert not one.folder.exists()
    assert delivered(one.render())
    assert one.paid == 1


def test_the_store_ignores_itself_for_version_control(one: Set) -> None:
    """What was paid for stays through a clean of untracked files."""
    one.render()
    if shutil.which("git") is None:
        pytest.skip("no git here")
    stashed(one.folder)
    assert one.store.held()
    assert one.store.rows()[0].state == "KEPT"


def test_the_ledger_of_another_store_is_refused(one: Set, tmp_path: Path) -> None:
    """Exchanged between two runs: said, nothing sent."""
    other = Store(tmp_path / "other")
    _ = other.ledger
    other.close()
    one.wrong("submit", acts.moderated())
    one.render()
    ledger_gone(one.folder)
    shutil.copy(other.folder / "ledger.sqlite3", one.folder)
    with pytest.raises(StoreError, match="ledger of another store"):
        one.render()
    assert one.paid == 0


# receipts


def test_an_id_is_on_the_disk_also_where_the_ledger_can_not_take_it(one: Set) -> None:
    """The ledger is gone between POST and answer: the receipt knows the id, and it is collected."""

    def hear(event: Event) -> None:
        if isinstance(event, TakeChanged) and event.state is State.QUEUED:
            ledger_gone(one.folder)

    one.outage()
    one.render(hear=hear)
    names = [path.stem for path in (one.folder / "receipts").iterdir()]
    assert len(names) == 1
    assert (
        one.service.paid[0].request_id in (one.folder / "receipts" / f"{names[0]}.json").read_text()
    )


def test_a_settled_request_leaves_no_receipt(three: Set) -> None:
    """Kept, refused and failed ones are settled; one on its way is not."""
    three.wrong("submit", acts.moderated())
    outage = three.outage()
    three.render(jobs=1)
    assert len(list((three.folder / "receipts").iterdir())) == 2
    outage.withdraw()
    assert delivered(three.render(retry=True))
    assert list((three.folder / "receipts").iterdir()) == []


def test_a_ledger_from_a_backup_learns_from_the_receipts(three: Set, tmp_path: Path) -> None:
    """The ledger alone is older than it was: what is on its way is taken in, not bought again."""
    store = three.store
    _ = store.ledger
    store.close()
    shutil.copytree(three.folder, tmp_path / "backup")
    outage = three.outage()
    three.render()
    outage.withdraw()
    ledger_gone(three.folder)
    shutil.copy(tmp_path / "backup" / "ledger.sqlite3", three.folder)
    assert delivered(three.render())
    assert three.paid == 3


def test_a_lock_that_nobody_gives_back_is_said(one: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for another program ends, with a message."""
    from filelock import FileLock

    from storyboard.ledger import place

    monkeypatch.setattr(place, "PATIENCE", 0.05)
    one.store.prepare()
    with (
        FileLock(one.folder / "locks" / "ledger.lock"),
        pytest.raises(StoreError, match="another storyboard has held"),
    ):
        _ = one.store.ledger


def test_the_storyboard_on_another_drive_has_a_name(
    one: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no relative path leads to it, its whole path is its name."""

    def other_drive(*_: object) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr(os.path, "relpath", other_drive)
    assert one.store.name_of(one.film) == one.film.resolve().as_posix()


def test_the_command_line_finds_the_store_from_every_folder(one: Set, tmp_path: Path) -> None:
    """A relative variable, two folders, one store: the second run pays nothing."""
    environment = {**one.service.environment, "STORYBOARD_STORE": "shelf"}
    for cwd in (one.film.parent, tmp_path):
        found = storyboard(
            "render", one.film, "--yes", "--preview", "-o", tmp_path / "film.mp4",
            environment=environment, cwd=cwd,
        )  # fmt: skip
        assert found.code == 0, found.err
    assert one.paid == 1


def test_no_yes_to_a_price_without_a_ledger(one: Set) -> None:
    """The cap is still a cap."""
    made = one.render(max_cost=10_000)
    assert isinstance(made.failures[0].error, NotAllowed)
