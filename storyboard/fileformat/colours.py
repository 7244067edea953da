"""Colours as people write them: `#rrggbb`, `#rgb`, or a name of CSS; kept as `#rrggbb`."""

from __future__ import annotations

import difflib
import re

from PIL import ImageColor

_HEX = r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})"
_GLASS = r"#([0-9a-fA-F]{4}|[0-9a-fA-F]{8})"
_NAME = "[A-Za-z]{3,20}"
COLOUR_TEXT = f"{_HEX}|{_NAME}"
GLASS_TEXT = f"{_HEX}|{_GLASS}|{_NAME}"
"""The texts that are colours, as regular expressions of JSON Schema, too."""

COLOUR_NAMES = {name: code for name, code in ImageColor.colormap.items() if isinstance(code, str)}
"""The names of CSS, in small letters, and what they mean."""


def parse_colour(written: object) -> str:
    """`#rrggbb` in small letters; ValueError says what to write."""
    return _parsed(written, _HEX)


def parse_glass(written: object) -> str:
    """`#rrggbb`, or `#rrggbbaa` where an opacity is written; ValueError says what to write."""
    return _parsed(written, f"{_HEX}|{_GLASS}")


def _parsed(written: object, codes: str) -> str:
    if not isinstance(written, str):
        raise ValueError(_wanted(written))
    text = written.strip().lower()
    if text in COLOUR_NAMES:
        return COLOUR_NAMES[text].lower()
    if not re.fullmatch(codes, text):
        raise ValueError(_wanted(written))
    digits = text[1:]
    return "#" + ("".join(digit * 2 for digit in digits) if len(digits) < 6 else digits)


def _wanted(written: object) -> str:
    """What to write in place of this."""
    wanted = 'must be a colour such as "#102030", in quotes, or a name such as red'
    if written is None:
        return f"{wanted}; a # that is not in quotes starts a comment"
    text = str(written)
    if isinstance(written, (str, int)) and re.fullmatch(_HEX, f"#{text}"):
        return f'must be a colour; write "#{text}", in quotes'
    if re.fullmatch(_GLASS, text):
        return f'must be a colour without opacity; write "{text[: len(text) // 2 + 3]}"'
    near = difflib.get_close_matches(text.lower()[:40].replace(" ", ""), COLOUR_NAMES, n=1)
    return f"{wanted}; did you mean {near[0]}?" if near else wanted
