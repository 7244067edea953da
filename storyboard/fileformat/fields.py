"""The small values of the file format: how each may be written, and what it means."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from os import PathLike, fsdecode, sep
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    PrivateAttr,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from storyboard.errors import InvalidStoryboard
from storyboard.fileformat.colours import COLOUR_TEXT, GLASS_TEXT, parse_colour, parse_glass
from storyboard.fileformat.findings import mistakes
from storyboard.units.money import DOLLARS_TEXT, parse_dollars
from storyboard.units.money import MOST as MOST_DOLLARS
from storyboard.units.sizes import SIZE_TEXT, Size
from storyboard.units.timing import TIME_TEXT, Duration, Rate, parse_rate

if TYPE_CHECKING:
    from pydantic import (
        GetJsonSchemaHandler,
    )
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

Time = Duration | Fraction | Decimal | float | str
"""A time as it may be given in code: seconds as a number, or all that a file may say."""

Named = str | PathLike[str]
"""A file as it may be named in code."""


class Part(BaseModel):
    """A block of the file: unknown keys are refused, `notes` and `x-...` keys are free."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        json_schema_extra={"patternProperties": {"^x-": {}}},
    )

    first: ClassVar[str] = ""
    """The field that may be given in code without its name."""
    alone: ClassVar[str] = ""
    """The field whose text may stand for the whole block."""
    outermost: ClassVar[bool] = False
    """Whether it is the whole file."""

    _filled: bool = PrivateAttr(default=False)

    notes: Any = Field(default=None, description="Anything, for people. Never read.")

    def __init__(self, *first: Any, **fields: Any) -> None:
        if len(first) > bool(self.first):
            names = f"only {self.first} may be" if self.first else "no field may be"
            raise TypeError(f"{type(self).__name__}: {names} given without a name")
        if first and self.first in fields:
            raise TypeError(f"{type(self).__name__} got two values for {self.first}")
        given = plain(fields | dict(zip((self.first,), first, strict=False)))
        try:
            super().__init__(**given)
        except ValidationError as error:
            inside = "" if self.outermost else type(self).__name__
            raise InvalidStoryboard(mistakes(type(self), error, given, inside=inside)) from None

    # Blocks inside a block are validated with it, so that mistakes know where they are.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Only what was written."""
        return ((name, getattr(self, name)) for name, _ in self.said())

    @property
    def filled(self) -> bool:
        """Whether variables have been put in: from then on `${` is text."""
        return self._filled

    def is_filled(self) -> None:
        """Note that variables have been put in."""
        self._filled = True

    def said(self) -> Iterator[tuple[str, Any]]:
        """Each field that is another than it would be if it were left out."""
        fields = type(self).model_fields
        for name in sorted(fields, key=lambda name: name == "notes"):
            value = getattr(self, name)
            if fields[name].is_required() or value != fields[name].default:
                yield name, value

    @model_validator(mode="before")
    @classmethod
    def _written(cls, written: Any) -> Any:
        """A block without its extensions, or the text that stands for one."""
        if isinstance(written, str) and cls.alone:
            return {cls.alone: written}
        if not isinstance(written, dict):
            return written
        return {key: value for key, value in written.items() if not str(key).startswith("x-")}


def plain(value: Any) -> Any:
    """A value given in code as a file would have it: a path is its text, a tuple a list."""
    if isinstance(value, PathLike):
        return fsdecode(value).replace(sep, "/")
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, (list, tuple)) else value


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


class Either:
    """Marks a value of several kinds that are told apart by themselves, for the JSON schema."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Any of the kinds: draft-07 knows nothing of what tells them apart."""
        return {"anyOf": handler(core)["oneOf"]}


def _moment(written: object) -> Duration:
    duration = Duration.parse(written)
    exact = duration.amount
    if (exact * 10**12).denominator != 1 and Fraction(str(float(exact))) != exact:
        raise ValueError("is no decimal number of seconds; give frames")
    return duration


def _length(written: object) -> Duration:
    duration = _moment(written)
    if duration.amount == 0:
        raise ValueError("must be more than 0")
    return duration


def _variable(written: object) -> str | int | float | bool:
    if not isinstance(written, (str, int, float)):
        raise ValueError("must be text, a number, true or false")
    if isinstance(written, float) and not isfinite(written):
        raise ValueError("must be a finite number")
    return written


def _setting(written: object) -> str | int | float | bool | None:
    return None if written is None else _variable(written)


def _spoken(written: str) -> str:
    """Words without characters that are commands to a terminal, and none to a reader."""
    for letter in written:
        if unicodedata.category(letter) == "Cc" and letter not in "\n\t":
            raise ValueError(f"has a control character (U+{ord(letter):04X}); remove it")
    return written


def _time(least: dict[str, Any], text: str) -> dict[str, Any]:
    return {"anyOf": [{"type": "number", **least}, {"type": "string", "pattern": text}]}


def _pick(written: object) -> int | str:
    if written == "best":
        return "best"
    if isinstance(written, bool) or not isinstance(written, int):
        raise ValueError("must be the number of a take, or best")
    if not 1 <= written <= MOST_TAKES:
        raise ValueError(f"must be from 1 to {MOST_TAKES}, or best")
    return written


MOST_TAKES = 20
"""How many takes a shot may have."""

Pick = Annotated[
    int | Literal["best"],
    PlainValidator(_pick),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1, "maximum": MOST_TAKES}, {"const": "best"}]}
    ),
]
"""A take's number, counted from 1, or `best`."""

Length = Annotated[
    Duration,
    PlainValidator(_length),
    WithJsonSchema(_time({"exclusiveMinimum": 0}, f"^(?=.*[1-9])({TIME_TEXT})$")),
]
"""A time of more than nothing: seconds (`2.5`, `5s`, `1:05`) or frames (`"12f"`)."""

Moment = Annotated[
    Duration,
    PlainValidator(_moment),
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

OptionName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=64)]
"""What a model calls something that can be chosen: letters, digits and `_`."""

OptionSetting = Annotated[
    str | int | float | bool | None,
    PlainValidator(_setting),
    WithJsonSchema({"type": ["string", "number", "boolean", "null"]}),
]
"""One word or number; empty: as if nothing had been chosen further out."""

FileName = Annotated[str, Field(min_length=1, max_length=4096)]
"""A path, relative to the storyboard."""

PlaceName = Annotated[str, Field(min_length=1, max_length=4096)]
"""A folder, relative to the storyboard, or a bucket's address."""

Decibels = Annotated[float, Field(ge=-96, le=24, allow_inf_nan=False)]
"""Gain in dB; 0 leaves the level as it is."""


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
