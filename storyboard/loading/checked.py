"""A loaded storyboard: everything the file says, resolved, checked and placed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Self

from storyboard.errors import InvalidStoryboard, Mistake, Place, StoryboardError
from storyboard.fileformat.written import Storyboard
from storyboard.loading.blocks import (
    CheckedAudio,
    CheckedSeam,
    CheckedSound,
)
from storyboard.loading.own_clip import OwnClip
from storyboard.models.table import MODELS
from storyboard.timeline.joins import Opening
from storyboard.units.focus import CENTER
from storyboard.units.timing import Duration, counted, whole

if TYPE_CHECKING:
    from storyboard.fileformat.fields import OnFail
    from storyboard.fileformat.findings import Path as FieldPath
    from storyboard.images.still import PreparedStill
    from storyboard.loading.blocks import CheckedVersion, CheckedWords
    from storyboard.models.choices import Setting
    from storyboard.models.model import Model
    from storyboard.models.table import Table
    from storyboard.timeline.recut import CutEntry
    from storyboard.units.focus import Focus
    from storyboard.units.sizes import Fit, Size
    from storyboard.units.take_kinds import TakeKind
    from storyboard.units.timing import Rate


@dataclass(frozen=True, slots=True)
class CheckedTake:
    """What one take of a shot is made by, and from."""

    model: Model
    options: Mapping[str, Setting]
    start: PreparedStill
    """As this model is sent it."""
    end: PreparedStill | None
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)
    """Where its parts are written, as for the shot."""


@dataclass(frozen=True, slots=True)
class CheckedShot:
    """A shot with all its defaults filled in."""

    id: str
    scene: str
    prompt: str
    """With its style."""
    words: str
    """The prompt as the author wrote it, without its style."""
    duration: Duration
    model: Model
    start: PreparedStill
    end: PreparedStill | None
    places: Mapping[str, Place] = field(compare=False)
    """Where `shot`, `prompt`, `duration`, `model`, `start`, `end`, `captions[0]` and
    `options.seed` are written."""
    path: FieldPath = field(compare=False)
    """Its place among the file's fields: `("keyframes", 2, "shot")`."""
    options: Mapping[str, Setting] = field(default_factory=dict)
    """What its model is asked for, of the shot, its scene and the film."""
    takes: int = 1
    listed: tuple[CheckedTake, ...] = ()
    """Its takes one by one, where the storyboard lists them. `model`, `options`, `start` and `end`
    are then the picked one's."""
    pick: int = 1
    best: bool = False
    """Whether the best take is picked, by measurement; `pick` is 1 until then."""
    retakes: int = 0
    """How many more may be bought where takes are measured broken."""
    broken: tuple[TakeKind, ...] = ()
    """What counts as broken."""
    extra: int = 0
    """How many of its takes are such retakes."""
    settled: bool = False
    """Whether all its takes are there, measured, and ask for no more."""
    clip: OwnClip | None = None
    """A clip of one's own in place of its takes."""
    on_fail: OnFail = "error"
    speed: Fraction = Fraction(1)
    smooth: bool = False
    """Whether frames are drawn between its take's, where it is slower."""
    trim_start: Duration | None = None
    trim_end: Duration | None = None
    hold: Duration | None = None
    fit: Fit | None = None
    focus: tuple[Focus, Focus] = (CENTER, CENTER)
    """What stays in the picture where it is cropped: at its start, and at its end. Points of the
    stills as they lie on the disk."""
    seam: CheckedSeam = field(default_factory=CheckedSeam)
    captions: tuple[CheckedWords, ...] = ()
    sound: CheckedSound = field(default_factory=CheckedSound)

    def __repr__(self) -> str:
        return f"<CheckedShot {self.id}, {self.duration}, {self.model.alias}>"

    @property
    def each_take(self) -> tuple[CheckedTake, ...]:
        """What each of its takes is made by, and from."""
        alike = CheckedTake(self.model, self.options, self.start, self.end, self.places)
        if self.listed:
            return (*self.listed, *self.listed[-1:] * self.extra)
        return (alike,) * self.takes

    def played(self, rate: Rate) -> int:
        """Film frames that the author asks for without the hold: duration, trims, speed."""
        trims = [part.frames(rate) for part in (self.trim_start, self.trim_end) if part]
        return max(1, whole((self.duration.frames(rate) - sum(trims)) / self.speed))

    def asked(self, rate: Rate) -> int:
        """Film frames that the author asks for in all."""
        return self.played(rate) + (self.hold.frames(rate) if self.hold else 0)


USUAL_CARD = Duration(Fraction(3))
"""How long a card is seen unless it says so."""


@dataclass(frozen=True, slots=True)
class CheckedCard:
    """A scene that is one picture. No model makes it."""

    id: str
    """Its scene's, by which `cut:` may name it."""
    duration: Duration
    color: str
    image: PreparedStill | None = None
    fit: Fit | None = None
    focus: Focus = CENTER
    words: tuple[CheckedWords, ...] = ()
    hold: None = None

    def played(self, rate: Rate) -> int:
        """Film frames."""
        return max(1, self.duration.frames(rate))

    def asked(self, rate: Rate) -> int:
        """Film frames: it has no hold."""
        return self.played(rate)


Insert = OwnClip | CheckedCard
"""What only the cut shows."""


@dataclass(frozen=True, slots=True)
class CheckedScene:
    """A run of shots, or a card, and how the film comes into it."""

    id: str
    title: str | None
    shots: tuple[CheckedShot, ...]
    transition: Opening
    place: Place = field(compare=False)
    card: CheckedCard | None = None

    def __repr__(self) -> str:
        what = "card" if self.card else counted(len(self.shots), "shot")
        return f"<CheckedScene {self.id}, {what}>"

    @property
    def parts(self) -> tuple[CheckedShot | CheckedCard, ...]:
        """What is seen of it, in order."""
        return (self.card,) if self.card else self.shots

    def arrival(self, rate: Rate) -> tuple[int, int]:
        """How long the film takes to come into the scene, and how much shorter that makes it.

        A dissolve, wipe or slide shows both scenes at once, so the film loses its length; a fade
        and a cut lose nothing. Film frames.
        """
        over = self.transition.placed(rate)
        if over is None:
            return 0, 0
        return over.frames, over.frames if over.overlaps else 0


@dataclass(frozen=True, slots=True)
class InFile:
    """A sound file's name, or words to be shown, and where the storyboard has them."""

    place: Place
    file: str = ""
    """The sound's name as it is written; empty for words."""
    words: str = ""
    """Empty for a sound."""


@dataclass(frozen=True, slots=True)
class CheckedStoryboard:
    """A loaded storyboard, resolved and checked. `board` is the file as it is written.

    Two are equal that say the same, wherever in their files they say it.
    """

    path: Path
    """Its file; where it has none, the place that its file would have."""
    board: Storyboard
    scenes: tuple[CheckedScene, ...]
    size: Size | None
    rate: Fraction | None
    background: str
    sounds: Mapping[str, Path]
    """The sound files by the name the storyboard gives them."""
    titles: tuple[CheckedWords, ...] = ()
    audio: CheckedAudio = field(default_factory=CheckedAudio)
    versions: tuple[CheckedVersion, ...] = ()
    """The film's other shapes."""
    cut: tuple[CutEntry, ...] | None = None
    """The film's order, where it is not that of the keyframes."""
    inserts: Mapping[str, Insert] = field(default_factory=dict)
    """What only the cut shows, by the name that it has there."""
    font: Path | None = None
    """The file that words are set in; None for the package's own."""
    ending: Opening = field(default_factory=Opening)
    """How the film ends."""
    warnings: tuple[Mistake, ...] = field(default=(), compare=False)
    """What the paid models can't do; mistakes unless only drafts are wanted."""
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)
    """Where titles, sounds and the cut are written, by path, as in `titles[0].at`."""
    given: Mapping[str, str] = field(default_factory=dict)
    """The variables that were given in place of the file's own."""
    remarks: tuple[Mistake, ...] = field(default=(), compare=False)
    """What is worth knowing before paying, each at its line. Nothing of it is wrong."""
    written: Mapping[str, InFile] = field(default_factory=dict, compare=False)
    """The sounds, titles and captions by their place in the file, such as `audio.music.file`."""
    on_disk: bool = field(default=True, compare=False)
    """Whether `path` is its file."""
    models: Table = field(default=MODELS, compare=False)
    """The models that its shots may name."""

    def __repr__(self) -> str:
        scenes = counted(len(self.scenes), "scene")
        shots = counted(len(tuple(self.shots)), "shot")
        return f"<CheckedStoryboard {self.title!r}, {scenes}, {shots}>"

    @property
    def title(self) -> str:
        """The film's title; the file's name where it has none."""
        return self.board.title or self.path.stem

    @property
    def media(self) -> str | None:
        """The place for takes that several machines share, as it was written."""
        return self.board.media

    @property
    def budget(self) -> int | None:
        """What all its renders together may cost, in micro-dollars."""
        return self.board.budget

    @property
    def besides_cut(self) -> Storyboard:
        """The file as it is written, without the cut and the ending."""
        return self.board.model_copy(update={"cut": None, "ending": None})

    @property
    def shots(self) -> Iterator[CheckedShot]:
        """All shots in the order of the film."""
        return (shot for scene in self.scenes for shot in scene.shots)

    def shot(self, name: str) -> CheckedShot:
        """The shot of this name; `StoryboardError` names those that there are."""
        there = {shot.id: shot for shot in self.shots}
        if name not in there:
            near = get_close_matches(name, there, n=20) if len(there) > 20 else list(there)
            raise StoryboardError(f"no shot is called {name}; there are {', '.join(near)}")
        return there[name]

    @property
    def inputs(self) -> frozenset[Path]:
        """Every file that was read; no output may take its place. Of what was made in code, the
        place of its file: that is where it is written down."""
        stills = (prepared.still.path for prepared in self.stills)
        own = (*(shot.clip for shot in self.shots), *self.inserts.values())
        clips = (clip.path for clip in own if isinstance(clip, OwnClip))
        return frozenset({self.path, *stills, *clips, *self.sounds.values()})

    @property
    def stills(self) -> Iterator[PreparedStill]:
        """Every picture that it names, as it is used."""
        for scene in self.scenes:
            ends = (still for shot in scene.shots for still in (shot.start, shot.end))
            yield from (still for still in ends if still)
            if scene.card and scene.card.image:
                yield scene.card.image

    @property
    def beginning(self) -> Place:
        """Where it begins: the place of what is written nowhere."""
        return Place(str(self.path), 1, 1) if self.on_disk else Place.inside("")

    @classmethod
    def empty(cls, path: Path) -> Self:
        """A storyboard of nothing, in place of a file that can't be read."""
        board = Storyboard.model_construct(version=1)
        return cls(path, board, (), size=None, rate=None, background="black", sounds={})

    def mistake(self, place: Place, path: str, message: str) -> InvalidStoryboard:
        """An error that stands at a place of this file."""
        return InvalidStoryboard([Mistake(place, path, message)])
