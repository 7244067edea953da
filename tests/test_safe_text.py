"""Text from outside does nothing where it is read."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.safe_text import (
    in_message,
    in_one_line,
    in_picture,
    in_spreadsheet,
    in_subrip,
    in_xml,
    inert,
    under_caret,
)
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


ANYTHING = st.text(st.characters(exclude_categories=[]))


@given(ANYTHING)
def test_a_caret_finds_its_sign(text: str) -> None:
    """A terminal obeys nothing; only joiners, of which nothing is seen, are left out."""
    shown = under_caret(text)
    assert not shown or shown.isprintable()
    assert len(shown) == len(text) - text.count("\u200d")


@given(ANYTHING)
def test_a_name_in_a_message(text: str) -> None:
    """One line, in quotes, that can be printed, and not a page long."""
    shown = in_message(text)
    assert shown.isprintable()
    assert len(shown) <= 120
    assert shown[0] in "'\""


@given(ANYTHING)
def test_what_is_drawn_in_a_picture(text: str) -> None:
    """Letters, blanks and line breaks; of what acts, only the marks that mixed scripts need."""
    for letter in in_picture(text):
        assert letter in "\n\u200c\u200d\u200e\u200f\u061c\ufffd" or letter.isprintable()


def test_characters_that_act_are_taken_out() -> None:
    """Controls, direction overrides, tags and invisible joins change nothing of what is seen."""
    hostile = "sh\u202e010\u2066\x1b[31m\x00\u200b\U000e0041\ufe0f\tx"

    assert in_picture(hostile) == "sh010[31m x"
    assert in_picture("a\r\nb\u2028c") == "a\nb\nc"


@given(ANYTHING)
def test_one_line(text: str) -> None:
    """Whatever ends a line, in any program."""
    assert len(in_one_line(text).splitlines()) <= 1


@given(ANYTHING)
def test_xml_can_hold_it(text: str) -> None:
    """A parser takes it, once it is escaped."""
    parsed = ElementTree.fromstring(f"<a>{escape(in_xml(text))}</a>".encode())
    assert (parsed.text or "") == in_xml(text).replace("\r\n", "\n").replace("\r", "\n")


@given(ANYTHING)
def test_no_player_sees_a_tag(text: str) -> None:
    """Nothing is taken out, and no tag, style or arrow is left."""
    shown = in_subrip(text)
    assert shown.replace("\u2060", "") == text.replace("\u2060", "")
    assert not re.search(r"<[/!a-zA-Z]|\{[\\a-zA-Z]|-->", shown)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("-3.5", "-3.5"), ("a=b", "a=b"), (-3, -3), ("+a", "'+a")],
)
def test_a_spreadsheet_runs_nothing(value: object, shown: object) -> None:
    """Numbers stay numbers."""
    assert in_spreadsheet(value) == shown


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
