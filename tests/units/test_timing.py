"""Exact time."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.units.timing import Duration, decimal, parse_rate, timecode, whole


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        (24, Fraction(24)),
        ("25", Fraction(25)),
        (12.5, Fraction(25, 2)),
        ("12.5", Fraction(25, 2)),
        ("24000/1001", Fraction(24000, 1001)),
        (240, Fraction(240)),
    ],
)
def test_a_rate(written: object, rate: Fraction) -> None:
    """As it is written, exact."""
    assert parse_rate(written) == rate


@pytest.mark.parametrize(
    "written",
    [0, -24, 241, "24/0", "24 fps", " 24", "٢٤", "1e2", True, None, [24], float("nan"), 1e999, ""],
)
def test_not_a_rate(written: object) -> None:
    """Said with what to write."""
    with pytest.raises(ValueError, match="frames per second"):
        parse_rate(written)


@pytest.mark.parametrize(("written", "exact"), [(23.976, "24000/1001"), ("29.97", "30000/1001")])
def test_a_rounded_rate(written: object, exact: str) -> None:
    """A rounded rate drifts; the exact one is named."""
    with pytest.raises(ValueError, match=exact):
        parse_rate(written)


@given(st.decimals(0, 80_000, places=3))
def test_seconds_are_exact(seconds: object) -> None:
    """2.1 is 21/10, not the float near it."""
    number = float(str(seconds))
    assert Duration.parse(number).amount == Fraction(str(number))


@given(st.integers(0, 10**7), st.sampled_from([Fraction(24), Fraction(24000, 1001)]))
def test_frames_are_frames(count: int, rate: Fraction) -> None:
    """At any rate."""
    duration = Duration.parse(f"{count}f")
    assert duration.frames(rate) == count
    assert duration.seconds(rate) * rate == count


@pytest.mark.parametrize(
    "written", ["05", "5x", "1:75", "-3f", "1.5f", "١٢f", "", True, None, [5], {}, 1e999, -1, 1e30]
)
def test_not_a_duration(written: object) -> None:
    """Neither text that looks like a number, nor what is none."""
    with pytest.raises(ValueError, match=r"\w"):
        Duration.parse(written)


@given(st.fractions())
def test_whole_is_the_nearest(exact: Fraction) -> None:
    """Halves go up, also below zero."""
    assert exact - Fraction(1, 2) < whole(exact) <= exact + Fraction(1, 2)


@pytest.mark.parametrize(("exact", "text"), [(5, "5"), (Fraction(5, 2), "2.5"), (121, "121")])
def test_decimal(exact: Fraction, text: str) -> None:
    """Short, without zeros that say nothing."""
    assert decimal(Fraction(exact)) == text


@pytest.mark.parametrize(
    ("frame", "rate", "text"),
    [
        (0, Fraction(24), "00:00:00:00"),
        (86400 + 25, Fraction(24), "01:00:01:01"),
        (24, Fraction(24000, 1001), "00:00:01:00"),
        (90_000, Fraction(25), "01:00:00:00"),
    ],
)
def test_timecode(frame: int, rate: Fraction, text: str) -> None:
    """Counted at the nominal rate, never dropped."""
    assert timecode(frame, rate) == text


def test_a_duration_reads_as_it_was_written() -> None:
    """Seconds or frames."""
    assert [str(Duration.parse(written)) for written in (2.5, "12f")] == ["2.5 s", "12f"]
