"""Words beside the picture: captions and prompts as SubRip and WebVTT."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from storyboard.timeline import Timeline
from storyboard.timing import Rate


@dataclass(frozen=True, slots=True)
class Cue:
    """Words and the film frames on which they are there."""

    start: int
    end: int
    text: str


def captions(timeline: Timeline) -> tuple[Cue, ...]:
    """Titles and captions, in order."""
    words = sorted(timeline.words, key=lambda one: (one.start, one.role))
    return tuple(Cue(one.start, one.start + one.frames, one.text) for one in words)


def prompts(timeline: Timeline) -> tuple[Cue, ...]:
    """Every shot's prompt for as long as the shot is there."""
    notes = {note.shot: note for note in timeline.shots}
    return tuple(
        Cue(start, end, f"{shot}: {notes[shot].prompt}")
        for shot, start, end in _runs(timeline)
        if shot in notes and notes[shot].prompt
    )


def srt(cues: Iterable[Cue], rate: Rate) -> str:
    """SubRip: numbered cues, commas before the milliseconds."""
    return "\n".join(
        f"{number}\n{_span(cue, rate, point=',')}\n{_tidy(cue.text)}\n"
        for number, cue in enumerate(cues, 1)
    )


def vtt(cues: Iterable[Cue], rate: Rate) -> str:
    """WebVTT: signs that mean something there are written as entities."""
    blocks = ["WEBVTT\n"]
    for cue in cues:
        text = _tidy(cue.text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks.append(f"{_span(cue, rate, point='.')}\n{text}\n")
    return "\n".join(blocks)


def _runs(timeline: Timeline) -> Iterator[tuple[str, int, int]]:
    """Each shot with its first film frame and the one after its last, holds included."""
    start = 0
    for clip, following in zip(timeline.clips, (*timeline.clips[1:], None), strict=True):
        if following is None or following.shot != clip.shot:
            yield clip.shot, start, clip.end
            start = clip.end


def _tidy(text: str) -> str:
    """The text without empty lines, which would end a cue, and without an arrow of its own."""
    lines = (line.strip() for line in text.replace("-->", "→").splitlines())
    return "\n".join(line for line in lines if line)


def _span(cue: Cue, rate: Rate, *, point: str) -> str:
    return f"{_time(cue.start, rate, point)} --> {_time(cue.end, rate, point)}"


def _time(frame: int, rate: Rate, point: str) -> str:
    seconds, milliseconds = divmod(int(Fraction(frame) / rate * 1000), 1000)
    minutes = seconds // 60
    clock = f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds % 60:02d}"
    return f"{clock}{point}{milliseconds:03d}"
