"""The frames of a draft shot: how many, which ones are exact, and how the camera moves."""

from __future__ import annotations

import threading
from itertools import islice

import numpy as np
import pytest

from storyboard.draft import Picture, frames, stored_frames
from storyboard.video.colour import from_rgb
from tests.draft.stills import framing, noise, painting, plain, psnr, sharpness


@pytest.mark.parametrize("count", [1, 2, 3, 7])
@pytest.mark.parametrize("seed", [1, 2], ids=["same scene", "another scene"])
def test_a_shot_has_as_many_frames_as_asked_for_and_exact_ends(count: int, seed: int) -> None:
    """The first frame is the start still and the last one the end still, bit for bit."""
    start, end = framing(painting(1)), framing(painting(seed), zoom=1.1)

    shot = list(frames(start, end, count))

    assert len(shot) == count
    assert np.array_equal(shot[0], start)
    assert np.array_equal(shot[-1], start if count == 1 else end)
    assert all(frame.shape == start.shape and frame.dtype == np.uint8 for frame in shot)


def test_an_open_ended_shot_pushes_in_on_its_start() -> None:
    """Without an end still the picture grows about its middle, slowly."""
    start = painting(3)

    shot = list(frames(start, None, 5))

    assert np.array_equal(shot[0], start)
    truth = framing(np.pad(start, ((30, 30), (48, 48), (0, 0)), mode="edge"), zoom=1.06)
    assert psnr(shot[-1], truth[:120, :192]) > 30
    assert psnr(shot[2], shot[0]) > psnr(shot[4], shot[0])


@pytest.mark.parametrize(
    "ends", [{"zoom": 1.35}, {"zoom": 0.8}, {"right": 24.0}], ids=["push in", "pull out", "pan"]
)
def test_a_camera_move_looks_like_a_camera_move(ends: dict[str, float]) -> None:
    """Halfway, the frame is nearer to the true one than a dissolve is, by far."""
    world = painting(4, size=(240, 384))
    start, end = framing(world), framing(world, **ends)
    # A camera on its way stands halfway in space, where 1/zoom, not zoom, is halfway.
    zoom = 2 / (1 + 1 / ends.get("zoom", 1.0))
    truth = framing(world, zoom=zoom, right=ends.get("right", 0.0) / 2)

    middle = list(frames(start, end, 3))[1]

    dissolve = np.asarray((start.astype(np.uint16) + end) // 2, np.uint8)
    assert psnr(middle, truth) > psnr(dissolve, truth) + 6


def test_a_camera_that_rolls_takes_things_round_on_an_arc() -> None:
    """Halfway, the frame is turned by half: nothing has shrunk towards the middle."""
    world = painting(4, size=(240, 384))
    start, truth, end = (framing(world, turn=turn) for turn in (0, 12, 24))

    middle = list(frames(start, end, 3))[1]

    assert psnr(middle, truth) > 28


def test_different_scenes_are_not_smeared() -> None:
    """Away from the middle of the shot one still alone is seen, as sharp as it is."""
    start, end = framing(painting(5)), framing(painting(6))

    shot = list(frames(start, end, 11))

    for early, late in zip(shot[:3], shot[-3:], strict=True):
        assert sharpness(early) == pytest.approx(sharpness(start), rel=0.15)
        assert sharpness(late) == pytest.approx(sharpness(end), rel=0.15)
    assert psnr(shot[1], start) > psnr(shot[1], end) + 3


def test_an_eased_end_is_slower_than_a_joined_one() -> None:
    """Nothing before the shot: the first step is small. A neighbour before it: it is not."""
    world = painting(4, size=(240, 384))
    start, end = framing(world), framing(world, zoom=1.3)

    eased = list(islice(frames(start, end, 9, eases_in=True), 2))
    joined = list(islice(frames(start, end, 9), 2))

    assert psnr(eased[1], start) > psnr(joined[1], start) + 3


@pytest.mark.parametrize("size", [(16, 16), (1, 1), (33, 47), (61, 300), (20, 400)])
@pytest.mark.parametrize("seed", [7, 8], ids=["same", "other"])
def test_any_size_will_do(size: tuple[int, int], seed: int) -> None:
    """Tiny, odd and narrow stills give frames of their own size."""
    start, end = painting(7, size=size), painting(seed, size=size)

    shot = list(frames(start, end, 4))

    assert [frame.shape for frame in shot] == [start.shape] * 4


@pytest.mark.parametrize(
    ("start", "end"),
    [(plain(0), plain(255)), (plain(90), plain(90)), (noise(1), noise(2)), (noise(1), plain(90))],
    ids=["black to white", "one grey", "noise", "noise to grey"],
)
def test_stills_without_a_scene_still_make_a_shot(start: Picture, end: Picture) -> None:
    """Nothing to hold on to is no error, and stays between the two stills."""
    shot = list(frames(start, end, 6))

    assert len(shot) == 6
    means = [float(frame.mean()) for frame in shot]
    low, high = sorted((means[0], means[-1]))
    assert all(low - 3 <= mean <= high + 3 for mean in means)


def test_the_same_stills_give_the_same_frames_in_any_thread() -> None:
    """Two runs, one of them beside others, agree bit for bit."""
    world = painting(4, size=(240, 384))
    start, end = framing(world), framing(world, zoom=1.2)
    alone = list(frames(start, end, 6))
    beside: dict[int, list[Picture]] = {}

    def draw(turn: int) -> None:
        beside[turn] = list(frames(start, end, 6))

    threads = [threading.Thread(target=draw, args=(turn,)) for turn in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(beside) == 3
    for shot in beside.values():
        assert all(np.array_equal(a, b) for a, b in zip(alone, shot, strict=True))


def test_frames_are_drawn_one_at_a_time() -> None:
    """A shot of an hour starts at once: nothing is drawn before it is asked for."""
    start, end = framing(painting(1)), framing(painting(1), zoom=1.1)

    shot = frames(start, end, 86_400)

    assert np.array_equal(next(shot), start)
    assert next(shot).shape == start.shape


def test_frames_do_not_share_memory_with_the_stills() -> None:
    """Drawing a caption on a frame leaves the still alone."""
    start, end = painting(1), painting(2)

    for frame in frames(start, end, 3):
        frame[:] = 0

    assert start.any()
    assert end.any()


@pytest.mark.parametrize(
    ("start", "end", "count", "wrong"),
    [
        (plain(0), plain(0, size=(8, 8)), 3, "differ in shape"),
        (plain(0), None, 0, "at least one frame"),
        (plain(0)[..., 0], None, 3, "start still must be uint8"),
        (plain(0), plain(0).astype(np.float32), 3, "end still must be uint8"),
    ],
)
def test_what_cannot_be_drawn_is_refused_at_once(
    start: Picture, end: Picture | None, count: int, wrong: str
) -> None:
    """The call itself raises, not the first frame."""
    with pytest.raises(ValueError, match=wrong):
        frames(start, end, count)


@pytest.mark.parametrize("other", [None, "same scene", "another scene"])
def test_stored_frames_show_what_frames_show(other: str | None) -> None:
    """In a video's planes, which is less to draw: the same pictures but for rounding."""
    start = framing(painting(1))
    end = framing(painting(2 if other == "another scene" else 1), zoom=1.1) if other else None

    drawn = list(stored_frames(start, end, 5))

    assert all(frame.format.name == "yuv420p" for frame in drawn)
    for stored, seen in zip(drawn, frames(start, end, 5), strict=True):
        planes, wanted = (f.to_ndarray().astype(np.int16) for f in (stored, from_rgb(seen)))
        assert np.abs(planes - wanted).mean() < 1


@pytest.mark.parametrize("size", [(80, 128), (90, 160), (16, 16), (98, 98)])
def test_stored_frames_end_on_the_stills_as_they_are_stored(size: tuple[int, int]) -> None:
    """Bit for bit, so that neighbouring drafts meet, whether or not half a side is even."""
    start, end = painting(1, size=size), painting(2, size=size)

    first, *_, last = stored_frames(start, end, 4)

    assert np.array_equal(first.to_ndarray(), from_rgb(start).to_ndarray())
    assert np.array_equal(last.to_ndarray(), from_rgb(end).to_ndarray())


def test_a_video_has_even_sides() -> None:
    """Half a pixel of colour can't be stored."""
    with pytest.raises(ValueError, match="even"):
        stored_frames(painting(1, size=(33, 48)), None, 2)
