"""The storyboard file, version 1: scenes of keyframes joined by shots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from storyboard import files
from storyboard.fileformat.card import SceneCard
from storyboard.fileformat.cut_list import Cut
from storyboard.fileformat.fields import (
    Colour,
    Dollars,
    Either,
    FileName,
    FrameRate,
    Length,
    ModelName,
    Moment,
    Name,
    OnFail,
    OptionName,
    OptionSetting,
    Part,
    Pick,
    PictureSize,
    PlaceName,
    Shorthand,
    Text,
    Variable,
    VariableName,
    Words,
)
from storyboard.fileformat.framing import FocusPoint, Versions
from storyboard.fileformat.own_models import OwnModel
from storyboard.fileformat.sound import Audio, TakeSound
from storyboard.fileformat.transition import FilmEnding, SceneTransition
from storyboard.fileformat.words import Caption, Title
from storyboard.fileformat.yaml_text import text
from storyboard.units.sizes import Fit
from storyboard.units.take_kinds import BROKEN, TakeKind
from storyboard.units.timing import counted

if TYPE_CHECKING:
    from decimal import Decimal

    from storyboard.fileformat.card import Card
    from storyboard.fileformat.cut_list import CutShot
    from storyboard.fileformat.fields import (
        Named,
        Time,
    )
    from storyboard.fileformat.framing import Version
    from storyboard.fileformat.sound import OwnSound
    from storyboard.fileformat.transition import Ending, Transition
    from storyboard.units.focus import Focus
    from storyboard.units.sizes import Size

Options = Mapping[str, str | float | bool | None]
"""Options as they may be given in code."""

VERSION = 1
DEFAULT_MODEL = "kling-o1-standard"


BEST = "best"
"""In place of a take's number: the best of them."""


Retakes = Annotated[int, Field(ge=0, le=5)]
"""How many more takes may be bought where one is broken."""


class Trim(Part):
    """What is cut off a take: editorial, free."""

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            start: Time | None = None,
            end: Time | None = None,
            notes: Any = None,
        ) -> None: ...

    start: Moment | None = Field(default=None, description="Cut off its beginning.")
    end: Moment | None = Field(default=None, description="Cut off its end.")


class Seam(Part):
    """What is done where two shots meet; each part is opt-in."""

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            match_color: bool = False,
            bridge: int = 0,
            notes: Any = None,
        ) -> None: ...

    match_color: bool = Field(
        default=False,
        description="Ramp a shot's colours to the next shot's first frame, where they differ.",
    )
    bridge: Annotated[int, Field(ge=0, le=24)] = Field(
        default=0, description="Frames drawn between the shots where the motion jumps. 0: none."
    )


class Take(Part):
    """One take of a shot, by a model of its own. A plain text is the model."""

    first = "model"
    alone = "model"

    if TYPE_CHECKING:

        def __init__(
            self,
            model: str | None = None,
            *,
            options: Options = ...,
            notes: Any = None,
        ) -> None: ...

    model: ModelName | None = Field(
        default=None, description="An alias or a full endpoint id. Left out: the shot's."
    )
    options: dict[OptionName, OptionSetting] = Field(
        default={}, description="What the model is asked for; it goes before the shot's options."
    )


TakesWritten = Annotated[
    Annotated[Annotated[int, Field(ge=1, le=20)], Tag("number")]
    | Annotated[
        Annotated[
            list[Annotated[Take, Shorthand({"type": "string", "description": "The model."})]],
            Field(min_length=1, max_length=20),
        ],
        Tag("list"),
    ],
    Discriminator(lambda written: "list" if isinstance(written, list) else "number"),
    Either(),
]
"""How many takes, or one entry for each."""


class Shot(Part):
    """The picture between a keyframe and the next one. A plain text is its prompt."""

    first = "prompt"
    alone = "prompt"

    if TYPE_CHECKING:

        def __init__(
            self,
            prompt: str,
            *,
            id: str | None = None,  # noqa: A002 - the format's own word
            duration: Time | None = None,
            model: str | None = None,
            options: Options = ...,
            style: str | None = None,
            takes: int | Sequence[Take | str] = 1,
            pick: int | Literal["best"] | None = None,
            retakes: int | None = None,
            broken: Sequence[TakeKind] | None = None,
            clip: Named | None = None,
            on_fail: OnFail | None = None,
            speed: float = 1.0,
            smooth: bool = False,
            trim: Trim | None = None,
            hold: Time | None = None,
            fit: Fit | None = None,
            focus: Focus | str | Sequence[float] | None = None,
            seam: Seam | None = None,
            captions: Sequence[Caption] = (),
            audio: OwnSound | str | None = None,
            notes: Any = None,
        ) -> None: ...

    id: Name | None = Field(
        default=None, description="The shot's name. Left out: sh010, sh020, ... in order."
    )
    prompt: Text = Field(description="What moves, for the model: motion, not the still.")
    duration: Length | None = Field(
        default=None,
        description="Length in the film, seconds or frames. Left out: defaults.duration, else 5.",
    )
    model: ModelName | None = Field(
        default=None,
        description="An alias or a full endpoint id. Left out: the scene's, else the storyboard's.",
    )
    options: dict[OptionName, OptionSetting] = Field(
        default={},
        description="What the model is asked for beyond the usual, such as resolution, sound, "
        "seed. It is sent, so changing it costs. An empty value takes back the scene's or film's.",
    )
    style: Words | None = Field(
        default=None,
        description="Appended to the prompt in place of defaults.style; empty: nothing is.",
    )
    takes: TakesWritten = Field(
        default=1,
        description="How many versions are generated, or a list with the model of each. Each is "
        "paid; one that is asked for again is another take of it.",
    )
    pick: Pick | None = Field(
        default=None,
        description="Which take the film uses, counted from 1; or best: the best of those that "
        "are there, by measurement (docs/takes.md). Free. Left out: defaults.pick, else 1.",
    )
    retakes: Retakes | None = Field(
        default=None,
        description="Buy at most so many more takes where one is measured broken; with pick: best. "
        "Each is paid, and in the price as at most. Left out: defaults.retakes, else 0.",
    )
    broken: list[TakeKind] | None = Field(
        default=None,
        description="What counts as broken for retakes; docs/takes.md says what is measured. "
        "Left out: defaults.broken.",
    )
    clip: FileName | None = Field(
        default=None,
        description="A clip of one's own in place of its takes: a grade, VFX, real footage. Free: "
        "nothing is bought for the shot while it stands here.",
    )
    on_fail: OnFail | None = Field(
        default=None,
        description="When the shot can't be had: error (no film, the default) or hold (its still).",
    )
    speed: Annotated[float, Field(ge=0.1, le=10, allow_inf_nan=False)] = Field(
        default=1.0, description="Played faster (above 1) or slower, from the take. Free."
    )
    smooth: bool = Field(
        default=False,
        description="Where it is slower than its take, draw the frames between the take's own, as "
        "drafts are drawn. Left out: frames are shown twice. Free.",
    )
    trim: Trim | None = Field(default=None, description="Cut off the take's start or end. Free.")
    hold: Moment | None = Field(
        default=None, description="Hold the shot's last frame this much longer. Free."
    )
    fit: Fit | None = Field(
        default=None, description="How its pictures fill the frame; as defaults.fit."
    )
    focus: FocusPoint | None = Field(
        default=None,
        description="What stays in the picture where it is cropped, for the whole shot. Left out: "
        "from its keyframe's focus to the next one's.",
    )
    seam: Seam | None = Field(
        default=None, description="What is done at the seam to the next shot; as the storyboard's."
    )
    captions: list[Caption] = Field(default=[], description="Words under the shot. Free.")
    audio: TakeSound | None = Field(
        default=None, description="This take's own sound: keep, mute, or a block. Free."
    )

    @property
    def number(self) -> int:
        """The take that is picked; the first one until the best is known."""
        return self.pick if isinstance(self.pick, int) else 1


class Keyframe(Part):
    """A still that a shot starts or ends on."""

    first = "image"

    if TYPE_CHECKING:

        def __init__(
            self,
            image: Named,
            *,
            id: str | None = None,  # noqa: A002 - the format's own word
            frame: int | None = None,
            focus: Focus | str | Sequence[float] | None = None,
            shot: Shot | str | None = None,
            notes: Any = None,
        ) -> None: ...

    image: FileName = Field(
        description="PNG, JPEG or WebP: a path relative to the storyboard, or an https address."
    )
    id: Name | None = Field(
        default=None, description="The keyframe's name. Left out: the picture's file name."
    )
    frame: Annotated[int, Field(ge=0, le=100_000)] | None = Field(
        default=None, description="Which frame of an animated picture, counted from 0."
    )
    focus: FocusPoint | None = Field(
        default=None,
        description="What stays in the picture where it is cropped: top, bottom, left, right, "
        "center, a corner, or a point [x, y] from the top left corner. Left out: "
        "defaults.focus, else center.",
    )
    shot: (
        Annotated[Shot, Shorthand({"type": "string", "description": "The shot's prompt."})] | None
    ) = Field(
        default=None,
        description="The shot that leaves this keyframe, to the next one of the scene. "
        "On the last keyframe: open-ended, with a start frame only.",
    )


class Scene(Part):
    """A run of keyframes joined by shots, or a card. Between scenes nothing is generated."""

    first = "keyframes"

    if TYPE_CHECKING:

        def __init__(
            self,
            keyframes: Sequence[Keyframe] = (),
            *,
            id: str | None = None,  # noqa: A002 - the format's own word
            title: str | None = None,
            card: Card | str | None = None,
            model: str | None = None,
            options: Options = ...,
            transition: Transition | str | None = None,
            notes: Any = None,
        ) -> None: ...

    id: Name | None = Field(
        default=None, description="The scene's name. Left out: scene1, scene2, ... in order."
    )
    title: Words | None = Field(default=None, description="Its title, for chapters and lists.")
    model: ModelName | None = Field(
        default=None, description="The model of its shots. Left out: the storyboard's."
    )
    options: dict[OptionName, OptionSetting] = Field(
        default={}, description="What the models of its shots are asked for; as a shot's."
    )
    transition: SceneTransition | None = Field(
        default=None, description="How the film comes into this scene. Left out: cut."
    )
    card: SceneCard | None = Field(
        default=None,
        description="A colour or a still in place of keyframes, such as black, or a title. Free.",
    )
    keyframes: Annotated[list[Keyframe], Field(min_length=1)] = Field(
        default=[], description="The stills, in order; each consecutive pair is one shot."
    )


class Defaults(Part):
    """Fields that every shot has unless it says otherwise."""

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            duration: Time | None = None,
            options: Options = ...,
            style: str | None = None,
            fit: Fit | None = None,
            focus: Focus | str | Sequence[float] | None = None,
            background: str = "#000000",
            on_fail: OnFail = "error",
            pick: Literal["best"] | None = None,
            retakes: int = 0,
            broken: Sequence[TakeKind] = ...,
            transition: Transition | str | None = None,
            notes: Any = None,
        ) -> None: ...

    duration: Length | None = Field(default=None, description="Seconds or frames. Left out: 5.")
    options: dict[OptionName, OptionSetting] = Field(
        default={}, description="What models are asked for; it goes before the storyboard's."
    )
    style: Words | None = Field(
        default=None, description="Appended to every prompt. It is sent, so changing it costs."
    )
    fit: Fit | None = Field(
        default=None,
        description="How a still or take of another shape fills the frame. "
        "Left out: shapes that differ are a mistake.",
    )
    focus: FocusPoint | None = Field(
        default=None,
        description="What stays in pictures that are cropped; as a keyframe's focus. "
        "Left out: center.",
    )
    background: Colour = Field(
        default="#000000", description="Behind transparent stills, and the bars of fit: contain."
    )
    on_fail: OnFail = Field(default="error", description="error or hold; see the shot's on_fail.")
    pick: Literal["best"] | None = Field(
        default=None, description="best: shots that name no take of their own show their best one."
    )
    retakes: Retakes = Field(
        default=0,
        description="As a shot's, for each shot with pick: best. At most so many more takes of "
        "each are paid.",
    )
    broken: list[TakeKind] = Field(
        default=list(BROKEN), description="What counts as broken for retakes; as a shot's."
    )
    transition: SceneTransition | None = Field(
        default=None, description="How the film comes into each scene but the first."
    )


class Storyboard(Part):
    """A whole storyboard file."""

    first = "keyframes"
    outermost = True

    if TYPE_CHECKING:

        def __init__(
            self,
            keyframes: Sequence[Keyframe] | None = None,
            *,
            version: Literal[1] = 1,
            title: str | None = None,
            size: Size | str | None = None,
            fps: Fraction | float | str | None = None,
            versions: Mapping[str, Version | Size | str] = ...,
            model: str = DEFAULT_MODEL,
            options: Options = ...,
            models: Mapping[str, OwnModel] = ...,
            defaults: Defaults = ...,
            variables: Mapping[str, str | float | bool] = ...,
            scenes: Sequence[Scene] | None = None,
            cut: Sequence[CutShot | str] | None = None,
            ending: Ending | str | None = None,
            seam: Seam = ...,
            titles: Sequence[Title] = (),
            font: Named | None = None,
            audio: Audio | None = None,
            budget: Decimal | float | str | None = None,
            media: Path | str | None = None,
            notes: Any = None,
        ) -> None: ...

    else:

        def __init__(self, *first: Any, **fields: Any) -> None:
            super().__init__(*first, **{"version": VERSION, **fields})

        __init__.__pydantic_base_init__ = True

    def __repr__(self) -> str:
        of = counted(
            len(self.scenes or self.keyframes or ()), "scene" if self.scenes else "keyframe"
        )
        return f"<Storyboard {self.title!r}, {of}>" if self.title else f"<Storyboard {of}>"

    def said(self) -> Iterator[tuple[str, Any]]:
        """Each field that is another than it would be if it were left out; money in dollars."""
        for name, value in super().said():
            yield name, Fraction(value, 1_000_000) if name == "budget" else value

    def to_yaml(self) -> str:
        """The text of its file, which `load` reads as the very same."""
        return text(self)

    def write(self, path: Path | str) -> Path:
        """Write its file, whole or not at all, in place of one that is there.

        It names pictures and sounds from its own folder on. `FileTrouble` where that can't be.
        """
        files.write_whole(Path(path), self.to_yaml().encode())
        return Path(path)

    version: Literal[1] = Field(description="The version of this format: 1.")
    title: Words | None = Field(default=None, description="The film's title.")
    size: PictureSize | None = Field(
        default=None,
        description="The film's size: 1920x1080, 1080p, or a shape such as 9:16, whose shorter "
        "side gets 1080 pixels. Left out: the takes' own.",
    )
    fps: FrameRate | None = Field(
        default=None,
        description="The film's frames per second, also \"24000/1001\". Left out: the takes' own.",
    )
    versions: Versions = Field(
        default={},
        description="The same film in other shapes, by name, such as tall: 9:16. Made from the "
        "same takes. Free.",
    )
    model: ModelName = Field(
        default=DEFAULT_MODEL, description="An alias, or a full endpoint id of the model table."
    )
    options: dict[OptionName, OptionSetting] = Field(
        default={},
        description="What every model of the film is asked for beyond the usual: what its row "
        "offers, such as resolution, sound, seed. It is sent, so changing it costs.",
    )
    models: dict[Name, OwnModel] = Field(
        default={},
        description="Models of one's own, by the name that shots give them: endpoints that the "
        "table lacks, or rows of it with changes.",
    )
    defaults: Defaults = Field(
        default=Defaults(), description="What shots have unless they say otherwise."
    )
    variables: dict[VariableName, Variable] = Field(
        default={},
        description="Words used as ${name} anywhere below; --var name=value overrides one. Read as "
        "YAML reads it: 1.50 is 1.5, also within a text, unless it is quoted here.",
    )
    keyframes: Annotated[list[Keyframe], Field(min_length=1)] | None = Field(
        default=None, description="The stills of a film with one scene."
    )
    scenes: Annotated[list[Scene], Field(min_length=1)] | None = Field(
        default=None, description="The scenes, in order."
    )
    cut: Cut | None = Field(
        default=None,
        description="The shots that the film shows, in its order. Left out: all, as they stand. "
        "Free: it changes no request.",
    )
    ending: FilmEnding | None = Field(
        default=None, description="How the film ends, such as fade. Left out: cut."
    )
    seam: Seam = Field(default=Seam(), description="What is done where two shots meet.")
    titles: list[Title] = Field(default=[], description="Words over the film. Free.")
    font: FileName | None = Field(
        default=None,
        description="A TrueType or OpenType file for titles, captions and cards; letters that it "
        "lacks are set in the package's font, or in one of the machine's. Left out: the package's.",
    )
    audio: Audio | None = Field(default=None, description="Music, voice-over and loudness. Free.")
    budget: Dollars | None = Field(
        default=None, description="The most this storyboard may ever cost, in US dollars."
    )
    media: PlaceName | None = Field(
        default=None,
        description="The place for takes that several machines share, so that none is paid for "
        "twice: a folder, or s3://bucket/path, gs://bucket/path, az://container/path. Free.",
    )


def field_names() -> frozenset[str]:
    """The names of all fields, of whatever block."""
    made = Storyboard.model_json_schema()
    blocks = (made, *made["$defs"].values())
    return frozenset(name for block in blocks for name in block.get("properties", {}))
