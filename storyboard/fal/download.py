"""Downloading a clip: no key, https, the service's domains, resumed, and whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from socksio.exceptions import SOCKSError

from storyboard.errors import Expired, NotSent, ServiceError
from storyboard.fal.answers import is_media

LARGEST = 4_000_000_000
"""Bytes; the longest clip of any model is far below."""
MAX_REDIRECTS = 5

Advance = Callable[[int, int | None], None]
"""Told how many bytes are here, and of how many where that is known."""


def tell_nobody(_here: int, _total: int | None) -> None:
    """The Advance that does nothing."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A file on its way, and the ETag of what it is a part of."""

    path: Path

    @property
    def _tag_path(self) -> Path:
        return self.path.with_name(self.path.name + ".etag")

    @property
    def tag(self) -> str:
        return self._tag_path.read_text() if self._tag_path.exists() else ""

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def start_over(self, tag: str) -> None:
        self.path.write_bytes(b"")
        self._tag_path.write_text(tag)

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
) -> None:
    """Fetch `url` into `path`, going on where an earlier download of it stopped.

    `client` knows no key. `expected` is the size that the service's result names. Raises
    `Expired` where the file is gone, `NotSent` where another try may help (what is here stays
    for it), and `ServiceError` where what comes can't be the clip.
    """
    part = _Part(path)
    start = part.size if part.tag else 0
    headers = {"Accept-Encoding": "identity"}
    if start:
        headers |= {"Range": f"bytes={start}-", "If-Range": part.tag}
    try:
        with _answer(client, url, headers) as response:
            _take(response, part, start, expected, advance)
    except (httpx.HTTPError, SOCKSError) as error:
        raise NotSent(f"the download broke off ({type(error).__name__})") from error
    part.finish()


@contextmanager
def _answer(client: httpx.Client, url: str, headers: dict[str, str]) -> Iterator[httpx.Response]:
    """The answer at the end of the redirects, each of which has to stay with the service."""
    for _ in range(MAX_REDIRECTS):
        if not is_media(url):
            raise ServiceError("the clip's address is not the service's; nothing is fetched there")
        with client.stream("GET", url, headers=headers) as response:
            if not response.has_redirect_location:
                yield response
                return
            url = str(response.url.join(response.headers["location"]))
    raise ServiceError("the clip's address leads in circles")


def _take(
    response: httpx.Response, part: _Part, start: int, expected: int | None, advance: Advance
) -> None:
    status = response.status_code
    if status in (403, 404, 410):
        raise Expired(f"the clip is no longer at the service ({status})")
    if status == 416:
        part.forget()
        raise NotSent("what was here does not fit the clip; it is fetched anew")
    if status not in (200, 206):
        raise NotSent(f"the service's CDN answered {status}")
    _check_kind(response)
    if status == 206 and not _goes_on(response, start):
        part.forget()
        raise NotSent("the service sent another part than was asked for; it is fetched anew")
    if status == 200:
        start = 0
        part.start_over(response.headers.get("etag", ""))
    total = _total(response, start)
    _check_size(total, expected)
    _write(response, part, start, total, advance)
    wanted = total if total is not None else expected
    if wanted is not None and part.size != wanted:
        here = part.size
        if here > wanted or not part.tag:
            part.forget()
        raise NotSent(f"the download broke off at {here} of {wanted} bytes")


def _check_kind(response: httpx.Response) -> None:
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind and not kind.startswith("video/") and kind not in _MAYBE_VIDEO:
        raise ServiceError(f"what is at the clip's address is {kind}, not a video")


_MAYBE_VIDEO = ("application/octet-stream", "binary/octet-stream", "application/mp4")


def _goes_on(response: httpx.Response, start: int) -> bool:
    found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("content-range", ""))
    return found is not None and int(found[1]) == start


def _total(response: httpx.Response, start: int) -> int | None:
    length = response.headers.get("content-length", "")
    return start + int(length) if length.isdigit() else None


def _check_size(total: int | None, expected: int | None) -> None:
    if total is not None and total > LARGEST:
        raise ServiceError(f"the clip would be {total} bytes; nothing is that large")
    if total is not None and expected is not None and total != expected:
        raise NotSent(f"the CDN has {total} bytes, the result says {expected}; tried again")


def _write(
    response: httpx.Response, part: _Part, start: int, total: int | None, advance: Advance
) -> None:
    here = start
    with part.path.open("r+b") as file:
        file.seek(start)
        file.truncate()
        for piece in response.iter_raw():  # as it comes: a chunk size would lose the last piece
            here += len(piece)
            if here > LARGEST:
                raise ServiceError("the clip does not end; nothing is that large")
            file.write(piece)
            advance(here, total)
