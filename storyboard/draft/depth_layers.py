"""Which of the scene's motions each pixel belongs to, what hidden pixels do, who is in front."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from storyboard.draft.edge_smoothing import spread
from storyboard.draft.field import grid, inside, picked
from storyboard.draft.hypotheses import displacement, magnification
from storyboard.draft.outline import nearest_in, rim_of, whole, without_islands

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from storyboard.draft.hypotheses import Motion
    from storyboard.draft.picture import Field, Picture

NEAR = 3.0
STRAYING = 5.0
OWN_VOTE = 0.5
REACH = 60.0
CONTRAST = 60.0
FURTHEST_REST = 20.0
FAINT, BARELY = 0.02, 0.003
NEAREST_ZOOM = 3.5
FEW_PIXELS = 30


class Layered(NamedTuple):
    """The motion of every pixel of one picture, seen in the other or not.

    `shift` (h, w, 2) is in proxy pixels; `zoom` (h, w) the factor by which a spot comes nearer;
    `layer` (h, w) the index of the motion it belongs to; `sure` (h, w) how far it was measured.
    """

    shift: Field
    zoom: Field
    layer: Picture
    sure: Field


def layered(shift: Field, sure: Field, guide: Field, motions: Sequence[Motion]) -> Layered:
    """Replace what is not sure in `shift` by the motion of the surface it lies on.

    Pixels that leave the frame or go into hiding have no partner to be measured with. They
    join the motion of sure neighbours of like colour (`guide`, h, w, 3), carried on as a
    motion, not as a copied shift: a wall that zooms goes on zooming past the frame's edge.
    """
    size = (sure.shape[0], sure.shape[1])
    planes = [displacement(motion, size) for motion in motions]
    joined, rests = canvassed([shift - plane for plane in planes], sure, guide)
    layer = whole(without_islands(joined), sure)
    carried = picked(
        np.stack([plane + rest for plane, rest in zip(planes, rests, strict=True)]), layer
    )
    apart = np.linalg.norm(shift - carried, axis=2)
    sure = sure * np.exp(-((apart / STRAYING) ** 4)).astype(np.float32)
    kept = np.clip(1.6 * sure**2, 0, 1)[..., None]
    zooms = np.stack([magnification(motion, size) for motion in motions])
    zoom = np.exp((joined * np.log(zooms)).sum(0) / joined.sum(0))
    return Layered(
        shift=shift * kept + carried * (1 - kept),
        zoom=np.clip(zoom, 1 / NEAREST_ZOOM, NEAREST_ZOOM),
        layer=layer,
        sure=sure,
    )


def brimmed(layers: Layered, height: Field) -> Layered:
    """Let what is in front take its rim along, where its colours mix with what is behind.

    `height` ranks the layers. A rim left behind would draw the thing's outline there.
    """
    layer = layers.layer.copy()
    source = np.arange(layer.size).reshape(layer.shape)
    for kind in np.argsort(height):
        thing = layers.layer == kind
        rim = rim_of(thing) & (height[layer] < height[kind])
        if rim.any():
            layer[rim] = kind
            source[rim] = nearest_in(thing)[rim]
    return Layered(
        shift=layers.shift.reshape(-1, 2)[source],
        zoom=layers.zoom.ravel()[source],
        layer=layer,
        sure=np.minimum(layers.sure, layers.sure.ravel()[source]),
    )


def canvassed(rests: Sequence[Field], sure: Field, guide: Field) -> tuple[Field, Field]:
    """Let each pixel hear what its neighbours on the same surface belong to.

    Takes each pixel's shift beyond every motion. Returns for every motion the vote for it
    (k, h, w) and the voters' mean shift beyond it (k, h, w, 2). Where nobody sure is heard,
    the motion most of the picture follows is joined, and nothing is added to it.
    """
    weight = (sure**2)[..., None]
    votes = [
        np.concatenate([share, share * rest], -1) * weight
        for share, rest in zip(memberships(rests), rests, strict=True)
    ]
    heard = spread(np.concatenate(votes, -1), guide, reach=REACH, contrast=CONTRAST)
    ballots = np.stack(np.split(heard, len(rests), -1))
    popularity = ballots[..., 0].mean((1, 2), keepdims=True)
    mean = ballots[..., 1:] / (ballots[..., :1] + BARELY)
    own = OWN_VOTE * np.stack([vote[..., 0] for vote in votes])
    joined = ballots[..., 0] + own + FAINT * popularity + 1e-9
    return joined, np.clip(mean, -FURTHEST_REST, FURTHEST_REST)


def memberships(rests: Sequence[Field]) -> list[Field]:
    """Share each pixel (h, w, 1) among the motions by how near its own shift is to them."""
    nearness = np.stack([-((rest / NEAR) ** 2).sum(-1, keepdims=True) for rest in rests])
    nearness = np.exp(nearness - nearness.max(0))
    return list((nearness / nearness.sum(0)).astype(np.float32))


def ranks(start: Layered, end: Layered, count: int) -> Field:
    """Rank the `count` layers from back (low) to front (high), about -3 to 3.

    Whatever hides a pixel is in front of it.
    """
    votes = hiding(start, end, count) + hiding(end, start, count)
    lead = (votes - votes.T) / (votes + votes.T + FEW_PIXELS)
    return np.asarray(lead.sum(1).clip(-3, 3), np.float32)


def hiding(here: Layered, there: Layered, count: int) -> NDArray[np.float64]:
    """Count the pixels that layer i hides of layer j on the way from `here`, as (i, j)."""
    lost = (here.sure < 0.3) & inside(here.shift, margin=0.0)
    places = grid((lost.shape[0], lost.shape[1])) + here.shift
    x, y = np.rint(places[lost]).astype(np.int64).T
    seen = there.sure[y, x] > 0.5
    in_front, behind = there.layer[y, x][seen], here.layer[lost][seen]
    pairs = in_front.astype(np.int64) * count + behind
    return np.bincount(pairs, minlength=count * count).reshape(count, count).astype(np.float64)
