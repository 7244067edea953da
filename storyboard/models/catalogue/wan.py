"""Wan, by Alibaba. Prompt rewriting is off unless it is asked for."""

from __future__ import annotations

from storyboard.models import price
from storyboard.models.catalogue.common import (
    NEGATIVE,
    OTHERS,
    PRICING,
    SEED,
    SILENT,
    TYPES,
    seen,
    sizes,
    switch,
    whole,
)
from storyboard.models.choices import NumberOption, OfferedShapes, Option, TextOption
from storyboard.models.lengths import Lengths, in_frames
from storyboard.models.model import StillLimits
from storyboard.models.row import ModelRow

_EXPANSION = switch("enable_prompt_expansion", theirs=True)
_SHAPES = OfferedShapes("aspect_ratio", ("16:9", "9:16", "1:1"))


def _by_size(prices: dict[str, int]) -> price.ByOption:
    by = {size: price.per_second(micro) for size, micro in prices.items()}
    return price.by_option("resolution", by)


def _3(name: str, prices: dict[str, int]) -> ModelRow:
    return ModelRow(
        alias=f"wan-3{name}",
        endpoint=f"alibaba/wan-3.0{name}/image-to-video",
        start="start_image_url",
        end="end_image_url",
        lengths=whole(2, 30),
        stills=StillLimits(),
        tariff=_by_size(prices),
        evidence=seen("2026-10-08", "R", OTHERS),
        options={
            # The service's own default is the dear 1080p.
            "resolution": sizes("480p", "720p", "1080p", theirs="1080p"),
            "sound": switch("audio", theirs=True),
            "seed": SEED,
            "prompt_expansion": _EXPANSION,
            "thinking": switch("enable_thinking"),
        },
        fixed={"aspect_ratio": "adaptive"},
    )


WAN = (
    _3("", {"480p": 50_000, "720p": 100_000, "1080p": 200_000}),
    _3("-prime", {"480p": 68_000, "720p": 140_000, "1080p": 280_000}),
    ModelRow(
        alias="wan-2.7",
        endpoint="fal-ai/wan/v2.7/image-to-video",
        start="image_url",
        end="end_image_url",
        lengths=whole(2, 15),
        stills=StillLimits(max_bytes=20_000_000),
        # The list says the cheaper one.
        tariff=price.listed(_by_size({"720p": 100_000, "1080p": 150_000}), 100_000, "second"),
        evidence=seen("2026-10-08", "S R", TYPES, OTHERS),
        prompt_limit=5000,
        options={
            "resolution": sizes("720p", "1080p", theirs="1080p"),
            "sound": SILENT,
            "seed": SEED,
            "negative_prompt": TextOption("negative_prompt", 500),
            "prompt_expansion": _EXPANSION,
        },
    ),
    ModelRow(
        alias="wan-flf2v",
        endpoint="fal-ai/wan-flf2v",
        start="start_image_url",
        end="end_image_url",
        # 81 to 100 frames at 16 a second: 5 s, and 6.
        lengths=Lengths((5, 6), written=in_frames(16), argument="num_frames"),
        stills=StillLimits(),
        tariff=price.by_option(
            ("resolution", "seconds"),
            {
                ("480p", 5): price.per_take(200_000),
                ("480p", 6): price.per_take(250_000),
                ("720p", 5): price.per_take(400_000),
                ("720p", 6): price.per_take(500_000),
            },
        ),
        evidence=seen("2026-09-30", "S R", TYPES, OTHERS),
        end_frame="required",
        options={
            "resolution": sizes("480p", "720p"),
            "sound": SILENT,
            "seed": SEED,
            "negative_prompt": NEGATIVE,
            "guide_scale": NumberOption("guide_scale", 0, 20, whole=False),
            "shift": NumberOption("shift", 0, 20, whole=False),
            "steps": NumberOption("num_inference_steps", 1, 100),
        },
        fixed={"frames_per_second": 16, "enable_prompt_expansion": False},
        shapes=_SHAPES,
    ),
    ModelRow(
        alias="wan-2.2-turbo",
        endpoint="fal-ai/wan/v2.2-a14b/image-to-video/turbo",
        start="image_url",
        end="end_image_url",
        lengths=Lengths((5,), argument=""),
        stills=StillLimits(),
        # Of 720p; what less costs is not said, and is not more.
        tariff=price.listed(price.at_most(price.per_take(100_000)), 100_000, "video"),
        evidence=seen("2026-07-28", "S N", TYPES, PRICING),
        options={
            "resolution": sizes("480p", "580p", "720p"),
            "sound": SILENT,
            "seed": SEED,
            "video_quality": Option("video_quality", ("low", "medium", "high", "maximum"), "high"),
        },
        fixed={"enable_prompt_expansion": False},
        shapes=_SHAPES,
        doubt="how long its clips are is not documented; they are taken for 5 s",
    ),
)
