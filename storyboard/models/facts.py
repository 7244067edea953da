"""A row as plain data: what people and programs are told of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from storyboard.models.model import Brief
from storyboard.models.price import in_words
from storyboard.models.row import ModelRow
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from storyboard.models.model import Model

USUAL = Fraction(5)
"""Seconds whose price is told; the nearest length that a model sells."""
WIDE = (1280, 720)


@dataclass(frozen=True, slots=True)
class Told:
    """A price that is told: of so many seconds, as the row is without any options."""

    seconds: Fraction
    micro: int | None
    """Micro-dollars; None where no price is established."""
    bound: bool = False
    """Whether it is the most that it can be."""

    def __str__(self) -> str:
        if self.micro is None:
            return "not known"
        most = "at most " if self.bound else ""
        length = "" if self.seconds == USUAL else f" ({float(self.seconds):g} s)"
        return f"{most}{dollars(-(-self.micro // 1000) * 1000)}{length}"


def price_of(model: Model, seconds: Fraction = USUAL) -> Told:
    """What a take of this length costs; of its longest, where it makes none so long."""
    offered = model.lengths.offered
    sold = model.lengths.nearest(seconds) or (Fraction(offered[-1]) if offered else seconds)
    request = model.request([Brief("", sold)])
    arguments = dict(request.arguments)
    if isinstance(model, ModelRow) and model.frame_size:
        size, chosen = model.frame_size, model.options["resolution"].default
        arguments[size.argument] = size.of(WIDE, chosen or "")
    try:
        price = model.price(arguments)
    except LookupError:
        return Told(sold, None)
    return Told(sold, price.micro, price.bound)


def sound_of(model: Model) -> str:
    """Whether its takes have sound: `none`, `if asked`, `always`."""
    option = model.options.get("sound")
    if option is None:
        return "none"
    if option.argument:
        return "if asked"
    return "always" if option.default else "none"


def sizes_of(model: Model) -> str:
    """The sizes that can be chosen, the usual one first; empty where its tier decides."""
    option = model.options.get("resolution")
    if option is None:
        return ""
    others = [size for size in option.takes.split(", ") if size != option.default]
    return ", ".join((str(option.default), *others))


def end_frame_of(model: Model) -> str:
    """Whether a shot by it has an end frame: `optional`, `required`, `unsupported`."""
    if not isinstance(model, ModelRow) or model.open_ended:
        return "optional"
    return model.end_frame


def is_doubtful(model: Model) -> bool:
    """Whether its life or its price is not established."""
    return bool(model.doubt) or not model.tariff.rates


def evidence_of(model: Model) -> dict[str, str]:
    """When its facts were read, where, and how they are known."""
    if not isinstance(model, ModelRow):
        return {}
    found = model.evidence
    return {"read_on": found.read_on, "source": found.source, "marks": found.marks}


def as_data(model: Model) -> dict[str, Any]:
    """Everything about a model as plain data. Money in micro-dollars."""
    told = price_of(model)
    return {
        "alias": model.alias,
        "endpoint": model.endpoint,
        "endpoints": list(model.endpoints),
        "lengths": list(model.lengths.offered),
        "longest": model.lengths.longest or None,
        "resolution": sizes_of(model).split(", ") if sizes_of(model) else [],
        "sound": sound_of(model),
        "end_frame": end_frame_of(model),
        "price": in_words(model.tariff),
        "price_of": {
            "seconds": float(told.seconds),
            "microusd": told.micro,
            "at_most": told.bound,
        },
        "options": {
            name: {"argument": own.argument, "takes": own.takes, "default": own.default}
            for name, own in model.options.items()
        },
        "doubt": model.doubt,
        "notes": list(model.notes),
        **_of_row(model),
        "evidence": evidence_of(model),
    }


def _of_row(model: Model) -> dict[str, Any]:
    if not isinstance(model, ModelRow):
        return {}
    stills = model.stills
    return {
        "arguments": {
            "prompt": model.prompt,
            "start": model.start,
            "end": model.end,
            "length": model.lengths.argument,
            "shape": model.shapes.argument if model.shapes else "",
            "always": dict(model.fixed),
        },
        "shapes": list(model.shapes.offered) if model.shapes else [],
        "prompt_limit": model.prompt_limit,
        "prompt_counted_in": model.prompt_counted_in,
        "stills": {
            "max_bytes": stills.max_bytes,
            "min_side": stills.min_side,
            "max_side": stills.max_side,
            "min_aspect": float(stills.min_aspect),
            "max_aspect": float(stills.max_aspect),
        },
    }
