"""The request history finds what was paid for, a page at a time and not always at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storyboard.testing import Clock, FakeService, Listing
from tests.testing.caller import PRO, Caller
from tests.testing.conftest import Running


def ids(page: dict[str, Any]) -> list[str]:
    """Return the request ids on a page."""
    return [item["request_id"] for item in page["items"]]


def test_a_request_is_listed_with_its_payloads(caller: Caller) -> None:
    """What was asked, what came of it, and when, in time zone UTC."""
    arguments = caller.arguments()
    handle = caller.submit(arguments)
    page = caller.history().json()
    item = page["items"][0]
    assert (item["request_id"], item["json_input"]) == (handle.request_id, arguments)
    assert item["json_output"] == handle.get()
    assert (item["status_code"], page["has_more"], page["next_cursor"]) == (200, False, None)
    sent = datetime.fromisoformat(item["sent_at"])
    assert abs(datetime.now(UTC) - sent) < timedelta(minutes=1)


def test_payloads_come_only_when_asked_for(caller: Caller) -> None:
    """Without expand=payloads there is no way to tell requests apart."""
    caller.submit()
    assert "json_input" not in caller.history(expand="").json()["items"][0]


def test_a_failed_request_is_listed_with_its_status(caller: Caller) -> None:
    """And with the reason."""
    caller.submit(caller.arguments(prompt=None))
    item = caller.history().json()["items"][0]
    assert item["status_code"] == 422
    assert item["json_output"]["detail"][0]["type"] == "missing"


def test_endpoint_start_end_and_id_select(caller: Caller) -> None:
    """Each narrows the list; another endpoint's requests are not on it."""
    handle = caller.submit()
    caller.post(app=PRO)
    now = datetime.now(UTC)
    earlier, later = ((now + timedelta(hours=h)).isoformat() for h in (-1, 1))
    assert ids(caller.history(start=earlier, end=later).json()) == [handle.request_id]
    assert ids(caller.history(start=later).json()) == []
    assert ids(caller.history(end=earlier).json()) == []
    assert ids(caller.history(request_id=handle.request_id).json()) == [handle.request_id]
    assert ids(caller.history(request_id="other").json()) == []


@pytest.mark.parametrize("settings", [{}, {"listing": Listing(page=2)}])
def test_pages_follow_each_other(running: Running, settings: dict[str, Any]) -> None:
    """Newest first; the cursor leads through all of them, whoever limits the page."""
    clock = Clock()
    running(clock=clock, **settings)
    caller = Caller()
    arguments = caller.arguments()
    sent = []
    for _ in range(5):
        clock.advance(1)
        sent.append(caller.submit(arguments).request_id)
    found: list[str] = []
    more: dict[str, Any] = {} if settings else {"limit": 2}
    page = caller.history(**more).json()
    while page["has_more"]:
        found += ids(page)
        page = caller.history(**more, cursor=page["next_cursor"]).json()
    assert found + ids(page) == sent[::-1]
    assert len(ids(page)) == 1


def test_unfinished_requests_are_listed_only_on_demand(running: Running) -> None:
    """As nobody knows what fal does, the careful assumption is the default."""
    for listing, expected in ((Listing(), 0), (Listing(unfinished=True), 1)):
        running(run=60, clock=Clock(), listing=listing)
        caller = Caller()
        caller.submit()
        items = caller.history().json()["items"]
        assert len(items) == expected
    assert (items[0]["ended_at"], items[0]["json_output"]) == (None, None)


def test_listing_may_lag_behind(running: Running) -> None:
    """Given a delay of 30 s, a finished request shows up 30 s later."""
    clock = Clock()
    running(clock=clock, listing=Listing(delay=30))
    caller = Caller()
    caller.submit()
    clock.advance(29)
    assert ids(caller.history().json()) == []
    clock.advance(1)
    assert len(ids(caller.history().json())) == 1


@pytest.mark.parametrize("wrong", [{"endpoint_id": ""}, {"start": "yesterday"}, {"limit": "x"}])
def test_a_senseless_question_is_refused(caller: Caller, wrong: dict[str, str]) -> None:
    """422 and the reason."""
    assert caller.history(**wrong).status_code == 422


def test_the_price_list(service: FakeService, caller: Caller) -> None:
    """Prices per second for the endpoints asked for; tests may change them."""
    service.prices["fal-ai/new"] = 0.5
    url = "https://api.fal.ai/v1/models/pricing"
    reply = caller.http.get(url, params={"endpoint_id": [f"{PRO},fal-ai/new", "fal-ai/unpriced"]})
    prices = {row["endpoint_id"]: row["unit_price"] for row in reply.json()["prices"]}
    assert prices == {PRO: 0.112, "fal-ai/new": 0.5}
    assert caller.http.get(url).status_code == 422
