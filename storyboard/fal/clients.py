"""The lines to the service: one HTTP client for each kind of exchange, all with one account's key
but for the one that must not have it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from storyboard.clock import REAL
from storyboard.errors import KeyProblem
from storyboard.fal.bounds import Bounds, bounded
from storyboard.fal.key import HOW

if TYPE_CHECKING:
    from fal_client import SyncClient

    from storyboard.clock import Clockwork

READ_TIMEOUT = httpx.Timeout(30.0, connect=20.0)
DOWNLOAD_TIMEOUT = httpx.Timeout(60.0, connect=20.0)


ANSWER, RECEIPT = Bounds(), Bounds(seconds=120.0)
UPLOAD = Bounds(size=1_000_000, seconds=300.0)
PICTURE = Bounds(size=64_000_000)
CLIP = Bounds(size=4_000_000_000, seconds=1800.0)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, and how much of, an answer is waited for and read."""

    answer: Bounds = ANSWER
    receipt: Bounds = RECEIPT
    """To a POST that is paid."""
    upload: Bounds = UPLOAD
    picture: Bounds = PICTURE
    """No model takes pictures that are half as large."""
    clip: Bounds = CLIP
    """One try; what came stays for the next. The longest clip of any model is far smaller."""
    submit: float = 60.0
    """Seconds between two bytes of a POST that is paid."""


USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Clients:
    """The clients. Each may be used from many threads."""

    client: SyncClient
    """fal's own: credentials, uploads, handles."""
    reading: httpx.Client
    """Looks, results, history: with the key, on connections that are kept."""
    posting: httpx.Client
    """Paid requests, each on a new connection: on a kept one, "closed while idle" can't be told
    from "accepted, answer lost"."""
    plain: httpx.Client
    """Clips, without the key."""
    pictures: httpx.Client
    """Uploaded pictures, without the key."""

    @classmethod
    def opened(cls, key: str | None, *, limits: Limits = USUAL, clock: Clockwork = REAL) -> Clients:
        """All of them; KeyProblem where the client's login is to be used and can't be."""
        from fal_client.auth import MissingCredentialsError

        from storyboard.fal.uploading import BoundedClient

        client = BoundedClient(key, limits.upload, clock)
        try:
            _ = client._token_manager  # cached_property has no lock of its own
            headers = client._client.headers
        except MissingCredentialsError as error:
            raise KeyProblem(f"the login of fal-client can't be used: {HOW}") from error
        trust = httpx.create_ssl_context()  # costly, so made once
        reading = httpx.Client(headers=headers, verify=trust, timeout=READ_TIMEOUT)
        posting = httpx.Client(
            headers=headers,
            verify=trust,
            timeout=httpx.Timeout(limits.submit, connect=20.0),
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        plain = httpx.Client(verify=trust, timeout=DOWNLOAD_TIMEOUT)
        pictures = httpx.Client(verify=trust, timeout=READ_TIMEOUT)
        return cls(
            client=client,
            reading=bounded(reading, limits.answer, clock),
            posting=bounded(posting, limits.receipt, clock),
            plain=bounded(plain, limits.clip, clock),
            pictures=bounded(pictures, limits.picture, clock),
        )

    def close(self) -> None:
        """Let go of all connections."""
        for line in (
            self.reading,
            self.posting,
            self.plain,
            self.pictures,
            self.client._client,
        ):
            line.close()


class LazyClients:
    """The lines, opened when they are first needed: importing fal-client takes a while."""

    def __init__(self, key: str | None, limits: Limits, clock: Clockwork) -> None:
        self._key, self._limits, self._clock = key, limits, clock
        self._lock = threading.Lock()
        self._lines: Clients | None = None

    @property
    def lines(self) -> Clients:
        """The lines."""
        with self._lock:
            if self._lines is None:
                self._lines = Clients.opened(self._key, limits=self._limits, clock=self._clock)
            return self._lines

    @property
    def login(self) -> str | None:
        """What the client's own login says to the service; None while nothing is open."""
        with self._lock:
            said = "" if self._lines is None else self._lines.reading.headers["Authorization"]
        return said.partition(" ")[2] or None

    def close(self) -> None:
        """Let go of what was opened."""
        with self._lock:
            if self._lines is not None:
                self._lines.close()
                self._lines = None
