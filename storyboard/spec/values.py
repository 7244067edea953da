"""The small values of the file format: how each may be written, and what it means."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from storyboard.money import DOLLARS_TEXT, parse_dollars
from storyboard.money import MOST as MOST_DOLLARS
from storyboard.spec.colours import COLOUR_TEXT, GLASS_TEXT, parse_colour, parse_glass
from storyboard.spec.sizes import SIZE_TEXT, Size
from storyboard.timing import TIME_TEXT, Duration, Rate, parse_rate


class Part(BaseModel):
    """A block of the file: unknown keys are refused, `notes` and `x-...` keys are free."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        json_schema_extra={"patternProperties": {"^x-": {}}},
        use_attribute_docstrings=True,
    )

    notes: Any = Field(default=None, description="Anything, for people. Never read.")

    @model_validator(mode="before")
    @classmethod
    def _leave_extensions_out(cls, written: Any) -> Any:
        if not isinstance(written, dict):
            return written
        return {key: value for key, value in written.items() if not key.startswith("x-")}


class Shorthand:
    """Marks a block that may also be written as one plain value, for the JSON schema."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = schema

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Either the plain value or the block."""
        return {"anyOf": [self._schema, handler(core)]}


class OrAlone:
    """Marks a list whose only entry may stand for it, for the JSON schema."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Either one entry or the list."""
        made = handler(core)
        return {"anyOf": [*made["items"].get("anyOf", [made["items"]]), made]}


def _length(written: object) -> Duration:
    duration = Duration.parse(written)
    if duration.amount == 0:
        raise ValueError("must be more than 0")
    return duration


def _variable(written: object) -> str | int | float | bool:
    if not isinstance(written, (str, int, float)):
        raise ValueError("must be text, a number, true or false")
    return written


def _spoken(written: str) -> str:
    """Words without characters that are commands to a terminal, and none to a reader."""
    for letter in written:
        if unicodedata.category(letter) == "Cc" and letter not in "\n\t":
            raise ValueError(f"has a control character (U+{ord(letter):04X}); remove it")
    return written


def _time(least: dict[str, Any], text: str) -> dict[str, Any]:
    return {"anyOf": [{"type": "number", **least}, {"type": "string", "pattern": text}]}


Length = Annotated[
    Duration,
    PlainValidator(_length),
    WithJsonSchema(_time({"exclusiveMinimum": 0}, f"^(?=.*[1-9])({TIME_TEXT})$")),
]
"""A time of more than nothing: seconds (`2.5`, `5s`, `1:05`) or frames (`"12f"`)."""

Moment = Annotated[
    Duration,
    PlainValidator(Duration.parse),
    WithJsonSchema(_time({"minimum": 0}, f"^({TIME_TEXT})$")),
]
"""A time that may be 0: seconds (`2.5`, `5s`, `1:05`) or frames (`"12f"`)."""

FrameRate = Annotated[
    Rate,
    PlainValidator(parse_rate),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 1, "maximum": 240},
                {"type": "string", "pattern": r"^[0-9]{1,6}(\.[0-9]{1,6}|/[1-9][0-9]{0,5})?$"},
            ]
        }
    ),
]
"""Frames per second, exact."""

PictureSize = Annotated[
    Size,
    PlainValidator(Size.parse),
    WithJsonSchema({"type": "string", "pattern": f"^({SIZE_TEXT})$"}),
]
"""Width and height in pixels, a number of lines (`1080p`), or a shape (`9:16`)."""

Dollars = Annotated[
    int,
    PlainValidator(parse_dollars),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": MOST_DOLLARS},
                {"type": "string", "pattern": f"^({DOLLARS_TEXT})$"},
            ]
        }
    ),
]
"""Written in US dollars, kept in micro-dollars."""

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
"""An id: letters, digits, `_`, `.` and `-`."""

Colour = Annotated[
    str,
    PlainValidator(parse_colour),
    WithJsonSchema({"type": "string", "pattern": f"^({COLOUR_TEXT})$"}),
]
"""`#rrggbb`, `#rgb`, or a CSS name such as `red`."""

GlassColour = Annotated[
    str,
    PlainValidator(parse_glass),
    WithJsonSchema({"type": "string", "pattern": f"^({GLASS_TEXT})$"}),
]
"""A colour, or `#rrggbbaa` (`#rgba`) with its opacity."""

Text = Annotated[str, Field(min_length=1, max_length=10_000), AfterValidator(_spoken)]
"""Words for people or models."""

Words = Annotated[str, Field(max_length=10_000), AfterValidator(_spoken)]
"""Words for people or models; may be empty."""

ModelName = Annotated[str, Field(min_length=1, max_length=200)]
"""An alias or a full endpoint id of the model table."""

VariableName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
"""What stands in `${...}`: letters, digits and `_`."""

Variable = Annotated[
    str | int | float | bool,
    PlainValidator(_variable),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]
"""One word or number."""

FileName = Annotated[str, Field(min_length=1, max_length=4096)]
"""A path, relative to the storyboard."""

Decibels = Annotated[float, Field(ge=-96, le=24, allow_inf_nan=False)]
"""Gain in dB; 0 leaves the level as it is."""

Fit = Literal["cover", "contain", "blur", "stretch"]
"""How a picture of another shape fills the frame: cropped, with bars, with bars made of its own
blurred picture, or pulled out of shape."""

OnFail = Literal["error", "hold"]
"""What a shot that can't be had does to the film: no film, or the still in its place."""

Position = Literal[
    "top-left",
    "top",
    "top-right",
    "left",
    "center",
    "right",
    "bottom-left",
    "bottom",
    "bottom-right",
]
"""A place in the frame, inside the title-safe area."""
