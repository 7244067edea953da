"""The CDN: tokens, uploaded files, and downloads in parts."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from storyboard.testing.visits import BUCKET_HOST, CDN_HOSTS
from storyboard.testing.wire import Reply

if TYPE_CHECKING:
    from email.message import Message

    from storyboard.testing.visits import Visit

PUBLIC = f"https://{CDN_HOSTS[1]}"
"""Where uploaded files and finished clips are found."""

_TOKEN_LIFE = timedelta(hours=1)
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the CDN; its content may be made when it is first wanted."""

    content: Callable[[], bytes]
    media_type: str


class Cdn:
    """Everything that was uploaded to the service or made by it, found by address."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._tokens: set[str] = set()
        self._lock = threading.Lock()

    def token(self, _: Visit) -> Reply:
        """Answer the first step of an upload: a token that is good for an hour."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._tokens.add(token)
        return Reply.of(
            {
                "token": token,
                "token_type": "Bearer",
                "base_url": f"https://{CDN_HOSTS[0]}",
                "expires_at": (datetime.now(UTC) + _TOKEN_LIFE).isoformat(),
            }
        )

    def upload(self, visit: Visit) -> Reply:
        """Answer the second step: store the body under a new public address."""
        kind, _, token = str(visit.request.headers.get("Authorization", "")).partition(" ")
        with self._lock:
            known = kind == "Bearer" and token in self._tokens
        if not known:
            return Reply.of({"detail": "Invalid upload token"}, 401)
        name = visit.request.headers.get("X-Fal-File-Name", "upload.bin")
        media_type = visit.request.headers.get("Content-Type", "application/octet-stream")
        url = self.publish(visit.request.body, name=name, media_type=media_type)
        return Reply.of({"access_url": url})

    def initiate(self, visit: Visit) -> Reply:
        """Answer the first step of the fallback: where to PUT, and where it will be found."""
        name = str((visit.request.json or {}).get("file_name", "upload.bin"))
        path = _new_path(name)
        upload_url = f"https://{BUCKET_HOST}{path}?X-Goog-Signature={secrets.token_hex(8)}"
        return Reply.of({"upload_url": upload_url, "file_url": PUBLIC + path})

    def put(self, visit: Visit) -> Reply:
        """Answer the second step of the fallback: store the body at the promised address."""
        media_type = visit.request.headers.get("Content-Type", "application/octet-stream")
        self._store(visit.request.path, StoredFile(lambda: visit.request.body, media_type))
        return Reply()

    def download(self, visit: Visit) -> Reply:
        """Answer with a file or, if the client asks well, with a part of it."""
        with self._lock:
            file = self._files.get(visit.request.path)
        if file is None:
            return Reply.of({"detail": "Not Found"}, 404)
        return serve(file.content(), media_type=file.media_type, asked=visit.request.headers)

    def publish(self, content: bytes | Callable[[], bytes], *, name: str, media_type: str) -> str:
        """Store a file, or how to make it, and return its public URL."""
        path = _new_path(name)
        make = content if callable(content) else lambda: content
        self._store(path, StoredFile(make, media_type))
        return PUBLIC + path

    def content(self, url: str) -> bytes | None:
        """Return the file at a public URL, or None when the CDN has no such file."""
        scheme, _, rest = url.partition("://")
        host, _, path = rest.partition("/")
        with self._lock:
            file = self._files.get("/" + path)
        found = scheme == "https" and host in (*CDN_HOSTS, BUCKET_HOST) and file is not None
        return file.content() if found and file else None

    def _store(self, path: str, file: StoredFile) -> None:
        with self._lock:
            self._files[path] = file


def serve(content: bytes, *, media_type: str, asked: Message) -> Reply:
    """Return a file or the part of it that Range asks for, unless If-Range says it changed."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"Content-Type": media_type, "ETag": etag, "Accept-Ranges": "bytes"}
    span = _RANGE.fullmatch(str(asked.get("Range", "")))
    if span is None or asked.get("If-Range", etag) != etag:
        return Reply(200, headers, content)
    first, last = _bounds(span[1], span[2], size=len(content))
    if first > last:
        return Reply(416, {**headers, "Content-Range": f"bytes */{len(content)}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return Reply(206, headers, content[first : last + 1])


def _bounds(first: str, last: str, *, size: int) -> tuple[int, int]:
    """Return the first and last byte of a range; the first lies behind the last if it is empty."""
    if not first:
        return max(0, size - int(last or 0)), size - 1
    return int(first), min(int(last or size), size - 1)


def _new_path(name: str) -> str:
    return f"/files/b/{secrets.token_urlsafe(12)}/{re.sub(r'[^A-Za-z0-9._-]', '_', name)}"
