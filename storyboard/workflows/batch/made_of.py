"""What a film was made of, as a digest: one that is there, of the very same, is not made again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard import __version__, files

if TYPE_CHECKING:
    from storyboard.workflows.film_steps import WholeCut
    from storyboard.workflows.finish import Delivery

_VERSION = 1
"""Raised whenever the same cut would be written as another film."""


def made_of(cut: WholeCut, films: Sequence[Delivery]) -> str:
    """The digest of all that decides a film's files, 64 hexadecimal digits."""
    board = cut.plan.storyboard
    described = [
        [_VERSION, __version__],
        [_plain(film) for film in films],
        _plain(cut.timeline),
        [cut.plan.drafts, cut.held],
        {str(path): files.sha256(path) for path in sorted({*board.sounds.values()})},
        [_plain(shot.seam) for shot in board.shots],
    ]
    text = json.dumps(described, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A value as JSON has it, with the names of its fields."""
    if is_dataclass(value):
        own = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return [type(value).__name__, own]
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(str(_plain(inner)) for inner in value)
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, (bool, int, float, str)) or value is None:
        return value
    return str(value.resolve()) if isinstance(value, Path) else str(value)
