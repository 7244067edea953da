"""Clips are real films whose every frame is known."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from storyboard.testing import Code, FakeClip, codes, write_clip
from storyboard.testing.clips import shoot
from storyboard.testing.codes import Picture
from storyboard.testing.pinned import Pinned
from tests.testing.caller import picture

RATES = [Fraction(n, d) for n, d in ((16, 1), (24000, 1001), (24, 1), (25, 1), (30000, 1001))]


def pinned(*seeds: int) -> tuple[Pinned, ...]:
    """Return pictures at the start and, where there is a second one, at the end of a second."""
    return tuple(Pinned(Fraction(at), picture(seed)) for at, seed in enumerate(seeds))


def decoded(clip: bytes) -> list[Picture]:
    """Return the RGB pictures of a clip."""
    with av.open(io.BytesIO(clip), "r") as container:
        frames = list(container.decode(video=0))
    return [frame.to_ndarray(format="rgb24").astype(np.uint8) for frame in frames]


@pytest.mark.parametrize("rate", [*RATES, Fraction(30), Fraction(60)], ids=str)
def test_every_frame_says_which_it_is_at_its_exact_time(rate: Fraction, tmp_path: Path) -> None:
    """Given any rate, a clip has exactly its frames, numbered, at exact times."""
    path = tmp_path / "clip.mp4"
    write_clip(path, frames=11, size=(128, 72), rate=rate, shot=5)
    with av.open(str(path)) as container:
        track = container.streams.video[0]
        frames = list(container.decode(video=0))
    assert track.average_rate == rate
    assert track.duration is not None
    assert track.time_base is not None
    assert track.duration * track.time_base == 11 / rate
    assert [f.pts * f.time_base * rate for f in frames] == list(range(11))  # type: ignore[operator]
    pictures = [frame.to_ndarray(format="rgb24") for frame in frames]
    assert [codes.read(p) for p in pictures] == [Code(5, number) for number in range(11)]


def test_a_clip_is_tagged_bt709(tmp_path: Path) -> None:
    """Players need not guess the colours."""
    write_clip(tmp_path / "clip.mp4", frames=2, size=(128, 72), rate=24, shot=0)
    with av.open(str(tmp_path / "clip.mp4")) as container:
        context = container.streams.video[0].codec_context
        tags = (context.color_primaries, context.color_trc, context.colorspace)
    assert tags == (1, 1, 1)


def test_sound_is_as_long_as_the_picture(tmp_path: Path) -> None:
    """Given audio, the tone ends with the last frame, to within a millisecond."""
    write_clip(tmp_path / "clip.mp4", frames=36, size=(128, 72), rate=24, shot=0, audio=True)
    with av.open(str(tmp_path / "clip.mp4")) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        lengths = [float(s.duration * s.time_base) for s in (video, audio)]  # type: ignore[operator]
        loudest = max(np.abs(f.to_ndarray()).max() for f in container.decode(audio=0))
    assert lengths == pytest.approx([1.5, 1.5], abs=0.001)
    assert loudest > 0.05


def test_odd_sides_are_refused(tmp_path: Path) -> None:
    """H.264 4:2:0 cannot have them; the message says so."""
    with pytest.raises(ValueError, match="even sides"):
        write_clip(tmp_path / "clip.mp4", frames=2, size=(129, 72), rate=24, shot=0)


def test_a_clip_starts_and_ends_on_its_pictures() -> None:
    """The first frame is the start image, the last the end image, the middle their mean."""
    clip = decoded(shoot(pinned(1, 2), seconds=1, shot=0, footage=FakeClip(width=160)))
    height, width = clip[0].shape[:2]
    wanted = [
        np.asarray(Image.open(io.BytesIO(picture(seed))).resize((width, height)), np.int16)
        for seed in (1, 2)
    ]
    below = slice(height // codes.STRIP + 2, None)
    for frame, still in ((clip[0], wanted[0]), (clip[-1], wanted[1])):
        assert np.abs(frame[below] - still[below]).mean() < 4
    mean = (wanted[0] + wanted[1]) // 2
    assert np.abs(clip[len(clip) // 2][below] - mean[below]).mean() < 4


@pytest.mark.parametrize(
    ("footage", "size", "frames"),
    [
        (FakeClip(), (320, 244), 25),
        (FakeClip(width=193, extra_frames=0), (192, 146), 24),
        (FakeClip(size=(128, 96), frames_per_second=30), (128, 96), 31),
        (FakeClip(width=128, seconds=0.5, extra_frames=0), (128, 98), 12),
    ],
)
def test_footage_decides_size_and_length(
    footage: FakeClip, size: tuple[int, int], frames: int
) -> None:
    """Width, exact size, rate, extra frames and another length than ordered."""
    clip = decoded(shoot(pinned(1), seconds=1, shot=0, footage=footage))
    assert (clip[0].shape[1], clip[0].shape[0]) == size
    assert len(clip) == frames


@pytest.mark.parametrize(("look", "brightness"), [("frozen", 20), ("black", 0)])
def test_a_clip_can_be_frozen_or_black(look: str, brightness: int) -> None:
    """Both show one picture all the time, without codes."""
    footage = FakeClip(width=128, look=look)  # type: ignore[arg-type]
    clip = decoded(shoot(pinned(1, 2), seconds=1, shot=0, footage=footage))
    assert np.abs(clip[0].astype(int) - clip[-1]).mean() < 2
    assert (clip[0].mean() > brightness) == (look == "frozen")
    assert codes.read(clip[3]) is None


def test_the_same_order_gives_the_same_bytes() -> None:
    """A second look at a clip costs nothing."""
    first, again = (
        shoot(pinned(1, 2), seconds=1, shot=1, footage=FakeClip(width=128)) for _ in range(2)
    )
    assert again is first


@pytest.mark.parametrize(("late", "reached"), [(0, 6), (2, 8)])
def test_a_clip_passes_through_its_keyframes(late: int, reached: int) -> None:
    """The one between the ends is seen on its own frame, or so many frames later."""
    stills = (Pinned(Fraction(0), picture(1)), Pinned(Fraction(1, 4), picture(2)),
              Pinned(Fraction(1), picture(3)))  # fmt: skip
    footage = FakeClip(width=160, late=late)
    clip = decoded(shoot(stills, seconds=1, shot=0, footage=footage))
    height, width = clip[0].shape[:2]
    below = slice(height // codes.STRIP + 2, None)
    wanted = Image.open(io.BytesIO(picture(2))).resize((width, height))
    apart = [np.abs(frame[below] - np.asarray(wanted, np.int16)[below]).mean() for frame in clip]
    assert int(np.argmin(apart)) == reached
    assert min(apart) < 4
