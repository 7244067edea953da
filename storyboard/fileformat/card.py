"""Cards: a colour or a still between the scenes, with words on it or without. Never bought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from storyboard.fileformat.fields import (
    Colour,
    FileName,
    Length,
    Moment,
    OrAlone,
    Part,
    Shorthand,
    Text,
)
from storyboard.fileformat.words import Lettering

if TYPE_CHECKING:
    from storyboard.fileformat.fields import Named, Position, Time


class CardWords(Lettering):
    """Words on a card, set as titles are. A plain text stands in its middle until it ends."""

    first = "text"
    alone = "text"

    if TYPE_CHECKING:

        def __init__(
            self,
            text: str,
            *,
            at: Time | None = None,
            duration: Time | None = None,
            position: Position | None = None,
            size: float | None = None,
            color: str = "#ffffff",
            background: str | None = None,
            fade_in: Time | None = None,
            fade_out: Time | None = None,
            notes: Any = None,
        ) -> None: ...

    text: Text = Field(description="The words. A line break starts a new line.")
    at: Moment | None = Field(
        default=None, description="When they appear, from the card's first frame. Left out: 0."
    )
    duration: Length | None = Field(
        default=None, description="How long they stay. Left out: to the card's end."
    )


def _as_list(written: Any) -> Any:
    return [written] if isinstance(written, (str, dict, CardWords)) else written


class Card(Part):
    """A scene that is one picture: a colour, or a still. A plain text is its colour."""

    first = "color"
    alone = "color"

    if TYPE_CHECKING:

        def __init__(
            self,
            color: str = "#000000",
            *,
            image: Named | None = None,
            duration: Time | None = None,
            words: Sequence[CardWords | str] | CardWords | str = (),
            notes: Any = None,
        ) -> None: ...

    color: Colour = Field(default="#000000", description="Its colour, where it has no image.")
    image: FileName | None = Field(
        default=None, description="A still, fitted as the shots' are; as a keyframe's image."
    )
    duration: Length | None = Field(default=None, description="Seconds or frames. Left out: 3.")
    words: Annotated[
        list[
            Annotated[CardWords, Shorthand({"type": "string", "description": "The words alone."})]
        ],
        BeforeValidator(_as_list),
        OrAlone(),
    ] = Field(default=[], description="Words on it. Free.")


SceneCard = Annotated[Card, Shorthand({"type": "string", "description": "The card's colour."})]
"""A card, or only its colour."""
