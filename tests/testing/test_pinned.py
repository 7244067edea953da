"""Which picture a request pins at which moment, and what is wrong with its lists."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from storyboard.testing import arguments as args
from storyboard.testing import pinned
from tests.testing.caller import picture

FLUX = "blackforestlabs/flux-3/keyframes-to-video"
LUMA = "luma/agent/ray/v3.2/image-to-video"
PIKA = "fal-ai/pika/v2.2/pikaframes"


def fetch(url: str) -> bytes | None:
    """The picture of an address's last digit; none where it is `gone`."""
    return None if "gone" in url else picture(int(url[-1]))


def flux(*indexes: Any, **more: Any) -> dict[str, Any]:
    """A request with a picture at each of these frames."""
    keyframes = [{"image_url": f"https://a/{i}", "frame_index": at} for i, at in enumerate(indexes)]
    return {"keyframes": keyframes, "duration": 5, "prompt": "On", **more}


def luma(*indexes: Any, **more: Any) -> dict[str, Any]:
    """The same as two lists."""
    urls = [f"https://a/{i}" for i in range(len(indexes))]
    return {
        "keyframes": urls,
        "keyframe_indexes": list(indexes),
        "duration": "5s",
        "prompt": "On",
        **more,
    }


def pika(*lengths: int) -> dict[str, Any]:
    """Pictures with a transition between each two."""
    urls = [f"https://a/{i}" for i in range(len(lengths) + 1)]
    return {"image_urls": urls, "transitions": [{"duration": n, "prompt": "On"} for n in lengths]}


@pytest.mark.parametrize(
    ("arguments", "moments", "length"),
    [
        ({"start_image_url": "https://a/0", "tail_image_url": "https://a/1"}, [0, 5], 5.0),
        (flux(0, 60, 120), [0, 2.5, 5], 5.0),
        (luma(0, 60, 240, duration="10s"), [0, 2.5, 10], 10.0),
        (pika(2, 5, 1), [0, 2, 7, 8], 8.0),
    ],
    ids=["ends", "flux", "luma", "pika"],
)
def test_each_picture_has_its_moment(
    arguments: dict[str, Any], moments: list[float], length: float
) -> None:
    """However an endpoint says it."""
    found = pinned.stills(arguments, fetch=fetch)
    assert [one.at for one in found] == [Fraction(at) for at in moments]
    assert [one.image for one in found] == [picture(i) for i in range(len(moments))]
    assert pinned.seconds(arguments) == length


@pytest.mark.parametrize(
    ("endpoint", "arguments", "words"),
    [
        (FLUX, flux(0, 48, 48), "must be unique"),
        (FLUX, flux(0, 121), "between 0 and 120"),
        (FLUX, flux(0, "48"), "valid integer"),
        (FLUX, flux(*range(0, 110, 10)), "at most 10 items"),
        (LUMA, luma(0, 48) | {"keyframe_indexes": [0]}, "same length"),
        (LUMA, luma(0, 48, image_url="https://a/0"), "can't be used together"),
        (LUMA, luma(*range(65)), "at most 64 items"),
        (PIKA, pika(1, 1, 1, 1, 1), "at most 5 items"),
        (PIKA, pika(20, 6), "must not exceed 25"),
        (PIKA, pika(2, 2) | {"transitions": [{"duration": 2}]}, "one transition for each"),
        (
            FLUX,
            flux() | {"keyframes": [{"image_url": "https://a/gone", "frame_index": 0}]},
            "download",
        ),
    ],
)
def test_what_is_wrong_with_a_list_is_said(
    endpoint: str, arguments: dict[str, Any], words: str
) -> None:
    """As the endpoints' documentation has it."""
    (found,) = args.problems(endpoint, arguments, fetch=fetch) or pinned.problems(
        arguments, fetch=fetch
    )
    assert words in found["msg"]


@pytest.mark.parametrize(
    ("endpoint", "arguments"),
    [(FLUX, flux(0)), (FLUX, flux(0, 120)), (LUMA, luma(0, 1, 120)), (PIKA, pika(5, 20))],
)
def test_a_list_within_the_limits_runs(endpoint: str, arguments: dict[str, Any]) -> None:
    """The last frame is inclusive."""
    assert args.problems(endpoint, arguments, fetch=fetch) == []
    assert pinned.problems(arguments, fetch=fetch) == []
