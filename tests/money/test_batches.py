"""A batch killed at some points; `python -m tests.money.batches` does two hundred."""

from __future__ import annotations

import sys

import pytest

from storyboard.testing import FakeService
from tests.money.batches import TINY, Kill, killed, kills

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks and signals")


@pytest.fixture(scope="module")
def service() -> object:
    """A service for all points."""
    with FakeService(footage=TINY) as made:
        yield made


@pytest.mark.parametrize("kill", list(kills(12)), ids=lambda kill: f"{kill.point} {kill.nth}")
def test_a_batch_that_is_killed_pays_each_take_once(service: FakeService, kill: Kill) -> None:
    """Twelve films of five shots; run again all are there, and once more it costs nothing."""
    outcome = killed(service, kill)
    assert outcome.sound, outcome
