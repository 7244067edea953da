"""What the service's answers mean: refusals with their reasons, states, results.

Sources: fal.ai's documentation of queue, errors and billing (stored copies), and fal-client 1.0.3.
Unknown words and missing fields are tolerated wherever money is already spent.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

import httpx

from storyboard.errors import Charged, Refused

HOSTS = ("queue.fal.run", "queue.falrun.com", "fal.run", "falrun.com", "rest.fal.ai", "api.fal.ai")
"""The only hosts that the key is ever sent to, besides those of uploads."""

MEDIA_DOMAINS = ("fal.media", "fal.ai", "fal.run")
"""Where results lie; they are fetched without the key."""

_DETAIL_LIMIT = 400


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the service gives for an accepted request."""

    request_id: str
    status_url: str
    response_url: str
    cancel_url: str

    @property
    def urls(self) -> dict[str, str]:
        """The addresses, to be stored and used again."""
        return {
            "status_url": self.status_url,
            "response_url": self.response_url,
            "cancel_url": self.cancel_url,
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a request is. `word` is the service's own, also where it is not known here."""

    state: Literal["queued", "running", "completed"]
    word: str
    position: int | None = None
    error: str = ""
    error_type: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A finished request's answer."""

    answer: Mapping[str, Any]
    video_url: str
    file_size: int | None = None
    billable_units: float | None = None
    """From the header `x-fal-billable-units`; times the unit price it is the exact charge."""


@dataclass(frozen=True, slots=True)
class Past:
    """A request in the account's history."""

    request_id: str
    endpoint: str
    sent_at: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] | None = None


def body(response: httpx.Response) -> Any:
    """The answer's JSON; None where it is not JSON."""
    try:
        return response.json()
    except (ValueError, UnicodeDecodeError, RecursionError):
        return None


def details(answer: Any) -> list[dict[str, Any]]:
    """The list of reasons of a 422, in the service's form; empty where there is none."""
    found = answer.get("detail") if isinstance(answer, dict) else None
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def reason(answer: Any, fallback: str = "") -> str:
    """Why, in the service's own words, without the input it repeats."""
    parts = details(answer)
    if parts:
        return "; ".join(_one(part) for part in parts)[:_DETAIL_LIMIT]
    if isinstance(answer, dict):
        for name in ("detail", "error", "message", "msg"):
            if isinstance(answer.get(name), str) and answer[name].strip():
                return str(answer[name]).strip()[:_DETAIL_LIMIT]
    return fallback[:_DETAIL_LIMIT]


def _one(part: Mapping[str, Any]) -> str:
    loc = part.get("loc")
    steps = loc if isinstance(loc, list) else []
    where = ".".join(str(step) for step in steps if step != "body")
    text = str(part.get("msg") or part.get("type") or "refused")
    return f"{where}: {text}" if where else text


def fields(parts: list[dict[str, Any]] | tuple[dict[str, Any], ...]) -> list[str]:
    """The arguments that the reasons name, in order."""
    found = []
    for part in parts:
        loc = part.get("loc")
        steps = [str(step) for step in loc if step != "body"] if isinstance(loc, list) else []
        found += steps[:1]
    return found


def refused(response: httpx.Response, answer: Any, *, after_accepting: bool) -> Refused:
    """The refusal in this answer. A 422 may have been charged once a runner worked on it."""
    status = response.status_code
    possibly = after_accepting and status < 500
    return Refused(
        f"the service refused ({status}): {reason(answer, response.reason_phrase)}",
        status=status,
        details=details(answer),
        charged=Charged.POSSIBLY if possibly else Charged.NO,
        retry_after=retry_after(response),
    )


def price(answer: Any, endpoint: str) -> int | None:
    """Micro-dollars for a second, in the answer of the price list; None where it is not there."""
    listed = answer.get("prices") if isinstance(answer, dict) else None
    for entry in listed if isinstance(listed, list) else []:
        if isinstance(entry, dict) and entry.get("endpoint_id") == endpoint:
            unit = str(entry.get("unit", "")).rstrip("s")
            found = _units(str(entry.get("unit_price", "")))
            known = unit == "second" and entry.get("currency") == "USD" and found is not None
            return round(found * 1_000_000) if known and found is not None else None
    return None


def retry_after(response: httpx.Response) -> float | None:
    """Seconds to wait, where the answer says so in seconds; at most ten minutes."""
    try:
        seconds = float(response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return min(max(seconds, 0.0), 600.0) if math.isfinite(seconds) else None


def receipt(answer: Any) -> Receipt | None:
    """The receipt in an accepting answer; None where it has no id to go on with."""
    if not isinstance(answer, dict) or not isinstance(answer.get("request_id"), str):
        return None
    urls = [answer.get(name) for name in ("status_url", "response_url", "cancel_url")]
    if not answer["request_id"] or not all(isinstance(url, str) for url in urls):
        return None
    return Receipt(answer["request_id"], *map(str, urls))


def progress(answer: Any) -> Progress:
    """How far it is. A word that is not known here counts as running; nothing is given up."""
    found = answer if isinstance(answer, dict) else {}
    word = str(found.get("status", "")).upper()
    position = found.get("queue_position")
    error = found.get("error")
    text = error if isinstance(error, str) else json.dumps(error) if error else ""
    text = text[:_DETAIL_LIMIT]
    if word == "COMPLETED":
        error_type = str(found.get("error_type") or "")
        return Progress("completed", word, error=text, error_type=error_type)
    if word == "IN_QUEUE":
        return Progress("queued", word, position if isinstance(position, int) else None)
    if word in ("FAILED", "ERROR", "CANCELLED", "CANCELED"):
        return Progress("completed", word, error=text or word.lower())
    return Progress("running", word)


def result(answer: Any, headers: Mapping[str, str]) -> Result | None:
    """The clip in a finished request's answer; None where there is none."""
    video = answer.get("video") if isinstance(answer, dict) else None
    if not isinstance(video, dict) or not isinstance(video.get("url"), str):
        return None
    size = video.get("file_size")
    return Result(
        answer=answer,
        video_url=video["url"],
        file_size=size if isinstance(size, int) and size > 0 else None,
        billable_units=_units(headers.get("x-fal-billable-units")),
    )


def _units(text: str | None) -> float | None:
    try:
        units = float(text or "")
    except ValueError:
        return None
    return units if math.isfinite(units) and 0 <= units < 1e6 else None


def is_service(url: str) -> bool:
    """Whether the key may be sent there: https, and one of the service's own hosts."""
    return _host_of(url) in HOSTS


def is_media(url: str) -> bool:
    """Whether a result may be fetched from there: https, and a domain of the service's."""
    host = _host_of(url)
    return any(host == domain or host.endswith("." + domain) for domain in MEDIA_DOMAINS)


@lru_cache(maxsize=4096)  # a request's addresses are asked about at each look
def _host_of(url: str) -> str:
    """The host of an https address on the usual port; empty for any other address."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError, ValueError):
        return ""
    plain = parsed.scheme == "https" and parsed.port in (None, 443) and not parsed.userinfo
    return parsed.host if plain else ""
