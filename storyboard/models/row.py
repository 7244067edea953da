"""A model as a row of the table: argument names, limits, options and a tariff, as values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any, Literal

from storyboard.models import choices, price
from storyboard.models.model import Brief, Problem
from storyboard.models.price import Sold
from storyboard.models.request import Request
from storyboard.units.timing import decimal

if TYPE_CHECKING:
    from storyboard.models.choices import (
        Choosable,
        Counted,
        FrameSize,
        OfferedShapes,
        Restriction,
        Setting,
    )
    from storyboard.models.evidence import Evidence
    from storyboard.models.lengths import Lengths
    from storyboard.models.model import StillLimits
    from storyboard.models.price import Price, Tariff

EndFrame = Literal["optional", "required", "unsupported"]


@dataclass(frozen=True, slots=True)
class OpenEnded:
    """Another endpoint of the same model, for shots without an end frame."""

    endpoint: str
    start: str
    """Name of its argument for the start frame; the others are the same."""


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One row of the table."""

    alias: str
    endpoint: str
    start: str
    """Name of the argument for the start frame."""
    end: str
    """Name of the argument for the end frame."""
    lengths: Lengths
    stills: StillLimits
    tariff: Tariff
    evidence: Evidence
    prompt: str = "prompt"
    """Name of the argument for the words; empty where it reads none."""
    prompt_limit: int | None = None
    """None where no limit is known."""
    prompt_counted_in: Counted = "characters"
    end_frame: EndFrame = "optional"
    open_ended: OpenEnded | None = None
    """Where a shot without an end frame goes to, if the endpoint itself needs one."""
    options: Mapping[str, Choosable] = field(default_factory=dict, hash=False)
    """By the storyboard's name for it."""
    restrictions: tuple[Restriction, ...] = ()
    """What goes only with some choices of options."""
    fixed: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """Arguments that always go along."""
    shapes: OfferedShapes | None = None
    """The shapes to choose from, where the endpoint does not follow the still by itself."""
    frame_size: FrameSize | None = None
    """The size to ask for, where it is asked for in pixels."""
    doubt: str = ""
    """Why its life or its price is not established; empty where they are."""
    notes: tuple[str, ...] = ()
    """What is worth knowing of it before paying."""
    maker: str = ""
    """Who makes its takes on this machine; empty where the service does."""
    covers: int = 1
    """How many shots one request can bring at the most."""
    further: tuple[str, ...] = ()
    """Arguments that `compose` sends besides those that are named here."""
    compose: Compose | None = None
    """How a request is put together where it is not a prompt, a start and an end."""
    whole_shots: bool = False
    """Whether each shot of a request lasts whole seconds, not only all of them together."""

    @property
    def endpoints(self) -> tuple[str, ...]:
        """Where its requests may go to."""
        other = (self.open_ended.endpoint,) if self.open_ended else ()
        return self.endpoint, *other

    def without_end(self) -> ModelRow:
        """The same, as shots without an end frame ask for it."""
        other = self.open_ended or OpenEnded(self.endpoint, self.start)
        return replace(self, endpoint=other.endpoint, start=other.start, end="", open_ended=None)

    def problems(self, brief: Brief) -> Iterator[Problem]:
        """What it can't do of this: length, prompt, end, options."""
        wrong = [
            Problem(f"options.{name}", told)
            for name, told in choices.misset(self.options, brief.options, self.alias)
        ]
        yield from self._too_long(brief, {} if wrong else brief.options)
        yield from self._too_wordy(brief.prompt)
        yield from self._misended(brief)
        yield from wrong or self._unpriced(brief)

    def fits(self, briefs: Sequence[Brief]) -> bool:
        """Whether one request can bring all of these: not too many, too long, or too wordy.

        A single shot's words are `problems`'.
        """
        if len(briefs) > self.covers or self._sold(briefs) is None:
            return False
        words = str(self.request(briefs).arguments.get(self.prompt, ""))
        return len(briefs) == 1 or not any(self._too_wordy(words))

    def request(self, briefs: Sequence[Brief]) -> Request:
        """What is sent for these shots; as long as they are where it sells no such length."""
        sold = self._sold(briefs) or self._asked(briefs)
        return (self.compose or between_two)(self, briefs, sold)

    def price(self, arguments: Mapping[str, Any], listed: int | None = None) -> Price:
        """What a request with these arguments costs."""
        return price.today(self.tariff, self.sold(arguments), listed)

    def sold(self, arguments: Mapping[str, Any]) -> Sold:
        """What of these arguments the price hangs on."""
        seconds = self.lengths.of(arguments.get(self.lengths.argument, 0))
        chosen, size = choices.read_back(self.options, arguments), self.frame_size
        if size is None:
            return Sold(seconds, chosen)
        frames = int(arguments.get(size.frames, 0))
        return Sold(seconds, chosen, frames, size.pixels(arguments))

    def settings(self, asked: Mapping[str, Setting]) -> dict[str, Any]:
        """Its options as arguments: those that are chosen, and its defaults."""
        return choices.arguments(self.options, asked)

    def lengths_with(self, asked: Mapping[str, Setting]) -> Lengths:
        """The lengths that it sells with these options."""
        kept = self.lengths
        for one in self._restricted(asked):
            if one.lengths:
                kept = replace(kept, offered=tuple(n for n in kept.offered if n in one.lengths))
        return kept

    def _restricted(self, asked: Mapping[str, Setting]) -> list[Restriction]:
        chosen = choices.chosen(self.options, asked)
        return [one for one in self.restrictions if one.holds(chosen)]

    def _sold(self, briefs: Sequence[Brief]) -> Fraction | None:
        return self.lengths_with(briefs[0].options).nearest(self._asked(briefs))

    def _asked(self, briefs: Sequence[Brief]) -> Fraction:
        lengths = [brief.seconds for brief in briefs]
        return Fraction(sum(map(ceil, lengths) if self.whole_shots else lengths))

    def _too_long(self, brief: Brief, asked: Mapping[str, Setting]) -> Iterator[Problem]:
        lengths = self.lengths_with(asked)
        if lengths.nearest(brief.seconds) is not None:
            return
        by = [one for one in self._restricted(asked) if one.lengths]
        chosen = choices.chosen(self.options, asked)
        told = "".join(f" with {one.said(chosen)}" for one in by)
        words = f"{self.alias} makes {lengths}{told}; {decimal(brief.seconds)} s is too long"
        yield Problem("duration", words)

    def _too_wordy(self, prompt: str) -> Iterator[Problem]:
        counted = choices.counted(prompt, self.prompt_counted_in)
        if self.prompt_limit is not None and counted > self.prompt_limit:
            told = f"{counted} {self.prompt_counted_in} with its style; {self.alias} takes "
            yield Problem("prompt", f"{told}{self.prompt_limit}")

    def _misended(self, brief: Brief) -> Iterator[Problem]:
        """That it needs an end frame, or takes none."""
        if not brief.closed and self.end_frame == "required" and self.open_ended is None:
            told = f"{self.alias} needs an end frame; add a keyframe, or choose another model"
            yield Problem("shot", told)
        if brief.closed and self.end_frame == "unsupported":
            told = f"{self.alias} takes no end frame; choose another model"
            yield Problem("shot", told)
        chosen = choices.chosen(self.options, brief.options)
        for one in self._restricted(brief.options):
            if brief.closed and not one.end_frame:
                told = f"{self.alias} takes no end frame with {one.said(chosen)}"
                yield Problem(f"options.{next(iter(one.when))}", told)

    def _unpriced(self, brief: Brief) -> Iterator[Problem]:
        seconds = self._sold([brief]) or brief.seconds
        try:
            self.tariff.price(Sold(seconds, choices.chosen(self.options, brief.options)))
        except LookupError as error:
            part = "options" if self.tariff.rates else "model"
            told = f"{self.alias}: {error.args[0]}; {price.way_out(self.alias)}"
            yield Problem(part, told)


Compose = Callable[[ModelRow, Sequence[Brief], Fraction], Request]
"""From a row, shots and the length that is bought to what is sent."""


def between_two(row: ModelRow, briefs: Sequence[Brief], sold: Fraction) -> Request:
    """A prompt, a length, a start frame, and as a rule an end frame: what most endpoints take."""
    (brief,) = briefs
    other = None if brief.closed else row.open_ended
    start, endpoint = (other.start, other.endpoint) if other else (row.start, row.endpoint)
    stills = {start: brief.start, row.end: brief.end}
    return Request(
        endpoint=endpoint,
        arguments={**usual(row, brief.prompt, brief.options, sold), **shaped(row, brief)},
        pictures={name: still for name, still in stills.items() if still is not None},
        parts={start: "start", row.end: "end", **spoken_of(row)},
        marks=(Fraction(0), sold),
    )


def usual(
    row: ModelRow, prompt: str, asked: Mapping[str, Setting], sold: Fraction
) -> dict[str, Any]:
    """What is sent besides the pictures: exactly the arguments that the endpoint knows."""
    return {
        **({row.prompt: prompt} if row.prompt else {}),
        **row.lengths.arguments(sold),
        **row.settings(asked),
        **row.fixed,
    }


def shaped(row: ModelRow, brief: Brief) -> dict[str, Any]:
    """The shape and size to ask for, which are the start frame's; nothing where the endpoint
    follows it."""
    if brief.start is None:
        return {}
    found: dict[str, Any] = {}
    if row.shapes:
        found[row.shapes.argument] = row.shapes.nearest(brief.start.shape)
    if row.frame_size:
        chosen = choices.chosen(row.options, brief.options)
        size = row.frame_size.of(brief.start.shape, chosen["resolution"])
        found[row.frame_size.argument] = size
    return found


def spoken_of(row: ModelRow) -> dict[str, str]:
    """Of which part of a shot each argument speaks that is no picture."""
    chosen = {own.argument: f"options.{name}" for name, own in row.options.items() if own.argument}
    length = {row.lengths.argument: "duration"} if row.lengths.argument else {}
    shape = {row.shapes.argument: "start"} if row.shapes else {}
    if row.frame_size:
        shape[row.frame_size.argument] = "options.resolution"
    words = {row.prompt: "prompt"} if row.prompt else {}
    return {**words, **length, **shape, **dict.fromkeys(row.fixed, "model"), **chosen}
