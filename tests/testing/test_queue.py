"""Jobs wait, run and complete as the clock says, and say what is wrong with their arguments."""

from __future__ import annotations

import math
from typing import Any

import fal_client
import pytest
from fal_client.client import SyncRequestHandle

from storyboard.testing import Clock, FakeService, Submission
from tests.testing.caller import PRO, STANDARD, Caller, picture
from tests.testing.conftest import Running


def state(handle: SyncRequestHandle) -> str:
    """Return what a job is doing, in the client's words."""
    return type(handle.status()).__name__


def test_a_job_waits_then_runs_then_completes(running: Running) -> None:
    """Given 10 s in the queue and 60 s of work, each state lasts exactly as long."""
    clock = Clock()
    running(queue=10, run=60, clock=clock)
    handle = Caller().submit()
    seen = []
    for step in (0, 9, 1, 59, 1):
        clock.advance(step)
        seen.append(state(handle))
    assert seen == ["Queued", "Queued", "InProgress", "InProgress", "Completed"]


def test_the_status_code_tells_waiting_from_done(running: Running) -> None:
    """202 while there is something to wait for, 200 when complete; no result before that."""
    clock = Clock()
    running(run=60, clock=clock)
    caller = Caller()
    handle = caller.submit()
    assert caller.http.get(handle.status_url).status_code == 202
    assert caller.http.get(handle.response_url).status_code == 400
    clock.advance(60)
    assert caller.http.get(handle.status_url).status_code == 200


def test_only_so_many_jobs_run_at_once(running: Running) -> None:
    """Given room for two, the third waits for the first to end, and knows its position."""
    clock = Clock()
    running(run=60, concurrency=2, clock=clock)
    caller = Caller()
    arguments = caller.arguments()
    handles = [caller.submit(arguments) for _ in range(4)]
    assert [state(h) for h in handles] == ["InProgress", "InProgress", "Queued", "Queued"]
    assert handles[3].status() == fal_client.Queued(position=1)
    clock.advance(60)
    assert [state(h) for h in handles] == ["Completed", "Completed", "InProgress", "InProgress"]


def test_latency_can_depend_on_the_submission(running: Running) -> None:
    """A slow shot among quick ones, or one that never ends."""
    clock = Clock()

    def latency(submission: Submission) -> float:
        return math.inf if submission.arguments["prompt"] == "stuck" else 5

    running(run=latency, clock=clock)
    caller = Caller()
    quick, stuck = caller.submit(), caller.submit(caller.arguments(prompt="stuck"))
    clock.advance(1_000_000)
    assert (state(quick), state(stuck)) == ("Completed", "InProgress")


def test_logs_come_when_asked_for(running: Running) -> None:
    """The key is there in any case, as the client needs it."""
    clock = Clock()
    running(run=60, clock=clock)
    handle = Caller().submit()
    assert handle.status() == fal_client.InProgress(logs=None)
    with_logs = handle.status(with_logs=True)
    assert isinstance(with_logs, fal_client.InProgress)
    assert with_logs.logs


def test_cancelling_a_waiting_job_removes_it(running: Running) -> None:
    """It never runs; its status is complete with an error, its result 499."""
    clock = Clock()
    running(run=60, concurrency=1, clock=clock)
    caller = Caller()
    arguments = caller.arguments()
    _, waiting, last = (caller.submit(arguments) for _ in range(3))
    assert caller.http.put(waiting.cancel_url).status_code == 202
    status = waiting.status()
    assert isinstance(status, fal_client.Completed)
    assert status.error_type == "client_cancelled"
    assert caller.http.get(waiting.response_url).status_code == 499
    clock.advance(60)
    assert state(last) == "InProgress"


@pytest.mark.parametrize(("stops", "result"), [(False, 200), (True, 499)])
def test_cancelling_a_running_job_may_not_stop_it(
    running: Running, stops: bool, result: int
) -> None:
    """The answer is 202 either way; then it completes all the same, or does not."""
    clock = Clock()
    running(run=60, clock=clock, stops_running=stops)
    caller = Caller()
    handle = caller.submit()
    assert caller.http.put(handle.cancel_url).status_code == 202
    clock.advance(60)
    assert caller.http.get(handle.response_url).status_code == result


def test_a_complete_or_unknown_job_cannot_be_cancelled(caller: Caller) -> None:
    """400 for the one, 404 for the other."""
    handle = caller.submit()
    reply = caller.http.put(handle.cancel_url)
    assert (reply.status_code, reply.json()) == (400, {"status": "ALREADY_COMPLETED"})
    unknown = handle.cancel_url.replace(handle.request_id, "nobody")
    assert caller.http.put(unknown).status_code == 404
    assert caller.http.get(unknown.removesuffix("/cancel")).status_code == 404


def test_the_bill_is_in_a_header(caller: Caller) -> None:
    """The result names the job and the seconds that are billed."""
    handle = caller.submit(caller.arguments(duration="10"))
    headers = caller.http.get(handle.response_url).headers
    assert headers["x-fal-billable-units"] == "10"
    assert headers["x-fal-request-id"] == handle.request_id


TOO_SMALL = {"min_height": 300, "min_width": 300}


@pytest.mark.parametrize("app", [STANDARD, PRO])
@pytest.mark.parametrize(
    ("changes", "field", "kind"),
    [
        ({"prompt": None}, "prompt", "missing"),
        ({"prompt": 5}, "prompt", "string_type"),
        ({"prompt": "x" * 2501}, "prompt", "string_too_long"),
        ({"start_image_url": None}, "start_image_url", "missing"),
        ({"end_image_url": ["x"]}, "end_image_url", "string_type"),
        ({"duration": 5}, "duration", "one_of"),
        ({"duration": "11"}, "duration", "one_of"),
        (
            {"start_image_url": "https://example.org/a.png"},
            "start_image_url",
            "file_download_error",
        ),
        (
            {"end_image_url": "https://v3.fal.media/none.png"},
            "end_image_url",
            "file_download_error",
        ),
        ({"start_image_url": "data:image/png;base64,AAAA"}, "start_image_url", "image_load_error"),
    ],
)
def test_bad_arguments_are_accepted_and_fail(
    service: FakeService, caller: Caller, app: str, changes: dict[str, Any], field: str, kind: str
) -> None:
    """As at fal, the queue takes anything; the result is a 422 that names the field."""
    answer = caller.post(caller.arguments(**changes), app=app).json()
    assert caller.http.get(answer["status_url"]).json()["status"] == "COMPLETED"
    result = caller.http.get(answer["response_url"])
    problem = result.json()["detail"][0]
    assert (result.status_code, problem["loc"], problem["type"]) == (422, ["body", field], kind)
    assert len(service.paid) == 1


def test_an_image_has_to_be_big_enough_but_not_too_big(caller: Caller) -> None:
    """At least 300 pixels a side, at most 10 MB; the limit is in the answer."""
    small = caller.client.upload(picture(1, size=(400, 299)), "image/png")
    heavy = caller.client.upload(picture(1) + bytes(10 * 1024 * 1024), "image/png")
    found = []
    for url in (small, heavy):
        handle = caller.submit(caller.arguments(start_image_url=url))
        found.append(caller.http.get(handle.response_url).json()["detail"][0])
    assert [(f["type"], f["ctx"]) for f in found] == [
        ("image_too_small", TOO_SMALL),
        ("file_too_large", {"max_size": 10_000_000}),
    ]


def test_unknown_arguments_are_dropped_silently_but_remembered(
    service: FakeService, caller: Caller
) -> None:
    """A misspelt name still buys a clip; a test can see it."""
    assert caller.submit(caller.arguments(end_image="x", seed=1)).get()
    assert service.paid[0].ignored == ("end_image", "seed")


def test_other_endpoints_use_other_names(service: FakeService, caller: Caller) -> None:
    """Any endpoint works; its images and length are found under their usual names."""
    arguments = {"first_frame_url": caller.upload(1), "last_frame_url": caller.upload(2)}
    app = "fal-ai/veo3.1/first-last-frame-to-video"
    result = caller.client.subscribe(app, {**arguments, "duration": "4s", "prompt": "x"})
    assert result["video"]["file_size"] > 0
    assert service.paid[0].endpoint == app


def test_something_other_than_a_json_object_is_not_accepted(
    service: FakeService, caller: Caller
) -> None:
    """Nothing is paid for it."""
    reply = caller.http.post(f"https://queue.fal.run/{STANDARD}", content=b"[1]")
    assert (reply.status_code, service.paid) == (422, [])
