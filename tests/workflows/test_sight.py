"""What is seen of the files that a page is made from: changes, once they are whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from storyboard.depot.claims import Claim, Claims
from storyboard.depot.on_disk import FolderDepot
from storyboard.depot.protocol import Deposited
from storyboard.store import Store
from storyboard.testing import Clock
from storyboard.workflows.sight import ASKED_EVERY, PATIENCE, Sight
from storyboard.workflows.source import StoryboardFile
from tests.boards import board
from tests.page.films import filmed


@pytest.fixture(name="source")
def _source(tmp_path: Path) -> StoryboardFile:
    return StoryboardFile(board(tmp_path))


@pytest.fixture(name="sight")
def _sight(source: StoryboardFile) -> Sight:
    sight = Sight(source)
    sight.begin()
    sight.widen(source.file, source.file.with_name("0.png"))
    return sight


def test_a_save_is_seen_once_it_stays_so_for_a_look(source: StoryboardFile, sight: Sight) -> None:
    """Given a file that is written in two parts, then it is not read in between."""
    assert not sight.changed()
    text = source.file.read_text()
    source.file.write_text("version: 1")
    assert not sight.changed()
    source.file.write_text(text + "# more")
    assert not sight.changed()
    assert sight.changed()
    sight.begin()
    assert not sight.changed()


def test_what_is_known_to_be_whole_is_seen_at_once(source: StoryboardFile, sight: Sight) -> None:
    """Given the page's own edit, then nobody waits for it."""
    source.file.write_text("version: 1")
    assert sight.changed(at_once=True)


def test_a_storm_of_saves_does_not_hide_them(source: StoryboardFile, sight: Sight) -> None:
    """Given a file that is another at each look, then it is read now and then all the same."""
    seen = []
    for number in range(PATIENCE + 1):
        source.file.write_text("#" * (number + 1))
        seen.append(sight.changed())
    assert seen == [False] * PATIENCE + [True]


def test_a_file_that_goes_and_comes_back_is_seen(source: StoryboardFile, sight: Sight) -> None:
    """Given a name that is taken away, and a file moved there as editors do that write by renaming,
    then both are changes; a picture's, too."""
    for file in (source.file, source.file.with_name("0.png")):
        away = file.rename(file.with_suffix(".away"))
        assert [sight.changed(), sight.changed()] == [False, True]
        sight.begin()
        sight.widen(source.file, source.file.with_name("0.png"))
        away.rename(file)
        assert [sight.changed(), sight.changed()] == [False, True]
        sight.begin()
        sight.widen(source.file, source.file.with_name("0.png"))


def test_a_take_that_lands_is_seen_at_once(tmp_path: Path) -> None:
    """Given a store in which a take appears, then that is a change."""
    source = filmed(tmp_path, shots=1, takes=1)
    sight = Sight(source)
    sight.begin()
    assert not sight.changed()
    (key,) = source.store.keys()
    part = source.store.part("b" * 64)
    part.write_bytes(source.store.clip(key).read_bytes())
    source.store.keep("b" * 64, part, {"shot": "sh010", "take": 2, "draft": True})
    assert sight.changed()


class Listed(FolderDepot):
    """A place that counts how often it is listed."""

    listings = 0

    def names(self, under: str) -> list[Deposited]:
        """The files of a folder of it."""
        self.listings += 1
        return super().names(under)


@dataclass
class Sharing:
    """A storyboard's file whose store is opened anew by whoever asks, at a shared place."""

    file: Path
    place: Listed

    @property
    def store(self) -> Store:
        """The store."""
        return Store(self.file.parent / ".storyboard", media=self.place)


def test_a_media_place_is_not_listed_at_each_look(tmp_path: Path) -> None:
    """Given a place for which each listing is paid, when the page looks for a minute, then it was
    listed a few times; and what others begin to buy is seen."""
    clock, place = Clock(), Listed(tmp_path / "media")
    place.prepare()
    sight = Sight(Sharing(board(tmp_path), place), clock=clock)  # type: ignore[arg-type]
    sight.begin()
    for _ in range(150):
        clock.sleep(0.4)
        assert not sight.changed()
    assert place.listings <= 2 * (60 / ASKED_EVERY + 1)
    Claims(place).take(Claim("b" * 64, "store", "intent", "ana@ws3", 0.0))
    clock.sleep(ASKED_EVERY + 1)
    assert sight.changed()
