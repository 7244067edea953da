"""What an editor changed, in words and as the storyboard's `cut:` list: no key, so no price.

edited = read_edited(path, Known(shots, rate))
found = changes(timeline, edited)
text = apply(text, found)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from storyboard.errors import MediaError
from storyboard.exporting.media.naming import sound_stems
from storyboard.reimport.edited import EditedClip, EditedTransition
from storyboard.reimport.snapping import snapped
from storyboard.safe_text import in_message
from storyboard.timeline import PlacedTransition
from storyboard.timeline.joins import split
from storyboard.timeline.recut import INSERTED, natural
from storyboard.units.timing import decimal, whole
from storyboard.units.transition_kinds import KINDS

if TYPE_CHECKING:
    from storyboard.loading.checked import Insert
    from storyboard.reimport.edited import Edited
    from storyboard.timeline import Clip, Media, Timeline
    from storyboard.timeline.recut import UncutShot

_SAME = 1e-4
"""Speeds closer than this are one."""
SLOWEST, FASTEST = 0.01, 100.0
"""Times a shot's own speed, as `cut:` takes it."""


Others = Mapping[tuple[str, int], "UncutShot"]
"""Shots with takes that they do not pick, by shot and take."""
NO_OTHERS: Others = {}
NO_INSERTS: Mapping[str, Insert] = {}


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One place in the film: a shot and what is shown of it, transitions included."""

    shot: str
    start: int
    """Frame of the take."""
    frames: int
    speed: float = 1.0
    """Times the shot's own."""
    hold: int = 0
    opening: EditedTransition | None = None
    take: int | None = None
    """Which of its takes; None for the one that the shot picks."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What an editor did to a cut. False where nothing was changed."""

    said: tuple[str, ...]
    """In words, one sentence each."""
    lines: tuple[DiffLine, ...]
    """The cut as it is now; empty where it is the storyboard's own, and needs no `cut:` list."""
    shots: Mapping[str, UncutShot]
    """Each shot as the storyboard has it."""
    notes: tuple[str, ...] = ()
    """What could not be read back."""
    ending: EditedTransition | None = None
    """How the film ends, where that was changed; of no frames: it just ends."""
    others: Others = field(default_factory=dict)
    """The shots as they would be with other takes."""
    inserts: Mapping[str, Insert] = field(default_factory=dict)
    """What only the cut shows, by name."""

    def own(self, line: DiffLine) -> UncutShot:
        """The shot of a place, with the take that is seen there."""
        return _own(line.shot, line.take, self.shots, self.others)

    def __bool__(self) -> bool:
        return bool(self.said)


_UNKNOWN: Mapping[str, int] = {}


def _own(shot: str, take: int | None, shots: Mapping[str, UncutShot], others: Others) -> UncutShot:
    other = None if take is None else others.get((shot, take))
    return shots[shot] if other is None else other


def changes(
    timeline: Timeline,
    edited: Edited,
    *,
    uncut: Timeline | None = None,
    takes: Mapping[str, int] = _UNKNOWN,
    others: Others = NO_OTHERS,
    inserts: Mapping[str, Insert] = NO_INSERTS,
) -> Changes:
    """How an edited cut differs from `timeline`, the one that was exported.

    `takes` says how many a shot has, where that is known, and `others` has those that are there and
    not picked, and the `inserts`, which only the cut shows. `uncut` is the timeline without the
    storyboard's own `cut:` list, where it has one: the new list is written against that.
    MediaError for another rate, or shots that are not there.
    """
    shots = natural(uncut or timeline)
    shots |= {name: others[name, INSERTED] for name in inserts}
    _check_shots(edited, shots)
    if edited.rate != timeline.rate:
        raise MediaError(
            f"the edited cut runs at {decimal(edited.rate)} frames per second, the film at "
            f"{decimal(timeline.rate)}; set the sequence to the film's rate and save it again"
        )
    before = exported(timeline)
    now = _lines(snapped(edited.clips, before, timeline), shots, others)
    written = _lines(exported(uncut or timeline), shots, others)
    ending = _ending(timeline, edited)
    said = [*_said(_lines(before, shots, others), now, inserts), *_ended(timeline, ending)]
    notes = (
        *edited.notes,
        *_picked(timeline, edited, takes, others),
        *_beyond(now, shots, others),
        *_unread(uncut or timeline, edited),
    )
    lines = () if now == written else now
    return Changes(tuple(said), lines, shots, notes, ending, others, inserts)


def _ending(timeline: Timeline, edited: Edited) -> EditedTransition | None:
    """The film's last fade, where it is another than before."""
    over = timeline.transition_over(timeline.frames)
    if edited.ending == (over.frames if over else 0):
        return None
    color = over.color if over else "#000000"
    return EditedTransition("fade", edited.ending, 0, color)


def _ended(timeline: Timeline, ending: EditedTransition | None) -> Iterator[str]:
    over = timeline.transition_over(timeline.frames)
    if ending is not None:
        now, was = (_closed(frames) for frames in (ending.frames, over.frames if over else 0))
        yield f"the film ends in {now}, not {was}"


def _closed(frames: int) -> str:
    return f"a fade of {frames} frames" if frames else "a cut"


def ended(timeline: Timeline, found: Changes) -> Timeline:
    """The timeline with the ending that an editor gave it."""
    over = found.ending
    if over is None:
        return timeline
    kept = tuple(one for one in timeline.transitions if one.at != timeline.frames)
    if over.frames:
        at = timeline.frames
        kept = (*kept, PlacedTransition("fade", at, over.frames, 0, color=over.color))
    return replace(timeline, transitions=kept)


def _check_shots(edited: Edited, shots: Mapping[str, UncutShot]) -> None:
    """A cut of another film must not empty this one."""
    seen_shots = dict.fromkeys(clip.shot for clip in edited.clips if not clip.inserted)
    unknown = [shot for shot in seen_shots if shot not in shots]
    if len(unknown) == len(seen_shots):
        seen = f"; it shows {_some(unknown)}" if unknown else ""
        raise MediaError(
            f"none of its clips is a shot of this storyboard{seen}; name a cut that was exported "
            "from it"
        )
    if unknown:
        raise MediaError(f"the edited cut shows {_some(unknown)}, which the film does not have")


def _some(names: Iterable[str], most: int = 8) -> str:
    """Names in a row, at most so many."""
    found = list(names)
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(in_message(name).strip("'") for name in found[:most]) + more


def _beyond(
    lines: Sequence[DiffLine], shots: Mapping[str, UncutShot], others: Others
) -> Iterator[str]:
    """Where a cut shows more of a take than there is."""
    for line in lines:
        own = _own(line.shot, line.take, shots, others).clip
        steps = (line.frames - 1) * Fraction(str(line.speed)) * own.speed
        beyond = line.start + int(steps) - (own.media.frames - 1)
        if own.media.kind == "take" and beyond > 1:
            yield f"{line.shot} goes on after its take ends: the last frame stays until then"


def _unread(timeline: Timeline, edited: Edited) -> Iterator[str]:
    """What an editor may have done besides the pictures, and what is not taken over."""
    stems = sound_stems(timeline)
    laid = Counter((stems[s.path], s.start) for s in timeline.sounds if s.role != "take")
    families = {family for family, _ in laid}
    heard = Counter((s.family, s.start) for s in edited.sounds if s.family in families)
    if heard - laid or (edited.heard_all and heard != laid):
        yield "music or voice-over was moved or taken out: sound is not read, and stays as it was"


def media_of(clip: EditedClip, timeline: Timeline, others: Others) -> tuple[Media, int]:
    """What an edited clip shows, and which take that is."""
    take = clip.version if (clip.shot, clip.version) in others else None
    own = _own(clip.shot, take, natural(timeline), others).clip
    shown = [one for one in timeline.of(clip.shot) if one.take == clip.version]
    return (shown[0].media, shown[0].take) if shown and take is None else (own.media, own.take)


def exported(timeline: Timeline) -> list[EditedClip]:
    """The timeline as it would be read back unchanged."""
    return [
        EditedClip(
            shot=clip.shot,
            version=clip.take,
            first=Fraction(clip.first),
            file_start=None,
            frames=clip.frames,
            speed=clip.speed,
            frozen=clip.frozen,
            opening=_read_back(timeline.transition_over(clip.start)),
            held=clip.first,
        )
        for clip in timeline.clips
    ]


def _read_back(over: PlacedTransition | None) -> EditedTransition | None:
    if over is None:
        return None
    return EditedTransition(over.kind, over.before, over.after, over.color, over.direction)


def _lines(
    clips: Sequence[EditedClip], shots: Mapping[str, UncutShot], others: Others
) -> tuple[DiffLine, ...]:
    """Places in the film from clips: holds joined to what they hold, transitions given back."""
    lines: list[DiffLine] = []
    for number, clip in enumerate(clips):
        closing = clips[number + 1].opening if number + 1 < len(clips) else None
        head = clip.opening.before if _overlaps(clip.opening) and clip.opening else 0
        tail = closing.after if _overlaps(closing) and closing else 0
        frames = clip.frames + head + tail
        take = clip.version if (clip.shot, clip.version) in others else None
        own = _own(clip.shot, take, shots, others).clip
        over = _evenly(clip.opening)
        if own.media.kind != "take":
            lines.append(DiffLine(clip.shot, own.first, frames, opening=over, take=take))
        elif clip.frozen and lines and _goes_on(lines[-1], clip, own, take):
            lines[-1] = replace(lines[-1], hold=lines[-1].hold + frames)
        elif clip.frozen:
            seen = _frozen_on(clip, own)
            lines.append(DiffLine(clip.shot, seen, 1, hold=frames - 1, opening=over, take=take))
        else:
            start = whole(clip.first - head * clip.speed)
            _check_start(clip, own, start)
            speed = _ratio(clip, own)
            lines.append(DiffLine(clip.shot, start, frames, speed, opening=over, take=take))
    return tuple(lines)


def _evenly(over: EditedTransition | None) -> EditedTransition | None:
    """A transition that shows both sides at once, laid evenly over its cut: the same picture."""
    if over is None or not _overlaps(over):
        return over
    before, after = split(over.frames)
    return replace(over, before=before, after=after)


def _goes_on(before: DiffLine, clip: EditedClip, own: Clip, take: int | None) -> bool:
    """Whether a clip that stands still stands on what the line before it ends on."""
    if (before.shot, before.take) != (clip.shot, take) or clip.opening is not None:
        return False
    if clip.movie and clip.held is None:
        return True
    last = before.start + round((before.frames - 1) * Fraction(str(before.speed)) * own.speed)
    return abs(last - _frozen_on(clip, own)) <= 1


def _frozen_on(clip: EditedClip, own: Clip) -> int:
    """The take's frame that is frozen: the first of the clip's range."""
    if clip.movie and clip.held is None:
        return own.media_frame(own.frames - 1)
    frame = whole(clip.first) if clip.held is None else clip.held
    if not 0 <= frame < own.media.frames:
        raise MediaError(
            f"{clip.shot} is frozen on frame {frame}, and its take has {own.media.frames}"
        )
    return frame


def _check_start(clip: EditedClip, own: Clip, start: int) -> None:
    """A clip, with what its transition needs, begins inside its take."""
    if start < 0:
        raise MediaError(
            f"{clip.shot} needs {-start} frames before its take begins; start it later, or make "
            "the transition into it shorter"
        )
    if start >= own.media.frames:
        raise MediaError(
            f"{clip.shot} starts at frame {start}, and its take has {own.media.frames}"
        )


def _overlaps(over: EditedTransition | None) -> bool:
    return over is not None and KINDS[over.kind].overlaps


def _ratio(clip: EditedClip, own: Clip) -> float:
    ratio = float(clip.speed / own.speed) if own.speed else 1.0
    if not SLOWEST <= ratio <= FASTEST:
        raise MediaError(
            f"{clip.shot} runs {ratio:.6g} times as fast; a storyboard takes {SLOWEST:g} to "
            f"{FASTEST:g}"
        )
    return 1.0 if abs(ratio - 1) < _SAME else round(ratio, 6)


def _said(
    before: Sequence[DiffLine], after: Sequence[DiffLine], inserts: Collection[str]
) -> Iterator[str]:
    was = {line.shot: line for line in reversed(before)}
    counts = Counter(line.shot for line in after)
    for shot in was:
        if shot not in counts:
            yield f"{shot} is dropped"
    for shot, count in counts.items():
        if shot not in was:
            often = f", {count} times" if count > 1 else ""
            yield f"{shot} is put in{often}" if shot in inserts else f"{shot} comes back"
        elif count > sum(line.shot == shot for line in before):
            yield f"{shot} comes {count} times"
    order = [shot for shot in _order(before) if shot in counts]
    new = [shot for shot in _order(after) if shot in was]
    if order != new:
        yield f"the order is {', '.join(new)}"
    for line in after:
        if line.shot in was and counts[line.shot] == 1:
            yield from _differences(was[line.shot], line)


def _order(lines: Iterable[DiffLine]) -> list[str]:
    return list(dict.fromkeys(line.shot for line in lines))


def _differences(was: DiffLine, now: DiffLine) -> Iterator[str]:
    if now.take != was.take:
        shown = f"take {now.take}" if now.take is not None else "the take that it picks"
        yield f"{now.shot} shows {shown}"
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
    if opening.kind == "fade" and not opening.even:
        halves = f"{opening.before} frames out and {opening.after} in"
        return f"a fade of {halves}" if opening.before else f"a fade of {opening.after} frames in"
    return f"a {opening.kind} of {opening.frames} frames"


def _picked(
    timeline: Timeline, edited: Edited, takes: Mapping[str, int], others: Others
) -> Iterator[str]:
    """Where another version of a shot's file was chosen, which is none of the takes there are."""
    shown = {(clip.shot, clip.take) for clip in timeline.clips}
    known = {clip.shot for clip in timeline.clips}
    for shot, version in dict.fromkeys((clip.shot, clip.version) for clip in edited.clips):
        if (shot, version) in shown or (shot, version) in others or shot not in known:
            continue
        if version > takes.get(shot, version):
            yield f"{shot} shows version {version}, which is none of its takes; its own is used"
        else:
            yield f"{shot} shows take {version}, which is not there; its own is used"
