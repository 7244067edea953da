"""The schedule keeps its limits whatever is submitted whenever it is looked at."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storyboard.testing import Clock, Submission
from storyboard.testing.jobs import FakeJob, Schedule

times = st.integers(0, 20)


def job(number: int, *, at: float, queue: float, run: float) -> FakeJob:
    """Return a job that is submitted at a time."""
    submission = Submission(str(number), "model", {}, {}, at=at, number=number)
    return FakeJob(submission, queue=queue, run=run)


@given(
    orders=st.lists(st.tuples(times, times, times), max_size=12),
    concurrency=st.integers(1, 3),
)
def test_no_more_jobs_run_than_may(orders: list[tuple[int, int, int]], concurrency: int) -> None:
    """Given any pauses, waits and lengths, jobs start in order of readiness, within the limit."""
    clock = Clock()
    schedule = Schedule(clock, concurrency=concurrency)
    jobs = []
    for number, (pause, queue, run) in enumerate(orders):
        clock.advance(pause)
        jobs.append(job(number, at=clock(), queue=queue, run=run))
        schedule.add(jobs[-1])
    clock.advance(10_000)
    assert all(schedule.state(each) == "COMPLETED" for each in jobs)
    spans = [(each.started or 0, each.finished or 0) for each in jobs]
    for moment, _ in spans:
        assert sum(first <= moment < last for first, last in spans) <= concurrency
    assert all(each.started is not None and each.started >= each.ready for each in jobs)


@given(looks=st.lists(st.floats(0, 5), max_size=10))
def test_looking_changes_nothing(looks: list[float]) -> None:
    """Given any number of looks in between, jobs start and end when they would have."""
    clock = Clock()
    schedule = Schedule(clock, concurrency=1)
    jobs = [job(number, at=0, queue=1, run=3) for number in range(3)]
    for each in jobs:
        schedule.add(each)
    for pause in looks:
        clock.advance(pause)
        schedule.state(jobs[-1])
    clock.advance(100)
    schedule.catch_up()
    assert [(each.started, each.finished) for each in jobs] == [(1, 4), (4, 7), (7, 10)]
