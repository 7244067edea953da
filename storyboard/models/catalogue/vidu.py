"""Vidu, by Shengshu. Takes follow the still's shape."""

from __future__ import annotations

from storyboard.models import price
from storyboard.models.catalogue.common import (
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
from storyboard.models.choices import Option, Restriction
from storyboard.models.lengths import Lengths
from storyboard.models.model import StillLimits
from storyboard.models.row import ModelRow

_MOVEMENT = Option("movement_amplitude", ("auto", "small", "medium", "large"), "auto")


def _q3(name: str, path: str, small: int, large: int) -> ModelRow:
    by = {"360p": small, "540p": small, "720p": large, "1080p": large}
    return ModelRow(
        alias=f"vidu-q3{name}",
        endpoint=f"fal-ai/vidu/q3/image-to-video{path}",
        start="image_url",
        end="end_image_url",
        lengths=whole(1, 16),
        stills=StillLimits(),
        tariff=price.listed(
            price.by_option(
                "resolution", {size: price.per_second(micro) for size, micro in by.items()}
            ),
            small,
            "video",
        ),
        evidence=seen("2026-10-03", "S R", TYPES, OTHERS),
        prompt_limit=2000,
        options={"resolution": sizes(*by), "sound": switch("audio", theirs=True), "seed": SEED},
        restrictions=(Restriction({"resolution": ("360p",)}, end_frame=False),),
    )


def _q2(tier: str, base: tuple[int, int], each: tuple[int, int]) -> ModelRow:
    """So much for any take, and for each second."""
    return ModelRow(
        alias=f"vidu-q2-{tier}",
        endpoint=f"fal-ai/vidu/q2/image-to-video/{tier}",
        start="image_url",
        end="end_image_url",
        lengths=whole(2, 8),
        stills=StillLimits(),
        tariff=price.listed(
            price.by_option(
                "resolution",
                {
                    "720p": price.per_second(each[0], base=base[0]),
                    "1080p": price.per_second(each[1], base=base[1]),
                },
            ),
            50_000,
            "video",
        ),
        evidence=seen("2026-10-03", "S R", TYPES, OTHERS),
        prompt_limit=3000,
        options={
            "resolution": sizes("720p", "1080p"),
            "sound": switch("bgm"),
            "seed": SEED,
            "movement": _MOVEMENT,
        },
        restrictions=(Restriction({"sound": (True,)}, lengths=(4,)),),
        notes=("its sound is music, in takes of 4 s alone",),
    )


def _by_credit(alias: str, path: str) -> ModelRow:
    return ModelRow(
        alias=alias,
        endpoint=f"fal-ai/vidu{path}/start-end-to-video",
        start="start_image_url",
        end="end_image_url",
        lengths=Lengths((5,) if path else (4,), argument=""),
        stills=StillLimits(),
        tariff=price.unknown("$0.05 a credit; how many credits a take costs is not known"),
        evidence=seen("2026-07-28", "S N", TYPES, PRICING),
        prompt_limit=1500,
        end_frame="required",
        options={"sound": SILENT, "seed": SEED, "movement": _MOVEMENT},
        doubt="how long its clips are is not documented",
    )


VIDU = (
    _q3("", "", 70_000, 154_000),
    _q3("-turbo", "/turbo", 35_000, 77_000),
    _q2("pro", (100_000, 300_000), (50_000, 100_000)),
    _q2("turbo", (0, 200_000), (50_000, 50_000)),
    _by_credit("vidu-q1", "/q1"),
    _by_credit("vidu-1", ""),
)
