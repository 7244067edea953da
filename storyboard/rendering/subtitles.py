"""Subtitles beside the film: its words, or its prompts, as SubRip (SRT) or WebVTT text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from storyboard.safe_text import in_picture, in_subrip
from storyboard.timeline import Words
from storyboard.units.timing import whole

if TYPE_CHECKING:
    from storyboard.timeline import Timeline
    from storyboard.units.timing import Rate

Content = Literal["words", "captions", "prompts"]
"""Captions and titles, captions alone, or each shot's prompt while the shot is seen."""

_LINES = {"top": "5%", "center": "50%"}


def srt(timeline: Timeline, *, content: Content = "words") -> str:
    """The film's words as SubRip text; empty when there are none."""
    return "".join(
        f"{number}\n{_span(cue, timeline.rate, point=',')}\n{in_subrip(text)}\n\n"
        for number, (cue, text) in enumerate(_cues(timeline, content), 1)
    )


def vtt(timeline: Timeline, *, content: Content = "words") -> str:
    """The film's words as WebVTT, each where it stands in the picture."""
    return "WEBVTT\n\n" + "".join(
        f"{_span(cue, timeline.rate, point='.')}{_settings(cue)}\n{escape(text, quote=False)}\n\n"
        for cue, text in _cues(timeline, content)
    )


def _cues(timeline: Timeline, content: Content) -> Iterable[tuple[Words, str]]:
    """What is said, in the order of the film, with its text free of empty lines."""
    said = _prompts(timeline) if content == "prompts" else timeline.words
    for cue in sorted(said, key=lambda words: (words.start, words.role, words.text)):
        lines = (line.strip() for line in in_picture(cue.text).split("\n"))
        text = "\n".join(line for line in lines if line)
        frames = min(cue.start + cue.frames, timeline.frames) - cue.start
        if text and frames > 0 and (content != "captions" or cue.role == "caption"):
            yield replace(cue, frames=frames), text


def _prompts(timeline: Timeline) -> Iterable[Words]:
    for shot, clips in groupby(timeline.clips, key=lambda clip: clip.shot):
        run = list(clips)
        frames = run[-1].end - run[0].start
        yield Words("caption", timeline.note(shot).prompt, run[0].start, frames, "bottom", 4.5, "")


def _span(cue: Words, rate: Rate, *, point: str) -> str:
    begin, end = cue.start, cue.start + cue.frames
    return f"{_clock(begin, rate, point)} --> {_clock(end, rate, point)}"


def _clock(frame: int, rate: Rate, point: str) -> str:
    """When the frame begins, to the nearest millisecond."""
    seconds, thousandths = divmod(whole(frame * 1000 / rate), 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}{point}{thousandths:03d}"


def _settings(cue: Words) -> str:
    """Where the cue stands, as WebVTT says it; the bottom center is what players do anyway."""
    down = next((name for name in ("top", "bottom") if name in cue.position), "center")
    across = next((name for name in ("left", "right") if name in cue.position), None)
    settings = [] if down == "bottom" else [f"line:{_LINES[down]}"]
    if across:
        settings += [f"position:{'10%' if across == 'left' else '90%'}", f"align:{across}"]
    return "".join(f" {setting}" for setting in settings)
