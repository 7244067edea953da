"""The list of what is in the cut: CSV for people, ALE for Avid's bins."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from storyboard.exporting.placements import events
from storyboard.safe_text import in_one_line, in_spreadsheet
from storyboard.units.timing import decimal

if TYPE_CHECKING:
    from storyboard.exporting.media.files_of import MediaFile, MediaMap
    from storyboard.exporting.placements import Placement
    from storyboard.exporting.timecodes import Timecodes
    from storyboard.timeline import Timeline

COLUMNS = (
    "event",
    "scene",
    "shot",
    "take",
    "file",
    "reel",
    "record in",
    "record out",
    "source in",
    "source out",
    "frames",
    "seconds",
    "speed",
    "transition",
    "prompt",
    "model",
    "request",
    "key",
    "cost $",
    "caption",
)

OTHERS = ("other takes of", "take", "file", "reel", "frames", "model")
"""Of what the film does not use."""


def as_csv(timeline: Timeline, media: MediaMap, *, clock: Timecodes) -> str:
    """The cut as a table; then its other takes, and its sounds, with the gain and fades that some
    formats lose."""
    made = io.StringIO()
    table = csv.writer(made, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for number, event in enumerate(events(timeline, media), 1):
        table.writerow(map(in_spreadsheet, _row(number, event, timeline, clock)))
    others = [_spare(shot, file) for shot, takes in media.others.items() for file in takes]
    if others:
        table.writerows(((), OTHERS, *others))
    table.writerow(())
    table.writerow(
        ("sound", "role", "file", "record in", "frames", "gain dB", "fade in", "fade out")
    )
    for sound, placed in zip(timeline.sounds, media.sounds, strict=True):
        name, start = placed.file.file_name, clock.film(sound.start)
        levels = (f"{sound.gain:g}", sound.fade_in, sound.fade_out)
        row = (placed.file.stem, sound.role, name, start, placed.frames, *levels)
        table.writerow(map(in_spreadsheet, row))
    return made.getvalue()


def as_ale(timeline: Timeline, media: MediaMap, *, clock: Timecodes) -> str:
    """Avid Log Exchange: every picture file once, with its reel and timecode."""
    names = ("Name", "Tape", "Start", "End", "Duration", "Source File", "Scene", "Take", "Comments")
    rows = ["\t".join(names), "", "Data"]
    seen = set()
    for event in events(timeline, media):
        if event.file not in seen:
            seen.add(event.file)
            rows.append("\t".join(_logged(event, clock)))
    return "\n".join(
        [
            "Heading",
            "FIELD_DELIM\tTABS",
            f"VIDEO_FORMAT\t{_video_format(timeline)}",
            "AUDIO_FORMAT\t48khz",
            f"FPS\t{_fps(timeline)}",
            "",
            "Column",
            *rows,
            "",
        ]
    )


def _row(number: int, event: Placement, timeline: Timeline, clock: Timecodes) -> Iterator[object]:
    clip, note = event.clip, event.note
    first = event.file.start + event.first
    last = event.file.start + event.source(event.frames)
    yield from (number, clip.scene, clip.shot, clip.take, event.file.file_name, event.file.reel)
    yield from (clock.film(event.start), clock.film(event.end))
    yield from (clock.label(first), clock.label(last), event.frames)
    yield from (decimal(event.frames / timeline.rate), decimal(event.speed))
    yield f"{event.opening.kind} {event.opening.frames}" if event.opening else ""
    yield from (note.prompt, note.model, note.request_id, clip.media.key)
    yield f"{note.cost_microusd / 1_000_000:.2f}"
    yield " / ".join(
        words.text
        for words in timeline.words
        if words.role == "caption" and event.start <= words.start < event.end
    )


def _spare(shot: str, file: MediaFile) -> tuple[object, ...]:
    row = (shot, file.take, file.file_name, file.reel, file.frames, file.model)
    return tuple(map(in_spreadsheet, row))


def _logged(event: Placement, clock: Timecodes) -> Iterator[str]:
    file = event.file
    end = clock.label(file.start + file.frames)
    yield from (file.stem, file.reel, clock.label(file.start), end, clock.label(file.frames))
    yield from (file.file_name, event.clip.scene, str(event.clip.take))
    yield in_one_line(event.note.prompt)


def _fps(timeline: Timeline) -> str:
    return f"{float(timeline.rate):.3f}".rstrip("0").rstrip(".")


def _video_format(timeline: Timeline) -> str:
    return "1080" if timeline.size.height == 1080 else "CUSTOM"
