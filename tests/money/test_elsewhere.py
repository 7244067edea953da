"""What the account has paid for already, and this store's ledger does not know."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from storyboard.accounting.rebuilding import rebuild
from storyboard.fal import Fal
from storyboard.testing import Clock, Fault, acts
from storyboard.testing.acts import Act
from tests.money.runs import Set, delivered, failure, patient


@pytest.fixture
def new_store(three: Set, tmp_path: Path) -> Set:
    """Three shots that were bought, and a store that knows nothing of it."""
    three.render()
    three.other_machine()
    three.folder = tmp_path / "another machine" / ".storyboard"
    return three


def test_a_new_store_collects_what_was_bought_from_elsewhere(new_store: Set) -> None:
    """Second machine, or a store that was deleted: the same words and pictures are paid once."""
    made = new_store.render()
    assert delivered(made)
    assert new_store.paid == 3
    assert [words for words in new_store.notices if "from elsewhere" in words]
    assert [row.intent.split("-")[0] for row in new_store.rows()] == ["found"] * 3


def test_a_whole_store_from_an_older_backup_pays_nothing_again(three: Set, tmp_path: Path) -> None:
    """Ledger, receipts and takes are older than they were: the history knows more, and is asked."""
    store = three.store
    _ = store.ledger
    store.close()
    shutil.copytree(three.folder, tmp_path / "backup")
    three.render()
    shutil.rmtree(three.folder)
    shutil.copytree(tmp_path / "backup", three.folder)
    three.other_machine()
    assert delivered(three.render())
    assert three.paid == 3


def test_other_words_or_other_pictures_are_other_purchases(new_store: Set) -> None:
    """Only the very request is taken for it."""
    film = new_store.film
    film.write_text(film.read_text().replace("rolls on to 1", "leaps on to 1"))
    shutil.copy(film.parent / "0.png", film.parent / "3.png")
    assert delivered(new_store.render())
    assert new_store.paid == 3 + 2


def test_a_second_take_is_bought_where_one_was_bought_from_elsewhere(new_store: Set) -> None:
    """One request explains one take."""
    film = new_store.film
    film.write_text(film.read_text().replace("rolls on to 1}", "rolls on to 1, takes: 2}"))
    assert delivered(new_store.render())
    assert new_store.paid == 3 + 1


def test_a_takes_request_is_not_another_takes_where_only_the_ledger_is_older(one: Set) -> None:
    """The ledger alone came back from a backup: the take's note tells whose request it was."""
    store = one.store
    _ = store.ledger
    older = one.folder / "older.sqlite3"
    store.close()
    shutil.copy(one.folder / "ledger.sqlite3", older)
    one.render()
    for path in one.folder.glob("ledger.sqlite3*"):
        path.unlink()
    older.rename(one.folder / "ledger.sqlite3")
    one.film.write_text(one.film.read_text().replace("rolls on to 1}", "rolls on to 1, takes: 2}"))
    assert delivered(one.render())
    assert one.paid == 2
    assert len({row.request_id for row in one.rows()}) == 2


def test_a_take_settles_the_row_that_an_older_ledger_still_waits_for(one: Set) -> None:
    """The ledger alone came back from a moment when the answer was lost: its take is there."""
    one.wrong("submit", acts.drop(accepted=True))
    late = one.service.inject(Fault("history", acts.empty_page(), times=None))
    one.render()
    late.withdraw()
    shutil.copy(one.folder / "ledger.sqlite3", one.folder / "older.sqlite3")
    assert delivered(one.render())
    for path in one.folder.glob("ledger.sqlite3*"):
        path.unlink()
    (one.folder / "older.sqlite3").rename(one.folder / "ledger.sqlite3")
    assert one.states() == ["SENDING"]
    store = one.store
    _ = store.ledger
    store.close()
    assert not one.collect().failures
    assert one.states() == ["KEPT"]


@pytest.mark.parametrize("act", [acts.nginx(503), acts.drop(), acts.answer(200, "<html>")])
def test_a_history_that_is_silent_for_a_moment_is_asked_again(new_store: Set, act: Act) -> None:
    """What passes must not cost a second payment."""
    new_store.wrong("history", act, times=3)
    assert delivered(new_store.render())
    assert new_store.paid == 3


def test_a_clock_that_is_weeks_ahead_hides_nothing(new_store: Set) -> None:
    """The history is asked by a date that this machine may have wrong."""
    new_store.clock = Clock(wrong=40 * 24 * 3600.0)
    assert delivered(new_store.render(pace=patient()))
    assert new_store.paid == 3


def test_the_history_is_asked_once_for_each_endpoint(three: Set) -> None:
    """However many shots are bought."""
    three.render()
    assert len(three.service.requests(place="history")) == 1


@pytest.mark.parametrize("code", [403, 500])
def test_without_the_history_it_is_said(one: Set, code: int) -> None:
    """A new purchase goes on: nothing hints at an older one."""
    one.wrong("history", acts.answer(code, {"detail": "no"}), times=None)
    assert delivered(one.render())
    assert any("can't be asked" in words for words in one.notices)


def test_a_failed_request_from_elsewhere_is_not_collected(three: Set, tmp_path: Path) -> None:
    """It brought no clip: what is wanted is bought."""
    three.wrong("submit", acts.fail(500, "it broke"))
    three.render(jobs=1)
    three.other_machine()
    three.folder = tmp_path / "another" / ".storyboard"
    assert delivered(three.render())
    assert three.paid == 3 + 1


# a ledger with gaps


def damaged(scene: Set) -> None:
    """The ledger lost its rows, and all other witnesses but the history are gone as well."""
    scene.other_machine()
    for path in scene.folder.glob("ledger.sqlite3*"):
        path.unlink()
    shutil.rmtree(scene.folder / "receipts")
    shutil.rmtree(scene.folder / "takes")


def test_after_a_rebuild_with_gaps_nothing_is_bought_without_the_history(one: Set) -> None:
    """Held while it can't be asked; collected once it can."""
    one.render()
    damaged(one)
    assert rebuild(one.store).doubt
    gone = one.service.inject(Fault("history", acts.answer(500, "no"), times=None))
    assert "may have gaps" in str(failure(one.render()))
    assert one.paid == 1
    gone.withdraw()
    assert delivered(one.render())
    assert one.paid == 1


def test_a_gap_is_bought_again_on_a_second_yes_alone(one: Set) -> None:
    """`--even-so`: the user takes the risk, and the next render pays."""
    one.render()
    damaged(one)
    rebuild(one.store)
    one.wrong("history", acts.answer(500, "no"), times=None)
    assert not rebuild(one.store, even_so=True).doubt
    assert delivered(one.render())
    assert one.paid == 2


def test_receipts_bring_back_what_was_in_flight(three: Set) -> None:
    """The ledger is gone: each receipt has the id, nothing is asked or bought."""
    outage = three.outage()
    three.render()
    outage.withdraw()
    for path in three.folder.glob("ledger.sqlite3*"):
        path.unlink()
    made = rebuild(three.store)
    assert (made.receipts, made.noted, made.salvaged) == (3, 0, 0)
    assert three.states() == ["SENT"] * 3
    assert delivered(three.collect())
    assert three.paid == 3


# another account


def test_another_accounts_key_learns_nothing_and_decides_nothing(one: Set) -> None:
    """404 for everything: it is held, not given up; with the right key it is collected."""
    outage = one.outage()
    one.render()
    outage.withdraw()
    mine, one.service.key = one.service.key, "other-key-id:other-key-secret"
    made = one.render()
    assert "another account's key" in str(failure(made))
    assert one.states() == ["SENT"]
    one.service.key = mine
    assert delivered(one.render())
    assert one.paid == 1


def test_a_fingerprint_tells_accounts_apart_and_nothing_else(one: Set) -> None:
    """Salted by the store, made of the public half."""
    first = Fal("key-id-1:secret-one").account("store")
    assert first == Fal("key-id-1:secret-two").account("store")
    assert first != Fal("key-id-2:secret-one").account("store")
    assert first != Fal("key-id-1:secret-one").account("other store")
    assert "key-id-1" not in first
    assert Fal(None).account("store") == ""
