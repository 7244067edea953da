"""Models that make several shots of a scene in one request, from all of their keyframes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.models import price
from storyboard.models.catalogue.common import (
    NEGATIVE,
    OTHERS,
    PAGES,
    SEED,
    SILENT,
    SOUND,
    TYPES,
    seen,
    sizes,
    whole,
)
from storyboard.models.catalogue.luma import RAY_3_2, RAY_3_2_SHAPES
from storyboard.models.choices import NumberOption, Option
from storyboard.models.keyframes import AtFrames, ByTransitions, InTwoLists
from storyboard.models.lengths import Lengths, with_unit
from storyboard.models.model import StillLimits
from storyboard.models.row import ModelRow

if TYPE_CHECKING:
    from storyboard.models.price import Tariff

_SAFETY = NumberOption("safety_tolerance", 0, 4, default=2)
_FLUX = "blackforestlabs/flux-3/keyframes-to-video"


def _flux(alias: str, endpoint: str, resolution: Option, tariff: Tariff) -> ModelRow:
    """One to ten keyframes on frames at 24 a second, the last of them inclusive."""
    return ModelRow(
        alias=alias,
        endpoint=endpoint,
        start="keyframes",
        end="",
        lengths=whole(5, 20),
        stills=StillLimits(),
        tariff=tariff,
        evidence=seen("2026-09-30", "P R", PAGES, OTHERS),
        options={"resolution": resolution, "sound": SOUND, "safety_tolerance": _SAFETY},
        fixed={"aspect_ratio": "auto"},
        covers=9,
        compose=AtFrames(rate=24),
    )


MANY_KEYFRAMES = (
    _flux(
        "flux-3-keyframes",
        _FLUX,
        sizes("720p", "1080p"),
        price.by_option(
            "resolution", {"720p": price.per_second(170_000), "1080p": price.per_second(290_000)}
        ),
    ),
    _flux(
        "flux-3-keyframes-draft",
        f"{_FLUX}/draft",
        Option("", ("720p",), "720p"),
        price.per_second(60_000),
    ),
    ModelRow(
        alias="ray-3.2-keyframes",
        endpoint="luma/agent/ray/v3.2/image-to-video",
        start="keyframes",
        end="",
        lengths=Lengths((5, 10), written=with_unit("s")),
        stills=StillLimits(),
        tariff=RAY_3_2,
        evidence=seen("2026-09-28", "S R", TYPES, OTHERS),
        prompt_limit=6000,
        options={"resolution": sizes("540p", "720p", "1080p", default="540p"), "sound": SILENT},
        shapes=RAY_3_2_SHAPES,
        covers=63,
        compose=InTwoLists(rate=24, indexes="keyframe_indexes"),
        further=("keyframe_indexes",),
    ),
    ModelRow(
        alias="pikaframes",
        endpoint="fal-ai/pika/v2.2/pikaframes",
        start="image_urls",
        end="",
        lengths=Lengths(tuple(range(1, 26)), argument="transitions", each="duration"),
        stills=StillLimits(),
        tariff=price.listed(
            price.by_option(
                "resolution", {"720p": price.per_second(40_000), "1080p": price.per_second(60_000)}
            ),
            200_000,
            "video",
        ),
        evidence=seen("2026-09-30", "S R", TYPES, OTHERS),
        prompt="",
        end_frame="required",
        options={
            "resolution": sizes("720p", "1080p"),
            "sound": SILENT,
            "seed": SEED,
            "negative_prompt": NEGATIVE,
        },
        covers=4,
        compose=ByTransitions("transitions"),
        whole_shots=True,
    ),
)
"""Where a keyframe lies is said by frames, or by whole transitions (Pikaframes)."""
