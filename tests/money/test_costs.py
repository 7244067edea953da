"""Money shown: before as an estimate, afterwards as it was charged; prices that have changed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from storyboard.accounting.costs import costs, csv_of
from storyboard.accounting.resolving import Decision, resolve
from storyboard.accounting.summary import status
from storyboard.errors import Charged, NotAllowed, PriceRose, StoryboardError
from storyboard.fal import Fal
from storyboard.generating.generate import generate
from storyboard.ledger.rows import Sums
from storyboard.takes.holding import Standing
from storyboard.testing import Fault, acts
from tests.money.runs import Set, delivered, quick

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
    assert made.cost_microusd == one.rows()[0].actual == round(3.008 * 84_000)
    (key,) = made.clips
    assert one.store.note(key)["cost"] == made.cost_microusd
    assert any("charged $0.252672, not $0.252" in notice for notice in one.notices)


@pytest.mark.parametrize("units", ["", "many", "-1", "nan", "inf", "1e99"])
def test_a_charge_that_makes_no_sense_leaves_the_estimate(one: Set, units: str) -> None:
    """Nothing is made up."""
    one.wrong("result", billed(units))
    assert delivered(one.render())
    assert one.rows()[0].actual is None
    assert one.rows()[0].cost == 252_000


def test_units_that_can_not_be_seconds_book_what_was_reserved(one: Set) -> None:
    """One unit for a clip of three seconds: what it stands for nobody knows, and it is said."""
    one.wrong("result", billed("1"))
    made = one.render()
    assert one.rows()[0].actual is None
    assert made.cost_microusd == one.rows()[0].cost == 252_000
    assert any("1 billed units for 3 s" in notice for notice in one.notices)
    assert any("the books keep $0.252" in notice for notice in one.notices)


@pytest.mark.parametrize("more", [{}, {"max_cost": 299_999}])
def test_a_price_that_rose_stops_before_anything_is_sent(one: Set, more: dict[str, int]) -> None:
    """The service's list says more than the plan: both prices, nothing uploaded, nothing paid."""
    one.service.prices[ENDPOINT] = 0.1
    with pytest.raises(PriceRose) as rose:
        one.render(**more)  # type: ignore[arg-type]
    assert rose.value.exit_code == 5
    assert "costs $0.10/s by the service's list, and the plan says $0.084/s" in str(rose.value)
    assert "$0.30 instead of $0.252" in str(rose.value)
    assert one.rows() == []
    assert one.service.requests(place="upload") == []
    assert one.paid == 0


def test_a_price_that_rose_is_paid_under_a_cap_that_it_fits(one: Set) -> None:
    """With --max-cost the new price is reserved, told, and in the books."""
    one.service.prices[ENDPOINT] = 0.1
    assert delivered(one.render(max_cost=300_000))
    assert one.rows()[0].estimate == one.rows()[0].actual == 300_000
    assert any("$0.30 instead of $0.252" in notice for notice in one.notices)


def test_twice_the_price_passes_no_cap(stage: Callable[..., Set]) -> None:
    """A list at double the table's price, a budget and a cap: in real money, neither is passed."""
    five = stage(keyframes=6, extra=["budget: 1.30"])
    five.service.prices[ENDPOINT] = 0.168
    with pytest.raises(PriceRose, match=r"\$2.52 instead of \$1.26"):
        five.render(max_cost=1_300_000)
    assert five.paid == 0
    five.render(max_cost=3_000_000)
    assert five.paid == 2
    assert five.store.ledger.sums().spent == 2 * 504_000


def test_a_price_that_rises_in_the_run_stops_the_rest(three: Set) -> None:
    """The list is asked before each payment: what was agreed to is paid, and no more."""
    three.service.on("accepted", lambda _: three.service.prices.update({ENDPOINT: 0.2}))
    made = three.render(jobs=1)
    assert three.paid == 1
    assert len(made.failures) == 2
    assert all(isinstance(one.error, NotAllowed) for one in made.failures)
    assert "costs $0.20/s by the service's list" in str(made.failures[0].error)


def test_a_price_that_rises_in_the_run_counts_against_the_cap(three: Set) -> None:
    """$0.80 for shots of $0.252 that become dearer: one at the old price, none that passes it."""
    three.service.on("accepted", lambda _: three.service.prices.update({ENDPOINT: 0.2}))
    made = three.render(jobs=1, max_cost=800_000)
    assert three.paid == 1
    assert len(made.failures) == 2
    assert "is $0.80" in str(made.failures[0].error)


def test_the_books_take_the_price_in_force(one: Set) -> None:
    """A list below the table's price: the dearer is reserved, and what was charged is booked."""
    one.service.prices[ENDPOINT] = 0.05
    one.render()
    assert one.rows()[0].estimate == 252_000
    assert one.rows()[0].actual == 150_000
    assert any("charged $0.15, not $0.252" in notice for notice in one.notices)


LISTED = {"endpoint_id": ENDPOINT, "unit_price": 0.5, "unit": "seconds", "currency": "USD"}

NO_USE = {
    "it is down": acts.answer(500, "down"),
    "it is not JSON": acts.answer(200, "?"),
    "it is a list": acts.answer(200, []),
    "its prices are no list": acts.answer(200, {"prices": "none"}),
    "its prices are odd": acts.answer(200, {"prices": [7]}),
    "it has no price for the model": acts.answer(200, {"prices": []}),
    "another currency": acts.answer(200, {"prices": [LISTED | {"currency": "EUR"}]}),
    "another unit": acts.answer(200, {"prices": [LISTED | {"unit": "videos"}]}),
    "no number": acts.answer(200, {"prices": [LISTED | {"unit_price": "NaN"}]}),
    "no price": acts.answer(200, {"prices": [LISTED | {"unit_price": None}]}),
    "nothing": acts.answer(200, {"prices": [LISTED | {"unit_price": 0}]}),
    "less than nothing": acts.answer(200, {"prices": [LISTED | {"unit_price": -1}]}),
    "without end": acts.answer(200, {"prices": [LISTED | {"unit_price": "1e400"}]}),
    "no answer": acts.drop(),
}


@pytest.mark.parametrize("how", NO_USE)
def test_a_price_list_that_is_no_use_leaves_the_plans_price(one: Set, how: str) -> None:
    """The table's price stands, since it was agreed to; that the list said nothing is told."""
    one.wrong("pricing", NO_USE[how], times=None)
    assert delivered(one.render())
    assert one.rows()[0].estimate == 252_000
    said = [notice for notice in one.notices if "is taken for $0.084/s" in notice]
    assert len(said) == 1


def test_a_list_that_falls_silent_after_it_rose_is_remembered(three: Set) -> None:
    """The dearer price that it gave in this run still counts."""
    three.service.prices[ENDPOINT] = 0.1
    three.wrong("pricing", acts.answer(500, "down"), times=None, skip=1)
    three.render(jobs=1, max_cost=900_000)
    assert [row.estimate for row in three.rows()] == [300_000] * 3


def test_the_price_list_is_asked_before_each_payment(three: Set) -> None:
    """A look right before each POST."""
    three.render(jobs=1)
    places = [one.place for one in three.service.requests()]
    before = [places[:n][-1] for n, place in enumerate(places) if place == "submit"]
    assert before == ["pricing"] * 3


# the budget, edited while a run goes on


def edited(scene: Set, text: str, *, after: int) -> None:
    """Write this in place of the budget's line once so many were paid."""

    def edit(_: object) -> None:
        if scene.paid == after:
            scene.film.write_text(scene.film.read_text().replace("budget: 1.10\n", text))

    scene.service.on("accepted", edit)


@pytest.mark.parametrize(
    ("text", "paid"),
    [
        ("budget: 0.60\n", 2),
        ("budget: 0\n", 1),
        ("budget: 2.00\n", 5),
        ("", 5),
        ("budget: lots\n", 4),
        ("budget: 0.60\nnonsense: 1\n", 2),
        ("budget: 2.00\nnonsense: 1\n", 4),
        ("budget: 0.60\n}", 4),
    ],
)
def test_a_budget_that_is_edited_in_the_run_holds_from_the_next_payment_on(
    stage: Callable[..., Set], text: str, paid: int
) -> None:
    """Lower at once; higher only by a file that is sound; what can't be read changes nothing."""
    five = stage(keyframes=6, extra=["budget: 1.10"])
    edited(five, text, after=1)
    five.render(jobs=1)
    assert five.paid == paid


def test_a_storyboard_that_is_gone_in_the_run_keeps_its_budget(stage: Callable[..., Set]) -> None:
    """Deleted after the first payment: the budget that was agreed to holds."""
    five = stage(keyframes=6, extra=["budget: 1.10"])
    five.service.on("accepted", lambda _: five.film.unlink(missing_ok=True))
    five.render(jobs=1)
    assert five.paid == 4


def test_a_budget_that_was_lowered_after_the_plan_holds(stage: Callable[..., Set]) -> None:
    """Edited while the price was being read: the lower of both."""
    five = stage(keyframes=6, extra=["budget: 1.10"])
    plan = five.plan()
    five.film.write_text(five.film.read_text().replace("budget: 1.10", "budget: 0.30"))
    with five.service.applied():
        fal = Fal(five.service.key)
        generate(plan, five.store, service=fal, jobs=1, pace=quick())
        fal.close()
    assert five.paid == 1


@pytest.fixture
def mixed(stage: Callable[..., Set]) -> Set:
    """Five shots: kept, refused, failed, unknown, and not sent."""
    five = stage(keyframes=6, extra=["budget: 1.00"])
    five.wrong("submit", acts.moderated(), skip=1)
    five.wrong("submit", acts.fail_moderated(), skip=1)
    five.wrong("submit", acts.drop(accepted=True), skip=2)
    five.wrong("history", acts.edit(only_failures), times=None)
    five.render(jobs=1)
    return five


def only_failures(page: dict[str, list[dict[str, int]]]) -> object:
    """List nothing but what failed."""
    return {**page, "items": [item for item in page["items"] if item["status_code"] >= 400]}


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
    outage = one.outage()
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
    (decided,) = resolve(one.store, one.film, "sh010", Decision.RESUBMIT, even_so=True)
    assert "the next render prices" in decided.outcome
    assert one.plan().price_microusd == 252_000
    assert delivered(one.render())
    assert one.paid == 2
    assert one.store.ledger.sums().possible == 252_000
    # The first one turns up after all: it is brought home as a second take, and counted once
    nothing.withdraw()
    assert delivered(one.collect())
    assert [row.take for row in one.rows()] == [1, 1, 2]
    assert one.states() == ["RELEASED", "KEPT", "KEPT"]
    assert one.store.ledger.sums() == Sums(spent=504_000)


def test_a_released_request_that_turns_up_in_time_is_not_bought_again(one: Set) -> None:
    """Before the second payment the history is asked once more."""
    one.wrong("submit", acts.drop(accepted=True))
    nothing = one.service.inject(Fault("history", acts.answer(200, {"items": []}), times=None))
    one.render()
    resolve(one.store, one.film, "sh010", Decision.RESUBMIT, even_so=True)
    nothing.withdraw()
    assert delivered(one.render())
    assert one.paid == 1
    assert one.store.ledger.sums() == Sums(spent=252_000)


def test_deciding_with_the_service_at_hand_looks_once_more(one: Set) -> None:
    """It turns up after all: nothing is decided, and it is collected."""
    one.wrong("submit", acts.drop(accepted=True))
    nothing = one.service.inject(Fault("history", acts.answer(200, {"items": []}), times=None))
    one.render()
    nothing.withdraw()
    with one.service.applied():
        fal = Fal(one.service.key)
        (decided,) = resolve(one.store, one.film, "sh010", Decision.RESUBMIT, service=fal)
        fal.close()
    assert decided.request_id == one.service.paid[0].request_id
    assert delivered(one.render())
    assert one.paid == 1


def test_a_request_that_was_given_up_is_neither_looked_for_nor_bought(one: Set) -> None:
    """--abandon: the shot stays without; --resubmit can still change that."""
    one.wrong("submit", acts.drop(accepted=True))
    one.wrong("history", acts.answer(200, {"items": []}), times=None)
    one.render()
    resolve(one.store, one.film, "sh010", Decision.ABANDON, even_so=True)
    asked = len(one.service.requests(place="history"))
    assert one.plan().price_microusd == 0
    assert len(one.render().failures) == 1
    assert len(one.service.requests(place="history")) == asked
    assert one.paid == 1
    resolve(one.store, one.film, "sh010", Decision.RESUBMIT, even_so=True)
    assert one.plan().price_microusd == 252_000


def test_there_has_to_be_something_to_resolve(one: Set) -> None:
    """A shot that is fine is left alone."""
    one.render()
    with pytest.raises(StoryboardError, match="sh010 has nothing to resolve"):
        resolve(one.store, one.film, "sh010", Decision.RESUBMIT, even_so=True)
