"""Uploads through fal's own client."""

from __future__ import annotations

import gc
import warnings

from storyboard.fal import Fal, key
from storyboard.testing import FakeService


def test_an_upload_leaves_no_connection_open() -> None:
    """The client opens a line for each; a long program would have many of them."""
    with FakeService() as service, service.applied():
        fal = Fal(key.find())
        gc.collect()
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", ResourceWarning)
            for _ in range(2):
                assert fal.upload(b"picture", "image/png", "a.png").startswith("https://")
            fal.close()
            gc.collect()
    assert [str(one.message) for one in said if "SSLSocket" in str(one.message)] == []
