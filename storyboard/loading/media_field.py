"""The media place that a storyboard names: one field, and nothing else of the file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from storyboard import files
from storyboard.depot import address
from storyboard.errors import FileTrouble, InvalidStoryboard
from storyboard.loading import reading
from storyboard.loading.variables import fill


def media_of(path: Path, variables: Mapping[str, str] | None = None) -> str | None:
    """What a storyboard's file says of `media`; None where it says nothing, or no place: what is
    wrong with it is said where all of it is read."""
    try:
        data = files.read(files.as_on_disk(path), limit=reading.MAX_BYTES)
        if b"media" not in data and b"\\" not in data:  # not even spelt in another way
            return None
        written = reading.read(data, file=str(path))
        fill(written, variables or {})
    except (FileTrouble, OSError, InvalidStoryboard):
        return None
    said = written.root.get("media") if isinstance(written.root, dict) else None
    return said if isinstance(said, str) and said and not address.trouble(said) else None
