"""The seams as a table for people: the odd ones with what to do, the others counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from rich.cells import cell_len

from storyboard.reviewing.limits import (
    COLOUR_STEP,
    CUT,
    JUMP,
    LEAST_JUMP,
    REMEDIES,
    SHARPER,
    SOFTER,
    UNTOLD,
)
from storyboard.reviewing.report import HEADING, row
from storyboard.units.timing import counted

if TYPE_CHECKING:
    from storyboard.reviewing.report import Report, SeamReport

Shown = Literal["odd", "all"]

_LIMITS = (
    f"odd: likeness < {CUT:g} SSIM; colour > {COLOUR_STEP:g} dE; motion > {JUMP:g} x inside "
    f"and > {LEAST_JUMP:g} px of 320;",
    f"     sharp < {SOFTER:g} or > {SHARPER:g} of that before",
)


_MISSED = ("inside", "sharp", "motion", "colour", "likeness")
"""Columns that are left out where there is no room for a row, in this order."""


def table(report: Report, *, shown: Shown = "odd", width: int | None = None) -> tuple[str, ...]:
    """Lines for a terminal: the odd seams, or all; the limits; and what to do about the odd.

    Rows are at most `width` cells, as far as that can be had by leaving numbers out.
    """
    odd = [seam for seam in report.seams if not seam.good]
    rows = report.seams if shown == "all" else odd
    lines = _aligned([HEADING, *(row(s, report.rate) for s in rows)], width) if rows else []
    lines += _LIMITS if odd else ()
    lines += [line for seam in odd for line in _remedies(seam)]
    untold = [seam for seam in report.seams if seam.good and seam.untold]
    lines += [_untold(seam) for seam in untold]
    if shown == "odd":
        lines += _rest(len(report.seams), len(odd), len(untold))
    return tuple(lines)


def _aligned(rows: Sequence[Sequence[str]], width: int | None) -> list[str]:
    columns = dict(zip(HEADING, zip(*rows, strict=True), strict=True))
    wide = {name: max(map(cell_len, cells)) for name, cells in columns.items()}
    for name in _MISSED:
        if width is None or sum(wide.values()) + 2 * (len(wide) - 1) <= width:
            break
        del columns[name], wide[name]
    padded = [[_padded(cell, wide[name]) for cell in columns[name]] for name in columns]
    return ["  ".join(cells).rstrip() for cells in zip(*padded, strict=True)]


def _padded(cell: str, cells: int) -> str:
    return cell + " " * (cells - cell_len(cell))


def _remedies(seam: SeamReport) -> Iterable[str]:
    for kind in seam.kinds:
        half = max(seam.numbers.still // 2, 1)
        words = REMEDIES[kind].format(before=seam.before, after=seam.after, half=half)
        yield f"{seam.before} | {seam.after}: {kind}: {words}"


def _untold(seam: SeamReport) -> str:
    words = UNTOLD.format(before=seam.before)
    return f"{seam.before} | {seam.after}: can't tell: {words}"


def _rest(seams: int, odd: int, untold: int) -> list[str]:
    """The good ones, in a line."""
    if not seams:
        return ["no seams: nothing is joined without a transition"]
    if not odd + untold:
        return [f"{counted(seams, 'seam')} measured, all good"]
    good = seams - odd - untold
    return [f"{counted(good, 'other seam')} good"] if good else []
