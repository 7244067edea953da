"""Words in the picture: titles over the film, captions under a shot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from storyboard.fileformat.fields import (
    Colour,
    GlassColour,
    Length,
    Moment,
    Part,
    Position,
    Text,
)

if TYPE_CHECKING:
    from storyboard.fileformat.fields import (
        Time,
    )


class Lettering(Part):
    """How words are set."""

    position: Position | None = Field(
        default=None,
        description="Where in the frame, inside the title-safe area, or, in a film of a phone's "
        "shape, where its player covers nothing. "
        "Titles stand in the center, captions at the bottom, unless said otherwise.",
    )
    size: Annotated[float, Field(gt=0, le=50, allow_inf_nan=False)] | None = Field(
        default=None,
        description="Height of the letters in percent of the picture's shorter side. "
        "Titles are 8, captions 4.5, unless said otherwise.",
    )
    color: Colour = Field(
        default="#ffffff", description="Colour of the letters: #rrggbb, or a name such as red."
    )
    background: GlassColour | None = Field(
        default=None,
        description="Colour of a box behind the words, #rrggbb or #rrggbbaa. Left out: no box.",
    )
    fade_in: Moment | None = Field(
        default=None, description="How long the words take to appear, seconds or frames."
    )
    fade_out: Moment | None = Field(
        default=None, description="How long the words take to vanish, seconds or frames."
    )


class Title(Lettering):
    """Words over the film, timed on the film."""

    first = "text"

    if TYPE_CHECKING:

        def __init__(
            self,
            text: str,
            *,
            at: Time,
            duration: Time,
            position: Position | None = None,
            size: float | None = None,
            color: str = "#ffffff",
            background: str | None = None,
            fade_in: Time | None = None,
            fade_out: Time | None = None,
            notes: Any = None,
        ) -> None: ...

    at: Moment = Field(description="When the words appear in the film, seconds or frames.")
    duration: Length = Field(description="How long the words stay, seconds or frames.")
    text: Text = Field(description="The words. A line break starts a new line.")


class Caption(Lettering):
    """Words under a shot, timed on the shot; they move with it."""

    first = "text"

    if TYPE_CHECKING:

        def __init__(
            self,
            text: str,
            *,
            at: Time,
            duration: Time,
            position: Position | None = None,
            size: float | None = None,
            color: str = "#ffffff",
            background: str | None = None,
            fade_in: Time | None = None,
            fade_out: Time | None = None,
            notes: Any = None,
        ) -> None: ...

    at: Moment = Field(description="When the words appear, from the shot's first frame.")
    duration: Length = Field(description="How long the words stay, seconds or frames.")
    text: Text = Field(description="The words. A line break starts a new line.")
