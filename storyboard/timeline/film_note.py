"""What somebody said of a frame, at its place on the film."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FilmNote:
    """A note on the film; times in film frames."""

    start: int
    frames: int
    text: str
    shot: str
    take: int
    author: str = ""
    done: bool = False
    elsewhere: bool = False
    """Whether it was said of another take of the shot than the one that is seen."""

    @property
    def end(self) -> int:
        """The film frame after its last."""
        return self.start + self.frames
