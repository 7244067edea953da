"""Slow motion with frames drawn between a take's own: in the film alone, free, and kept."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from storyboard.exporting.losses import common
from storyboard.rendering.assembling import assemble
from storyboard.rendering.compose import compose
from storyboard.rendering.reels import Reels
from storyboard.timeline import Clip, FocusPath, Media, Timeline
from storyboard.timeline.stretches import stretches
from storyboard.units.focus import Focus
from storyboard.units.sizes import Size
from storyboard.video.colour import Picture
from storyboard.video.reader import read
from storyboard.video.writer import write

SIZE = Size(320, 180)
STEP = 6
"""Pixels that the picture moves from frame to frame."""


def scenery() -> Picture:
    """A soft random picture, wider than the frame."""
    rough = np.random.default_rng(7).integers(0, 256, (20, 54, 3), np.uint8)
    return np.asarray(cv2.resize(rough, (640, 240), interpolation=cv2.INTER_CUBIC))


def pan(shift: int) -> Picture:
    """The scenery, moved to the left by so many pixels."""
    return np.ascontiguousarray(scenery()[20:200, shift : shift + 320])


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Timeline:
    """Six frames of a pan, played at half their speed."""
    path = tmp_path_factory.mktemp("slow") / "take.mp4"
    write(path, (pan(STEP * n) for n in range(6)), rate=Fraction(24), size=SIZE)
    media = Media(path, "pan", 6, Fraction(24), SIZE)
    clip = Clip("sh010", "day", 1, media, 0, 11, 0, 5, 10, smooth=True)
    return Timeline("t", Fraction(24), SIZE, (clip,))


def plain(timeline: Timeline) -> Timeline:
    """The same without frames drawn between."""
    return replace(timeline, clips=tuple(replace(c, smooth=False) for c in timeline.clips))


def far(one: Picture, other: Picture) -> float:
    """How different two pictures are, in levels, without their edges."""
    return float(np.abs(one[20:-20, 30:-30].astype(int) - other[20:-20, 30:-30]).mean())


def test_frames_lie_between_their_neighbours(slow: Timeline) -> None:
    """Every second frame is the take's own, and the others show the pan half a step on."""
    with Reels() as reels:
        shown = [compose(slow, frame, reels=reels) for frame in range(11)]
        twice = [compose(plain(slow), frame, reels=reels) for frame in range(11)]
    for frame in range(0, 11, 2):
        assert (shown[frame] == twice[frame]).all()
    for frame in range(1, 11, 2):
        truth = pan(STEP * frame // 2)
        encoded = far(shown[frame - 1], pan(STEP * (frame - 1) // 2))
        mixed = (shown[frame - 1].astype(int) + shown[frame + 1]) // 2
        assert far(shown[frame], truth) < encoded + 0.5
        assert far(mixed.astype(np.uint8), truth) > far(shown[frame], truth) * 1.5
        assert far(twice[frame], truth) > far(shown[frame], truth) * 1.5


def test_a_crop_moves_on_each_drawn_frame(slow: Timeline) -> None:
    """Between the take's frames, too: the way of its focus is as smooth as the picture's."""
    (clip,) = slow.clips
    path = FocusPath(Focus(0.0, 0.5), Focus(1.0, 0.5), 0, 5)
    quarter = replace(clip, frames=21, span=20, fit="cover", focus=path)
    tall = replace(slow, size=Size(90, 180), clips=(quarter,))
    with Reels() as reels:
        shown = [compose(tall, frame, reels=reels) for frame in range(21)]
        whole = [compose(replace(tall, size=SIZE), frame, reels=reels) for frame in range(21)]
    for frame in range(21):
        left = round(min(max(quarter.focus_at(frame).x * 320 - 45, 0), 230))
        assert far(shown[frame], np.ascontiguousarray(whole[frame][:, left : left + 90])) < 3
    moved = [far(one, other) for one, other in pairwise(shown)]
    assert min(moved[5:15]) > max(moved[5:15]) / 3


def test_they_are_kept_as_a_segment(slow: Timeline, tmp_path: Path) -> None:
    """The film has them, a second film encodes nothing, and the plain one is another piece."""
    cache = tmp_path / "cache"
    first = assemble(slow, tmp_path / "a.mp4", cache=cache)
    again = assemble(slow, tmp_path / "b.mp4", cache=cache)
    other = assemble(plain(slow), tmp_path / "c.mp4", cache=cache, join="encode")
    assert (first.rendered, again.rendered, other.rendered) == (1, 0, 1)
    pictures = list(read(first.path))
    with Reels() as reels:
        drawn, own = (compose(slow, frame, reels=reels) for frame in (3, 2))
    assert far(pictures[3], drawn) < far(pictures[2], own) + 2


def test_only_what_is_slower_is_drawn(slow: Timeline) -> None:
    """At full speed, faster, or frozen, a smooth clip is its take's own frames."""
    (clip,) = slow.clips
    assert clip.drawn
    assert not stretches(slow)[0].own
    for span, frames in ((5, 6), (2, 3)):
        same = replace(clip, span=span, frames=frames)
        assert not same.drawn
        assert stretches(replace(slow, clips=(same,)))[0].own
    assert not clip.freeze(4).drawn


def test_an_export_says_that_it_has_them_not(slow: Timeline) -> None:
    """Programs show frames twice."""
    said = "sh010: the frames drawn between a take's own are only in the film"
    assert said in list(common(slow))
    assert said not in list(common(plain(slow)))
