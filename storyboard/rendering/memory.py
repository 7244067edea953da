"""What was found out before, by the hash of all that decides it: notes beside the segments."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import av

from storyboard import __version__
from storyboard.errors import StoryboardError
from storyboard.files import write_whole


class Memory:
    """A folder of notes; without one, nothing is remembered.

    A note that can't be read is none, and one that can't be written is left.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    @property
    def lasts(self) -> bool:
        """Whether anything is remembered."""
        return self._folder is not None

    def recall(self, question: object) -> Any:
        """What was found out about this, as JSON has it; None where nothing was."""
        try:
            return json.loads(self._note(question).read_bytes()) if self._folder else None
        except (OSError, ValueError):
            return None

    def keep(self, question: object, answer: object) -> None:
        """Remember what was found out."""
        if self._folder:
            with suppress(OSError, StoryboardError):
                self._folder.mkdir(parents=True, exist_ok=True)
                write_whole(self._note(question), json.dumps(answer).encode())

    def _note(self, question: object) -> Path:
        """Another version may find out something else."""
        text = json.dumps([__version__, av.__version__, question], sort_keys=True, default=str)
        assert self._folder is not None
        return self._folder / f"{hashlib.sha256(text.encode()).hexdigest()}.json"


FORGETFUL = Memory()
