"""What a shot list has of each shot, as values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
"""What a shot or a scene can be called."""


@dataclass(frozen=True, slots=True)
class ListedShot:
    """A row of a shot list."""

    image: Path
    prompt: str = ""
    shot: str = ""
    """Its name; empty for the next free one."""
    scene: str = ""
    end: Path | None = None
    duration: str = ""
    model: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class ShotList:
    """The shots of a list, in order."""

    shots: tuple[ListedShot, ...]
    notes: tuple[str, ...] = ()
    """What else the list has, and a storyboard does not take over."""
