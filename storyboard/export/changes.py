"""What an editor changed, in words and as the storyboard's `cut:` list: no key, so no price.

edited = read_otio(path)
found = changes(timeline, edited)
text = apply(text, found)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from storyboard.errors import MediaError
from storyboard.export.edited import Edited, EditedClip, EditedTransition
from storyboard.export.media import first_label
from storyboard.recut import Natural, natural
from storyboard.timeline import Clip, Timeline, Transition
from storyboard.timing import decimal

_SAME = 1e-4
"""Speeds closer than this are one."""


@dataclass(frozen=True, slots=True)
class Line:
    """One place in the film: a shot and what is shown of it, transitions included."""

    shot: str
    start: int
    """Frame of the take."""
    frames: int
    speed: float = 1.0
    """Times the shot's own."""
    hold: int = 0
    opening: EditedTransition | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What an editor did to a cut. False where nothing was changed."""

    said: tuple[str, ...]
    """In words, one sentence each."""
    lines: tuple[Line, ...]
    """The cut as it is now; empty where it is the storyboard's own, and needs no `cut:` list."""
    shots: Mapping[str, Natural]
    """Each shot as the storyboard has it."""
    notes: tuple[str, ...] = ()
    """What could not be read back."""

    def __bool__(self) -> bool:
        return bool(self.said)


def changes(timeline: Timeline, edited: Edited, *, uncut: Timeline | None = None) -> Changes:
    """How an edited cut differs from `timeline`, the one that was exported.

    `uncut` is the timeline without the storyboard's own `cut:` list, where it has one: the new
    list is written against that. MediaError for another rate, or shots that are not there.
    """
    if edited.rate != timeline.rate:
        raise MediaError(
            f"the edited cut runs at {decimal(edited.rate)} frames per second, the film at "
            f"{decimal(timeline.rate)}; set the sequence to the film's rate and save it again"
        )
    shots = natural(uncut or timeline)
    unknown = dict.fromkeys(clip.shot for clip in edited.clips if clip.shot not in shots)
    if unknown:
        raise MediaError(f"the edited cut shows {', '.join(unknown)}, which the film does not have")
    now = _lines(edited.clips, shots, timeline)
    written = _lines(_exported(uncut or timeline), shots, timeline)
    said = [*_said(_lines(_exported(timeline), shots, timeline), now)]
    said += _picked(timeline, edited)
    return Changes(tuple(said), () if now == written else now, shots, edited.notes)


def _exported(timeline: Timeline) -> list[EditedClip]:
    """The timeline as it would be read back unchanged."""
    over = {transition.at: transition for transition in timeline.transitions}
    return [
        EditedClip(
            shot=clip.shot,
            version=clip.take,
            first=clip.first,
            file_start=None,
            frames=clip.frames,
            speed=clip.speed,
            frozen=clip.media.kind == "still" or clip.first == clip.last,
            opening=_read_back(over.get(clip.start)),
        )
        for clip in timeline.clips
    ]


def _read_back(over: Transition | None) -> EditedTransition | None:
    if over is None:
        return None
    return EditedTransition(over.kind, over.before, over.after, over.color, over.direction)


def _lines(
    clips: Sequence[EditedClip], shots: Mapping[str, Natural], timeline: Timeline
) -> tuple[Line, ...]:
    """Places in the film from clips: holds joined to what they hold, transitions given back."""
    lines: list[Line] = []
    for number, clip in enumerate(clips):
        closing = clips[number + 1].opening if number + 1 < len(clips) else None
        head = clip.opening.before if _overlaps(clip.opening) and clip.opening else 0
        tail = closing.after if _overlaps(closing) and closing else 0
        frames = clip.frames + head + tail
        own = shots[clip.shot].clip
        if own.media.kind == "still":
            lines.append(Line(clip.shot, own.first, frames, opening=clip.opening))
        elif clip.frozen and lines and lines[-1].shot == clip.shot and clip.opening is None:
            lines[-1] = replace(lines[-1], hold=lines[-1].hold + frames)
        elif clip.frozen:
            last = own.media_frame(own.frames - 1)
            lines.append(Line(clip.shot, last, 1, hold=frames - 1, opening=clip.opening))
        else:
            start = _media_frame(clip, timeline) - round(head * clip.speed)
            speed = _ratio(clip, own)
            lines.append(Line(clip.shot, start, frames, speed, opening=clip.opening))
    return tuple(lines)


def _overlaps(over: EditedTransition | None) -> bool:
    return over is not None and over.kind != "fade"


def _media_frame(clip: EditedClip, timeline: Timeline) -> int:
    """The take's frame: a file that was cut at its head says so by a later label."""
    label = first_label(clip.shot, timeline.rate)
    if clip.file_start is None:
        return clip.first - label if clip.first >= label else clip.first
    return clip.first + max(0, clip.file_start - label)


def _ratio(clip: EditedClip, own: Clip) -> float:
    ratio = float(clip.speed / own.speed) if own.speed else 1.0
    return 1.0 if abs(ratio - 1) < _SAME else round(ratio, 6)


def _said(before: Sequence[Line], after: Sequence[Line]) -> Iterator[str]:
    was = {line.shot: line for line in reversed(before)}
    counts = Counter(line.shot for line in after)
    for shot in was:
        if shot not in counts:
            yield f"{shot} is dropped"
    for shot, count in counts.items():
        if count > sum(line.shot == shot for line in before):
            yield f"{shot} comes {count} times"
    order = [shot for shot in _order(before) if shot in counts]
    new = [shot for shot in _order(after) if shot in was]
    if order != new:
        yield f"the order is {', '.join(new)}"
    for line in after:
        if line.shot in was and counts[line.shot] == 1:
            yield from _differences(was[line.shot], line)


def _order(lines: Iterable[Line]) -> list[str]:
    return list(dict.fromkeys(line.shot for line in lines))


def _differences(was: Line, now: Line) -> Iterator[str]:
    if now.start != was.start:
        yield f"{now.shot} starts at frame {now.start} of its take, not {was.start}"
    if now.frames != was.frames:
        yield f"{now.shot} is {now.frames} frames long, not {was.frames}"
    if now.speed != was.speed:
        yield f"{now.shot} runs {decimal_of(now.speed / was.speed)} times as fast"
    if now.hold != was.hold:
        yield f"{now.shot} is held for {now.hold} frames, not {was.hold}"
    if now.opening != was.opening:
        yield f"{now.shot} comes in with {_named(now.opening)}, not {_named(was.opening)}"


def decimal_of(number: float) -> str:
    """A short decimal text: `2`, `1.25`."""
    return f"{number:.4f}".rstrip("0").rstrip(".")


def _named(opening: EditedTransition | None) -> str:
    if opening is None:
        return "a cut"
    return f"a {opening.kind} of {opening.before + opening.after} frames"


def _picked(timeline: Timeline, edited: Edited) -> Iterator[str]:
    """Where another version of a shot's file was chosen, which only the shot's block can say."""
    shown = {clip.shot: clip.take for clip in timeline.clips}
    for shot, version in dict.fromkeys((clip.shot, clip.version) for clip in edited.clips):
        if version != shown.get(shot, version):
            yield f"{shot} shows version {version}; write `pick: {version}` in its block for it"
