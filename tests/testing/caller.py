"""The real client, used the way a careful program uses it."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import fal_client
import httpx
import numpy as np
from fal_client.client import QUEUE_URL_FORMAT, SyncRequestHandle
from PIL import Image

STANDARD = "fal-ai/kling-video/o1/standard/image-to-video"
PRO = "fal-ai/kling-video/o1/image-to-video"


@lru_cache
def picture(seed: int, *, size: tuple[int, int] = (400, 304)) -> bytes:
    """Return a PNG of soft coloured blobs."""
    blobs = np.random.default_rng(seed).integers(0, 256, (3, 4, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(blobs).resize(size, Image.Resampling.BICUBIC).save(
        file, "PNG", compress_level=1
    )
    return file.getvalue()


class Caller:
    """The real client, posting a submission exactly once, as a careful program does."""

    def __init__(self) -> None:
        self.client = fal_client.SyncClient()
        self.http: httpx.Client = self.client._client
        self.cdn = httpx.Client()

    def upload(self, seed: int = 1) -> str:
        """Upload a keyframe and return its URL."""
        return self.client.upload(picture(seed), "image/png", file_name=f"{seed}.png")

    def arguments(self, **changes: Any) -> dict[str, Any]:
        """Return valid arguments, with changes; None leaves one out."""
        whole = {
            "prompt": "The snow melts",
            "start_image_url": self.upload(1),
            "end_image_url": self.upload(2),
            "duration": "3",
        }
        return {name: value for name, value in (whole | changes).items() if value is not None}

    def post(
        self, arguments: dict[str, Any] | None = None, *, app: str = STANDARD
    ) -> httpx.Response:
        """Post a submission once."""
        arguments = self.arguments() if arguments is None else arguments
        return self.http.post(QUEUE_URL_FORMAT + app, json=arguments)

    def submit(self, arguments: dict[str, Any] | None = None) -> SyncRequestHandle:
        """Post a submission once and return the client's own handle for it."""
        answer = self.post(arguments).raise_for_status().json()
        urls = ("request_id", "response_url", "status_url", "cancel_url")
        return SyncRequestHandle(**{name: answer[name] for name in urls}, client=self.http)

    def clip_url(self) -> str:
        """Have a clip made and return where it is."""
        url: str = self.submit().get()["video"]["url"]
        return url

    def history(self, **parameters: Any) -> httpx.Response:
        """Ask for the requests of the standard endpoint, with their payloads."""
        asked = {"endpoint_id": STANDARD, "expand": "payloads", **parameters}
        return self.http.get("https://api.fal.ai/v1/models/requests/by-endpoint", params=asked)

    def close(self) -> None:
        """Close the connections."""
        self.http.close()
        self.cdn.close()
