"""Faults strike where, when and as often as they were told to, and the client sees them."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import av
import fal_client
import httpx
import pytest

from storyboard.testing import Act, FakeClip, FakeService, Fault, Place, acts
from storyboard.testing.codes import read
from tests.testing.caller import STANDARD, Caller, picture

PATIENCE = 300.0
"""Seconds that are waited for what is sure to come."""

# Where, when, how often ----------------------------------------------------------------------


def test_a_fault_strikes_once_unless_told_otherwise(service: FakeService, caller: Caller) -> None:
    """Given no number, the second request goes through."""
    handle = caller.submit()
    injection = service.inject(Fault("status", acts.answer(500)))
    assert [caller.http.get(handle.status_url).status_code for _ in range(2)] == [500, 200]
    assert (injection.hits, injection.met.is_set()) == (1, True)


def test_times_and_skip(service: FakeService, caller: Caller) -> None:
    """Skip one, strike two, then let pass; or strike until withdrawn."""
    handle = caller.submit()
    service.inject(Fault("status", acts.answer(500), skip=1, times=2))
    seen = [caller.http.get(handle.status_url).status_code for _ in range(4)]
    assert seen == [200, 500, 500, 200]
    for_ever = service.inject(Fault("status", acts.answer(500), times=None))
    assert [caller.http.get(handle.status_url).status_code for _ in range(3)] == [500] * 3
    for_ever.withdraw()
    assert caller.http.get(handle.status_url).status_code == 200


def test_a_fault_can_choose_its_job(service: FakeService, caller: Caller) -> None:
    """By anything that is known of the visit, such as the job's prompt."""
    handles = [caller.submit(caller.arguments(prompt=prompt)) for prompt in ("a", "b")]
    service.inject(
        Fault(
            "status",
            acts.answer(500),
            when=lambda visit: (
                visit.job is not None and visit.job.submission.arguments["prompt"] == "b"
            ),
        )
    )
    assert [caller.http.get(h.status_url).status_code for h in handles] == [200, 500]


def test_faults_follow_each_other(service: FakeService, caller: Caller) -> None:
    """Two that turn requests away meet one request each, in the order of their injection."""
    handle = caller.submit()
    service.inject(Fault("status", acts.answer(500)))
    service.inject(Fault("status", acts.answer(404)))
    seen = [caller.http.get(handle.status_url).status_code for _ in range(3)]
    assert seen == [500, 404, 200]


def test_faults_that_let_a_request_through_add_up(service: FakeService, caller: Caller) -> None:
    """An odd clip whose acceptance is also lost."""
    arguments = caller.arguments()
    service.inject(Fault("submit", acts.drop(accepted=True)))
    service.inject(Fault("submit", acts.film(FakeClip(width=128, seconds=1))))
    with pytest.raises(httpx.RemoteProtocolError):
        caller.post(arguments)
    request_id = caller.history().json()["items"][0]["request_id"]
    url = caller.client.result(STANDARD, request_id)["video"]["url"]
    assert film_of(caller.cdn.get(url).content)["frames"] == 25


def test_a_place_that_does_not_exist_is_refused() -> None:
    """The message lists the places there are."""
    with pytest.raises(ValueError, match="there are connect, token"):
        Fault("sumbit", acts.answer(500))  # type: ignore[arg-type]


def test_a_connection_cannot_fail_at_a_place() -> None:
    """Because nobody knows yet what will be asked; the message says what to write."""
    with pytest.raises(ValueError, match="say which host"):
        Fault("submit", acts.refuse())


# The connection ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (acts.refuse(), httpx.ConnectError),
        (acts.refuse_tunnel(), httpx.ProxyError),
        (acts.distrust(), httpx.ConnectError),
    ],
)
def test_a_connection_fails(
    service: FakeService, caller: Caller, act: Act, error: type[Exception]
) -> None:
    """Given a connection that is refused, nothing is sent and nothing is paid."""
    arguments = caller.arguments()
    service.inject(Fault("connect", act, times=None))
    with pytest.raises(error):
        caller.post(arguments)
    assert (service.paid, service.requests(place="submit")) == ([], [])


def test_a_refused_host_leads_the_client_to_its_backup(
    service: FakeService, caller: Caller
) -> None:
    """The client's own second domain answers in its place."""
    arguments = caller.arguments()
    service.inject(Fault("connect", acts.refuse(), host="queue.fal.run"))
    assert caller.post(arguments).status_code == 200
    assert [e.request.host for e in service.requests(place="submit")] == ["queue.falrun.com"]


def test_a_fault_of_connections_closes_those_that_idle(
    service: FakeService, caller: Caller
) -> None:
    """Given a connection kept alive, the next request has to connect again, and fails."""
    handle = caller.submit()
    service.inject(Fault("connect", acts.refuse_tunnel(), host="queue.fal.run"))
    with pytest.raises(httpx.ProxyError):
        caller.http.get(handle.status_url)
    assert caller.http.get(handle.status_url).status_code == 200


# No answer, or a late one --------------------------------------------------------------------


@pytest.mark.parametrize("reset", [False, True])
@pytest.mark.parametrize(("accepted", "paid"), [(False, 0), (True, 1)])
def test_an_answer_is_lost(
    service: FakeService, caller: Caller, accepted: bool, paid: int, reset: bool
) -> None:
    """Before accepting it costs nothing; after, it is paid for and nobody knows the id."""
    arguments = caller.arguments()
    service.inject(Fault("submit", acts.drop(accepted=accepted, reset=reset)))
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        caller.post(arguments)
    assert len(service.paid) == paid


def test_the_clients_own_retries_pay_again(service: FakeService, caller: Caller) -> None:
    """Why a careful program posts once: `submit` buys a job for every lost answer."""
    arguments = caller.arguments()
    service.inject(Fault("submit", acts.drop(accepted=True)))
    caller.client.submit(STANDARD, arguments)
    assert len(service.paid) == 2


@pytest.mark.parametrize(("accepted", "paid"), [(False, 0), (True, 1)])
def test_an_answer_is_held_until_it_is_released(
    service: FakeService, caller: Caller, accepted: bool, paid: int
) -> None:
    """Given a held request, the test decides when the client goes on."""
    arguments = caller.arguments()
    held = service.inject(Fault("submit", acts.hold(accepted=accepted)))
    with ThreadPoolExecutor(1) as pool:
        post = pool.submit(caller.post, arguments)
        assert held.met.wait(PATIENCE)
        if not accepted:
            assert len(service.paid) == paid
        held.release()
        assert post.result(PATIENCE).status_code == 200
    assert len(service.paid) == 1


def test_an_answer_comes_too_late(service: FakeService, caller: Caller) -> None:
    """Given a client with less patience than the service, the job is paid for all the same."""
    arguments = caller.arguments()
    held = service.inject(Fault("submit", acts.hold(accepted=True)))
    address = f"https://queue.fal.run/{STANDARD}"
    caller.http.get(f"{address}/requests/none/status")  # the connection stands
    with pytest.raises(httpx.ReadTimeout):
        caller.http.post(address, json=arguments, timeout=0.1)
    assert held.met.wait(PATIENCE)
    held.release()
    assert len(service.paid) == 1


def test_an_answer_is_late_by_some_seconds(service: FakeService, caller: Caller) -> None:
    """Given a delay, it comes by itself."""
    service.inject(Fault("submit", acts.hold(0.01)))
    assert caller.post().status_code == 200


def test_closing_the_service_releases_everyone() -> None:
    """A held client does not keep the service alive, and buys nothing by its end."""
    with ThreadPoolExecutor(1) as pool:
        with FakeService() as service, service.applied():
            caller = Caller()
            arguments = caller.arguments()
            held = service.inject(Fault("submit", acts.hold()))
            post = pool.submit(caller.post, arguments)
            assert held.met.wait(PATIENCE)
        assert isinstance(post.exception(PATIENCE), httpx.TransportError)
    assert service.paid == []


# Another answer ------------------------------------------------------------------------------


ANSWERS = [
    (acts.answer(500, {"detail": "Internal Server Error"}), 500, "Internal"),
    (acts.answer(408), 408, ""),
    (acts.answer(409, "Conflict"), 409, "Conflict"),
    (acts.answer(200), 200, ""),
    (acts.answer(200, b"<html>Welcome</html>"), 200, "html"),
    (acts.nginx(502), 502, "nginx"),
    (acts.nginx(504), 504, "nginx"),
    (acts.unavailable(), 503, "runner_scheduling_failure"),
    (acts.too_many(), 429, "concurrent_requests_limit"),
    (acts.bad_key(), 401, "key"),
    (acts.no_credit(), 402, "Payment"),
    (acts.locked(), 403, "User is locked. Reason: Exhausted balance"),
    (acts.moderated(), 422, "content_policy_violation"),
]
JOB = "https://queue.fal.run/fal-ai/kling-video/requests/x"


@pytest.mark.parametrize(
    ("place", "method", "url"),
    [
        ("token", "POST", "https://rest.fal.ai/storage/auth/token"),
        ("upload", "POST", "https://v3.fal.media/files/upload"),
        ("initiate", "POST", "https://rest.fal.ai/storage/upload/initiate"),
        ("put", "PUT", "https://storage.googleapis.com/x"),
        ("submit", "POST", f"https://queue.fal.run/{STANDARD}"),
        ("run", "POST", f"https://fal.run/{STANDARD}"),
        ("status", "GET", f"{JOB}/status"),
        ("result", "GET", JOB),
        ("cancel", "PUT", f"{JOB}/cancel"),
        ("download", "GET", "https://v3b.fal.media/files/b/x/output.mp4"),
        ("history", "GET", "https://api.fal.ai/v1/models/requests/by-endpoint"),
        ("pricing", "GET", "https://api.fal.ai/v1/models/pricing"),
    ],
)
def test_any_place_can_give_any_answer(
    service: FakeService, caller: Caller, place: Place, method: str, url: str
) -> None:
    """Given an answer, the client gets it, and the service has done nothing."""
    for act, status, text in ANSWERS:
        service.inject(Fault(place, act))
        reply = caller.cdn.request(method, url)
        assert (reply.status_code, text in reply.text) == (status, True)
    assert service.paid == []


@pytest.mark.parametrize(
    "act",
    [
        acts.answer(500, accepted=True),
        acts.nginx(504, accepted=True),
        acts.unavailable(accepted=True),
    ],
)
def test_an_error_can_hide_a_payment(service: FakeService, caller: Caller, act: Act) -> None:
    """Accepted, but the answer is an error of the way back."""
    service.inject(Fault("submit", act))
    assert caller.post().status_code >= 500
    assert len(service.paid) == 1


def test_too_many_requests_says_when_to_come_back(service: FakeService, caller: Caller) -> None:
    """In the header that says so."""
    service.inject(Fault("submit", acts.too_many(retry_after=2)))
    assert caller.post().headers["retry-after"] == "2"


@pytest.mark.parametrize(
    ("place", "act", "error"),
    [
        ("status", acts.without("logs"), KeyError),
        ("status", acts.put(status="DREAMING"), ValueError),
        ("status", acts.answer(200, "<html>"), ValueError),
        ("status", acts.answer(404), fal_client.FalClientHTTPError),
        ("result", acts.answer(404), fal_client.FalClientHTTPError),
        ("result", acts.answer(500), fal_client.FalClientHTTPError),
    ],
)
def test_the_clients_handle_breaks_as_it_does_at_fal(
    service: FakeService, caller: Caller, place: Place, act: Act, error: type[Exception]
) -> None:
    """Missing keys, unknown words and error statuses end its wait."""
    handle = caller.submit()
    service.inject(Fault(place, act))
    with pytest.raises(error):
        handle.get()


def test_a_status_complete_with_an_error(service: FakeService, caller: Caller) -> None:
    """There is no failed state: COMPLETED, with an error and its type."""
    handle = caller.submit()
    service.inject(Fault("status", acts.put(error="Runner died", error_type="runner_disconnected")))
    status = handle.status()
    assert isinstance(status, fal_client.Completed)
    assert (status.error, status.error_type) == ("Runner died", "runner_disconnected")


def test_addresses_that_lead_elsewhere(service: FakeService, caller: Caller) -> None:
    """Given a foreign status_url, a client that follows it is stopped and found out."""
    service.inject(Fault("submit", acts.put(status_url="https://evil.example/status")))
    handle = caller.submit()
    with pytest.raises(httpx.ProxyError):
        caller.http.get(handle.status_url)
    assert service.escapes == ["evil.example"]


def test_a_result_without_a_clip(service: FakeService, caller: Caller) -> None:
    """The key is missing, or leads elsewhere, or whatever an edit makes of it."""
    handle = caller.submit()
    service.inject(Fault("result", acts.without("video")))
    assert handle.get() == {}
    service.inject(
        Fault("result", acts.edit(lambda r: {"video": {**r["video"], "url": "ftp://x"}}))
    )
    assert handle.get()["video"]["url"] == "ftp://x"


def test_two_jobs_with_one_id(service: FakeService, caller: Caller) -> None:
    """Both are paid for, and the second is known by the first one's name."""
    service.inject(Fault("submit", acts.repeat(), times=2))
    assert caller.submit() == caller.submit()
    assert len({paid.request_id for paid in service.paid}) == 2


# The job -------------------------------------------------------------------------------------


def test_a_job_fails_with_an_error_in_its_status(service: FakeService, caller: Caller) -> None:
    """The platform's failures show in the status and in the result."""
    kind = "runner_disconnected"
    act = acts.fail(503, "Runner disconnected", error="Runner disconnected", error_type=kind)
    service.inject(Fault("submit", act))
    handle = caller.submit()
    status = handle.status()
    assert isinstance(status, fal_client.Completed)
    assert status.error_type == kind
    with pytest.raises(fal_client.FalClientHTTPError) as raised:
        handle.get()
    assert (raised.value.status_code, raised.value.error_type) == (503, kind)


def test_a_job_fails_for_its_content(service: FakeService, caller: Caller) -> None:
    """The model's failures show only in the result, which names the field."""
    service.inject(Fault("submit", acts.fail_moderated("end_image_url")))
    handle = caller.submit()
    status = handle.status()
    assert isinstance(status, fal_client.Completed)
    assert status.error is None
    with pytest.raises(fal_client.FalClientHTTPError) as raised:
        handle.get()
    detail: Any = raised.value.message
    assert (detail[0]["loc"], detail[0]["type"]) == (
        ["body", "end_image_url"],
        "content_policy_violation",
    )


def film_of(clip: bytes) -> dict[str, Any]:
    """Return what can be measured of a clip."""
    with av.open(io.BytesIO(clip), "r") as container:
        track = container.streams.video[0]
        frames = list(container.decode(video=0))
        return {
            "size": (track.width, track.height),
            "rate": track.average_rate,
            "frames": len(frames),
            "sound": len(container.streams.audio),
            "code": read(frames[0].to_ndarray(format="rgb24")),
        }


@pytest.mark.parametrize(
    ("footage", "measured"),
    [
        (FakeClip(seconds=1, width=128), {"frames": 25}),
        (FakeClip(size=(192, 160), seconds=1), {"size": (192, 160)}),
        (
            FakeClip(frames_per_second=Fraction(30000, 1001), width=128),
            {"rate": Fraction(30000, 1001)},
        ),
        (FakeClip(audio=True, width=128, seconds=1), {"sound": 1}),
        (FakeClip(look="black", width=128, seconds=1), {"code": None}),
    ],
)
def test_a_clip_is_not_what_was_ordered(
    service: FakeService, caller: Caller, footage: FakeClip, measured: dict[str, Any]
) -> None:
    """Wrong length, size, rate or sound, or nothing to see."""
    service.inject(Fault("submit", acts.film(footage)))
    clip = film_of(caller.cdn.get(caller.clip_url()).content)
    assert {name: clip[name] for name in measured} == measured


# The download --------------------------------------------------------------------------------


@pytest.mark.parametrize("act", [acts.truncate(1000), acts.unmeasured(sent=1000), acts.oversize()])
def test_a_download_breaks_off(service: FakeService, caller: Caller, act: Act) -> None:
    """The client notices, and the next attempt succeeds."""
    url = caller.clip_url()
    service.inject(Fault("download", act))
    with pytest.raises(httpx.RemoteProtocolError):
        caller.cdn.get(url)
    assert caller.cdn.get(url).status_code == 200


def test_a_download_is_short_and_says_nothing(service: FakeService, caller: Caller) -> None:
    """Half a file that claims to be whole."""
    url = caller.clip_url()
    service.inject(Fault("download", acts.shorten(1000)))
    reply = caller.cdn.get(url)
    assert (reply.headers["content-length"], len(reply.content)) == ("1000", 1000)


def test_a_download_without_a_length(service: FakeService, caller: Caller) -> None:
    """Whole, but in chunks."""
    url = caller.clip_url()
    whole = caller.cdn.get(url).content
    service.inject(Fault("download", acts.unmeasured()))
    reply = caller.cdn.get(url)
    assert reply.content == whole
    assert "content-length" not in reply.headers


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (acts.ignore_range(), 200),
        (acts.unsatisfiable(), 416),
        (acts.change_etag(), 200),
        (acts.answer(403), 403),
        (acts.answer(404), 404),
        (acts.answer(410), 410),
    ],
)
def test_a_download_cannot_be_resumed(
    service: FakeService, caller: Caller, act: Act, status: int
) -> None:
    """Range ignored, refused, or the file has changed or gone in between."""
    url = caller.clip_url()
    whole = caller.cdn.get(url)
    service.inject(Fault("download", act))
    headers = {"Range": "bytes=1000-", "If-Range": whole.headers["etag"]}
    reply = caller.cdn.get(url, headers=headers)
    assert reply.status_code == status
    assert (reply.content == whole.content) == (status == 200)
    assert reply.headers.get("etag") != whole.headers["etag"] or status == 200
    asked = service.requests(place="download")[-1].request.headers["range"]
    assert asked == "bytes=1000-"


def test_a_file_changes_between_two_parts(service: FakeService, caller: Caller) -> None:
    """Without If-Range the parts come from different files, and only the ETag tells."""
    url = caller.clip_url()
    first = caller.cdn.get(url, headers={"Range": "bytes=0-99"})
    service.inject(Fault("download", acts.change_etag()))
    second = caller.cdn.get(url, headers={"Range": "bytes=100-199"})
    assert (first.status_code, second.status_code) == (206, 206)
    assert first.headers["etag"] != second.headers["etag"]


@pytest.mark.parametrize("content", [acts.PORTAL, acts.HLS_PLAYLIST, acts.CONCAT_LIST, b""])
def test_a_download_is_not_a_film(service: FakeService, caller: Caller, content: bytes) -> None:
    """A page, a playlist, a list of local files or nothing, all called video/mp4."""
    url = caller.clip_url()
    service.inject(Fault("download", acts.swap(content)))
    reply = caller.cdn.get(url)
    assert (reply.content, reply.headers["content-type"]) == (content, "video/mp4")


def test_a_download_is_damaged(service: FakeService, caller: Caller) -> None:
    """As long as the original, and not the original."""
    url = caller.clip_url()
    whole = caller.cdn.get(url).content
    service.inject(Fault("download", acts.corrupt()))
    damaged = caller.cdn.get(url).content
    assert len(damaged) == len(whole)
    assert damaged[:100] == whole[:100]
    assert damaged[-100:] != whole[-100:]


# The history ---------------------------------------------------------------------------------


def test_the_history_is_empty_for_a_while(service: FakeService, caller: Caller) -> None:
    """Twice nothing, then the request."""
    caller.submit()
    service.inject(Fault("history", acts.empty_page(), times=2))
    assert [len(caller.history().json()["items"]) for _ in range(3)] == [0, 0, 1]


def test_the_history_has_two_matches(service: FakeService, caller: Caller) -> None:
    """With the same payload and different ids."""
    caller.submit()
    service.inject(Fault("history", acts.twins()))
    one, two = caller.history().json()["items"]
    assert one["json_input"] == two["json_input"]
    assert one["request_id"] != two["request_id"]


def test_the_history_keeps_its_payloads_to_itself(service: FakeService, caller: Caller) -> None:
    """Asked for or not."""
    caller.submit()
    service.inject(Fault("history", acts.unreadable()))
    assert "json_input" not in caller.history().json()["items"][0]


# The upload ----------------------------------------------------------------------------------


def test_an_upload_falls_back(service: FakeService, caller: Caller) -> None:
    """Given a CDN that refuses, the client stores the file the other way."""
    service.inject(Fault("upload", acts.answer(500)))
    url = caller.client.upload(picture(1), "image/png")
    assert service.cdn.content(url) == picture(1)


def test_without_a_token_an_upload_fails_at_once(service: FakeService, caller: Caller) -> None:
    """The client asks for it outside its chain of fallbacks."""
    service.inject(Fault("token", acts.answer(500)))
    with pytest.raises(httpx.HTTPStatusError):
        caller.client.upload(picture(1), "image/png")
