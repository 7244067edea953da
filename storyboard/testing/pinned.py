"""Stills of a request: which picture a clip shows at which moment, whatever the arguments call it.

As the endpoints have them: a start and an end; a list of objects with an address and a frame; a
list of addresses and a list of frames; a list of addresses and one of transitions with lengths.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Any

from storyboard.testing import arguments as args

RATE = 24
"""Frames per second by which frames are counted in arguments."""

_LONGEST_TRANSITIONS = 25
"""Seconds of all transitions together."""
_ALONE = ("image_url", "end_image_url", "loop")
"""What an endpoint does not take beside a list of keyframes."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """A picture's file, and the second at which it is to be seen."""

    at: Fraction
    image: bytes


def stills(
    arguments: args.Arguments, *, fetch: args.Fetch, length: Fraction | None = None
) -> tuple[Pinned, ...]:
    """Return the pictures that a clip of so many seconds passes through, in the order of time.

    An address that can't be fetched pins nothing.
    """
    found = ((at, fetch(url)) for at, url in _placed(arguments, length))
    pinned = (Pinned(at, image) for at, image in found if image is not None)
    return tuple(sorted(pinned, key=lambda one: one.at))


def seconds(arguments: args.Arguments) -> float:
    """Return the ordered length: `duration`, or the transitions' together."""
    transitions = arguments.get("transitions")
    if isinstance(transitions, list) and transitions:
        return float(sum(map(_length, transitions)))
    return args.seconds(arguments)


def problems(arguments: args.Arguments, *, fetch: args.Fetch) -> list[args.Problem]:
    """Return what is wrong with the lists of a request that takes many keyframes."""
    found = [*_excluded(arguments), *_unequal(arguments), *_misplaced(arguments)]
    return found or list(_pictures(arguments, fetch=fetch))


def listed(arguments: args.Arguments) -> bool:
    """Return whether a request has a list of keyframes."""
    return any(isinstance(arguments.get(name), list) for name in ("keyframes", "image_urls"))


def _placed(arguments: args.Arguments, length: Fraction | None) -> Iterator[tuple[Fraction, str]]:
    if not listed(arguments):
        yield from _ends(arguments, length or Fraction(str(args.seconds(arguments))))
        return
    for url, frame in zip(_addresses(arguments), _frames(arguments), strict=False):
        if isinstance(url, str):
            yield Fraction(frame) / RATE, url


def _ends(arguments: args.Arguments, last: Fraction) -> Iterator[tuple[Fraction, str]]:
    for names, at in ((args.STARTS, Fraction(0)), (args.ENDS, last)):
        urls = [arguments[name] for name in names if isinstance(arguments.get(name), str)]
        if urls:
            yield at, urls[0]


def _addresses(arguments: args.Arguments) -> list[Any]:
    keyframes = arguments.get("keyframes", arguments.get("image_urls"))
    assert isinstance(keyframes, list)
    return [one.get("image_url") if isinstance(one, Mapping) else one for one in keyframes]


def _frames(arguments: args.Arguments) -> Sequence[Fraction | int]:
    """The frame of each keyframe, as RATE counts them."""
    if isinstance(arguments.get("keyframe_indexes"), list):
        return list(map(_frame, arguments["keyframe_indexes"]))
    if "image_urls" in arguments:
        lengths = map(_length, arguments.get("transitions") or ())
        return [RATE * at for at in accumulate(lengths, initial=Fraction(0))]
    keyframes = arguments["keyframes"]
    return [_frame(one.get("frame_index")) for one in keyframes if isinstance(one, Mapping)]


def _frame(value: object) -> int:
    return value if isinstance(value, int) else 0


def _is_frame(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _length(transition: object) -> Fraction:
    given = transition.get("duration", 5) if isinstance(transition, Mapping) else 5
    return Fraction(given) if isinstance(given, int | float) else Fraction(5)


def _excluded(arguments: args.Arguments) -> Iterator[args.Problem]:
    """Too long together, or what does not go with them."""
    name = "keyframes" if "keyframes" in arguments else "image_urls"
    if name == "image_urls" and seconds(arguments) > _LONGEST_TRANSITIONS:
        text = f"Total duration must not exceed {_LONGEST_TRANSITIONS} seconds"
        yield args.problem("transitions", "value_error", text, given=seconds(arguments))
    for other in _ALONE:
        if name == "keyframes" and arguments.get(other):
            text = f"{other} can't be used together with keyframes"
            yield args.problem(other, "value_error", text, given=arguments[other])


def _unequal(arguments: args.Arguments) -> Iterator[args.Problem]:
    """Lists that belong together, and are not of one length."""
    count = len(_addresses(arguments))
    indexes, transitions = arguments.get("keyframe_indexes"), arguments.get("transitions")
    if isinstance(indexes, list) and len(indexes) != count:
        text = "keyframes and keyframe_indexes must have the same length"
        yield args.problem("keyframe_indexes", "value_error", text, given=indexes)
    if isinstance(transitions, list) and len(transitions) != count - 1:
        text = "There must be one transition for each pair of images"
        yield args.problem("transitions", "value_error", text, given=transitions)


def _misplaced(arguments: args.Arguments) -> Iterator[args.Problem]:
    """Frames that are there twice, or that the clip does not have. The last one is inclusive."""
    name = "keyframe_indexes" if "keyframe_indexes" in arguments else "keyframes"
    given = arguments.get("keyframe_indexes")
    if name not in arguments or "image_urls" in arguments:
        return
    if given is None:
        given = [
            one.get("frame_index") if isinstance(one, Mapping) else None
            for one in arguments["keyframes"]
        ]
    last = args.seconds(arguments) * RATE
    if not all(_is_frame(frame) for frame in given):
        yield args.problem(name, "int_type", "Input should be a valid integer", given=given)
    elif len(set(given)) != len(given):
        yield args.problem(name, "value_error", "Frame indexes must be unique", given=given)
    elif not all(0 <= frame <= last for frame in given):
        text = f"Frame indexes must be between 0 and {last:g}"
        yield args.problem(name, "value_error", text, given=given)


def _pictures(arguments: args.Arguments, *, fetch: args.Fetch) -> Iterator[args.Problem]:
    name = "keyframes" if "keyframes" in arguments else "image_urls"
    for number, url in enumerate(_addresses(arguments)):
        if not isinstance(url, str):
            yield args.problem(name, "missing", "Field required", given=url)
            continue
        found = args.picture_problem(name, url, fetch(url))
        if found is not None:
            yield {**found, "loc": ["body", name, number, "image_url"]}
