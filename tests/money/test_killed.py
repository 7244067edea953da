"""kill -9 at every step, then the same command again: paid once, and the clip is there."""

from __future__ import annotations

import random
import signal
import sys
from collections.abc import Callable

import pytest

from storyboard.errors import Charged, Unforeseen
from storyboard.testing import Fault, acts
from tests.money.client import DONE, FAILED, PATIENCE, POINTS, Client, Orders
from tests.money.runs import Set, delivered, failure

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks and signals")


def orders(scene: Set, die: str = "") -> Orders:
    """Render this."""
    return Orders(scene.film, scene.folder, scene.service.environment, die)


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_step_and_run_again_pays_once(one: Set, point: str) -> None:
    """Whatever was on the disk is enough to go on."""
    # Given a download in which there is something to die in
    one.wrong("download", acts.truncate(500))
    # And a run that dies
    assert Client(orders(one, point)).wait() == -signal.SIGKILL
    assert one.paid <= 1
    before = one.paid
    # When it is run again
    made = one.render()
    # Then it is paid once, and the clip is there; but for a request that was never sent
    if point == "after the intent":
        assert one.paid == before == 0
        assert one.states() == ["SENDING"]
    else:
        assert delivered(made)
        assert one.paid == 1
        assert one.states() == ["KEPT"]


def test_killed_while_the_service_accepts(one: Set) -> None:
    """The payment is made and the client does not know it yet: found in the history."""
    clients: list[Client] = []
    one.service.on("accepted", lambda _: clients[0].kill() if len(one.service.paid) == 1 else None)
    clients.append(Client(orders(one)))
    assert clients[0].wait() == -signal.SIGKILL
    assert one.states() == ["SENDING"]
    assert delivered(one.render())
    assert one.paid == 1


@pytest.mark.parametrize("place", ["status", "result", "download"])
def test_killed_while_it_waits(one: Set, place: str) -> None:
    """In the middle of an exchange after the payment: picked up by its addresses."""
    held = one.service.inject(Fault(place, acts.hold()))  # type: ignore[arg-type]
    client = Client(orders(one))
    assert held.met.wait(PATIENCE)
    client.kill()
    assert client.wait() == -signal.SIGKILL
    held.withdraw()
    assert delivered(one.render())
    assert one.paid == 1
    assert len(one.service.requests(place="submit")) == 1


def test_killed_again_and_again(one: Set) -> None:
    """One death at each step in turn, always the same storyboard: one payment."""
    for point in POINTS:
        if point != "after the intent":
            Client(orders(one, point)).wait()
    assert delivered(one.render())
    assert one.paid == 1


@pytest.mark.parametrize("seed", range(2))
def test_a_request_of_several_shots_killed_at_random_is_paid_once(
    stage: Callable[..., Set], seed: int
) -> None:
    """Three deaths wherever they come, then a run that lives: one take for all its shots."""
    scene = stage(keyframes=4, extra=["model: flux-3-keyframes"])
    (purchase,) = scene.plan().purchases
    assert purchase.covers == ("sh010", "sh020", "sh030")
    points = [point for point in POINTS if point != "after the intent"]
    for point in random.Random(seed).sample(points, 3):
        Client(orders(scene, point)).wait()
        assert scene.paid <= 1
    made = scene.render()
    assert delivered(made)
    assert len(set(made.clips.values())) == 1
    assert scene.paid == 1
    assert scene.states() == ["KEPT"]
    assert scene.plan().price == 0


def test_a_request_that_is_being_sent_elsewhere_is_waited_for(one: Set) -> None:
    """A living sender holds the lock: nobody else decides about its request."""
    # Given a client whose POST is being answered slowly
    held = one.service.inject(Fault("submit", acts.hold(accepted=True)))
    client = Client(orders(one))
    assert held.met.wait(PATIENCE)
    # When another one renders the same, it neither sends it nor adopts it
    made = one.render()
    assert [failure.state.value for failure in made.failures] == ["unknown"]
    assert one.paid == 1
    # Then the first gets its answer, and the clip
    held.withdraw()
    assert client.wait() == DONE
    assert one.paid == 1


def test_nothing_is_sent_after_a_thread_died(one: Set) -> None:
    """A step that breaks unforeseen, in a process that lives on: held, and another run goes on."""
    from storyboard.generating.backoff import Pace
    from storyboard.generating.generate import generate
    from storyboard.ledger.door import Ledger
    from storyboard.ledger.sqlite import SqliteLedger
    from storyboard.store import Store

    class Broken(SqliteLedger):
        def sent(self, *_: object, **__: object) -> bool:
            raise RuntimeError("a bug")

    class WithBroken(Store):
        @property
        def ledger(self) -> Ledger:
            made = super().ledger
            made.__class__ = Broken
            return made

    from storyboard.fal import Fal

    with one.service.applied():
        made = generate(
            one.plan(),
            WithBroken(one.folder),
            service=Fal(one.service.key),
            pace=Pace(scale=0.002),
        )
    assert isinstance(failure(made), Unforeseen)
    assert "RuntimeError: a bug" in (one.folder / "mistakes.log").read_text()
    assert delivered(one.render())
    assert one.paid == 1


def test_a_failed_run_says_so(one: Set) -> None:
    """The client of these tests ends as the command line does."""
    one.wrong("submit", acts.moderated())
    assert Client(orders(one)).wait() == FAILED


def test_the_disk_is_always_ahead_of_the_service(one: Set) -> None:
    """The order of effects, seen from the service: each step is written down before the next.

    Another connection sees it, and a commit of this ledger is on the disk: a machine that loses
    its power at any moment has lost nothing that it has paid for.
    """
    seen: dict[str, str] = {}

    def look(place: str) -> None:
        seen.setdefault(place, one.states()[0])

    one.service.on("accepted", lambda _: look("the POST"))
    one.service.on("answered", lambda exchange: look(exchange.place) if one.paid else None)
    one.render()
    assert seen["the POST"] == "SENDING"
    assert seen["status"] == seen["result"] == "SENT"
    assert seen["download"] == "DONE"
    assert one.states() == ["KEPT"]


def test_a_machine_without_memory_says_so_and_pays_nothing_twice(
    one: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of memory while a clip is checked: paid, said, and brought home by the next run."""
    from storyboard.generating import checking

    def full(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(checking, "check", full)
        (failure,) = one.render().failures
    assert "not enough memory" in str(failure.error)
    assert failure.charged is Charged.YES
    assert delivered(one.render())
    assert one.paid == 1
