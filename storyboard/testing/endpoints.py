"""Endpoints: what each takes, refuses, ignores and charges, as `endpoints.json` has it.

That file is written from what fal.ai documents, and by nothing of the table of models: a wrong row
there is refused, misunderstood or charged otherwise here. An entry of it has

    input      a fragment of JSON schema for each argument; `!` marks what is required. Of its own
               words `image` is a picture's address, `maxBytes` counts UTF-8, and what is
               `ignored` is accepted and has no effect
    never      choices that are refused together; `*` is anything
    unknown    "refused", where an argument that it does not know is no longer ignored
    charge     dollars for each second, take, 5 seconds, 1000 tokens or megapixel; the first whose
               `when` fits, with a `base` for any request, `least` seconds, and so much `longer`
    list       what the price list says: a unit of billing
    stills     what a picture has to be, where that is documented
    parts      the argument that lists what comes one after the other, and the name of each length
    frames, seconds, rate, size, sound, shapes   what its clips look like, or the argument that
               says it
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.testing.clips import FakeClip

if TYPE_CHECKING:
    from storyboard.testing.arguments import Arguments

_FILE = Path(__file__).with_name("endpoints.json")
_TOKENS = 1024
"""Pixels of all frames that are one token."""


@dataclass(frozen=True, slots=True)
class FakeEndpoint:
    """One endpoint."""

    name: str
    entry: Mapping[str, Any]

    @property
    def fragments(self) -> dict[str, Mapping[str, Any]]:
        """What each argument may be."""
        return {name.rstrip("!"): part for name, part in self.entry["input"].items()}

    @property
    def required(self) -> list[str]:
        """The arguments that have to be there."""
        return [name[:-1] for name in self.entry["input"] if name.endswith("!")]

    @property
    def pictures(self) -> tuple[str, ...]:
        """The arguments that are addresses of pictures."""
        return tuple(n for n, part in self.fragments.items() if part.get("format") == "image")

    @property
    def stills(self) -> Mapping[str, Any]:
        """What a picture has to be, as far as that is documented: its format, as Pillow calls it,
        its size in bytes, its shorter side in pixels, and its width over its height."""
        found: Mapping[str, Any] = self.entry.get("stills", {})
        return found

    @property
    def listing(self) -> tuple[float, str] | None:
        """US dollars for a unit of billing, and what it is called; None where it is not listed."""
        found = self.entry.get("list")
        return (found["unit_price"], found["unit"]) if found else None

    def ignored(self, arguments: Arguments) -> tuple[str, ...]:
        """The arguments that it drops silently."""
        known = {name for name, part in self.fragments.items() if not part.get("ignored")}
        return tuple(sorted(set(arguments) - known))

    def understood(self, arguments: Arguments) -> dict[str, Any]:
        """The arguments as it takes them: without those it ignores, with its defaults."""
        defaults = {n: part["default"] for n, part in self.fragments.items() if "default" in part}
        dropped = self.ignored(arguments)
        return defaults | {n: value for n, value in arguments.items() if n not in dropped}

    def seconds(self, arguments: Arguments) -> Fraction:
        """How long the clip is that is ordered."""
        given, frames = self.understood(arguments), self.entry.get("frames")
        if parts := self.entry.get("parts"):
            listed = given.get(parts["argument"], ())
            return Fraction(sum(part.get(parts["length"], 5) for part in listed))
        if frames is None:
            return Fraction(str(self.entry.get("seconds") or _number(given.get("duration", 5))))
        return Fraction(given[frames["argument"]] - frames.get("extra", 1)) / self.rate(arguments)

    def rate(self, arguments: Arguments) -> int:
        """Frames per second."""
        given, frames = self.understood(arguments), self.entry.get("frames", {})
        named = frames.get("rate_argument") or self.entry.get("rate_argument", "")
        usual = frames.get("rate") or self.entry.get("rate", 24)
        return int(given.get(named, usual))

    def footage(self, arguments: Arguments, usual: FakeClip) -> FakeClip:
        """What its clip looks like, where the service's look as usual."""
        made = replace(usual, audio=usual.audio or self._sounds(arguments))
        shape = self.understood(arguments).get(self.entry.get("shapes", ""), "auto")
        if usual.size is None and shape not in ("auto", "adaptive"):
            width, _, height = str(shape).partition(":")
            tall = usual.width * int(height) / int(width)
            made = replace(made, size=(usual.width // 2 * 2, max(2, round(tall / 2) * 2)))
        if usual.frames_per_second == FakeClip().frames_per_second:
            made = replace(made, frames_per_second=self.rate(arguments))
        longer = self.entry["charge"].get("longer")
        if longer and usual.seconds is None:
            made = replace(made, seconds=float(self.seconds(arguments)) + longer)
        return made

    def _sounds(self, arguments: Arguments) -> bool:
        said = self.entry.get("sound", False)
        return bool(self.understood(arguments).get(said)) if isinstance(said, str) else said

    def dollars(self, arguments: Arguments) -> Fraction:
        """What a request with these arguments is charged, in US dollars."""
        given, charge = self.understood(arguments), self.entry["charge"]
        rates = charge["dollars"]
        listed = rates if isinstance(rates, list) else [{"dollars": rates}]
        rate = next(one for one in listed if _fits(one.get("when", {}), given))
        base = Fraction(str(rate.get("base", 0)))
        return base + Fraction(str(rate["dollars"])) * self._counted(arguments)

    def units(self, arguments: Arguments) -> float:
        """The billed units: what is charged by the listed price, else what it counts."""
        if self.listing:
            return float(self.dollars(arguments) / Fraction(str(self.listing[0])))
        return float(self._counted(arguments))

    def _counted(self, arguments: Arguments) -> Fraction:
        """Seconds, takes, blocks, thousands of tokens or megapixels."""
        charge, ordered = self.entry["charge"], self.seconds(arguments)
        seconds = max(ordered, Fraction(charge.get("least", 0)))
        seconds += Fraction(str(charge.get("longer", 0)))
        match charge["per"]:
            case "second":
                return seconds
            case "5 seconds":
                return Fraction(-(-seconds // 5))
            case "1000 tokens":
                pixels = charge["pixels"][self.understood(arguments)["resolution"]]
                return Fraction(pixels * (seconds * charge["rate"] + 1), _TOKENS * 1000)
            case "megapixel":
                return Fraction(self._frames(arguments) * self._pixels(arguments), 1_000_000)
        return Fraction(1)

    def _frames(self, arguments: Arguments) -> int:
        return int(self.understood(arguments)[self.entry["frames"]["argument"]])

    def _pixels(self, arguments: Arguments) -> int:
        size = self.understood(arguments).get(self.entry["size"])
        return size["width"] * size["height"] if isinstance(size, dict) else 1280 * 720

    def schema(self) -> dict[str, Any]:
        """Its OpenAPI document, as fal.ai publishes one."""
        properties = {name: _published(part) for name, part in self.fragments.items()}
        body = {"type": "object", "properties": properties, "required": self.required}
        video = {"type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"]}
        answer = {"type": "object", "properties": {"video": video}, "required": ["video"]}
        return {
            "openapi": "3.0.4",
            "info": {"title": self.name, "x-fal-metadata": {"endpointId": self.name}},
            "components": {"schemas": {"TheInput": body, "TheOutput": answer}},
            "paths": {
                f"/{self.name}": {"post": {"requestBody": {"content": _json("TheInput")}}},
                f"/{self.name}/requests/{{request_id}}": {
                    "get": {"responses": {"200": {"content": _json("TheOutput")}}}
                },
            },
        }


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, FakeEndpoint]:
    """Every endpoint of the file, by its id."""
    entries = json.loads(_FILE.read_text("utf-8"))
    return {name: FakeEndpoint(name, entry) for entry in entries for name in entry["endpoints"]}


def known(name: str) -> FakeEndpoint | None:
    """The endpoint with this id; None where nothing is known of it."""
    return catalogue().get(name)


def objections(endpoint: FakeEndpoint, arguments: Arguments) -> Iterator[tuple[str, str, str, Any]]:
    """What it refuses, but for pictures: argument, kind, words and context."""
    for name in endpoint.required:
        if name not in arguments:
            yield name, "missing", "Field required", None
    for name, value in arguments.items():
        if name not in endpoint.fragments:
            if endpoint.entry.get("unknown") == "refused":
                yield name, "extra_forbidden", "Extra inputs are not permitted", None
        elif not endpoint.fragments[name].get("ignored"):
            yield from _misfit(name, endpoint.fragments[name], value)
    for never in endpoint.entry.get("never", ()):
        if _fits(never, arguments):
            words = f"{' and '.join(never)} can't be used together"
            yield next(iter(never)), "feature_not_supported", words, None


def _misfit(
    name: str, part: Mapping[str, Any], value: object
) -> Iterator[tuple[str, str, str, Any]]:
    if "enum" in part:
        if not any(value == one and type(value) is type(one) for one in part["enum"]):
            listed = ", ".join(map(repr, part["enum"]))
            words = f"Input should be one of {listed}"
            yield name, "one_of", words, {"expected": list(part["enum"])}
        return
    kind = part.get("type")
    if kind is None:
        return
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        yield name, f"{_NAMES[kind]}_type", f"Input should be a valid {kind}", None
    elif kind == "array":
        yield from _too_many(name, part, list(value))
    elif kind == "string":
        yield from _too_long(name, part, str(value))
    elif kind in ("number", "integer"):
        yield from _out_of_bounds(name, part, value)


_TYPES: Mapping[str, Any] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}
_NAMES = {
    "string": "string",
    "boolean": "bool",
    "integer": "int",
    "number": "float",
    "array": "list",
    "object": "dict",
}


def _too_long(
    name: str, part: Mapping[str, Any], value: str
) -> Iterator[tuple[str, str, str, Any]]:
    for limit, length in (("maxLength", len(value)), ("maxBytes", len(value.encode()))):
        if limit in part and length > part[limit]:
            words = f"String should have at most {part[limit]} characters"
            yield name, "string_too_long", words, {"max_length": part[limit]}


def _too_many(
    name: str, part: Mapping[str, Any], value: list[Any]
) -> Iterator[tuple[str, str, str, Any]]:
    least, most = part.get("minItems", 0), part.get("maxItems", len(value))
    if not least <= len(value) <= most:
        few = len(value) < least
        words = f"at least {least}" if few else f"at most {most}"
        told = f"List should have {words} items after validation, not {len(value)}"
        yield name, "too_short" if few else "too_long", told, None


def _out_of_bounds(
    name: str, part: Mapping[str, Any], value: Any
) -> Iterator[tuple[str, str, str, Any]]:
    if "minimum" in part and value < part["minimum"]:
        words = f"Input should be greater than or equal to {part['minimum']}"
        yield name, "greater_than_equal", words, {"ge": part["minimum"]}
    if "maximum" in part and value > part["maximum"]:
        words = f"Input should be less than or equal to {part['maximum']}"
        yield name, "less_than_equal", words, {"le": part["maximum"]}


def _fits(when: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    return all(name in given and value in ("*", given[name]) for name, value in when.items())


def _number(written: object) -> object:
    """`"8s"` and `"8"` are 8."""
    return written.rstrip("s") if isinstance(written, str) else written


def _published(part: Mapping[str, Any]) -> dict[str, Any]:
    """A fragment without this file's own words."""
    found = {n: v for n, v in part.items() if n not in ("maxBytes", "ignored", "format")}
    if "enum" in part:
        found["type"] = "string" if isinstance(part["enum"][-1], str) else "integer"
    if part.get("ignored"):
        found["description"] = "(Deprecated) accepted for backwards compatibility and ignored."
    return found


def _json(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
