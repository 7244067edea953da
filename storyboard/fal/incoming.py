"""What comes from the service, made fit to be kept: storable text, without the key in it.

Every answer passes through here, and nothing else reads one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    import httpx

DEEPEST = 64
"""Levels of an answer's JSON; the deepest of any model has about six."""
SHORTEST = 6
"""Characters of a part of the key that is worth blotting out; shorter ones are words."""
BLOT = "<key>"

_HALF = re.compile("[\ud800-\udfff]")
"""Half of a character: JSON can hold one, a file or a database can't."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its status, its JSON (None where it has none), and its headers' names in lower
    case. All text in it can be stored and shown."""

    status: int
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    phrase: str = ""

    @property
    def ok(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300

    @property
    def fields(self) -> Mapping[str, Any]:
        """The JSON object; empty where it is none."""
        return self.json if isinstance(self.json, dict) else {}


def answer(response: httpx.Response, secrets: Iterable[str]) -> Answer:
    """The answer, read and made fit."""
    blotted = tuple(secrets)
    headers = {
        name.lower(): storable(text, blotted)
        for name, text in response.headers.items()
        if name.lower() in _HEADERS
    }
    phrase = storable(response.reason_phrase, blotted)
    return Answer(response.status_code, _json(response.content, blotted), headers, phrase)


_HEADERS = ("retry-after", "x-fal-billable-units", "x-fal-error-type", "content-type")


def _json(content: bytes, secrets: tuple[str, ...]) -> Any:
    """What the body says as JSON; None where it is not JSON. Without what lies deeper in it than
    in any answer: the rest is as good as ever, and may be a clip's address."""
    text = content.decode(json.detect_encoding(content), "replace")
    try:
        return _fit(_parsed(text), secrets, DEEPEST)
    except ValueError:
        return None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_int=_number)
    except RecursionError:
        return json.loads(_shallow(text), parse_int=_number)


def _number(digits: str) -> int | float:
    """Python refuses to read a number of thousands of digits; it is beyond all reason."""
    return int(digits) if len(digits) < _DIGITS else float(digits)


_DIGITS = 300
_MARKS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{\]}]')
"""Texts, in which brackets mean nothing, and brackets."""


def _shallow(text: str) -> str:
    """JSON without what lies too deep in it."""
    kept, depth, start = [], 0, 0
    for mark in _MARKS.finditer(text):
        sign = mark[0]
        if sign in ("[", "{"):
            depth += 1
            if depth == DEEPEST + 1:
                kept.append(text[start : mark.start()] + "null")
        elif sign in ("]", "}"):
            depth -= 1
            if depth == DEEPEST:
                start = mark.end()
    return "".join(kept) + text[start:] if depth <= DEEPEST else ""


def _fit(value: Any, secrets: tuple[str, ...], deeper: int) -> Any:
    if isinstance(value, str):
        return storable(value, secrets)
    if not isinstance(value, (dict, list)):
        return value
    if deeper == 0:
        return None
    if isinstance(value, list):
        return [_fit(one, secrets, deeper - 1) for one in value]
    return {storable(name, secrets): _fit(one, secrets, deeper - 1) for name, one in value.items()}


def storable(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without halves of characters, and with a blot for each secret in it."""
    for secret in secrets:
        text = text.replace(secret, BLOT)
    return _HALF.sub("\ufffd", text)


def parts_of(key: str | None) -> tuple[str, ...]:
    """What is blotted out for a key: all of it, and each half, also as an address writes them."""
    found = [part for part in (key, *key.split(":")) if len(part) >= SHORTEST] if key else []
    return tuple(dict.fromkeys([*found, *(quote(part, safe="") for part in found)]))
