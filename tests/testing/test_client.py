"""The real, unmodified client works from upload to clip with only its environment changed."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import fal_client
import httpx
import numpy as np
import pytest

from storyboard.testing import Clock, Code, FakeService, codes
from tests.testing.caller import STANDARD, Caller, picture
from tests.testing.conftest import Running

PROGRAM = """
import sys, urllib.request, fal_client
start, end = (fal_client.upload_file(path) for path in sys.argv[1:3])
result = fal_client.subscribe(
    "fal-ai/kling-video/o1/standard/image-to-video",
    {"prompt": "x", "start_image_url": start, "end_image_url": end, "duration": "3"},
)
clip = urllib.request.urlopen(result["video"]["url"]).read()
print(len(clip) == result["video"]["file_size"])
"""


def codes_of(clip: bytes) -> list[Code | None]:
    """Return the code of every frame."""
    with av.open(io.BytesIO(clip), "r") as container:
        frames = list(container.decode(video=0))
    return [codes.read(frame.to_ndarray(format="rgb24")) for frame in frames]


def test_upload_submit_poll_collect_download(service: FakeService, caller: Caller) -> None:
    """One post through the client, its own handle, and a clip whose every frame is known."""
    handle = caller.submit()
    assert handle.status() == fal_client.Completed(
        logs=None, metrics={"inference_time": 0.0}, error=None, error_type=None
    )
    video = handle.get()["video"]
    clip = caller.cdn.get(video["url"]).content
    assert len(clip) == video["file_size"]
    assert codes_of(clip) == [Code(0, number) for number in range(3 * 24 + 1)]
    assert [paid.request_id for paid in service.paid] == [handle.request_id]
    assert (service.escapes, service.leaks) == ([], [])


def test_subscribe_and_upload_file(service: FakeService, tmp_path: Path) -> None:
    """The client's own convenience functions work too, logs included."""
    image = tmp_path / "a.png"
    image.write_bytes(picture(1))
    seen: list[object] = []
    client = fal_client.SyncClient()
    url = client.upload_file(image)
    assert service.cdn.content(url) == picture(1)
    arguments = {"prompt": "x", "start_image_url": url}
    result = client.subscribe(STANDARD, arguments, with_logs=True, on_queue_update=seen.append)
    assert "url" in result["video"]
    assert isinstance(seen[-1], fal_client.Completed)
    assert seen[-1].logs


def test_run_answers_at_once(running: Running) -> None:
    """The direct endpoint waits for nobody, and is paid for like any other."""
    service = running(run=3600, concurrency=1, clock=Clock())
    caller = Caller()
    caller.submit()
    assert "url" in caller.client.run(STANDARD, caller.arguments())["video"]
    assert len(service.paid) == 2


def test_the_async_client(service: FakeService, tmp_path: Path) -> None:
    """Upload, subscribe and download work without blocking."""
    image = tmp_path / "a.png"
    image.write_bytes(picture(1))

    async def scenario() -> bytes:
        client = fal_client.AsyncClient()
        url = await client.upload_file(image)
        result = await client.subscribe(STANDARD, {"prompt": "x", "start_image_url": url})
        async with httpx.AsyncClient() as cdn:
            return (await cdn.get(result["video"]["url"])).content

    assert len(codes_of(asyncio.run(scenario()))) == 5 * 24 + 1
    assert len(service.paid) == 1


def test_a_program_in_a_process_of_its_own(service: FakeService, tmp_path: Path) -> None:
    """Given nothing but the environment, an unchanged program runs; urllib works as well."""
    images = [tmp_path / "a.png", tmp_path / "b.png"]
    for seed, image in enumerate(images):
        image.write_bytes(picture(seed))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, images)],
        env=os.environ | service.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.returncode) == ("True", 0), done.stderr
    assert len(service.paid) == 1


def test_reattach_by_id(caller: Caller) -> None:
    """A handle made from a request id finds the same job, by the shorter address."""
    handle = caller.submit()
    again = caller.client.get_handle(STANDARD, handle.request_id)
    assert again.get() == handle.get()


def test_every_documented_address_of_a_result_works(caller: Caller) -> None:
    """With the whole endpoint id, with the application only, and with /response."""
    handle = caller.submit()
    job = f"requests/{handle.request_id}"
    for host in ("queue.fal.run", "queue.falrun.com"):
        for path in (
            f"{STANDARD}/{job}",
            f"{STANDARD}/{job}/response",
            f"fal-ai/kling-video/{job}",
        ):
            assert caller.http.get(f"https://{host}/{path}").json() == handle.get()


def test_the_fallback_upload(service: FakeService, caller: Caller) -> None:
    """The storage fallback stores the file where it said it would."""
    url = caller.client.upload(picture(3), "image/png", repository="fal")
    assert service.cdn.content(url) == picture(3)
    assert [e.place for e in service.requests()] == ["initiate", "put"]


def test_an_expired_or_invented_token_is_refused(service: FakeService, caller: Caller) -> None:
    """The CDN takes files only with a token it gave out."""
    headers = {"Authorization": "Bearer invented"}
    reply = caller.cdn.post("https://v3.fal.media/files/upload", content=b"x", headers=headers)
    assert reply.status_code == 401


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("POST", f"https://queue.fal.run/{STANDARD}"),
        ("GET", "https://queue.fal.run/fal-ai/kling-video/requests/x/status"),
        ("GET", "https://api.fal.ai/v1/models/pricing?endpoint_id=x"),
        ("POST", "https://rest.fal.ai/storage/auth/token"),
    ],
)
def test_a_wrong_key_is_refused(
    service: FakeService, caller: Caller, method: str, url: str
) -> None:
    """Everything but the CDN wants the account's key."""
    reply = caller.cdn.request(method, url, headers={"Authorization": "Key wrong"}, json={})
    assert reply.status_code == 401
    assert service.paid == []


def test_two_hundred_clients_at_once(service: FakeService, caller: Caller) -> None:
    """Each with a connection of its own, and nothing is lost."""
    arguments = caller.arguments()
    context = httpx.create_ssl_context()

    def post(_: int) -> str:
        with httpx.Client(headers=dict(caller.http.headers), verify=context) as client:
            url = f"https://queue.fal.run/{STANDARD}"
            return str(client.post(url, json=arguments, timeout=30).json()["request_id"])

    with ThreadPoolExecutor(100) as pool:
        ids = set(pool.map(post, range(200)))
    assert ids == {paid.request_id for paid in service.paid}
    assert len(ids) == 200


def test_one_connection_serves_many_requests(service: FakeService, caller: Caller) -> None:
    """Given keep-alive, polling opens no further tunnel."""
    handle = caller.submit()
    before = len(service.requests(place="connect"))
    for _ in range(20):
        handle.status()
    assert len(service.requests(place="connect")) == before


def test_clips_of_different_jobs_differ(caller: Caller) -> None:
    """The shot number in the codes is the number of the submission."""
    arguments = caller.arguments()
    urls = [caller.submit(arguments).get()["video"]["url"] for _ in range(2)]
    firsts = [codes_of(caller.cdn.get(url).content)[0] for url in urls]
    assert firsts == [Code(0, 0), Code(1, 0)]
    assert np.unique(urls).size == 2
