"""Frame codes survive what a film does to them, and are never misread."""

from __future__ import annotations

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from storyboard.testing.codes import FRAMES, SHOTS, Code, Picture, paint, read

shots = st.integers(0, SHOTS - 1)
frames = st.integers(0, FRAMES - 1)
sizes = st.tuples(st.integers(64, 320), st.integers(32, 320)).map(lambda s: (s[0] * 2, s[1] * 2))


def blobs(seed: int, *, size: tuple[int, int]) -> Picture:
    """Return a picture without hard edges."""
    few = np.random.default_rng(seed).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(few).resize(size))


def scaled(picture: Picture, width: int, height: int) -> Picture:
    """Return the picture at another size."""
    return np.asarray(Image.fromarray(picture).resize((width, height)))


def through_h264(picture: Picture, *, crf: int) -> Picture:
    """Return the picture as a video player would show it."""
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.height, encoder.width = picture.shape[:2]
    encoder.pix_fmt, encoder.framerate = "yuv420p", 24  # type: ignore[assignment]
    encoder.options = {"preset": "ultrafast", "crf": str(crf), "threads": "1"}
    packets = encoder.encode(av.VideoFrame.from_ndarray(picture)) + encoder.encode()
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    decoded = [f for p in packets for f in decoder.decode(p)] + decoder.decode()
    return decoded[0].to_ndarray(format="rgb24").astype(np.uint8)


@given(shot=shots, frame=frames, size=sizes, seed=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_a_painted_code_is_read_back(
    shot: int, frame: int, size: tuple[int, int], seed: int
) -> None:
    """Any number on any picture of any size comes back."""
    assert read(paint(blobs(seed, size=size), shot=shot, frame=frame)) == Code(shot, frame)


@given(
    shot=shots,
    frame=frames,
    size=st.sampled_from([(128, 72), (128, 128), (192, 108), (144, 256), (320, 180)]),
    crf=st.integers(18, 28),
    width=st.sampled_from([128, 200, 333, 640, 1920]),
)
@settings(max_examples=25, deadline=None)
def test_a_code_survives_encoding_and_scaling(
    shot: int, frame: int, size: tuple[int, int], crf: int, width: int
) -> None:
    """H.264 up to crf 28, colour conversion, and scaling from 128 to 1920 pixels keep it."""
    painted = paint(blobs(frame, size=size), shot=shot, frame=frame)
    decoded = through_h264(painted, crf=crf)
    assert read(scaled(decoded, width, round(width * size[1] / size[0]))) == Code(shot, frame)


@given(first=st.tuples(shots, frames), second=st.tuples(shots, frames), share=st.floats(0, 1))
@settings(max_examples=100, deadline=None)
def test_a_mix_of_two_frames_is_never_a_third(
    first: tuple[int, int], second: tuple[int, int], share: float
) -> None:
    """A dissolve reads as the frame that is all but alone, or as nothing."""
    ground = blobs(0, size=(160, 90))
    pair = [paint(ground, shot=shot, frame=frame) for shot, frame in (first, second)]
    mixed = (pair[0] * (1 - share) + pair[1] * share).astype(np.uint8)
    assert read(mixed) in (None, Code(*first), Code(*second))
    if first != second and 0.2 < share < 0.8:
        assert read(mixed) is None


@given(seed=st.integers(0, 10_000))
@settings(max_examples=50, deadline=None)
def test_a_picture_without_a_code_has_none(seed: int) -> None:
    """Black and white noise is not a code."""
    noise = np.random.default_rng(seed).integers(0, 2, (18, 20, 3), dtype=np.uint8) * np.uint8(255)
    assert read(noise.repeat(8, axis=0).repeat(8, axis=1)) is None


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_flat_picture_has_no_code(level: int) -> None:
    """Black, grey and white slates are not codes."""
    assert read(np.full((90, 160, 3), level, np.uint8)) is None


def test_a_grey_picture_can_carry_a_code() -> None:
    """A plane of luma is a picture too, and painting leaves the original alone."""
    plane = np.full((90, 160), 90, np.uint8)
    assert read(paint(plane, shot=3, frame=7)) == Code(3, 7)
    assert (plane == 90).all()


@pytest.mark.parametrize(("shot", "frame"), [(SHOTS, 0), (0, FRAMES), (-1, 0)])
def test_a_number_that_does_not_fit_is_refused(shot: int, frame: int) -> None:
    """Nothing is silently cut off."""
    with pytest.raises(ValueError, match="a code holds"):
        paint(np.zeros((90, 160, 3), np.uint8), shot=shot, frame=frame)


def test_a_picture_too_small_for_a_code_is_refused() -> None:
    """And reading one finds nothing."""
    with pytest.raises(ValueError, match="too small"):
        paint(np.zeros((10, 10, 3), np.uint8), shot=0, frame=0)
    assert read(np.zeros((10, 10, 3), np.uint8)) is None
