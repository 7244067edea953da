"""Composing in planes: the same picture as the moviepy clip's, within rounding."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from storyboard.rendering.compose import compose
from storyboard.rendering.film import film, time_of
from storyboard.rendering.planes import composed, in_planes
from storyboard.rendering.reels import Reels
from storyboard.timeline import Media, PlacedTransition, ShotNote, Timeline, Words
from storyboard.timeline.stretches import stretches
from storyboard.units.sizes import Size
from storyboard.video.colour import Picture, from_rgb, to_rgb
from storyboard.video.probing import probe
from storyboard.video.writer import write
from tests.film_makers import QUICK, clip, in_order, take

SIZE = Size(320, 180)


def smooth(folder: Path, shot: int) -> Media:
    """A take of soft colours: where chroma changes slowly, halving it loses nothing."""
    down, across = np.mgrid[0 : SIZE.height, 0 : SIZE.width]
    path = folder / f"smooth{shot}.mp4"

    def pictures() -> list[Picture]:
        return [
            np.stack(
                [60 + across // 3 + number, 200 - down, 90 + 20 * shot + across * 0], axis=-1
            ).astype(np.uint8)
            for number in range(24)
        ]

    write(path, pictures(), rate=Fraction(24), size=SIZE, recipe=QUICK.having(crf="8"))
    return Media(path, f"smooth{shot}", 24, Fraction(24), SIZE)


def dressed(folder: Path) -> Timeline:
    """Two takes, a dissolve, captions with a box, letters alone that fade, and a burn-in."""
    one, two = smooth(folder, 1), smooth(folder, 2)
    cut = in_order([clip(one, last=19), clip(two, first=4)], size=SIZE)
    box = Words("caption", "In a box", 2, 8, "bottom", 9, "#ffee00", background="#20406080")
    bare = Words("title", "Alone", 6, 20, "top-left", 12, "#c01818", fade_in=4, fade_out=4)
    return replace(
        cut,
        words=(box, bare),
        transitions=(PlacedTransition("dissolve", 20, 4, 4),),
        burn_in=("smooth2",),
        shots=(ShotNote("smooth2", "A prompt", "draft"),),
    )


def test_it_is_the_moviepy_clips_picture(tmp_path: Path) -> None:
    """On every frame: words with and without a box, fading, lifted, dissolved, burnt in."""
    timeline = dressed(tmp_path)
    whole = film(timeline)
    facts = probe(timeline.clips[0].media.path)
    with Reels() as reels:
        assert all(
            in_planes(timeline, stretch, looks=(), reels=reels) for stretch in stretches(timeline)
        )
        for frame in range(timeline.frames):
            wanted = whole.get_frame(time_of(frame, timeline))
            stored = from_rgb(wanted)
            seen = composed(timeline, frame, reels=reels)
            apart = np.abs(seen.to_ndarray().astype(int) - stored.to_ndarray())
            assert apart[: SIZE.height].mean() < 0.6
            assert np.percentile(apart, 99.5) <= 3
            again = to_rgb(seen, facts).astype(int)
            assert np.abs(again - wanted).mean() < 1.5
    whole.close()


@pytest.mark.parametrize("left", [0, 1])
@pytest.mark.parametrize("top", [0, 1])
def test_nothing_is_touched_beside_the_words(tmp_path: Path, left: int, top: int) -> None:
    """Also where a patch begins within a pair of pixels, or reaches beyond the picture."""
    plain = in_order([clip(take(tmp_path, 1, size=SIZE))], size=SIZE)
    words = Words("title", "W" * (3 + left), 0, 24, "bottom-right", 30 + top, "#ffffff")
    timeline = replace(plain, words=(words,))
    with Reels() as reels:
        under = composed(plain, 5, reels=reels).to_ndarray()
        over = composed(timeline, 5, reels=reels).to_ndarray()
        rgb = compose(plain, 5, reels=reels), compose(timeline, 5, reels=reels)
    changed = np.argwhere((rgb[0] != rgb[1]).any(axis=-1))
    (first, begin), (last, end) = changed.min(axis=0), changed.max(axis=0)
    luma = under[: SIZE.height] != over[: SIZE.height]
    rows, columns = np.argwhere(luma).T
    assert first - 1 <= rows.min() <= rows.max() <= last + 1
    assert begin - 1 <= columns.min() <= columns.max() <= end + 1


def test_other_pictures_are_composed_in_rgb(tmp_path: Path) -> None:
    """Wipes, stills, takes of another shape."""
    one, two = take(tmp_path, 1), take(tmp_path, 2)
    wiped = in_order([clip(one, last=15), clip(two, first=8)])
    wiped = replace(wiped, transitions=(PlacedTransition("wipe", 16, 2, 2),))
    other = in_order([clip(take(tmp_path, 3, size=Size(160, 160)))])
    with Reels() as reels:
        for timeline, place in ((wiped, 1), (other, 0)):
            stretch = stretches(timeline)[place]
            assert not in_planes(timeline, stretch, looks=(), reels=reels)
