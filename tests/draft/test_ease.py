"""The clock of a shot."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from storyboard.draft.ease import progress

EASINGS = [(False, False), (True, False), (False, True), (True, True)]


@pytest.mark.parametrize(("eases_in", "eases_out"), EASINGS)
def test_the_clock_runs_from_0_to_1_and_never_back(eases_in: bool, eases_out: bool) -> None:
    """Every frame is later than the one before."""
    times = list(progress(121, eases_in=eases_in, eases_out=eases_out))

    assert len(times) == 121
    assert times[0] == 0
    assert times[-1] == pytest.approx(1)
    assert all(later > earlier for earlier, later in pairwise(times))


@pytest.mark.parametrize(("eases_in", "eases_out"), EASINGS)
def test_an_end_is_at_rest_or_at_the_speed_of_its_neighbour(
    eases_in: bool, eases_out: bool
) -> None:
    """The slope is 0 at an eased end and 1 at a joined one."""
    times = np.array(list(progress(10_001, eases_in=eases_in, eases_out=eases_out)))

    speed = np.diff(times) * 10_000

    assert speed[0] == pytest.approx(0 if eases_in else 1, abs=1e-3)
    assert speed[-1] == pytest.approx(0 if eases_out else 1, abs=1e-3)


def test_a_shot_between_two_others_moves_evenly() -> None:
    """Without easing the clock is a ruler."""
    assert list(progress(5)) == pytest.approx([0, 0.25, 0.5, 0.75, 1])


def test_a_single_frame_is_the_start() -> None:
    """One frame has no way to go."""
    assert list(progress(1)) == [0]
