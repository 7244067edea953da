"""A few points of the sweep over system calls; `python -m tests.money.sweep` does them all."""

from __future__ import annotations

import pytest

from storyboard.testing import FakeClip, FakeService
from tests.money.sweep import Outcome, Point, can_trace, swept

POINTS = (
    Point("fdatasync", 1, "KILL"),
    Point("rename", 2, "KILL"),
    Point("fdatasync", 2, "ENOSPC"),
    Point("pwrite64", 9, "EIO"),
)


@pytest.fixture(scope="module")
def service() -> object:
    """A service for all points."""
    with FakeService(footage=FakeClip(width=64)) as made:
        yield made


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.injection)
def test_a_run_that_is_cut_short_at_a_system_call_pays_once(
    service: FakeService, point: Point
) -> None:
    """Killed there, or told that the disk fails: once more, and everything is there."""
    if not can_trace():
        pytest.skip("strace is not here, or may not trace")
    outcome: Outcome = swept(service, point)
    assert outcome.sound, outcome
