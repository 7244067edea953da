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


LEAST_MICRO = 10_000
"""Micro-dollars, one cent: fewer are never meant as a cap."""


def usd(micro: int) -> Decimal:
    """Micro-dollars as US dollars, exact."""
    return Decimal(micro) / 1_000_000


def cap(max_cost: object, microusd: object) -> int | None:
    """What a program allows to be spent, in micro-dollars; None where it says nothing.

    `max_cost` is dollars, as `Decimal("2.00")` or `"$2.00"`; a whole number of a cent and more is
    micro-dollars, as is `microusd`. ValueError says what to write in place of anything else.
    """
    if max_cost is None:
        return None if microusd is None else _micro("max_cost_microusd", microusd)
    if microusd is not None:
        raise ValueError("max_cost and max_cost_microusd are both given; give one of them")
    if isinstance(max_cost, (str, Decimal)):
        try:
            return parse_dollars(max_cost)
        except ValueError as error:
            raise ValueError(f"max_cost={max_cost!r} {error}") from None
    few = isinstance(max_cost, int) and 0 < max_cost < LEAST_MICRO
    if not isinstance(max_cost, bool) and (few or isinstance(max_cost, float)):
        raise ValueError(
            f'max_cost={max_cost!r} is not plain; write max_cost="{max_cost}" for US dollars, '
            "or max_cost_microusd for millionths of one"
        )
    return _micro("max_cost", max_cost)


def _micro(name: str, given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or given < 0:
        raise ValueError(
            f'{name}={given!r} is no amount; write max_cost="2.00" for US dollars, '
            "or max_cost_microusd=2_000_000"
        )
    return given


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
