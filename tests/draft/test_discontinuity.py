"""Lines along which neighbouring pixels come from places far apart."""

from __future__ import annotations

import numpy as np

from storyboard.draft.discontinuity import enlarged, mended, rifts
from storyboard.draft.picture import Field
from tests.draft.stills import painting, sharpness


def parted(left: float, right: float) -> Field:
    """Give a way back that is another one on each half of the frame."""
    back = np.zeros((20, 30, 2), np.float32)
    back[:, :15, 0], back[:, 15:, 0] = left, right
    return back


def test_a_rift_runs_where_two_motions_meet() -> None:
    """A gentle change is none, and a rift opens by and by."""
    assert rifts(parted(0, 2)).sum() == 0
    assert np.all(rifts(parted(-20, 20))[:, 14:16] == 255)
    assert 0 < rifts(parted(0, 6)).max() < 255
    assert rifts(parted(-20, 20))[:, :12].sum() == 0


def test_no_pixel_looks_back_between_two_motions() -> None:
    """Every pixel of the large frame follows one of them, scaled."""
    back = parted(-20, 20)

    large = enlarged(back, rifts(back), (60, 90))

    assert np.allclose(np.abs(large[..., 0]), 60, atol=1e-3)


def test_a_frame_is_softened_along_its_rifts_only() -> None:
    """What is away from them stays as it is, to the bit."""
    still = painting(3, size=(60, 90))

    soft = mended(still.copy(), rifts(parted(-20, 20)))

    assert np.array_equal(soft[:, :30], still[:, :30])
    assert np.array_equal(soft[:, 60:], still[:, 60:])
    assert sharpness(soft[:, 40:50]) < sharpness(still[:, 40:50])
