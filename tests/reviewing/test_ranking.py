"""The best of several takes: sound ones first, then the seams, then the end, then the number."""

from __future__ import annotations

import pytest

from storyboard.reviewing.ranking import Candidate, best

SOUND = Candidate(1, (), (0.9, 0.8), 0.7)


@pytest.mark.parametrize(
    ("takes", "number"),
    [
        ([Candidate(1, ("cut",), (0.99,), 0.99), Candidate(2, (), (0.5,), 0.5)], 2),
        ([Candidate(1, ("cut", "black")), Candidate(2, ("still",))], 2),
        ([SOUND, Candidate(2, (), (0.85, 0.82), 0.1)], 2),
        ([SOUND, Candidate(2, (), (0.95, 0.803), 0.9)], 2),
        ([SOUND, Candidate(2, (), (0.95, 0.797), 0.6)], 1),
        ([SOUND, Candidate(2, (), (0.9, 0.8), 0.7)], 1),
        ([Candidate(3), Candidate(2), Candidate(5)], 2),
    ],
)
def test_the_order(takes: list[Candidate], number: int) -> None:
    """Each step decides only where those before it leave it open."""
    assert best(takes) == number
    assert best(takes[::-1]) == number
