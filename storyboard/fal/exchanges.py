"""fal.ai as this package uses it: each method is one exchange, and says what follows from it.

What follows is read off one table (`storyboard.fal.conclusions`); its words become these errors:
*refused* `Refused`, *failed* `Failed`, *gone* `Expired`, *no news* `NoNews` (at a paid POST
`LostAnswer`, at an upload `NotSent`). Every answer is bounded, and made fit to be kept.

fal-client does what it does well: credentials, uploads, handles. A paid request is one POST,
sent once: the client's own `submit()` repeats it on lost answers, and each repeat may be paid.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from socksio.exceptions import SOCKSError

from storyboard.clock import REAL
from storyboard.errors import Expired, LostAnswer, NoNews, NotSent, ServiceError
from storyboard.fal import answers, incoming, price_list
from storyboard.fal.bounds import within
from storyboard.fal.clients import USUAL, LazyClients
from storyboard.fal.conclusions import TABLE, Conclusion, Step, conclude
from storyboard.fal.download import download
from storyboard.fal.hosts import is_media, is_service
from storyboard.fal.incoming import Answer
from storyboard.fal.key import fingerprint
from storyboard.service import (
    Accepted,
    CancelReply,
    nothing_before,
    tell_nobody,
)
from storyboard.webfetch import proxies

if TYPE_CHECKING:
    from storyboard.clock import Clockwork
    from storyboard.fal.clients import Clients, Limits
    from storyboard.fal.conclusions import Rule
    from storyboard.service import (
        Advance,
        Listed,
        Outcome,
        Progress,
    )

QUEUE = "https://queue.fal.run/"
HISTORY = "https://api.fal.ai/v1/models/requests/by-endpoint"
PRICES = "https://api.fal.ai/v1/models/pricing"
KEEP_FOR = 30 * 24 * 3600
"""Seconds that results and uploads are asked to be kept."""
LOOKED_BACK = 60 * 24 * 3600
"""Seconds that are looked back for a request that is asked for by its id: twice as long as the
history remembers, since this machine's date may be wrong."""
_PAGES = 200
_URLS = ("status_url", "response_url", "cancel_url")

_TROUBLE = (httpx.HTTPError, SOCKSError)
"""What can happen on the way to the service and back; httpx leaves a proxy's as they are."""

_SUBMIT_HEADERS = {
    "Content-Type": "application/json",
    # fal may reroute to an "equivalent" endpoint after failures; that is not what was paid for.
    "x-app-fal-disable-fallback": "true",
    "X-Fal-Object-Lifecycle-Preference": f'{{"expiration_duration_seconds": {KEEP_FOR}}}',
}


@dataclass(slots=True)
class _Body:
    """A paid request's body: its first byte leaves once `before` has come back.

    httpx asks for it when the connection stands, TLS and all. A request whose body has not begun
    can't have been accepted, and can be called off.
    """

    data: bytes
    before: Callable[[], None]
    begun: bool = False
    off: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __iter__(self) -> Iterator[bytes]:
        with self.lock:
            if self.off:
                raise httpx.WriteError("called off")
            self.before()
            self.begun = True
        yield self.data

    def call_off(self) -> bool:
        """Whether nothing of it has left, and nothing will."""
        with self.lock:
            self.off = True
            return not self.begun


_USUAL = httpx.URL("https://queue.fal.run")
_ERRNO = re.compile(r"\[Errno -?\d+\] ")


class Fal:
    """The service, with one account's key. Safe to use from many threads."""

    def __init__(
        self,
        key: str | None,
        *,
        limits: Limits = USUAL,
        clock: Clockwork = REAL,
        table: tuple[Rule, ...] = TABLE,
    ) -> None:
        """`NoWayOut` where the environment's proxies or certificates can't be used."""
        proxies.check()
        self._key, self._limits, self._table, self._clock = key, limits, table, clock
        self._switchboard = LazyClients(key, limits, clock)

    @property
    def _lines(self) -> Clients:
        return self._switchboard.lines

    def open(self) -> None:
        """Open the connections' clients now, not with the first exchange."""
        _ = self._lines

    def close(self) -> None:
        """Let go of all connections."""
        self._switchboard.close()

    def hidden(self, text: str) -> str:
        """The text without the key, and storable."""
        return incoming.storable(text, self._secrets)

    @property
    def _secrets(self) -> tuple[str, ...]:
        return incoming.parts_of(self._key or self._switchboard.login)

    # pictures

    def account(self, salt: str) -> str:
        """Whose key this is, as a salted fingerprint; see `storyboard.fal.key`."""
        return fingerprint(self._key, salt)

    def upload(self, data: bytes, mime: str, name: str) -> str:
        """Put a picture on the service's CDN; gives its address. Free, and safe to repeat.

        `NotSent` where another try may help, `Refused` where the service said no.
        """
        from fal_client.client import FalClientHTTPError

        try:
            # No fallback: it would send the key along to a storage host that is not fal.ai's.
            address = within(
                self._limits.upload.seconds,
                lambda: self._lines.client.upload(
                    data, mime, file_name=name, repository="fal_v3", fallback_repository=[]
                ),
            )
        except (FalClientHTTPError, httpx.HTTPStatusError) as error:
            raise self._upload_failed(self._fit(error.response)) from error
        except (*_TROUBLE, OSError, KeyError, ValueError, TypeError) as error:
            raise NotSent(self.hidden(f"the upload failed: {_said(error)}")) from error
        answer = Answer(200, {"access_url": self.hidden(str(address))})
        if self._conclude(Step.UPLOAD, answer) is not Conclusion.ACCEPTED:
            raise NotSent("the upload failed: it ended at an address that is not the service's")
        return str(answer.json["access_url"])

    def _upload_failed(self, answer: Answer) -> ServiceError:
        if self._conclude(Step.UPLOAD, answer) is Conclusion.REFUSED:
            return answers.refused(answer, "the upload: the service")
        return NotSent(f"the upload failed ({answer.status}): {answers.said(answer)}")

    def is_there(self, address: str) -> bool:
        """Whether a clip is at its address."""
        if not is_media(address):
            return False
        answer = self._look(lambda: self._lines.pictures.head(address))
        return self._conclude(Step.DOWNLOAD, answer) is Conclusion.ACCEPTED

    def picture(self, address: str) -> bytes:
        """An uploaded picture, fetched without the key."""
        if not is_media(address):
            raise ServiceError("the picture's address is not the service's")
        response = self._sent(lambda: self._lines.pictures.get(address))
        answer = Answer(response.status_code)
        match self._conclude(Step.PICTURE, answer):
            case Conclusion.ACCEPTED:
                return response.content
            case Conclusion.GONE:
                raise Expired(f"the picture is no longer at the service ({answer.status})")
        raise NoNews(f"the picture can't be had ({answer.status})", is_error=answer.status >= 400)

    # requests

    def submit(
        self,
        endpoint: str,
        arguments: Mapping[str, Any],
        *,
        tag: str,
        before: Callable[[], None] = nothing_before,
    ) -> Accepted:
        """Send one paid request, once. `tag` goes along for the service's own reports.

        `before` is called when the connection stands and nothing of the request's body has left;
        what it raises comes out of here, and nothing was sent.

        Raises `NotSent` where nothing reached the service, `Refused` where it said no, and
        `LostAnswer` in every other case: then it may have been accepted, and paid.
        """
        body = _Body(json.dumps(dict(arguments)).encode(), before)
        headers = {
            **_SUBMIT_HEADERS,
            "Content-Length": str(len(body.data)),
            "X-Fal-Tags": f"storyboard={tag}",
        }
        post = self._lines.posting.post
        try:
            response = within(
                self._limits.receipt.seconds,
                lambda: post(QUEUE + endpoint, content=body, headers=headers),
            )
        except (*_TROUBLE, OSError) as error:
            said = self.hidden(_said(error))
            if body.call_off():
                raise NotSent(f"nothing was sent: {said}") from error
            raise LostAnswer(f"sent, but no answer came: {said}") from error
        return self._accepted(endpoint, self._fit(response), begun=body.begun)

    def _accepted(self, endpoint: str, answer: Answer, *, begun: bool) -> Accepted:
        match self._conclude(Step.SUBMIT, answer):
            case Conclusion.ACCEPTED:
                known = self.accepted(endpoint, answer.fields["request_id"])
                return answers.accepted(answer.json, known)
            case Conclusion.REFUSED:
                raise answers.refused(answer)
        if not begun:
            raise NotSent(f"nothing was sent: the service hung up on it ({answer.status})")
        raise LostAnswer(
            f"sent, but the answer ({answer.status}) is no receipt: {answers.said(answer)}"
        )

    def progress(self, request: Accepted) -> Progress:
        """How far a request is."""
        answer = self._get(self._url(request, "status_url"))
        match self._conclude(Step.STATUS, answer, request.request_id):
            case Conclusion.ACCEPTED | Conclusion.FAILED:
                return answers.progress(answer)
            case Conclusion.REFUSED:
                raise answers.refused(answer, "the status: the service")
            case Conclusion.GONE:
                raise Expired(f"the service does not know {request.request_id} (any more)")
        raise _no_news(answer, "the status")

    def result(self, request: Accepted) -> Outcome:
        """A completed request's answer."""
        answer = self._get(self._url(request, "response_url"))
        match self._conclude(Step.RESULT, answer, request.request_id):
            case Conclusion.ACCEPTED:
                found = answers.outcome(answer.json, answer.headers)
                assert found is not None
                return found
            case Conclusion.FAILED:
                raise answers.failed(answer)
            case Conclusion.REFUSED:
                raise answers.refused(answer, "the result: the service")
            case Conclusion.GONE:
                raise Expired(f"the service no longer has the result of {request.request_id}")
        raise _no_news(answer, f"the result of {request.request_id}")

    def outcome_of(self, answer: Mapping[str, Any]) -> Outcome | None:
        """What a result says that was written down; None where it has no clip."""
        return answers.outcome(answer)

    def cancel(self, request: Accepted) -> CancelReply:
        """Ask for a request to be cancelled; gives the service's word."""
        url = self._url(request, "cancel_url")
        if not is_service(url):
            raise ServiceError("the cancel address is not the service's; nothing is sent there")
        answer = self._look(lambda: self._lines.reading.put(url))
        says = str(answer.fields.get("status") or answer.status)
        then = self._conclude(Step.CANCEL, answer, request.request_id)
        return CancelReply(then is Conclusion.ACCEPTED, says)

    def accepted(self, endpoint: str, request_id: str) -> Accepted:
        """A request that is known by its id alone, with the addresses that fal-client builds."""
        from fal_client import SyncRequestHandle

        handle = SyncRequestHandle.from_request_id(self._lines.reading, endpoint, request_id)
        urls = {name: str(getattr(handle, name)) for name in _URLS}
        return Accepted(endpoint, request_id, urls)

    def _url(self, request: Accepted, name: str) -> str:
        """One of a request's addresses: the one that was given for it, else by the rule."""
        known = request.urls.get(name)
        return known or self.accepted(request.endpoint, request.request_id).urls[name]

    # the account

    def find(
        self, endpoint: str, *, since: float | None = None, request_id: str | None = None
    ) -> Iterator[Listed]:
        """The account's requests to an endpoint, with what was sent and what came of it.

        The last day's, or all that were sent `since` then (seconds since 1970), or the one with
        this id, whenever it was sent. Entries of other endpoints are left out. `NoNews` in place
        of the first page that does not come, and where the list does not come to its end: what
        was not read is not "not there".
        """
        asked: dict[str, Any] = {"endpoint_id": endpoint, "limit": 100, "expand": "payloads"}
        if since is None and request_id:  # asked by id alone, it may look through one day only
            since = self._clock.time() - LOOKED_BACK
        if since is not None:
            asked["start"] = datetime.fromtimestamp(since, UTC).isoformat()
        asked |= {"request_id": request_id} if request_id else {}
        seen: set[str] = set()
        for _ in range(_PAGES):
            answer = self._get(HISTORY, **asked)
            match self._conclude(Step.HISTORY, answer):
                case Conclusion.REFUSED:
                    raise answers.refused(answer, "the request history: the service")
                case Conclusion.NO_NEWS:
                    raise _no_news(answer, "the request history")
            for item in answer.fields["items"]:
                if isinstance(item, dict) and answers.request_id(item):
                    found = answers.listed(item)
                    if found.endpoint in ("", endpoint):
                        yield found
            cursor = _next_page(answer)
            if cursor is None:
                return
            if cursor in ("", *seen):
                break
            seen.add(cursor)
            asked["cursor"] = cursor
        raise NoNews("the request history does not come to its end")

    def price(self, endpoint: str, unit: str = "second") -> int:
        """Micro-dollars for a unit (a "second", a "take"), by the service's price list;
        ServiceError where it is no use, and why."""
        answer = self._get(PRICES, endpoint_id=endpoint)
        match self._conclude(Step.PRICES, answer):
            case Conclusion.REFUSED:
                raise answers.refused(answer, "the price list: the service")
            case Conclusion.NO_NEWS:
                raise _no_news(answer, "the price list")
        try:
            return price_list.of_unit(answer.json, endpoint, unit)
        except ValueError as error:
            raise NoNews(f"the service's price list is no use: {error}") from None

    # clips

    def download(
        self,
        address: str,
        path: Path,
        *,
        expected: int | None = None,
        advance: Advance = tell_nobody,
    ) -> tuple[str, ...]:
        """Fetch a clip without the key, and say what was odd; see `storyboard.fal.download`."""
        line, hidden = self._lines.plain, self.hidden
        odd = download(line, address, path, expected=expected, advance=advance, hidden=hidden)
        return tuple(hidden(one) for one in odd)

    # the workings

    def _conclude(self, step: Step, answer: Answer, request_id: str = "") -> Conclusion:
        return conclude(step, answer, request_id, table=self._table)

    def _get(self, url: str, **parameters: Any) -> Answer:
        if not is_service(url):
            raise NoNews("an address that is not the service's; the key is not sent there")
        return self._look(lambda: self._lines.reading.get(url, params=parameters or None))

    def _look(self, send: Callable[[], httpx.Response]) -> Answer:
        return self._fit(self._sent(send))

    def _sent(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        """One exchange that may be repeated; NoNews where no whole answer came."""
        try:
            return within(self._limits.answer.seconds, send)
        except (*_TROUBLE, httpx.InvalidURL, OSError) as error:
            raise NoNews(self.hidden(f"no answer: {_said(error)}")) from error

    def _fit(self, response: httpx.Response) -> Answer:
        return incoming.answer(response, self._secrets)


def _next_page(answer: Answer) -> str | None:
    """Where the history goes on; empty where it does and does not say where, None at its end."""
    more, cursor = answer.fields.get("has_more"), answer.fields.get("next_cursor")
    if more is False or (more is None and not cursor):
        return None
    return str(cursor) if isinstance(cursor, str | int) and cursor else ""


def _no_news(answer: Answer, what: str) -> NoNews:
    return NoNews(
        f"{what} tells nothing ({answer.status}): {answers.said(answer)}",
        is_error=answer.status >= 400,
        retry_after=answers.retry_after(answer),
        charged=answers.charged(answer),
    )


def _said(error: BaseException) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "its certificate is not trusted here; set SSL_CERT_FILE to your company's"
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, SOCKSError)):
        return _unreached(error)
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _unreached(error: Exception) -> str:
    """Why there is no connection, and which of the environment's proxies it would go through."""
    why = _ERRNO.sub("", str(error)) or type(error).__name__
    try:
        url = error.request.url if isinstance(error, httpx.RequestError) else _USUAL
    except RuntimeError:  # it was raised before there was a request
        url = _USUAL
    name = proxies.way(url)
    if name:
        return f"no way through the proxy that {name} names ({why}); mend it, or unset it"
    return f"no connection to {url.host} ({why})"
