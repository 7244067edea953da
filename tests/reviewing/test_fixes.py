"""Fixes are opt-in, made where the fault was measured, and measured again."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from storyboard.rendering.compose import PictureFix, compose
from storyboard.rendering.reels import Reels
from storyboard.reviewing import bridge
from storyboard.reviewing.bridge import bridges
from storyboard.reviewing.colour_match import RAMP, ColourMatch, colour_match
from storyboard.reviewing.fixes import fixed, fixes
from storyboard.reviewing.seams import review
from storyboard.timeline import Timeline
from tests.reviewing.films import joined
from tests.reviewing.scenes import Picture, brighter, take, tinted, view


def resting(frames: int = 30, at: float = 20) -> list[Picture]:
    """A take in which nothing moves."""
    return [view(at, grain=n) for n in range(frames)]


def tinted_film(folder: Path, *, frames: int = 30) -> Timeline:
    """Two shots with a step in colour between them."""
    earlier = take(folder / "a.mp4", resting(frames))
    later = take(folder / "b.mp4", resting(8), change=tinted(1.05, 0.95))
    return joined(earlier, later)


def jumping_film(folder: Path, *, drawn: int = 8) -> Timeline:
    """Two shots at rest, six pixels apart."""
    earlier, later = take(folder / "a.mp4", resting(12)), take(folder / "b.mp4", resting(12, 26))
    return joined(earlier, later, bridge=drawn)


def sliding(before: Picture, after: Picture, count: int) -> list[Picture]:
    """A bridge that knows the scene: the camera goes from 20 to 26."""
    return [view(20 + 6 * (n + 1) / (count + 1), grain=n) for n in range(count)]


def test_a_colour_step_is_gone_after_the_match(tmp_path: Path) -> None:
    """Measured before: a step. Measured after, with the look: none."""
    timeline = tinted_film(tmp_path)
    report = review(timeline)

    looks = fixes(timeline, report)
    (seam,) = fixed(timeline, report, looks)

    assert seam.before.kinds == ("colour",)
    assert seam.after.kinds == ()
    assert seam.before.numbers.colour > 2
    assert seam.after.numbers.colour < 0.3


def test_the_match_grows_too_slowly_to_be_seen(tmp_path: Path) -> None:
    """No step of the ramp is as large as what counts as a step in colour."""
    timeline = tinted_film(tmp_path)
    (look,) = fixes(timeline, review(timeline))
    means = []
    with Reels() as reels:
        for frame in range(look.start - 1, look.end + 1):
            picture = compose(timeline, frame, reels=reels, looks=(look,))
            means.append(picture.reshape(-1, 3).mean(axis=0))

    assert look.end - look.start == min(RAMP, 15)
    assert np.abs(np.diff(means, axis=0)).max() < 1


def test_a_match_is_nothing_at_its_start_and_all_at_its_end() -> None:
    """The last frame has the neighbour's colours; the one before the first is untouched."""
    own, wanted = view(20), brighter(10)(view(20))
    look = colour_match("sh010", last=own, first=wanted, start=100, end=124)

    assert look is not None
    assert np.abs(look(own, 123).astype(int) - wanted).max() <= 2
    assert 0 < look(own, 100).astype(int).mean() - own.mean() < 1


def test_nothing_is_fixed_that_is_good_or_not_asked_for(tmp_path: Path) -> None:
    """A good seam is left alone, and so is a bad one whose storyboard asks for nothing."""
    good = joined(take(tmp_path / "c.mp4", resting(8)), take(tmp_path / "d.mp4", resting(8)))
    bad = tinted_film(tmp_path)
    silent = replace(bad, seams=(replace(bad.seams[0], match_color=False),))

    assert fixes(good, review(good)) == ()
    assert fixes(silent, review(silent)) == ()


def test_pictures_that_show_something_else_are_not_bent_out_of_shape() -> None:
    """Contrast is changed by a quarter at most."""
    look = colour_match("sh010", last=view(20), first=np.full_like(view(20), 90), start=0, end=24)

    assert look is not None
    assert min(look.scale) == 0.8


def test_a_bridge_mends_a_jump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames drawn over the seam, half on either side: the picture arrives by steps."""
    monkeypatch.setattr(bridge, "between", sliding)
    timeline = jumping_film(tmp_path)
    report = review(timeline)

    looks = fixes(timeline, report)
    (seam,) = fixed(timeline, report, looks)

    assert [(look.shot, look.start, look.end) for look in looks] == [
        ("sh010", 8, 12),
        ("sh020", 12, 16),
    ]
    assert seam.before.kinds == ("jump",)
    assert seam.after.kinds == ()


def test_the_draft_model_draws_a_bridge(tmp_path: Path) -> None:
    """With real drawn frames a jump of six pixels is gone, and nothing is softer for it."""
    timeline = jumping_film(tmp_path)
    report = review(timeline)

    (seam,) = fixed(timeline, report, fixes(timeline, report))

    assert seam.after.kinds == ()
    assert seam.after.numbers.difference < seam.before.numbers.difference / 3


def test_a_bridge_leaves_the_frames_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The drawn frames are exactly the `bridge` ones."""
    monkeypatch.setattr(bridge, "between", lambda before, after, count: [before * 0] * count)
    timeline = jumping_film(tmp_path, drawn=3)
    looks = bridges(timeline, timeline.seams[0])

    with Reels() as reels:
        black = [
            frame
            for frame in range(timeline.frames)
            if not compose(timeline, frame, reels=reels, looks=looks).any()
        ]

    assert black == [10, 11, 12]


def test_a_short_shot_gets_a_shorter_bridge(tmp_path: Path) -> None:
    """One frame of each shot always stays."""
    one = joined(take(tmp_path / "a.mp4", resting(1)), take(tmp_path / "b.mp4", resting(8)))
    three = joined(take(tmp_path / "c.mp4", resting(3)), take(tmp_path / "d.mp4", resting(8)))

    def drawn(timeline: Timeline) -> list[tuple[int, int]]:
        mark = replace(timeline.seams[0], bridge=8)
        return [(look.start, look.end) for look in bridges(timeline, mark)]

    assert drawn(one) == []
    assert drawn(three) == [(1, 3), (3, 5)]


def test_looks_are_values(tmp_path: Path) -> None:
    """They travel to other processes, and their keys name pixels, not places on the film."""
    match = ColourMatch("sh010", 10, 34, (1.0, 1.0, 1.0), (2.0, 0.0, 0.0))
    looks: list[PictureFix] = [
        match,
        *bridges(jumping_film(tmp_path), jumping_film(tmp_path).seams[0]),
    ]

    assert [pickle.loads(pickle.dumps(look)).key for look in looks] == [look.key for look in looks]
    assert replace(match, start=20, end=44).key == match.key
    assert replace(match, shift=(3.0, 0.0, 0.0)).key != match.key
