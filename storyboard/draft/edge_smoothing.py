"""Smoothing that stops at edges: a recursive domain transform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from storyboard.draft.picture import Field


def spread(values: Field, guide: Field, *, reach: float, contrast: float, rounds: int = 2) -> Field:
    """Blur `values` (h, w, channels) over about `reach` pixels, but not across edges.

    An edge is a step in `guide` (h, w, channels); one of `contrast` costs as much as `reach`.
    Weights are positive, so a ratio of two results is a weighted mean.
    """
    across, down = (distances(guide, axis, reach / contrast) for axis in (1, 0))
    result = np.ascontiguousarray(values)
    for turn in range(rounds):
        sigma = reach * 3**0.5 * 2 ** (rounds - turn - 1) / (4**rounds - 1) ** 0.5
        decay = np.float32(-(2**0.5) / sigma)
        upright = np.ascontiguousarray(result.transpose(1, 0, 2))
        sweep(upright, np.exp(decay * across.T))
        result = np.ascontiguousarray(upright.transpose(1, 0, 2))
        sweep(result, np.exp(decay * down))
    return result


def distances(guide: Field, axis: int, steepness: float) -> Field:
    """Measure the way from each pixel to the next one along `axis`, edges being steep."""
    steps = np.abs(np.diff(guide, axis=axis)).sum(-1)
    return np.asarray(1 + steepness * steps, np.float32)


def sweep(lines: Field, carry: Field) -> None:
    """Run a decaying average down the lines and up again, in place."""
    for i in range(1, len(lines)):
        lines[i] += carry[i - 1, :, None] * (lines[i - 1] - lines[i])
    for i in range(len(lines) - 2, -1, -1):
        lines[i] += carry[i, :, None] * (lines[i + 1] - lines[i])
