"""A new cut, as a storyboard's `cut:` list says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from storyboard.loading.edits import REMOVE, edited
from storyboard.reimport.changes import decimal_of
from storyboard.units.transition_kinds import KINDS

if TYPE_CHECKING:
    from storyboard.reimport.changes import Changes, DiffLine
    from storyboard.timeline.recut import UncutShot


def apply(text: bytes, found: Changes, *, file: str) -> bytes:
    """The storyboard's text with its `cut:` list written, replaced, or taken out.

    Comments and everything else stay as they are; see `edited` for its errors.
    """
    if not found:
        return text
    return edited(text, {("cut",): entries(found) or REMOVE}, file=file)


def entries(found: Changes) -> list[Any]:
    """The entries of the `cut:` list, as plain data; none where it is the storyboard's own."""
    return [_entry(line, found.shots, first=not n) for n, line in enumerate(found.lines)]


def _entry(line: DiffLine, shots: Mapping[str, UncutShot], *, first: bool) -> Any:
    own = shots[line.shot]
    more = dict([*_parts(line, own), *_opening(line, own, first=first)])
    return {"shot": line.shot, **more} if more else line.shot


def _parts(line: DiffLine, own: UncutShot) -> Iterator[tuple[str, Any]]:
    same = (line.start, line.frames, line.speed) == (own.clip.first, own.clip.frames, 1.0)
    if not same:
        if line.start != own.clip.first:
            yield "start", f"{line.start}f"
        yield "duration", f"{line.frames}f"
        if line.speed != 1.0:
            speed = float(decimal_of(line.speed))
            yield "speed", int(speed) if speed.is_integer() else speed
    if line.hold != (own.hold if same else 0):
        yield "hold", f"{line.hold}f"


def _opening(line: DiffLine, own: UncutShot, *, first: bool) -> Iterator[tuple[str, Any]]:
    """The transition, where it is not what would come by itself."""
    natural, opening = own.opening, line.opening
    if natural is not None and first and natural.overlaps:
        natural = None
    have = (opening.kind, opening.before + opening.after) if opening else None
    would = (natural.kind, natural.frames) if natural else None
    if have == would:
        return
    if opening is None:
        yield "transition", "cut"
        return
    words = {"type": opening.kind, "duration": f"{opening.before + opening.after}f"}
    if KINDS[opening.kind].colored and opening.color != "#000000":
        words["color"] = opening.color
    if KINDS[opening.kind].directed:
        words["direction"] = opening.direction
    yield "transition", words
