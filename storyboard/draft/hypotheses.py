"""The few motions that most of a pair of pictures follows: planes and depths of the scene."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from storyboard.draft.field import grid
from storyboard.draft.vision import cv2

if TYPE_CHECKING:
    from storyboard.draft.picture import Field, Picture

MOST = 6
FEATURES = 3000
TOLERANCE = 3.0
FEWEST_MATCHES = 8
FEWEST_FOLLOWERS = 7
FURTHEST_OWN = 0.3
"""What seems to have moved farther than this share of the frame against the rest of the scene
is another thing that looks the same: the next tower of a bridge, the next window."""

Points = NDArray[np.float32]
Motion = NDArray[np.float64]
"""A 3x3 homography that takes a point of the first picture to the second, in proxy pixels."""


class Hypothesis(NamedTuple):
    """A motion, and the features that follow it in the one picture and in the other, (n, 2)."""

    motion: Motion
    here: Points
    there: Points


def hypotheses(start: Picture, end: Picture) -> tuple[Hypothesis, ...]:
    """Find up to MOST motions from `start` to `end` (evened lumas), best supported first.

    The first is a homography, because one plane or a turning camera explains most of a
    picture; the others are similarities of what it leaves unexplained. Empty when the
    pictures share too few features.
    """
    cv2.setRNGSeed(0)
    here, there = matched_points(start, end)
    found = [
        supported(steadied(motion, start.shape), here, there)
        for motion in peel(here, there, start.shape)
    ]
    return tuple(one for one in found if strays(one, found[0]) < FURTHEST_OWN * max(start.shape))


def strays(one: Hypothesis, scene: Hypothesis) -> float:
    """Say how many pixels apart two motions take the features of the first, as a median."""
    if not len(one.here):
        return 0.0
    return float(np.median(np.linalg.norm(moved(one.here, scene.motion) - one.there, axis=1)))


def supported(motion: Motion, here: Points, there: Points) -> Hypothesis:
    """Give `motion` with those of the paired points that follow it."""
    follows = np.linalg.norm(moved(here, motion) - there, axis=1) < TOLERANCE
    return Hypothesis(motion, here[follows], there[follows])


def turned_round(found: Hypothesis) -> Hypothesis:
    """Give the hypothesis of the way back."""
    return Hypothesis(inverse(found.motion), here=found.there, there=found.here)


def matched_points(start: Picture, end: Picture) -> tuple[Points, Points]:
    """Pair the SIFT features that choose each other, as two (n, 2) lists of x, y."""
    sift = cv2.SIFT_create(FEATURES, contrastThreshold=0.02)
    (found, marks), (others, other_marks) = (
        sift.detectAndCompute(picture, None) for picture in (start, end)
    )
    if min(len(found), len(others)) < FEWEST_MATCHES:
        return np.empty((0, 2), np.float32), np.empty((0, 2), np.float32)
    pairs = list(mutual(marks, other_marks))
    here = np.array([found[i].pt for i, _ in pairs], np.float32).reshape(-1, 2)
    there = np.array([others[j].pt for _, j in pairs], np.float32).reshape(-1, 2)
    return here, there


def mutual(marks: Any, other_marks: Any) -> Iterator[tuple[int, int]]:
    """Yield the index pairs whose features are each other's nearest, and clearly so."""
    matcher = cv2.BFMatcher(cv2.NORM_L2)
    back = {match.queryIdx: match.trainIdx for match in matcher.match(other_marks, marks)}
    for nearest, runner_up in matcher.knnMatch(marks, other_marks, k=2):
        distinct = nearest.distance < 0.8 * runner_up.distance
        if distinct and back[nearest.trainIdx] == nearest.queryIdx:
            yield nearest.queryIdx, nearest.trainIdx


def peel(here: Points, there: Points, shape: tuple[int, ...]) -> Iterator[Motion]:
    """Yield the best motion, drop the points that follow it, and look again."""
    if len(here) < FEWEST_MATCHES:
        return
    plane, follows = homography(here, there, shape)
    if plane is not None:
        yield plane
        here, there = here[~follows], there[~follows]
    for _ in range(MOST - 1):
        depth, follows = similarity(here, there)
        if depth is None:
            return
        yield depth
        here, there = here[~follows], there[~follows]


def homography(
    here: Points, there: Points, shape: tuple[int, ...]
) -> tuple[Motion | None, NDArray[np.bool_]]:
    """Fit one plane's motion and say which points follow it; None when none is plausible."""
    nobody = np.zeros(len(here), bool)
    if len(here) < 15:
        return None, nobody
    method = getattr(cv2, "USAC_MAGSAC", cv2.RANSAC)
    motion, mask = cv2.findHomography(here, there, method, TOLERANCE, None, 2000, 0.999)
    if motion is None or mask.sum() < 15 or not keeps_its_shape(motion, shape):
        return None, nobody
    return motion, mask.ravel().astype(bool)


def similarity(here: Points, there: Points) -> tuple[Motion | None, NDArray[np.bool_]]:
    """Fit a shift, turn and zoom and say which points follow it; None when none is plausible."""
    nobody = np.zeros(len(here), bool)
    if len(here) < FEWEST_FOLLOWERS:
        return None, nobody
    rows, mask = cv2.estimateAffinePartial2D(
        here, there, ransacReprojThreshold=TOLERANCE, maxIters=1500, confidence=0.99
    )
    if (
        rows is None
        or mask.sum() < FEWEST_FOLLOWERS
        or not 0.4 < np.hypot(rows[0, 0], rows[1, 0]) < 2.5
    ):
        return None, nobody
    return np.vstack([rows, (0.0, 0.0, 1.0)]), mask.ravel().astype(bool)


def keeps_its_shape(motion: Motion, shape: tuple[int, ...]) -> bool:
    """Tell whether the frame stays a convex figure of a like area under `motion`."""
    corners = moved(corners_of(shape), motion)
    area = cv2.contourArea(corners) / (shape[0] * shape[1])
    return 0.15 < area < 6 and bool(cv2.isContourConvex(corners))


def steadied(motion: Motion, shape: tuple[int, ...]) -> Motion:
    """Take a motion that hardly moves the frame for a camera that stands still."""
    corners = corners_of(shape)
    drift = np.abs(moved(corners, motion) - corners).max()
    return np.eye(3) if drift < 0.5 else motion


def inverse(motion: Motion) -> Motion:
    """Give the motion that undoes `motion`."""
    return np.asarray(np.linalg.inv(motion), np.float64)


def corners_of(shape: tuple[int, ...]) -> Points:
    """List the corners of a picture of this (height, width) in turn, as (4, 2)."""
    height, width = shape[:2]
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)


def moved(points: Points, motion: Motion) -> Points:
    """Take points (n, 2) where `motion` takes them."""
    there: Points = cv2.perspectiveTransform(points.reshape(-1, 1, 2), motion).reshape(-1, 2)
    return there


def displacement(motion: Motion, size: tuple[int, int]) -> Field:
    """Give the motion's shift of every pixel as (h, w, 2): x and y in pixels."""
    places = grid(size)
    return moved(places.reshape(-1, 2), motion).reshape(*size, 2) - places


def magnification(motion: Motion, size: tuple[int, int]) -> Field:
    """Give the motion's zoom at every pixel, (h, w): 2 where things get twice as long."""
    plane = motion / motion[2, 2]
    places = grid(size)
    depth = places[..., 0] * plane[2, 0] + places[..., 1] * plane[2, 1] + 1
    area = abs(np.linalg.det(plane)) / np.maximum(np.abs(depth), 0.1) ** 3
    return np.asarray(np.sqrt(area), np.float32)
