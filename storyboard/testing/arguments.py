"""Arguments: what a model endpoint makes of the JSON it is sent, and what it objects to.

The limits are those fal documents for Kling O1: a prompt of at most 2500 characters, images of
at most 10 MB and at least 300 pixels a side, a duration that is a text from "3" to "10".
"""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Callable, Mapping
from typing import Any

from PIL import Image

Arguments = Mapping[str, Any]
Fetch = Callable[[str], bytes | None]
"""Return the bytes at a URL, or None when the service cannot download it."""

Problem = dict[str, Any]

KLING_O1 = (
    "fal-ai/kling-video/o1/standard/image-to-video",
    "fal-ai/kling-video/o1/image-to-video",
)
STARTS = ("start_image_url", "image_url", "first_frame_url", "first_image_url")
ENDS = ("end_image_url", "tail_image_url", "last_frame_url")
DURATIONS = tuple(str(seconds) for seconds in range(3, 11))

_KNOWN = ("prompt", "start_image_url", "end_image_url", "duration")
_LONGEST_PROMPT = 2500  # characters
_SMALLEST_SIDE = 300  # pixels
_LARGEST_FILE = 10 * 1024 * 1024  # bytes


def problems(endpoint: str, arguments: Arguments, *, fetch: Fetch) -> list[Problem]:
    """Return everything an endpoint objects to, in fal's form; empty when it would run.

    Other endpoints object only to their images.
    """
    if endpoint not in KLING_O1:
        return _images((*STARTS, *ENDS), arguments, fetch=fetch)
    found = _text("prompt", arguments) + _text("start_image_url", arguments)
    found += _text("end_image_url", arguments) if "end_image_url" in arguments else []
    found += _duration(arguments)
    return found or _images(("start_image_url", "end_image_url"), arguments, fetch=fetch)


def ignored(endpoint: str, arguments: Arguments) -> tuple[str, ...]:
    """Return the argument names that a Kling O1 endpoint does not know and drops silently."""
    if endpoint not in KLING_O1:
        return ()
    return tuple(sorted(set(arguments) - set(_KNOWN)))


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


def _text(name: str, arguments: Arguments) -> list[Problem]:
    if name not in arguments:
        return [problem(name, "missing", "Field required", given=dict(arguments))]
    value = arguments[name]
    if not isinstance(value, str):
        return [problem(name, "string_type", "Input should be a valid string", given=value)]
    if name == "prompt" and len(value) > _LONGEST_PROMPT:
        text = f"String should have at most {_LONGEST_PROMPT} characters"
        limit = {"max_length": _LONGEST_PROMPT}
        return [problem(name, "string_too_long", text, given=value, context=limit)]
    return []


def _duration(arguments: Arguments) -> list[Problem]:
    value = arguments.get("duration", "5")
    if value in DURATIONS:
        return []
    text = f"Input should be one of {', '.join(map(repr, DURATIONS))}"
    expected = {"expected": list(DURATIONS)}
    return [problem("duration", "one_of", text, given=value, context=expected)]


def _images(names: tuple[str, ...], arguments: Arguments, *, fetch: Fetch) -> list[Problem]:
    urls = [(name, arguments[name]) for name in names if isinstance(arguments.get(name), str)]
    found = [picture_problem(name, url, fetch(url)) for name, url in urls]
    return [one for one in found if one is not None]


def picture_problem(name: str, url: str, content: bytes | None) -> Problem | None:
    """Return what an endpoint objects to in a picture behind an address; None where nothing."""
    if content is None:
        text = "Failed to download the file. Please check if the URL is accessible."
        return problem(name, "file_download_error", text, given=url)
    if len(content) > _LARGEST_FILE:
        limit = {"max_size": _LARGEST_FILE}
        return problem(name, "file_too_large", "File is too large.", given=url, context=limit)
    try:
        with Image.open(io.BytesIO(content)) as picture:
            smallest = min(picture.size)
    except OSError:
        return problem(name, "image_load_error", "Failed to load the image.", given=url)
    if smallest < _SMALLEST_SIDE:
        limit = {"min_height": _SMALLEST_SIDE, "min_width": _SMALLEST_SIDE}
        return problem(name, "image_too_small", "Image is too small.", given=url, context=limit)
    return None


def problem(
    name: str, kind: str, text: str, *, given: object, context: Mapping[str, Any] | None = None
) -> Problem:
    """Return an objection to an argument, in fal's form."""
    found: Problem = {"loc": ["body", name], "msg": text, "type": kind, "input": given}
    return found if context is None else {**found, "ctx": dict(context)}
