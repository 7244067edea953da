"""How long is waited: politely, and no longer than it helps."""

from __future__ import annotations

import pytest

from storyboard.generating.backoff import Pace, aged
from storyboard.service import Progress

QUEUED, RUNNING = Progress("queued", "IN_QUEUE", 3), Progress("running", "IN_PROGRESS")


def test_what_is_queued_is_looked_at_seldom() -> None:
    """A place in the queue changes slowly."""
    pace = Pace(scale=1.0)
    assert pace.poll(QUEUED, seen=20, ran=0.0) == pytest.approx(pace.queued, rel=0.11)


def test_what_should_soon_be_ready_is_looked_at_often() -> None:
    """Seldom while it can't be ready, often once it may be."""
    pace = Pace(scale=1.0)
    early = pace.poll(RUNNING, seen=20, ran=0.0)
    late = pace.poll(RUNNING, seen=20, ran=pace.usual)
    assert early > 2 * late
    assert late == pytest.approx(pace.close, rel=0.11)


def test_what_is_usual_is_learned_from_the_run() -> None:
    """After some takes their own time counts, not a guess."""
    pace = Pace(scale=1.0)
    for took in (300.0, 310.0, 320.0):
        pace.finished(took)
    assert pace.poll(RUNNING, seen=20, ran=100.0) > 2 * pace.close


def test_first_looks_come_soon() -> None:
    """A quick service is noticed."""
    assert Pace(scale=1.0).poll(RUNNING, seen=1, ran=0.0) < 3.5


def test_errors_are_waited_out_longer_and_longer_up_to_a_minute() -> None:
    """A service in trouble is left alone."""
    pace = Pace(scale=1.0)
    waits = [pace.after_errors(count) for count in range(12)]
    assert waits[0] < 2 < waits[3] < waits[5]
    assert max(waits) <= 66


def test_every_wait_is_scaled() -> None:
    """So that tests do not wait."""
    slow, quick = Pace(scale=1.0), Pace(scale=0.01)
    assert quick.seconds(100) == 1.0
    assert quick.poll(QUEUED, seen=20, ran=0.0) < slow.poll(QUEUED, seen=20, ran=0.0) / 50
    assert quick.worth_looking() == slow.worth_looking() / 100


def test_waits_come_to_an_end() -> None:
    """After the last one there is none."""
    pace = Pace(scale=0.0)
    for waits in (pace.look, pace.resend, pace.refetch):
        assert waits(0) == 0.0
        assert waits(100) is None


WRITTEN = {"0.5": 0.5, "no": 1.0, "-3": 0.0001, "": 1.0}


@pytest.mark.parametrize("written", WRITTEN)
def test_the_environment_scales_all_waits(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    """What makes no sense is left out."""
    monkeypatch.setenv("STORYBOARD_PACE", written)
    assert Pace().scale == WRITTEN[written]


@pytest.mark.parametrize(
    ("seconds", "words"), [(10, "0 min"), (90, "2 min"), (3600, "1 h 0 min"), (7800, "2 h 10 min")]
)
def test_ages_are_for_people(seconds: float, words: str) -> None:
    """Hours and minutes."""
    assert aged(seconds) == words
