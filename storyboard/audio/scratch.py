"""The tape: sound of any length in a scratch file, laid over itself piece by piece."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from storyboard.audio.sound_files import Samples

_CHANNELS = 2
_BYTES = 4 * _CHANNELS


class Scratch:
    """So many samples of silence, to which sound is added. Close it (`with`) to remove it."""

    def __init__(self, samples: int, *, folder: Path | None = None) -> None:
        self._samples = samples
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self._file.truncate(samples * _BYTES)

    def __len__(self) -> int:
        """How many samples it holds."""
        return self._samples

    def add(self, at: int, piece: Samples) -> None:
        """Lay a piece over what is there, from sample `at` on; what hangs over is left out."""
        mixed = self.part(at, at + len(piece))
        mixed += piece[: len(mixed)]
        self._file.seek(at * _BYTES)
        self._file.write(mixed.tobytes())

    def part(self, start: int, end: int) -> Samples:
        """The samples from `start` up to `end`, as far as there are any."""
        count = max(min(end, self._samples) - start, 0)
        self._file.seek(start * _BYTES)
        read = self._file.read(count * _BYTES)
        return np.frombuffer(read, np.float32).reshape(-1, _CHANNELS).copy()

    def __enter__(self) -> Scratch:
        return self

    def __exit__(self, *raised: object) -> None:
        self._file.close()
