"""Notes on the film as lists of their own: markers for Resolve, and a table for people."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from storyboard.exporting.notes import remark
from storyboard.safe_text import in_one_line, in_spreadsheet
from storyboard.units.timing import decimal

if TYPE_CHECKING:
    from storyboard.exporting.timecodes import Timecodes
    from storyboard.timeline import Timeline
    from storyboard.timeline.film_note import FilmNote

COLUMNS = (
    *("record in", "record out", "frame", "frames", "seconds", "shot", "take"),
    *("state", "author", "note", "other take"),
)
OPEN, DONE = "ResolveColorRed", "ResolveColorGreen"


def files(timeline: Timeline, *, clock: Timecodes) -> dict[str, str]:
    """Each list's ending and its text; nothing where there are no notes."""
    if not timeline.notes:
        return {}
    return {
        "notes.edl": as_markers(timeline, clock=clock),
        "notes.csv": as_csv(timeline, clock=clock),
    }


def as_markers(timeline: Timeline, *, clock: Timecodes) -> str:
    """The notes as Resolve writes a timeline's markers to an EDL, and reads them.

    It keeps one marker a frame, so notes that begin on the same one are one marker.
    """
    lines = [f"TITLE: {in_one_line(timeline.title)[:70]}"]
    lines += [f"FCM: {'DROP FRAME' if clock.drop else 'NON-DROP FRAME'}", ""]
    starts = groupby(timeline.notes, key=lambda note: note.start)
    for number, (_, notes) in enumerate(starts, 1):
        lines += _marker(number, list(notes), clock)
    return "\n".join(lines) + "\n"


def _marker(number: int, notes: list[FilmNote], clock: Timecodes) -> Iterator[str]:
    start, frames = notes[0].start, max(note.frames for note in notes)
    words = _bare(" / ".join(map(remark, notes)))
    colour = DONE if all(note.done for note in notes) else OPEN
    names = _bare(", ".join(dict.fromkeys(note.shot for note in notes)))
    times = f"{clock.film(start)} {clock.film(start + 1)}"
    yield f"{number:03d}  001      V     C        {times} {times}"
    yield f" {words} |C:{colour} |M:{names} |D:{frames}"
    yield ""


def _bare(words: str) -> str:
    """The words without the sign that parts the fields."""
    return in_one_line(words).replace("|", "/")


def as_csv(timeline: Timeline, *, clock: Timecodes) -> str:
    """The notes as a table, a row each."""
    made = io.StringIO()
    table = csv.writer(made, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for note in timeline.notes:
        table.writerow(map(in_spreadsheet, _row(note, timeline, clock)))
    return made.getvalue()


def _row(note: FilmNote, timeline: Timeline, clock: Timecodes) -> tuple[object, ...]:
    return (
        clock.film(note.start),
        clock.film(note.end),
        note.start,
        note.frames,
        decimal(note.start / timeline.rate),
        note.shot,
        note.take,
        "done" if note.done else "open",
        note.author,
        note.text,
        "yes" if note.elsewhere else "",
    )
