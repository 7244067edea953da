"""The seams as a table for people: the odd ones with what to do, the others counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

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
    f"odd: likeness < {CUT:g}; colour > {COLOUR_STEP:g} dE; motion > {JUMP:g} x inside "
    f"and > {LEAST_JUMP:g} px of 320;",
    f"     sharp < {SOFTER:g} or > {SHARPER:g}",
)


def table(report: Report, *, shown: Shown = "odd") -> tuple[str, ...]:
    """Lines for a terminal: the odd seams, or all; the limits; and what to do about the odd."""
    odd = [seam for seam in report.seams if not seam.good]
    rows = report.seams if shown == "all" else odd
    lines = [*_aligned([HEADING, *(row(s, report.rate) for s in rows)])] if rows else []
    lines += _LIMITS if odd else ()
    lines += [line for seam in odd for line in _remedies(seam)]
    untold = [seam for seam in report.seams if seam.good and seam.untold]
    lines += [_untold(seam) for seam in untold]
    if shown == "odd":
        lines += _rest(len(report.seams), len(odd), len(untold))
    return tuple(lines)


def _aligned(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(len(cells[column]) for cells in rows) for column in range(len(HEADING))]
    for cells in rows:
        yield "  ".join(
            cell.ljust(width) for cell, width in zip(cells, widths, strict=True)
        ).rstrip()


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
