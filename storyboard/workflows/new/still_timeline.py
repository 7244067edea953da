"""A timeline of stills, saved as `.otio`: each still is a keyframe, a shot goes on to the next.

It is as long as its still is seen, and what markers say meanwhile is its prompt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.errors import MediaError
from storyboard.reimport.footage import Places
from storyboard.reimport.readers import otio_file
from storyboard.reimport.sequence import Blend, Excerpt, Known, Space, Unclear
from storyboard.safe_text import in_message
from storyboard.units.timing import counted, decimal
from storyboard.workflows.new.listed_shots import NAME, ListedShot, ShotList

if TYPE_CHECKING:
    from storyboard.reimport.sequence import Sequence


def stills(path: Path, data: bytes) -> ShotList:
    """The shots of a timeline; MediaError, with the clip, where one shows no picture."""
    try:
        sequence = otio_file.read(data, Known())
    except Unclear as error:
        raise MediaError(f"{path}: {error}") from error
    shots = tuple(_shots(path, sequence))
    return ShotList(shots, (*sequence.notes, *_left(sequence, shots)))


def _left(sequence: Sequence, shots: tuple[ListedShot, ...]) -> Iterator[str]:
    """What such a timeline has, and a storyboard of it has not."""
    kinds = Counter(type(item) for track in sequence.tracks for item in track.items)
    many = {"gap": kinds[Space], "transition": kinds[Blend], "sound": len(sequence.sounds)}
    yield from (f"{counted(number, what)} left out" for what, number in many.items() if number)
    if shots and not shots[-1].prompt:
        yield f"the film ends on {shots[-1].image.name}; its {shots[-1].duration} s are left out"


def _shots(path: Path, sequence: Sequence) -> Iterator[ListedShot]:
    tracks = [one for one in sequence.tracks if any(isinstance(i, Excerpt) for i in one.items)]
    if len(tracks) > 1:
        raise MediaError(f"{path} has pictures on {len(tracks)} tracks; bring them onto one")
    at, taken = 0, set[str]()
    for item in (item for track in tracks for item in track.items if not isinstance(item, Blend)):
        if isinstance(item, Excerpt):
            name = _name(item)
            yield ListedShot(
                image=_picture(path, item),
                prompt=_said(sequence, at, at + item.frames),
                shot="" if name in taken else name,
                duration=decimal(item.frames / sequence.rate, 3),
            )
            taken.add(name)
        at += item.frames


def _picture(path: Path, item: Excerpt) -> Path:
    address = item.address or item.file
    found = Places(path, path).file(address)
    if found is None:
        raise MediaError(f"{path}, {in_message(item.name)}: {in_message(address)} is not there")
    return found


def _name(item: Excerpt) -> str:
    """The clip's name as a shot's, without the ending of a file."""
    name = re.sub(r"\.[A-Za-z]{3,4}$", "", item.name)
    return name if NAME.fullmatch(name) else ""


def _said(sequence: Sequence, first: int, end: int) -> str:
    """The words of the markers in these frames."""
    own = [mark for mark in sequence.markers if first <= (mark.start or 0) < end]
    return " ".join(filter(None, (mark.text or mark.name for mark in own)))
