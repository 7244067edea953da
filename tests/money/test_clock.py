"""Time that jumps, and a machine that sleeps: no decision to pay hangs on the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from unittest import mock

import pytest

from storyboard.testing import Clock, FakeService, Fault, HttpRequest, acts
from tests.money.runs import SMALL, Set, delivered, patient

DAY = 86_400.0


@pytest.mark.parametrize("jump", [-DAY, DAY, 40 * DAY])
def test_a_clock_that_jumps_while_the_answer_is_lost(one: Set, jump: float) -> None:
    """Sent before the jump and looked for after it: found by a clock that is nearly right."""
    one.wrong("submit", acts.drop(accepted=True))
    late = one.service.inject(Fault("history", acts.answer(200, {"items": []}), times=None))
    one.render()
    late.withdraw()
    real = time.time
    with mock.patch("time.time", side_effect=lambda: real() + jump):
        assert delivered(one.render())
    assert one.paid == 1


@pytest.mark.parametrize("jump", [-DAY, DAY])
def test_a_request_that_was_sent_by_a_wrong_clock_is_still_found(one: Set, jump: float) -> None:
    """A day off, either way, when it was written down."""
    one.wrong("submit", acts.drop(accepted=True))
    late = one.service.inject(Fault("history", acts.answer(200, {"items": []}), times=None))
    real = time.time
    with mock.patch("time.time", side_effect=lambda: real() + jump):
        one.render()
    late.withdraw()
    assert delivered(one.render())
    assert one.paid == 1


def test_how_old_a_request_is_by_this_machine_says_nothing(stage: Callable[..., Set]) -> None:
    """Written down by a clock three days ahead, and looked for three days later: it looks new, and
    is no longer among what the history lists of its last day."""
    clock = Clock()
    with FakeService(footage=SMALL, clock=clock) as service:
        one = stage(keyframes=2)
        one.service, one.clock = service, clock
        one.wrong("submit", acts.drop(accepted=True))
        late = service.inject(Fault("history", acts.empty_page(), times=None))
        clock.wrong = 3 * DAY
        one.render(pace=patient())
        late.withdraw()
        clock.wrong = 0.0
        clock.advance(3 * DAY)
        assert delivered(one.render(pace=patient()))
        assert len(service.paid) == 1


def test_an_id_is_known_however_old_it_is(stage: Callable[..., Set]) -> None:
    """The queue has forgotten it days later, and the history, which has the clip, lists the last
    day alone unless it is asked for more."""
    clock = Clock()
    with FakeService(footage=SMALL, clock=clock) as service:
        one = stage(keyframes=2)
        one.service, one.clock = service, clock
        outage = one.outage()
        one.render(pace=patient())
        outage.withdraw()
        clock.advance(3 * DAY)
        for place in ("status", "result"):
            one.wrong(place, acts.answer(404, {"detail": "no"}), times=None)
        assert delivered(one.render(pace=patient()))
        assert len(service.paid) == 1


def test_a_machine_that_sleeps_between_writing_down_and_sending(one: Set) -> None:
    """Written down, asleep for a day, sent, and the answer lost: one payment, however late."""
    real, slept = time.time, [0.0]

    def sleep(request: HttpRequest) -> None:
        if request.method == "POST" and "fal-ai" in request.path:
            slept[0] = DAY

    one.service.on("request", sleep)
    one.wrong("submit", acts.drop(accepted=True))
    with mock.patch("time.time", side_effect=lambda: real() + slept[0]):
        one.render()
        assert delivered(one.render())
    assert one.paid == 1
    assert len(one.service.requests(place="submit")) == 1
