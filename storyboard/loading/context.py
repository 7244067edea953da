"""What the scenes of one storyboard are put together from, and what is noted on the way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from storyboard.loading.tree import MAX_MISTAKES
from storyboard.models.table import MODELS
from storyboard.units.timing import Rate

if TYPE_CHECKING:
    from storyboard.errors import Mistake, Place
    from storyboard.fileformat.findings import Path
    from storyboard.fileformat.sound import OwnSound
    from storyboard.fileformat.written import Keyframe, Scene, Shot, Storyboard, Take
    from storyboard.loading.stills import StillCache
    from storyboard.loading.tree import Tree
    from storyboard.models.table import Table

ASSUMED_RATE = Rate(24)
"""What frames are counted at while nothing says the film's rate."""


@dataclass(slots=True)
class Context:
    """The file, the pictures it names, and the notes made so far."""

    tree: Tree
    board: Storyboard
    pictures: StillCache
    models: Table = MODELS
    limits: list[Mistake] = field(default_factory=list)
    """What the models can't do. It does not matter to drafts."""
    shot_ids: dict[str, Place] = field(default_factory=dict)
    shot_takes: dict[str, int] = field(default_factory=dict)
    """How many takes each shot may come to have."""
    card_ids: dict[str, Place] = field(default_factory=dict)

    def limit(self, path: Path, message: str, *, of_key: bool = False) -> None:
        """Note once that a model can't do what is asked for here; after too many, no more."""
        found = self.tree.mistake(path, message, of_key=of_key)
        if len(self.limits) < MAX_MISTAKES and found not in self.limits:
            self.limits.append(found)

    @property
    def rate(self) -> Rate:
        """The film's rate, as far as it is known."""
        return self.board.fps or ASSUMED_RATE

    @property
    def usual_sound(self) -> OwnSound | None:
        """What becomes of a take's own sound, where its shot says nothing of it."""
        return self.board.audio.takes if self.board.audio else None


@dataclass(frozen=True, slots=True)
class PlacedShot:
    """A shot as written, with the keyframes it joins and their place in the tree."""

    written: Shot
    scene: str
    inside: Scene
    """The scene as written."""
    start: Keyframe
    end: Keyframe | None
    path: Path
    """Of the start keyframe."""
    one: int | None = None
    """Which of its takes is meant, where they are listed; counted from 0."""

    @property
    def shot_path(self) -> Path:
        """Of the shot."""
        return (*self.path, "shot")

    @property
    def each_take(self) -> tuple[PlacedShot, ...]:
        """The shot once for each take that is listed; itself where none is."""
        takes = self.written.takes
        if isinstance(takes, int):
            return (self,)
        return tuple(replace(self, one=number) for number in range(len(takes)))

    @property
    def take(self) -> Take | None:
        """The take that is meant, as written."""
        takes = self.written.takes
        return None if self.one is None or isinstance(takes, int) else takes[self.one]

    @property
    def take_path(self) -> Path:
        """Of the take that is meant."""
        return (*self.shot_path, "takes", self.one or 0)

    @property
    def model(self) -> str | None:
        """The model that is named for it, nearest to it."""
        own = self.take.model if self.take else None
        return own or self.written.model or self.inside.model

    @property
    def scene_path(self) -> Path:
        """Of the scene; of the file, where that is the only scene."""
        return self.path[:-2]

    @property
    def end_path(self) -> Path:
        """Of the end keyframe."""
        return (*self.path[:-1], int(self.path[-1]) + 1)

    @property
    def model_paths(self) -> tuple[Path, ...]:
        """Where its model may be written, from the inside out."""
        own = (*self.take_path, "model"), self.take_path
        outer = (*self.shot_path, "model"), (*self.scene_path, "model"), ("model",)
        return (*own, *outer) if self.take and self.take.model else outer

    def prompt_path(self, tree: Tree) -> Path:
        """Of the prompt, also where it stands for the whole shot."""
        return first(tree, (*self.shot_path, "prompt"), self.shot_path)


def first(tree: Tree, *paths: Path) -> Path:
    """The first of these paths that is written in the file; the last where none is."""
    return next((path for path in paths if path in tree.values), paths[-1])
