"""Text from outside does nothing where it is read."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.inert import inert


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x9b31m", r"\x9b31m"),
        ("a\rb\x08c\x00d\x7f", r"a\x0db\x08c\x00d\x7f"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\u2066a\u2069", r"\u2066a\u2069"),
        ("\u200b\ufeff", r"\u200b\ufeff"),
        ("\udc80", r"\udc80"),
        ("\U000e0041", r"\U000e0041"),
        ("two\nlines", r"two\x0alines"),
        ("a\u2028b", r"a\u2028b"),
        ("a\u00a0b", "a b"),
        ("[bold]<script>%{x}", "[bold]<script>%{x}"),
        ("雪 é \N{FIRE}", "雪 é \N{FIRE}"),
        ("\N{WOMAN}\u200d\N{ROCKET}", "\N{WOMAN}\u200d\N{ROCKET}"),
    ],
    ids=ascii,
)
def test_inert(text: str, shown: str) -> None:
    """What is not seen is written out; what is seen stays."""
    assert inert(text) == shown


def test_lines_can_be_kept() -> None:
    """Where the text is ours and has several."""
    assert inert("a\nb\x1b", lines=True) == "a\nb\\x1b"


@given(st.text(st.characters(exclude_categories=[])))
def test_nothing_gets_through(text: str) -> None:
    """No control, no mark of direction, no half character, and it can be printed."""
    shown = inert(text)
    shown.encode()
    for letter in shown:
        assert letter == "\u200d" or unicodedata.category(letter)[0] != "C"


@given(st.text(st.characters(exclude_categories=["C", "Z"])))
def test_what_is_seen_is_left_alone(text: str) -> None:
    """Letters of any script."""
    assert inert(text) == text
