"""The platform API: the history of an account's requests, and the price list."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from storyboard.testing.endpoints import catalogue, known
from storyboard.testing.wire import Reply

if TYPE_CHECKING:
    from storyboard.testing.jobs import FakeJob
    from storyboard.testing.visits import Visit

PRICES = {name: endpoint.listing[0] for name, endpoint in catalogue().items() if endpoint.listing}
"""US dollars for a unit of billing, of the endpoints that the service lists from the start."""


@dataclass(frozen=True, slots=True)
class Listing:
    """How the request history behaves; fal documents neither of the first two.

    Attributes:
        delay: seconds of the service's clock until a finished request is listed.
        unfinished: also list requests that wait or run.
        page: the most items on a page, however many the client asks for.
    """

    delay: float = 0.0
    unfinished: bool = False
    page: int = 100


class History:
    """The requests of an account, newest first, a page at a time."""

    def __init__(
        self,
        jobs: Callable[[], list[FakeJob]],
        *,
        output: Callable[[FakeJob], dict[str, Any]],
        clock: Callable[[], float],
        listing: Listing,
    ) -> None:
        """Make a history; the present moment of `clock` is the present date and time."""
        self._jobs = jobs
        self._output = output
        self._clock = clock
        self._listing = listing
        self._origin = datetime.now(UTC) - timedelta(seconds=clock())

    def requests(self, visit: Visit) -> Reply:
        """Answer GET /v1/models/requests/by-endpoint."""
        ask = visit.request.asked
        if not ask("endpoint_id"):
            return Reply.of({"detail": "endpoint_id is required"}, 422)
        try:
            start = _moment(ask("start"), otherwise=self._date(self._clock()) - timedelta(days=1))
            end = _moment(ask("end"), otherwise=datetime.max.replace(tzinfo=UTC))
            page = max(1, min(int(ask("limit", "50")), self._listing.page))
            first = page * (int(base64.b64decode(ask("cursor") or "MQ==")) - 1)
        except ValueError as error:
            return Reply.of({"detail": f"Invalid parameter: {error}"}, 422)
        listed = [
            job
            for job in sorted(self._jobs(), key=self._end, reverse=True)
            if job.submission.endpoint == ask("endpoint_id")
            and ask("request_id", job.submission.request_id) == job.submission.request_id
            and start <= self._date(job.submission.at) < end
            and self._visible(job)
        ]
        payloads = "payloads" in visit.request.query.get("expand", [])
        items = [self._item(job, payloads=payloads) for job in listed[first : first + page]]
        more = first + page < len(listed)
        cursor = base64.b64encode(str(first // page + 2).encode()).decode() if more else None
        return Reply.of({"items": items, "next_cursor": cursor, "has_more": more})

    def _visible(self, job: FakeJob) -> bool:
        if self._listing.unfinished:
            return job.submission.at + self._listing.delay <= self._clock()
        return self._end(job) + self._listing.delay <= self._clock()

    def _end(self, job: FakeJob) -> float:
        return float("inf") if job.finished is None else job.finished

    def _date(self, at: float) -> datetime:
        return self._origin + timedelta(seconds=at)

    def _stamp(self, at: float | None) -> str | None:
        ahead = at is None or at > self._clock()
        return None if ahead or at is None else self._date(at).isoformat().replace("+00:00", "Z")

    def _item(self, job: FakeJob, *, payloads: bool) -> dict[str, Any]:
        done = self._stamp(job.finished) is not None
        status = (200 if job.failure is None else job.failure.status) if done else None
        item = {
            "request_id": job.submission.request_id,
            "endpoint_id": job.submission.endpoint,
            "sent_at": self._stamp(job.submission.at),
            "started_at": self._stamp(job.started),
            "ended_at": self._stamp(job.finished),
            "status_code": status,
            "duration": job.run if done else None,
        }
        if not payloads:
            return item
        return {**item, "json_input": job.submission.arguments, "json_output": self._outcome(job)}

    def _outcome(self, job: FakeJob) -> object:
        if self._stamp(job.finished) is None:
            return None
        return self._output(job) if job.failure is None else {"detail": job.failure.detail}


def price_list(visit: Visit, prices: Mapping[str, float]) -> Reply:
    """Answer GET /v1/models/pricing; an endpoint without a price is left out."""
    asked = [
        name for value in visit.request.query.get("endpoint_id", []) for name in value.split(",")
    ]
    if not 1 <= len(asked) <= 50:
        return Reply.of({"detail": "Give 1 to 50 values of endpoint_id"}, 422)
    listed = [
        {"endpoint_id": name, "unit_price": prices[name], "unit": _unit(name), "currency": "USD"}
        for name in asked
        if name in prices
    ]
    return Reply.of({"prices": listed, "next_cursor": None, "has_more": False})


def _unit(name: str) -> str:
    endpoint = known(name)
    return endpoint.listing[1] if endpoint and endpoint.listing else "seconds"


def _moment(text: str, *, otherwise: datetime) -> datetime:
    if not text:
        return otherwise
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
