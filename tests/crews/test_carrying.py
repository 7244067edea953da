"""Work for those who see other folders: its files go through a media place, by what they are."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from storyboard.crews import errand
from storyboard.crews.carrying import Carrying
from storyboard.crews.crew import Fate, PlainCrew
from storyboard.crews.parcel import (
    CARRIED,
    brought_home,
    carried_out,
    deposited,
    fetched,
    packed,
    result_of,
)
from storyboard.depot.on_disk import FolderDepot
from storyboard.errors import MediaError, StoreError
from storyboard.workflows.hiring import parsed

LONG = 300
"""Seconds after which a test has failed."""


class Apart(Executor):
    """A worker of another machine, as far as a process can be one: what it is given is pickled, and
    the folder of here has another name while it works."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.done = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """At once."""
        future: Future[Any] = Future()
        hidden = self._home.with_name(f"{self._home.name}-hidden")
        sent = pickle.dumps((fn, args, kwargs))
        self._home.rename(hidden)
        try:
            work, given, named = pickle.loads(sent)
            future.set_result(pickle.loads(pickle.dumps(work(*given, **named))))
        except BaseException as error:
            future.set_exception(error)
        finally:
            hidden.rename(self._home)
        self.done += 1
        return future


@pytest.fixture
def depot(tmp_path: Path) -> FolderDepot:
    """A place."""
    made = FolderDepot(tmp_path / "place")
    made.prepare()
    return made


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the worker's machine keeps."""
    monkeypatch.setattr(errand, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    return tmp_path / "cache"


def joined(one: Path, other: Path, to: Path) -> tuple[Path, Path]:
    """Write two files as one, and a note beside it; gives where they are."""
    note = to.with_suffix(".note")
    note.write_text(f"{one.name} and {other.name}")
    to.write_bytes(one.read_bytes() + other.read_bytes())
    return to, note


def failing(one: Path) -> None:
    """Say what is wrong with a file."""
    raise MediaError(f"{one} can't be decoded")


def home(folder: Path) -> Path:
    """A folder with two files."""
    made = folder / "home"
    made.mkdir()
    (made / "a.txt").write_text("a")
    (made / "b.txt").write_text("b")
    return made


def test_files_go_there_and_come_back_by_what_they_are(tmp_path: Path, depot: FolderDepot) -> None:
    """Under the names that they have here; what was written beside the result comes, too."""
    here = home(tmp_path)
    out = here / "made" / "ab.txt"
    out.parent.mkdir()
    executor = Carrying(Apart(here), depot)
    found = executor.submit(joined, here / "a.txt", here / "b.txt", out).result(LONG)
    assert found == (out, out.with_suffix(".note"))
    assert out.read_text() == "ab"
    assert out.with_suffix(".note").read_text() == "a.txt and b.txt"
    # Each content is in the place once, and what is there already is not put again
    names = [one.name for one in depot.names(CARRIED)]
    assert len(names) == len(set(names)) == 4
    executor.submit(joined, here / "a.txt", here / "b.txt", out).result(LONG)
    assert [one.name for one in depot.names(CARRIED)] == names
    executor.shutdown()


def test_takes_of_the_place_are_not_put_there_again(tmp_path: Path, depot: FolderDepot) -> None:
    """What was bought with the place is there by its bytes."""
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"frames")
    named = deposited(clip, depot).replace(CARRIED, "media/")
    depot.put(named, clip)
    assert deposited(clip, depot) == named


def test_an_error_is_told_by_the_paths_of_here(tmp_path: Path, depot: FolderDepot) -> None:
    """And is the work's own: nobody tries again."""
    here = home(tmp_path)
    executor = Carrying(Apart(here), depot)
    with pytest.raises(MediaError, match="can't be decoded") as caught:
        executor.submit(failing, here / "a.txt").result(LONG)
    assert str(caught.value) == f"{here / 'a.txt'} can't be decoded"
    assert PlainCrew(executor).fate(caught.value) is Fate.WELL
    executor.shutdown()


def test_a_place_that_lacks_a_file_leaves_the_work_undone(
    tmp_path: Path, depot: FolderDepot
) -> None:
    """Somebody else may do it: it says nothing about the work."""
    here = home(tmp_path)
    executor = Carrying(Apart(here), depot)

    def forgets(file: Path) -> str:
        name = deposited(file, depot)
        depot.remove(name)
        return name

    executor._name_of = forgets  # type: ignore[method-assign]
    error = executor.submit(failing, here / "a.txt").exception(LONG)
    assert isinstance(error, errand.NotCarried)
    assert "missing or damaged" in str(error)
    assert PlainCrew(executor).fate(error) is Fate.DROPPED
    executor.shutdown()


class Losing(FolderDepot):
    """A place that takes what is written, and has nothing of it."""

    def fetch(self, name: str, to: Path) -> bool:
        """But what was there from the beginning."""
        return name.endswith(".txt") and super().fetch(name, to)


def test_a_place_that_loses_what_was_made_leaves_the_work_undone(tmp_path: Path) -> None:
    """The result is not believed without its files."""
    here = home(tmp_path)
    place = Losing(tmp_path / "place")
    place.prepare()
    executor = Carrying(Apart(here), place)
    error = executor.submit(joined, here / "a.txt", here / "b.txt", here / "ab.bin").exception(LONG)
    assert isinstance(error, errand.NotCarried)
    assert not (here / "ab.bin").exists()
    executor.shutdown()


def test_what_was_damaged_on_its_way_is_not_taken(tmp_path: Path, depot: FolderDepot) -> None:
    """Neither there nor here; and a name that leads elsewhere is none."""
    file = home(tmp_path) / "a.txt"
    name = deposited(file, depot)
    (depot.folder / name).write_text("other")
    for asked in (name, "../../etc/passwd", "carried/x"):
        with pytest.raises(StoreError, match="missing or damaged"):
            fetched(asked, depot, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_folder_is_an_empty_one_there(tmp_path: Path, depot: FolderDepot) -> None:
    """What is written into it, and into folders below, is here afterwards."""
    here = home(tmp_path)
    parcel = packed(partial(_fill, here), lambda file: deposited(file, depot))
    root = tmp_path / "root"
    root.mkdir()
    answer = carried_out(parcel, depot, root, tmp_path / "cache")
    brought_home(answer, parcel, depot)
    assert result_of(answer, parcel) == ["seen nothing"]
    assert (here / "below" / "new.txt").read_text() == "new"


def _fill(folder: Path) -> list[str]:
    (folder / "below").mkdir()
    (folder / "below" / "new.txt").write_text("new")
    return [f"seen {one.name}" for one in folder.iterdir() if one.is_file()] or ["seen nothing"]


@pytest.mark.parametrize("named", ["2?media=/mnt/x", "dask://a?media=http://b", "dask://a?media="])
def test_a_place_behind_a_name_has_to_be_one(named: str) -> None:
    """Processes of this machine see its folders."""
    with pytest.raises(ValueError, match=r"write|place"):
        parsed(named)


def test_a_place_may_stand_behind_a_name() -> None:
    """Of a cluster, and of a callable; nobody is asked."""
    for named in ("dask://render1?media=s3://takes/film", "farm:pool?media=/mnt/takes"):
        assert parsed(named).name == named.partition("?")[0]
