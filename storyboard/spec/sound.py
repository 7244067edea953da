"""Sound: music, voice-over, the takes' own sound, and the loudness of the mix."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from storyboard.spec.values import Decibels, FileName, Moment, Part, Shorthand


class Music(Part):
    """One piece of music under the film."""

    file: FileName = Field(description="The sound file, relative to the storyboard.")
    at: Moment | None = Field(default=None, description="When it starts in the film. Left out: 0.")
    volume: Decibels = Field(default=0.0, description="Gain in dB; 0 is the file's own level.")
    fade_in: Moment | None = Field(default=None, description="Fade at its start.")
    fade_out: Moment | None = Field(default=None, description="Fade at its end.")
    loop: bool = Field(default=False, description="Repeat it to the end of the film.")
    duck: bool = Field(default=False, description="Lower it while the voice-over speaks.")


class Voice(Part):
    """One piece of voice-over."""

    file: FileName = Field(description="The sound file, relative to the storyboard.")
    at: Moment | None = Field(default=None, description="When it starts in the film. Left out: 0.")
    volume: Decibels = Field(default=0.0, description="Gain in dB; 0 is the file's own level.")


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

    music: Music | None = Field(default=None, description="Music under the whole film.")
    voiceover: list[Voice] = Field(default=[], description="Voice-over, each piece at its time.")
    takes: TakeSound = Field(
        default=OwnSound(), description="The takes' own sound: keep, mute, or a block."
    )
    loudness: Annotated[float, Field(ge=-70, le=-5, allow_inf_nan=False)] | None = Field(
        default=None,
        description="Integrated loudness of the finished mix in LUFS (EBU R128). "
        "Left out: levels stay as they are.",
    )
