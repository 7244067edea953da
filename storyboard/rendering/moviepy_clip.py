"""moviepy, imported when it is first needed and without what its import does on the side.

moviepy reads the nearest `.env` file into the environment when it is imported, and then runs the
programs that `FFMPEG_BINARY` and `FFPLAY_BINARY` name. A `.env` beside a storyboard may be a
stranger's, and one beside a script may hold keys that nobody meant this process to have: so it is
not read. What the environment really holds counts as always.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from types import ModuleType

    from storyboard.video.colour import Picture


class MoviepyClip(Protocol):
    """A moviepy `VideoClip` for type checkers: moviepy says nothing of its types.

    Times are seconds. Whatever else moviepy's clips can do is there, too, as `Any`.
    """

    duration: float
    fps: float
    size: tuple[int, int]
    audio: Any
    """A moviepy `AudioClip`; None where nothing sounds."""

    def get_frame(self, t: float) -> Picture:
        """The picture at this time, RGB."""

    def iter_frames(self, fps: float | None = None) -> Iterator[Picture]:
        """All pictures, one after the other."""

    def subclipped(self, start_time: float = 0, end_time: float | None = None) -> MoviepyClip:
        """What lies between two times."""

    def with_effects(self, effects: Sequence[Any]) -> MoviepyClip:
        """The clip with these of moviepy's effects."""

    def with_audio(self, audioclip: Any) -> MoviepyClip:
        """The clip with another sound."""

    def resized(
        self, new_size: Any = None, *, height: Any = None, width: Any = None
    ) -> MoviepyClip:
        """The clip at another size."""

    def save_frame(self, filename: str, t: float = 0) -> None:
        """Write the picture at this time."""

    def write_videofile(self, filename: str, fps: float | None = None, **options: Any) -> None:
        """Write it with moviepy's own writer."""

    def close(self) -> None:
        """Let go of all files."""

    def __getattr__(self, name: str) -> Any: ...


_IMPORTING = Lock()


def moviepy() -> ModuleType:
    """The moviepy module."""
    with _IMPORTING:
        if "moviepy" not in sys.modules:
            _import_quietly()
    return sys.modules["moviepy"]


def _import_quietly() -> None:
    """Import moviepy while the function that it calls to read a `.env` reads none."""
    try:
        import dotenv
    except ImportError:  # then moviepy reads none either
        import moviepy

        return
    reads, dotenv.load_dotenv = dotenv.load_dotenv, _reads_nothing
    try:
        import moviepy  # noqa: F401
    finally:
        dotenv.load_dotenv = reads


def _reads_nothing(*_: object, **__: object) -> bool:
    """What python-dotenv answers where there was nothing to read."""
    return False
