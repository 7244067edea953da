"""Rows of one's own: models that the table does not have, or not with a price."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from storyboard.fileformat.fields import (
    Dollars,
    ModelName,
    OptionName,
    OptionSetting,
    Part,
    Shorthand,
    Words,
)
from storyboard.units.money import DOLLARS_TEXT

if TYPE_CHECKING:
    from decimal import Decimal

Argument = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=64)]
"""What an endpoint calls something that it is sent."""

Per = Literal["second", "take", "5 seconds"]


class OwnPrice(Part):
    """What a model costs. A plain number is US dollars for a second."""

    first = "dollars"

    if TYPE_CHECKING:

        def __init__(
            self,
            dollars: Decimal | float | str | None = None,
            *,
            per: Per = "second",
            by: str | None = None,
            rates: Mapping[str, Decimal | float | str] = ...,
            base: Decimal | float | str = 0,
            least: int = 0,
            at_most: bool = False,
            notes: Any = None,
        ) -> None: ...

    dollars: Dollars | None = Field(default=None, description="US dollars for each of `per`.")
    per: Per = Field(default="second", description="What it is for: second, take, 5 seconds.")
    by: OptionName | None = Field(
        default=None, description="The option on which it hangs, such as resolution."
    )
    rates: dict[str, Dollars] = Field(
        default={}, description="US dollars for each of `per`, by the choices of that option."
    )
    base: Dollars = Field(default=0, description="US dollars for any request at all.")
    least: Annotated[int, Field(ge=0, le=600)] = Field(
        default=0, description="Seconds that are charged for at least."
    )
    at_most: bool = Field(
        default=False, description="Whether that is the most that a take can cost."
    )

    def said(self) -> Iterator[tuple[str, Any]]:
        """Money in dollars, as it is written."""
        for name, value in super().said():
            if name in ("dollars", "base"):
                yield name, Fraction(value, 1_000_000)
            elif name == "rates":
                yield name, {key: Fraction(micro, 1_000_000) for key, micro in value.items()}
            else:
                yield name, value


def _priced(written: Any) -> Any:
    return written if isinstance(written, (dict, OwnPrice)) else {"dollars": written}


Price = Annotated[
    OwnPrice,
    BeforeValidator(_priced),
    Shorthand(
        {
            "anyOf": [
                {"type": "number", "minimum": 0},
                {"type": "string", "pattern": f"^({DOLLARS_TEXT})$"},
            ]
        }
    ),
]
"""A number of US dollars for each second, or a block."""


class OwnOption(Part):
    """What can be chosen of a model: one of `choices`, a number from `least` to `most`, or text."""

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            argument: str | None = None,
            choices: Sequence[str | float | bool] = (),
            least: float | None = None,
            most: float | None = None,
            limit: int | None = None,
            default: str | float | bool | None = None,
            notes: Any = None,
        ) -> None: ...

    argument: Argument | None = Field(
        default=None, description="What the endpoint calls it. Left out: as here."
    )
    choices: list[OptionSetting] = Field(default=[], description="What it can be set to.")
    least: float | None = Field(default=None, description="The smallest number it takes.")
    most: float | None = Field(default=None, description="The largest number it takes.")
    limit: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="How many characters of text it takes."
    )
    default: OptionSetting = Field(
        default=None,
        description="What is sent where nothing is chosen. Left out: the first of its choices; "
        "a number or a text is not sent then.",
    )


class OwnModel(Part):
    """A model of one's own: an endpoint that the table lacks, or a row of it with changes."""

    first = "endpoint"

    if TYPE_CHECKING:

        def __init__(
            self,
            endpoint: str | None = None,
            *,
            like: str | None = None,
            start: str | None = None,
            end: str | None = None,
            end_frame: Literal["optional", "required", "unsupported"] | None = None,
            prompt: str | None = None,
            prompt_limit: int | None = None,
            lengths: Sequence[str | int] | None = None,
            length: str | None = None,
            frames_per_second: int | None = None,
            price: OwnPrice | Decimal | float | str | None = None,
            options: Mapping[str, OwnOption] = ...,
            always: Mapping[str, str | float | bool] = ...,
            source: str | None = None,
            notes: Any = None,
        ) -> None: ...

    endpoint: ModelName | None = Field(
        default=None, description="Its id at the service. Needed where there is no `like`."
    )
    like: ModelName | None = Field(
        default=None, description="A model of the table that it is, but for what is said here."
    )
    start: Argument | None = Field(default=None, description="The argument for the start frame.")
    end: Argument | None = Field(default=None, description="The argument for the end frame.")
    end_frame: Literal["optional", "required", "unsupported"] | None = Field(
        default=None, description="Whether an end frame is optional, required or unsupported."
    )
    prompt: Argument | None = Field(default=None, description="The argument for the words.")
    prompt_limit: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="How many characters of a prompt it takes."
    )
    lengths: Annotated[list[str | int], Field(min_length=1)] | None = Field(
        default=None,
        description='The lengths it sells, each as the endpoint wants it: "5", "5s" or 5.',
    )
    length: Argument | None = Field(
        default=None, description="The argument for the length. Left out: duration."
    )
    frames_per_second: Annotated[int, Field(ge=1, le=240)] | None = Field(
        default=None,
        description="Where the endpoint counts frames: `lengths` are seconds, and as many frames "
        "and one are asked for.",
    )
    price: Price | None = Field(
        default=None, description="US dollars for a second, or a block. Needed without `like`."
    )
    options: dict[OptionName, OwnOption] = Field(
        default={}, description="What storyboards can choose of it, by their name for it."
    )
    always: dict[OptionName, OptionSetting] = Field(
        default={}, description="Arguments that always go along."
    )
    source: Words | None = Field(default=None, description="Where its facts are from, and when.")
