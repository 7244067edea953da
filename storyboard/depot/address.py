"""Where the media place is: what was written, and the depot that is meant."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import files
from storyboard.depot.bucket import BucketDepot
from storyboard.depot.on_disk import FolderDepot
from storyboard.errors import StoreError
from storyboard.safe_text import in_message

if TYPE_CHECKING:
    from storyboard.depot.protocol import Depot

VARIABLE = "STORYBOARD_MEDIA"
"""The environment variable that names the media place."""
NONE = "none"
"""Written for: this machine's own takes alone, whatever the storyboard says."""
SCHEMES = ("s3", "gs", "az")

_ADDRESS = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]+)://(.*)")


def is_bucket(written: str) -> bool:
    """Whether it is an address, and no folder's name."""
    return _ADDRESS.fullmatch(written) is not None


def trouble(written: str) -> str:
    """Why it can't be a media place; empty where it can."""
    found = _ADDRESS.fullmatch(written)
    if found is None:
        return ""
    scheme, rest = found.groups()
    if scheme.lower() not in SCHEMES or not rest.strip("/"):
        ways = ", ".join(f"{one}://bucket/path" for one in SCHEMES)
        return f"{in_message(written)} is no media place; write a folder, or {ways}"
    if "@" in rest.split("/")[0] or "?" in rest:
        return "a media place has no key in its address; set the variables of its service instead"
    return ""


def depot_at(written: str, home: Path) -> Depot:
    """The place that is meant; a folder is relative to `home`. StoreError where it is none."""
    if why := trouble(written):
        raise StoreError(why)
    found = _ADDRESS.fullmatch(written)
    if found is None:
        return FolderDepot(files.true(home / Path(os.path.expanduser(written))))  # noqa: PTH111
    scheme, rest = found.groups()
    return BucketDepot(f"{scheme.lower()}://{rest}")
