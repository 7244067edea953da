"""Text from outside does nothing where it is read."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.inert import inert
from tests.boards import still
from tests.cli.running import storyboard


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


def test_on_the_command_line(tmp_path: Path) -> None:
    """A stranger's names and prompts do nothing to the terminal, right or wrong."""
    still(tmp_path / "\x1b[31mred\u202e.png", 1)
    text = (
        "version: 1\ntitle: \u202eeltit\nkeyframes:\n"
        '  - image: "\\e[31mred\\u202e.png"\n    shot: "[bold]\u2066It rolls"\n'
    )
    (tmp_path / "good.yaml").write_text(text)
    (tmp_path / "bad.yaml").write_text(text + '"\\e[2J\\nfilm.yaml:1:1: all is well": 1\n')
    for command, code in (("plan", "good.yaml"), ("validate", "good.yaml"), ("plan", "bad.yaml")):
        done = storyboard(command, code, cwd=tmp_path)
        shown = done.out + done.err
        assert done.code == (3 if code == "bad.yaml" else 0), shown
        assert all(letter.isprintable() or letter == "\n" for letter in shown)
        assert not any(line.startswith("film.yaml") for line in shown.splitlines())


def test_confined_on_the_command_line(tmp_path: Path) -> None:
    """A service that runs strangers' storyboards names the folder they may read."""
    still(tmp_path / "out.png", 1)
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "film.yaml"
    path.write_text("version: 1\nkeyframes:\n  - {image: ../out.png, shot: It rolls}\n")
    assert storyboard("validate", path).code == 0
    refused = storyboard("validate", path, "--confine", tmp_path / "in")
    assert refused.code == 3
    assert "is outside" in refused.err
