"""The roll of a storyboard: whoever is entered knows all that came before, without a listing."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from storyboard.depot.claims import Claim, mark_of_claim
from storyboard.depot.on_disk import FolderDepot
from storyboard.depot.roll import Entered, Roll
from storyboard.errors import StoreError
from storyboard.generating.machines import Neighbours
from storyboard.ledger.place import LedgerFolder
from storyboard.store import Store
from storyboard.testing import Clock
from tests.generating.fleet import CountingDepot

FILM = "film.yaml"
PRICE = 252_000
NOT_ENTERED = (
    b'{"store": "s", "intent": "i", "who": "cy", "at": 1, '
    b'"storyboard": "film.yaml", "price": 252000}'
)
"""A claim that is in no roll: of a run that was killed in between, say."""


class Machine:
    """One that shares a place, and counts what others claim."""

    def __init__(self, home: Path, depot: CountingDepot, clock: Clock) -> None:
        place = LedgerFolder(home / "store", clock=clock, state=home / "state")
        self.store = Store(home / "store", media=depot, place=place, clock=clock)
        self.near = Neighbours(self.store, clock, ())
        self.name = home.name

    def claimed(self, number: int) -> Claim:
        """Claim a key."""
        key, intent = f"{number:064x}", f"{self.name} {number}"
        self.store.ledger.remember(mark_of_claim(intent), key)
        assert self.store.claims is not None
        return self.store.claims.take(
            Claim(key, self.store.id, intent, self.name, 1.8e9, FILM, price=PRICE)
        )

    def end(self, claim: Claim, lost: int = 0) -> None:
        """It came to nothing."""
        assert self.store.claims is not None
        assert self.store.claims.end(claim, "refused", lost=lost)

    def others(self, *, anew: bool = False) -> int:
        """How many takes of others count."""
        return self.near.money(FILM, anew=anew) // PRICE


@pytest.fixture
def place() -> CountingDepot:
    """A place that counts what it is asked for."""
    return CountingDepot()


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still unless it is moved."""
    return Clock()


@pytest.fixture
def both(tmp_path: Path, place: CountingDepot, clock: Clock) -> list[Machine]:
    """Two machines of a place, which both have counted before."""
    found = [Machine(tmp_path / name, place, clock) for name in ("ana", "bob")]
    for number, one in enumerate(found):
        one.claimed(number)
        one.others()
    return found


def test_of_two_who_are_entered_the_later_one_knows_of_the_earlier(tmp_path: Path) -> None:
    """Sixteen at once on a disk: each has a number of its own, and knows all before it."""
    depot, start = FolderDepot(tmp_path / "place"), threading.Barrier(16)
    depot.prepare()
    known: dict[int, set[int]] = {}

    def enter(n: int) -> None:
        own = Roll(depot, FILM)
        own.news()
        own.enter(Entered("a" * 64, 1000 + n))
        own.news()  # the first one begins the roll: what was there is for a listing
        start.wait()
        own.enter(Entered("a" * 64, n))
        known[n] = {one.n for one in own.news() or ()} & set(range(16))

    racers = [threading.Thread(target=enter, args=(n,)) for n in range(16)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert len(depot.names("rolls/")) == 32
    assert sorted(map(len, known.values())) == list(range(16))
    assert all(n in known[m] or m in known[n] for n in known for m in known if n != m)


def test_of_two_machines_at_the_last_cent_the_later_one_knows(both: list[Machine]) -> None:
    """Neither has listed the place since: the roll has told it."""
    ana, bob = both
    ana.claimed(10)
    bob.claimed(11)
    assert (ana.others(), bob.others()) == (1, 2)


def test_a_payment_under_a_budget_lists_nothing(both: list[Machine], place: CountingDepot) -> None:
    """However many claims there are: it is entered, and what others entered is read."""
    listed, before = place.asked["list"], place.asked["create"]
    for number in range(100, 200):
        both[number % 2].claimed(number)
        both[number % 2].others()
    assert place.asked["list"] - listed == 0
    assert place.asked["create"] - before < 100 * 3.5  # claim, entry, and one that was taken
    assert both[0].others() > 40


def test_what_has_ended_counts_what_may_be_gone(both: list[Machine]) -> None:
    """The end is in the roll, too; until it is read, the claim counts."""
    ana, bob = both
    first, second = ana.claimed(10), ana.claimed(11)
    bob.claimed(12)
    assert bob.others() == 3
    ana.end(first)
    ana.end(second, lost=PRICE)
    assert bob.others() == 3
    assert bob.others(anew=True) == 2
    bob.claimed(13)
    assert bob.others() == 2


def test_a_claim_without_an_entry_is_found_before_a_payment_is_refused(
    both: list[Machine], place: CountingDepot
) -> None:
    """Whoever made it had not paid when it was killed."""
    ana, _ = both
    ana.claimed(20)
    place.create(f"claims/{'f' * 64}.0.json", NOT_ENTERED)
    assert ana.others() == 1
    assert ana.others(anew=True) == 2
    assert ana.others() == 2


@pytest.mark.parametrize("text", [b"", b'{"key": "a', b"[]", b'{"key": "a", "n": "x"}'])
def test_an_entry_that_cant_be_read_is_answered_by_a_listing(
    both: list[Machine], place: CountingDepot, text: bytes
) -> None:
    """On a disk that shows files late or in part; what is behind it is still read."""
    ana, bob = both
    (under,) = {one.name.rsplit("/", 1)[0] for one in place.names("rolls/")}
    place.create(f"{under}/2.json", text)
    place.create(f"claims/{'f' * 64}.0.json", NOT_ENTERED)
    bob.claimed(30)
    listed = place.asked["list"]
    ana.claimed(31)
    assert ana.others() == 3
    assert place.asked["list"] > listed


def test_what_could_not_be_read_once_is_not_forgotten(
    both: list[Machine], place: CountingDepot
) -> None:
    """The next payment lists all anew."""

    def fails(name: str) -> bytes | None:
        raise StoreError("the place can't be reached")

    ana, bob = both
    bob.claimed(50)
    ana.claimed(51)
    place.read = fails  # type: ignore[method-assign]
    with pytest.raises(StoreError):
        ana.others()
    del place.read
    assert ana.others() == 2


def test_a_run_that_was_killed_between_claim_and_entry_is_entered(
    tmp_path: Path, place: CountingDepot, clock: Clock, both: list[Machine]
) -> None:
    """It goes on under its own claim, as soon as that is in the roll."""

    class Killed(Exception):
        """Here."""

    def dies(name: str, data: bytes) -> bool:
        if name.startswith("rolls/"):
            raise Killed
        return CountingDepot.create(place, name, data)

    ana, bob = both
    place.create = dies  # type: ignore[method-assign]
    with pytest.raises(Killed):
        ana.claimed(40)
    del place.create
    bob.claimed(41)
    assert bob.others() == 1
    assert Machine(tmp_path / "ana", place, clock).claimed(40).n == 0
    bob.claimed(42)
    assert bob.others() == 2
