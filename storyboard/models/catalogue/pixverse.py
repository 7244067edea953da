"""PixVerse transitions: both frames are required, and a shape has to be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from storyboard.models.choices import OfferedShapes, Option, Restriction, TextOption
from storyboard.models.lengths import Lengths
from storyboard.models.model import StillLimits
from storyboard.models.row import ModelRow

if TYPE_CHECKING:
    from storyboard.models.choices import Choosable

_BYTES = 2048
_SIZES = sizes("360p", "540p", "720p", "1080p")
_FIVE = ("16:9", "4:3", "1:1", "3:4", "9:16")
_EIGHT = (*_FIVE, "2:3", "3:2", "21:9")
_NEGATIVE = TextOption("negative_prompt", _BYTES, "bytes")
_THINKING = Option("thinking_type", ("enabled", "disabled", "auto"), "disabled")
_SOUND = switch("generate_audio_switch", theirs=False)


def _by_size(silent: tuple[int, ...], sound: tuple[int, ...]) -> price.OnList:
    """By resolution and sound. The list says $0.005 of both."""
    by = {
        (size, heard): price.per_second(micro)
        for heard, prices in ((False, silent), (True, sound))
        for size, micro in zip(_SIZES.choices, prices, strict=True)
    }
    return price.listed(price.by_option(("resolution", "sound"), by), 5_000, "second")


def _today(name: str, tariff: price.OnList, options: dict[str, Choosable]) -> ModelRow:
    return ModelRow(
        alias=f"pixverse-{name.removeprefix('v')}",
        endpoint=f"fal-ai/pixverse/{name}/transition",
        start="first_image_url",
        end="end_image_url",
        lengths=whole(1, 15),
        stills=StillLimits(),
        tariff=tariff,
        evidence=seen("2026-10-03", "S R", TYPES, OTHERS),
        prompt_limit=_BYTES,
        prompt_counted_in="bytes",
        end_frame="required",
        options={"resolution": _SIZES, "sound": _SOUND, "seed": SEED, **options},
        fixed={"generate_multi_clip_switch": False} if name == "v6" else {},
        shapes=OfferedShapes("aspect_ratio", _EIGHT),
    )


def _former(name: str, lengths: tuple[int, ...], options: dict[str, Choosable]) -> ModelRow:
    short = tuple(length for length in lengths if length < 10)
    return ModelRow(
        alias=f"pixverse-{name.removeprefix('v')}",
        endpoint=f"fal-ai/pixverse/{name}/transition",
        start="first_image_url",
        end="end_image_url",
        lengths=Lengths(lengths),
        stills=StillLimits(),
        tariff=price.unknown("from $0.05 a take; the whole table is not known"),
        evidence=seen("2026-07-28", "S N", TYPES, PRICING),
        prompt_limit=_BYTES,
        prompt_counted_in="bytes",
        end_frame="required",
        options={"resolution": _SIZES, "seed": SEED, "negative_prompt": _NEGATIVE, **options},
        restrictions=(Restriction({"resolution": ("1080p",)}, lengths=short),),
        shapes=OfferedShapes("aspect_ratio", _FIVE),
    )


_STYLE = Option("style", ("anime", "3d_animation", "clay", "comic", "cyberpunk"), None)

PIXVERSE = (
    _today(
        "v6",
        _by_size((25_000, 35_000, 45_000, 90_000), (35_000, 45_000, 60_000, 115_000)),
        {"negative_prompt": _NEGATIVE, "style": _STYLE, "thinking": _THINKING},
    ),
    _today("c1", _by_size((30_000, 40_000, 50_000, 95_000), (40_000, 50_000, 65_000, 120_000)), {}),
    _former("v5.6", (5, 8, 10), {"sound": _SOUND, "style": _STYLE, "thinking": _THINKING}),
    _former("v5.5", (5, 8, 10), {"sound": _SOUND, "style": _STYLE, "thinking": _THINKING}),
    _former("v5", (5, 8), {"sound": SILENT, "style": _STYLE}),
    _former("v4.5", (5, 8), {"sound": SILENT, "style": _STYLE}),
)
