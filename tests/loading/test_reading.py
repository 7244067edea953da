"""YAML as plain data: what is written is what is meant."""

from __future__ import annotations

from typing import Any

import pytest

from storyboard.errors import InvalidStoryboard
from storyboard.fileformat import findings
from storyboard.loading import reading, tree


def read(text: str | bytes) -> tree.Tree:
    """The tree of a text."""
    return reading.read(text if isinstance(text, bytes) else text.encode(), file="film.yaml")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("16:9", "16:9"),
        ("1:30", "1:30"),
        ("010", "010"),
        ("0x1f", "0x1f"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("2026-01-02", "2026-01-02"),
        (".nan", ".nan"),
        (".inf", ".inf"),
        ("12f", "12f"),
        ("=", "="),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("7", 7),
        ("-7", -7),
        ("2.5", 2.5),
        ("-.5", -0.5),
        ("1e3", 1000.0),
        ("99999999999999999999", "99999999999999999999"),
        ('"7"', "7"),
        ("'true'", "true"),
        ("'it''s'", "it's"),
        ("|\n  two\n  lines", "two\nlines"),
    ],
)
def test_a_scalar(written: str, meant: Any) -> None:
    """Numbers, true, false and nothing as in YAML 1.2; all else is its own text."""
    assert read(f"key: {written}").root == {"key": meant}


def test_places() -> None:
    """Each key and value is known by line and column, from 1."""
    made = read("title: A\nkeyframes:\n  - image:  a.png\n")
    assert made.keys["keyframes", 0, "image"] == (3, 5)
    assert made.values["keyframes", 0, "image"] == (3, 13)


def test_a_missing_value_stands_at_its_parent() -> None:
    """What is not there is reported where it should be."""
    made = read("title: A\ndefaults:\n  fit: cover\n")
    assert made.place(("defaults", "duration")).line == 3


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\u0085", "\u2028"])
def test_every_kind_of_line_end(ending: str) -> None:
    """Lines are counted alike by the parser and by the message."""
    made = read(ending.join(["a: 1", "b: 2", "c: 3"]))
    assert made.values[("c",)][0] == 3
    assert made.place(("c",)).text == "c: 3"


def test_a_byte_order_mark() -> None:
    """Editors on Windows put one at the start."""
    assert read(b"\xef\xbb\xbfversion: 1").root == {"version": 1}


@pytest.mark.parametrize("text", ["a: [" * 50_000, "{" * 50_000, "- " * 50_000, "? " * 50_000])
def test_depth(text: str) -> None:
    """Nesting ends at a set depth, not at the end of the stack."""
    with pytest.raises(InvalidStoryboard) as caught:
        read(text)
    assert len(caught.value.mistakes) == 1


def test_ten_megabytes() -> None:
    """A file that large is no storyboard, and is not parsed."""
    with pytest.raises(InvalidStoryboard, match="is larger than 2 MB"):
        read(b"a: b\n" * 2_000_000)


def test_a_million_values() -> None:
    """Counting ends early."""
    with pytest.raises(InvalidStoryboard, match="more than 100000 values"):
        read("a: [" + "1," * 900_000 + "]")


def test_a_bomb_of_aliases() -> None:
    """Nothing is ever repeated, so nothing explodes."""
    bomb = "a: &a [x, x]\n" + "".join(
        f"{after}: &{after} [*{before}, *{before}]\n"
        for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(InvalidStoryboard, match="1:4: an anchor or alias"):
        read(bomb)


def test_many_mistakes() -> None:
    """After a hundred mistakes nobody reads on, and looking for more takes time."""
    with pytest.raises(InvalidStoryboard) as caught:
        read("a: 1\n" * 1000)
    assert len(caught.value.mistakes) == tree.MAX_MISTAKES + 1
    assert "stopped after 100 mistakes" in str(caught.value)


def test_a_mistake_behind_a_doubled_key() -> None:
    """What was found before a fatal mistake is said with it."""
    with pytest.raises(InvalidStoryboard) as caught:
        read("a: 1\na: {b: &c 2}\n")
    assert [m.message.split(";")[0] for m in caught.value.mistakes] == [
        "is here twice",
        "an anchor or alias",
    ]


def test_a_long_key_is_shortened() -> None:
    """A message stays a line that can be read."""
    assert len(findings.field_path(("k" * 100_000, 0, "x"))) < 100


def test_a_secret_is_never_shown() -> None:
    """The line with the key is not repeated in the message."""
    key = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9:00112233445566778899aabbccddeeff"
    with pytest.raises(InvalidStoryboard, match="2:6: looks like a service key") as caught:
        read(f"a: 1\nkey: {key}: oh: no\n")
    assert key not in caught.value.drawn()
