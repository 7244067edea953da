"""A first storyboard from folders of pictures: commented, valid, ready for an animatic.

gathering   which pictures there are, and what was passed over
writing     the storyboard's text
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from storyboard import files
from storyboard.errors import InvalidStoryboard, MediaError
from storyboard.ledger import disk
from storyboard.loading.load import parse
from storyboard.workflows.new.gathering import Gathered, Picture, gather, natural_order
from storyboard.workflows.new.writing import commented

__all__ = [
    "Gathered",
    "Picture",
    "Written",
    "begun",
    "commented",
    "gather",
    "natural_order",
    "written",
]


@dataclass(frozen=True, slots=True)
class Written:
    """The text of a new storyboard, and what it is made of."""

    text: str
    gathered: Gathered


def begun(places: Sequence[Path], target: Path) -> Written:
    """Write a storyboard of the pictures at these places; MediaError where the file is there."""
    if os.path.lexists(target) and not target.is_dir():
        raise MediaError(f"{target} is there already; name another with -o")
    files.refuse_unwritable_name(target)
    made = written(places, target)
    files.write_whole(target, made.text.encode())
    return made


def written(places: Sequence[Path], target: Path) -> Written:
    """A storyboard at `target` of the pictures at these places: files, or folders of them.

    It loads without a mistake; MediaError where there are fewer than two pictures, or where the
    paid models can't take them however they are fitted.
    """
    files.refuse_overwrite(target, ())
    disk.refuse_inside(target)
    gathered = gather(places)
    if len(gathered.pictures) < 2:
        passed = "".join(f"; {line}" for line in gathered.passed)
        raise MediaError(f"a film needs at least two pictures; name them, or a folder{passed}")
    trouble: InvalidStoryboard | None = None
    for fit, size in _ways(gathered.pictures):
        text = commented(gathered.pictures, target, fit=fit, size=size)
        try:
            parse(text.encode(), target)
        except InvalidStoryboard as error:
            trouble = trouble or error
            continue
        return Written(text, gathered)
    assert trouble is not None
    raise MediaError(f"these pictures make no film: {trouble.mistakes[0].message}") from trouble


def _ways(pictures: Sequence[Picture]) -> list[tuple[str, str]]:
    """Fits and sizes to try, the simplest first: none, a fit, a fit and the usual size."""
    aspects = [picture.facts.width / picture.facts.height for picture in pictures]
    upright = sum(aspect < 1 for aspect in aspects) * 2 > len(aspects)
    mixed = min(aspects) < 1 < max(aspects) or min(aspects) / max(aspects) < _MUCH
    fit = "blur" if mixed else "cover"
    same = max(aspects) / min(aspects) < _SAME
    plain = [("", "")] if same else []
    return [*plain, (fit, ""), (fit, "1080x1920" if upright else "1920x1080")]


_SAME, _MUCH = 1.01, 0.6
"""Shapes that are one; and of which `cover` would leave less than this."""
