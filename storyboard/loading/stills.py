"""Reading keyframe pictures, and deciding how each is prepared for the model that takes it."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import files
from storyboard.errors import FileTrouble
from storyboard.images.parts import PictureError
from storyboard.images.picture_facts import inspect
from storyboard.images.recipe import PictureRecipe
from storyboard.images.still import MAX_STILL_BYTES, PreparedStill, Still
from storyboard.images.wording import refusals
from storyboard.units.focus import CENTER
from storyboard.units.sizes import Size

if TYPE_CHECKING:
    from storyboard.fileformat.findings import Path as TreePath
    from storyboard.fileformat.written import Keyframe
    from storyboard.images.picture_facts import PictureFacts
    from storyboard.loading.tree import Tree
    from storyboard.models.model import Model
    from storyboard.units.focus import Focus
    from storyboard.units.sizes import Fit

Fetch = Callable[[str], Path]
"""Brings an https picture to disk, and says where it is."""

Facts = Callable[[bytes, str], "PictureFacts"]
"""What the picture with these bytes, and this SHA-256, is."""


def inspected(data: bytes, _sha256: str) -> PictureFacts:
    """The facts of a picture of which nothing is known."""
    return inspect(data)


SAME_SHAPE = 0.02
"""Shapes that differ by less than this share are the same: nobody sees a squeeze of 2 %."""


@dataclass(slots=True)
class StillCache:
    """The pictures of one storyboard, each read once."""

    tree: Tree
    root: Path
    confine: Path | None
    fetch: Fetch
    facts: Facts = inspected
    _read: dict[str, tuple[Path, str, PictureFacts] | None] = field(default_factory=dict)

    def still(self, keyframe: Keyframe, path: TreePath) -> Still | None:
        """The keyframe's picture, or None with the mistake noted."""
        name = keyframe.image
        found = self.look(name, (*path, "image"))
        if found is None:
            return None
        where, sha256, facts = found
        plain_name = name.partition("?")[0] if is_address(name) else name
        place = self.tree.place((*path, "image"))
        own = keyframe.id or unicodedata.normalize("NFC", Path(plain_name).stem)
        return Still(own, name, where, sha256, facts, place)

    def look(self, name: str, path: TreePath) -> tuple[Path, str, PictureFacts] | None:
        """Where a picture is, its digest and its facts; None with the mistake noted at `path`."""
        if name not in self._read:
            self._read[name] = self._read_once(name, path)
        return self._read[name]

    def _read_once(self, name: str, path: TreePath) -> tuple[Path, str, PictureFacts] | None:
        try:
            if is_address(name):
                where = self.fetch(name)
            else:
                where = files.resolve(self.root, name, confine=self.confine)
            data = files.read(where, limit=MAX_STILL_BYTES)
            sha256 = hashlib.sha256(data).hexdigest()
            return where, sha256, self.facts(data, sha256)
        except FileTrouble as error:
            self.tree.say(path, str(error))
            return None


def is_address(name: str) -> bool:
    """Whether a picture is named by an address instead of a path."""
    return name.lower().startswith(("https://", "http://"))


@dataclass(frozen=True, slots=True)
class StillUse:
    """What a shot needs of its stills."""

    model: Model
    shape: Size
    """The film's size, or that of the first still: the shape everything has to have."""
    sized: bool
    """Whether the storyboard says the film's size."""
    fit: Fit | None
    background: str
    focus: Focus = CENTER


def wrong_frame(facts: PictureFacts, frame: int | None) -> str:
    """What is wrong with the frame that a keyframe names; empty where nothing is."""
    if facts.frames > 1 and frame is None:
        return f"moves ({facts.frames} frames); choose one with frame: 0"
    if frame is not None and frame >= facts.frames:
        counted = f"has {facts.frames} frames, counted from 0" if facts.frames > 1 else "is a still"
        return f"{counted}; there is no frame {frame}"
    return ""


def plain(still: Still, frame: int | None, need: StillUse) -> PreparedStill:
    """The still as it is, whatever the model takes."""
    recipe = PictureRecipe(frame=frame, background=need.background)
    return PreparedStill(still, recipe.settled(still.facts))


def prepared(
    still: Still, frame: int | None, need: StillUse
) -> tuple[PreparedStill | None, tuple[str, ...]]:
    """How the still is prepared for this shot, or why it can't be used.

    A still that the model takes as it is stays as it is. One of another shape than the film, or
    outside the model's limits, is brought to the film's size by the fit rule; without a fit rule
    that is a mistake.
    """
    own = plain(still, frame, need)
    wrong = _refusals(own, need)
    if same_shape(still.facts.width / still.facts.height, need.shape) and not wrong:
        return own, ()
    if need.fit is None:
        return None, wrong or (_other_shape(still, need),)
    size = _enlarged(need.shape, need.model.stills.min_side)
    try:
        recipe = replace(own.recipe, size=(size.width, size.height), fit=need.fit)
    except PictureError:  # no picture is that long and that narrow
        return None, wrong or (_other_shape(still, need),)
    recipe = replace(recipe, frame=frame, background=need.background, focus=need.focus)
    fitted = PreparedStill(still, recipe.settled(still.facts))
    return fitted, _refusals(fitted, need)


def same_shape(aspect: float, size: Size) -> bool:
    """Whether width / height is that of `size`, as far as anyone sees."""
    return abs(aspect / (size.width / size.height) - 1) <= SAME_SHAPE


def _refusals(made: PreparedStill, need: StillUse) -> tuple[str, ...]:
    limits = need.model.stills
    return refusals(
        made.still.facts,
        min_side=limits.min_side,
        max_side=limits.max_side,
        min_aspect=float(limits.min_aspect),
        max_aspect=float(limits.max_aspect),
        recipe=made.recipe,
    )


def _enlarged(size: Size, least: int) -> Size:
    """The size, or its smallest whole multiple whose sides the model takes."""
    times = -(-least // min(size.width, size.height))
    return Size(size.width * times, size.height * times) if times > 1 else size


def _other_shape(still: Still, need: StillUse) -> str:
    facts = still.facts
    what = "the film" if need.sized else "the first keyframe"
    return (
        f"is {facts.width}x{facts.height}, {what} {need.shape}; "
        "add defaults: {fit: cover}, contain, blur or stretch"
    )
