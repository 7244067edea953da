"""H3 and Hailuo, by MiniMax. Takes follow the still's shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.models import price
from storyboard.models.catalogue.common import (
    ALWAYS,
    HALF,
    OTHERS,
    SEED,
    SILENT,
    SPOKEN,
    TYPES,
    seen,
    switch,
    whole,
)
from storyboard.models.choices import Option
from storyboard.models.lengths import Lengths
from storyboard.models.model import StillLimits
from storyboard.models.row import ModelRow

if TYPE_CHECKING:
    from storyboard.models.choices import Setting

_LONGER = "its clips run 0.1 to 0.5 s longer than ordered, and are charged as long as they are"
_LICENCE = "its licence is said to leave out the USA, the UK, the EU and Korea"


def _capital(resolution: Setting) -> str:
    return str(resolution).upper()


def _by_size(prices: dict[str, int]) -> price.ByOption:
    """By resolution, as long as the clip that comes."""
    by = {size: price.measured(price.per_second(each), HALF) for size, each in prices.items()}
    return price.by_option("resolution", by)


def _max(name: str, prices: dict[str, int]) -> ModelRow:
    return ModelRow(
        alias=f"h3-max{name}",
        endpoint=f"minimax/h3-max{name}/image-to-video",
        start="image_url",
        end="end_image_url",
        lengths=whole(5, 15),
        stills=StillLimits(),
        tariff=_by_size(prices),
        evidence=seen("2026-10-02", "R", OTHERS),
        prompt_limit=2000,
        options={
            "resolution": Option("resolution", tuple(prices), "768p", sent=_capital),
            "sound": ALWAYS,
            "seed": SEED,
            # Required, although it has a default; off, so that words are sent as they stand.
            "prompt_expansion": Option(
                "prompt_expansion_mode", ("disabled", "balanced", "quality"), "disabled"
            ),
        },
        notes=(SPOKEN, _LONGER),
    )


MINIMAX = (
    ModelRow(
        alias="h3",
        endpoint="minimax/h3/image-to-video",
        start="image_url",
        end="end_image_url",
        lengths=whole(5, 15),
        stills=StillLimits(),
        tariff=_by_size({"480p": 50_000, "768p": 60_000, "2k": 130_000, "4k": 160_000}),
        evidence=seen("2026-10-03", "S R", TYPES, OTHERS),
        prompt_limit=2000,
        options={
            # The service's own default is the dear 2K.
            "resolution": Option(
                "resolution", ("480p", "768p", "2k", "4k"), "768p", sent=_capital, theirs="2K"
            ),
            "sound": ALWAYS,
        },
        notes=(SPOKEN, _LONGER, _LICENCE),
    ),
    _max("", {"480p": 50_000, "768p": 80_000, "1080p": 160_000}),
    _max("-turbo", {"480p": 25_000, "768p": 40_000, "1080p": 80_000}),
    ModelRow(
        alias="hailuo-02-standard",
        endpoint="fal-ai/minimax/hailuo-02/standard/image-to-video",
        start="image_url",
        end="end_image_url",
        lengths=Lengths((6, 10)),
        stills=StillLimits(),
        tariff=price.by_option(
            "resolution", {"512p": price.per_second(17_000), "768p": price.per_second(45_000)}
        ),
        evidence=seen("2026-10-03", "S R", TYPES, OTHERS),
        options={
            "resolution": Option("resolution", ("512p", "768p"), "768p", sent=_capital),
            "sound": SILENT,
            "prompt_expansion": switch("prompt_optimizer"),
        },
    ),
    ModelRow(
        alias="hailuo-02-pro",
        endpoint="fal-ai/minimax/hailuo-02/pro/image-to-video",
        start="image_url",
        end="end_image_url",
        lengths=Lengths((6,), argument=""),
        stills=StillLimits(),
        tariff=price.per_take(480_000),
        evidence=seen("2026-10-03", "S R", TYPES, OTHERS),
        options={
            "resolution": Option("", ("1080p",), "1080p"),
            "sound": SILENT,
            "prompt_expansion": switch("prompt_optimizer"),
        },
    ),
)
