"""The service lets nobody escape, notices lost keys, and leaves nothing behind."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from storyboard.testing import Exchange, FakeService, HttpRequest, Reply, Submission
from tests.testing.caller import STANDARD, Caller, picture
from tests.testing.conftest import Running


def stills(request: HttpRequest) -> Reply:
    """Answer as a site with a single picture."""
    found = request.path == "/a.png"
    return Reply(200, {"Content-Type": "image/png"}, picture(1)) if found else Reply(404)


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_stranger_cannot_be_reached(service: FakeService, scheme: str) -> None:
    """The connection fails, and the attempt is written down."""
    with httpx.Client() as client:
        try:
            assert client.get(f"{scheme}://example.org/").status_code == 502
        except httpx.ProxyError:
            assert scheme == "https"
    assert service.escapes == ["example.org"]


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_given_host_answers(running: Running, scheme: str) -> None:
    """Keyframes can be linked from a site of the test's own, with and without TLS."""
    service = running(hosts={"example.org": stills})
    with httpx.Client() as client:
        assert client.get(f"{scheme}://example.org/a.png").content == picture(1)
    assert service.escapes == []


def test_the_service_downloads_from_a_given_host(running: Running) -> None:
    """A keyframe given by its link is as good as an uploaded one; a dead link is not."""
    running(hosts={"example.org": stills})
    caller = Caller()
    good = caller.submit(caller.arguments(start_image_url="https://example.org/a.png"))
    assert good.get()["video"]["file_size"] > 0
    bad = caller.submit(caller.arguments(start_image_url="https://example.org/b.png"))
    detail = caller.http.get(bad.response_url).json()["detail"]
    assert detail[0]["type"] == "file_download_error"


def test_a_key_sent_to_a_stranger_is_a_leak(running: Running) -> None:
    """In a header or in the address; without it, a visit is harmless."""
    service = running(hosts={"example.org": stills})
    caller = Caller()
    caller.cdn.get("https://example.org/a.png")
    assert service.leaks == []
    caller.http.get("https://example.org/a.png")
    caller.cdn.get("https://example.org/a.png", params={"key": service.key})
    assert [leak.request.host for leak in service.leaks] == ["example.org"] * 2


def test_requests_are_logged(service: FakeService, caller: Caller) -> None:
    """Method, host, path, headers, size, JSON and status of every exchange."""
    caller.post()
    submit = service.requests(method="POST", host="queue.fal.run", path="kling-video")
    upload = service.requests(place="upload")
    assert [e.status for e in submit + upload] == [200, 200, 200]
    assert submit[0].request.json["prompt"] == "The snow melts"
    assert submit[0].request.headers["authorization"] == f"Key {service.key}"
    assert upload[0].size == len(picture(1))
    assert service.requests(path="nowhere") == []


def test_callbacks_come_at_exact_moments(service: FakeService, caller: Caller) -> None:
    """Arrived but not accepted; accepted but not answered; answered."""
    arguments = caller.arguments()
    moments: list[str] = []

    def arrived(request: HttpRequest) -> None:
        moments.append(f"arrived, {len(service.paid)} paid")

    def accepted(submission: Submission) -> None:
        moments.append(f"accepted {submission.number}, {len(service.paid)} paid")

    def answered(exchange: Exchange) -> None:
        moments.append(f"answered {exchange.status}")

    service.on("request", arrived)
    service.on("accepted", accepted)
    service.on("answered", answered)
    caller.post(arguments)
    # The tunnel to the queue's host is a request too.
    assert moments[-3:] == ["arrived, 0 paid", "accepted 0, 1 paid", "answered 200"]


def test_a_client_can_be_killed_between_payment_and_answer(
    service: FakeService, tmp_path: Path
) -> None:
    """Given a callback that kills the client, it has paid and will never know."""
    image = tmp_path / "a.png"
    image.write_bytes(picture(1))
    program = (
        "import sys, fal_client; url = fal_client.upload_file(sys.argv[1]); "
        f"fal_client.submit({STANDARD!r}, {{'prompt': 'x', 'start_image_url': url}}); print('ok')"
    )
    client = subprocess.Popen(
        [sys.executable, "-c", program, str(image)],
        env=os.environ | service.environment,
        stdout=subprocess.PIPE,
    )
    service.on("accepted", lambda _: client.kill())
    output, _ = client.communicate(timeout=300)
    assert (output, client.returncode != 0, len(service.paid)) == (b"", True, 1)


def test_the_environment_is_enough_and_can_be_lent() -> None:
    """`applied` changes this process's variables and puts them back."""
    before = dict(os.environ)
    with FakeService() as service, service.applied():
        assert os.environ["FAL_KEY"] == os.environ["fal_key".upper()] == service.key
        assert os.environ["https_proxy"] == os.environ["HTTPS_PROXY"]
        assert os.environ["no_proxy"] == ""
    assert dict(os.environ) == before


def test_a_proxy_exception_of_the_user_does_not_lead_past_the_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Given NO_PROXY settings in either case, the environment overrides them."""
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("NO_PROXY", "*.fal.run")
    with FakeService() as service, service.applied():
        assert Caller().post().status_code == 200


def test_closing_leaves_no_thread_no_file_and_no_port() -> None:
    """Open, idle and busy connections end with the service."""
    before = set(threading.enumerate())
    with FakeService() as service, service.applied():
        caller = Caller()
        caller.post()
        authority = Path(service.environment["SSL_CERT_FILE"])
        assert authority.exists()
    assert set(threading.enumerate()) <= before
    assert not authority.exists()
    with pytest.raises(httpx.TransportError):
        caller.http.get(f"https://queue.fal.run/{STANDARD}")


def test_two_services_run_side_by_side() -> None:
    """Each with its own port, authority, key and payments."""
    with FakeService(key="one:1") as one, FakeService(key="two:2") as two:
        with one.applied():
            Caller().post()
        with two.applied():
            Caller().post()
            Caller().post()
        assert (len(one.paid), len(two.paid)) == (1, 2)


def test_a_broken_callback_is_not_swallowed() -> None:
    """The client is hung up on, and closing the service raises what went wrong."""

    def broken(request: HttpRequest) -> None:
        if request.method == "POST":
            raise LookupError("a mistake in the test")

    service = FakeService().start()
    service.on("request", broken)
    with service.applied(), pytest.raises(httpx.TransportError):
        httpx.post("https://fal.run/app")
    with pytest.raises(LookupError, match="a mistake"):
        service.close()


def test_the_certificate_is_checked(service: FakeService) -> None:
    """A client that does not know the authority refuses to talk: TLS is real."""
    strict = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with httpx.Client(verify=strict) as client, pytest.raises(httpx.ConnectError):
        client.get("https://queue.fal.run/")
