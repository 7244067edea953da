"""Seedance, by ByteDance. It charges by tokens, width * height * frames / 1024: the prices per
second are bounds. Its own default of a length lets the model choose; one is always sent."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from storyboard.models import price
from storyboard.models.catalogue.common import (
    OTHERS,
    PAGES,
    SEED,
    SOUND,
    TYPES,
    seen,
    sizes,
    switch,
    texts,
)
from storyboard.models.choices import OfferedShapes, Option
from storyboard.models.model import StillLimits
from storyboard.models.row import ModelRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storyboard.models.choices import Choosable

_STILLS = StillLimits(max_bytes=30_000_000)
_FACES = "fal.ai is said to refuse stills that show a human face (third parties, 2026-09)"
_FRAME = Fraction(1, 24)
_BITRATE = Option("bitrate_mode", ("standard", "high"), "standard")


_PIXELS = {"480p": 440_000, "720p": 1280 * 720, "1080p": 1920 * 1088}
"""Of a frame, at the most."""


def _by_tokens(micro: int, pixels: int) -> int:
    """Micro-dollars a second, at so many for 1000 tokens: width * height * frames / 1024."""
    return ceil(Fraction(micro * pixels * 24, 1024 * 1000))


def _bound(micro: int) -> price.Metered:
    """So much for each second, and for the frame that a clip has more."""
    return price.at_most(price.measured(price.per_second(micro), _FRAME))


def _tokens(by: Mapping[str, int], listed: int | None = None) -> price.OnList | price.ByOption:
    """By resolution, at 16:9; other shapes have as many pixels, within a hundredth."""
    tariff = price.by_option("resolution", {name: _bound(micro) for name, micro in by.items()})
    return price.listed(tariff, listed, "unit") if listed else tariff


def _2_5(name: str, path: str, prices: Mapping[str, int]) -> ModelRow:
    return ModelRow(
        alias=f"seedance-2.5{name}",
        endpoint=f"bytedance/seedance-2.5{path}/image-to-video",
        start="image_url",
        end="end_image_url",
        lengths=texts(4, 30),
        stills=_STILLS,
        tariff=_tokens(prices),
        evidence=seen("2026-10-02", "R", OTHERS),
        options={
            "resolution": sizes("480p", "720p", "1080p"),
            "sound": SOUND,
            "bitrate_mode": _BITRATE,
        },
        fixed={"aspect_ratio": "auto", "draft": False},
        notes=(_FACES,),
    )


def _2(name: str, path: str, prices: Mapping[str, int], listed: int, *resolutions: str) -> ModelRow:
    options: dict[str, Choosable] = {"resolution": sizes(*resolutions), "sound": SOUND}
    if "mini" not in name:
        options["bitrate_mode"] = _BITRATE
    return ModelRow(
        alias=f"seedance-2{name}",
        endpoint=f"bytedance/seedance-2.0{path}/image-to-video",
        start="image_url",
        end="end_image_url",
        lengths=texts(4, 15),
        stills=_STILLS,
        tariff=_tokens(prices, listed),
        evidence=seen("2026-10-02", "S R", TYPES, OTHERS),
        options=options,
        fixed={"aspect_ratio": "auto"},
        notes=(_FACES,),
    )


SEEDANCE = (
    _2_5("", "", {"480p": 220_500, "720p": 473_000, "1080p": 1_164_000}),
    _2_5("-us", "/us", {"480p": 264_600, "720p": 567_600, "1080p": 1_396_800}),
    _2(
        "",
        "",
        {"480p": _by_tokens(14_000, 440_000), "720p": 303_400, "1080p": 682_000},
        14_000,
        "480p",
        "720p",
        "1080p",
        "4k",
    ),
    _2("-fast", "/fast", {"480p": 109_000, "720p": 241_900}, 0, "480p", "720p"),
    _2("-mini", "/mini", {"480p": 72_100, "720p": 154_700}, 0, "480p", "720p"),
    ModelRow(
        alias="seedance-1.5-pro",
        endpoint="fal-ai/bytedance/seedance/v1.5/pro/image-to-video",
        start="image_url",
        end="end_image_url",
        lengths=texts(4, 12),
        stills=StillLimits(),
        tariff=price.by_option(
            ("resolution", "sound"),
            {
                (size, sound): _bound(_by_tokens(2_400 if sound else 1_200, pixels))
                for size, pixels in _PIXELS.items()
                for sound in (False, True)
            },
        ),
        evidence=seen("2026-08-22", "S P", TYPES, PAGES),
        options={
            "resolution": sizes("480p", "720p", "1080p"),
            "sound": SOUND,
            "seed": SEED,
            "camera_fixed": switch("camera_fixed"),
        },
        shapes=OfferedShapes("aspect_ratio", ("21:9", "16:9", "4:3", "1:1", "3:4", "9:16")),
    ),
)
