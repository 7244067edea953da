"""Stills: the pictures of keyframes, as they lie on the disk and as a model is sent them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import files
from storyboard.errors import MediaError
from storyboard.images.parts import PictureError
from storyboard.images.picture_facts import inspect
from storyboard.images.wording import notes
from storyboard.units.focus import Focus, Window

if TYPE_CHECKING:
    from storyboard.errors import Place
    from storyboard.images.picture_facts import PictureFacts
    from storyboard.images.recipe import PictureRecipe

MAX_STILL_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Still:
    """A keyframe's picture, known by what it shows: `facts.content`."""

    id: str
    name: str
    """As the storyboard writes it."""
    path: Path
    sha256: str
    """Of the file's bytes, hex."""
    facts: PictureFacts
    place: Place = field(compare=False)

    def read(self) -> bytes:
        """The picture that was read when the storyboard was loaded; FileTrouble otherwise.

        What the file says about it, such as a rating, may have changed since.
        """
        data = files.read(self.path, limit=MAX_STILL_BYTES)
        if hashlib.sha256(data).hexdigest() != self.sha256 and not self._shown_in(data):
            raise MediaError(f"{self.name} has changed since it was read; run the command again")
        return data

    def _shown_in(self, data: bytes) -> bool:
        try:
            return inspect(data).content == self.facts.content
        except PictureError:
            return False


@dataclass(frozen=True, slots=True)
class PreparedStill:
    """A still as a shot uses it: the picture and how it is prepared."""

    still: Still
    recipe: PictureRecipe

    @property
    def digest(self) -> str:
        """Names the prepared picture: what the file shows, and what is done to it."""
        return f"{self.still.facts.content} {self.recipe.text}"

    @property
    def former(self) -> str:
        """What version 1 of the keys called it: by all bytes of the file, read or not."""
        return f"{self.still.sha256} {self.recipe.text}"

    @property
    def shape(self) -> tuple[int, int]:
        """Its width and height as it is sent, in pixels."""
        return self.recipe.size or (self.still.facts.width, self.still.facts.height)

    def seen_at(self, focus: Focus) -> Focus:
        """Where a point of the picture lies in what is sent: at the edge, if it is cut off."""
        recipe, own = self.recipe, (self.still.facts.width, self.still.facts.height)
        if recipe.size is None or recipe.fit is None or recipe.fit == "stretch":
            return focus
        if recipe.fit == "cover":
            return Window.of(own, recipe.size, recipe.focus).inside(focus)
        whole = Window.of(recipe.size, own)
        return Focus(whole.left + focus.x * whole.width, whole.top + focus.y * whole.height)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is done to the picture, in words for people."""
        return notes(self.still.facts, self.recipe)
