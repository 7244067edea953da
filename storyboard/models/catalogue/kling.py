"""Kling, by Kuaishou. Takes follow the still's shape; there is no seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.models import price
from storyboard.models.catalogue.common import (
    CFG_SCALE,
    NEGATIVE,
    OTHERS,
    PAGES,
    PRICING,
    SILENT,
    SOUND,
    TYPES,
    seen,
    switch,
    texts,
)
from storyboard.models.choices import OfferedShapes
from storyboard.models.lengths import Lengths
from storyboard.models.model import StillLimits
from storyboard.models.row import ModelRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storyboard.models.choices import Choosable
    from storyboard.models.evidence import Evidence

_K = "fal-ai/kling-video/"
_I = "/image-to-video"
_PROMPT = 2500
"""Characters. Kling's own limit, as its partners state it."""
_UP_TO_10, _UP_TO_15 = texts(3, 10), texts(3, 15)
_5_OR_10 = Lengths((5, 10))


def _with_sound(silent: int, sound: int) -> price.OnList:
    """By sound. The list says $0.14 of every one of these, whatever it costs."""
    by = {False: price.per_second(silent), True: price.per_second(sound)}
    return price.listed(price.by_option("sound", by), 140_000, "second")


def _with_audio(
    alias: str,
    path: str,
    start: str,
    tariff: price.OnList,
    options: Mapping[str, Choosable],
    evidence: Evidence,
) -> ModelRow:
    """Version 3 of both lines: 3 to 15 seconds, with sound where it is asked for."""
    return ModelRow(
        alias=alias,
        endpoint=f"{_K}{path}{_I}",
        start=start,
        end="end_image_url",
        lengths=_UP_TO_15,
        stills=StillLimits(),
        tariff=tariff,
        evidence=evidence,
        prompt_limit=_PROMPT,
        options=options,
    )


def _o3(tier: str, tariff: price.OnList, marks: str, *sources: str) -> ModelRow:
    options = {"sound": switch("generate_audio", theirs=False)}
    evidence = seen("2026-09-01", marks, TYPES, *sources)
    alias, path = f"kling-o3-{tier}", f"o3/{tier}"
    return _with_audio(alias, path, "image_url", tariff, options, evidence)


def _v3(tier: str, tariff: price.OnList, marks: str, *sources: str) -> ModelRow:
    options: dict[str, Choosable] = {
        "sound": SOUND,
        "negative_prompt": NEGATIVE,
        "cfg_scale": CFG_SCALE,
    }
    evidence = seen("2026-09-01", marks, TYPES, *sources)
    alias, path = f"kling-v3-{tier}", f"v3/{tier}"
    return _with_audio(alias, path, "start_image_url", tariff, options, evidence)


def _tailed(
    name: str,
    path: str,
    tariff: price.Metered,
    evidence: Evidence,
    shapes: OfferedShapes | None = None,
) -> ModelRow:
    """Up to 2.5: the end frame is called the tail."""
    return ModelRow(
        alias=f"kling-{name}",
        endpoint=f"{_K}{path}{_I}",
        start="image_url",
        end="tail_image_url",
        lengths=_5_OR_10,
        stills=StillLimits(),
        tariff=tariff,
        evidence=evidence,
        prompt_limit=_PROMPT,
        options={"sound": SILENT, "negative_prompt": NEGATIVE, "cfg_scale": CFG_SCALE},
        shapes=shapes,
    )


_IMPOSED = OfferedShapes("aspect_ratio", ("16:9", "9:16", "1:1"))

KLING = (
    # Arguments and limits of both tiers: fal.ai's API pages of the endpoints (stored copies).
    ModelRow(
        alias="kling-o1-standard",
        endpoint=f"{_K}o1/standard{_I}",
        start="start_image_url",
        end="end_image_url",
        lengths=_UP_TO_10,
        stills=StillLimits(),
        tariff=price.per_second(84_000),
        evidence=seen("2026-07-28", "S P N", TYPES, PAGES, PRICING),
        prompt_limit=_PROMPT,
        options={"sound": SILENT},
    ),
    ModelRow(
        alias="kling-o1-pro",
        endpoint=f"{_K}o1{_I}",
        start="start_image_url",
        end="end_image_url",
        lengths=_UP_TO_10,
        stills=StillLimits(),
        tariff=price.per_second(112_000),
        evidence=seen("2026-07-28", "S P N", TYPES, PAGES, PRICING),
        prompt_limit=_PROMPT,
        options={"sound": SILENT},
    ),
    _o3("standard", _with_sound(84_000, 112_000), "S P R", PAGES, OTHERS),
    _o3("pro", _with_sound(112_000, 140_000), "S R", OTHERS),
    _o3("4k", _with_sound(420_000, 420_000), "S P", PAGES),
    _v3("standard", _with_sound(84_000, 126_000), "S R", OTHERS),
    _v3("pro", _with_sound(112_000, 168_000), "S R", OTHERS),
    _v3("4k", _with_sound(420_000, 420_000), "S P", PAGES),
    ModelRow(
        alias="kling-v2.6-pro",
        endpoint=f"{_K}v2.6/pro{_I}",
        start="start_image_url",
        end="end_image_url",
        lengths=_5_OR_10,
        stills=StillLimits(),
        tariff=price.listed(
            price.by_option(
                "sound", {False: price.per_second(70_000), True: price.per_second(140_000)}
            ),
            70_000,
            "second",
        ),
        evidence=seen("2026-09-01", "S R", TYPES, OTHERS),
        prompt_limit=_PROMPT,
        options={"sound": SOUND, "negative_prompt": NEGATIVE},
        notes=("whether an end frame and sound go together is not established",),
    ),
    _tailed(
        "v2.5-turbo-pro",
        "v2.5-turbo/pro",
        price.minimum(5, price.per_second(70_000)),
        seen("2026-09-01", "S R", TYPES, OTHERS),
    ),
    _tailed(
        "v2.1-pro",
        "v2.1/pro",
        price.per_second(98_000),
        seen("2026-07-28", "S N", TYPES, PRICING),
    ),
    _tailed(
        "v1.6-pro",
        "v1.6/pro",
        price.per_second(98_000),
        seen("2026-07-28", "S N", TYPES, PRICING),
        _IMPOSED,
    ),
    _tailed(
        "v1.5-pro",
        "v1.5/pro",
        price.per_second(100_000),
        seen("2026-07-28", "S N", TYPES, PRICING),
        _IMPOSED,
    ),
    _tailed(
        "v1-standard",
        "v1/standard",
        price.per_second(45_000),
        seen("2026-07-28", "S N", TYPES, PRICING),
    ),
)
