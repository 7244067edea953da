"""Letters of one size in several typefaces: how long a line is, and how it is drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from bidi import algorithm
from PIL import features

from storyboard.errors import MediaError
from storyboard.safe_text import JOINERS, MARKS
from storyboard.text.brackets import resolve_brackets

if TYPE_CHECKING:
    from PIL import ImageDraw

    from storyboard.text.typeface import Typeface

    Pen = ImageDraw.ImageDraw
    Spot = tuple[float, float]


def shapes_scripts() -> bool:
    """Whether Pillow can order and join right-to-left letters here (needs libraqm, fribidi)."""
    return bool(features.check("raqm"))


@contextmanager
def drawable() -> Iterator[None]:
    """MediaError where a font that could be read turns out to be damaged when it is drawn."""
    try:
        yield
    except OSError as error:
        raise MediaError(f"a font is damaged ({error}); install or copy it again") from error


@dataclass(frozen=True, slots=True)
class Setting:
    """Typefaces at one size: each letter is set in the first that has it."""

    faces: tuple[Typeface, ...]
    pixels: int

    def getlength(self, text: str) -> float:
        """How wide a line is, in pixels."""
        with drawable():
            return sum(face.sized(self.pixels).getlength(part) for face, part in self.runs(text))

    def getmetrics(self) -> tuple[int, int]:
        """How far its letters rise above the base line and fall below it, in pixels."""
        return self.faces[0].sized(self.pixels).getmetrics()

    def draw(self, pen: Pen, place: Spot, line: str, ink: Any) -> None:
        """Draw a line; `place` is its left and the height to which letters rise."""
        runs = list(self.runs(line))
        with drawable():
            if len(runs) < 2:
                self._draw_run(pen, place, line, ink, face=runs[0][0] if runs else self.faces[0])
            else:
                self._draw_runs(pen, place, line, ink)

    def _draw_run(self, pen: Pen, place: Spot, line: str, ink: Any, *, face: Typeface) -> None:
        font = face.sized(self.pixels)
        down = self.getmetrics()[0] - font.getmetrics()[0]
        pen.text((place[0], place[1] + down), line, ink, font=font)

    def _draw_runs(self, pen: Pen, place: Spot, line: str, ink: Any) -> None:
        left, base = place[0], place[1] + self.getmetrics()[0]
        for face, part, direction in self._ordered(line):
            font = face.sized(self.pixels)
            pen.text((left, base), part, ink, font=font, anchor="ls", direction=direction)
            left += font.getlength(part, direction=direction)

    def runs(self, text: str) -> Iterator[tuple[Typeface, str]]:
        """The text in pieces that are set in one typeface each.

        Accents go with their letter; blanks and signs with what is before them, where that
        typeface has them.
        """
        for face, letters in groupby(zip(self._faces_of(text), text, strict=True), lambda x: x[0]):
            yield face, "".join(letter for _, letter in letters)

    def _faces_of(self, text: str) -> list[Typeface]:
        found: list[Typeface] = []
        now = self._opening(text)
        for letter in text:
            if letter not in JOINERS + MARKS and not (_follows(letter) and _has(now, letter)):
                now = self._for(letter)
            found.append(now)
        return found

    def _opening(self, text: str) -> Typeface:
        """The typeface of the first letter, which signs before it go with."""
        return next((self._for(letter) for letter in text if not _follows(letter)), self.faces[0])

    def _for(self, letter: str) -> Typeface:
        return next((face for face in self.faces if _has(face, letter)), self.faces[0])

    def _ordered(self, line: str) -> Iterator[tuple[Typeface, str, str | None]]:
        """The pieces from left to right, each with the direction that it is read in."""
        if not shapes_scripts():  # the line is turned already
            yield from ((face, part, None) for face, part in self.runs(line))
            return
        levels = _levels(line)
        spots = list(zip(self._faces_of(line), levels, line, strict=True))
        pieces = [
            (level, face, "".join(letter for *_, letter in group))
            for (face, level), group in groupby(spots, lambda spot: spot[:2])
        ]
        for level, face, part in _reordered(pieces):
            yield face, part, "rtl" if level % 2 else "ltr"


def _has(face: Typeface, letter: str) -> bool:
    return ord(letter) in face.letters


def _follows(letter: str) -> bool:
    """Whether it is no letter of a script of its own, but goes with what is beside it."""
    return unicodedata.category(letter)[0] in "MNPSZ"


def _levels(line: str) -> list[int]:
    """How deep each letter is embedded, by Unicode's bidirectional algorithm; odd: to the left."""
    known = algorithm.get_empty_storage()
    known["base_level"] = algorithm.get_base_level(line)
    known["base_dir"] = ("L", "R")[known["base_level"]]
    algorithm.get_embedding_levels(line, known)
    algorithm.explicit_embed_and_overrides(known)
    algorithm.resolve_weak_types(known)
    for run in known["runs"]:
        resolve_brackets(known["chars"][run["start"] :][: run["length"]], run["sor"])
    algorithm.resolve_neutral_types(known, debug=False)
    algorithm.resolve_implicit_levels(known, debug=False)
    levels = [int(each["level"]) for each in known["chars"]]
    return levels if len(levels) == len(line) else [known["base_level"]] * len(line)


def _reordered(pieces: Sequence[tuple[int, Any, str]]) -> list[tuple[int, Any, str]]:
    """Pieces as they stand from left to right (rule L2 of the algorithm)."""
    found = list(pieces)
    deepest = max(level for level, *_ in found)
    for level in range(deepest, 0, -1):
        first = 0
        while first < len(found):
            end = first
            while end < len(found) and found[end][0] >= level:
                end += 1
            found[first:end] = reversed(found[first:end])
            first = end + 1
    return found
