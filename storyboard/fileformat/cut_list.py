"""The order of the film where it is not the order of the keyframes: editorial, free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from storyboard.fileformat.fields import Colour, FileName, Length, Moment, Name, Part, Shorthand
from storyboard.fileformat.transition import SceneTransition

if TYPE_CHECKING:
    from storyboard.fileformat.fields import Named, Time
    from storyboard.fileformat.transition import Transition


class CutShot(Part):
    """A shot at its place in the film, or what stands there alone: a clip of one's own, or a card.

    A plain name is the whole shot, as it is written above.
    """

    first = "shot"
    alone = "shot"

    if TYPE_CHECKING:

        def __init__(
            self,
            shot: str | None = None,
            *,
            clip: Named | None = None,
            card: str | None = None,
            take: int | None = None,
            start: Time | None = None,
            duration: Time | None = None,
            speed: float = 1.0,
            hold: Time | None = None,
            transition: Transition | str | None = None,
            notes: Any = None,
        ) -> None: ...

    shot: Name | None = Field(
        default=None, description="The id of the shot. Left out: a `clip` or a `card` is seen."
    )
    clip: FileName | None = Field(
        default=None,
        description="A movie that is no shot's, relative to the storyboard. It is taken into the "
        "store as it is, and never bought.",
    )
    card: Colour | None = Field(
        default=None, description="A colour, such as black. Left out: a `shot` or a `clip` is seen."
    )
    take: Annotated[int, Field(ge=1, le=25)] | None = Field(
        default=None,
        description="Which of its takes is seen here. Left out: the one that the shot picks. Free.",
    )
    start: Moment | None = Field(
        default=None,
        description="Where in its take or clip it begins, seconds or frames of that. "
        "Left out: where the shot does.",
    )
    duration: Length | None = Field(
        default=None,
        description="Its length in the film, seconds or frames. Left out: to the shot's or the "
        "clip's own end; of a card 3.",
    )
    speed: Annotated[float, Field(ge=0.01, le=100, allow_inf_nan=False)] = Field(
        default=1.0, description="Times the shot's own speed."
    )
    hold: Moment | None = Field(
        default=None,
        description="Hold its last frame this much longer. Left out: as the shot does, where "
        "nothing else is changed.",
    )
    transition: SceneTransition | None = Field(
        default=None,
        description="How the film comes into it. Left out: as into its scene, where it is the "
        "scene's first shot; else cut.",
    )

    @property
    def whole(self) -> bool:
        """Whether it is the shot as it is, hold and all."""
        return self.start is None and self.duration is None and self.speed == 1 and not self.hold


Cut = Annotated[
    list[
        Annotated[CutShot, Shorthand({"type": "string", "description": "The whole shot, by id."})]
    ],
    Field(min_length=1),
]
"""The shots that the film shows, in its order. A shot may come twice, or not at all."""
