"""Other shapes of the same film, and what stays in the picture where it is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import Field, PlainValidator, WithJsonSchema

from storyboard.fileformat.fields import Part, PictureSize, Shorthand
from storyboard.units.focus import Focus, Region
from storyboard.units.sizes import SIZE_TEXT, Reframe

if TYPE_CHECKING:
    from storyboard.units.sizes import Size

FocusPoint = Annotated[
    Focus,
    PlainValidator(Focus.parse),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "enum": list(get_args(Region))},
                {
                    "type": "array",
                    "items": {"type": "number", "minimum": 0, "maximum": 1},
                    "minItems": 2,
                    "maxItems": 2,
                },
            ]
        }
    ),
]
"""A part of a picture, or the point `[x, y]`, from its top left corner on."""

Safe = Literal["title", "phone"]
"""The part of the frame that words keep to."""


class Version(Part):
    """The same film in another shape, from the same takes. A plain text is its size."""

    first = "size"
    alone = "size"

    if TYPE_CHECKING:

        def __init__(
            self,
            size: Size | str,
            *,
            reframe: Reframe = "crop",
            captions: Literal["burned", "track", "files"] | None = None,
            safe: Safe | None = None,
            notes: Any = None,
        ) -> None: ...

    size: PictureSize = Field(
        description="Its size: 1080x1920, or a shape such as 9:16, 1:1 or 4:5, whose shorter side "
        "gets 1080 pixels."
    )
    reframe: Reframe = Field(
        default="crop",
        description="How pictures of another shape fill it: crop (focus says what stays), blur "
        "(whole, between bars of their own blurred picture) or pad (whole, between bars of "
        "defaults.background).",
    )
    captions: Literal["burned", "track", "files"] | None = Field(
        default=None, description="Where its captions go. Left out: as in the film."
    )
    safe: Safe | None = Field(
        default=None,
        description="What words keep clear of: title, the edges; phone, what a phone's player "
        "covers. Left out: phone where it is a phone's shape, upright and at least 1.5 times as "
        "high as wide.",
    )


VersionName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]
"""What a version's file is called after the film's name: letters, digits, `_` and `-`."""

Versions = dict[
    VersionName,
    Annotated[
        Version,
        Shorthand({"type": "string", "pattern": f"^({SIZE_TEXT})$", "description": "Its size."}),
    ],
]
"""Versions by name."""
