"""What a user has sent from a machine is known outside of each store: no copy of one pays for the
same, and no ledger that is gone or older than it was forgets money."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import closing
from pathlib import Path

import pytest

from storyboard.accounting.rebuilding import rebuild
from storyboard.accounting.resolving import Decision, resolve
from storyboard.errors import NotAllowed
from storyboard.fal import Fal, key
from storyboard.ledger.place import LEDGER
from storyboard.ledger.user_record import FILE, VARIABLE, usual_folder
from storyboard.testing import Clock, Fault, acts
from tests.money.client import DONE, Client, Orders, all_of
from tests.money.runs import Set, delivered, failure, patient

forks = pytest.mark.skipif(sys.platform == "win32", reason="forks")
TAKE = 252_000


def opened(scene: Set) -> None:
    """A store with a ledger in which there is nothing yet."""
    store = scene.store
    _ = store.ledger
    store.close()


def copied(scene: Set, tmp_path: Path) -> Set:
    """The same film with a copy of its store."""
    folder = tmp_path / "copy" / ".storyboard"
    shutil.copytree(scene.folder, folder)
    return Set(scene.film, scene.service, folder, scene.clock)


def with_budget(scene: Set, takes: int) -> None:
    """A budget of so many takes."""
    text = scene.film.read_text()
    scene.film.write_text(f"{text}\nbudget: {(takes * TAKE + 1000) / 1e6:.6f}\n")


def late(scene: Set) -> None:
    """The history lists nothing, for as long as it is asked."""
    scene.service.inject(Fault("history", acts.empty_page(), times=None))


def older(scene: Set, tmp_path: Path) -> None:
    """The backup that `copied` made comes back in the store's place."""
    shutil.rmtree(scene.folder)
    shutil.copytree(tmp_path / "copy" / ".storyboard", scene.folder)


def allow_another(scene: Set) -> None:
    """The user says yes to paying once more, though nobody knows."""
    with scene.service.applied(), closing(Fal(key.find())) as fal, closing(scene.store) as store:
        resolve(store, scene.film, "sh010", Decision.RESUBMIT, service=fal, even_so=True)


# two stores


def test_a_store_and_its_copy_pay_once_though_the_history_is_late(
    three: Set, tmp_path: Path
) -> None:
    """What the first has sent, the second collects, before the account's history lists it."""
    opened(three)
    other = copied(three, tmp_path)
    late(three)
    assert delivered(three.render())
    assert delivered(other.render())
    assert three.paid == 3
    assert [row.intent for row in other.rows()] == [row.intent for row in three.rows()]


def test_a_store_that_has_never_been_one_with_it_pays_nothing_again(
    three: Set, tmp_path: Path
) -> None:
    """Two folders of one project on one machine, both new."""
    other = Set(three.film, three.service, tmp_path / "other" / ".storyboard")
    late(three)
    assert delivered(three.render())
    assert delivered(other.render())
    assert three.paid == 3
    assert any("from elsewhere" in words for words in other.notices)


@forks
@pytest.mark.parametrize("copies", [1, 3])
def test_stores_of_one_backup_that_pay_at_the_same_time_pay_once(
    three: Set, tmp_path: Path, copies: int
) -> None:
    """Whoever comes first sends; all others follow that."""
    opened(three)
    stores = [three.folder]
    for number in range(copies):
        stores.append(tmp_path / f"copy-{number}" / ".storyboard")
        shutil.copytree(three.folder, stores[-1])
    late(three)
    three.wrong("submit", acts.hold(0.1, accepted=True), times=None)  # so that they meet
    for _ in range(2):  # what was still being sent is collected by the next run
        orders = [Orders(three.film, store, three.service.environment) for store in stores]
        ended = all_of([Client(one) for one in orders])
    assert ended == [DONE] * len(stores)
    assert three.paid == 3


def test_another_account_pays_for_itself(one: Set, tmp_path: Path) -> None:
    """It can't collect what the first one paid."""
    late(one)
    assert delivered(one.render())
    one.service.key = "other-key-id:other-key-secret"
    other = Set(one.film, one.service, tmp_path / "other" / ".storyboard")
    assert delivered(other.render())
    assert one.paid == 2


def test_after_a_month_another_store_buys_for_itself(one: Set, tmp_path: Path) -> None:
    """The service keeps nothing for so long."""
    one.clock = Clock()
    late(one)
    assert delivered(one.render(pace=patient()))
    one.clock.advance(31 * 24 * 3600.0)
    other = Set(one.film, one.service, tmp_path / "other" / ".storyboard", one.clock)
    assert delivered(other.render(pace=patient()))
    assert one.paid == 2


def test_what_another_store_has_lost_the_answer_to_is_not_sent_from_here(
    one: Set, tmp_path: Path
) -> None:
    """Nobody knows whether it was accepted: it is unknown here as well, and found once listed."""
    opened(one)
    other = copied(one, tmp_path)
    hidden = one.service.inject(Fault("history", acts.empty_page(), times=None))
    one.wrong("submit", acts.drop(accepted=True))
    one.render()
    assert "answer was lost" in str(failure(other.render()))
    assert other.states() == ["SENDING"]
    hidden.withdraw()
    assert delivered(other.render())
    assert one.paid == 1


# a ledger that forgot


@pytest.mark.parametrize("how", ["deleted", "older"])
def test_money_that_came_to_nothing_is_not_forgotten_with_the_ledger(
    one: Set, tmp_path: Path, how: str
) -> None:
    """Allowed again, and settled: no receipt has it, and the budget still counts it."""
    with_budget(one, 2)
    opened(one)
    copied(one, tmp_path)
    late(one)
    one.wrong("submit", acts.drop(accepted=True))
    one.render()
    allow_another(one)
    assert delivered(one.render())
    if how == "older":
        older(one, tmp_path)
    else:
        for path in one.folder.glob(f"{LEDGER}*"):
            path.unlink()
        rebuild(one.store)
    one.film.write_text(one.film.read_text().replace("rolls on to 1", "leaps on to 1"))
    assert isinstance(failure(one.render()), NotAllowed)
    assert one.paid == 2
    assert sorted(row.state for row in one.rows()) == ["KEPT", "RELEASED"]


def test_rebuild_says_what_only_the_users_record_knew(three: Set) -> None:
    """Ledger, receipts and takes are gone: all three are known, and collected."""
    three.render()
    for path in three.folder.glob(f"{LEDGER}*"):
        path.unlink()
    shutil.rmtree(three.folder / "takes")
    late(three)
    assert rebuild(three.store).recorded == 3
    assert delivered(three.render())
    assert three.paid == 3


def test_a_refused_request_that_was_sent_again_is_open_in_an_older_ledger(
    one: Set, tmp_path: Path
) -> None:
    """Refused when the backup was made; sent again since, under the same intent."""
    one.clock = Clock()
    busy = one.service.inject(Fault("submit", acts.too_many(), times=None))
    one.render(pace=patient())
    assert one.states() == ["REFUSED"]
    copied(one, tmp_path)
    busy.withdraw()
    one.clock.advance(60.0)
    one.wrong("submit", acts.drop(accepted=True))
    late(one)
    one.render(pace=patient())
    older(one, tmp_path)
    one.render(pace=patient())
    assert one.paid == 1
    assert "SENDING" in one.states()


# a machine that knows nothing


def test_an_older_store_knows_all_that_was_paid_before_it_pays(three: Set, tmp_path: Path) -> None:
    """The second and third shot were bought: the history is asked for them before the first is."""
    with_budget(three, 2)
    opened(three)
    copied(three, tmp_path)
    three.wrong("submit", acts.moderated())
    three.render(jobs=1)
    assert three.paid == 2
    older(three, tmp_path)
    three.other_machine()
    assert isinstance(failure(three.render(jobs=1)), NotAllowed)
    assert three.paid == 2
    assert [row.shot for row in three.rows()] == ["sh020", "sh030"]
    assert three.states() == ["KEPT", "KEPT"]


def test_a_payment_that_fills_no_take_counts_as_well(one: Set, tmp_path: Path) -> None:
    """Paid twice with a yes: an older store reserves both, and collects one."""
    with_budget(one, 2)
    opened(one)
    copied(one, tmp_path)
    hidden = one.service.inject(Fault("history", acts.empty_page(), times=None))
    one.wrong("submit", acts.drop(accepted=True))
    one.render()
    allow_another(one)
    assert delivered(one.render())
    hidden.withdraw()
    older(one, tmp_path)
    one.other_machine()
    assert delivered(one.render())
    assert sorted(one.states()) == ["KEPT", "RELEASED"]
    assert any("count against the budget" in words for words in one.notices)
    one.film.write_text(one.film.read_text().replace("rolls on to 1", "leaps on to 1"))
    assert isinstance(failure(one.render()), NotAllowed)
    # and where a second take is wanted, it is that one
    text = one.film.read_text().replace("leaps on to 1}", "rolls on to 1, takes: 2}")
    one.film.write_text(text)
    assert delivered(one.render())
    assert one.paid == 2


# where it is


def test_where_it_can_not_be_kept_the_ledger_stands_alone_and_it_is_said(
    one: Set, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in its folder's place, say."""
    (tmp_path / "file").write_text("")
    place = one.service.environment | {VARIABLE: str(tmp_path / "file" / "state")}
    monkeypatch.setattr(type(one.service), "environment", place)
    assert delivered(one.render())
    assert one.paid == 1
    assert any("in the store's ledger alone" in words for words in one.notices)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_record_that_can_not_be_read_stops_nothing(one: Set, content: bytes) -> None:
    """It is a help, and no condition."""
    folder = Path(one.service.environment[VARIABLE])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_bytes(content)
    assert delivered(one.render())
    assert one.paid == 1


@pytest.mark.skipif(os.name == "nt", reason="modes")
def test_nobody_else_can_read_it(one: Set) -> None:
    """Words and addresses are the user's."""
    one.render()
    folder = Path(one.service.environment[VARIABLE])
    assert folder.stat().st_mode & 0o77 == 0
    assert all(path.stat().st_mode & 0o77 == 0 for path in folder.iterdir())


def test_it_lies_where_the_variable_or_the_system_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """`STORYBOARD_STATE`, else the user's state."""
    monkeypatch.setenv(VARIABLE, "~/elsewhere")
    assert usual_folder() == Path.home() / "elsewhere"
    monkeypatch.delenv(VARIABLE)
    assert usual_folder().name == "storyboard"
    assert usual_folder().is_relative_to(Path.home())
