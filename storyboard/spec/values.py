"""The small values of the file format: how each may be written, and what it means."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
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

from storyboard.timing import Duration, Rate, parse_rate


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


_SIZE = re.compile("([0-9]{2,5})x([0-9]{2,5})")


@dataclass(frozen=True, slots=True)
class Size:
    """Picture size in pixels; both sides even, as yuv420p needs."""

    width: int
    height: int

    @classmethod
    def parse(cls, written: object) -> Size:
        """From `"1920x1080"`; ValueError says what to write."""
        if isinstance(written, Size):
            return written
        found = (
            re.fullmatch(r"([0-9]{2,5})x([0-9]{2,5})", written)
            if isinstance(written, str)
            else None
        )
        if found is None:
            raise ValueError('must be "WIDTHxHEIGHT" in pixels, such as 1920x1080')
        size = cls(int(found[1]), int(found[2]))
        if not (16 <= size.width <= 8192 and 16 <= size.height <= 8192):
            raise ValueError("must be between 16x16 and 8192x8192")
        if size.width % 2 or size.height % 2:
            raise ValueError("needs an even width and an even height")
        return size

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


def _length(written: object) -> Duration:
    duration = Duration.parse(written)
    if duration.amount == 0:
        raise ValueError("must be more than 0")
    return duration


def _dollars(written: object) -> int:
    if isinstance(written, bool) or not isinstance(written, (int, float)):
        raise ValueError("must be US dollars, such as 5.00")
    if not 0 <= written <= 1_000_000:
        raise ValueError("must be between 0 and 1000000 US dollars")
    exact = Decimal(str(written)) * 1_000_000
    if exact != exact.to_integral_value():
        raise ValueError("has more than six decimals")
    return int(exact)


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


def _time(least: dict[str, Any], frames: str) -> dict[str, Any]:
    return {"anyOf": [{"type": "number", **least}, {"type": "string", "pattern": frames}]}


Length = Annotated[
    Duration,
    PlainValidator(_length),
    WithJsonSchema(_time({"exclusiveMinimum": 0}, r"^(?=.*[1-9])[0-9]{1,9}f$")),
]
"""A time of more than nothing: seconds (`2.5`) or frames (`"12f"`)."""

Moment = Annotated[
    Duration,
    PlainValidator(Duration.parse),
    WithJsonSchema(_time({"minimum": 0}, r"^[0-9]{1,9}f$")),
]
"""A time that may be 0: seconds (`2.5`) or frames (`"12f"`)."""

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
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{2,5}x[0-9]{2,5}$"}),
]
"""Width and height in pixels."""

Dollars = Annotated[int, PlainValidator(_dollars), WithJsonSchema({"type": "number", "minimum": 0})]
"""Written in US dollars, kept in micro-dollars."""

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
"""An id: letters, digits, `_`, `.` and `-`."""

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$"), AfterValidator(str.lower)]
"""`#rrggbb`."""

GlassColour = Annotated[
    str, Field(pattern=r"^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$"), AfterValidator(str.lower)
]
"""`#rrggbb`, or `#rrggbbaa` with its opacity."""

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
