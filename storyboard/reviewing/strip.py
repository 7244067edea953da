"""A picture of a seam: two frames of either side, where they differ, and what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from storyboard.errors import MediaError
from storyboard.files import appearing
from storyboard.text.wrapping import single_line
from storyboard.units.timing import timecode

if TYPE_CHECKING:
    from storyboard.reviewing.measure import Picture
    from storyboard.reviewing.report import SeamReport
    from storyboard.units.timing import Rate

_SHOWN = 2
_AMPLIFIED = 8
_APART = f"what differs, {_AMPLIFIED} times"
_PAPER, _INK, _GREY, _GOOD, _BAD = "#16171b", "#f2f3f5", "#9aa0a8", "#7ed99a", "#ffbb42"
_EDGE, _GAP, _SEAM = 16, 6, 22
_TITLE, _SMALL = 20, 15


def draw_strip(
    path: Path,
    seam: SeamReport,
    *,
    before: Sequence[Picture],
    after: Sequence[Picture],
    rate: Rate,
) -> None:
    """Write a PNG with the last frames before a seam and the first after it, captioned.

    Takes small RGB pictures in the order of the film. MediaError when it can't be written.
    """
    left, right = before[-_SHOWN:], after[:_SHOWN]
    tiles = [*left, *right, _apart(left[-1], right[0])]
    names = [str(seam.at - len(left) + place) for place in range(len(left) + len(right))]
    high, wide = left[-1].shape[:2]
    top = _EDGE + _TITLE + _EDGE
    width = 2 * _EDGE + _SEAM + len(tiles) * wide + (len(tiles) - 2) * _GAP
    page = Image.new("RGB", (width, top + high + _SMALL + 3 * _EDGE), _PAPER)
    pen = ImageDraw.Draw(page)
    across = _EDGE
    for picture, name in zip(tiles, [*names, _APART], strict=True):
        page.paste(Image.fromarray(picture), (across, top))
        _write(pen, (across, top + high + _GAP), name, _SMALL, _GREY)
        across += wide + (_SEAM if name == names[len(left) - 1] else _GAP)
    middle = _EDGE + len(left) * (wide + _GAP) - _GAP + _SEAM // 2
    pen.line((middle, top - _GAP, middle, top + high + _GAP), fill=_BAD, width=2)
    head = f"{seam.before} | {seam.after}  ·  {timecode(seam.at, rate)}"
    end = _write(pen, (_EDGE, _EDGE), head, _TITLE, _INK)
    colour = _GOOD if seam.good else _BAD
    _write(pen, (end + _EDGE, _EDGE), ", ".join(seam.kinds) or "good", _TITLE, colour)
    _write(pen, (_EDGE, page.height - _EDGE - _SMALL), _said(seam), _SMALL, _GREY)
    _save(page, path)


def _apart(one: Picture, other: Picture) -> Picture:
    """Where two pictures differ, made visible."""
    apart = np.abs(one.astype(np.int16) - other) * _AMPLIFIED
    return np.asarray(np.minimum(apart, 255), np.uint8)


def _said(seam: SeamReport) -> str:
    numbers = seam.numbers
    said = [
        f"difference {numbers.difference:.1f} (inside {numbers.difference_inside:.1f})",
        f"likeness {numbers.likeness:.2f} ({numbers.likeness_inside:.2f})",
        f"colour {numbers.colour:.2f} ({numbers.colour_inside:.2f})",
        f"sharpness {numbers.sharpness:.2f}",
        f"flow {numbers.flow:.2f} ({numbers.flow_inside:.2f}) px",
    ]
    return "  ·  ".join(said)


def _write(
    pen: ImageDraw.ImageDraw, at: tuple[int, int], text: str, pixels: int, colour: str
) -> int:
    """Write a line; gives where it ends."""
    line, font = single_line(text, pixels, width=10_000)
    font.draw(pen, (at[0], at[1] - pixels // 6), line, colour)
    return at[0] + round(font.getlength(line))


def _save(page: Image.Image, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MediaError(f"{path.parent} can't be made: {error.strerror}") from error
    with appearing(path) as coming, coming.open("wb") as file:
        page.save(file, "PNG", optimize=True)
