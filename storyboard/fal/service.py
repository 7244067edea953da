"""fal.ai as this package uses it: each method is one exchange, and says what went wrong.

fal-client does what it does well: credentials, uploads, handles. A paid request is one POST,
sent once: the client's own `submit()` repeats it on lost answers, and each repeat may be paid.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from socksio.exceptions import SOCKSError

from storyboard.errors import Expired, LostAnswer, NotSent, Refused, ServiceError
from storyboard.fal import answers, price_list
from storyboard.fal.answers import Past, Progress, Receipt, Result
from storyboard.fal.download import Advance, download, tell_nobody
from storyboard.fal.key import fingerprint, hidden
from storyboard.fal.lines import SUBMIT_TIMEOUT, Lines, Switchboard
from storyboard.web import NoWayOut, proxies

QUEUE = "https://queue.fal.run/"
HISTORY = "https://api.fal.ai/v1/models/requests/by-endpoint"
PRICES = "https://api.fal.ai/v1/models/pricing"
KEEP_FOR = 30 * 24 * 3600
"""Seconds that results and uploads are asked to be kept."""

_TROUBLE = (httpx.HTTPError, SOCKSError)
"""What can happen on the way to the service and back; httpx leaves a proxy's as they are."""

_SUBMIT_HEADERS = {
    "Content-Type": "application/json",
    # fal may reroute to an "equivalent" endpoint after failures; that is not what was paid for.
    "x-app-fal-disable-fallback": "true",
    "X-Fal-Object-Lifecycle-Preference": f'{{"expiration_duration_seconds": {KEEP_FOR}}}',
}


def _nothing() -> None:
    """What there is to do before a request that nobody keeps books of."""


@dataclass(slots=True)
class _Body:
    """A paid request's body: its first byte leaves once `before` has come back.

    httpx asks for it when the connection stands, TLS and all. A request whose body has not begun
    can't have been accepted.
    """

    data: bytes
    before: Callable[[], None]
    begun: bool = False

    def __iter__(self) -> Iterator[bytes]:
        self.before()
        self.begun = True
        yield self.data


class Fal:
    """The service, with one account's key. Safe to use from many threads."""

    def __init__(self, key: str | None, *, submit_timeout: httpx.Timeout = SUBMIT_TIMEOUT) -> None:
        """`NotSent` where the environment's proxies or certificates can't be used."""
        try:
            proxies.check()
        except NoWayOut as cause:
            raise NotSent(str(cause)) from cause
        self._key = key
        self._switchboard = Switchboard(key, submit_timeout)

    @property
    def _lines(self) -> Lines:
        return self._switchboard.lines

    def open(self) -> None:
        """Open the connections' clients now, not with the first exchange."""
        _ = self._lines

    def close(self) -> None:
        """Let go of all connections."""
        self._switchboard.close()

    def hidden(self, text: str) -> str:
        """The text without the key."""
        return hidden(text, self._key)

    def account(self, salt: str) -> str:
        """Whose key this is, as a salted fingerprint; see `storyboard.fal.key`."""
        return fingerprint(self._key, salt)

    def upload(self, data: bytes, mime: str, name: str) -> str:
        """Put a picture on the service's CDN; gives its address. Free, and safe to repeat."""
        from fal_client.client import FalClientHTTPError

        try:
            # No fallback: it would send the key along to a storage host that is not fal.ai's.
            return str(
                self._lines.client.upload(
                    data, mime, file_name=name, repository="fal_v3", fallback_repository=[]
                )
            )
        except FalClientHTTPError as error:
            raise self._refusal(error.response, "the upload") from error
        except httpx.HTTPStatusError as error:
            raise self._refusal(error.response, "the upload") from error
        except (*_TROUBLE, OSError, KeyError, ValueError, TypeError) as error:
            raise NotSent(self.hidden(f"the upload failed: {_said(error)}")) from error

    def submit(
        self,
        endpoint: str,
        arguments: Mapping[str, Any],
        *,
        tag: str,
        before: Callable[[], None] = _nothing,
    ) -> Receipt:
        """Send one paid request, once. `tag` goes along for the service's own reports.

        `before` is called when the connection stands and nothing of the request's body has left;
        what it raises comes out of here, and nothing was sent.

        Raises `NotSent` where nothing reached the service, `Refused` where it said no, and
        `LostAnswer` in every other case: then it may have been accepted, and paid.
        """
        body = _Body(json.dumps(dict(arguments)).encode(), before)
        try:
            response = self._lines.posting.post(
                QUEUE + endpoint,
                content=body,
                headers={
                    **_SUBMIT_HEADERS,
                    "Content-Length": str(len(body.data)),
                    "X-Fal-Tags": f"storyboard={tag}",
                },
            )
        except (*_TROUBLE, OSError) as error:
            if not body.begun:
                raise NotSent(self.hidden(f"nothing was sent: {_said(error)}")) from error
            raise LostAnswer(self.hidden(f"sent, but no answer came: {_said(error)}")) from error
        answer = answers.body(response)
        status = response.status_code
        if status in (400, 401, 402, 403, 404, 413, 422, 429):
            raise self._hide(answers.refused(response, answer, after_accepting=False))
        if not body.begun:
            raise NotSent(f"nothing was sent: the service hung up on it ({status})")
        made = answers.receipt(answer) if response.is_success else None
        if made is None:
            why = answers.reason(answer, response.reason_phrase)
            raise LostAnswer(self.hidden(f"sent, but the answer ({status}) is no receipt: {why}"))
        for url in made.urls.values():
            if not answers.is_service(url):
                raise LostAnswer(
                    f"accepted as {made.request_id}, but with an address that is "
                    "not the service's; nothing is sent there"
                )
        return made

    def progress(self, receipt: Receipt) -> Progress:
        """How far a request is. `Expired` where the service has forgotten it."""
        response = self._get(receipt.status_url)
        if response.status_code in (404, 410):
            raise Expired(f"the service does not know {receipt.request_id} (any more)")
        if not response.is_success:
            raise self._refusal(response, "the status")
        answer = answers.body(response)
        if not isinstance(answer, dict):
            raise ServiceError("the status is not JSON")
        return answers.progress(answer)

    def result(self, receipt: Receipt) -> Result:
        """A completed request's answer. `Refused` where the request failed."""
        response = self._get(receipt.response_url)
        answer = answers.body(response)
        if response.status_code in (404, 410):
            raise Expired(f"the service no longer has the result of {receipt.request_id}")
        if answer is None:
            raise NotSent(f"the result can't be read ({response.status_code}, no JSON)")
        if response.status_code in (401, 402, 403):
            raise self._refusal(response, "the result")
        if not response.is_success:
            raise self._hide(answers.refused(response, answer, after_accepting=True))
        found = answers.result(answer, response.headers)
        if found is None:
            raise ServiceError(
                f"the result of {receipt.request_id} has no video: "
                + answers.reason(answer, "nothing is said about why")
            )
        return found

    def cancel(self, receipt: Receipt) -> str:
        """Ask for a request to be cancelled; gives the service's word for what it did."""
        if not answers.is_service(receipt.cancel_url):
            raise ServiceError("the cancel address is not the service's; nothing is sent there")
        try:
            response = self._lines.reading.put(receipt.cancel_url)
        except _TROUBLE as error:
            raise ServiceError(self.hidden(f"no answer: {_said(error)}")) from error
        answer = answers.body(response)
        word = answer.get("status") if isinstance(answer, dict) else None
        return str(word or response.status_code)

    def history(
        self, endpoint: str, *, since: str | None = None, request_id: str | None = None
    ) -> Iterator[Past]:
        """The account's requests to an endpoint, with what was sent and what came of it.

        All that were sent `since` then (ISO 8601), or the one with this id.
        """
        asked: dict[str, Any] = {"endpoint_id": endpoint, "limit": 100, "expand": "payloads"}
        asked |= {"start": since} if since else {}
        asked |= {"request_id": request_id} if request_id else {}
        for _ in range(200):
            response = self._get(HISTORY, **asked)
            answer = answers.body(response)
            if not response.is_success or not isinstance(answer, dict):
                raise self._refusal(response, "the request history")
            items = answer.get("items")
            if not isinstance(items, list):
                raise ServiceError("the request history's answer has no list of requests")
            for item in items:
                if isinstance(item, dict) and isinstance(item.get("request_id"), str):
                    yield _past(item)
            if not answer.get("has_more") or not answer.get("next_cursor"):
                return
            asked["cursor"] = answer["next_cursor"]

    def price(self, endpoint: str) -> int:
        """Micro-dollars for a second, by the service's price list; ServiceError where it is no
        use, and why."""
        response = self._get(PRICES, endpoint_id=endpoint)
        if not response.is_success:
            raise self._refusal(response, "the price list")
        try:
            return price_list.per_second(answers.body(response), endpoint)
        except ValueError as error:
            why = f"the service's price list is no use: {error}"
            raise ServiceError(self.hidden(why)) from None

    def download(
        self, url: str, path: Path, *, expected: int | None = None, advance: Advance = tell_nobody
    ) -> None:
        """Fetch a clip without the key; see `storyboard.fal.download`."""
        download(self._lines.plain, url, path, expected=expected, advance=advance)

    def picture(self, url: str) -> bytes:
        """An uploaded picture, fetched without the key."""
        if not answers.is_media(url):
            raise ServiceError("the picture's address is not the service's")
        try:
            response = self._lines.plain.get(url)
        except _TROUBLE as error:
            raise NotSent(f"no answer: {_said(error)}") from error
        if not response.is_success:
            raise Expired(f"the picture is no longer at the service ({response.status_code})")
        return response.content

    def receipt_of(self, endpoint: str, request_id: str) -> Receipt:
        """The receipt of a request that is known by its id alone, as fal-client builds it."""
        from fal_client import SyncRequestHandle

        handle = SyncRequestHandle.from_request_id(self._lines.reading, endpoint, request_id)
        return Receipt(request_id, handle.status_url, handle.response_url, handle.cancel_url)

    def _get(self, url: str, **parameters: Any) -> httpx.Response:
        if not answers.is_service(url):
            raise ServiceError("an address that is not the service's; the key is not sent there")
        try:
            return self._lines.reading.get(url, params=parameters or None)
        except _TROUBLE as error:
            raise NotSent(self.hidden(f"no answer: {_said(error)}")) from error

    def _refusal(self, response: httpx.Response, what: str) -> Refused:
        found = answers.refused(response, answers.body(response), after_accepting=False)
        return Refused(
            self.hidden(f"{what}: {found}"),
            status=found.status,
            details=found.details,
            retry_after=found.retry_after,
        )

    def _hide(self, found: Refused) -> Refused:
        return Refused(
            self.hidden(str(found)),
            status=found.status,
            details=found.details,
            charged=found.charged,
            retry_after=found.retry_after,
        )


def _past(item: Mapping[str, Any]) -> Past:
    inputs, outputs = item.get("json_input"), item.get("json_output")
    return Past(
        request_id=str(item["request_id"]),
        endpoint=str(item.get("endpoint_id", "")),
        sent_at=str(item.get("sent_at", "")),
        inputs=inputs if isinstance(inputs, dict) else {},
        outputs=outputs if isinstance(outputs, dict) else None,
    )


def _said(error: BaseException) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "its certificate is not trusted here; set SSL_CERT_FILE to your company's"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
