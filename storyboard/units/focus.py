"""Where in a picture the eye is to stay: the point that a crop keeps in the middle, if it can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

Region = Literal[
    "top-left",
    "top",
    "top-right",
    "left",
    "center",
    "right",
    "bottom-left",
    "bottom",
    "bottom-right",
]
"""Parts of a picture that have a name."""

_WANTED = "must be top, bottom, left, right, center, or two numbers from 0 to 1, such as [0.3, 0.2]"


@dataclass(frozen=True, slots=True)
class Focus:
    """A point in a picture: 0, 0 is its top left corner, 1, 1 its bottom right one."""

    x: float = 0.5
    y: float = 0.5

    @classmethod
    def parse(cls, written: object) -> Focus:
        """From `top`, `bottom-left` ..., or `[x, y]`; ValueError says what to write."""
        if isinstance(written, Focus):
            return written
        if isinstance(written, str):
            return cls._named(written)
        if not isinstance(written, Sequence) or len(written) != 2:
            raise ValueError(_WANTED)
        if any(isinstance(part, bool) or not isinstance(part, (int, float)) for part in written):
            raise ValueError(_WANTED)
        if not all(0 <= part <= 1 for part in written):
            raise ValueError(_WANTED)
        return cls(*map(float, written))

    @classmethod
    def _named(cls, name: str) -> Focus:
        if name not in get_args(Region):
            raise ValueError(_WANTED)
        x = 0.0 if "left" in name else 1.0 if "right" in name else 0.5
        y = 0.0 if "top" in name else 1.0 if "bottom" in name else 0.5
        return cls(x, y)

    def towards(self, other: Focus, share: float) -> Focus:
        """The point on the way to another one: 0 is here, 1 is there."""
        if self == other:
            return self
        return Focus(
            self.x + (other.x - self.x) * share,
            self.y + (other.y - self.y) * share,
        )

    def __str__(self) -> str:
        return f"{round(self.x, 4):g},{round(self.y, 4):g}"


CENTER = Focus()


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a picture that a crop keeps, in parts of its width and height."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def of(cls, picture: tuple[int, int], size: tuple[int, int], focus: Focus = CENTER) -> Window:
        """The largest part of `picture` with the shape of `size`, as near to `focus` as it goes."""
        scale = min(picture[0] / size[0], picture[1] / size[1])
        width, height = size[0] * scale / picture[0], size[1] * scale / picture[1]
        return cls(_start(focus.x, width), _start(focus.y, height), width, height)

    @property
    def middle(self) -> Focus:
        """Its middle: the one point that stands for all that give this window."""
        return Focus(self.left + self.width / 2, self.top + self.height / 2)

    def inside(self, point: Focus) -> Focus:
        """Where a point of the picture lies in the window; at its edge, if it lies outside."""
        return Focus(
            min(max((point.x - self.left) / self.width, 0.0), 1.0),
            min(max((point.y - self.top) / self.height, 0.0), 1.0),
        )


def _start(middle: float, length: float) -> float:
    return min(max(middle - length / 2, 0.0), max(1 - length, 0.0))
