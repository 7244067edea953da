"""Making text from outside harmless where people read it: terminals, pages, pictures.

Prompts, names and a service's words may hold control characters, terminal escapes and marks that
turn the reading direction. They are shown as what they are, `\\x1b` or `\\u202e`, and do nothing.
"""

from __future__ import annotations

import unicodedata

_ZERO_WIDTH_JOINER = "\u200d"
"""Allowed: emoji are made of it."""


def inert(text: str, *, lines: bool = False) -> str:
    """The text with every character that is not seen written out; `lines` keeps line breaks."""
    return "".join(_shown(letter, lines=lines) for letter in text)


def _shown(letter: str, *, lines: bool) -> str:
    if letter.isprintable() or letter == _ZERO_WIDTH_JOINER or (lines and letter == "\n"):
        return letter
    if unicodedata.category(letter) == "Zs":
        return " "
    code = ord(letter)
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )
