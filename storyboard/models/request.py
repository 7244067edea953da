"""Requests and their keys: what is sent to a model, and what it is called.

A key is known before anything is spent: SHA-256 of the endpoint, the arguments without addresses,
the pictures (what they show and how they are prepared) and the take's number. Whatever is not in
there (names, paths, order, captions, speed, ...) can be edited for free.

A key is for ever: what was bought under an earlier version's name is found under it. Such a name
is computed beside today's, and a take is called by whichever the store has (`Request.names`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storyboard.images.still import PreparedStill

KEY_VERSION = 2
"""1 named pictures by all bytes of their files, so that a rating renewed a key."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to a model, apart from the take's number.

    A picture is named by where its address belongs among the arguments: `start_image_url`, or
    `keyframes.0.image_url` for the first of a list.
    """

    endpoint: str
    arguments: Mapping[str, Any]
    """Without the pictures."""
    pictures: Mapping[str, PreparedStill]
    """By name."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Of which part of its shot an argument speaks: `start`, `end`, `prompt`, `duration`; of a
    later shot that it covers with that one's number, as in `1.end`."""
    marks: tuple[Fraction, ...] = ()
    """When each keyframe is reached, in seconds of the take."""
    lasts: Fraction | None = None
    """How long the take is, where it goes on after its last keyframe."""

    @property
    def seconds(self) -> Fraction:
        """The length that is asked for."""
        if self.lasts is not None:
            return self.lasts
        return self.marks[-1] if self.marks else Fraction(0)

    def canonical(self, take: int = 1) -> dict[str, Any]:
        """Everything the key is made of, as plain data."""
        return {
            "version": KEY_VERSION,
            "endpoint": self.endpoint,
            "arguments": dict(self.arguments),
            "pictures": {name: prepared.digest for name, prepared in self.pictures.items()},
            "take": take,
        }

    def names(self, take: int = 1) -> tuple[dict[str, Any], ...]:
        """What keys of this take may be made of: today's canonical form, then earlier versions'."""
        pictures = {name: prepared.former for name, prepared in self.pictures.items()}
        now = self.canonical(take)
        return now, {**now, "version": 1, "pictures": pictures}

    def key(self, take: int = 1) -> str:
        """The key of this take: 64 hex digits."""
        return key_of(self.canonical(take))

    def filled(self, addresses: Mapping[str, str]) -> dict[str, Any]:
        """The arguments as they are sent, with the pictures' addresses (by name) in them."""
        sent = deepcopy(dict(self.arguments))
        for name, address in addresses.items():
            _put(sent, name.split("."), address)
        return sent

    def is_in(self, sent: Mapping[str, Any]) -> bool:
        """Whether something that was sent has all of these arguments, and addresses for all
        pictures."""
        there = addresses(sent)
        if not all(name in there for name in self.pictures):
            return False
        own = self.filled({name: there[name] for name in self.pictures})
        return all(sent.get(name) == value for name, value in own.items())

    def speaking_of(self, parts: Mapping[str, str]) -> Request:
        """The same, which knows of more arguments what they speak of."""
        return replace(self, parts={**self.parts, **parts})

    def part_of(self, argument: str) -> str | None:
        """Of which part of its shot an argument speaks, by the name that a refusal gives it.

        What is said of the argument itself counts, then what is said of a part of it; else the same
        of what it is in. None where nothing like it is sent.
        """
        while argument:
            inside = (name for name in self.parts if name.startswith(f"{argument}."))
            named = argument if argument in self.parts else next(inside, None)
            if named is not None:
                return self.parts[named]
            argument = argument.rpartition(".")[0]
        return None


def key_of(canonical: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON: sorted keys, no white space, UTF-8, no NaN."""
    text = json.dumps(
        canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def addresses(sent: Mapping[str, Any]) -> dict[str, str]:
    """The pictures' addresses in what was sent, each by the name of its place."""
    return dict(_addresses(sent, ""))


def _addresses(value: object, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and value.startswith("https://"):
        yield name, value
    inner: Iterable[tuple[object, object]] = ()
    if isinstance(value, Mapping):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for step, part in inner:
        yield from _addresses(part, f"{name}.{step}" if name else str(step))


def _put(into: Any, steps: list[str], value: object) -> None:
    """Write a value to its place; lists and objects on the way are made where they lack."""
    step: Any = int(steps[0]) if isinstance(into, list) else steps[0]
    if isinstance(into, list):
        into.extend([None] * (step + 1 - len(into)))
    if len(steps) == 1:
        into[step] = value
        return
    there = into[step] if isinstance(into, list) else into.get(step)
    if there is None:
        there = into[step] = [] if steps[1].isdigit() else {}
    _put(there, steps[1:], value)
