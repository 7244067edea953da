"""Arguments: what a model endpoint makes of the JSON it is sent, and what it objects to.

What each endpoint takes is in `storyboard.testing.endpoints`.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from PIL import Image

from storyboard.testing import endpoints

Arguments = Mapping[str, Any]
Fetch = Callable[[str], bytes | None]
"""Return the bytes at a URL, or None when the service cannot download it."""

Problem = dict[str, Any]

STARTS = ("start_image_url", "image_url", "first_frame_url", "first_image_url")
ENDS = ("end_image_url", "tail_image_url", "last_frame_url")

_SMALLEST_SIDE = 300  # pixels
_LARGEST_FILE = 10 * 1024 * 1024  # bytes
_USUAL: Mapping[str, Any] = MappingProxyType({})


def problems(endpoint: str, arguments: Arguments, *, fetch: Fetch) -> list[Problem]:
    """Return everything an endpoint objects to, in fal's form; empty when it would run.

    One of which nothing is known objects only to its images.
    """
    known = endpoints.known(endpoint)
    if known is None:
        return _images((*STARTS, *ENDS), arguments, fetch=fetch)
    found = [
        problem(name, kind, text, given=arguments.get(name, dict(arguments)), context=context)
        for name, kind, text, context in endpoints.objections(known, arguments)
    ]
    return found or _images(known.pictures, arguments, fetch=fetch, limits=known.stills)


def ignored(endpoint: str, arguments: Arguments) -> tuple[str, ...]:
    """Return the argument names that an endpoint does not know and drops silently."""
    known = endpoints.known(endpoint)
    return known.ignored(arguments) if known else ()


def seconds(arguments: Arguments) -> float:
    """Return the ordered length: "5", "8s" and 5 are all understood, and 5 is the default."""
    digits = re.match(r"\d+(\.\d+)?", str(arguments.get("duration", "5")))
    return float(digits[0]) if digits else 5.0


def inline(url: str) -> bytes | None:
    """Return the content of a base64 data URI, or None for any other address."""
    head, _, content = url.partition(";base64,")
    try:
        return base64.b64decode(content, validate=True) if head.startswith("data:") else None
    except binascii.Error:
        return None


def _images(
    names: tuple[str, ...],
    arguments: Arguments,
    *,
    fetch: Fetch,
    limits: Mapping[str, Any] = _USUAL,
) -> list[Problem]:
    urls = [(name, arguments[name]) for name in names if isinstance(arguments.get(name), str)]
    found = [picture_problem(name, url, fetch(url), limits=limits) for name, url in urls]
    return [one for one in found if one is not None]


def picture_problem(
    name: str, url: str, content: bytes | None, *, limits: Mapping[str, Any] = _USUAL
) -> Problem | None:
    """Return what an endpoint objects to in a picture behind an address; None where nothing.

    `limits` are an endpoint's `stills`; what they say nothing of is as it usually is.
    """
    most = limits.get("bytes", _LARGEST_FILE)
    if content is None:
        text = "Failed to download the file. Please check if the URL is accessible."
        return problem(name, "file_download_error", text, given=url)
    if len(content) > most:
        limit = {"max_size": most}
        return problem(name, "file_too_large", "File is too large.", given=url, context=limit)
    try:
        with Image.open(io.BytesIO(content)) as picture:
            (width, height), kind = picture.size, picture.format
    except OSError:
        return problem(name, "image_load_error", "Failed to load the image.", given=url)
    if kind not in limits.get("formats", [kind]):
        limit = {"supported_formats": limits["formats"]}
        text = "Unsupported image format."
        return problem(name, "unsupported_image_format", text, given=url, context=limit)
    least = limits.get("side", _SMALLEST_SIDE)
    if min(width, height) < least:
        limit = {"min_height": least, "min_width": least}
        return problem(name, "image_too_small", "Image is too small.", given=url, context=limit)
    narrowest, widest = limits.get("aspect", (0, float("inf")))
    if not narrowest <= width / height <= widest:
        text = f"Aspect ratio must be between {narrowest:g} and {widest:g}."
        return problem(name, "value_error", text, given=url)
    return None


def problem(
    name: str, kind: str, text: str, *, given: object, context: Mapping[str, Any] | None = None
) -> Problem:
    """Return an objection to an argument, in fal's form."""
    found: Problem = {"loc": ["body", name], "msg": text, "type": kind, "input": given}
    return found if context is None else {**found, "ctx": dict(context)}
