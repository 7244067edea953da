"""Sound: music, voice-over, the takes' own sound, and the loudness of the mix."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from storyboard.spec.values import Decibels, FileName, Moment, OrAlone, Part, Shorthand

_FILE_ALONE = Shorthand({"type": "string", "description": "The sound file."})


class Music(Part):
    """One piece of music under the film. A plain text is its file."""

    file: FileName = Field(description="The sound file, relative to the storyboard.")
    at: Moment | None = Field(default=None, description="When it starts in the film. Left out: 0.")
    volume: Decibels = Field(default=0.0, description="Gain in dB; 0 is the file's own level.")
    fade_in: Moment | None = Field(default=None, description="Fade at its start.")
    fade_out: Moment | None = Field(default=None, description="Fade at its end.")
    loop: bool = Field(default=False, description="Repeat it to the end of the film.")
    duck: bool = Field(default=False, description="Lower it while the voice-over speaks.")

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, written: Any) -> Any:
        return {"file": written} if isinstance(written, str) else written


class Voice(Part):
    """One piece of voice-over. A plain text is its file."""

    file: FileName = Field(description="The sound file, relative to the storyboard.")
    at: Moment | None = Field(default=None, description="When it starts in the film. Left out: 0.")
    volume: Decibels = Field(default=0.0, description="Gain in dB; 0 is the file's own level.")

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, written: Any) -> Any:
        return {"file": written} if isinstance(written, str) else written


def _as_list(written: Any) -> Any:
    return [written] if isinstance(written, (str, dict)) else written


Voices = Annotated[
    list[Annotated[Voice, _FILE_ALONE]],
    BeforeValidator(_as_list),
    OrAlone(),
]
"""Pieces of voice-over, or the only one."""


class OwnSound(Part):
    """What becomes of the sound that came with a take."""

    use: Literal["keep", "mute"] = Field(
        default="keep", description="keep: it is heard; mute: it is not."
    )
    volume: Decibels = Field(default=0.0, description="Gain in dB when it is kept.")

    @model_validator(mode="before")
    @classmethod
    def _from_word(cls, written: Any) -> Any:
        return {"use": written} if isinstance(written, str) else written


TakeSound = Annotated[OwnSound, Shorthand({"type": "string", "enum": ["keep", "mute"]})]
"""`keep`, `mute`, or a block with a volume."""


class Audio(Part):
    """The film's sound."""

    music: Annotated[Music, _FILE_ALONE] | None = Field(
        default=None, description="Music under the whole film."
    )
    voiceover: Voices = Field(default=[], description="Voice-over, each piece at its time.")
    takes: TakeSound = Field(
        default=OwnSound(), description="The takes' own sound: keep, mute, or a block."
    )
    loudness: Annotated[float, Field(ge=-70, le=-5, allow_inf_nan=False)] | None = Field(
        default=None,
        description="Integrated loudness of the finished mix in LUFS (EBU R128). "
        "Left out: levels stay as they are.",
    )
