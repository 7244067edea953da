"""The name that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice

_LONGEST, _MOST = 64, 1000
"""Comparing long names, or very many, takes longer than a reader waits for a hint."""


def guess(name: str, names: Iterable[str]) -> str:
    """The one of these names that looks like `name`; empty where none does."""
    if len(name) > _LONGEST:
        return ""
    plain = {known.casefold(): known for known in islice(names, _MOST)}
    near = difflib.get_close_matches(name.casefold(), plain, n=1)
    return plain[near[0]] if near else ""
