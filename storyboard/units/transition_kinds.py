"""The kinds of transitions: what is known of each before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """What is known of a kind of transition before anything is drawn."""

    says: str = ""
    """What it is, where its name does not say so."""
    overlaps: bool = True
    """Whether both scenes are seen at once."""
    colored: bool = False
    """Whether `color` counts."""
    directed: bool = False
    """Whether `direction` counts."""


KINDS: dict[str, Kind] = {
    "dissolve": Kind("mixed"),
    "fade": Kind("through a colour", overlaps=False, colored=True),
    "wipe": Kind(directed=True),
    "slide": Kind(directed=True),
}
"""All transitions but the cut.

Each is drawn by the function of its name in `rendering.transitions`.
"""
