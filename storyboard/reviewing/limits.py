"""What is measured of a seam, from where on it counts as wrong, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

Kind = Literal["duplicate", "pause", "jump", "colour", "soft", "cut"]
"""What can be wrong with a seam, or `cut`: the two sides show something else."""

KINDS: tuple[Kind, ...] = get_args(Kind)

COLOUR_STEP = 0.5
"""CIE76 by which the picture may turn over the seam, beyond what it does from frame to frame."""
JUMP, LEAST_JUMP = 1.8, 0.25
"""So many times farther than from frame to frame, and at least so many pixels, is a jump."""
SOFTER, SHARPER = 0.6, 1.6
"""Fine detail after the seam, in parts of that before it."""
CUT = 0.5
"""A likeness below which the two sides show something else."""
PAUSE = 3
"""Steps in a row that nearly stand still."""
_LOCAL, _CUT_INSIDE = 0.3, 0.7
_PERHAPS_CUT, _CUT_LEVELS = 0.65, 12.0

REMEDIES: dict[Kind, str] = {
    "duplicate": "`trim: {{end: 1f}}` at {before} leaves the repeated picture out",
    "pause": "`trim: {{end: {half}f}}` at {before} and `trim: {{start: {half}f}}` at {after} leave "
    "out what stands still",
    "jump": "`seam: {{bridge: 4}}` at {before} draws four frames over it",
    "colour": "`seam: {{match_color: true}}` at {before} turns its end to {after}'s colours",
    "soft": "nothing mends it; another take may be better: `takes: 2`, then `pick: 2`",
    "cut": "where that is not meant, buy another take: `takes: 2`, then `pick: 2`",
}
"""What to write for each; `before` and `after` are shots, `half` is a number of frames."""

UNTOLD = (
    "the camera goes too slowly for the takes' quality to tell the same picture again from the "
    "next one, so both are shown; `trim: {{end: 1f}}` at {before} leaves one out"
)
"""What is said where that can't be measured."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was measured over a seam; pixels are those of pictures 320 wide (or high)."""

    difference: float
    """Mean absolute difference in brightness over the seam, in levels."""
    difference_inside: float
    """The same from frame to frame on either side."""
    levels: float
    """The same in coarse blocks, without what a step of the whole picture would add."""
    likeness: float
    """SSIM over the seam, 0 to 1."""
    likeness_inside: float
    colour: float
    """How far the whole picture turns in colour over the seam (CIE76)."""
    colour_inside: float
    sharpness: float
    """Fine detail after the seam over that before it."""
    flow: float
    """Pixels that the picture's detail moves over the seam."""
    flow_inside: float
    """Pixels that it moves from frame to frame on either side."""
    jumping: float
    """Part of the detail that moves much farther than it does on either side, 0 to 1."""
    still: int
    """Steps around the seam, one after the other, in which nearly nothing moves."""


def told(numbers: Numbers) -> list[dict[str, Any]]:
    """The numbers of `qc`'s table as data, each with its unit and from where on it is odd."""
    turned = max(numbers.colour - numbers.colour_inside, 0.0)
    moves = f"above {JUMP:g} times {numbers.flow_inside:.2f} and {LEAST_JUMP:g}"
    rows = (
        ("likeness", numbers.likeness, "SSIM", f"below {CUT:g}"),
        ("colour", turned, "dE (CIE76)", f"above {COLOUR_STEP:g}"),
        ("motion", numbers.flow, "pixels of 320", moves),
        ("sharp", numbers.sharpness, "of that before", f"below {SOFTER:g} or above {SHARPER:g}"),
    )
    return [
        {"name": name, "value": round(value, 4), "unit": unit, "odd": odd}
        for name, value, unit, odd in rows
    ]


def verdict(numbers: Numbers, *, repeats: bool, mended: bool = False) -> tuple[Kind, ...]:
    """What is wrong with a seam of these numbers; `repeats`: its motion stands still for a frame.

    `mended`: a frame was left out because the next one shows it again. What is seen over the seam
    is then the earlier take's own last step, neither a jump nor a duplicate. Where the two sides
    show something else, that is all there is to say.
    """
    if _is_cut(numbers):
        return ("cut",)
    kinds: list[Kind] = []
    if repeats and not mended:
        kinds.append("duplicate")
    if numbers.still >= PAUSE:
        kinds.append("pause")
    if _jumps(numbers) and not mended:
        kinds.append("jump")
    if numbers.colour - numbers.colour_inside > COLOUR_STEP:
        kinds.append("colour")
    if not SOFTER <= numbers.sharpness <= SHARPER:
        kinds.append("soft")
    return tuple(kinds)


def _is_cut(numbers: Numbers) -> bool:
    """Unlike pictures, or rather unlike ones whose light and dark lie elsewhere as well."""
    limit = _PERHAPS_CUT if numbers.levels > _CUT_LEVELS else CUT
    return numbers.likeness < min(limit, _CUT_INSIDE * numbers.likeness_inside)


def _jumps(numbers: Numbers) -> bool:
    farther = numbers.flow > max(JUMP * numbers.flow_inside, LEAST_JUMP)
    return farther or numbers.jumping > _LOCAL
