"""LTX, by Lightricks: hosted ones by the second, and open weights by the pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.models import price
from storyboard.models.catalogue.common import (
    NEGATIVE,
    OTHERS,
    PAGES,
    PRICING,
    SEED,
    SOUND,
    TYPES,
    seen,
    sizes,
    switch,
)
from storyboard.models.choices import FrameSize, NumberOption, OfferedShapes, Option, Restriction
from storyboard.models.lengths import Lengths, in_frames, number
from storyboard.models.model import StillLimits
from storyboard.models.row import ModelRow

if TYPE_CHECKING:
    from storyboard.models.evidence import Evidence

_SHAPES = OfferedShapes("aspect_ratio", ("16:9", "9:16"))
_STRENGTH = {
    "start_strength": NumberOption("image_strength", 0, 1, default=1, whole=False),
    "end_strength": NumberOption("end_image_strength", 0, 1, default=1, whole=False),
}
_LENGTH = "how many frames it makes at the most is not documented: 121 are asked for"


def _hosted(
    alias: str,
    endpoint: str,
    lengths: tuple[int, ...],
    prices: dict[str, int],
    evidence: Evidence,
    *,
    resolutions: tuple[str, ...] = (),
    rates: tuple[int, ...] = (24, 25, 50),
    prompt_limit: int | None = None,
    restrictions: tuple[Restriction, ...] = (),
    notes: tuple[str, ...] = (),
) -> ModelRow:
    by = {size: price.per_second(micro) for size, micro in prices.items()}
    offered = resolutions or tuple(prices)
    return ModelRow(
        alias=alias,
        endpoint=endpoint,
        start="image_url",
        end="end_image_url",
        lengths=Lengths(lengths, written=number),
        stills=StillLimits(),
        tariff=price.by_option("resolution", by),
        evidence=evidence,
        prompt_limit=prompt_limit,
        options={
            "resolution": sizes(*offered, default=offered[0], theirs="1080p"),
            "sound": SOUND,
            "fps": Option("fps", rates, 25),
        },
        restrictions=restrictions,
        shapes=_SHAPES,
        notes=notes,
    )


def _open_weights(alias: str, endpoint: str, micro: int) -> ModelRow:
    return ModelRow(
        alias=alias,
        endpoint=f"fal-ai/{endpoint}/image-to-video",
        start="image_url",
        end="end_image_url",
        lengths=Lengths((5,), written=in_frames(24), argument="num_frames"),
        stills=StillLimits(),
        tariff=price.per_megapixel(micro),
        evidence=seen("2026-07-28", "S N", TYPES, PRICING),
        options={
            "resolution": Option("", ("480p", "720p", "1080p"), "720p"),
            "sound": SOUND,
            "seed": SEED,
            "negative_prompt": NEGATIVE,
            "prompt_expansion": switch("enable_prompt_expansion"),
            **_STRENGTH,
        },
        fixed={"fps": 24},
        frame_size=FrameSize("video_size", {"480p": 480, "720p": 720, "1080p": 1080}),
        notes=(_LENGTH,),
    )


LTX = (
    _hosted(
        "ltx-2.5-pro",
        "lightricks/ltx-2.5/image-to-video/pro",
        (6, 8, 10),
        {"720p": 120_000, "1080p": 170_000},
        seen("2026-08-24", "P", PAGES, OTHERS),
        prompt_limit=5000,
    ),
    _hosted(
        "ltx-2.5-fast",
        "lightricks/ltx-2.5/image-to-video/fast",
        tuple(range(6, 21)),
        {"720p": 90_000, "1080p": 130_000, "1440p": 190_000, "2160p": 300_000},
        seen("2026-08-24", "P", PAGES, OTHERS),
        rates=(24, 25, 48, 50),
        prompt_limit=5000,
        notes=("its licence is paid above $10 M of revenue",),
    ),
    _hosted(
        "ltx-2.3",
        "fal-ai/ltx-2.3/image-to-video",
        (6, 8, 10),
        {"1080p": 80_000},
        seen("2026-07-28", "S N", TYPES, PRICING),
        resolutions=("1080p", "1440p", "2160p"),
        rates=(24, 25, 48, 50),
    ),
    _hosted(
        "ltx-2.3-fast",
        "fal-ai/ltx-2.3/image-to-video/fast",
        tuple(range(6, 21, 2)),
        {"1080p": 60_000},
        seen("2026-07-28", "S N", TYPES, PRICING),
        resolutions=("1080p", "1440p", "2160p"),
        rates=(24, 25, 48, 50),
        restrictions=(
            Restriction({"fps": (24, 48, 50)}, lengths=(6, 8, 10)),
            Restriction({"resolution": ("1440p", "2160p")}, lengths=(6, 8, 10)),
        ),
    ),
    _open_weights("ltx-2-19b", "ltx-2-19b", 1800),
    _open_weights("ltx-2-19b-distilled", "ltx-2-19b/distilled", 800),
    _open_weights("ltx-2.3-22b", "ltx-2.3-22b", 1605),
    _open_weights("ltx-2.3-22b-distilled", "ltx-2.3-22b/distilled", 1205),
)
