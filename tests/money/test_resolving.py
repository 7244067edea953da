"""Decisions of the user: informed, and with a way back by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from storyboard.accounting.rebuilding import rebuild
from storyboard.accounting.resolving import Decision, adopt, bring, correct, resolve
from storyboard.errors import MediaError, NotAllowed, StoryboardError
from storyboard.fal import Fal
from storyboard.ledger.rows import Sums
from storyboard.ledger.sqlite import SqliteLedger
from storyboard.testing import Fault, acts
from storyboard.testing.acts import Act
from storyboard.testing.faults import Injection
from tests.money.runs import Set, delivered


@contextmanager
def service_of(scene: Set) -> Iterator[Fal]:
    """The service, with its key."""
    with scene.service.applied():
        fal = Fal(scene.service.key)
        try:
            yield fal
        finally:
            fal.close()


@pytest.fixture
def unknown(one: Set) -> tuple[Set, Injection]:
    """A shot whose answer was lost, and a history that lists nothing until it is withdrawn."""
    one.wrong("submit", acts.drop(accepted=True))
    nothing = one.service.inject(Fault("history", acts.answer(200, {"items": []}), times=None))
    one.render()
    assert one.states() == ["SENDING"]
    return one, nothing


def aged(scene: Set, *, seconds: float) -> None:
    """The request was sent so long ago."""
    scene.tamper("UPDATE requests SET intended_at = intended_at - ?", seconds)


WITHOUT_A_WORD = (
    acts.answer(500, {"detail": "broken"}),
    acts.answer(401, {"detail": "no"}),
    acts.answer(403, {"detail": "no"}),
    acts.nginx(503),
    acts.answer(200, "<html>hello</html>"),
    acts.answer(200, {"hello": "world"}),
    acts.drop(reset=True),
    acts.drop(),
)


@pytest.mark.parametrize("act", WITHOUT_A_WORD)
@pytest.mark.parametrize("decision", Decision)
def test_nothing_is_decided_while_the_history_can_not_be_asked(
    unknown: tuple[Set, Injection], act: Act, decision: Decision
) -> None:
    """Whatever it answers: it stays unknown, nothing is bought, and it is found later."""
    scene, nothing = unknown
    aged(scene, seconds=3600)
    nothing.withdraw()
    broken = scene.service.inject(Fault("history", act, times=None))
    with service_of(scene) as fal:
        (done,) = resolve(scene.store, scene.film, "sh010", decision, service=fal)
    assert done.undecided
    assert "`even_so=True`" in done.outcome
    assert "$0.252" in done.outcome
    assert scene.states() == ["SENDING"]
    broken.withdraw()
    assert delivered(scene.render())
    assert scene.paid == 1


def test_nothing_is_decided_where_the_history_lists_two(unknown: tuple[Set, Injection]) -> None:
    """Doubt is for people: it is said, and asked about again."""
    scene, nothing = unknown
    aged(scene, seconds=3600)
    nothing.withdraw()
    scene.wrong("history", acts.twins(), times=None)
    with service_of(scene) as fal:
        (done,) = resolve(scene.store, scene.film, "sh010", Decision.RESUBMIT, service=fal)
    assert done.undecided or done.request_id
    assert scene.states() != ["RELEASED"]


def test_it_may_be_too_early_to_tell(unknown: tuple[Set, Injection]) -> None:
    """A silent history proves something once it had the time to speak."""
    scene, _ = unknown
    with service_of(scene) as fal:
        (early,) = resolve(scene.store, scene.film, "sh010", Decision.RESUBMIT, service=fal)
        aged(scene, seconds=3600)
        (later,) = resolve(scene.store, scene.film, "sh010", Decision.RESUBMIT, service=fal)
    assert early.undecided
    assert not later.undecided
    assert scene.states() == ["RELEASED"]


def test_an_id_by_hand_is_checked_and_collected(unknown: tuple[Set, Injection]) -> None:
    """What the history lists under this id has to be what was sent."""
    scene, nothing = unknown
    nothing.withdraw()
    (sent,) = scene.service.paid
    with service_of(scene) as fal:
        done = adopt(scene.store, scene.film, "sh010", sent.request_id, service=fal)
    assert "storyboard resume" in done.outcome
    assert delivered(scene.collect())
    assert scene.paid == 1


def test_the_id_of_another_request_is_refused(three: Set) -> None:
    """Other words, other pictures, or known here already: refused, also even so."""
    three.wrong("submit", acts.drop(accepted=True))
    nothing = three.service.inject(Fault("history", acts.answer(200, {"items": []}), times=None))
    three.render(jobs=1)
    nothing.withdraw()
    lost, *others = three.service.paid
    assert lost.request_id
    for other in others:
        with service_of(three) as fal, pytest.raises(NotAllowed):
            adopt(three.store, three.film, "sh010", other.request_id, service=fal, even_so=True)


def test_an_id_that_nobody_vouches_for_needs_a_second_yes(unknown: tuple[Set, Injection]) -> None:
    """The history does not list it (yet)."""
    scene, _ = unknown
    (sent,) = scene.service.paid
    with service_of(scene) as fal:
        with pytest.raises(NotAllowed, match="`even_so=True`"):
            adopt(scene.store, scene.film, "sh010", sent.request_id, service=fal)
        adopt(scene.store, scene.film, "sh010", sent.request_id, service=fal, even_so=True)
    assert delivered(scene.collect())
    assert scene.paid == 1


def test_a_clip_by_hand_is_the_take(unknown: tuple[Set, Injection], tmp_path: Path) -> None:
    """Downloaded from one's own account: checked, copied, kept; nothing more is bought."""
    scene, nothing = unknown
    nothing.withdraw()
    with service_of(scene) as fal:
        (past,) = fal.find(scene.rows()[0].endpoint)
        assert past.outcome is not None
        clip = tmp_path / "downloaded.mp4"
        clip.write_bytes(scene.service.cdn.content(past.outcome.address) or b"")
    with pytest.raises(MediaError):
        bring(scene.store, scene.film, "sh010", scene.film)
    bring(scene.store, scene.film, "sh010", clip)
    assert clip.exists()
    assert scene.states() == ["KEPT"]
    assert delivered(scene.render())
    assert scene.paid == 1


def test_possibly_charged_is_corrected_by_the_bill(one: Set) -> None:
    """A budget is not blocked for ever; the journal says who said so."""
    one.wrong("submit", acts.fail(422, "flagged"))
    one.render()
    assert one.store.sums(one.film) == Sums(possible=252_000)
    correct(one.store, one.film, "sh010", 84_000)
    assert one.store.sums(one.film) == Sums(spent=84_000)
    assert "by the user" in one.store.ledger.journal()[-1]["detail"]
    with pytest.raises(StoryboardError, match="ledger costs"):
        correct(one.store, one.film, "sh010", 0)


# rebuilding


@pytest.mark.parametrize("words", ["disk I/O error", "database is locked", "unable to open"])
def test_passing_trouble_is_no_damage(
    three: Set, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ledger that opens at the second try stays where it is."""
    from storyboard.accounting import rebuilding
    from storyboard.ledger.tables_sql import broken

    monkeypatch.setattr(rebuilding, "BETWEEN", 0.0)
    outage = three.outage()
    three.render()
    outage.withdraw()
    before, left = three.rows(), [1]
    real = SqliteLedger.verify

    def verify(self: SqliteLedger) -> list[str]:
        if left:
            left.pop()
            raise broken(self.path, sqlite3.OperationalError(words))
        return real(self)

    monkeypatch.setattr(SqliteLedger, "verify", verify)
    made = rebuild(three.store)
    assert made.old is None
    assert three.rows() == before


def test_trouble_that_does_not_pass_changes_nothing(
    one: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file itself is sound: it is said, and left alone."""
    from storyboard.accounting import rebuilding
    from storyboard.errors import StoreError
    from storyboard.ledger.tables_sql import broken

    monkeypatch.setattr(rebuilding, "BETWEEN", 0.0)
    one.render()
    before = sorted(path.name for path in one.folder.iterdir())

    def verify(self: SqliteLedger) -> list[str]:
        raise broken(self.path, sqlite3.OperationalError("disk I/O error"))

    monkeypatch.setattr(SqliteLedger, "verify", verify)
    with pytest.raises(StoreError, match="Nothing was changed"):
        rebuild(one.store)
    assert sorted(path.name for path in one.folder.iterdir()) == before


@pytest.mark.parametrize("receipts", [True, False])
def test_a_damaged_page_costs_at_most_its_own_rows(
    stage: Callable[..., Set], receipts: bool
) -> None:
    """One page of many is overwritten: the rest comes back, and nothing is bought twice."""
    scene = stage(keyframes=9)
    outage = scene.outage()
    scene.render()
    outage.withdraw()
    path = scene.folder / "ledger.sqlite3"
    _checkpoint(path)
    content = path.read_bytes()
    intent = scene.rows()[0].intent.encode()
    leaf = next(
        number
        for number in range(len(content) // 4096)
        if content[number * 4096] == 0x0D
        and intent in content[number * 4096 :][:4096]
        and b"start_image_url" in content[number * 4096 :][:4096]
    )
    path.write_bytes(content[: leaf * 4096] + bytes(4096) + content[(leaf + 1) * 4096 :])
    if not receipts:
        for receipt in (scene.folder / "receipts").iterdir():
            receipt.unlink()
    made = rebuild(scene.store)
    assert made.old is not None
    assert made.doubt
    assert made.salvaged + made.receipts == 8 if receipts else made.salvaged < 8
    assert delivered(scene.render())
    assert scene.paid == 8


def _checkpoint(path: Path) -> None:
    """All of the ledger in its file, and none in its log."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_a_rebuilt_ledger_has_the_old_journal(three: Set) -> None:
    """Every line that can still be read, in its order, before what the rebuilding adds."""
    three.render(jobs=1)
    store = three.store
    before = [tuple(line.values())[1:] for line in store.ledger.journal()]
    store.close()
    path = three.folder / "ledger.sqlite3"
    _checkpoint(path)
    content = path.read_bytes()
    path.write_bytes(content[:16] + bytes(84) + content[100:])
    assert rebuild(three.store).old is not None
    after = [tuple(line.values())[1:] for line in three.store.ledger.journal()]
    assert after[: len(before)] == before
    assert {line[2] for line in after[len(before) :]} == {"rebuilt"}


def test_leftovers_among_the_takes_mislead_nobody(one: Set) -> None:
    """A kill's `.coming-` file, a file manager's `._` file, a copy with a number."""
    (key,) = one.render().clips
    takes = one.folder / "takes"
    note = (takes / f"{key}.json").read_text()
    (takes / ".coming-1234.json").write_text(note)
    for name in (f"._{key}.mp4", f"._{key}.json", f"{key} (1).mp4", f"{key} 2.json"):
        (takes / name).write_bytes(b"\0\5\x16\7")
    for path in one.folder.glob("ledger.sqlite3*"):
        path.unlink()
    made = rebuild(one.store)
    assert made.noted == 1
    assert [row.key for row in one.rows()] == [key]
    assert delivered(one.render())
    assert one.paid == 1
