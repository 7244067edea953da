"""How long it takes until what is bought is there, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.units.timing import counted, spoken

if TYPE_CHECKING:
    from storyboard.events import WaitExpected


def in_words(expected: WaitExpected) -> str:
    """Such as `about 3 min for 4 takes, 2 at once (2 min to 5 min, as 9 earlier requests took)`."""
    here = "" if expected.here is None else f"at most {spoken(expected.here)} on this machine"
    return "; ".join(filter(None, (_takes(expected), here)))


def _takes(expected: WaitExpected) -> str:
    takes = [counted(expected.takes, "take")] if expected.takes else []
    takes += [f"{expected.flying} on the way"] if expected.flying else []
    if not takes:
        return ""
    many = expected.takes + expected.flying > 1
    together = f", {expected.at_once} at once" if many else ""
    by = "as others say"
    if expected.requests:
        by = f"as {counted(expected.requests, 'earlier request')} took"
    least, most = spoken(expected.least), spoken(expected.most)
    spread = "" if least == most else f"{least} to {most}, "
    return f"about {spoken(expected.usual)} for {' and '.join(takes)}{together} ({spread}{by})"
