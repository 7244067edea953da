"""Visits: one request at one place of the service, as handlers and faults see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from storyboard.testing.wire import Reply

if TYPE_CHECKING:
    from storyboard.testing.jobs import FakeJob
    from storyboard.testing.wire import HttpRequest

Place = Literal[
    "connect",
    "token",
    "upload",
    "initiate",
    "put",
    "submit",
    "run",
    "status",
    "result",
    "cancel",
    "download",
    "history",
    "pricing",
    "schema",
    "elsewhere",
]
"""Where a request goes.

connect: the opening of a tunnel, before any request is known. token, upload: the two steps of
an upload to the CDN. initiate, put: the two steps of its fallback. submit, status, result,
cancel: the queue. run: the queue's direct sibling. download: a file from the CDN. history,
pricing: the platform API. schema: the schemas that the site
publishes. elsewhere: a host given by the test, or an address nobody knows.
"""

PLACES: tuple[Place, ...] = get_args(Place)

QUEUE_HOSTS = ("queue.fal.run", "queue.falrun.com")
RUN_HOSTS = ("fal.run", "falrun.com")
CDN_HOSTS = ("v3.fal.media", "v3b.fal.media", "fal.media")
REST_HOST, PLATFORM_HOST, BUCKET_HOST = "rest.fal.ai", "api.fal.ai", "storage.googleapis.com"
SITE_HOST = "fal.ai"
HOSTS = (*QUEUE_HOSTS, *RUN_HOSTS, *CDN_HOSTS, REST_HOST, PLATFORM_HOST, BUCKET_HOST, SITE_HOST)

_JOB = re.compile(r"/(?P<app>.+)/requests/(?P<id>[^/]+)(?:/(?P<rest>status|response|cancel))?/?")
_FIXED: dict[tuple[str, str, str], Place] = {
    ("POST", REST_HOST, "/storage/auth/token"): "token",
    ("POST", REST_HOST, "/storage/upload/initiate"): "initiate",
    ("GET", PLATFORM_HOST, "/v1/models/requests/by-endpoint"): "history",
    ("GET", PLATFORM_HOST, "/v1/models/pricing"): "pricing",
    ("GET", SITE_HOST, "/api/openapi/queue/openapi.json"): "schema",
}
_OF_A_JOB: dict[tuple[str, str | None], Place] = {
    ("GET", "status"): "status",
    ("GET", None): "result",
    ("GET", "response"): "result",
    ("PUT", "cancel"): "cancel",
}


@dataclass(slots=True)
class Visit:
    """A request, the place it goes to and, once it is known, the job it is about."""

    request: HttpRequest
    place: Place
    job: FakeJob | None = None


Handler = Callable[[Visit], Reply]


def place_of(request: HttpRequest) -> Place:
    """Return where a request goes; every shape of address the service documents is known."""
    if request.method == "CONNECT":
        return "connect"
    if request.host in QUEUE_HOSTS:
        return _place_in_queue(request)
    if request.host in RUN_HOSTS:
        return "run" if request.method == "POST" else "elsewhere"
    if request.host in (*CDN_HOSTS, BUCKET_HOST):
        return _place_of_file(request)
    return _FIXED.get((request.method, request.host, request.path), "elsewhere")


def request_id_in(request: HttpRequest) -> str | None:
    """Return the id of the job that an address of the queue is about."""
    match = _JOB.fullmatch(request.path)
    return match["id"] if match else None


def _place_in_queue(request: HttpRequest) -> Place:
    match = _JOB.fullmatch(request.path)
    if match:
        return _OF_A_JOB.get((request.method, match["rest"]), "elsewhere")
    return "submit" if request.method == "POST" else "elsewhere"


def _place_of_file(request: HttpRequest) -> Place:
    if request.method in ("GET", "HEAD"):
        return "download"
    if request.method == "PUT" and request.host == BUCKET_HOST:
        return "put"
    return "upload" if request.path == "/files/upload" else "elsewhere"
