"""Reading keyframe pictures, and deciding how each is prepared for the model that takes it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from storyboard import files, pictures
from storyboard.load.storyboard import MAX_STILL_BYTES, Plate, Still
from storyboard.load.tree import Path as TreePath
from storyboard.load.tree import Tree
from storyboard.models import Model
from storyboard.spec import Fit, Keyframe, Size

Fetch = Callable[[str], Path]
"""Brings an https picture to disk, and says where it is."""

SAME_SHAPE = 0.02
"""Shapes that differ by less than this share are the same: nobody sees a squeeze of 2 %."""


@dataclass(slots=True)
class Shelf:
    """The pictures of one storyboard, each read once."""

    tree: Tree
    root: Path
    confine: Path | None
    fetch: Fetch
    _read: dict[str, tuple[Path, str, pictures.Facts] | None] = field(default_factory=dict)

    def still(self, keyframe: Keyframe, path: TreePath) -> Still | None:
        """The keyframe's picture, or None with the mistake noted."""
        name = keyframe.image
        if name not in self._read:
            self._read[name] = self._look(name, (*path, "image"))
        found = self._read[name]
        if found is None:
            return None
        where, sha256, facts = found
        stem = Path(name.split("?")[0]).stem
        place = self.tree.place((*path, "image"))
        return Still(keyframe.id or stem, name, where, sha256, facts, place)

    def _look(self, name: str, path: TreePath) -> tuple[Path, str, pictures.Facts] | None:
        try:
            if is_address(name):
                where = self.fetch(name)
            else:
                where = files.resolve(self.root, name, confine=self.confine)
            data = files.read(where, limit=MAX_STILL_BYTES)
            return where, hashlib.sha256(data).hexdigest(), pictures.inspect(data)
        except ValueError as error:
            self.tree.say(path, str(error))
            return None


def is_address(name: str) -> bool:
    """Whether a picture is named by an address instead of a path."""
    return name.lower().startswith(("https://", "http://"))


@dataclass(frozen=True, slots=True)
class Need:
    """What a shot needs of its stills."""

    model: Model
    shape: Size
    """The film's size, or that of its first still: the shape everything has to have."""
    sized: bool
    """Whether the storyboard says the film's size."""
    fit: Fit | None
    background: str


def plate(still: Still, frame: int | None, need: Need) -> tuple[Plate | None, tuple[str, ...]]:
    """How the still is prepared for this shot, or why it can't be used.

    A still that the model takes as it is stays as it is. One of another shape than the film, or
    outside the model's limits, is brought to the film's size by the fit rule; without a fit rule
    that is a mistake.
    """
    facts, limits = still.facts, need.model.stills
    size = _enlarged(need.shape, limits.min_side)
    own = pictures.Recipe(frame=frame, background=need.background)
    fitted = pictures.Recipe(
        frame=frame,
        background=need.background,
        size=(size.width, size.height) if need.fit else None,
        fit=need.fit,
    )
    if facts.frames > 1 and frame is None:
        return None, (f"moves ({facts.frames} frames); choose one with frame: 0",)
    if frame is not None and frame >= facts.frames:
        return None, (f"has {facts.frames} frames, counted from 0; there is no frame {frame}",)
    wrong = _refusals(still, need, own)
    shaped = same_shape(facts.width / facts.height, need.shape)
    if shaped and not wrong:
        return Plate(still, own.settled(facts)), ()
    if need.fit is None:
        return None, wrong or (_other_shape(still, need),)
    return Plate(still, fitted.settled(facts)), _refusals(still, need, fitted)


def same_shape(aspect: float, size: Size) -> bool:
    """Whether width / height is that of `size`, as far as anyone sees."""
    return abs(aspect / (size.width / size.height) - 1) <= SAME_SHAPE


def _refusals(still: Still, need: Need, recipe: pictures.Recipe) -> tuple[str, ...]:
    limits = need.model.stills
    return pictures.refusals(
        still.facts,
        min_side=limits.min_side,
        max_side=limits.max_side,
        min_aspect=float(limits.min_aspect),
        max_aspect=float(limits.max_aspect),
        recipe=recipe,
    )


def _enlarged(size: Size, least: int) -> Size:
    """The size, or its smallest whole multiple whose sides the model takes."""
    times = -(-least // min(size.width, size.height))
    return Size(size.width * times, size.height * times) if times > 1 else size


def _other_shape(still: Still, need: Need) -> str:
    facts = still.facts
    what = "the film" if need.sized else "the first keyframe"
    return (
        f"is {facts.width}x{facts.height}, {what} {need.shape}; "
        "add defaults: {fit: cover}, contain, blur or stretch"
    )
