"""What only the cut shows: clips of one's own, and cards. Each has a name that nothing else has."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from storyboard.errors import FileTrouble
from storyboard.loading.checked import USUAL_CARD, CheckedCard
from storyboard.loading.own_clip import own_clip

if TYPE_CHECKING:
    from storyboard.fileformat.cut_list import CutShot
    from storyboard.loading.checked import Insert
    from storyboard.loading.context import Context

_BLACK = "#000000"
_LONGEST = 56


@dataclass(frozen=True, slots=True)
class Inserts:
    """What only the cut shows."""

    parts: Mapping[str, Insert] = field(default_factory=dict)
    """By name, in the order of the film."""
    names: Mapping[int, str] = field(default_factory=dict)
    """By the place in `cut:`."""


def inserts(context: Context) -> Inserts:
    """What only the cut shows; a clip that is not there is said at its line.

    What is the same comes twice under one name.
    """
    parts: dict[str, Insert] = {}
    names: dict[int, str] = {}
    known: dict[tuple[str | None, str | None], str] = {}
    taken = [*context.shot_ids, *context.card_ids]
    for i, entry in enumerate(context.board.cut or ()):
        same = (entry.clip, entry.card)
        if entry.shot is not None or same == (None, None):
            continue
        if same not in known:
            name = free_name(wanted_name(entry.clip, entry.card), (*taken, *parts))
            part = _part(context, i, entry, name)
            if part is None:
                continue
            parts[name], known[same] = part, name
        names[i] = known[same]
    return Inserts(parts, names)


def wanted_name(clip: str | None, card: str | None) -> str:
    """What an insert is called where nothing else is: after its file, `black`, or `card`."""
    if clip is None:
        return "black" if card == _BLACK else "card"
    plain = re.sub("[^A-Za-z0-9_.-]+", "_", PurePosixPath(clip).stem).strip("_.-")
    return plain[:_LONGEST].rstrip("_.-") or "clip"


def free_name(wanted: str, taken: Collection[str]) -> str:
    """This name, or with a number where it is taken; letters' case makes no other name."""
    held = {name.casefold() for name in taken}
    name, number = wanted, 1
    while name.casefold() in held:
        number += 1
        name = f"{wanted}_{number}"
    return name


def _part(context: Context, number: int, entry: CutShot, name: str) -> Insert | None:
    if entry.clip is None:
        return CheckedCard(
            id=name, duration=USUAL_CARD, color=entry.card or _BLACK, fit=context.board.defaults.fit
        )
    where = ("cut", number, "clip")
    pictures = context.pictures
    try:
        return own_clip(pictures.root, entry.clip, pictures.confine, context.tree.place(where))
    except FileTrouble as error:
        context.tree.say(where, str(error))
        return None
