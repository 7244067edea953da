"""Measuring motion: hypotheses, dense flow, belief in it, and the change of light."""

from __future__ import annotations

import numpy as np
import pytest

from storyboard.draft import Picture
from storyboard.draft.confidence import belief, presence
from storyboard.draft.field import inside
from storyboard.draft.flow import Flow, flow, proposals
from storyboard.draft.hypotheses import (
    Hypothesis,
    displacement,
    hypotheses,
    magnification,
    steadied,
    turned_round,
)
from storyboard.draft.light import relighting
from storyboard.draft.pair import measured
from storyboard.draft.prior_cost import doubts
from storyboard.draft.small_copy import colour_likeness, proxy, proxy_size
from tests.draft.stills import framing, noise, painting, plain

WORLD = painting(4, size=(360, 576))


def both_ways(zoom: float) -> tuple[Flow, Flow]:
    """Measure a push-in on the world from both ends."""
    here, there = proxy(framing(WORLD)), proxy(framing(WORLD, zoom=zoom))
    found = hypotheses(here.luma, there.luma)
    back = [turned_round(one) for one in found]
    return (
        flow(proposals(here, there, found, likeness=1.0)),
        flow(proposals(there, here, back, likeness=1.0)),
    )


def test_the_first_hypothesis_is_the_camera_move() -> None:
    """A push-in is found as a zoom about the middle, to a hundredth."""
    start, end = framing(WORLD), framing(WORLD, zoom=1.3)

    first = hypotheses(proxy(start).luma, proxy(end).luma)[0].motion

    size = proxy_size(start)
    middle = (size[0] // 2, size[1] // 2)
    assert magnification(first, size)[middle] == pytest.approx(1.3, abs=0.013)
    assert np.abs(displacement(first, size)[middle]).max() < 1


@pytest.mark.parametrize("still", [plain(90), noise(1)], ids=["plain", "noise"])
def test_unlike_stills_share_no_motion(still: Picture) -> None:
    """No hypothesis is better than a wrong one."""
    assert hypotheses(proxy(still).luma, proxy(painting(1)).luma) == ()


def test_a_camera_on_a_tripod_stands_still() -> None:
    """A drift of a fraction of a pixel is taken for none."""
    drift = np.array([[1.0001, 0, 0.2], [0, 1.0001, -0.1], [0, 0, 1]])

    assert np.array_equal(steadied(drift, (100, 200)), np.eye(3))


def test_flow_and_its_way_back_are_believed_where_both_see() -> None:
    """In a push-in the middle is sure, and what leaves the frame is not."""
    forth, back = both_ways(1.3)

    sure, sure_back = belief(forth, back), belief(back, forth)

    stays = inside(forth.shift, margin=-4)
    assert sure[stays].mean() > 0.8
    assert sure[~inside(forth.shift, margin=4)].mean() < 0.05
    assert sure_back.mean() > 0.8


def test_what_leaves_the_frame_claims_more_than_what_goes_into_hiding() -> None:
    """It is in front of the camera until it is out of sight."""
    shift = np.zeros((20, 40, 2), np.float32)
    shift[:, 20:, 0] = 30

    claim = presence(shift, np.zeros((20, 40), np.float32))

    assert claim[10, 35] > 5 * claim[10, 5] > 0


def test_the_light_is_carried_on_where_the_motion_is_unsure() -> None:
    """A spot that was not found again brightens like its surroundings."""
    here, there = plain(100, size=(40, 60)), plain(130, size=(40, 60))
    there[15:25, 25:35] = 255
    sure = np.ones((40, 60), np.float32)
    sure[15:25, 25:35] = 0

    light = relighting(here, there, np.zeros((40, 60, 2), np.float32), sure)

    assert np.allclose(light, 30, atol=3)


def test_turning_leaves_do_not_tint_the_sky_beside_them() -> None:
    """Light is carried on among like colours only, and never past what either picture shows."""
    here, there = plain(210, size=(40, 60)), plain(200, size=(40, 60))
    here[20:, :30], there[20:, :30] = (240, 140, 180), (40, 140, 50)
    sure = np.ones((40, 60), np.float32)
    sure[:20] = 0

    light = relighting(here, there, np.zeros((40, 60, 2), np.float32), sure)

    assert np.abs(light[20:38, 2:26] - (-200, 0, -130)).max() < 8
    assert np.abs(light[:14] + 10).max() < 10


def test_what_few_features_follow_must_fit_better() -> None:
    """A rare motion is doubtful, most of all far from where it was found."""
    many = np.full((100, 2), 10, np.float32)
    few = np.full((10, 2), 10, np.float32)
    moves = [Hypothesis(np.eye(3), here=spots, there=spots) for spots in (many, few)]

    common, rare = doubts(moves, (40, 200))

    assert common.max() == 0
    assert rare.min() > 3
    assert rare[10, 190] > rare[10, 10] + 3


def test_the_next_tower_of_a_bridge_is_not_this_one_moved() -> None:
    """Against the rest of the scene nothing moves by a third of the frame."""
    start, end = framing(WORLD).copy(), framing(WORLD, right=30).copy()
    start[60:110, 20:60] = end[60:110, 300:340] = painting(9, size=(50, 40))

    found = hypotheses(proxy(start).luma, proxy(end).luma)

    assert len(found) >= 1
    assert all(abs(one.motion[0, 2]) < 40 for one in found)


def test_another_season_is_another_palette() -> None:
    """Pictures that share their colours are alike, others are not."""
    warm = painting(1)
    cold = np.ascontiguousarray((warm // 2)[..., ::-1])

    assert colour_likeness(proxy(warm), proxy(warm)) == 1
    assert colour_likeness(proxy(warm), proxy(cold)) < 0.1


def test_a_pair_knows_whether_the_light_changes() -> None:
    """The frames of a pair in one light need no correction."""
    start, end = framing(WORLD), framing(WORLD, zoom=1.1)

    assert not measured(start, end).relit
    assert measured(start, (end // 2).astype(np.uint8)).relit


@pytest.mark.parametrize(
    ("size", "small"),
    [
        ((720, 1280), (243, 432)),
        ((1920, 1080), (432, 243)),
        ((480, 854), (225, 400)),
        ((50, 60), (50, 60)),
    ],
)
def test_a_proxy_is_small_and_never_larger(size: tuple[int, int], small: tuple[int, int]) -> None:
    """Its longest side is at most 432 pixels, a little less for a small picture."""
    assert proxy_size(plain(0, size=size)) == small
