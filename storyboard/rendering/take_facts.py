"""How a take's file is stored, remembered as long as the file stays as it is."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from storyboard.units.sizes import Size
from storyboard.video.containers import wrapped
from storyboard.video.h264 import ParameterSets
from storyboard.video.probing import Colour, VideoFacts
from storyboard.video.stored import Stored, stored

if TYPE_CHECKING:
    from pathlib import Path

    from storyboard.rendering.memory import Memory

_LOOKING = 2
"""Raised whenever something else would be found in the same file."""


def packets_of_take(path: Path, memory: Memory) -> Stored:
    """How the file is stored; MediaError when it is no video file."""
    question = _about(path)
    if known := memory.recall(question):
        return _stored(known)
    found = stored(path)
    memory.keep(
        question,
        {
            "facts": _plain(found.facts),
            "quantizer": found.quantizer,
            "header": found.sets.header().hex() if found.sets else "",
            "order": found.order,
            "starts": sorted(found.starts),
            "inside": found.inside,
            "why": found.why,
        },
    )
    return found


def _about(path: Path) -> list[object]:
    """The file as it is now."""
    with wrapped(path, "read"):
        state = path.stat()
    return ["packets", _LOOKING, str(path), state.st_size, state.st_mtime_ns]


def _plain(facts: VideoFacts) -> dict[str, Any]:
    said = asdict(facts)
    return said | {"rate": str(facts.rate), "pixel_aspect": str(facts.pixel_aspect)}


def _facts(said: dict[str, Any]) -> VideoFacts:
    own = {
        "rate": Fraction(said["rate"]),
        "pixel_aspect": Fraction(said["pixel_aspect"]),
        "size": Size(**said["size"]),
        "coded": Size(**said["coded"]),
        "colour": Colour(**said["colour"]),
    }
    return VideoFacts(**{**said, **own})


def _stored(said: dict[str, Any]) -> Stored:
    header = bytes.fromhex(said["header"])
    return Stored(
        facts=_facts(said["facts"]),
        quantizer=said["quantizer"],
        sets=ParameterSets.of(header) if header else None,
        order=tuple(said["order"]),
        starts=frozenset(said["starts"]),
        inside=said["inside"],
        why=said["why"],
    )
