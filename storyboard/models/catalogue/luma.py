"""Ray, by Luma. It makes 16:9 whatever the still is, unless it is told; silent."""

from __future__ import annotations

from storyboard.models import price
from storyboard.models.catalogue.common import (
    OTHERS,
    PRICING,
    SILENT,
    TYPES,
    seen,
    sizes,
    switch,
)
from storyboard.models.choices import OfferedShapes, Restriction
from storyboard.models.lengths import Lengths, with_unit
from storyboard.models.model import StillLimits
from storyboard.models.row import ModelRow

RAY_3_2 = price.listed(
    price.by_option(
        "resolution",
        {
            "540p": price.per_block(5, 150_000),
            "720p": price.per_block(5, 300_000),
            "1080p": price.per_block(5, 1_200_000),
        },
    ),
    500_000,
    "5 second",
)
"""What Ray 3.2 costs, with two keyframes as with many."""
RAY_3_2_SHAPES = OfferedShapes("aspect_ratio", ("16:9", "3:4", "4:3", "1:1", "9:16", "21:9"))
_LOOP = Restriction({"loop": (True,)}, end_frame=False)


def _ray_2(name: str, first: int) -> ModelRow:
    """Twice as much at 720p, four times at 1080p; the list says the first of them."""
    by = {
        "540p": price.per_block(5, first),
        "720p": price.per_block(5, 2 * first),
        "1080p": price.per_block(5, 4 * first),
    }
    return ModelRow(
        alias=f"ray-2{name}",
        endpoint=f"fal-ai/luma-dream-machine/ray-2{name}/image-to-video",
        start="image_url",
        end="end_image_url",
        lengths=Lengths((5, 9), written=with_unit("s")),
        stills=StillLimits(),
        tariff=price.listed(price.by_option("resolution", by), first, "5 second"),
        evidence=seen("2026-07-28", "S N", TYPES, PRICING),
        options={
            "resolution": sizes("540p", "720p", "1080p", default="540p"),
            "sound": SILENT,
            "loop": switch("loop"),
        },
        shapes=OfferedShapes("aspect_ratio", ("16:9", "9:16", "4:3", "3:4", "21:9", "9:21")),
        notes=("9 s are charged as two times 5 s",),
    )


LUMA = (
    ModelRow(
        alias="ray-3.2",
        endpoint="luma/agent/ray/v3.2/image-to-video",
        start="image_url",
        end="end_image_url",
        # Ten seconds only with many keyframes.
        lengths=Lengths((5,), written=with_unit("s"), others=("10s",)),
        stills=StillLimits(),
        tariff=RAY_3_2,
        evidence=seen("2026-09-28", "S R", TYPES, OTHERS),
        prompt_limit=6000,
        options={
            "resolution": sizes("540p", "720p", "1080p", default="540p"),
            "sound": SILENT,
            "loop": switch("loop"),
        },
        restrictions=(_LOOP,),
        shapes=RAY_3_2_SHAPES,
    ),
    _ray_2("", 500_000),
    _ray_2("-flash", 200_000),
)
