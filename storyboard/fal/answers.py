"""What the service's answers mean: refusals with their reasons, states, results.

Sources: fal.ai's documentation of queue, errors and billing (stored copies), and fal-client 1.0.3.
Unknown words and missing fields are tolerated wherever money is already spent.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from storyboard.errors import Charged, Failed, Refusal, Refused
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
from storyboard.service import Listed, Outcome, Progress

if TYPE_CHECKING:
    from storyboard.service import Accepted

__all__ = [
    "HOSTS",
    "accepted",
    "details",
    "failed",
    "fields",
    "is_media",
    "is_service",
    "listed",
    "moment",
    "outcome",
    "progress",
    "reason",
    "refused",
    "retry_after",
]

_DETAIL_LIMIT = 400
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


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


def fields(parts: Iterable[Mapping[str, Any]]) -> list[str]:
    """The arguments that the reasons name, in order; what is in a list by its place in it."""
    found = []
    for part in parts:
        loc = part.get("loc")
        steps = [str(step) for step in loc if step != "body"] if isinstance(loc, list) else []
        found += [".".join(steps)] if steps else []
    return found


_REFUSALS = {
    401: Refusal.KEY,
    402: Refusal.ACCOUNT,
    403: Refusal.ACCOUNT,
    422: Refusal.CONTENT,
    429: Refusal.HURRY,
    499: Refusal.CANCELLED,
}
_NOT_FETCHED = ("file_download_error", "image_load_error")
"""fal.ai: the service could not fetch a file that an argument names, or not read it."""


def refused(answer: Answer, what: str = "the service") -> Refused:
    """The refusal in this answer: nothing is on its way because of it."""
    reasons = details(answer.json)
    return Refused(
        f"{what} refused ({answer.status}): {said(answer)}",
        of=_REFUSALS.get(answer.status, Refusal.REQUEST),
        names=fields(reasons),
        unread=_unread(reasons),
        retry_after=retry_after(answer),
    )


def failed(answer: Answer) -> Failed:
    """The failure in a request's result. A 422 may have been charged: a runner worked on it.

    fal.ai bills by the units that it names: where it names none, nothing was.
    """
    parts = details(answer.json)
    unread = _unread(parts)
    verb = "could not fetch a picture" if unread else "refused"
    free = _units(answer.headers.get("x-fal-billable-units")) == 0
    return Failed(
        f"the service {verb} ({answer.status}): {said(answer)}",
        of=Refusal.REQUEST if unread else _REFUSALS.get(answer.status, Refusal.REQUEST),
        names=fields(parts),
        unread=unread,
        charged=Charged.NO if free else Charged.POSSIBLY,
    )


def _unread(parts: Iterable[Mapping[str, Any]]) -> list[str]:
    """The arguments whose file was not to be had: that says nothing of what was asked for."""
    return fields([part for part in parts if part.get("type") in _NOT_FETCHED])


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


def accepted(answer: Any, known: Accepted) -> Accepted:
    """The request in an accepting answer. What `known` has by the documented rule stands in for
    addresses that are missing, somebody else's, or about another request."""
    found = answer if isinstance(answer, dict) else {}
    urls = {
        name: str(found[name]) if _is_address_of(known.request_id, found.get(name)) else built
        for name, built in known.urls.items()
    }
    return replace(known, urls=urls)


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
        return Progress("completed", state, error=text)
    if state == "IN_QUEUE":
        return Progress("queued", state, position if isinstance(position, int) else None)
    if state in FINAL_WORDS:
        return Progress("completed", state)
    return Progress("running", state[:_DETAIL_LIMIT], strange=state != "IN_PROGRESS")


def outcome(answer: Any, headers: Mapping[str, str] = _NO_HEADERS) -> Outcome | None:
    """The clip in a finished request's answer; None where there is none.

    fal.ai: the header `x-fal-billable-units`, times the unit price, is the exact charge.
    """
    video = video_of(answer)
    if video is None:
        return None
    size = video.get("file_size")
    return Outcome(
        answer=answer,
        address=video["url"],
        size=size if isinstance(size, int) and size > 0 else None,
        units=_units(headers.get("x-fal-billable-units")),
    )


def listed(item: Mapping[str, Any]) -> Listed:
    """One of the history's items, which has an id."""
    inputs, outputs = item.get("json_input"), item.get("json_output")
    says = conclude(Step.ENTRY, Answer(200, dict(item)))
    return Listed(
        request_id=str(item["request_id"]),
        endpoint=str(item.get("endpoint_id") or ""),
        sent_at=moment(item.get("sent_at")),
        inputs=inputs if isinstance(inputs, dict) else {},
        outcome=outcome(outputs),
        failed=says is Conclusion.FAILED,
    )


def moment(written: object) -> float | None:
    """Seconds since 1970 of an ISO 8601 date; None where it is none."""
    try:
        at = datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def _units(text: str | None) -> float | None:
    try:
        units = float(text or "")
    except ValueError:
        return None
    return units if math.isfinite(units) and 0 <= units < 1e6 else None
