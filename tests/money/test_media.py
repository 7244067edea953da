"""Machines with stores and ledgers of their own that share a media place: each take is paid for
once, by whichever comes first, and comes home to all."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from storyboard.cli import run
from storyboard.depot.claims import Claims
from storyboard.depot.on_disk import FolderDepot
from storyboard.depot.protocol import Deposited
from storyboard.errors import Charged, NotAllowed, StoryboardError
from storyboard.takes.holding import Standing
from storyboard.testing import Clock, FakeService, acts
from tests.boards import board
from tests.money.client import DONE, SHARED_POINTS, Client, Orders, all_of
from tests.money.races import places, race, race_for_money
from tests.money.runs import Set, delivered, failure, patient

forks = pytest.mark.skipif(sys.platform == "win32", reason="forks")

Machines = Callable[..., list[Set]]

POINTS = (
    "before the intent",
    "after the POST",
    "before the take is kept",
    "after the ledger says kept",
)
"""Steps of a payment around which a machine may die; between intent and POST stands alone."""


@pytest.fixture
def machines(tmp_path: Path, service: FakeService) -> Machines:
    """So many machines with a copy of the same storyboard each, and one media place."""

    def made(count: int = 2, **about: object) -> list[Set]:
        found = []
        for number in range(count):
            home = tmp_path / f"machine{number}"
            film = board(home, **about)  # type: ignore[arg-type]
            found.append(
                Set(
                    film,
                    service,
                    home / ".storyboard",
                    media=FolderDepot(tmp_path / "media"),
                    state=home / "state",
                )
            )
        return found

    return made


def orders(one: Set, **more: object) -> Orders:
    """What a process on this machine is told to do."""
    assert isinstance(one.media, FolderDepot)
    assert one.state is not None
    environment = {**one.service.environment, "STORYBOARD_STATE": str(one.state)}
    more = {"patience": 1e6, **more}  # whatever else this machine has to do: news is sure to come
    return Orders(one.film, one.folder, environment, media=one.media.where, **more)  # type: ignore[arg-type]


def claims(one: Set) -> Claims:
    """The claims of its media place."""
    assert isinstance(one.media, FolderDepot)
    return Claims(one.media)


def test_what_one_machine_bought_is_there_for_the_other(machines: Machines) -> None:
    """Nothing to pay, and the film is made from a copy that was checked."""
    first, second = machines(keyframes=3)
    assert delivered(first.render())
    # When the other machine plans and renders
    assert second.plan().price_microusd == 0
    made = second.render()
    # Then it has the very bytes, and paid nothing
    assert delivered(made)
    assert second.paid == 2
    here, there = first.store.clip(next(iter(made.clips))), next(iter(made.clips.values()))
    assert here.read_bytes() == there.read_bytes()
    assert second.store.is_new


@forks
def test_two_machines_at_once_pay_once_and_both_have_all(machines: Machines) -> None:
    """Each takes what the other has not claimed, and waits for the rest."""
    both = machines(keyframes=7)
    both[0].wrong("submit", acts.hold(0.05), times=None)  # so that they meet
    assert all_of([Client(orders(one)) for one in both]) == [DONE, DONE]
    assert both[0].paid == 6
    assert all(one.plan().price_microusd == 0 for one in both)


def test_whoever_comes_second_is_told_who_buys_and_waits(machines: Machines) -> None:
    """By name and time; then the take is there."""
    first, second = machines(keyframes=2)
    going = first.outage()
    first.render()
    going.withdraw()
    # Given a take that the first machine has in flight
    planned = second.plan()
    (take,) = planned.shots[0].takes
    assert take.standing is Standing.CLAIMED
    assert "being bought by" in take.holding.detail
    assert planned.price_microusd == 0
    # When the second one asks for it, and the first one brings it home meanwhile
    brought = threading.Event()

    def hear(event: object) -> None:
        if "being bought by" in getattr(event, "detail", "") and not brought.is_set():
            brought.set()
            assert delivered(first.collect())

    made = second.render(hear=hear)
    # Then it has it
    assert brought.is_set()
    assert delivered(made)
    assert second.paid == 1


class Listed(FolderDepot):
    """A place that counts how often it is listed."""

    often = 0

    def names(self, under: str) -> list[Deposited]:
        """The files, and once more."""
        Listed.often += 1
        return super().names(under)


def test_the_place_is_asked_seldom_however_many_are_followed(machines: Machines) -> None:
    """One listing serves all: for half an hour of waiting, less and less often."""
    first, second = machines(keyframes=5)
    going = first.outage()
    first.render()
    going.withdraw()
    assert isinstance(second.media, FolderDepot)
    second.media, second.clock = Listed(Path(second.media.where)), Clock()
    Listed.often = 0
    # When four takes are waited for in vain, by a clock that is moved by whoever sleeps
    made = second.render(pace=patient())
    assert len(made.failures) == 4
    assert second.clock.monotonic() > 1800
    # Then takes and claims were each listed at most some fifty times: every 15 s, then every minute
    assert 40 < Listed.often < 120
    assert second.paid == 4


def test_who_does_not_wait_is_told_and_pays_nothing(machines: Machines) -> None:
    """One sentence: who, since when, what it costs, and what can be done."""
    first, second = machines(keyframes=2)
    going = first.outage()
    first.render()
    going.withdraw()
    made = second.render(waits=False)
    assert "being bought by" in str(failure(made))
    assert "$0.252" in str(failure(made))
    assert made.failures[0].charged is Charged.NO
    assert second.paid == 1


def test_what_came_to_nothing_may_be_bought_by_others_at_once(machines: Machines) -> None:
    """A refusal gives the claim up."""
    first, second = machines(keyframes=2)
    first.wrong("submit", acts.moderated())
    assert first.render().failures
    assert first.paid == 0
    assert delivered(second.render())
    assert delivered(first.render())
    assert first.paid == 1


def test_a_failure_gives_the_claim_up_and_its_money_counts(machines: Machines) -> None:
    """The budget holds for both machines: what may be gone on one is gone for the other."""
    first, second = machines(keyframes=2, extra=["budget: 0.40"])
    first.wrong("submit", acts.fail_moderated())
    assert first.render().failures
    made = second.render()
    assert "claimed by other machines" in str(failure(made))
    assert second.paid == 1


def test_a_budget_holds_across_machines(machines: Machines) -> None:
    """What others have in flight for the storyboard counts as if it were here."""
    first, second = machines(keyframes=3, extra=["budget: 0.60"])
    going = first.outage()
    first.render(jobs=1)
    going.withdraw()
    assert first.paid == 2
    third = second
    third.film.write_text(third.film.read_text().replace("rolls on to 1", "rests at 1"))
    made = third.render(waits=False)
    assert any("claimed by other machines" in str(one.error) for one in made.failures)
    assert third.paid == 2


@forks
@pytest.mark.parametrize("point", [*SHARED_POINTS, *POINTS])
def test_killed_at_any_step_nothing_is_paid_twice_or_lost(machines: Machines, point: str) -> None:
    """The other machine waits or buys; the killed one is run again; both have the take."""
    first, second = machines(keyframes=2)
    assert Client(orders(first, die=point)).wait() == -9
    # When the other one runs, without waiting, and then both
    Client(orders(second, waits=False)).wait()
    assert all_of([Client(orders(one)) for one in (first, second)]) == [DONE, DONE]
    # Then it was paid for once, and is everywhere
    assert first.paid == 1
    assert Claims(FolderDepot(Path(orders(first).media))).all()[-1].ended == ""
    assert len(list(Path(orders(first).media, "takes").iterdir())) == 1


@forks
def test_killed_between_intent_and_post_it_is_unknown_to_all(machines: Machines) -> None:
    """Nobody can tell whether it was sent: the claim stays, and nobody buys it unasked."""
    first, second = machines(keyframes=2)
    assert Client(orders(first, die="after the intent")).wait() == -9
    assert Client(orders(second, waits=False)).wait() == 6
    assert Client(orders(first)).wait() == 6
    assert Client(orders(second, waits=False)).wait() == 6
    assert first.paid == 0
    assert [row.state for row in first.rows()] == ["SENDING"]


def test_a_copy_of_a_store_on_another_machine_does_not_take_its_claims_for_its_own(
    machines: Machines,
) -> None:
    """The store's id is the same; what it claimed, only the first one remembers."""
    import shutil

    first, second = machines(keyframes=2)
    first.store.ledger  # noqa: B018
    shutil.copytree(first.folder, second.folder)
    going = first.outage()
    first.render()
    going.withdraw()
    made = second.render(waits=False)
    assert "being bought by" in str(failure(made))
    assert second.paid == 1


@forks
@pytest.mark.parametrize("kind", ["s3", "folder"])
def test_processes_that_race_for_twenty_keys_and_are_killed_pay_each_once(
    tmp_path: Path, service: FakeService, kind: str
) -> None:
    """The service counts; `python -m tests.money.races` plays a thousand and more."""
    with places(kind, tmp_path) as (place, variables):
        raced = race(tmp_path, service, place, variables, seed=len(kind))
    assert raced.sound, raced
    assert raced.kills


@forks
def test_processes_that_race_for_the_last_money_and_are_killed_spend_no_more(
    tmp_path: Path, service: FakeService
) -> None:
    """Takes of their own, for a storyboard of one name: all of the budget is spent, and no more."""
    spent = race_for_money(tmp_path, service, str(tmp_path / "media"), {}, keys=6)
    assert spent.sound, spent
    assert spent.kills


def test_what_a_machine_that_is_gone_was_buying_is_taken_over_by_a_second_yes(
    machines: Machines, capfd: pytest.CaptureFixture[str]
) -> None:
    """Price and risk first; then another may buy it, and finds in the account's history that it
    need not."""
    first, second = machines(keyframes=2)
    going = first.outage()
    first.render()
    going.withdraw()
    asked = ["resolve", str(second.film), "sh010", "--take-over"]
    asked += ["--store", str(second.folder), "--media", orders(second).media or ""]
    # When it is asked for, it is not done yet
    assert run(asked) == NotAllowed.exit_code
    said = capfd.readouterr().out
    assert "being bought by" in said
    assert "$0.252 would be paid a second time" in said
    assert failure(second.render(waits=False))
    # With the second yes it is, and the next render collects what was paid
    assert run([*asked, "--even-so"]) == 0
    assert delivered(second.render(waits=False))
    assert delivered(first.collect())
    assert second.paid == 1
    assert run([*asked, "--even-so"]) == StoryboardError.exit_code
    assert "no other machine is buying sh010" in capfd.readouterr().err


def test_the_doctor_looks_at_the_place(
    machines: Machines, capfd: pytest.CaptureFixture[str]
) -> None:
    """It is written to and read; one that can't be is a sentence."""
    (one,) = machines(1, keyframes=2)
    asked = ["doctor", str(one.film), "--store", str(one.folder), "--json", "--media"]
    run([*asked, orders(one).media or ""])
    assert _grade(capfd.readouterr().out) == "good"
    (one.folder.parent / "taken").write_text("a file, no folder")
    assert run([*asked, str(one.folder.parent / "taken")]) != 0
    assert _grade(capfd.readouterr().out) == "bad"


def _grade(printed: str) -> str:
    (found,) = [one for one in json.loads(printed) if one["name"] == "media"]
    return str(found["grade"])
