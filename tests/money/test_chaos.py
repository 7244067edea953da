"""A few rounds of chaos; `python -m tests.money.chaos` does many."""

from __future__ import annotations

import sys

import pytest

from tests.money.chaos.draw import script
from tests.money.chaos.play import played


@pytest.mark.skipif(sys.platform == "win32", reason="forks and signals")
@pytest.mark.parametrize("seed", range(6))
def test_a_round_of_chaos_pays_each_take_once(seed: int) -> None:
    """Programs that are killed, and a service that lies: paid once, and there."""
    came = played(seed)
    assert came.sound, came


def test_a_round_is_drawn_from_its_seed_alone() -> None:
    """It can be repeated."""
    assert repr(script(7).acts) == repr(script(7).acts)
    assert [lie.name for lie in script(7).lies] == [lie.name for lie in script(7).lies]
