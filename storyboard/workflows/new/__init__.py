"""A first storyboard from folders of pictures: commented, valid, ready for an animatic.

gathering   which pictures there are, and what was passed over
shot_lists  tables, Storyboarder's files and timelines of stills
writing     the storyboard's text
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import files
from storyboard.errors import InvalidStoryboard, MediaError
from storyboard.ledger import disk
from storyboard.loading.load import parse
from storyboard.units.timing import Duration
from storyboard.workflows.new.gathering import Gathered, Picture, gather, natural_order
from storyboard.workflows.new.shot_lists import listed
from storyboard.workflows.new.writing import commented, of_list
from storyboard.workflows.rewriting import opened, rewriting
from storyboard.workflows.source import StoryboardFile

if TYPE_CHECKING:
    from storyboard.workflows.new.listed_shots import ShotList

__all__ = [
    "FromList",
    "Gathered",
    "Picture",
    "Written",
    "begun",
    "begun_from",
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


@dataclass(frozen=True, slots=True)
class FromList:
    """What a shot list led to."""

    shots: tuple[str, ...]
    """The shots that were written, or changed."""
    notes: tuple[str, ...] = ()
    """What the list and the storyboard have otherwise."""
    updated: bool = False
    """Whether the storyboard was there before."""


def begun(places: Sequence[Path], target: Path) -> Written:
    """Write a storyboard of the pictures at these places; MediaError where the file is there."""
    if os.path.lexists(target) and not target.is_dir():
        raise MediaError(f"{target} is there already; name another with -o")
    files.refuse_unwritable_name(target)
    made = written(places, target)
    files.write_whole(target, made.text.encode())
    return made


def begun_from(shots: Path, target: Path) -> FromList:
    """A storyboard of a shot list, or, where `target` is there, its shots as the list has them.

    Then only prompts and durations that differ are written, shot by shot; all else stays, and what
    the list has otherwise is said. MediaError, with the row, where the list can't be read.
    """
    files.refuse_unwritable_name(target)
    found = listed(shots)
    if os.path.lexists(target):
        return _updated(found, StoryboardFile(target))
    places = [place for shot in found.shots for place in (shot.image, shot.end) if place]
    pictures = [_picture(place) for place in places]
    trouble: InvalidStoryboard | None = None
    for fit, size in _ways(pictures):
        text = of_list(found.shots, target, fit=fit, size=size)
        try:
            board = parse(text.encode(), target)
        except InvalidStoryboard as error:
            trouble = trouble or error
            continue
        files.write_whole(target, text.encode())
        return FromList(tuple(shot.id for shot in board.shots), found.notes)
    assert trouble is not None
    raise MediaError(f"{shots} makes no film: {trouble.mistakes[0].message}") from trouble


def _picture(place: Path) -> Picture:
    return gather([place]).pictures[0]


def _updated(found: ShotList, source: StoryboardFile) -> FromList:
    here = opened(source)
    known = {shot.id: shot for shot in here.was.shots}
    edits: dict[tuple[str | int, ...], object] = {}
    new = (one for one in found.shots if one.shot not in known)
    notes = [f"{one.shot or one.image.name} is not in the storyboard" for one in new]
    missing = known.keys() - {one.shot for one in found.shots}
    notes += [f"{shot} is not in the list" for shot in known if shot in missing]
    for one in found.shots:
        shot = known.get(one.shot)
        if shot is None:
            continue
        if one.prompt and one.prompt != shot.prompt:
            edits[*shot.path, "prompt"] = one.prompt
        if one.duration and Duration.parse(one.duration) != shot.duration:
            edits[*shot.path, "duration"] = one.duration
    rewriting(here, edits).write()
    changed = dict.fromkeys(shot.id for shot in known.values() if _within(shot.path, edits))
    return FromList(tuple(changed), (*notes, *found.notes), updated=True)


def _within(path: tuple[str | int, ...], edits: Collection[tuple[str | int, ...]]) -> bool:
    return any(edit[: len(path)] == path for edit in edits)


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
