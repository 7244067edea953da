"""fal's own client, with the answers that it reads bounded.

It is imported when it is first needed: fal-client takes a while.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import httpx
from fal_client import SyncClient
from fal_client.client import CDNToken, CDNTokenManager

from storyboard.fal.bounds import bounded

if TYPE_CHECKING:
    from fal_client.auth import AuthCredentials

    from storyboard.clock import Clockwork
    from storyboard.fal.bounds import Bounds


class BoundedClient(SyncClient):
    """The client: credentials, uploads, handles."""

    def __init__(self, key: str | None, bounds: Bounds, clock: Clockwork) -> None:
        super().__init__(key=key)
        object.__setattr__(self, "_bounds", (bounds, clock))  # it is a frozen dataclass
        object.__setattr__(self, "_here", threading.local())

    def upload(self, *given: Any, **how: Any) -> str:
        """A file's address at the CDN. The line that the client opens for it is closed after it."""
        with ExitStack() as self.__dict__["_here"].lines:
            return super().upload(*given, **how)

    @cached_property
    def _token_manager(self) -> CDNTokenManager:
        return _BoundedTokens(self._auth, *self._limits)

    def _get_cdn_client(self) -> httpx.Client:
        line = bounded(super()._get_cdn_client(), *self._limits)
        lines: ExitStack = self.__dict__["_here"].lines
        lines.callback(line.close)
        return line

    @property
    def _limits(self) -> tuple[Bounds, Clockwork]:
        found: tuple[Bounds, Clockwork] = self.__dict__["_bounds"]
        return found


class _BoundedTokens(CDNTokenManager):
    """Asks for the tokens of uploads, as the client does."""

    def __init__(self, auth: AuthCredentials, bounds: Bounds, clock: Clockwork) -> None:
        super().__init__(auth)
        self._bounds, self._clock = bounds, clock

    def _refresh_token(self) -> CDNToken:
        with bounded(httpx.Client(), self._bounds, self._clock) as client:
            answer = client.post(self._url, headers=self._headers, json={})
            answer.raise_for_status()
            data = answer.json()
        return CDNToken(
            token=data["token"],
            token_type=data["token_type"],
            base_upload_url=data["base_url"],
            expires_at=datetime.fromisoformat(data["expires_at"]),
        )
