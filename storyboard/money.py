"""Money as people write it, in whole micro-dollars."""

from __future__ import annotations

import re
from decimal import Decimal

MOST = 1_000_000
"""US dollars; more is a typing mistake."""

DOLLARS_TEXT = r"(US)?\$ ?[0-9]{1,7}(\.[0-9]{1,6})?|[0-9]{1,7}(\.[0-9]{1,6})?( ?(USD|\$|dollars))?"
"""The texts that are US dollars, as a regular expression of JSON Schema, too."""


def parse_dollars(written: object) -> int:
    """Micro-dollars from `5`, `2.50`, `"$2"` or `"2 USD"`; ValueError says what to write."""
    if isinstance(written, bool) or not isinstance(written, (int, float, str, Decimal)):
        raise ValueError("must be US dollars, such as 5.00")
    number = _number(written) if isinstance(written, str) else Decimal(str(written))
    if not (number.is_finite() and 0 <= number <= MOST):
        raise ValueError(f"must be between 0 and {MOST} US dollars")
    exact = number * 1_000_000
    if exact != exact.to_integral_value():
        raise ValueError("has more than six decimals")
    return int(exact)


def _number(written: str) -> Decimal:
    text = written.strip()
    if re.fullmatch(DOLLARS_TEXT, text):
        return Decimal(re.sub("[^0-9.]", "", text))
    pointed = text.replace(",", ".")
    if pointed != text and re.fullmatch(DOLLARS_TEXT, pointed):
        raise ValueError(f"has a comma; write {pointed}, with a point")
    if re.fullmatch(r"-.*[0-9].*|[0-9.]+e[0-9]+|nan|-?inf(inity)?", text, re.IGNORECASE):
        raise ValueError(f"must be between 0 and {MOST} US dollars")
    if re.search("[€£¥]|EUR|GBP|cents?", text):
        raise ValueError("must be US dollars, such as 5.00: the service takes nothing else")
    raise ValueError("must be US dollars, such as 5.00")


def dollars(micro: int) -> str:
    """Micro-dollars for people: `$0.42`, and more decimals only where they count."""
    exact = f"{micro / 1_000_000:.6f}".rstrip("0")
    whole, _, cents = exact.partition(".")
    return f"${whole}.{cents.ljust(2, '0')}"
