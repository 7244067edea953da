"""What the service's answers mean: refusals with their reasons, states, results.

Sources: fal.ai's documentation of queue, errors and billing (stored copies), and fal-client 1.0.3.
Unknown words and missing fields are tolerated wherever money is already spent.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from storyboard.errors import Charged, Failed, Refused
from storyboard.fal.conclusions import (
    FINAL_WORDS,
    Conclusion,
    Step,
    conclude,
    is_id,
    video_of,
    with_reasons,
    word,
)
from storyboard.fal.hosts import HOSTS, is_media, is_service
from storyboard.fal.incoming import Answer

__all__ = [
    "HOSTS",
    "Past",
    "Progress",
    "Receipt",
    "Result",
    "details",
    "failed",
    "fields",
    "is_media",
    "is_service",
    "progress",
    "reason",
    "receipt",
    "refused",
    "result",
    "retry_after",
]

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

    @property
    def failed(self) -> bool:
        """Whether the service says that the request came to nothing."""
        return bool(self.error)


@dataclass(frozen=True, slots=True)
class Result:
    """A finished request's answer."""

    answer: Mapping[str, Any]
    video_url: str
    file_size: int | None = None
    billable_units: float | None = None
    """From the header `x-fal-billable-units`; times the unit price it is the exact charge."""
    content_type: str = ""
    """Of the clip, as the answer says; nothing hangs on it."""


@dataclass(frozen=True, slots=True)
class Past:
    """A request in the account's history."""

    request_id: str
    endpoint: str
    sent_at: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] | None = None
    failed: bool = False
    """Whether the history says that it ended in an error."""

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Past:
        """From one of the history's items, which has an id."""
        inputs, outputs = item.get("json_input"), item.get("json_output")
        says = conclude(Step.ENTRY, Answer(200, dict(item)))
        return cls(
            request_id=str(item["request_id"]),
            endpoint=str(item.get("endpoint_id") or ""),
            sent_at=str(item.get("sent_at") or ""),
            inputs=inputs if isinstance(inputs, dict) else {},
            outputs=outputs if isinstance(outputs, dict) else None,
            failed=says is Conclusion.FAILED,
        )


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


def refused(answer: Answer, what: str = "the service") -> Refused:
    """The refusal in this answer: nothing is on its way because of it."""
    return Refused(
        f"{what} refused ({answer.status}): {said(answer)}",
        status=answer.status,
        details=details(answer.json),
        retry_after=retry_after(answer),
    )


def failed(answer: Answer) -> Failed:
    """The failure in a request's result. A 422 may have been charged: a runner worked on it."""
    return Failed(
        f"the service refused ({answer.status}): {said(answer)}",
        status=answer.status,
        details=details(answer.json),
        charged=Charged.POSSIBLY,
    )


def said(answer: Answer) -> str:
    """What the service says, in its own words or in HTTP's."""
    return reason(answer.json, answer.phrase)


def charged(answer: Answer) -> Charged:
    """Whether a request may have cost something whose result is this answer: an error of the
    server's own is free (fal.ai: billing)."""
    own = answer.status >= 500 and with_reasons(answer)
    return Charged.NO if own else Charged.POSSIBLY


def retry_after(answer: Answer) -> float | None:
    """Seconds to wait, where the answer says so in seconds; at most ten minutes."""
    try:
        seconds = float(answer.headers.get("retry-after", ""))
    except ValueError:
        return None
    return min(max(seconds, 0.0), 600.0) if math.isfinite(seconds) else None


def receipt(answer: Any, known: Receipt) -> Receipt:
    """The receipt in an accepting answer. What `known` has by the documented rule stands in for
    addresses that are missing, somebody else's, or about another request."""
    found = answer if isinstance(answer, dict) else {}
    urls = {
        name: str(found[name]) if _is_address_of(known.request_id, found.get(name)) else built
        for name, built in known.urls.items()
    }
    return Receipt(known.request_id, **urls)


def _is_address_of(request_id: str, url: object) -> bool:
    return isinstance(url, str) and is_service(url) and request_id in url


def request_id(answer: Any) -> str | None:
    """The id that an accepting answer gives; None where it can't be one."""
    found = answer.get("request_id") if isinstance(answer, dict) else None
    return str(found) if is_id(found) else None


def progress(answer: Answer) -> Progress:
    """How far it is. A word that is not known here counts as running; nothing is given up."""
    found, state = answer.fields, word(answer)
    position = found.get("queue_position")
    error = found.get("error")
    text = error if isinstance(error, str) else json.dumps(error) if error else ""
    text = text[:_DETAIL_LIMIT]
    if state == "COMPLETED":
        error_type = str(found.get("error_type") or "")
        return Progress("completed", state, error=text, error_type=error_type)
    if state == "IN_QUEUE":
        return Progress("queued", state, position if isinstance(position, int) else None)
    if state in FINAL_WORDS:
        return Progress("completed", state)
    return Progress("running", state[:_DETAIL_LIMIT])


def result(answer: Any, headers: Mapping[str, str]) -> Result | None:
    """The clip in a finished request's answer; None where there is none."""
    video = video_of(answer)
    if video is None:
        return None
    size = video.get("file_size")
    return Result(
        answer=answer,
        video_url=video["url"],
        file_size=size if isinstance(size, int) and size > 0 else None,
        billable_units=_units(headers.get("x-fal-billable-units")),
        content_type=str(video.get("content_type") or ""),
    )


def _units(text: str | None) -> float | None:
    try:
        units = float(text or "")
    except ValueError:
        return None
    return units if math.isfinite(units) and 0 <= units < 1e6 else None
