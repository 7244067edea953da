"""What can be wrong with a take, by name."""

from __future__ import annotations

from typing import Literal, get_args

TakeKind = Literal["start", "end", "cut", "flash", "still", "flicker", "soft", "black", "colour"]
"""What can be wrong with a take; `reviewing/take_limits.py` has the measures."""

TAKE_KINDS: tuple[TakeKind, ...] = get_args(TakeKind)

BROKEN: tuple[TakeKind, ...] = ("start", "end", "cut", "flash", "black")
"""What makes a take useless as a rule, so that another one may be bought."""
