"""How a film is finished: what is wanted of its file. Nothing of it costs money."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from storyboard.errors import MediaError
from storyboard.units.sizes import Size
from storyboard.video.encoders import SOFTWARE, recipe_of
from storyboard.video.recipes import BY_ENDING, H264, PREVIEW, QUICK, RECIPES

__all__ = ["SUBTITLE_ENDINGS", "USUAL", "Captions", "Delivery", "Finish", "Size"]

if TYPE_CHECKING:
    from storyboard.rendering.assembling import Join
    from storyboard.units.sizes import Reframe
    from storyboard.video.recipes import Codec, VideoRecipe

SUBTITLE_ENDINGS = (".srt", ".vtt")
"""What subtitle files are called."""

Captions = Literal["burned", "track", "files"]
"""Where captions go: into the picture, onto a track of the film, or into files beside it."""


@dataclass(frozen=True, slots=True)
class Finish:
    """How a film is finished, once its takes are there. Nothing of it costs money."""

    codec: Codec | None = None
    """One of `RECIPES`; None: as the film's name says, else h264."""
    quality: int | None = None
    """The codec's own number (CRF of h264 and hevc); None: the usual one."""
    size: Size | None = None
    """Another size than the film's own: its pictures are reframed, no take is made for it."""
    reframe: Reframe | None = None
    """How pictures of another shape fill it: crop, blur or pad; None: as the shots say, or crop
    where a size is given."""
    safe: Literal["title", "phone"] | None = None
    """What words keep clear of at another size; None: what players of that shape cover."""
    preview: bool = False
    """Small, and in h264 quick, to be looked at once."""
    quick: bool = False
    """The same picture with less work and in a larger file, as h264: for animatics."""
    encoder: str = SOFTWARE
    """What encodes h264: x264, or hardware by its name in `ENCODERS`; auto: hardware that works."""
    join: Join = "auto"
    """Whether takes keep their packets where they can. All is encoded where codec, quality or
    preview ask for pictures that are not the takes' own, and by hardware."""
    captions: Captions = "burned"
    poster: Path | None = None
    burn_in: bool = True
    """Whether drafts say in the picture that they are."""
    pictures: Path | None = None
    """A folder for pictures of the seams."""

    def __post_init__(self) -> None:
        for name in ("poster", "pictures"):
            if (path := getattr(self, name)) is not None:
                object.__setattr__(self, name, Path(path))
        for name, known in _CHOICES.items():
            if (given := getattr(self, name)) not in known:
                have = ", ".join(filter(None, known))
                raise MediaError(f"there is no {name} {given!r}; choose from {have}")
        if not isinstance(self.size, Size | None):
            raise MediaError(f"{self.size!r} is no size; give storyboard.Size.parse({self.size!r})")

    @property
    def recipe(self) -> VideoRecipe:
        """The encoder's recipe; MediaError where there is none such, or it does not work here."""
        asked = "`quick`" if self.quick else "" if self.encoder == SOFTWARE else self.encoder
        if asked and self.codec not in (None, "h264"):
            raise MediaError(f"{asked} is for h264; leave it out with {self.codec}")
        usual = self._recipe()
        if self.encoder == SOFTWARE:
            return usual
        found = recipe_of(self.encoder, crf=int(dict(usual.options)["crf"]))
        return usual if found.encoder == usual.encoder else found

    def _recipe(self) -> VideoRecipe:
        """By software; MediaError where the quality is not one of the codec's."""
        codec = self.codec or "h264"
        recipe = RECIPES.get(codec)
        if recipe is None:
            known = ", ".join(RECIPES)
            raise MediaError(f"there is no codec {codec!r}; choose from {known}")
        if codec == "h264" and (self.preview or self.quick):
            recipe = PREVIEW if self.preview else QUICK
        if self.quality is None:
            return recipe
        if not recipe.graded or not 0 <= self.quality <= recipe.coarsest:
            graded = [f"{name} 0-{row.coarsest}" for name, row in RECIPES.items() if row.graded]
            have = ", ".join(graded)
            raise MediaError(f"{codec} has no quality {self.quality}; there are {have}")
        return recipe.having(crf=str(self.quality))

    @property
    def quicker(self) -> Finish:
        """The same, made quickly where its codec can be."""
        return replace(self, quick=True) if self.codec in (None, "h264") else self

    @property
    def keeps(self) -> bool:
        """Whether takes keep their packets where they can."""
        alike = self.codec in (None, "h264") and self.quality is None and not self.preview
        return self.join == "auto" and alike and self.recipe.encoder == H264.encoder

    def named(self, film: Path) -> Finish:
        """The same for a film of this name: its ending may say how it is encoded."""
        by_ending = BY_ENDING.get(film.suffix.lower())
        if self.codec is not None or by_ending is None:
            return self
        return replace(self, codec=by_ending, quick=False)

    def beside(self, film: Path) -> tuple[Path, ...]:
        """The files that are written besides this film."""
        own = tuple(film.with_suffix(ending) for ending in SUBTITLE_ENDINGS)
        return (own if self.captions == "files" else ()) + ((self.poster,) if self.poster else ())


_CHOICES: dict[str, tuple[str | None, ...]] = {
    "reframe": ("crop", "blur", "pad", None),
    "safe": ("title", "phone", None),
    "join": ("auto", "encode"),
    "captions": ("burned", "track", "files"),
}

USUAL = Finish()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file to write, and how it is finished."""

    name: str
    """`film`, or the version's."""
    path: Path
    finish: Finish
