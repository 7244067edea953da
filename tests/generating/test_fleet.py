"""Many machines on one media place and one account: nothing is bought twice, no time is lost, and a
shot costs as many looks whether there are few of them or many."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from storyboard.depot.claims import Claim, Claims
from storyboard.depot.protocol import LISTED, lasting
from storyboard.generating.machines import Neighbours
from storyboard.store import Store
from storyboard.testing import Clock
from tests.generating.fleet import CountingDepot, Fleet, ideal, play

if sys.platform == "win32":
    pytest.skip("one machine's locks do not tell threads apart there", allow_module_level=True)

AGE = 7.5
KEY = "a" * 64


def sound(fleet: Fleet) -> bool:
    """Whether each shot was paid for once, and all came home in hardly more than they have to."""
    assert fleet.failures == []
    once = fleet.paid == fleet.keys == fleet.shots
    return once and fleet.home < 1.05 * fleet.ideal


def test_machines_share_a_film_and_each_shot_costs_as_many_looks(tmp_path: Path) -> None:
    """Three want the very same, for one account: within a twentieth of the best there can be."""
    few, many = (
        play(tmp_path / str(shots), shots=shots, machines=3, limit=4, jobs=3) for shots in (12, 36)
    )
    assert sound(few)
    assert sound(many)
    assert many.looks / many.shots < 1.2 * few.looks / few.shots < 30
    assert many.requests / many.shots < 1.2 * few.requests / few.shots


def test_machines_with_films_of_their_own_do_not_follow_each_other(tmp_path: Path) -> None:
    """Nor is anything fetched; the claims of all are still made in one place."""
    fleet = play(tmp_path, shots=24, machines=3, limit=4, jobs=3, apart=True)
    assert sound(fleet)
    assert fleet.place.get("fetch", 0) == 0
    assert fleet.place["create"] >= 2 * fleet.shots  # a claim and a note


def test_the_best_schedule_is_that_of_lists() -> None:
    """Each begins in its turn, where a slot is free."""
    assert ideal([3, 1, 1, 1], 2) == 3
    assert ideal([1, 1, 1], 1) == 3
    assert ideal([2, 2, 3], 2) == 5


def test_a_long_listing_is_made_seldom() -> None:
    """Ten thousand names are not listed every few seconds, where nothing hangs on it."""
    assert lasting(10, least=5.0) == 5.0
    assert lasting(100 * LISTED, least=5.0) == 100.0


def test_a_claim_that_was_met_after_the_last_look_holds_until_the_next(tmp_path: Path) -> None:
    """The listing is older than the claim: that it lacks it says nothing."""
    clock, depot = Clock(), CountingDepot()
    near = Neighbours(Store(tmp_path / "store", media=depot, clock=clock), clock, {KEY})
    assert near.buying(KEY, age=AGE, known=None, since=0.0) is None
    clock.advance(1.0)
    met = Claims(depot).take(Claim(KEY, "theirs", "an intent", "ana@ws3", clock.time()))
    assert near.buying(KEY, age=AGE, known=met, since=clock.monotonic()) == met
    assert near.until_next(age=AGE) == AGE - 1.0
    # And once it has ended, the next look says so
    Claims(depot).end(met, "came to nothing")
    clock.advance(AGE)
    assert near.buying(KEY, age=AGE, known=met, since=1.0) is None


def test_the_notes_of_a_place_are_read_once(tmp_path: Path) -> None:
    """However often it is asked what others have brought since."""
    depot = CountingDepot()
    for number in range(3):
        depot.create(f"takes/{number:064x}.json", b'{"bytes": 1}\n')
    store = Store(tmp_path / "store", media=depot, clock=Clock())
    assert store.shared is not None
    assert len(store.shared.learn()) == 3
    read = depot.asked["read"]
    assert store.shared.learn() == []
    assert depot.asked["read"] == read
