"""A few rounds of chaos; `python -m tests.money.chaos` does many."""

from __future__ import annotations

import sys

import pytest

from tests.money.chaos import rounds


@pytest.mark.skipif(sys.platform == "win32", reason="forks and signals")
@pytest.mark.parametrize("seed", [3, 6])
def test_a_round_of_chaos_pays_each_shot_once(seed: int) -> None:
    """Two programs, killed and interrupted, and a service that lies: paid and there."""
    tally = rounds(seed, shots=6)
    assert tally.sound, tally
