"""No lie of the service makes the program pay twice or too much, or take another shot's clip.

Any order of sending, crashing, lying, listing, deciding, rebuilding and bringing back is tried on
the program as it is. Programs that conclude more than they were told show what would be noticed:
each is led where its conclusion costs something, and the program as it is goes there unharmed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test as explore

from storyboard.errors import Charged, Expired
from storyboard.generating.attempt import Attempt, Wait
from storyboard.generating.listed_prices import PriceList
from storyboard.generating.matching import Sought
from storyboard.generating.order import Order
from storyboard.ledger import receipts
from storyboard.ledger.rows import Row
from storyboard.service import Listed
from tests.money.liar import TABLE
from tests.money.lying import Lying, Patch, at

_THOROUGH = settings(
    max_examples=50,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> type[Lying]:
    """The machine, with its film."""
    return at(tmp_path_factory.mktemp("lies"))


def test_no_lie_makes_it_pay_twice_or_too_much_or_take_another_shots_clip(
    machine: type[Lying],
) -> None:
    """The program as it is, in any order of events."""
    explore(machine, settings=_THOROUGH)


UNLED = (
    "the first candidate is taken",
    "nothing that fits is certainty",
    "rebuild drops what is unknown",
    "nobody asks what was bought from elsewhere",
)
"""What any order of events comes upon soon."""
NOTICED = r"paid twice|over the budget|at the wrong shot|though the history told|lost"


# programs that conclude more


def first_candidate(row: Row, past: Iterable[Listed], rows: Iterable[Row], **_: Any) -> Sought:
    """Takes whatever the history lists and nobody has."""
    known = {other.request_id for other in rows}
    return Sought(next((one.request_id for one in past if one.request_id not in known), None))


def certain(*_: Any, **__: Any) -> Sought:
    """Finds nothing in the history, and calls that certain."""
    return Sought()


def believes_one_404(attempt: Attempt, row: Row, error: Expired) -> Wait:
    """Not found once, failed for ever."""
    attempt.ledger.settle(row.intent, "FAILED", str(error), charged=Charged.NO)
    return attempt.fail(error)


def by_the_table(_: PriceList, order: Order, *, capped: bool) -> int:
    """Reserves what the table says, whatever the service asks for."""
    return order.price


_receipts = receipts.rows


def without_the_unknown(store: Path) -> Iterator[Row]:
    """Of the receipts, those that have an id."""
    return (row for row in _receipts(store) if row.request_id)


# where that costs something

LEAP = 2
"""The take of the shot that has but one."""


def other_pictures(lying: Lying) -> None:
    """Its answer was lost, and the history lists a stranger's request alone."""
    lying.once(LEAP, "lost", "truth")
    lying.start(0, LEAP)
    lying.go_on(0)


def decided_when_listed(lying: Lying) -> None:
    """Its answer was lost, the history lists it, and the user allows another payment."""
    lying.once(LEAP, "lost", "truth")
    lying.list_some(1)
    lying.wait(2)
    lying.decide(LEAP, "truth")


def not_found_once(lying: Lying) -> None:
    """The queue does not know it, once; the next run finds it completed."""
    lying.once(LEAP, "accepted", "404")
    lying.list_some(1)
    lying.start(0, LEAP)
    lying.go_on(0)


def dearer(lying: Lying) -> None:
    """The price doubles under a budget that the planned price fits."""
    for which in (0, 1, 2):
        lying.reprice(which, 2 * TABLE)


def rebuilt_in_doubt(lying: Lying) -> None:
    """The ledger goes while a request is unknown, and is made again from its receipts."""
    lying.once(LEAP, "lost", "truth")
    lying.rebuild("deleted")
    lying.start(0, LEAP)
    lying.go_on(0)


def brought_back(lying: Lying) -> None:
    """The store of before the payment comes back."""
    lying.back_up()
    lying.once(LEAP, "accepted", "truth")
    lying.bring_back()
    lying.start(0, LEAP)
    lying.go_on(0)


def other_machine(lying: Lying) -> None:
    """The film is rendered with a store that knows nothing of its payments."""
    for which in (0, 1, 2):
        lying.once(which, "accepted", "truth")
    lying.bring_back()
    for which in (0, 1, 2):
        lying.start(0, which)
        lying.go_on(0)


@dataclass(frozen=True)
class Mistake:
    """What a program does wrong, where that shows, and as what."""

    instead: tuple[Patch, ...]
    course: Callable[[Lying], None]
    noticed: str
    budget: int = 40


MISTAKES = {
    "the first candidate is taken": Mistake(
        (("storyboard.generating.recover.the_one", first_candidate),),
        other_pictures,
        "wrong shot",
    ),
    "nothing that fits is certainty": Mistake(
        (("storyboard.generating.recover.the_one", certain),),
        decided_when_listed,
        "though the history told",
    ),
    "one 404 means failed": Mistake(
        (
            ("storyboard.generating.verdicts.not_there", believes_one_404),
            ("storyboard.generating.again._found", lambda *_: False),
        ),
        not_found_once,
        "paid twice",
    ),
    "the table's price is reserved": Mistake(
        (("storyboard.generating.listed_prices.PriceList.of", by_the_table),),
        dearer,
        "over the budget",
        budget=4,
    ),
    "rebuild drops what is unknown": Mistake(
        (
            ("storyboard.ledger.receipts.rows", without_the_unknown),
            ("storyboard.ledger.sqlite.SqliteLedger.witnessed", lambda *_: None),
        ),
        rebuilt_in_doubt,
        "paid twice",
    ),
    "a decision does not ask the history": Mistake(
        (("storyboard.accounting.resolving._looked_for", lambda *_: ("", "")),),
        decided_when_listed,
        "though the history told",
    ),
    "nobody asks what was bought before the backup came": Mistake(
        (("storyboard.generating.conductor.Conductor.from_elsewhere", lambda *_, **__: None),),
        brought_back,
        "paid twice",
    ),
    "nobody asks what was bought from elsewhere": Mistake(
        (("storyboard.generating.conductor.Conductor.from_elsewhere", lambda *_, **__: None),),
        other_machine,
        "paid twice",
    ),
}


def lead(machine: type[Lying], mistake: Mistake, *, instead: tuple[Patch, ...]) -> None:
    """Lead a program along a course, and see what must be so after it, and at home."""
    lying = type("Led", (machine,), {"mistakes": instead})()
    lying.begin(mistake.budget)
    try:
        mistake.course(lying)
        lying.look()
    finally:
        lying.end()


@pytest.mark.parametrize("name", MISTAKES)
def test_a_program_that_concludes_more_is_noticed(machine: type[Lying], name: str) -> None:
    """It pays twice or too much, or takes another's clip."""
    mistake = MISTAKES[name]
    with pytest.raises(AssertionError, match=mistake.noticed):
        lead(machine, mistake, instead=mistake.instead)


@pytest.mark.parametrize("name", MISTAKES)
def test_the_program_as_it_is_goes_there_unharmed(machine: type[Lying], name: str) -> None:
    """What is noticed is the mistake, and nothing else."""
    lead(machine, MISTAKES[name], instead=())


@pytest.mark.parametrize("name", UNLED)
def test_a_program_that_concludes_more_is_found_out_unled(machine: type[Lying], name: str) -> None:
    """Any order of events leads there, too."""
    mistake = MISTAKES[name]
    broken = type("Broken", (machine,), {"mistakes": mistake.instead})
    with pytest.raises(AssertionError, match=NOTICED):
        explore(broken, settings=settings(_THOROUGH, max_examples=200))
