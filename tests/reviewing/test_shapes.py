"""How alike two pictures are in what they show."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from storyboard.reviewing.measure import Picture, likeness, likeness_of_shapes
from storyboard.reviewing.take_limits import LEAST_ALIKE


def moon(*, left: int = 190, levels: int = 60) -> Picture:
    """A dark, plain picture: something round with a few marks, 320 by 180."""
    picture = np.full((180, 320, 3), 12, np.uint8)
    cv2.circle(picture, (left, 90), 50, (levels,) * 3, -1, cv2.LINE_AA)
    for across, down, size in ((-20, -10, 9), (15, 20, 12), (10, -25, 6)):
        cv2.circle(picture, (left + across, 90 + down), size, (levels // 2,) * 3, -1, cv2.LINE_AA)
    return picture


def pixels(found: object) -> Picture:
    """What OpenCV gives, as a picture."""
    return np.asarray(found, np.uint8)


def closer(one: Picture, factor: float) -> Picture:
    """Seen from so much nearer."""
    matrix = cv2.getRotationMatrix2D((160, 90), 0, factor)
    return pixels(cv2.warpAffine(one, matrix, (320, 180), borderMode=cv2.BORDER_REPLICATE))


def marked(one: Picture) -> Picture:
    """With letters in a corner."""
    return pixels(cv2.putText(one.copy(), "AI", (270, 170), 0, 1, (255, 255, 255), 2))


@pytest.mark.parametrize(
    ("what", "other"),
    [
        ("a little softer", cv2.GaussianBlur(moon(), (0, 0), 1.5)),
        ("three pixels aside", moon(left=193)),
        ("darker", moon(levels=50)),
        ("a mark in its corner", marked(moon())),
    ],
)
def test_the_same_picture_drawn_otherwise_is_alike(what: str, other: Picture) -> None:
    """As a model may draw its keyframe."""
    assert likeness_of_shapes(moon(), pixels(other)) > LEAST_ALIKE, what


@pytest.mark.parametrize(
    ("what", "other"),
    [("mirrored", moon()[:, ::-1]), ("half as near again", closer(moon(), 1.5))],
)
def test_a_plain_background_makes_no_two_pictures_alike(what: str, other: Picture) -> None:
    """Where most of both is the same darkness, and SSIM is high for that alone."""
    assert likeness(moon(), np.ascontiguousarray(other)) > LEAST_ALIKE
    assert likeness_of_shapes(moon(), np.ascontiguousarray(other)) < LEAST_ALIKE, what


def test_pictures_without_detail_are_alike() -> None:
    """There is nothing in which they could differ; of light and dark they can."""
    grey, black = np.full((180, 320, 3), 90, np.uint8), np.zeros((180, 320, 3), np.uint8)
    assert likeness_of_shapes(grey, grey) == pytest.approx(1)
    assert likeness_of_shapes(grey, black) < LEAST_ALIKE
