"""What is to be done to a picture before a model or the film sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

from storyboard.images.parts import MOST_PIXELS, MOST_SIDE, PictureError
from storyboard.units.focus import CENTER, Focus, Window
from storyboard.units.sizes import BACKGROUND, Fit

if TYPE_CHECKING:
    from storyboard.images.picture_facts import PictureFacts


@dataclass(frozen=True, slots=True)
class PictureRecipe:
    """How a picture is developed. The default is: upright, sRGB, opaque, at its own size."""

    frame: int | None = None
    """Which frame of an animation, from 0; None refuses an animation."""
    background: str = BACKGROUND
    """What lies under transparency and in the bars of `contain`: `#rrggbb`."""
    size: tuple[int, int] | None = None
    """Width and height in pixels; None keeps the picture's own."""
    fit: Fit | None = None
    """Given with `size`, and only with it."""
    focus: Focus = CENTER
    """What `cover` keeps in the middle, as far as it goes."""

    def __post_init__(self) -> None:
        if self.frame is not None and self.frame < 0:
            raise PictureError(f"frame {self.frame} does not exist; frames count from 0")
        if not re.fullmatch(r"#[0-9a-f]{6}", self.background):
            raise PictureError(
                f"{self.background[:20]!r} is not a colour; write it as #rrggbb, like #1a2b3c"
            )
        if (self.size is None) != (self.fit is None):
            raise PictureError("a size needs a fit, and a fit a size; give both or neither")
        if self.size is not None and not _possible(*self.size):
            raise PictureError("a size must be between 1x1 and 50 million pixels; choose another")
        if self.fit is not None and self.fit not in get_args(Fit):
            raise PictureError(f"{self.fit!r} is no fit; use cover, contain, blur or stretch")

    @property
    def text(self) -> str:
        """The recipe in one line for cache keys, such as `v1 bg=#000000 fit=cover 1280x720`.

        `v1` is the version of the developing itself: it rises when the same recipe would give
        visibly different pixels. Write keys with `settled`, so that a setting that makes no
        difference to a picture doesn't change its key.
        """
        words = ["v1"]
        if self.frame is not None:
            words.append(f"frame={self.frame}")
        words.append(f"bg={self.background}")
        if self.size is not None:
            words.append(f"fit={self.fit} {self.size[0]}x{self.size[1]}")
        if self.focus != CENTER:
            words.insert(-1, f"focus={self.focus}")
        return " ".join(words)

    def cut_off(self, facts: PictureFacts) -> tuple[float, float]:
        """How much of the picture's width and of its height is cut off, each from 0 to 1."""
        if self.fit != "cover" or self.size is None:
            return 0.0, 0.0
        scale = max(self.size[0] / facts.width, self.size[1] / facts.height)
        return (
            _share(self.size[0], facts.width, scale),
            _share(self.size[1], facts.height, scale),
        )

    def settled(self, facts: PictureFacts) -> PictureRecipe:
        """The recipe without what makes no difference to the picture that `facts` describe."""
        own = (facts.width, facts.height)
        kept = self
        if facts.frames == 1:
            kept = replace(kept, frame=None)
        if kept.size == own:
            kept = replace(kept, size=None, fit=None)
        elif kept.size and kept.size[0] * own[1] == kept.size[1] * own[0]:
            kept = replace(kept, fit="stretch")  # the shape is right: every fit does the same
        if not facts.alpha and kept.fit != "contain":
            kept = replace(kept, background=BACKGROUND)
        return replace(kept, focus=kept.kept_middle(own))

    def kept_middle(self, picture: tuple[int, int]) -> Focus:
        """The middle of what `cover` keeps of a picture; every focus near it does the same."""
        if self.fit != "cover" or self.size is None or self.focus == CENTER:
            return CENTER
        middle = Window.of(picture, self.size, self.focus).middle
        return Focus(round(middle.x, 4), round(middle.y, 4))


def _share(wanted: int, there: int, scale: float) -> float:
    return max(0.0, 1 - wanted / (there * scale))


def _possible(width: int, height: int) -> bool:
    return 1 <= width <= MOST_SIDE and 1 <= height <= MOST_SIDE and width * height <= MOST_PIXELS
