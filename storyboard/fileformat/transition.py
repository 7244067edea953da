"""How one part of the film leads into the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from storyboard.fileformat.fields import Colour, Length, Moment, Part, Shorthand
from storyboard.units.transition_kinds import KINDS

NAMES = ("cut", *KINDS)

if TYPE_CHECKING:
    from storyboard.fileformat.fields import Time

    Name = str
else:
    Name = Literal[NAMES]


def _described(name: str) -> str:
    said = KINDS[name].says if name in KINDS else ""
    return f"{name} ({said})" if said else name


class Transition(Part):
    """How one scene leads into the next."""

    first = "type"
    alone = "type"

    if TYPE_CHECKING:

        def __init__(
            self,
            type: Name = "cut",  # noqa: A002 - the format's own word
            *,
            duration: Time | None = None,
            before: Time | None = None,
            color: str = "#000000",
            direction: Literal["left", "right", "up", "down"] = "left",
            notes: Any = None,
        ) -> None: ...

    type: Name = Field(default="cut", description=f"{'; '.join(map(_described, NAMES))}.")
    duration: Length | None = Field(
        default=None, description="How long it takes, seconds or frames. Left out: 1 second."
    )
    before: Moment | None = Field(
        default=None,
        description="How much of a fade lies before the cut, seconds or frames. Left out: half.",
    )
    color: Colour = Field(default="#000000", description="The colour that a fade goes through.")
    direction: Literal["left", "right", "up", "down"] = Field(
        default="left", description="Where a wipe or a slide moves to."
    )


class Ending(Part):
    """How the film ends. Its sounds have their own `fade_out`."""

    first = "type"
    alone = "type"

    if TYPE_CHECKING:

        def __init__(
            self,
            type: Literal["cut", "fade"] = "fade",  # noqa: A002 - the format's own word
            *,
            duration: Time | None = None,
            color: str = "#000000",
            notes: Any = None,
        ) -> None: ...

    type: Literal["cut", "fade"] = Field(
        default="fade", description="fade: the picture goes into a colour; cut: it just ends."
    )
    duration: Length | None = Field(
        default=None, description="How long the fade takes, seconds or frames. Left out: 1 second."
    )
    color: Colour = Field(default="#000000", description="The colour that the picture goes into.")


FilmEnding = Annotated[Ending, Shorthand({"type": "string", "enum": ["cut", "fade"]})]
"""An ending, or only its type."""

SceneTransition = Annotated[
    Transition,
    Shorthand({"type": "string", "enum": list(NAMES)}),
]
"""A transition, or only its type."""
