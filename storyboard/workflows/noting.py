"""What people say of takes, in `FILE.notes.jsonl` beside the storyboard: read, said, closed."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from storyboard.annotating.notes_file import add_line, read_notes
from storyboard.annotating.review_note import NoNote, ReviewNote
from storyboard.clock import REAL, moment
from storyboard.errors import StoryboardError
from storyboard.workflows.remarked import remarked
from storyboard.workflows.source import StoryboardFile, plan_with

if TYPE_CHECKING:
    from storyboard.annotating.notes_file import Said
    from storyboard.clock import Clockwork
    from storyboard.workflows.source import AnyFile


def notes(storyboard: AnyFile) -> Said:
    """What people said of a storyboard's takes: notes at their frames, and approvals.

    They come under the names that shots and takes have now.
    """
    source = StoryboardFile.of(storyboard)
    return remarked(source.file, plan_with(source.storyboard(draft=True), source.store))


def add_note(
    storyboard: AnyFile,
    shot: str,
    text: str,
    *,
    take: int | None = None,
    frame: int = 0,
    out: int | None = None,
    author: str = "",
    clock: Clockwork = REAL,
) -> ReviewNote:
    """Say something of a take of a shot: of its picked one, unless `take` is another's number.

    `frame` is one of the take's, from 0, and `out` the last one of a range. It is on the disk when
    this comes back. `StoryboardError` where there is no such shot or take, or it is no note.
    """
    source = StoryboardFile.of(storyboard)
    plan = plan_with(source.storyboard(draft=True), source.store)
    asked = plan.storyboard.shot(shot).id
    planned = next(one for one in plan.shots if one.id == asked)
    takes = {one.number: one for one in planned.takes}
    number = planned.picked.number if take is None else take
    if number not in takes:
        there = ", ".join(map(str, takes))
        raise StoryboardError(f"{shot} has no take {number}; there is {there}")
    about = (secrets.token_hex(6), asked, takes[number].key, number, frame, out, text, author)
    try:
        note = ReviewNote(*about, at=moment(clock))
    except NoNote as error:
        raise StoryboardError(f"this can't be noted: {error}") from error
    add_line(source.file, note)
    return note


def close_note(storyboard: AnyFile, note: str, *, done: bool = True) -> ReviewNote:
    """Mark the note of this `id` as done; with `done=False` it is open again."""
    source = StoryboardFile.of(storyboard)
    found = next((one for one in read_notes(source.file).notes if one.id == note), None)
    if found is None:
        raise StoryboardError(f"there is no note {note} of {source.file}")
    closed = replace(found, done=done)
    if closed != found:
        add_line(source.file, closed)
    return closed
