"""Count how often the picture that two clips share is found, and how often falsely.

Run `python benchmarks/seams.py` (a quarter of an hour on two idle cores), or with folders of
pictures (`python benchmarks/seams.py examples ~/photographs`), which are then looked at as well.
Every pair is two clips, encoded on their own: the earlier one ends on the picture that the later
one begins with. Its control begins one frame on instead, and must not be taken for it.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from seam_pairs import FRAMES, KINDS, Canvas, Pair, clip, made, painted, photograph

from storyboard.reviewing import measure
from storyboard.reviewing.repeat import LOOKED_AT, repeat, small
from storyboard.units.sizes import Size
from storyboard.video.reader import Reader

VISIBLE = 5.0
"""Levels of 255 by which a step has to change half a percent of a picture 320 wide, both as it is
painted and as it is encoded, for one frame on to count: nobody sees less."""
_MOST = 99.5
_PHOTOGRAPHS = 11
"""Of each photograph every so many pairs are tried."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a pair."""

    kind: str
    motion: str
    crf: int
    name: str
    found: bool
    counts: bool
    """Whether its control is another picture that can be seen."""
    falsely: bool
    """Whether the control was taken for the shared picture."""


def tried(number: int, kinds: Sequence[str], photographs: Sequence[str]) -> Outcome:
    """Encode, decode and measure one pair of the list."""
    cv2.setNumThreads(1)
    pair = _pairs(kinds, photographs)[number]
    painting = photograph(Path(pair.kind)) if pair.kind not in KINDS else None
    ending = _shown(pair, 1 - FRAMES, range(FRAMES - LOOKED_AT, FRAMES), painting, later=False)
    beginning = _shown(pair, 0, range(LOOKED_AT), painting, later=True)
    found = repeat(ending, beginning).found
    counts = falsely = False
    if pair.motion.told:
        control = _shown(pair, 1, range(LOOKED_AT), painting, later=True)
        counts = _visible(pair, painting, [*pairwise(ending), *pairwise(control)])
        falsely = repeat(ending, control).found
    kind = pair.kind if painting is None else "photographs and drawings"
    return Outcome(kind, pair.motion.name, pair.crf, pair.name, found, counts, falsely)


def _shown(
    pair: Pair, first: int, numbers: range, painting: Canvas | None, *, later: bool
) -> list[measure.Picture]:
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        file.write(clip(pair, first, later=later, painting=painting))
        file.flush()
        with Reader(Path(file.name)) as reader:
            return [reader.picture(number, size=small(Size(*pair.size))) for number in numbers]


def _visible(
    pair: Pair,
    painting: Canvas | None,
    steps: Iterable[tuple[measure.Picture, measure.Picture]],
) -> bool:
    size = small(Size(*pair.size))
    one, other = (
        cv2.resize(
            painted(pair, number, painting=painting),
            (size.width, size.height),
            interpolation=cv2.INTER_AREA,
        )
        for number in (0, 1)
    )
    encoded = float(np.median([_step(*step) for step in steps]))
    return min(_step(one, other), encoded) >= VISIBLE


def _step(one: measure.Picture, other: measure.Picture) -> float:
    return float(np.percentile(np.abs(measure.luma(other) - measure.luma(one)), _MOST))


def _pairs(kinds: Sequence[str], photographs: Sequence[str]) -> list[Pair]:
    return [*made(kinds), *list(made(photographs))[::_PHOTOGRAPHS]]


def table(outcomes: Sequence[Outcome], row: Callable[[Outcome], str]) -> list[str]:
    """Hits and false alarms, a row for each of something."""
    lines = ["| | pairs | found | missed | controls that can be seen | taken for it |"]
    lines.append("|---|--:|--:|--:|--:|--:|")
    for name in dict.fromkeys(map(row, outcomes)):
        own = [one for one in outcomes if row(one) == name]
        lines.append(_row(name, own))
    return [*lines, _row("**all**", outcomes)]


def _row(name: str, own: Sequence[Outcome]) -> str:
    found = sum(one.found for one in own)
    counted = [one for one in own if one.counts]
    part = f"{100 * found / len(own):.1f} %"
    return (
        f"| {name} | {len(own)} | {part} | {len(own) - found} | {len(counted)} "
        f"| {sum(one.falsely for one in counted)} |"
    )


def main(folders: Sequence[str]) -> None:
    """Print the tables."""
    files = (path for folder in folders for path in sorted(Path(folder).rglob("*")))
    photographs = [str(path) for path in files if path.suffix.lower() in (".png", ".jpg", ".jpeg")]
    kinds = list(KINDS)
    total = len(_pairs(kinds, photographs))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        every = [kinds] * total, [photographs] * total
        outcomes = list(pool.map(tried, range(total), *every, chunksize=6))
    tables: tuple[tuple[str, Callable[[Outcome], str]], ...] = (
        ("By picture", lambda one: one.kind),
        ("By motion", lambda one: one.motion),
        ("By quality", lambda one: f"CRF {one.crf}"),
    )
    for title, row in tables:
        print(f"### {title}", "", *table(outcomes, row), "", sep="\n")
    for one in outcomes:
        if not one.found:
            print("missed:", one.name)
        if one.counts and one.falsely:
            print("taken for it:", one.name)


if __name__ == "__main__":
    main(sys.argv[1:])
