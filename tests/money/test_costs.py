"""Money shown: before as an estimate, afterwards as it was charged; prices that have changed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from storyboard.books import Decision, costs, csv_of, resolve, status
from storyboard.errors import Charged, NotAllowed, StoryboardError
from storyboard.fal import Fal
from storyboard.plan import Standing
from storyboard.testing import Fault, acts
from tests.money.runs import Set, delivered, failure

ENDPOINT = "fal-ai/kling-video/o1/standard/image-to-video"


def billed(units: str) -> acts.Act:
    """Say another number of billed units than usual."""
    from dataclasses import replace

    def act(_: object, proceed: Callable[[], object]) -> object:
        reply = proceed()
        return replace(reply, headers={**reply.headers, "x-fal-billable-units": units})  # type: ignore[type-var,attr-defined]

    return act  # type: ignore[return-value]


def test_what_was_charged_takes_the_place_of_the_estimate(one: Set) -> None:
    """Units times the unit price: in the ledger, in the note, in the run's cost."""
    one.wrong("result", billed("3.008"))
    made = one.render()
    assert made.cost == one.rows()[0].actual == round(3.008 * 84_000)
    (key,) = made.clips
    assert one.store.note(key)["cost"] == made.cost
    assert any("charged $0.252672, not $0.252" in notice for notice in one.notices)


@pytest.mark.parametrize("units", ["", "many", "-1", "nan", "inf", "1e99"])
def test_a_charge_that_makes_no_sense_leaves_the_estimate(one: Set, units: str) -> None:
    """Nothing is made up."""
    one.wrong("result", billed(units))
    assert delivered(one.render())
    assert one.rows()[0].actual is None
    assert one.rows()[0].cost == 252_000


def test_a_price_that_rose_needs_a_cap(one: Set) -> None:
    """The service's list says more than the plan: refused, and nothing sent."""
    one.service.prices[ENDPOINT] = 0.1
    made = one.render()
    assert isinstance(failure(made), NotAllowed)
    assert "costs $0.10/s by the service's list, and the plan says $0.084/s" in str(failure(made))
    assert one.paid == 0
    # With --max-cost the new price is reserved
    assert delivered(one.render(max_cost=300_000))
    assert one.rows()[0].estimate == 300_000


def test_a_price_that_rose_above_the_cap_is_not_paid(one: Set) -> None:
    """The cap is on what it costs, not on what was planned."""
    one.service.prices[ENDPOINT] = 0.5
    made = one.render(max_cost=300_000)
    assert isinstance(failure(made), NotAllowed)
    assert one.paid == 0


SILENT = (
    acts.answer(500, "down"),
    acts.answer(200, "?"),
    acts.answer(200, {"prices": [7]}),
    acts.drop(),
)


@pytest.mark.parametrize("act", SILENT)
def test_a_price_list_that_says_nothing_leaves_the_plans_price(one: Set, act: acts.Act) -> None:
    """The table's price stands; it was agreed to."""
    one.wrong("pricing", act, times=None)
    assert delivered(one.render())
    assert one.rows()[0].estimate == 252_000


def test_the_price_list_is_asked_once_in_a_run(three: Set) -> None:
    """One look for all shots of a model."""
    three.render()
    assert len(three.service.requests(place="pricing")) == 1


@pytest.fixture
def mixed(stage: Callable[..., Set]) -> Set:
    """Five shots: kept, refused, failed, unknown, and not sent."""
    five = stage(keyframes=6, extra=["budget: 1.00"])
    five.wrong("submit", acts.moderated(), skip=1)
    five.wrong("submit", acts.fail_moderated(), skip=1)
    five.wrong("submit", acts.drop(accepted=True), skip=2)
    five.wrong("history", acts.answer(200, {"items": []}), times=None)
    five.render(jobs=1)
    return five


def test_the_cost_report_says_of_each_request_whether_it_was_charged(mixed: Set) -> None:
    """As data and as CSV, the same."""
    found = costs(mixed.store)
    assert [(cost.row.state, cost.charged, cost.micro) for cost in found] == [
        ("KEPT", Charged.YES, 252_000),
        ("REFUSED", Charged.NO, 0),
        ("FAILED", Charged.POSSIBLY, 252_000),
        ("SENDING", Charged.POSSIBLY, 252_000),
    ]
    table = list(csv.DictReader(io.StringIO(csv_of(found))))
    assert [row["shot"] for row in table] == ["sh010", "sh020", "sh030", "sh040"]
    assert table[0]["cost_usd"] == "0.252"
    assert table[0]["exact"] == "True"
    assert table[0]["request_id"] == mixed.service.paid[0].request_id


def test_status_shows_everything_and_the_sums(mixed: Set) -> None:
    """Done, refused, unknown, to buy; spent, reserved, possible, and the budget."""
    found = status(mixed.plan(), mixed.store)
    standings = [line.standing for line in found.lines]
    assert standings == [
        Standing.DONE,
        Standing.REFUSED,
        Standing.REFUSED,
        Standing.UNKNOWN,
        Standing.BUY,
    ]
    sums = found.sums
    assert (sums.spent, sums.reserved, sums.possible) == (252_000, 252_000, 252_000)
    assert found.budget == 1_000_000
    assert found.lines[3].age is not None
    assert found.as_data()["counts"]["unknown"] == 1


def test_status_shows_what_is_in_flight_for_a_shot_that_has_changed(one: Set) -> None:
    """The old request is paid and on its way; the new one is to be bought. Both are there."""
    outage = one.service.inject(Fault("status", acts.nginx(503), times=None))
    one.render()
    outage.withdraw()
    one.film.write_text(one.film.read_text().replace("rolls", "hops"))
    new, old = status(one.plan(), one.store).lines
    assert (new.standing, old.standing, old.left) == (Standing.BUY, Standing.FLYING, True)
    # And it is collected, though the storyboard has no use for it
    made = one.collect()
    assert len(made.clips) == 1
    assert one.states() == ["KEPT"]
    assert one.paid == 1


def test_resubmitting_an_unknown_request_is_the_users_word(one: Set) -> None:
    """After --resubmit it is priced again, and the next render pays."""
    one.wrong("submit", acts.drop(accepted=True))
    nothing = one.service.inject(Fault("history", acts.answer(200, {"items": []}), times=None))
    one.render()
    (decided,) = resolve(one.store, one.film, "sh010", Decision.RESUBMIT)
    assert "the next render prices" in decided.outcome
    assert one.plan().price == 252_000
    nothing.withdraw()
    assert delivered(one.render())
    assert one.paid == 2
    assert one.store.ledger.sums().possible == 252_000


def test_deciding_with_the_service_at_hand_looks_once_more(one: Set) -> None:
    """It turns up after all: nothing is decided, and it is collected."""
    one.wrong("submit", acts.drop(accepted=True))
    nothing = one.service.inject(Fault("history", acts.answer(200, {"items": []}), times=None))
    one.render()
    nothing.withdraw()
    with one.service.applied():
        fal = Fal(one.service.key)
        (decided,) = resolve(one.store, one.film, "sh010", Decision.RESUBMIT, fal=fal)
        fal.close()
    assert decided.request_id == one.service.paid[0].request_id
    assert delivered(one.render())
    assert one.paid == 1


def test_a_request_that_was_given_up_is_neither_looked_for_nor_bought(one: Set) -> None:
    """--abandon: the shot stays without; --resubmit can still change that."""
    one.wrong("submit", acts.drop(accepted=True))
    one.wrong("history", acts.answer(200, {"items": []}), times=None)
    one.render()
    resolve(one.store, one.film, "sh010", Decision.ABANDON)
    asked = len(one.service.requests(place="history"))
    assert one.plan().price == 0
    assert len(one.render().failures) == 1
    assert len(one.service.requests(place="history")) == asked
    assert one.paid == 1
    resolve(one.store, one.film, "sh010", Decision.RESUBMIT)
    assert one.plan().price == 252_000


def test_there_has_to_be_something_to_resolve(one: Set) -> None:
    """A shot that is fine is left alone."""
    one.render()
    with pytest.raises(StoryboardError, match="sh010 has nothing to resolve"):
        resolve(one.store, one.film, "sh010", Decision.RESUBMIT)
