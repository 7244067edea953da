"""The ledger by itself: states, sums, the journal, and the file."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from storyboard.errors import Charged, StoreError
from storyboard.ledger import pages, receipts
from storyboard.ledger.rows import Sums, Wish
from storyboard.ledger.sqlite import SqliteLedger

URLS = {"status_url": "https://a", "response_url": "https://b", "cancel_url": "https://c"}


def wish(key: str = "key", *, price: int = 420_000) -> Wish:
    """A request that is about to be paid for."""
    sent = {"prompt": "A ball"}
    return Wish(key, "film.yaml", "sh010", 1, "run", "endpoint", {"take": 1}, sent, price)


@pytest.fixture
def ledger(tmp_path: Path) -> SqliteLedger:
    """A new one."""
    return SqliteLedger.open(tmp_path / "ledger.sqlite3", create=True)


def test_a_request_goes_from_intent_to_kept(ledger: SqliteLedger) -> None:
    """Each line is in the journal, with what it was about."""
    ledger.intend("a", wish())
    assert ledger.sums() == Sums(reserved=420_000)
    assert ledger.sent("a", "id-1", URLS)
    ledger.done("a", {"video": {"url": "https://clip"}}, 400_000)
    assert ledger.sums() == Sums(spent=400_000)
    ledger.kept("a")
    row = ledger.row("a")
    assert (row.state, row.request_id, row.urls, row.cost) == ("KEPT", "id-1", URLS, 400_000)
    assert row.arguments == {"prompt": "A ball"}
    events = [(line["event"], line["detail"]) for line in ledger.journal()]
    assert events == [("intended", "$0.42"), ("sent", "id-1"), ("done", "$0.40"), ("kept", "")]


def test_a_refused_request_is_intended_again_in_its_own_row(ledger: SqliteLedger) -> None:
    """One row for one request, however often it was tried."""
    for _ in range(3):
        ledger.intend("a", wish())
        ledger.settle("a", "REFUSED", "later", charged=Charged.NO)
    assert [row.state for row in ledger.rows()] == ["REFUSED"]
    assert ledger.sums() == Sums()
    assert len(ledger.journal()) == 6


def test_a_request_that_was_accepted_can_not_be_intended_again(ledger: SqliteLedger) -> None:
    """Neither under its own intent nor under another."""
    from storyboard.ledger.rows import TakenAlready

    ledger.intend("a", wish())
    ledger.sent("a", "id-1", URLS)
    for intent in ("a", "b"):
        with pytest.raises(TakenAlready):
            ledger.intend(intent, wish())


@pytest.mark.parametrize(
    ("charged", "sums"),
    [
        (Charged.NO, Sums()),
        (Charged.POSSIBLY, Sums(possible=420_000)),
        (Charged.YES, Sums(spent=420_000)),
    ],
)
def test_what_came_to_nothing_counts_by_what_was_charged(
    ledger: SqliteLedger, charged: Charged, sums: Sums
) -> None:
    """Not, possibly, or certainly."""
    ledger.intend("a", wish())
    ledger.sent("a", "request-1", {})
    ledger.settle("a", "FAILED", "it failed", charged=charged)
    assert ledger.sums() == sums


@pytest.mark.parametrize("state", ["LOST", "ABANDONED"])
def test_what_was_lost_or_given_up_keeps_its_key(ledger: SqliteLedger, state: str) -> None:
    """Until the user releases it."""
    ledger.intend("a", wish())
    ledger.sent("a", "request-1", {})
    ledger.settle("a", state, "gone", charged=Charged.POSSIBLY)
    assert ledger.live("key") is not None
    ledger.settle("a", "RELEASED", "by the user", charged=Charged.POSSIBLY)
    assert ledger.live("key") is None
    ledger.intend("b", wish())


@pytest.mark.parametrize("state", ["REFUSED", "FAILED", "CANCELLED", "LOST"])
def test_a_verdict_that_comes_too_late_is_none(ledger: SqliteLedger, state: str) -> None:
    """Somebody else has its clip already: it stays what it is."""
    ledger.intend("a", wish())
    ledger.sent("a", "request-1", {})
    ledger.done("a", {}, None)
    if state != "LOST":
        assert not ledger.settle("a", state, "late", charged=Charged.NO)
    assert not ledger.settle("a", "RELEASED", "late", charged=Charged.NO, known=("SENDING",))
    assert ledger.row("a").state == "DONE"


def test_an_id_that_another_request_has_is_refused(ledger: SqliteLedger) -> None:
    """Two requests under one id: nothing is certain any more."""
    ledger.intend("a", wish("one"))
    ledger.intend("b", wish("other"))
    ledger.sent("a", "id-1", URLS)
    with pytest.raises(StoreError, match="id-1 belongs to another request"):
        ledger.sent("b", "id-1", URLS)
    assert ledger.row("b").state == "SENDING"


def test_an_id_that_was_anothers_all_the_time_is_taken_from_who_has_it(
    ledger: SqliteLedger,
) -> None:
    """What was at home by it is looked for again, and its receipt is there again."""
    ledger.intend("a", wish("one"))
    ledger.intend("b", wish("other"))
    ledger.sent("b", "id-1", URLS)
    ledger.kept("b")
    ledger.disown("id-1", given_to="a")
    assert (ledger.row("b").state, ledger.row("b").request_id) == ("SENDING", None)
    receipt = receipts.row_of(ledger.folder, "b")
    assert receipt is not None
    assert (receipt.state, receipt.arguments) == ("SENDING", ledger.row("b").arguments)
    assert ledger.sent("a", "id-1", URLS)


def test_lines_of_the_journal_can_not_be_changed(ledger: SqliteLedger) -> None:
    """Append-only, by the database."""
    ledger.intend("a", wish())
    for change in ("DELETE FROM journal", "UPDATE journal SET detail = 'nothing'"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            ledger._connection.execute(change)


def test_everything_is_on_the_disk_at_once(ledger: SqliteLedger, tmp_path: Path) -> None:
    """Another connection sees it, and the settings are those of paper."""
    ledger.intend("a", wish())
    other = SqliteLedger.peek(ledger.path)
    assert other is not None
    assert [row.intent for row in other.rows()] == ["a"]
    pragma = ledger._connection.execute
    assert pragma("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert pragma("PRAGMA synchronous").fetchone()[0] == 2


def test_reading_writes_nothing(ledger: SqliteLedger) -> None:
    """A ledger that is peeked at refuses to be written."""
    other = SqliteLedger.peek(ledger.path)
    assert other is not None
    with pytest.raises(StoreError):
        other.intend("a", wish())


def test_a_ledger_that_was_begun_and_never_made_is_none_yet(tmp_path: Path) -> None:
    """Killed between the file and its tables: empty, so nothing was ever in it."""
    path = tmp_path / "ledger.sqlite3"
    sqlite3.connect(path).execute("PRAGMA journal_mode = WAL")
    assert SqliteLedger.peek(path) is None
    SqliteLedger.open(path, create=True).intend("a", wish())


def test_a_ledger_that_lost_everything_is_refused(tmp_path: Path) -> None:
    """An empty file where a ledger must be is not a new one."""
    path = tmp_path / "ledger.sqlite3"
    path.touch()
    with pytest.raises(StoreError, match="not a ledger any more"):
        SqliteLedger.open(path, create=False)
    assert path.read_bytes() == b""


def test_an_address_of_a_former_version_is_known_as_shared(ledger: SqliteLedger) -> None:
    """Former versions kept addresses to send them again: time tells such requests apart."""
    ledger._connection.execute("INSERT INTO uploads VALUES ('digest', 'https://one', 1.0)")
    assert ledger.shared({"prompt": "A ball", "start_image_url": "https://one", "seed": 7})
    assert not ledger.shared({"start_image_url": "https://other"})
    assert not ledger.shared({})


def test_money_is_whole_micro_dollars(ledger: SqliteLedger) -> None:
    """The database takes nothing else."""
    with pytest.raises(StoreError):
        ledger.intend("a", wish(price=-1))
    assert json.dumps(ledger.sums().total) == "0"


def test_a_row_knows_every_shot_that_its_request_is_for(ledger: SqliteLedger) -> None:
    """In the ledger, in the receipt, and when it is put back."""
    ledger.intend("a", replace(wish(), covers=("sh010", "sh020")))
    assert ledger.row("a").shots == ("sh010", "sh020")
    assert [row.shots for row in receipts.rows(ledger.folder)] == [("sh010", "sh020")]
    ledger.adopt(replace(ledger.row("a"), intent="b", key="other"))
    assert ledger.row("b").covers == ("sh010", "sh020")
    ledger.intend("c", wish("alone"))
    assert (ledger.row("c").covers, ledger.row("c").shots) == ((), ("sh010",))


def test_a_damaged_page_still_says_every_shot(ledger: SqliteLedger) -> None:
    """Read page by page, as SQLite would read it."""
    ledger.intend("a", replace(wish(), covers=("sh010", "sh020")))
    ledger.close()
    assert [row.covers for row in pages.rows_in(ledger.path)] == [("sh010", "sh020")]


@pytest.mark.parametrize("version", [1, 2])
def test_a_ledger_of_an_earlier_version_goes_on(tmp_path: Path, version: int) -> None:
    """Its rows are for the one shot that they name; what is written from now on says them all."""
    path = tmp_path / "ledger.sqlite3"
    with closing(SqliteLedger.open(path, create=True)) as ledger:
        ledger.intend("old", wish())
    with closing(sqlite3.connect(path)) as db:
        db.execute("ALTER TABLE requests DROP COLUMN covers")
        if version == 1:
            db.execute("ALTER TABLE requests DROP COLUMN account")
            db.execute("DROP TABLE about")
        db.execute(f"PRAGMA user_version = {version}")
    peeked = SqliteLedger.peek(path)
    assert peeked is not None
    with closing(peeked):
        assert peeked.row("old").shots == ("sh010",)
    with closing(SqliteLedger.open(path, create=False)) as ledger:
        assert ledger.row("old").shots == ("sh010",)
        ledger.intend("new", replace(wish("other"), covers=("sh010", "sh020")))
        assert ledger.row("new").shots == ("sh010", "sh020")
        assert ledger.about("store") == ""
