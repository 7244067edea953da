"""What pictures are, noted by their digest: they are read and hashed, and taken apart once."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import PIL

from storyboard import __version__
from storyboard.images.picture_facts import PictureFacts, inspect
from storyboard.workflows.preflight.seen import FOLDER

_LOOKING = [1, __version__, PIL.__version__]
"""The first is raised whenever something else would be found in the same bytes."""


@dataclass(frozen=True, slots=True)
class StillFacts:
    """The notes in a store's folder. Only in one that is there: looking leaves nothing behind."""

    store: Path

    def __call__(self, data: bytes, sha256: str) -> PictureFacts:
        """What the picture with these bytes is; PictureError when it is none that is read."""
        note = self.store / FOLDER / f"{sha256}.facts"
        try:
            found = json.loads(note.read_bytes())
            if found["looking"] == _LOOKING:
                return PictureFacts(**found["facts"])
        except (OSError, ValueError, TypeError, KeyError):
            pass  # looked at, then
        facts = inspect(data)
        if self.store.is_dir():
            with suppress(OSError):
                note.parent.mkdir(exist_ok=True)
                note.write_text(json.dumps({"looking": _LOOKING, "facts": asdict(facts)}))
        return facts
