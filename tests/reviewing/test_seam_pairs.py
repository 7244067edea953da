"""A few of the benchmark's pairs: the shared picture is found, the next one not taken for it.

`benchmarks/seams.py` counts them all.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.seam_pairs import FRAMES, KINDS, Pair, clip, made
from storyboard.reviewing.repeat import repeats
from storyboard.timeline import Media
from storyboard.units.sizes import Size
from tests.reviewing.scenes import RATE

EVERY = 43
MOVING = ("pan 1", "pan 3", "pan 8", "push 0.004", "push 0.012")
VIVID = ("flat drawing", "cartoon", "sketch", "slide", "dusk", "night sky", "street", "snow")
PAIRS = list(made(list(KINDS)))


def media(folder: Path, name: str, pair: Pair, first: int, *, later: bool) -> Media:
    """One clip of a pair as a take."""
    path = folder / f"{name}.mp4"
    path.write_bytes(clip(pair, first, later=later))
    return Media(path, name, FRAMES, RATE, Size(*pair.size))


@pytest.mark.parametrize("pair", PAIRS[5::EVERY], ids=lambda pair: pair.name)
def test_the_shared_picture_is_found(tmp_path: Path, pair: Pair) -> None:
    """In every kind of picture, with every motion and quality."""
    earlier = media(tmp_path, "a", pair, 1 - FRAMES, later=False)
    assert repeats(earlier, media(tmp_path, "b", pair, 0, later=True))


@pytest.mark.parametrize(
    "pair",
    [pair for pair in PAIRS if pair.kind in VIVID and pair.motion.name in MOVING][::6],
    ids=lambda pair: pair.name,
)
def test_the_next_picture_is_not_taken_for_it(tmp_path: Path, pair: Pair) -> None:
    """Wherever it is seen to move."""
    earlier = media(tmp_path, "a", pair, 1 - FRAMES, later=False)
    assert not repeats(earlier, media(tmp_path, "c", pair, 1, later=True))
