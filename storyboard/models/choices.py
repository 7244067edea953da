"""Choices: what a storyboard can choose of a model, and the argument that says so.

Option("resolution", ("720p", "1080p"), "720p")   one of a few; always sent
Option("", (True,), True)                         always so; nothing is sent
NumberOption("seed", 0, 4_294_967_295)            a number; sent where it is chosen
TextOption("negative_prompt", 500)                words; sent where they are chosen
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Setting = str | int | float | bool
"""What an option can be set to."""

Counted = Literal["characters", "bytes"]
"""What a limit of a text counts; bytes of UTF-8."""

Sent = Callable[[Setting], Any]
"""How a choice is written as an argument."""


def as_it_is(value: Setting) -> Setting:
    """The choice itself."""
    return value


class Choosable(Protocol):
    """An option of a model."""

    @property
    def argument(self) -> str:
        """What the endpoint calls it; empty where nothing is sent."""

    @property
    def default(self) -> Setting | None:
        """What is sent where nothing is chosen; None where nothing is."""

    @property
    def takes(self) -> str:
        """What it can be set to, in words."""

    def wrong(self, value: Setting) -> str:
        """What is wrong with this value, as the end of a sentence; empty where nothing is."""

    def written(self, value: Setting) -> Any:
        """The value as the argument has it."""

    def of(self, sent: object) -> Setting:
        """The value that an argument stands for."""


@dataclass(frozen=True, slots=True)
class Option:
    """A choice among a few. It is always sent: the service's own default may be the dear one."""

    argument: str
    choices: tuple[Setting, ...]
    default: Setting | None
    """None: nothing is sent unless one is chosen."""
    sent: Sent = as_it_is
    theirs: Any = None
    """The service's own default when the row was read; None where it has none, or none is known."""

    @property
    def takes(self) -> str:
        """Its choices."""
        return ", ".join(map(shown, self.choices))

    def wrong(self, value: Setting) -> str:
        """That it is none of the choices, and which was probably meant."""
        if any(same(value, choice) for choice in self.choices):
            return ""
        names = {str(choice).casefold(): choice for choice in self.choices}
        near = difflib.get_close_matches(str(value).casefold()[:40], names, n=1, cutoff=0.75)
        return f"did you mean {shown(names[near[0]])}?" if near else f"it has {self.takes}"

    def written(self, value: Setting) -> Any:
        """The choice as the argument has it."""
        return self.sent(next((own for own in self.choices if same(value, own)), value))

    def of(self, sent: object) -> Setting:
        """The choice that an argument stands for; the default where it stands for none."""
        found = (own for own in self.choices if same(self.sent(own), sent))
        return next(found, "" if self.default is None else self.default)


@dataclass(frozen=True, slots=True)
class NumberOption:
    """A number between two others."""

    argument: str
    least: float
    most: float
    default: Setting | None = None
    whole: bool = True

    @property
    def takes(self) -> str:
        """Its bounds."""
        return f"{self.least:.12g} to {self.most:.12g}{'' if self.whole else ', also fractions'}"

    def wrong(self, value: Setting) -> str:
        """That it is no such number."""
        number = isinstance(value, int if self.whole else (int, float))
        if number and not isinstance(value, bool) and self.least <= float(value) <= self.most:
            return ""
        return f"it takes {'a whole number' if self.whole else 'a number'}, {self.takes}"

    def written(self, value: Setting) -> Any:
        """The number."""
        return value

    def of(self, sent: object) -> Setting:
        """The number that was sent; 0 where it was none."""
        return sent if isinstance(sent, (int, float)) else 0


@dataclass(frozen=True, slots=True)
class TextOption:
    """Words for the model."""

    argument: str
    limit: int | None
    """None where none is known."""
    counted_in: Counted = "characters"
    default: Setting | None = None

    @property
    def takes(self) -> str:
        """How long they may be."""
        return f"text, at most {self.limit} {self.counted_in}" if self.limit else "text"

    def wrong(self, value: Setting) -> str:
        """That it is no text, or too long."""
        if not isinstance(value, str):
            return "it takes text; put it in quotes"
        length = counted(value, self.counted_in)
        return (
            ""
            if length <= (self.limit or length)
            else f"it takes {self.takes}, and this has {length}"
        )

    def written(self, value: Setting) -> Any:
        """The words."""
        return value

    def of(self, sent: object) -> Setting:
        """The words that were sent."""
        return sent if isinstance(sent, str) else ""


@dataclass(frozen=True, slots=True)
class Restriction:
    """What goes only with some choices: lengths, or having an end frame."""

    when: Mapping[str, tuple[Setting, ...]] = field(hash=False)
    """It holds where all of these options are set to one of these."""
    lengths: tuple[int, ...] = ()
    """The only lengths then, in seconds; empty: any."""
    end_frame: bool = True
    """Whether an end frame may be sent then."""

    def holds(self, chosen: Mapping[str, Setting]) -> bool:
        """Whether it speaks of these choices."""
        return all(
            any(same(chosen[name], one) for one in those)
            for name, those in self.when.items()
            if name in chosen
        ) and self.when.keys() <= set(chosen)

    def said(self, chosen: Mapping[str, Setting]) -> str:
        """The choices it speaks of, in words: `resolution 1080p`."""
        return " and ".join(f"{name} {shown(chosen[name])}" for name in self.when)


def chosen(options: Mapping[str, Choosable], asked: Mapping[str, Setting]) -> dict[str, Setting]:
    """Each option as it is asked for, else as its default; those without either left out."""
    found = {name: asked.get(name, own.default) for name, own in options.items()}
    return {name: value for name, value in found.items() if value is not None}


def arguments(options: Mapping[str, Choosable], asked: Mapping[str, Setting]) -> dict[str, Any]:
    """The options as arguments."""
    return {
        options[name].argument: options[name].written(value)
        for name, value in chosen(options, asked).items()
        if options[name].argument
    }


def read_back(options: Mapping[str, Choosable], sent: Mapping[str, Any]) -> dict[str, Setting]:
    """What was chosen, read from what was sent."""
    there = {
        name: own.of(sent[own.argument]) for name, own in options.items() if own.argument in sent
    }
    usual = {name: own.default for name, own in options.items() if own.default is not None}
    return {**usual, **there}


def misset(
    options: Mapping[str, Choosable], asked: Mapping[str, Setting], model: str
) -> Iterator[tuple[str, str]]:
    """The names of options that the model does not have, or not like this, with what to do."""
    for name, value in asked.items():
        if name not in options:
            near = difflib.get_close_matches(name[:40], options, n=1)
            there = f"did you mean {near[0]}?" if near else f"it has {', '.join(options) or 'none'}"
            yield name, f"{model} has no option {name}; {there}"
        elif wrong := options[name].wrong(value):
            yield name, f"{model} has no {name} {shown(value)}; {wrong}"


def counted(text: str, unit: Counted) -> int:
    """How long a text is."""
    return len(text.encode() if unit == "bytes" else text)


def same(one: object, other: object) -> bool:
    """Whether two settings are the same: 1 is not true."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def shown(value: object) -> str:
    """A setting as a storyboard writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)[:60]


def of_shapes(shapes: Sequence[str]) -> dict[str, float]:
    """Width over height of each shape, by its name such as `16:9`."""
    found = {}
    for shape in shapes:
        width, _, height = shape.partition(":")
        found[shape] = int(width) / int(height)
    return found


@dataclass(frozen=True, slots=True)
class OfferedShapes:
    """Shapes that an endpoint makes whatever the still is: the still's has to be asked for."""

    argument: str
    offered: tuple[str, ...]
    """Such as `16:9`."""

    def nearest(self, shape: tuple[int, int]) -> str:
        """The one that is most like this width and height."""
        wanted = shape[0] / shape[1]

        def ratio(name: str) -> float:
            other = of_shapes([name])[name]
            return max(wanted / other, other / wanted)

        return min(self.offered, key=ratio)


@dataclass(frozen=True, slots=True)
class FrameSize:
    """A size in pixels that is asked for: of the still's shape, as large as `resolution` says."""

    argument: str
    """An object with `width` and `height`."""
    sides: Mapping[str, int] = field(hash=False)
    """The shorter side in pixels, by the choices of the option `resolution`."""
    frames: str = "num_frames"
    """The argument that says how many frames there are to be."""
    multiple: int = 32
    """What both sides are multiples of."""

    def of(self, shape: tuple[int, int], resolution: Setting) -> dict[str, int]:
        """The size for a still of this width and height."""
        scale = self.sides[str(resolution)] / min(shape)
        width, height = (self._whole(side * scale) for side in shape)
        return {"width": width, "height": height}

    def _whole(self, side: float) -> int:
        return max(1, round(side / self.multiple)) * self.multiple

    def pixels(self, sent: Mapping[str, Any]) -> int:
        """Pixels of a frame, read from what was sent; 0 where nothing says it."""
        size = sent.get(self.argument)
        if not isinstance(size, Mapping):
            return 0
        return int(size.get("width", 0)) * int(size.get("height", 0))
