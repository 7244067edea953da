"""Stills as takes were made from them, at a take's own size: what its frames are compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from storyboard.errors import MediaError
from storyboard.images.developing import develop
from storyboard.images.fitting import fit
from storyboard.images.parts import PictureError

if TYPE_CHECKING:
    from storyboard.images.still import PreparedStill
    from storyboard.reviewing.measure import Picture
    from storyboard.units.sizes import Size


def prepared_picture(prepared: PreparedStill, size: Size) -> Picture:
    """A still as it was prepared, in the take's own size; MediaError where it can't be read."""
    try:
        image = develop(prepared.still.read(), prepared.recipe)
        return np.asarray(fit(image, (size.width, size.height), "cover"))
    except PictureError as error:
        raise MediaError(f"{prepared.still.name}: {error}") from error
