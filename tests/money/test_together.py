"""Several programs at once, storyboards that share shots, and caps that hold for all of them."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from storyboard.errors import Charged, NotAllowed
from storyboard.ledger.place import LEDGER
from storyboard.ledger.rows import Caps, TakenAlready, Wish
from storyboard.store import Store
from storyboard.testing import Fault, acts
from tests.boards import board
from tests.money.client import DONE, Client, Orders, all_of
from tests.money.runs import Set, delivered, failure

forks = pytest.mark.skipif(sys.platform == "win32", reason="forks")


def clients(scene: Set, count: int, **more: int) -> list[Client]:
    """So many programs that render the same."""
    orders = Orders(scene.film, scene.folder, scene.service.environment, **more)  # type: ignore[arg-type]
    return [Client(orders) for _ in range(count)]


@forks
@pytest.mark.parametrize("count", [2, 4])
def test_programs_on_one_storyboard_pay_each_shot_once_and_all_succeed(
    stage: Callable[..., Set], count: int
) -> None:
    """Whoever comes first sends; the others follow."""
    six = stage(keyframes=7)
    six.wrong("submit", acts.hold(0.05), times=None)  # so that they meet
    assert all_of(clients(six, count)) == [DONE] * count
    assert six.paid == 6
    assert six.states() == ["KEPT"] * 6


@forks
def test_programs_that_fail_together_do_not_buy_again_for_one_another(
    stage: Callable[..., Set],
) -> None:
    """A request that one of them sent comes to nothing: the others report it."""
    two = stage(keyframes=3)
    two.wrong("submit", acts.fail_moderated(), times=None)
    two.service.inject(Fault("status", acts.hold(0.3), times=None))
    all_of(clients(two, 3))
    assert two.paid == 2


def test_a_shot_that_is_followed_is_not_bought_when_it_fails(one: Set) -> None:
    """In flight when planned, so priced at nothing: a failure is not an order for another."""
    # Given a request in flight, planned as such
    outage = one.outage()
    one.wrong("submit", acts.fail_moderated())
    one.render()
    outage.withdraw()
    # When its failure shows in the next run
    made = one.render()
    # Then that run reports it, and buys nothing
    assert "content checker" in str(failure(made))
    assert made.failures[0].charged is Charged.POSSIBLY
    assert one.paid == 1


def test_two_storyboards_share_a_shot_and_its_payment(
    stage: Callable[..., Set], tmp_path: Path
) -> None:
    """The same request in another film of the same store: there already."""
    first = stage(keyframes=3)
    assert delivered(first.render())
    other = Set(board(tmp_path, keyframes=4, name="other"), first.service, first.folder)
    assert other.plan().price_microusd == 252_000
    assert delivered(other.render())
    assert other.paid == 3


def wish(name: str, *, run: str = "run") -> Wish:
    """A request for $0.42 that is about to be paid for."""
    return Wish(name, "film.yaml", name, 1, run, "endpoint", {}, {}, 420_000)


def test_the_database_itself_forbids_two_live_requests_for_a_key(tmp_path: Path) -> None:
    """Not a convention: an index."""
    store = Store(tmp_path / "store")
    ledger = store.ledger
    ledger.intend("a", wish("key"))
    with pytest.raises(TakenAlready) as taken:
        ledger.intend("b", wish("key"))
    assert taken.value.row.intent == "a"
    with (
        closing(sqlite3.connect(store.folder / LEDGER)) as db,
        pytest.raises(sqlite3.IntegrityError, match="UNIQUE"),
    ):
        db.execute(
            "INSERT INTO requests (intent, key, storyboard, shot, take, run, endpoint, canonical,"
            " arguments, state, estimate, intended_at) SELECT 'b', key, storyboard, shot, take,"
            " run, endpoint, canonical, arguments, state, estimate, intended_at FROM requests"
        )


def test_a_cap_is_kept_to_the_cent_inside_the_transaction(tmp_path: Path) -> None:
    """$1.00 and shots of $0.42: exactly two, whatever happens at once."""
    one, other = Store(tmp_path / "store").ledger, Store(tmp_path / "store").ledger
    caps = Caps(storyboard=1_000_000)
    one.intend("a", wish("a", run="one"), caps)
    other.intend("b", wish("b", run="other"), caps)
    with pytest.raises(NotAllowed, match=r"costs \$0.42, \$0.84 are spent.*budget is \$1.00"):
        one.intend("c", wish("c", run="one"), caps)
    # What was refused or given back counts no more
    other.settle("b", "REFUSED", "no", charged=Charged.NO)
    one.intend("c", wish("c", run="one"), caps)


@forks
def test_programs_at_once_keep_a_budget_together(stage: Callable[..., Set]) -> None:
    """A budget of two shots, two programs, five shots: exactly two are paid."""
    five = stage(keyframes=6, extra=["budget: 0.60"])
    all_of(clients(five, 2))
    assert five.paid == 2
    assert sorted(five.states()) == ["KEPT", "KEPT"]


def test_a_budget_that_is_reached_stops_exactly_and_brings_home_what_is_paid(
    stage: Callable[..., Set],
) -> None:
    """The cap in the middle of a run: paid shots finish, the others say why not."""
    five = stage(keyframes=6, extra=["budget: 0.60"])
    made = five.render(jobs=2)
    assert five.paid == 2
    assert len(made.clips) == 2
    assert len(made.failures) == 3
    assert all("budget is $0.60" in str(one.error) for one in made.failures)
    assert all(isinstance(one.error, NotAllowed) for one in made.failures)
    assert made.cost_microusd == 504_000


def test_a_cap_of_the_run_counts_this_run_alone(stage: Callable[..., Set]) -> None:
    """--max-cost is for what this run pays; what was paid before is not in it."""
    three = stage(keyframes=4)
    assert len(three.render(max_cost=300_000).clips) == 1
    assert len(three.render(max_cost=300_000).clips) == 2
    assert delivered(three.render(max_cost=300_000))
    assert three.paid == 3
