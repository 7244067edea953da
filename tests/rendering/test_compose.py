"""Composing: which picture is seen on which film frame, with all that lies over it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from storyboard.errors import MediaError
from storyboard.loading.load import load
from storyboard.planning.planner import plan
from storyboard.rendering.compose import compose
from storyboard.rendering.reels import Reels
from storyboard.testing import codes
from storyboard.timeline import Clip, Media, PlacedTransition, Timeline, Words
from storyboard.units.sizes import Size
from storyboard.video.colour import Picture
from tests.boards import still
from tests.film_makers import SMALL, clip, in_order, take


def shown(timeline: Timeline, frame: int) -> tuple[int, int] | None:
    """The shot and frame number that is read off a composed frame."""
    with Reels() as reels:
        found = codes.read(compose(timeline, frame, reels=reels))
    return None if found is None else (found.shot, found.frame)


def test_each_film_frame_shows_its_take_frame(tmp_path: Path) -> None:
    """Over a cut, with the takes' ranges respected."""
    timeline = in_order([clip(take(tmp_path, 1), first=2, last=20), clip(take(tmp_path, 2))])

    assert [shown(timeline, frame) for frame in (0, 18, 19, 42)] == [
        (1, 2),
        (1, 20),
        (2, 0),
        (2, 23),
    ]


def test_speed_and_holds_show_the_nearest_frame(tmp_path: Path) -> None:
    """Twice as fast leaves out every second frame; a hold shows the last one again."""
    media = take(tmp_path, 1)
    fast = Clip("sh010", "s", 1, media, 0, 12, first=0, last=22, span=11)
    held = Clip("sh010", "s", 1, media, 12, 5, first=22, last=22, span=1, held=True)
    timeline = Timeline("t", Fraction(24), SMALL, (fast, held))

    assert [shown(timeline, frame) for frame in (0, 1, 11, 12, 16)] == [
        (1, 0),
        (1, 2),
        (1, 22),
        (1, 22),
        (1, 22),
    ]


def test_a_dissolve_mixes_the_handles_in(tmp_path: Path) -> None:
    """Around it the pictures are pure; within it both are seen; no frame is lost."""
    timeline = in_order([clip(take(tmp_path, 1), last=15), clip(take(tmp_path, 2), first=8)])
    timeline = replace(timeline, transitions=(PlacedTransition("dissolve", 16, 2, 2),))

    assert shown(timeline, 13) == (1, 13)
    assert [shown(timeline, frame) for frame in range(14, 18)] == [None] * 4
    assert shown(timeline, 18) == (2, 10)


def test_the_middle_of_a_dissolve_is_half_of_both_sides(tmp_path: Path) -> None:
    """The pictures that are mixed are the two takes' frames of that moment."""
    timeline = in_order([clip(take(tmp_path, 1), last=15), clip(take(tmp_path, 2), first=8)])
    dissolved = replace(timeline, transitions=(PlacedTransition("dissolve", 16, 1, 2),))
    with Reels() as reels:
        old = compose(in_order([clip(take(tmp_path, 1))]), 16, reels=reels).astype(int)
        new = compose(timeline, 16, reels=reels).astype(int)

        middle = compose(dissolved, 16, reels=reels)

    assert np.abs(middle - (old + new) / 2).max() <= 0.5


def test_a_fade_keeps_every_frame_at_its_time(tmp_path: Path) -> None:
    """It needs no handles: each side is seen up to the cut, darker and darker."""
    timeline = in_order([clip(take(tmp_path, 1)), clip(take(tmp_path, 2))])
    timeline = replace(timeline, transitions=(PlacedTransition("fade", 24, 4, 4),))
    with Reels() as reels:
        at_the_cut = [compose(timeline, frame, reels=reels) for frame in (23, 24)]

    assert not np.array(at_the_cut).any()
    assert (shown(timeline, 19), shown(timeline, 28)) == ((1, 19), (2, 4))


@pytest.mark.parametrize("size", [Size(240, 144), Size(80, 48)])
def test_takes_of_the_same_shape_are_scaled(tmp_path: Path, size: Size) -> None:
    """Whatever their size, what is seen is the same picture."""
    media = take(tmp_path, 3, size=size)

    assert shown(in_order([clip(media)]), 7) == (3, 7)


def test_takes_of_another_shape_are_fitted(tmp_path: Path) -> None:
    """`contain` adds bars in the background's colour."""
    media = take(tmp_path, 3, size=Size(160, 160))
    timeline = in_order([replace(clip(media), fit="contain")])
    with Reels() as reels:
        picture = compose(replace(timeline, background="#ff0000"), 0, reels=reels)

    assert picture.shape == (96, 160, 3)
    assert picture[50, 2].tolist() == [255, 0, 0]
    assert codes.read(np.ascontiguousarray(picture[:, 32:128])) == codes.Code(3, 0)


def test_a_still_is_developed_once_and_fitted(tmp_path: Path) -> None:
    """Its transparent parts show the background."""
    path = tmp_path / "still.png"
    Image.new("RGBA", (32, 32), (0, 0, 0, 0)).save(path)
    media = Media(path, "digest", 1, Fraction(24), Size(32, 32), kind="still")
    held = Clip("sh010", "s", 1, media, 0, 10, first=0, last=0, span=1, fit="cover", held=True)
    timeline = Timeline("t", Fraction(24), SMALL, (held,), background="#00FF00")
    with Reels() as reels:
        first, second = (compose(timeline, frame, reels=reels) for frame in (0, 9))

    assert first is second
    assert (first == (0, 255, 0)).all()


def test_a_broken_still_is_a_media_error(tmp_path: Path) -> None:
    """It names the file."""
    path = tmp_path / "still.png"
    path.write_bytes(b"not a picture")
    media = Media(path, "digest", 1, Fraction(24), Size(32, 32), kind="still")
    held = Clip("sh010", "s", 1, media, 0, 1, first=0, last=0, span=1, held=True)
    with Reels() as reels, pytest.raises(MediaError, match=r"still\.png"):
        compose(Timeline("t", Fraction(24), SMALL, (held,)), 0, reels=reels)


def test_words_lie_over_the_picture_for_their_time(tmp_path: Path) -> None:
    """Before and after, the picture is untouched."""
    timeline = in_order([clip(take(tmp_path, 1))])
    words = Words("title", "Hello", 5, 3, "center", 30, "#ffffff")
    titled = replace(timeline, words=(words,))
    with Reels() as reels:
        for frame in range(10):
            plain = compose(timeline, frame, reels=reels)
            differs = (compose(titled, frame, reels=reels) != plain).any()
            assert differs == (5 <= frame < 8)


@dataclass(frozen=True)
class Negative:
    """A look that turns a shot's picture into its negative."""

    shot: str
    start: int
    end: int
    key: str = "negative"

    def __call__(self, picture: Picture, frame: int) -> Picture:
        """The negative."""
        return 255 - picture


def test_a_look_changes_one_shot_on_its_frames(tmp_path: Path) -> None:
    """Neither other shots nor other frames."""
    timeline = in_order([clip(take(tmp_path, 1)), clip(take(tmp_path, 2))])
    look = Negative("take1", 20, 30)
    with Reels() as reels:
        for frame in (19, 20, 23, 24, 29):
            plain = compose(timeline, frame, reels=reels)
            worn = compose(timeline, frame, reels=reels, looks=[look])
            assert ((255 - plain) == worn).all() == (20 <= frame < 24)


def test_only_a_few_takes_are_open_at_a_time(tmp_path: Path) -> None:
    """However many shots a film has."""
    timeline = in_order(clip(take(tmp_path, shot, frames=2)) for shot in range(12))
    fds = Path("/proc/self/fd")
    if not fds.exists():
        pytest.skip("open files are counted in /proc")
    with Reels() as reels:
        compose(timeline, 0, reels=reels)
        before = len(list(fds.iterdir()))
        for frame in range(timeline.frames):
            compose(timeline, frame, reels=reels)

        assert len(list(fds.iterdir())) <= before + 3


def test_a_still_shows_the_frame_that_its_keyframe_names(tmp_path: Path) -> None:
    """Of an animated picture, as a draft or a model is sent; in the film and in exports."""
    one, two = (Image.new("RGB", (160, 96), colour) for colour in ("#ff0000", "#0000ff"))
    one.save(tmp_path / "moving.webp", save_all=True, append_images=[two], lossless=True)
    still(tmp_path / "b.png", 1, size=(160, 96))
    text = "version: 1\nmodel: draft\nkeyframes:\n- {image: moving.webp, frame: 1, shot: on}\n"
    (tmp_path / "film.yaml").write_text(f"{text}- {{image: b.png}}\n")
    (shot,) = plan(load(tmp_path / "film.yaml")).shots
    media = Media.of_still(shot.shot.start, Fraction(24))
    held = Clip("sh010", "s", 1, media, 0, 1, first=0, last=0, span=1, held=True)
    with Reels() as reels:
        picture = compose(Timeline("t", Fraction(24), SMALL, (held,)), 0, reels=reels)
    assert (picture == (0, 0, 255)).all()
