"""Acts: the ways in which a request can go wrong, for `Fault(place, act)`.

An act stands between a request and the service: it may turn the request away, let it through
and lose the answer, or bend the answer. Any function of a visit and a `proceed` will do:

    def act(visit: Visit, proceed: Proceed) -> Reply: ...
"""

from __future__ import annotations

import copy
import gzip
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from storyboard.testing.jobs import FakeFailure
from storyboard.testing.visits import Visit
from storyboard.testing.wire import Hangup, Reply, Tunnel

if TYPE_CHECKING:
    from storyboard.testing.clips import FakeClip
    from storyboard.testing.wire import HttpRequest

Proceed = Callable[[], Reply]
"""Let the request through and return what the service, or the next fault, answers."""

Act = Callable[[Visit, Proceed], Reply]
"""What a fault does; raise `Hangup` to leave the request unanswered."""


# The connection -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfConnection:
    """The act of refusing a connection; see `refuse`, `refuse_tunnel` and `distrust`."""

    reply: Tunnel

    def __call__(self, _: Visit, __: Proceed) -> Reply:
        """Decide what becomes of the connection."""
        return self.reply


def refuse() -> Act:
    """Break the connection before TLS: an unreachable host (httpx.ConnectError)."""
    return OfConnection(Tunnel(broken=True))


def refuse_tunnel() -> Act:
    """Let the proxy say 502: a host the proxy cannot reach (httpx.ProxyError)."""
    return OfConnection(Tunnel(502))


def distrust() -> Act:
    """Present a certificate of an authority the client does not know (httpx.ConnectError)."""
    return OfConnection(Tunnel(trusted=False))


# No answer, or a late one ---------------------------------------------------------------------


def drop(*, accepted: bool = False, reset: bool = False) -> Act:
    """Hang up instead of answering; `accepted`: only after the service has done its part.

    `reset` resets the connection instead of closing it, which not every client can tell apart
    under TLS: expect httpx.RemoteProtocolError or httpx.ReadError.
    """

    def act(_: Visit, proceed: Proceed) -> Reply:
        if accepted:
            proceed()
        raise Hangup(reset=reset)

    return act


@dataclass(frozen=True, slots=True)
class Hold:
    """The act of keeping a request waiting; see `hold`."""

    seconds: float | None = None
    accepted: bool = False
    released: threading.Event = field(default_factory=threading.Event)

    def __call__(self, _: Visit, proceed: Proceed) -> Reply:
        """Wait, and answer as usual; or accept as usual, and wait before answering."""
        if self.accepted:
            reply = proceed()
            self.released.wait(self.seconds)
            return reply
        self.released.wait(self.seconds)
        return proceed()


def hold(seconds: float | None = None, *, accepted: bool = False) -> Act:
    """Keep the client waiting, for some real seconds or until `Injection.release`.

    `accepted`: the service has done its part, only the answer is late.
    """
    return Hold(seconds, accepted=accepted)


def drip(pause: float = 0.05) -> Act:
    """Answer as usual, one byte at a time, with so many real seconds from each to the next."""
    return _bend(lambda reply: replace(reply, pause=pause))


# Another answer -------------------------------------------------------------------------------


def answer(
    status: int,
    body: object = "",
    *,
    headers: Mapping[str, str] | None = None,
    accepted: bool = False,
) -> Act:
    """Answer with any status and any body: bytes, text, or a value to be sent as JSON.

    `accepted`: only after the service has done its part.
    """
    reply = _reply(status, body, headers or {})

    def act(_: Visit, proceed: Proceed) -> Reply:
        if accepted:
            proceed()
        return reply

    return act


def nginx(status: int = 502, *, accepted: bool = False) -> Act:
    """Answer as the load balancer in front of the service: an HTML page of 502, 503 or 504."""
    page = f"<html><body><center><h1>{status}</h1></center><center>nginx</center></body></html>"
    return answer(status, page, headers={"Content-Type": "text/html"}, accepted=accepted)


def unavailable(*, accepted: bool = False) -> Act:
    """Answer 503 as the service itself, naming its request id and the kind of error."""
    kind = "runner_scheduling_failure"
    body = {"detail": "No runner is available", "error_type": kind}
    headers = {"x-fal-request-id": "internal", "x-fal-error-type": kind}
    return answer(503, body, headers=headers, accepted=accepted)


def too_many(*, retry_after: float = 1) -> Act:
    """Answer 429 with Retry-After, in seconds."""
    body = {"detail": "Too many requests", "error_type": "concurrent_requests_limit"}
    return answer(429, body, headers={"Retry-After": f"{retry_after:g}"})


def bad_key() -> Act:
    """Answer 401: the key is not known."""
    return answer(401, {"detail": "Invalid API key"})


def no_credit() -> Act:
    """Answer 402: there is nothing left to pay with."""
    return answer(402, {"detail": "Payment required"})


def locked() -> Act:
    """Answer 403: the prepaid balance is used up and the account is locked."""
    reason = "Exhausted balance. Top up your balance at fal.ai/dashboard/billing."
    return answer(403, {"detail": f"User is locked. Reason: {reason}"})


def moderated(field: str = "prompt") -> Act:
    """Answer 422: the content policy objects to one field of the request."""
    return answer(422, {"detail": [_policy_violation(field)]})


def edit(change: Callable[[Any], Any]) -> Act:
    """Answer as usual, with the JSON replaced by what `change` makes of it."""

    def act(_: Visit, proceed: Proceed) -> Reply:
        reply = proceed()
        body = json.dumps(change(json.loads(reply.body))).encode()
        return replace(reply, body=body)

    return act


def without(*names: str) -> Act:
    """Answer as usual, but leave keys out of the JSON object."""
    return edit(lambda body: {name: body[name] for name in body if name not in names})


def put(**values: object) -> Act:
    """Answer as usual, but with other values in the JSON object."""
    return edit(lambda body: {**body, **values})


class _Repeat:
    def __init__(self) -> None:
        self._first: Reply | None = None

    def __call__(self, _: Visit, proceed: Proceed) -> Reply:
        reply = proceed()
        if self._first is None:
            self._first = reply
        return self._first


def repeat() -> Act:
    """Serve every request, but give all of them the first one's answer.

    On "submit" with times=2: two jobs are paid for and both are called by the same id.
    """
    return _Repeat()


def bomb(size: int = 200_000_000, *, accepted: bool = False) -> Act:
    """Answer with a few kilobytes that unpack to `size` bytes."""
    packed = gzip.compress(bytes(size))
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    return answer(200, packed, headers=headers, accepted=accepted)


# The job --------------------------------------------------------------------------------------


def fail(
    status: int = 500,
    detail: object = "Internal Server Error",
    *,
    error: str | None = None,
    error_type: str | None = None,
) -> Act:
    """Accept a submission whose job will fail: COMPLETED, and its result is an HTTP error.

    `error` and `error_type` also appear in the job's status; without them, as with fal's own
    422s, only the result tells. For "submit".
    """

    def act(visit: Visit, proceed: Proceed) -> Reply:
        reply = proceed()
        if visit.job is not None:
            visit.job.failure = FakeFailure(status, detail, error, error_type)
        return reply

    return act


def fail_moderated(field: str = "prompt") -> Act:
    """Accept a submission whose result is a content policy violation. For "submit"."""
    return fail(422, [_policy_violation(field)])


def film(footage: FakeClip) -> Act:
    """Accept a submission whose clip looks other than usual: length, size, rate, sound.

    For "submit".
    """

    def act(visit: Visit, proceed: Proceed) -> Reply:
        reply = proceed()
        if visit.job is not None:
            visit.job.footage = footage
        return reply

    return act


# The download ---------------------------------------------------------------------------------


def truncate(sent: int) -> Act:
    """Announce the whole file, send that many bytes of the body and break the connection."""
    return _bend(lambda reply: replace(reply, sent=sent))


def shorten(size: int) -> Act:
    """Send only the first `size` bytes as if they were the whole file."""
    return _bend(lambda reply: replace(reply, body=reply.body[:size]))


def unmeasured(*, sent: int | None = None) -> Act:
    """Send the file in chunks without a length, breaking off after `sent` bytes if given."""
    return _bend(lambda reply: replace(reply, chunked=True, sent=sent))


def oversize(length: int = 50_000_000_000) -> Act:
    """Announce a file of that many bytes, send the real one and break the connection."""

    def bent(reply: Reply) -> Reply:
        headers = {**reply.headers, "Content-Length": str(length)}
        return replace(reply, headers=headers, sent=len(reply.body))

    return _bend(bent)


def ignore_range() -> Act:
    """Answer a Range request with 200 and the whole file."""

    def act(visit: Visit, proceed: Proceed) -> Reply:
        visit.request = _unranged(visit.request)
        return proceed()

    return act


def unsatisfiable() -> Act:
    """Answer a Range request with 416, and any other request as usual."""
    refusal = Reply(416, {"Content-Range": "bytes */0"})
    return lambda visit, proceed: refusal if "Range" in visit.request.headers else proceed()


def change_etag(etag: str = '"changed"') -> Act:
    """Send the file under another ETag, as if it had been replaced in the meantime."""

    def act(visit: Visit, proceed: Proceed) -> Reply:
        if visit.request.headers.get("If-Range", etag) != etag:
            visit.request = _unranged(visit.request)
        reply = proceed()
        return replace(reply, headers={**reply.headers, "ETag": etag})

    return act


def labelled(media_type: str) -> Act:
    """Send the file under another Content-Type, or under none."""

    def bent(reply: Reply) -> Reply:
        others = {name: text for name, text in reply.headers.items() if name != "Content-Type"}
        return replace(reply, headers=others | ({"Content-Type": media_type} if media_type else {}))

    return _bend(bent)


def corrupt() -> Act:
    """Send the file with every byte of its second half inverted."""

    def bent(reply: Reply) -> Reply:
        half = len(reply.body) // 2
        return replace(reply, body=reply.body[:half] + bytes(b ^ 0xFF for b in reply.body[half:]))

    return _bend(bent)


def swap(content: bytes, *, media_type: str = "video/mp4") -> Act:
    """Send another file: nothing at all, a captive portal's page, a playlist."""
    return answer(200, content, headers={"Content-Type": media_type})


PORTAL = b"<!DOCTYPE html><html><body><h1>Welcome to Airport WiFi</h1></body></html>"
"""A captive portal's page, for `swap`."""

HLS_PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n/etc/passwd\n#EXT-X-ENDLIST\n"
"""A streaming playlist that names a local file, for `swap`."""

CONCAT_LIST = b"ffconcat version 1.0\nfile /etc/passwd\n"
"""An ffmpeg list that names a local file, for `swap`."""


# The history ----------------------------------------------------------------------------------


def empty_page() -> Act:
    """List nothing. For "history"."""
    return put(items=[], next_cursor=None, has_more=False)


def twins() -> Act:
    """List every request twice, the second time under another id. For "history"."""
    return edit(lambda page: {**page, "items": [t for i in page["items"] for t in (i, _twin(i))]})


def unreadable() -> Act:
    """List requests without what they asked for and what came of it. For "history"."""

    def change(page: dict[str, Any]) -> dict[str, Any]:
        kept = [{k: i[k] for k in i if not k.startswith("json_")} for i in page["items"]]
        return {**page, "items": kept}

    return edit(change)


def _bend(bent: Callable[[Reply], Reply]) -> Act:
    return lambda _, proceed: bent(proceed())


def _reply(status: int, body: object, headers: Mapping[str, str]) -> Reply:
    if isinstance(body, bytes):
        return Reply(status, headers, body)
    if isinstance(body, str):
        return Reply(status, {"Content-Type": "text/plain", **headers}, body.encode())
    return Reply.of(body, status, headers)


def _policy_violation(field: str) -> dict[str, Any]:
    message = "The content could not be processed because it was flagged by a content checker."
    return {"loc": ["body", field], "msg": message, "type": "content_policy_violation"}


def _twin(item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "request_id": f"{item['request_id']}-twin"}


def _unranged(request: HttpRequest) -> HttpRequest:
    headers = copy.copy(request.headers)
    del headers["Range"]
    return replace(request, headers=headers)
