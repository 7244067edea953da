"""What there is to say of a shot, or was said of a frame, in a marker or a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.safe_text import in_one_line
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from storyboard.exporting.placements import Placement
    from storyboard.timeline.film_note import FilmNote


def about(event: Placement) -> str:
    """One line: prompt, take, model, request, cost and the start of the key."""
    note = event.note
    facts = [f"take {event.clip.take}", note.model, note.request_id]
    if note.cost_microusd:
        facts.append(dollars(note.cost_microusd))
    facts.append(f"key {event.clip.media.key[:12]}")
    return in_one_line(f"{note.prompt} [{', '.join(filter(None, facts))}]")


def remark(note: FilmNote) -> str:
    """One line: what somebody said of a frame, who, and whether it is done."""
    facts = [note.author, "done" if note.done else "open"]
    if note.elsewhere:
        facts.append(f"said of take {note.take}")
    return in_one_line(f"{note.text} [{', '.join(filter(None, facts))}]")
