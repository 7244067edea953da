"""Where in the day each shot's takes start: far apart, no two shots at once, and kept for later.

A program that ignores reels still finds the right take by its timecode. A shot starts at the
minute that its name has in it (sh010 at 01:10:00:00), or at the next free one, where another shot
has that. What was given once is in `timecodes.json`, so that files stay as they are when shots are
added.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Mapping
from itertools import count
from pathlib import Path

from storyboard import files
from storyboard.errors import MediaError

NAME = "timecodes.json"
_FIRST, _ROOM = 3600, 22 * 3600
"""Seconds: from 01:00:00:00 on, up to 23:00:00:00."""
_LIMIT = 50_000_000
_NONE: Mapping[str, int] = {}


def preferred(shot: str) -> int:
    """The second of the day that a shot's name asks for, by all its digits."""
    digits = "".join(re.findall("[0-9]+", shot))
    number = int(digits) if digits else zlib.crc32(shot.encode())
    return _FIRST + number * 60 % _ROOM


def starts(shots: Iterable[str], known: Mapping[str, int] = _NONE) -> dict[str, int]:
    """The second of the day at which each shot's takes start; `known` ones keep theirs."""
    names = list(dict.fromkeys(shots))
    given = {shot: known[shot] for shot in names if shot in known}
    taken = {*known.values()}
    for shot in names:
        if shot not in given and preferred(shot) not in taken:
            given[shot] = preferred(shot)
            taken.add(given[shot])
    for shot in names:
        if shot not in given:
            given[shot] = _free(preferred(shot), taken)
            taken.add(given[shot])
    return given


def kept(place: Path, shots: Iterable[str]) -> dict[str, int]:
    """The same for an export folder, which remembers them; MediaError where it can't."""
    path = place / NAME
    known = _read(path) if path.exists() else {}
    found = starts(shots, known)
    if found.keys() - known.keys():
        everything = {shot: _clock(second) for shot, second in sorted((known | found).items())}
        text = json.dumps(everything, indent=2, ensure_ascii=False) + "\n"
        files.write_whole(path, text.encode())
    return found


def _free(wish: int, taken: set[int]) -> int:
    """The next free minute of the day, or else second."""
    for step in (60, 1):
        for number in range(_ROOM // step):
            found = _FIRST + (wish - _FIRST + number * step) % _ROOM
            if found not in taken:
                return found
    return next(number for number in count(_FIRST + _ROOM) if number not in taken)


def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def _read(path: Path) -> dict[str, int]:
    try:
        found = json.loads(files.read(path, limit=_LIMIT))
        return {str(shot): _second(label) for shot, label in found.items()}
    except (ValueError, AttributeError) as cause:
        raise MediaError(f"{path} is no list of timecodes; remove it") from cause


def _second(label: object) -> int:
    found = re.fullmatch(r"(\d+):([0-5]\d):([0-5]\d)", str(label), re.ASCII)
    if found is None:
        raise ValueError(label)
    hours, minutes, seconds = map(int, found.groups())
    return (hours * 60 + minutes) * 60 + seconds
