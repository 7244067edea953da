"""Waiting for what was paid: whatever the service says, the request is not given up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from storyboard.errors import Charged
from storyboard.events import State
from storyboard.generating.verdicts import HOURS
from storyboard.takes.holding import Standing
from storyboard.testing import Clock, FakeService, Fault, Injection, acts
from storyboard.testing.acts import Act
from tests.money.runs import SMALL, Set, delivered, patient

ODD: dict[str, Act] = {
    "500": acts.answer(500, {"detail": "oops"}),
    "503 of the service": acts.unavailable(),
    "502 of nginx": acts.nginx(502),
    "404": acts.answer(404, {"detail": "Request not found"}),
    "408": acts.answer(408, "slow"),
    "429": acts.too_many(retry_after=20),
    "401 for a moment": acts.bad_key(),
    "a redirect": acts.answer(302, "", headers={"Location": "https://evil.example/"}),
    "dropped": acts.drop(),
    "a page": acts.answer(200, "<html>hello</html>"),
    "nothing": acts.answer(200, ""),
    "a list": acts.answer(200, []),
}


@pytest.mark.parametrize("how", ODD)
def test_a_status_that_tells_nothing_is_asked_for_again(one: Set, how: str) -> None:
    """Backs off and looks again; never sends again."""
    one.wrong("status", ODD[how], times=3)
    assert delivered(one.render())
    assert one.paid == 1
    assert len(one.service.requests(place="submit")) == 1


@pytest.mark.parametrize("how", [how for how in ODD if how not in ("404", "401 for a moment")])
def test_a_result_that_tells_nothing_is_asked_for_again(one: Set, how: str) -> None:
    """It is complete, only its answer does not come."""
    one.wrong("result", ODD[how], times=3)
    assert delivered(one.render())
    assert one.paid == 1


@pytest.mark.parametrize("place", ["status", "result"])
def test_an_outage_leaves_the_request_for_another_run(timed: Set, place: str) -> None:
    """No useful answer for half an hour: held, charged, and collected by the next run."""
    fault = timed.service.inject(_for_ever(place))
    silent = timed.service.inject(_for_ever("history"))
    (left,) = timed.render(pace=patient()).failures
    assert left.state is State.HELD
    assert left.charged is Charged.YES
    assert "storyboard resume" in str(left.error)
    fault.withdraw()
    silent.withdraw()
    assert delivered(timed.collect(pace=patient()))
    assert timed.paid == 1


@pytest.mark.parametrize("place", ["status", "result"])
def test_a_queue_that_is_out_of_order_is_got_round_by_the_history(one: Set, place: str) -> None:
    """Nothing comes from it for ever: the history has the clip."""
    one.service.inject(_for_ever(place))
    assert delivered(one.render())
    assert one.paid == 1


def _for_ever(place: str) -> Fault:
    return Fault(place, acts.nginx(503), times=None)  # type: ignore[arg-type]


@pytest.mark.parametrize("missing", ["logs", "queue_position", "metrics", "response_url"])
def test_fields_that_are_missing_do_not_matter(stage: Callable[..., Set], missing: str) -> None:
    """The client would stumble; this does not."""
    with FakeService(footage=SMALL, queue=0.05, run=0.05) as service:
        slow = stage(keyframes=2)
        slow.service = service
        slow.wrong("status", acts.without(missing), times=None)
        assert delivered(slow.render())
        assert len(service.paid) == 1


@pytest.mark.parametrize("word", ["PAUSED", "", None, 7, {"what": "ever"}])
def test_an_unknown_word_counts_as_running(one: Set, word: object) -> None:
    """Followed on; told once."""
    one.wrong("status", acts.put(status=word), times=3)
    assert delivered(one.render())
    assert one.paid == 1
    assert "running" in one.told()
    assert len([notice for notice in one.notices if "taken for running" in notice]) == 1


def test_a_request_that_takes_for_ever_is_reported_with_its_age(stage: Callable[..., Set]) -> None:
    """Still in the queue after half an hour: the user is told, and nothing is given up."""
    with FakeService(footage=SMALL, queue=6.0) as service:
        slow = stage(keyframes=2)
        slow.service = service
        made = slow.render()
        assert delivered(made)
        told = [notice for notice in slow.notices if "still IN_QUEUE" in notice]
        assert 1 <= len(told) <= 2
        assert "storyboard cancel" in told[0]
        # And it was looked at seldom meanwhile
        assert len(service.requests(place="status")) < 6.0 / (25 * 0.9 * 0.002)


@pytest.mark.parametrize(
    ("act", "charged", "words"),
    [
        (acts.fail(422, "flagged"), Charged.POSSIBLY, "flagged"),
        (acts.fail(400, "downstream"), Charged.POSSIBLY, "downstream"),
        (acts.fail(500, "it broke"), Charged.NO, "it broke"),
        (acts.fail(504, "late", error="Timed out", error_type="x"), Charged.NO, "Timed out"),
    ],
)
def test_a_request_that_failed_says_why_and_whether_it_cost(
    three: Set, act: Act, charged: Charged, words: str
) -> None:
    """COMPLETED, and its result is an error: the shot fails with the reason, the others go on."""
    three.wrong("submit", act, skip=1)
    made = three.render(jobs=1)
    (failed,) = made.failures
    assert failed.shot == "sh020"
    assert words in str(failed.error)
    assert failed.charged is charged
    assert len(made.clips) == 2
    sums = three.store.ledger.sums()
    assert sums.possible == (252_000 if charged is Charged.POSSIBLY else 0)
    # It is not in flight any more: another try is a new payment, and priced; not of what was
    # refused for what it asks for
    take = three.plan().shots[1].takes[0]
    refused = (Standing.REFUSED, 0), (Standing.FAILED, 252_000)
    assert (take.standing, take.price_microusd) == refused["(422)" not in str(failed.error)]


def test_an_answer_without_a_clip_is_no_failure(timed: Set) -> None:
    """COMPLETED and no video in it: nobody documents that. Held, and asked again by each run."""
    timed.wrong("result", acts.without("video"), times=None)
    timed.wrong("history", acts.empty_page(), times=None)
    (left,) = timed.render(pace=patient()).failures
    assert (left.state, left.charged) == (State.HELD, Charged.YES)
    assert len(timed.service.requests(place="result")) >= 4
    assert timed.states() == ["SENT"]


def test_an_answer_without_a_clip_for_a_moment_is_asked_for_again(one: Set) -> None:
    """What is wrong once is not wrong for ever."""
    one.wrong("result", acts.without("video"), times=2)
    assert delivered(one.render())


def test_an_expired_result_is_taken_from_the_history(one: Set) -> None:
    """The queue has forgotten it: the history has not."""
    one.wrong("status", acts.answer(404, {"detail": "Request not found"}), times=None)
    one.wrong("result", acts.answer(404, {"detail": "Request not found"}), times=None)
    assert delivered(one.render())
    assert one.paid == 1
    # The history names no price, so the estimate stands
    assert one.rows()[0].actual is None


@pytest.fixture
def timed(stage: Callable[..., Set]) -> Iterator[Set]:
    """A storyboard of one shot, and a service, by a clock that is moved by whoever sleeps."""
    clock = Clock()
    with FakeService(footage=SMALL, clock=clock) as service:
        scene = stage(keyframes=2)
        scene.service, scene.clock = service, clock
        yield scene


def nobody_has_it(scene: Set) -> list[Injection]:
    """Neither queue nor history know the request any more."""
    gone = acts.answer(404, {"detail": "Request not found"})
    faults = [Fault("status", gone, times=None), Fault("result", gone, times=None)]
    faults.append(Fault("history", acts.empty_page(), times=None))
    return [scene.service.inject(fault) for fault in faults]


def test_a_request_that_nobody_remembers_is_held_for_hours_and_then_lost(timed: Set) -> None:
    """Queue and history know nothing of it: held while it is young, then lost; never bought."""
    nobody_has_it(timed)
    (left,) = timed.render(pace=patient()).failures
    assert (left.state, left.charged) == (State.HELD, Charged.YES)
    assert timed.states() == ["SENT"]
    timed.clock.sleep(HOURS)
    (lost,) = timed.render(pace=patient()).failures
    assert "storyboard resolve" in str(lost.error)
    assert (timed.states(), lost.charged) == (["LOST"], Charged.YES)
    take = timed.plan().shots[0].takes[0]
    assert (take.standing, take.price_microusd) == (Standing.LOST, 0)
    assert timed.render(pace=patient()).failures
    assert timed.paid == 1


def test_what_was_lost_is_looked_for_again_by_later_runs(timed: Set) -> None:
    """It was said to be nowhere, and is there after all: collected, not paid for again."""
    faults = nobody_has_it(timed)
    timed.render(pace=patient())
    timed.clock.sleep(HOURS)
    timed.render(pace=patient())
    assert timed.states() == ["LOST"]
    for fault in faults:
        fault.withdraw()
    assert delivered(timed.collect(pace=patient()))
    assert (timed.states(), timed.paid) == (["KEPT"], 1)


def test_an_expired_clip_is_asked_for_anew(one: Set) -> None:
    """The address is dead for a moment: its result is asked for again."""
    one.wrong("download", acts.answer(404, "gone"))
    assert delivered(one.render())
    assert one.paid == 1


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_cdn_that_is_late_is_waited_for(timed: Set, status: int) -> None:
    """Not there for minutes after completion: it comes, in the same run."""
    until = timed.clock.time() + 120
    late = Fault("download", acts.answer(status, "not yet"), times=None,
                 when=lambda _: timed.clock.time() < until)  # fmt: skip
    timed.service.inject(late)
    assert delivered(timed.render(pace=patient()))
    assert timed.paid == 1


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_clip_that_is_gone_is_held_for_hours_and_then_lost(timed: Set, status: int) -> None:
    """The CDN has it no more, and nobody another address: LOST, charged, up to the user."""
    gone = timed.service.inject(Fault("download", acts.answer(status, "gone"), times=None))
    (left,) = timed.render(pace=patient()).failures
    assert (left.state, timed.states()) == (State.HELD, ["DONE"])
    timed.clock.sleep(HOURS)
    (lost,) = timed.render(pace=patient()).failures
    assert (lost.charged, timed.states()) == (Charged.YES, ["LOST"])
    timed.render(pace=patient())
    assert timed.paid == 1
    gone.withdraw()
    assert delivered(timed.render(pace=patient()))
    assert timed.paid == 1
