"""Timecode: exact, non-drop unless asked for."""

from __future__ import annotations

from fractions import Fraction

import pytest

from storyboard.errors import MediaError
from storyboard.exporting.timecodes import Timecodes

NTSC = Fraction(30000, 1001)


def test_a_film_starts_at_its_hour() -> None:
    """Film frame 0 carries the start's label, and frames are counted on from it."""
    clock = Timecodes.at("01:00:00:00", Fraction(24000, 1001))
    assert (clock.start, clock.nominal, clock.ntsc) == (86_400, 24, True)
    assert clock.film(0) == "01:00:00:00"
    assert clock.film(24 * 60 + 5) == "01:01:00:05"


@pytest.mark.parametrize(
    ("number", "label"),
    [
        (0, "00:00:00;00"),
        (1799, "00:00:59;29"),
        (1800, "00:01:00;02"),
        (17_981, "00:09:59;29"),
        (17_982, "00:10:00;00"),
        (107_892, "01:00:00;00"),
    ],
)
def test_drop_frame_leaves_labels_out(number: int, label: str) -> None:
    """Two labels a minute, but none each tenth: published values; and back again."""
    assert Timecodes(NTSC, drop=True).label(number) == label
    assert Timecodes.at(label, NTSC, drop=True).start == number


def test_drop_frame_at_sixty_leaves_four_out() -> None:
    """59.94 drops four labels a minute."""
    assert Timecodes(2 * NTSC, drop=True).label(3600) == "00:01:00;04"


@pytest.mark.parametrize(
    ("text", "rate", "drop", "message"),
    [
        ("1:00", Fraction(24), False, "is no timecode at 24 frames per second; try 01:00:00:00"),
        ("01:00:00:24", Fraction(24), False, "is no timecode"),
        ("25:00:00:00", Fraction(24), False, "is no timecode"),
        ("01:00:00:00", Fraction(24), True, "no drop-frame timecode at 24 frames per second"),
        ("01:01:00;01", NTSC, True, "drop-frame timecode leaves out 01:01:00;01"),
    ],
)
def test_a_wrong_timecode_is_said(text: str, rate: Fraction, drop: bool, message: str) -> None:
    """What is no label, or one that is never counted, is refused."""
    with pytest.raises(MediaError, match=message):
        Timecodes.at(text, rate, drop=drop)
