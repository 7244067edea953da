"""Refusals come home: the line of the storyboard that one speaks of, and what to know of it.

The service names arguments. Most are a part of the shot, and stand on a line; of those that no line
says it is told where they come from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyboard.errors import Refused
    from storyboard.generating.order import Order

_NAMED = re.compile(r"([A-Za-z_]\w*(?:\.\w+)*): ")
"""How a reason begins that names an argument: `keyframes.1.image_url: not a picture`."""


def part_of(order: Order, names: Sequence[str]) -> str:
    """The part of the shot that the named arguments speak of.

    The model, where it is not sent what they name; the shot, where nothing is named.
    """
    parts = map(order.request.part_of, names)
    found = next((part for part in parts if part is not None), None)
    return found or ("model" if names else "shot")


def named_in(words: str) -> tuple[str, ...]:
    """The arguments that the words of a former refusal name: `... (422): reason; reason`."""
    reasons = words.partition("): ")[2].split("; ")
    return tuple(found[1] for reason in reasons if (found := _NAMED.match(reason)))


def explained(order: Order, error: Refused) -> Refused:
    """The refusal, with where the arguments come from that it names and no line says."""
    told = "; ".join(dict.fromkeys(_sources(order, error.names)))
    return error.adding(told) if told else error


def _sources(order: Order, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        said = _source(order, name)
        if said:
            yield said


def _source(order: Order, name: str) -> str:
    request, model, top = order.request, order.model.alias, name.partition(".")[0]
    part, sent = request.part_of(name), request.arguments.get(top)
    value = json.dumps(sent, ensure_ascii=False)[:80]
    if part is None:
        return (
            f"{model} sends no {top}: `storyboard models check {model}` tells what the service "
            "takes now"
        )
    if part == "model":
        return f"every request of {model} has {top} {value}: a row of your own may send another"
    if part.startswith("options.") and part not in order.places:
        return f"{top} {value} is what {model} is asked for where `options` say nothing else"
    if part == "start" and isinstance(sent, str):
        return f"{top} {value} is the shape of {model}'s that is most like this picture's"
    if part == "prompt" and isinstance(sent, str) and len(request.marks) > 2:
        return f"it is what {', '.join(order.covers)} say together"
    return ""
