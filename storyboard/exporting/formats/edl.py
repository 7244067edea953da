"""CMX3600, `.edl`: one picture track and one pair of sound tracks, read by everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.exporting.losses import black, levels, transitions
from storyboard.exporting.notes import about, remark
from storyboard.exporting.placements import events
from storyboard.safe_text import in_one_line
from storyboard.units.timing import whole

if TYPE_CHECKING:
    from storyboard.exporting.media.files_of import MediaMap, Placed
    from storyboard.exporting.placements import Placement
    from storyboard.exporting.timecodes import Timecodes
    from storyboard.timeline import PlacedTransition, Sound, Timeline

WIPES = {"left": "W001", "right": "W001", "up": "W002", "down": "W002"}
"""SMPTE wipes know an upright edge and a level one, not which way they move."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The lines of one event that carry its number, and those below it that do not."""

    numbered: tuple[str, ...]
    below: tuple[str, ...] = ()


def write(timeline: Timeline, media: MediaMap, *, clock: Timecodes) -> str:
    """The timeline as `.edl` text: reels of up to 32 letters, markers at record timecode."""
    lines = [f"TITLE: {in_one_line(timeline.title)[:70]}"]
    lines += [f"FCM: {'DROP FRAME' if clock.drop else 'NON-DROP FRAME'}", ""]
    cut = events(timeline, media)
    pairs = zip((None, *cut), cut, strict=False)
    entries = [entry for pair in pairs for entry in _picture(*pair, clock)]
    entries += [_to_black(event, event.closing, clock) for event in cut[-1:] if event.closing]
    entries += [_heard(sound, placed, clock) for sound, placed in carried(timeline, media)]
    for number, entry in enumerate(entries, 1):
        lines += [f"{number:03d}  {line}" for line in entry.numbered]
        lines += entry.below
    return "\n".join(lines) + "\n"


def losses(timeline: Timeline) -> Iterator[str]:
    """What an `.edl` does not carry, beside what no format does."""
    carries, instead = ("dissolve", "fade", "wipe"), {"slide": "arrives as a wipe"}
    yield from transitions(timeline, carries=carries, instead=instead)
    if any(
        t.kind in ("wipe", "slide") and t.direction in ("left", "up") for t in timeline.transitions
    ):
        yield "an EDL's wipe does not say which way it moves"
    yield from levels(timeline)
    yield from black(timeline)
    yield from _unheard(timeline)
    yield from _rounded(timeline)
    if len(timeline.sounds) > 1:
        yield "an EDL has one pair of sound tracks: sounds that run into the music are left out"
    if timeline.scenes:
        yield "scenes are not marked"
    yield "keys, models and alternate takes are in comments at most"


def _unheard(timeline: Timeline) -> Iterator[str]:
    """Sounds that go with a retimed picture."""
    if any(s.role == "take" and s.speed * timeline.rate != s.rate for s in timeline.sounds):
        yield "an EDL does not say how fast a sound runs: that of retimed takes is left out"


def _rounded(timeline: Timeline) -> Iterator[str]:
    """Speeds that M2 can't say: it counts tenths of frames in a second."""
    tenths = 10 * whole(timeline.rate)
    shots = dict.fromkeys(c.shot for c in timeline.clips if (c.speed * tenths).denominator != 1)
    if shots:
        yield f"{', '.join(shots)}: an EDL says a speed to a tenth of a frame per second"


def carried(timeline: Timeline, media: MediaMap) -> list[tuple[Sound, Placed]]:
    """The sounds that fit on one pair of tracks: music first, then what does not run into it."""
    rank = {"music": 0, "voice": 1, "effect": 2, "take": 3}
    laid: list[tuple[Sound, Placed]] = []
    pairs = zip(timeline.sounds, media.sounds, strict=True)
    for sound, placed in sorted(pairs, key=lambda pair: (rank[pair[0].role], pair[0].start)):
        end = sound.start + placed.frames
        free = all(end <= s.start or s.start + p.frames <= sound.start for s, p in laid)
        if free and placed.frames and placed.speed == 1:
            laid.append((sound, placed))
    return laid


def _picture(before: Placement | None, event: Placement, clock: Timecodes) -> Iterator[Entry]:
    """One event, or two where the shot before fades into black first."""
    over = event.opening
    below = tuple(_comments(before, event, clock))
    start = event.start - (over.before if over and over.overlaps else 0)
    end = event.end - (event.closing.before if event.closing else 0)
    shown = _range(event, start, end, clock)
    if over is None:
        yield Entry((_line_of(event.file.reel, "C", shown),), below)
        return
    if over.overlaps and before is not None:
        leaving = _line_of(before.file.reel, "C", _range(before, start, start, clock))
        effect = _effect(over)
    else:
        if over.before and before is not None:
            yield _to_black(before, over, clock)
        leaving = _line_of("BL", "C", f"{_zero(clock)} {_zero(clock)} {_at(start, start, clock)}")
        effect = f"D    {over.after:03d}"
    yield Entry((leaving, _line_of(event.file.reel, effect, shown)), below)


def _to_black(before: Placement, over: PlacedTransition, clock: Timecodes) -> Entry:
    """Black, all of which is the fade into it."""
    source = f"{_zero(clock)} {clock.label(over.before)}"
    leaving = _line_of(before.file.reel, "C", _range(before, over.start, over.start, clock))
    black = _line_of("BL", f"D    {over.before:03d}", f"{source} {_at(over.start, over.at, clock)}")
    return Entry((leaving, black))


def _line_of(reel: str, effect: str, times: str, *, channel: str = "V") -> str:
    return f"{reel:<8} {channel:<5} {effect:<8} {times}"


def _effect(over: PlacedTransition) -> str:
    effect = WIPES[over.direction] if over.kind in ("wipe", "slide") else "D   "
    return f"{effect} {over.frames:03d}"


def _range(event: Placement, start: int, end: int, clock: Timecodes) -> str:
    """Source in and out, record in and out; a changed speed changes the source's length."""
    first = event.file.start + event.source(start - event.start)
    shown = whole((end - start) * event.speed)
    last = min(first + shown, max(first, event.file.start + event.file.frames))
    return f"{clock.label(first)} {clock.label(last)} {_at(start, end, clock)}"


def _at(start: int, end: int, clock: Timecodes) -> str:
    return f"{clock.film(start)} {clock.film(end)}"


def _zero(clock: Timecodes) -> str:
    return clock.label(0)


def _comments(before: Placement | None, event: Placement, clock: Timecodes) -> Iterator[str]:
    over = event.opening
    if over is not None and over.overlaps and before is not None:
        yield from _motion(before, before.frames - over.before, clock)
    yield from _motion(event, -(over.head if over else 0), clock)
    if over is not None and over.overlaps and before is not None:
        yield f"* FROM CLIP NAME: {before.file.file_name}"
        yield f"* TO CLIP NAME: {event.file.file_name}"
    else:
        yield f"* FROM CLIP NAME: {event.file.file_name}"
    if not event.clip.held:
        said = in_one_line(about(event))
        yield f"* COMMENT: {said}"
        yield f"* LOC: {clock.film(event.start)} GREEN   {event.clip.shot} {said}"
    for note in event.said:
        colour = "CYAN   " if note.done else "RED    "
        yield f"* LOC: {clock.film(note.start)} {colour} {note.shot} {remark(note)}"


def _motion(event: Placement, offset: int, clock: Timecodes) -> Iterator[str]:
    """How fast an event's source runs from this film frame of it on."""
    if event.speed != 1:
        frames = float(clock.nominal * event.speed)
        label = clock.label(event.file.start + event.source(offset))
        yield f"M2   {event.file.reel:<8} {frames:05.1f} {label}"


def _heard(sound: Sound, placed: Placed, clock: Timecodes) -> Entry:
    first = placed.file.start + placed.first
    source = f"{clock.label(first)} {clock.label(first + placed.frames)}"
    times = f"{source} {_at(sound.start, sound.start + placed.frames, clock)}"
    line = _line_of(placed.file.reel, "C", times, channel="AA")
    return Entry((line,), (f"* FROM CLIP NAME: {placed.file.file_name}",))
