"""A new cut, as a storyboard's `cut:` list and `ending` say it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from storyboard.loading.edits import REMOVE, edited
from storyboard.loading.own_clip import OwnClip
from storyboard.reimport.changes import decimal_of
from storyboard.reimport.sequence import BLACK
from storyboard.units.transition_kinds import KINDS

if TYPE_CHECKING:
    from storyboard.loading.checked import Insert
    from storyboard.reimport.changes import Changes, DiffLine
    from storyboard.reimport.edited import EditedTransition
    from storyboard.timeline.recut import UncutShot


def apply(text: bytes, found: Changes, *, file: str) -> bytes:
    """The storyboard's text with its `cut:` list written, replaced, or taken out; so its `ending`.

    Comments and everything else stay as they are; see `edited` for its errors.
    """
    if not found:
        return text
    edits: dict[tuple[str | int, ...], Any] = {("cut",): entries(found) or REMOVE}
    if found.ending is not None:
        edits["ending",] = _words(found.ending) if found.ending.frames else REMOVE
    return edited(text, edits, file=file)


def entries(found: Changes) -> list[Any]:
    """The entries of the `cut:` list, as plain data; none where it is the storyboard's own."""
    return [
        _entry(line, found.own(line), found.inserts.get(line.shot), first=not n)
        for n, line in enumerate(found.lines)
    ]


def _called(insert: Insert) -> dict[str, str]:
    """What an entry shows that is no shot."""
    if isinstance(insert, OwnClip):
        return {"clip": insert.name}
    return {"card": "black" if insert.color == BLACK else insert.color}


def _entry(line: DiffLine, own: UncutShot, insert: Insert | None, *, first: bool) -> Any:
    more = dict([*_parts(line, own), *_opening(line, own, first=first)])
    if insert is not None:
        more.pop("take")
        return {**_called(insert), **more}
    return {"shot": line.shot, **more} if more else line.shot


def _parts(line: DiffLine, own: UncutShot) -> Iterator[tuple[str, Any]]:
    if line.take is not None:
        yield "take", line.take
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
    have = (opening.kind, opening.frames, not first and opening.before) if opening else None
    would = (natural.kind, natural.frames, not first and natural.before) if natural else None
    if have == would:
        return
    if opening is None:
        yield "transition", "cut"
        return
    halves = {} if first or opening.even else {"before": f"{opening.before}f"}
    yield "transition", {**_words(opening), **halves}


def _words(over: EditedTransition) -> dict[str, str]:
    """A transition, or the ending, as a storyboard says it."""
    words = {"type": over.kind, "duration": f"{over.frames}f"}
    if KINDS[over.kind].colored and over.color != "#000000":
        words["color"] = over.color
    if KINDS[over.kind].directed:
        words["direction"] = over.direction
    return words
