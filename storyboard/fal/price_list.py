"""What the service's price list says of an endpoint. Source: fal.ai's pricing API, documented.

Only US dollars for the unit that is asked for are understood. Anything else is no price: what it
would make of a request nobody knows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

_WORDS = 40
"""Characters of what can't be understood that are repeated."""


UNITS = {"take": ("video", "videos")}
"""What the list calls a unit that has another name here. Source: what it says of endpoints whose
price is known otherwise."""


def of_unit(answer: Any, endpoint: str, unit: str) -> int:
    """Micro-dollars for a unit; the dearest, where the list has more than one price.

    ValueError says why the list is no use.
    """
    listed = answer.get("prices") if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        raise ValueError("it is not a list of prices")
    found = [
        entry
        for entry in listed
        if isinstance(entry, dict) and entry.get("endpoint_id") == endpoint
    ]
    if not found:
        raise ValueError("it has no price for it")
    return max(_price(entry, unit) for entry in found)


def _price(entry: Mapping[str, Any], wanted: str) -> int:
    currency, unit, price = (entry.get(name) for name in ("currency", "unit", "unit_price"))
    if currency != "USD":
        raise ValueError(f"its currency is {_shown(currency)}, not USD")
    if unit not in UNITS.get(wanted, (wanted, f"{wanted}s")):
        raise ValueError(f"its unit is {_shown(unit)}, not {wanted}s")
    if isinstance(price, bool) or not isinstance(price, int | float | str):
        raise ValueError(f"its price is {_shown(price)}")
    try:
        micro = float(price) * 1_000_000
    except (ValueError, OverflowError):
        raise ValueError(f"its price is {_shown(price)}") from None
    if not (math.isfinite(micro) and 1 <= micro < 1e12):
        raise ValueError(f"its price is {_shown(price)}")
    return math.ceil(round(micro, 3))


def _shown(value: object) -> str:
    return ascii(value)[:_WORDS]
