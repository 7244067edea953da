"""Waiting for what was paid: whatever the service says, the request is not given up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from storyboard.errors import Charged
from storyboard.events import State
from storyboard.plan import Standing
from storyboard.testing import FakeService, Fault, acts
from storyboard.testing.acts import Act
from tests.money.runs import SMALL, Set, delivered, failure

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
def test_an_outage_leaves_the_request_for_another_run(one: Set, place: str) -> None:
    """No useful answer for half an hour: held, charged, and collected by the next run."""
    fault = one.service.inject(_for_ever(place))
    (left,) = one.render().failures
    assert left.state is State.HELD
    assert left.charged is Charged.YES
    assert "storyboard resume" in str(left.error)
    fault.withdraw()
    assert delivered(one.collect())
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
    # It is not in flight any more: another try is a new payment, and priced
    take = three.plan().shots[1].takes[0]
    assert (take.standing, take.price) == (Standing.FAILED, 252_000)


def test_an_answer_without_a_clip_failed(one: Set) -> None:
    """COMPLETED and no video in it: possibly charged, and believed only after some looks."""
    one.wrong("result", acts.without("video"), times=None)
    one.wrong("history", acts.empty_page(), times=None)
    made = one.render()
    assert "has no video" in str(failure(made))
    assert made.failures[0].charged is Charged.POSSIBLY
    assert len(one.service.requests(place="result")) >= 4


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


def test_a_request_that_nobody_remembers_is_lost_and_never_bought_again(one: Set) -> None:
    """Queue and history know nothing: paid and gone; only the user decides."""
    for place in ("status", "result"):
        one.wrong(place, acts.answer(404, "gone"), times=None)
    one.wrong("history", acts.empty_page(), times=None)
    (lost,) = one.render().failures
    assert lost.charged is Charged.YES
    assert "storyboard resolve" in str(lost.error)
    assert one.states() == ["LOST"]
    take = one.plan().shots[0].takes[0]
    assert (take.standing, take.price) == (Standing.LOST, 0)
    (again,) = one.render().failures
    assert again.charged is Charged.YES
    assert one.paid == 1


def test_an_expired_clip_is_asked_for_anew(one: Set) -> None:
    """The address is dead for a moment: its result is asked for again."""
    one.wrong("download", acts.answer(404, "gone"))
    assert delivered(one.render())
    assert one.paid == 1


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_clip_that_is_gone_is_lost_and_never_bought_again(one: Set, status: int) -> None:
    """The CDN has it no more: LOST, charged, and up to the user."""
    one.wrong("download", acts.answer(status, "gone"), times=None)
    made = one.render()
    assert "no longer at the service" in str(failure(made))
    assert made.failures[0].charged is Charged.YES
    assert one.states() == ["LOST"]
    one.render()
    assert one.paid == 1
