"""The lines to the service: one HTTP client for each kind of exchange, all with one account's key
but for the one that must not have it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from storyboard.errors import KeyProblem
from storyboard.fal.key import HOW

if TYPE_CHECKING:
    from fal_client import SyncClient

SUBMIT_TIMEOUT = httpx.Timeout(60.0, connect=20.0)
READ_TIMEOUT = httpx.Timeout(30.0, connect=20.0)
DOWNLOAD_TIMEOUT = httpx.Timeout(60.0, connect=20.0)


@dataclass(frozen=True, slots=True)
class Lines:
    """The clients. Each may be used from many threads."""

    client: SyncClient
    """fal's own: credentials, uploads, handles."""
    reading: httpx.Client
    """Looks, results, history: with the key, on connections that are kept."""
    posting: httpx.Client
    """Paid requests, each on a new connection: on a kept one, "closed while idle" can't be told
    from "accepted, answer lost"."""
    plain: httpx.Client
    """Clips and pictures, without the key."""

    @classmethod
    def opened(cls, key: str | None, *, submit_timeout: httpx.Timeout = SUBMIT_TIMEOUT) -> Lines:
        """All of them; KeyProblem where the client's login is to be used and can't be."""
        from fal_client import SyncClient
        from fal_client.auth import MissingCredentialsError

        client = SyncClient(key=key)
        try:
            _ = client._token_manager  # cached_property has no lock of its own
            headers = client._client.headers
        except MissingCredentialsError as error:
            raise KeyProblem(f"the login of fal-client can't be used: {HOW}") from error
        trust = httpx.create_ssl_context()  # costly, so made once
        return cls(
            client=client,
            reading=httpx.Client(headers=headers, verify=trust, timeout=READ_TIMEOUT),
            posting=httpx.Client(
                headers=headers,
                verify=trust,
                timeout=submit_timeout,
                limits=httpx.Limits(max_keepalive_connections=0),
            ),
            plain=httpx.Client(verify=trust, timeout=DOWNLOAD_TIMEOUT),
        )

    def close(self) -> None:
        """Let go of all connections."""
        for line in (self.reading, self.posting, self.plain, self.client._client):
            line.close()


class Switchboard:
    """The lines, opened when they are first needed: importing fal-client takes a while."""

    def __init__(self, key: str | None, submit_timeout: httpx.Timeout) -> None:
        self._key, self._submit_timeout = key, submit_timeout
        self._lock = threading.Lock()
        self._lines: Lines | None = None

    @property
    def lines(self) -> Lines:
        """The lines."""
        with self._lock:
            if self._lines is None:
                self._lines = Lines.opened(self._key, submit_timeout=self._submit_timeout)
            return self._lines

    def close(self) -> None:
        """Let go of what was opened."""
        with self._lock:
            if self._lines is not None:
                self._lines.close()
                self._lines = None
