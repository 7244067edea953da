"""Writing a new cut into a storyboard's text: one block, everything else byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import yaml

from storyboard.errors import MediaError
from storyboard.reimport.changes import decimal_of
from storyboard.units.transition_kinds import KINDS

if TYPE_CHECKING:
    from storyboard.reimport.changes import Changes, DiffLine
    from storyboard.timeline.recut import UncutShot

KEY = "cut"
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_TAKEN = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")


def apply(text: str, found: Changes) -> str:
    """The storyboard's text with its `cut:` list written, replaced, or taken out.

    Comments and everything else stay as they are. MediaError for a text that can't be added to.
    """
    if not found:
        return text
    start, end = _block(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = entries(found)
    block = newline.join([f"{KEY}:", *(f"  - {line}" for line in lines), ""]) if lines else ""
    before, after = text[:start], text[end:]
    if block and before and not before.endswith("\n"):
        before += newline
    return before + block + after


def entries(found: Changes) -> list[str]:
    """The entries of the `cut:` list, as they are written."""
    return [_entry(line, found.shots, first=not n) for n, line in enumerate(found.lines)]


def _entry(line: DiffLine, shots: Mapping[str, UncutShot], *, first: bool) -> str:
    parts = [*_parts(line, shots[line.shot]), *_opening(line, shots[line.shot], first=first)]
    name = _quoted(line.shot)
    return f"{{{', '.join([f'shot: {name}', *parts])}}}" if parts else name


def _parts(line: DiffLine, own: UncutShot) -> Iterator[str]:
    same = (line.start, line.frames, line.speed) == (own.clip.first, own.clip.frames, 1.0)
    if not same:
        if line.start != own.clip.first:
            yield f"start: {line.start}f"
        yield f"duration: {line.frames}f"
        if line.speed != 1.0:
            yield f"speed: {decimal_of(line.speed)}"
    if line.hold != (own.hold if same else 0):
        yield f"hold: {line.hold}f"


def _opening(line: DiffLine, own: UncutShot, *, first: bool) -> Iterator[str]:
    """The transition, where it is not what would come by itself."""
    natural, opening = own.opening, line.opening
    if natural is not None and first and natural.overlaps:
        natural = None
    have = (opening.kind, opening.before + opening.after) if opening else None
    would = (natural.kind, natural.frames) if natural else None
    if have == would:
        return
    if opening is None:
        yield "transition: cut"
        return
    words = [f"type: {opening.kind}", f"duration: {opening.before + opening.after}f"]
    if KINDS[opening.kind].colored and opening.color != "#000000":
        words.append(f'color: "{opening.color}"')
    if KINDS[opening.kind].directed:
        words.append(f"direction: {opening.direction}")
    yield f"transition: {{{', '.join(words)}}}"


def _quoted(shot: str) -> str:
    plain = _PLAIN.fullmatch(shot) and shot.lower() not in _TAKEN
    return shot if plain else f'"{shot}"'


def _block(text: str) -> tuple[int, int]:
    """Where the `cut:` block begins and ends in the text; both at its end where there is none."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as cause:
        raise MediaError(f"the storyboard can't be read: {cause}") from cause
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise MediaError("the storyboard is not written in lines of `key: value`; nothing is added")
    for key, value in root.value:
        if key.value == KEY:
            return key.start_mark.index, _end(text, key.start_mark.index, value.end_mark.index)
    return (root.end_mark.index,) * 2


def _end(text: str, start: int, end: int) -> int:
    """The end of a block's last line: comments and empty lines below belong to what follows."""
    lines = text[start:end].splitlines(keepends=True)
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].startswith("#")):
        lines.pop()
    whole = start + sum(map(len, lines))
    if not text[:whole].endswith("\n"):
        newline = text.find("\n", whole)
        whole = len(text) if newline < 0 else newline + 1
    return whole
