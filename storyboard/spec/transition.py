"""How one part of the film leads into the next."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from storyboard.spec.values import Colour, Length, Part, Shorthand


class Transition(Part):
    """How one scene leads into the next."""

    type: Literal["cut", "dissolve", "fade", "wipe", "slide"] = Field(
        default="cut",
        description="cut; dissolve (mixed); fade (through a colour); wipe; slide.",
    )
    duration: Length | None = Field(
        default=None, description="How long it takes, seconds or frames. Left out: 1 second."
    )
    color: Colour = Field(default="#000000", description="The colour that a fade goes through.")
    direction: Literal["left", "right", "up", "down"] = Field(
        default="left", description="Where a wipe or a slide moves to."
    )

    @model_validator(mode="before")
    @classmethod
    def _from_word(cls, written: Any) -> Any:
        return {"type": written} if isinstance(written, str) else written


SceneTransition = Annotated[
    Transition,
    Shorthand({"type": "string", "enum": ["cut", "dissolve", "fade", "wipe", "slide"]}),
]
"""A transition, or only its type."""
