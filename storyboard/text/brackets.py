"""Brackets in lines of two directions: rule N0 of Unicode's bidirectional algorithm (UAX 9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

PAIRS = {"(": ")", "[": "]", "{": "}", "\u2045": "\u2046", "\u27e8": "\u27e9", "\u300c": "\u300d"}
"""The pairs of brackets that people write in titles and captions (BidiBrackets.txt has more)."""

_STRONG = {"L": "L", "R": "R", "EN": "R", "AN": "R"}
"""What counts for neutrals: numbers are read as what is set to the left."""


def resolve_brackets(run: Sequence[dict[str, Any]], before: str) -> None:
    """Give both brackets of each pair one direction: of their words, or of those before them.

    `run` are letters of one level, after the rules for weak types: each with its `ch`, its `level`
    and its `type`, which is changed. `before` is the direction of what comes before the run.
    """
    for opening, closing in sorted(_pairs(run)):
        own = "R" if run[opening]["level"] % 2 else "L"
        inside = {_STRONG.get(one["type"]) for one in run[opening + 1 : closing]} - {None}
        if own in inside:
            direction = own
        elif inside:
            direction = _before(run, opening, before)
        else:
            continue
        run[opening]["type"] = run[closing]["type"] = direction


def _before(run: Sequence[dict[str, Any]], place: int, before: str) -> str:
    """The direction of the last letter with one."""
    found = (_STRONG.get(one["type"]) for one in reversed(run[:place]))
    return next((direction for direction in found if direction), before)


def _pairs(run: Sequence[dict[str, Any]]) -> Iterator[tuple[int, int]]:
    """The places of brackets that belong together."""
    opened: list[tuple[str, int]] = []
    for place, one in enumerate(run):
        if one["type"] != "ON":
            continue
        if one["ch"] in PAIRS:
            opened.append((PAIRS[one["ch"]], place))
        elif any(one["ch"] == closing for closing, _ in opened):
            while opened:
                closing, opening = opened.pop()
                if closing == one["ch"]:
                    yield opening, place
                    break
