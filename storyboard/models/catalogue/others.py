"""Makers with one family: Flux 3 by Black Forest Labs, FramePack, and pictures between pictures."""

from __future__ import annotations

from storyboard.models import price
from storyboard.models.catalogue.common import (
    NEGATIVE,
    OTHERS,
    PRICING,
    SEED,
    SILENT,
    SOUND,
    TYPES,
    seen,
    sizes,
    whole,
)
from storyboard.models.choices import NumberOption, OfferedShapes, Option
from storyboard.models.lengths import Lengths, in_frames
from storyboard.models.model import StillLimits
from storyboard.models.row import ModelRow

_SAFETY = NumberOption("safety_tolerance", 0, 4, default=2)


def _between(name: str) -> ModelRow:
    """Draws the frames between two pictures; there is nothing to tell it."""
    return ModelRow(
        alias=name,
        endpoint=f"fal-ai/{name}",
        start="start_image_url",
        end="end_image_url",
        lengths=Lengths(
            tuple(range(1, 11)), written=in_frames(24, extra=-1), argument="num_frames"
        ),
        stills=StillLimits(),
        tariff=price.unknown("$0.0013 for a second of computing; how many a take needs, is not"),
        evidence=seen("2026-07-28", "S N", TYPES, PRICING),
        prompt="",
        end_frame="required",
        options={"sound": SILENT},
        fixed={"fps": 24, "output_type": "video", "include_start": True, "include_end": True},
        notes=("it draws what lies between two pictures, and reads no words",),
    )


OTHER = (
    ModelRow(
        alias="flux-3",
        endpoint="blackforestlabs/flux-3/first-last-frame-to-video",
        start="start_image_url",
        end="end_image_url",
        lengths=whole(5, 20),
        stills=StillLimits(),
        tariff=price.by_option(
            "resolution", {"720p": price.per_second(170_000), "1080p": price.per_second(290_000)}
        ),
        evidence=seen("2026-09-30", "R", OTHERS),
        end_frame="required",
        options={
            "resolution": sizes("720p", "1080p"),
            "sound": SOUND,
            "safety_tolerance": _SAFETY,
        },
        fixed={"aspect_ratio": "auto"},
    ),
    ModelRow(
        alias="flux-3-draft",
        endpoint="blackforestlabs/flux-3/first-last-frame-to-video/draft",
        start="start_image_url",
        end="end_image_url",
        lengths=whole(5, 20),
        stills=StillLimits(),
        tariff=price.per_second(60_000),
        evidence=seen("2026-09-30", "R", OTHERS),
        end_frame="required",
        options={
            "resolution": Option("", ("720p",), "720p"),
            "sound": SOUND,
            "safety_tolerance": _SAFETY,
        },
        fixed={"aspect_ratio": "auto"},
    ),
    ModelRow(
        alias="framepack",
        endpoint="fal-ai/framepack/flf2v",
        start="image_url",
        end="end_image_url",
        lengths=Lengths((8,), written=in_frames(30, extra=0), argument="num_frames"),
        stills=StillLimits(),
        # 720p costs half as much again; the list says what 480p costs.
        tariff=price.listed(
            price.by_option(
                "resolution", {"480p": price.per_second(33_300), "720p": price.per_second(49_950)}
            ),
            33_300,
            "second",
        ),
        evidence=seen("2026-07-28", "S N", TYPES, PRICING),
        prompt_limit=500,
        end_frame="required",
        options={
            "resolution": sizes("480p", "720p", default="480p"),
            "sound": SILENT,
            "seed": SEED,
            "negative_prompt": NEGATIVE,
        },
        shapes=OfferedShapes("aspect_ratio", ("16:9", "9:16")),
        doubt="how many frames a second it makes is not documented; 30 are taken for granted",
    ),
    _between("film"),
    _between("rife"),
)
