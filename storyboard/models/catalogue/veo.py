"""Veo and Gemini Omni, by Google."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.models import price
from storyboard.models.catalogue.common import (
    ALWAYS,
    NEGATIVE,
    OTHERS,
    PAGES,
    SEED,
    SOUND,
    SPOKEN,
    TYPES,
    seen,
    sizes,
    whole,
)
from storyboard.models.choices import OfferedShapes, Option, Restriction
from storyboard.models.lengths import Lengths, with_unit
from storyboard.models.model import StillLimits
from storyboard.models.row import ModelRow, OpenEnded

if TYPE_CHECKING:
    from storyboard.models.choices import Choosable

_WIDE_OR_TALL = OfferedShapes("aspect_ratio", ("16:9", "9:16"))
_DOUBT = (
    "Google's own previews of it were due to end on 2026-10-22, and whether fal.ai's endpoint "
    "still answers is not established"
)
_SAFETY = Option("safety_tolerance", (1, 2, 3, 4, 5, 6), 4, sent=str)


def _veo(
    name: str,
    path: str,
    resolutions: tuple[str, ...],
    prices: dict[tuple[str, bool], int],
    listed: int,
    marks: str,
    restrictions: tuple[Restriction, ...] = (),
) -> ModelRow:
    """The list says the rate with sound of all of them."""
    options: dict[str, Choosable] = {
        "resolution": sizes(*resolutions),
        "sound": SOUND,
        "seed": SEED,
        "negative_prompt": NEGATIVE,
        "safety_tolerance": _SAFETY,
    }
    by = {chosen: price.per_second(micro) for chosen, micro in prices.items()}
    source = PAGES if "P" in marks else OTHERS
    return ModelRow(
        alias=f"veo-3.1{name}",
        endpoint=f"fal-ai/veo3.1{path}/first-last-frame-to-video",
        start="first_frame_url",
        end="last_frame_url",
        lengths=Lengths((4, 6, 8), written=with_unit("s")),
        stills=StillLimits(),
        tariff=price.listed(price.by_option(("resolution", "sound"), by), listed, "second"),
        evidence=seen("2026-09-30", marks, TYPES, source),
        end_frame="required",
        open_ended=OpenEnded(f"fal-ai/veo3.1{path}/image-to-video", "image_url"),
        options=options,
        restrictions=restrictions,
        fixed={"auto_fix": False},
        shapes=_WIDE_OR_TALL,
        doubt=_DOUBT,
    )


VEO = (
    _veo(
        "",
        "",
        ("720p", "1080p", "4k"),
        {
            ("720p", False): 200_000,
            ("720p", True): 400_000,
            ("1080p", False): 200_000,
            ("1080p", True): 400_000,
            ("4k", False): 400_000,
            ("4k", True): 600_000,
        },
        400_000,
        "S R",
    ),
    _veo(
        "-fast",
        "/fast",
        ("720p", "1080p", "4k"),
        {
            ("720p", False): 100_000,
            ("720p", True): 150_000,
            ("1080p", False): 100_000,
            ("1080p", True): 150_000,
            ("4k", False): 300_000,
            ("4k", True): 350_000,
        },
        150_000,
        "S P",
    ),
    _veo(
        "-lite",
        "/lite",
        ("720p", "1080p"),
        {
            ("720p", False): 30_000,
            ("720p", True): 50_000,
            ("1080p", False): 50_000,
            ("1080p", True): 80_000,
        },
        50_000,
        "S R",
        (Restriction({"resolution": ("1080p",)}, lengths=(8,)),),
    ),
    ModelRow(
        alias="gemini-omni-flash",
        endpoint="google/gemini-omni-flash/v1.1/image-to-video",
        start="image_url",
        end="end_image_url",
        lengths=whole(3, 10),
        stills=StillLimits(),
        tariff=price.listed(
            price.by_option(
                "resolution",
                {
                    "360p": price.per_second(30_000),
                    "720p": price.per_second(100_000),
                    "1080p": price.per_second(150_000),
                    "4k": price.per_second(300_000),
                },
            ),
            1_000_000,
            "unit",
        ),
        evidence=seen("2026-10-03", "R", OTHERS),
        options={"resolution": sizes("360p", "720p", "1080p", "4k"), "sound": ALWAYS},
        shapes=_WIDE_OR_TALL,
        notes=(SPOKEN,),
    ),
)
