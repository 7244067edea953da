"""Making text from outside harmless for whoever reads it next: one function for each reader.

Prompts, names and a service's words may hold control characters, terminal escapes, marks that turn
the reading direction, tags and formulas. What they do differs by who reads them:

    inert            people, in a terminal or on a page: what is not seen is written out
    under_caret      a terminal, sign for sign, so that a caret can stand below one of them
    in_message       people, as a name in an error's sentence: quoted, in one line, not long
    in_picture       the fonts that words over the picture are set in
    in_one_line      formats in which a line's end is the end of what is said
    in_xml           XML 1.0, before it is escaped
    in_subrip        players of subtitles, which know tags and no way to escape them
    in_spreadsheet   a spreadsheet, which runs what looks like a formula
"""

from __future__ import annotations

import re
import unicodedata

_ZERO_WIDTH_JOINER = "\u200d"
"""Allowed: emoji are made of it."""

JOINERS = f"\u200c{_ZERO_WIDTH_JOINER}"
MARKS = "\u200e\u200f\u061c"
"""Direction marks: harmless, unlike the overrides and isolates that make text lie."""

_WORD_JOINER = "\u2060"
"""Nothing is seen of it, and what it splits is no longer a tag or an arrow."""

_UNKNOWN = "\ufffd"


def inert(text: str, *, lines: bool = False) -> str:
    """The text with every character that is not seen written out; `lines` keeps line breaks."""
    return "".join(_shown(letter, lines=lines) for letter in text)


def under_caret(line: str) -> str:
    """The line with a plain sign for each character that is a command or not seen."""
    plain = line.replace("\t", " ").replace(_ZERO_WIDTH_JOINER, "")  # joined emoji stand apart
    return "".join(letter if letter.isprintable() else _UNKNOWN for letter in plain)


def in_message(name: object) -> str:
    """A name for a message: one line, quoted, strange characters written as escapes, not long."""
    text = repr(str(name))
    return text if len(text) <= 120 else f"{text[:60]}...{text[-50:]}"


def in_picture(text: str) -> str:
    """The text without anything that acts: no control, override or invisible characters.

    Line breaks stay; tabs become blanks; accents are composed where they can be.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", text.replace("\u2028", "\n").replace("\u2029", "\n"))
    return "".join(_drawn(letter) for letter in text)


def in_one_line(text: str) -> str:
    """The text with a blank for each line break and each run of blanks."""
    return " ".join(text.split())


def in_xml(text: str) -> str:
    """The text without letters that XML 1.0 can't hold; & and < are still to be escaped."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def in_subrip(text: str) -> str:
    """The text, in which no player sees a tag, a style or a time; it looks as before."""
    return re.sub(r"(?<=<)(?=[/!a-zA-Z])|(?<=\{)(?=[\\a-zA-Z])|(?<=--)(?=>)", _WORD_JOINER, text)


def in_spreadsheet(value: object) -> object:
    """The value, never a formula: a prompt that starts with = would be run by a spreadsheet."""
    text = str(value)
    formula = text.startswith(("=", "+", "-", "@", "\t")) and not _is_number(text)
    return f"'{text}" if formula else value


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


def _drawn(letter: str) -> str:
    if letter == "\n" or letter in JOINERS + MARKS:
        return letter
    kind = unicodedata.category(letter)
    if letter == "\t" or kind == "Zs":
        return " "
    if kind in ("Cc", "Cf") or "\ufe00" <= letter <= "\ufe0f":
        return ""
    return _UNKNOWN if kind in ("Cs", "Co", "Cn") else letter


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdigit()
