"""What people said of a storyboard's takes, under the names that its shots have now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.annotating.notes_file import read_notes
from storyboard.annotating.placing import renamed

if TYPE_CHECKING:
    from storyboard.annotating.notes_file import Said
    from storyboard.annotating.review_note import ReviewNote
    from storyboard.planning.planned import Plan


def remarked(storyboard: Path, *plans: Plan) -> Said:
    """What was said of the takes of these plans. See `read_notes`."""
    said = read_notes(storyboard)
    return replace(said, notes=called_now(said.notes, *plans))


def called_now(notes: Iterable[ReviewNote], *plans: Plan) -> tuple[ReviewNote, ...]:
    """The notes with the shots and numbers that their takes have in these plans; 0 is a draft."""
    takes: dict[str, list[tuple[str, int]]] = {}
    for shot in (shot for plan in plans for shot in plan.shots):
        for take in shot.takes:
            takes.setdefault(take.key, []).append((shot.id, 0 if shot.drawn else take.number))
    return renamed(notes, takes)
