"""The schemas of endpoints, as fal.ai publishes them. No key is sent, and nothing is spent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import httpx

from storyboard.errors import Expired, NoNews
from storyboard.fal.bounds import Bounds, bounded
from storyboard.webfetch import proxies

if TYPE_CHECKING:
    from types import TracebackType

ADDRESS = "https://fal.ai/api/openapi/queue/openapi.json"
_BOUNDS = Bounds(size=8_000_000, seconds=60.0)


class Schemas:
    """The service's schemas; to be used in a `with` block."""

    def __init__(self) -> None:
        """`NoWayOut` where the environment's proxies or certificates can't be used."""
        proxies.check()
        self._line = bounded(httpx.Client(timeout=httpx.Timeout(30.0, connect=20.0)), _BOUNDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._line.close()

    def of(self, endpoint: str) -> dict[str, Any]:
        """The OpenAPI document of an endpoint.

        `Expired` where the service has none of it any more, `NoNews` where it can't be asked.
        """
        try:
            answer = self._line.get(ADDRESS, params={"endpoint_id": endpoint})
        except (httpx.HTTPError, OSError) as error:
            words = "fal.ai can't be reached: connect to the network, and try again"
            raise NoNews(words) from error
        if answer.status_code in (404, 410):
            raise Expired("fal.ai has no such endpoint any more")
        try:
            found = answer.json() if answer.status_code == 200 else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise NoNews(f"fal.ai gives no schema of it ({answer.status_code})")
        return found
