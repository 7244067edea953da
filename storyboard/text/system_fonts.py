"""The fonts of this machine, for letters that the storyboard's and the package's fonts lack.

They are looked for in the folders where systems keep fonts, or in those that the environment
variable STORYBOARD_FONT_FOLDERS names. Which one is taken depends on nothing but the fonts that are
there: the one that has the most of the letters, then the plainest (upright, without serifs, of
about the package's weight), then the first by name. What was read of a file is kept in the user's
cache, by its size and time.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fontTools.ttLib import TTCollection, TTFont
from platformdirs import user_cache_path

from storyboard.errors import StoryboardError
from storyboard.files import write_whole
from storyboard.text.typeface import Typeface, characters, name_of, state_of

if TYPE_CHECKING:
    from storyboard.text.typeface import FileState

FOLDERS_VARIABLE = "STORYBOARD_FONT_FOLDERS"

_ENDINGS = (".ttf", ".otf", ".ttc", ".otc")
_OUTLINES, _BITMAPS = {"glyf", "CFF ", "CFF2"}, {"CBDT", "sbix"}
_BOXES = ("lastresort", "last resort", "adobe blank", "adobenotdef")
"""Fonts that have every letter, and draw none."""
_WEIGHT, _WIDTH = 500, 5
"""Of the package's own fonts, as OpenType counts them (usWeightClass, usWidthClass)."""
_REGIONS = {"jp": ("\u3040", "\u30ff"), "kr": ("\uac00", "\ud7a3")}
"""Whose letters say which drawing of the Chinese characters is meant."""


@dataclass(frozen=True, slots=True)
class SystemFace:
    """What is known of a font of this machine."""

    path: str
    index: int
    name: str
    plainness: tuple[int, ...]
    """Smaller is plainer."""
    ranges: tuple[tuple[int, int], ...]
    """First and last code points of what it has."""
    state: FileState
    """Its file's, when it was read."""

    def having(self, letters: Collection[str]) -> int:
        """How many of the letters it has."""
        return sum(any(a <= ord(one) <= b for a, b in self.ranges) for one in letters)

    def opened(self) -> Typeface:
        """The same as a typeface."""
        letters = frozenset(chain.from_iterable(range(a, b + 1) for a, b in self.ranges))
        return Typeface(Path(self.path), letters, self.state, self.name, self.index)


def found_for(letters: Collection[str], places: tuple[Path, ...]) -> tuple[Typeface, ...]:
    """Fonts in these folders that have these letters, as few as can be; empty where none does."""
    left, found = set(letters), []
    region = _region(letters)
    faces = _faces(places) if left and places else ()
    while left and faces:
        best = min(faces, key=lambda face: _rank(face, left, region))
        if not best.having(left):
            break
        found.append(best.opened())
        left = found[-1].lacks(left)
    return tuple(found)


def _rank(face: SystemFace, letters: Collection[str], region: str) -> tuple[Any, ...]:
    elsewhere = not face.name.lower().endswith(f" {region}")
    return -face.having(letters), face.plainness, elsewhere, face.name, face.path, face.index


def _region(letters: Iterable[str]) -> str:
    found = (
        region
        for letter in sorted(letters)
        for region, (first, last) in _REGIONS.items()
        if first <= letter <= last
    )
    return next(found, "sc")


def folders() -> tuple[Path, ...]:
    """Where fonts are looked for."""
    named = os.environ.get(FOLDERS_VARIABLE)
    if named is not None:
        return tuple(Path(one).expanduser() for one in named.split(os.pathsep) if one)
    return tuple(_usual_folders())


def _usual_folders() -> Iterator[Path]:
    home = Path.home()
    if sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", r"C:\Windows"), "Fonts")
        if local := os.environ.get("LOCALAPPDATA"):
            yield Path(local, "Microsoft", "Windows", "Fonts")
    elif sys.platform == "darwin":
        yield from (Path("/System/Library/Fonts"), Path("/Library/Fonts"))
        yield home / "Library" / "Fonts"
    else:
        shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
        yield from (Path(one, "fonts") for one in shared.split(":") if one)
        yield Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share", "fonts")
        yield home / ".fonts"


@lru_cache(maxsize=4)
def _faces(places: tuple[Path, ...]) -> tuple[SystemFace, ...]:
    """What there is in these folders; what can't be read as a font is left out."""
    note = user_cache_path("storyboard", appauthor=False) / "fonts.json"
    known = _noted(note)
    there: dict[str, Any] = {}
    for path in sorted({path for place in places for path in _files(place)}):
        with suppress(OSError):
            state = state_of(path)
            before = known.get(str(path))
            same = isinstance(before, dict) and before.get("state") == [*state]
            there[str(path)] = (
                before if same else {"state": [*state], "faces": _described(path, state)}
            )
    if there != known:
        with suppress(OSError, StoryboardError):  # read again another time
            note.parent.mkdir(parents=True, exist_ok=True)
            write_whole(note, json.dumps(there).encode())
    return tuple(_face(row) for one in there.values() for row in one["faces"])


def _noted(note: Path) -> dict[str, Any]:
    try:
        said = json.loads(note.read_bytes())
        for one in said.values():
            [_face(row) for row in one["faces"]]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
    return dict(said)


def _face(row: dict[str, Any]) -> SystemFace:
    ranges = tuple((int(first), int(last)) for first, last in row["ranges"])
    plainness = tuple(int(each) for each in row["plainness"])
    path, index, name = str(row["path"]), int(row["index"]), str(row["name"])
    size, time = map(int, row["state"])
    return SystemFace(path, index, name, plainness, ranges, (size, time))


def _files(place: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(place):
        yield from (Path(folder, name) for name in names if name.lower().endswith(_ENDINGS))


def _described(path: Path, state: FileState) -> list[dict[str, Any]]:
    """The faces of a file that words can be set in."""
    try:
        if path.suffix.lower() in (".ttc", ".otc"):
            with TTCollection(path, lazy=True) as collection:
                every = [_read(path, n, font, state) for n, font in enumerate(collection)]
        else:
            with TTFont(path, lazy=True) as font:
                every = [_read(path, 0, font, state)]
    except Exception:  # a broken font fails in any way, wherever it is broken
        return []
    return json.loads(json.dumps([asdict(one) for one in every if one is not None]))  # type: ignore[no-any-return]


def _read(path: Path, index: int, font: Any, state: FileState) -> SystemFace | None:
    name = name_of(font) or path.stem
    if not _OUTLINES & set(font.keys()) or _BITMAPS & set(font.keys()):
        return None
    if any(box in name.lower() for box in _BOXES):
        return None
    ranges = tuple(_ranges(sorted(characters(font))))
    plain = _plainness(name, font)
    return SystemFace(str(path), index, name, plain, ranges, state) if ranges else None


def _plainness(name: str, font: Any) -> tuple[int, ...]:
    """What is not plain about it: odd, slanted, of one width, with serifs, wide, light or bold."""
    lower = name.lower()
    weight = width = 0
    if about := font.get("OS/2"):
        weight, width = about.usWeightClass - _WEIGHT, about.usWidthClass - _WIDTH
    slanted = "post" in font and bool(font["post"].italicAngle)
    one_width = "mono" in lower or ("post" in font and bool(font["post"].isFixedPitch))
    serifs = "sans" not in lower and any(sign in lower for sign in ("serif", "ming", "song"))
    odd = any(sign in lower for sign in ("emoji", "unifont", "math"))
    strange = int(odd), int(slanted), int(one_width), int(serifs), abs(width)
    return *strange, int("fvar" in font), abs(weight)


def _ranges(points: list[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for point in points:
        if first is None or last is None:
            first = last = point
        elif point == last + 1:
            last = point
        else:
            yield first, last
            first = last = point
    if first is not None and last is not None:
        yield first, last
