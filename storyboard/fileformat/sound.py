"""Sound: music, voice-over, the takes' own sound, and the loudness of the mix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from storyboard.fileformat.fields import (
    Decibels,
    FileName,
    Length,
    Moment,
    OrAlone,
    Part,
    Shorthand,
)

if TYPE_CHECKING:
    from storyboard.fileformat.fields import (
        Named,
        Time,
    )

_FILE_ALONE = Shorthand({"type": "string", "description": "The sound file."})


class Music(Part):
    """One piece of music under the film. A plain text is its file."""

    first = "file"
    alone = "file"

    if TYPE_CHECKING:

        def __init__(
            self,
            file: Named,
            *,
            at: Time | None = None,
            duration: Time | None = None,
            volume: float = 0.0,
            fade_in: Time | None = None,
            fade_out: Time | None = None,
            loop: bool = False,
            duck: bool = False,
            notes: Any = None,
        ) -> None: ...

    file: FileName = Field(description="The sound file, relative to the storyboard.")
    at: Moment | None = Field(default=None, description="When it starts in the film. Left out: 0.")
    duration: Length | None = Field(
        default=None,
        description="How long it is heard, at most. Left out: to its end, or the film's.",
    )
    volume: Decibels = Field(default=0.0, description="Gain in dB; 0 is the file's own level.")
    fade_in: Moment | None = Field(default=None, description="Fade at its start.")
    fade_out: Moment | None = Field(default=None, description="Fade at its end.")
    loop: bool = Field(
        default=False, description="Repeat it for its duration, or to the end of the film."
    )
    duck: bool = Field(default=False, description="Lower it while the voice-over speaks.")


class Effect(Music):
    """A sound of what is seen, or of the place: a bell, rain. A plain text is its file."""

    if TYPE_CHECKING:

        def __init__(
            self,
            file: Named,
            *,
            at: Time | None = None,
            duration: Time | None = None,
            volume: float = 0.0,
            fade_in: Time | None = None,
            fade_out: Time | None = None,
            loop: bool = False,
            duck: bool = False,
            notes: Any = None,
        ) -> None: ...


class Voice(Part):
    """One piece of voice-over. A plain text is its file."""

    first = "file"
    alone = "file"

    if TYPE_CHECKING:

        def __init__(
            self,
            file: Named,
            *,
            at: Time | None = None,
            volume: float = 0.0,
            notes: Any = None,
        ) -> None: ...

    file: FileName = Field(description="The sound file, relative to the storyboard.")
    at: Moment | None = Field(default=None, description="When it starts in the film. Left out: 0.")
    volume: Decibels = Field(default=0.0, description="Gain in dB; 0 is the file's own level.")


def _as_list(written: Any) -> Any:
    return [written] if isinstance(written, (str, dict, Voice, Music)) else written


MusicPieces = Annotated[
    list[Annotated[Music, _FILE_ALONE]],
    BeforeValidator(_as_list),
    OrAlone(),
]
"""Pieces of music, or the only one."""

Effects = Annotated[
    list[Annotated[Effect, _FILE_ALONE]],
    BeforeValidator(_as_list),
    OrAlone(),
]
"""Effects, or the only one."""


Voices = Annotated[
    list[Annotated[Voice, _FILE_ALONE]],
    BeforeValidator(_as_list),
    OrAlone(),
]
"""Pieces of voice-over, or the only one."""


class OwnSound(Part):
    """What becomes of the sound that came with a take."""

    first = "use"
    alone = "use"

    if TYPE_CHECKING:

        def __init__(
            self,
            use: Literal["keep", "mute"] = "keep",
            *,
            volume: float = 0.0,
            notes: Any = None,
        ) -> None: ...

    use: Literal["keep", "mute"] = Field(
        default="keep", description="keep: it is heard; mute: it is not."
    )
    volume: Decibels = Field(default=0.0, description="Gain in dB when it is kept.")


TakeSound = Annotated[OwnSound, Shorthand({"type": "string", "enum": ["keep", "mute"]})]
"""`keep`, `mute`, or a block with a volume."""


class Audio(Part):
    """The film's sound."""

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            music: Sequence[Music | Named] | Music | Named = (),
            voiceover: Sequence[Voice | Named] | Voice | Named = (),
            effects: Sequence[Effect | Named] | Effect | Named = (),
            takes: OwnSound | str = ...,
            loudness: float | None = None,
            notes: Any = None,
        ) -> None: ...

    music: MusicPieces = Field(
        default=[], description="Music under the film: one piece, or several at their times."
    )
    voiceover: Voices = Field(default=[], description="Voice-over, each piece at its time.")
    effects: Effects = Field(default=[], description="Effects, each at its time.")
    takes: TakeSound = Field(
        default=OwnSound(), description="The takes' own sound: keep, mute, or a block."
    )
    loudness: Annotated[float, Field(ge=-70, le=-5, allow_inf_nan=False)] | None = Field(
        default=None,
        description="Integrated loudness of the finished mix in LUFS (EBU R128). "
        "Left out: levels stay as they are.",
    )
