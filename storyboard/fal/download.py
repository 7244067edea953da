"""Downloading a clip: no key, https, the service's domains, resumed, and whole.

What is there was paid: neither its announced kind nor its announced size keep it from being
fetched. Whether it is a clip is seen when it is decoded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from socksio.exceptions import SOCKSError

from storyboard.errors import Expired, NoNews, ServiceError
from storyboard.fal.bounds import TooLong, TooMuch, within
from storyboard.fal.conclusions import Conclusion, Step, conclude
from storyboard.fal.hosts import is_media
from storyboard.fal.incoming import Answer
from storyboard.service import tell_nobody

if TYPE_CHECKING:
    from storyboard.service import Advance

MAX_REDIRECTS = 5
HEAD_WITHIN = 120.0
"""Seconds until an answer's head is there."""


_TAG = re.compile(r'"[\x21\x23-\x7e]{1,200}"')
"""A mark that says that it is the very same file. Others would not: no going on with them."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A file on its way, and the ETag of what it is a part of."""

    path: Path

    @property
    def _tag_path(self) -> Path:
        return self.path.with_name(self.path.name + ".etag")

    @property
    def tag(self) -> str:
        return self._tag_path.read_text("utf-8") if self._tag_path.exists() else ""

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def start_over(self, tag: str) -> None:
        self.path.write_bytes(b"")
        self._tag_path.write_text(tag, "utf-8")

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
        self._tag_path.unlink(missing_ok=True)

    def finish(self) -> None:
        self._tag_path.unlink(missing_ok=True)


def download(
    client: httpx.Client,
    url: str,
    path: Path,
    *,
    expected: int | None = None,
    advance: Advance = tell_nobody,
    hidden: Callable[[str], str] = str,
) -> tuple[str, ...]:
    """Fetch `url` into `path`, going on where an earlier download of it stopped.

    `client` knows no key, and `hidden` blots it out of what is repeated. `expected` is the size
    that the service's result names. Gives what was odd, in words. Raises `Expired` where the CDN
    says that it is gone, `NoNews` where another try may help (what is here stays for it), and
    `ServiceError` where nothing may be fetched.
    """
    part = _Part(path)
    start = part.size if part.tag else 0
    headers = {"Accept-Encoding": "identity"}
    if start:
        headers |= {"Range": f"bytes={start}-", "If-Range": part.tag}
    try:
        with _answer(client, url, headers) as response:
            response.headers["etag"] = _fit_tag(response.headers.get("etag", ""), hidden)
            odd = _take(response, part, start, expected, advance)
    except (httpx.HTTPError, httpx.InvalidURL, SOCKSError) as error:
        if isinstance(error, TooMuch) and not isinstance(error, TooLong):
            part.forget()
        said = hidden(f"{type(error).__name__}: {error}")
        raise NoNews(f"the download broke off ({said})") from error
    part.finish()
    return odd


def _fit_tag(tag: str, hidden: Callable[[str], str]) -> str:
    """The mark, where it can be kept and sent back as it is; else empty."""
    return tag if _TAG.fullmatch(tag) and hidden(tag) == tag else ""


@contextmanager
def _answer(client: httpx.Client, url: str, headers: dict[str, str]) -> Iterator[httpx.Response]:
    """The answer at the end of the redirects, each of which has to stay with the service."""
    for _ in range(MAX_REDIRECTS):
        if not is_media(url):
            raise ServiceError("the clip's address is not the service's; nothing is fetched there")
        request = client.build_request("GET", url, headers=headers)
        response = within(
            HEAD_WITHIN,
            lambda request=request: client.send(request, stream=True),  # type: ignore[misc]
            drop=httpx.Response.close,
        )
        try:
            if not response.has_redirect_location:
                yield response
                return
            url = str(response.url.join(response.headers["location"]))
        finally:
            response.close()
    raise ServiceError("the clip's address leads in circles")


def _take(
    response: httpx.Response, part: _Part, start: int, expected: int | None, advance: Advance
) -> tuple[str, ...]:
    start = _start(response, part, start)
    total = _total(response, start)
    _write(response, part, start, total, advance)
    here = part.size
    if total is not None and here != total:
        if here > total or not part.tag:
            part.forget()
        raise NoNews(f"the download broke off at {here} of {total} bytes")
    return (*_odd_kind(response), *_odd_size(here, expected))


def _start(response: httpx.Response, part: _Part, start: int) -> int:
    """At which byte of the part the body begins; an error where it is no body of the clip's."""
    status = response.status_code
    conclusion = conclude(Step.DOWNLOAD, Answer(status))
    if conclusion is Conclusion.GONE:
        raise Expired(f"the clip is not at its address ({status})")
    if status == 416:
        part.forget()
        raise NoNews("what was here does not fit the clip; it is fetched anew")
    if conclusion is not Conclusion.ACCEPTED:
        raise NoNews(f"the service's CDN answered {status}", is_error=status >= 400)
    if status == 206 and start and _goes_on(response, start):
        return start
    if status == 206 and not _goes_on(response, 0):
        part.forget()
        raise NoNews("the service sent another part than was asked for; it is fetched anew")
    part.start_over(response.headers.get("etag", ""))
    return 0


_VIDEO = ("application/octet-stream", "binary/octet-stream", "application/mp4")


def _odd_kind(response: httpx.Response) -> tuple[str, ...]:
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if not kind or kind.startswith("video/") or kind in _VIDEO:
        return ()
    return (f"the service calls it {kind[:80]}",)


def _odd_size(here: int, expected: int | None) -> tuple[str, ...]:
    if expected is None or here == expected:
        return ()
    return (f"it has {here} bytes, the result says {expected}",)


def _goes_on(response: httpx.Response, start: int) -> bool:
    found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("content-range", ""))
    return found is not None and int(found[1]) == start


def _total(response: httpx.Response, start: int) -> int | None:
    """The whole size, where the answer says it: a server may leave it out."""
    length = response.headers.get("content-length", "")
    return start + int(length) if re.fullmatch(r"\d{1,15}", length) else None


def _write(
    response: httpx.Response, part: _Part, start: int, total: int | None, advance: Advance
) -> None:
    here = start
    with part.path.open("r+b") as file:
        file.seek(start)
        file.truncate()
        for piece in response.iter_raw():  # as it comes: a chunk size would lose the last piece
            here += len(piece)
            file.write(piece)
            advance(here, total)
