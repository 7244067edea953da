"""Brackets in lines of two directions, as UAX 9 has them (rule N0)."""

from __future__ import annotations

import pytest

from storyboard.text.setting import _levels


@pytest.mark.parametrize(
    ("line", "levels"),
    [
        ("a (ב) c", "0001000"),
        ("world (ברכה) 1.5%", "00000001111002222"),
        ("א (b) ג", "1112111"),
        ("א (ב c) ד", "111112111"),
        ("א b (c) ד", "112222211"),
        ("a (b] ב) c", "0000001000"),
        ("a ) ב ( c", "000010000"),
    ],
)
def test_both_brackets_of_a_pair_have_one_direction(line: str, levels: str) -> None:
    """That of their words where it is the line's, else of what is before them, else the line's."""
    assert "".join(map(str, _levels(line))) == levels
