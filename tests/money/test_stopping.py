"""Ctrl-C, SIGTERM and cancelling: what is being sent is recorded, and what goes on is listed."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable

import pytest

from storyboard.accounting.decisions import cancel
from storyboard.errors import Interrupted
from storyboard.events import Event
from storyboard.fal import Fal
from storyboard.generating.attempt import request_of
from storyboard.generating.scheduler import Stop
from storyboard.takes.holding import Standing
from storyboard.testing import Clock, FakeService, Fault, acts
from tests.money.client import INTERRUPTED, PATIENCE, Client, Orders
from tests.money.runs import SMALL, Set, delivered

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals")


def orders(scene: Set, **more: int) -> Orders:
    """Render this."""
    return Orders(scene.film, scene.folder, scene.service.environment, **more)  # type: ignore[arg-type]


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_during_the_post_keeps_its_id(three: Set, number: signal.Signals) -> None:
    """The answer is waited for and written down; nothing else is sent."""
    # Given a client in the middle of its first POST
    held = three.service.inject(Fault("submit", acts.hold(accepted=True)))
    client = Client(orders(three, jobs=1))
    assert held.met.wait(PATIENCE)
    # When it is told to stop, and the answer comes
    client.tell(number)
    held.withdraw()
    # Then it leaves with its exit code, and the id is on the disk
    assert client.wait() == INTERRUPTED
    (row,) = three.rows()
    assert (row.state, row.request_id) == ("SENT", three.service.paid[0].request_id)
    # And the next run picks it up
    assert delivered(three.render())
    assert three.paid == 3


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_leaves_at_once_and_is_as_safe_as_kill(
    one: Set, number: signal.Signals
) -> None:
    """Gone in the middle of the POST; found again in the history."""
    held = one.service.inject(Fault("submit", acts.hold(accepted=True)))
    client = Client(orders(one))
    assert held.met.wait(PATIENCE)
    client.tell(number)
    while client.process.is_alive():
        client.tell(number)
        client.process.join(0.05)
    assert client.wait() == INTERRUPTED
    held.withdraw()
    assert delivered(one.render())
    assert one.paid == 1


@posix
def test_a_terminal_that_closes_is_as_safe_as_kill(one: Set) -> None:
    """SIGHUP in the middle of the POST."""
    held = one.service.inject(Fault("submit", acts.hold(accepted=True)))
    client = Client(orders(one))
    assert held.met.wait(PATIENCE)
    client.tell(signal.SIGHUP)
    assert client.wait() == -signal.SIGHUP
    held.withdraw()
    assert delivered(one.render())
    assert one.paid == 1


def test_what_goes_on_is_listed_with_its_price_and_what_collects_it(
    stage: Callable[..., Set],
) -> None:
    """Two were sent and two were not: the two are named."""
    clock = Clock()
    with FakeService(footage=SMALL, run=1.0, clock=clock) as service:
        four = stage(keyframes=5)
        four.service = service
        stop = Stop()

        def enough(_: object) -> None:
            if len(service.paid) == 2:
                stop.wish()

        service.on("accepted", enough)
        with pytest.raises(Interrupted) as stopped:
            four.render(jobs=2, stop=stop)
        # Then the message says all there is to know
        assert "sh010, sh020 ($0.504) go on at the service" in str(stopped.value)
        assert "storyboard resume" in str(stopped.value)
        going = {(one.shot, one.request_id, one.cost_microusd) for one in stopped.value.going}
        ids = {submission.request_id for submission in service.paid}
        assert {request_id for _, request_id, _ in going} == ids
        # And collecting brings those two home, and buys nothing
        clock.advance(1.0)
        assert len(four.collect().clips) == 2
        assert len(service.paid) == 2


def test_a_library_user_presses_ctrl_c(one: Set) -> None:
    """Without any signal handler: KeyboardInterrupt in the main thread is a wish to stop."""
    if threading.current_thread() is not threading.main_thread():
        pytest.skip("not in the main thread")
    held = one.service.inject(Fault("submit", acts.hold(accepted=True)))

    def press() -> None:
        held.met.wait(PATIENCE)
        os.kill(os.getpid(), signal.SIGINT)
        threading.Timer(0.3, held.withdraw).start()

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Thread(target=press, daemon=True).start()
        with pytest.raises((Interrupted, KeyboardInterrupt)):
            one.render()
    finally:
        signal.signal(signal.SIGINT, before)
    assert one.states() == ["SENT"]
    assert delivered(one.render())
    assert one.paid == 1


# cancelling


@pytest.fixture
def queued(stage: Callable[..., Set]):  # type: ignore[no-untyped-def]
    """Three shots that were sent; one runs, two are queued."""
    with FakeService(footage=SMALL, run=600.0, concurrency=1) as service:
        three = stage(keyframes=4)
        three.service = service
        stop = Stop()
        service.on("accepted", lambda _: stop.wish() if len(service.paid) == 3 else None)
        with pytest.raises(Interrupted):
            three.render(stop=stop)
        yield three


def cancelled(scene: Set, **more: bool) -> dict[str, str]:
    """What came of cancelling, by the order in which the shots were sent."""
    with scene.service.applied():
        fal = Fal(scene.service.key)
        found = cancel(scene.store, scene.film, fal, **more)  # type: ignore[arg-type]
        fal.close()
    outcome = {one.request_id: "cancelled" if one.cancelled else "goes on" for one in found}
    return {str(n): outcome[sent.request_id] for n, sent in enumerate(scene.service.paid)}


def test_cancelling_gives_up_what_is_queued_for_nothing(queued: Set) -> None:
    """The running one is paid and goes on; the queued ones are removed, not charged."""
    assert cancelled(queued) == {"0": "goes on", "1": "cancelled", "2": "cancelled"}
    assert sorted(queued.states()) == ["CANCELLED", "CANCELLED", "SENT"]
    sums = queued.store.ledger.sums()
    assert (sums.spent, sums.reserved, sums.possible) == (0, 252_000, 0)
    # Another try of those two is a new payment
    standings = [take.standing for shot in queued.plan().shots for take in shot.takes]
    assert sorted(s.value for s in standings) == ["in flight", "to buy", "to buy"]


def test_a_running_request_that_is_cancelled_may_complete_all_the_same(queued: Set) -> None:
    """fal.ai promises only to try: its row follows the truth."""
    assert cancelled(queued, running=True)["0"] == "goes on"
    assert sorted(queued.states()) == ["CANCELLED", "CANCELLED", "SENT"]


def test_cancelling_what_is_complete_changes_nothing(one: Set) -> None:
    """ALREADY_COMPLETED, or not known: collected like any other."""
    outage = one.outage()
    one.render()
    outage.withdraw()
    assert cancelled(one, running=True) == {"0": "goes on"}
    assert delivered(one.collect())
    assert one.paid == 1


def test_a_request_that_somebody_else_cancelled_came_to_nothing(queued: Set) -> None:
    """Cancelled on the service's own page: the next run says so, and buys nothing."""
    with queued.service.applied():
        fal = Fal(queued.service.key)
        for row in queued.rows():
            fal.cancel(request_of(row))
        fal.close()
    stop = Stop()

    def enough(event: Event) -> None:
        if queued.states().count("CANCELLED") == 2:
            stop.wish()

    with pytest.raises(Interrupted):
        queued.render(stop=stop, hear=enough)
    assert sorted(queued.states()) == ["CANCELLED", "CANCELLED", "SENT"]
    assert queued.paid == 3
    assert queued.plan().shots[0].takes[0].standing in (Standing.FLYING, Standing.BUY)
