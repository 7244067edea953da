"""Recutting: a finished timeline in another order, with other lengths and speeds. Pure.

It needs no plan and no take that is not there already: whatever an editor did to the cut, the
requests stay what they were, and nothing is paid again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from storyboard.errors import MediaError
from storyboard.timeline import SceneMark, in_time
from storyboard.timeline.joins import Joined, split
from storyboard.units.timing import whole

if TYPE_CHECKING:
    from storyboard.timeline import (
        Clip,
        PlacedTransition,
        SeamMark,
        Sound,
        Timeline,
        Words,
    )
    from storyboard.timeline.joins import Opening
    from storyboard.units.timing import Duration, Rate


INSERTED = 1
"""The take that an insert shows: it has one."""


@dataclass(frozen=True, slots=True)
class CutEntry:
    """A shot at its place in the film, where the film has an order of its own; or an insert.

    An insert is what only the cut shows, under a name that no shot has.
    """

    shot: str
    take: int | None = None
    """Which of its takes; None for the one that the shot picks."""
    start: Duration | None = None
    """In its take; None where the shot begins."""
    duration: Duration | None = None
    """In the film; None to the shot's end."""
    speed: float = 1.0
    """Times the shot's own."""
    hold: Duration | None = None
    transition: Opening | None = None
    """How the film comes into it; None as into its scene, where it is the scene's first shot."""

    @property
    def whole(self) -> bool:
        """Whether it is the shot as it is, hold and all."""
        return self.start is None and self.duration is None and self.speed == 1 and not self.hold


OtherTakes = Mapping[tuple[str, int], "Timeline"]
"""The film as it would be if that take of that shot were picked, by shot and take."""

_NONE: OtherTakes = {}


@dataclass(frozen=True, slots=True)
class UncutShot:
    """A shot as the storyboard has it, without the time that transitions take from it."""

    clip: Clip
    hold: int
    """Film frames for which its last frame is held."""
    opening: PlacedTransition | None
    """How the film comes into its scene, where it is the scene's first shot."""


def natural(timeline: Timeline) -> dict[str, UncutShot]:
    """Each shot as it is on its own, in the order of the film."""
    found: dict[str, UncutShot] = {}
    for clip in timeline.clips:
        own = _restored(clip, timeline)
        if clip.held and clip.shot in found:
            found[clip.shot] = replace(found[clip.shot], hold=own.frames)
        elif clip.shot not in found:
            found[clip.shot] = UncutShot(own, 0, _into(clip, timeline))
    return found


def _into(clip: Clip, timeline: Timeline) -> PlacedTransition | None:
    """The transition into a clip, as it is where another clip comes before it."""
    over = timeline.transition_over(clip.start)
    if over is None or clip.start:
        return over
    before, after = split(over.frames)
    return replace(over, before=before, after=after)


def recut(timeline: Timeline, cut: Sequence[CutEntry], takes: OtherTakes = _NONE) -> Timeline:
    """The timeline with its shots as `cut` lists them.

    Captions and the takes' own sound move with their shots; titles, music and voice-over stay
    where they are on the film. `takes` has the takes that `cut` names and no shot picks.
    MediaError for a shot or take that is not there, or a part that its take does not have.
    """
    shots = natural(timeline)
    others = natural_takes(takes)
    film = Joined()
    for entry in cut:
        shot = _meant(entry, shots, others)
        over = _opening(shot, entry, timeline.rate)
        film.add(list(_clips(shot, entry, timeline.rate)), over, into=entry.shot)
    film.end_by(timeline.transition_over(timeline.frames))
    clips = tuple(_in_scenes(film.clips))
    moved = replace(timeline, clips=clips, transitions=tuple(film.transitions))
    return replace(
        moved,
        words=_words(timeline, moved),
        sounds=_sounds((*takes.values(), timeline), moved),
        scenes=_scenes(timeline, moved),
        seams=_seams((*takes.values(), timeline), moved),
    )


def natural_takes(takes: OtherTakes) -> dict[tuple[str, int], UncutShot]:
    """Each of these takes as its shot would be if it were picked."""
    return {(shot, take): natural(film)[shot] for (shot, take), film in takes.items()}


def _in_scenes(clips: Sequence[Clip]) -> Iterator[Clip]:
    """The clips, each in a scene: inserts in that of the clip before, or behind."""
    scene = next((clip.scene for clip in clips if clip.scene), "")
    for clip in clips:
        scene = clip.scene or scene
        yield replace(clip, scene=scene)


def _meant(
    entry: CutEntry,
    shots: Mapping[str, UncutShot],
    others: Mapping[tuple[str, int], UncutShot],
) -> UncutShot:
    """The shot that an entry names, with the take that it names."""
    if entry.shot not in shots:
        if (entry.shot, entry.take) in others:
            return others[entry.shot, entry.take or INSERTED]
        raise MediaError(
            f"cut: there is no shot {entry.shot} in the film; choose from {', '.join(shots)}"
        )
    own = shots[entry.shot]
    if entry.take is None or (entry.take == own.clip.take and own.clip.media.kind != "card"):
        return own
    if (entry.shot, entry.take) not in others:
        raise MediaError(f"cut: {entry.shot} has no take {entry.take}; leave `take` out")
    return others[entry.shot, entry.take]


def _restored(clip: Clip, timeline: Timeline) -> Clip:
    """The clip with what overlapping transitions took off its ends."""
    head, tail = timeline.handles(clip)
    return clip.shortened(head=-head, tail=-tail)


def _clips(own: UncutShot, entry: CutEntry, rate: Rate) -> Iterator[Clip]:
    """The entry's clip from film frame 0 on, and its hold, which begins where its take ends.

    A single picture that is held is one freeze, so that a transition may lie over all of it.
    """
    hold = own.hold if entry.hold is None and entry.whole else _frames(entry.hold, rate)
    clip = _part(own.clip, entry, rate)
    if hold and clip.frames == 1 and not clip.frozen:
        yield replace(clip.freeze(1 + hold), start=0)
        return
    beyond = clip.beyond
    yield clip.shortened(tail=beyond)
    if hold + beyond:
        held = clip.freeze(hold + beyond)
        yield replace(held, start=held.start - beyond)


def _part(clip: Clip, entry: CutEntry, rate: Rate) -> Clip:
    own = replace(clip, start=0)
    if entry.start is None and entry.duration is None and entry.speed == 1:
        return own
    pace = clip.speed * Fraction(str(entry.speed))
    first = clip.first if entry.start is None else entry.start.frames(clip.media.rate)
    if first >= clip.media.frames and clip.media.kind == "take":
        raise MediaError(
            f"cut: {entry.shot} starts at frame {first}, and its take has {clip.media.frames}"
        )
    if entry.duration is not None:
        frames = entry.duration.frames(rate)
    elif pace:
        frames = whole(Fraction(clip.frames * clip.speed - (first - clip.first)) / pace)
    else:
        frames = clip.frames
    if frames < 1:
        raise MediaError(f"cut: nothing is left of {entry.shot}; start earlier, or leave it out")
    return replace(
        own,
        frames=frames,
        first=first,
        last=first + pace.numerator,
        span=pace.denominator,
        drops=0,
        phase=own.phase if entry.start is None else Fraction(0),
    )


def _opening(own: UncutShot, entry: CutEntry, rate: Rate) -> PlacedTransition | None:
    """The transition into an entry: its own, or its scene's."""
    if entry.transition is None:
        return own.opening
    return entry.transition.placed(rate)


def _words(timeline: Timeline, moved: Timeline) -> tuple[Words, ...]:
    return in_time(placed for words in timeline.words for placed in _placed(words, timeline, moved))


def _placed(words: Words, timeline: Timeline, moved: Timeline) -> Iterator[Words]:
    """The words on the recut film: a caption over its shot's first appearance, if there is one.

    A title that lies within a card goes where the card goes.
    """
    own = timeline.clip_at(words.start)
    on_card = own.media.kind == "card" and words.end <= own.end
    if words.role == "title" and not on_card:
        yield words.within(words.start, moved.frames)
        return
    shot = own.shot
    run = moved.run(shot)
    if run:
        yield words.within(run[0].start + words.start - timeline.reach(shot)[0], run[-1].end)


def _sounds(films: Sequence[Timeline], moved: Timeline) -> tuple[Sound, ...]:
    """What is laid on the last of the films, and the takes' own sound of all of them."""
    laid = tuple(sound for sound in films[-1].sounds if sound.role != "take")
    own = {sound.path: sound for film in films for sound in film.sounds if sound.role == "take"}
    under = (
        own[clip.media.path].under(clip)
        for clip in moved.clips
        if clip.media.path in own and not clip.held
    )
    return (*laid, *under)


def _scenes(timeline: Timeline, moved: Timeline) -> tuple[SceneMark, ...]:
    """A mark for each run of shots of one scene."""
    titles = {scene.id: scene.title for scene in timeline.scenes}
    marks: list[SceneMark] = []
    for clip in moved.clips:
        if marks and marks[-1].id == clip.scene:
            marks[-1] = replace(marks[-1], frames=clip.end - marks[-1].start)
        else:
            marks.append(SceneMark(clip.scene, titles.get(clip.scene), clip.start, clip.frames))
    return tuple(marks)


def _seams(films: Sequence[Timeline], moved: Timeline) -> tuple[SeamMark, ...]:
    """The seams that are still there: both shots still meet where they met."""
    known = {(seam.before, seam.after): seam for seam in films[-1].seams}
    before = {(c.shot, c.take): c for film in films for c in film.clips if not c.held}
    found = []
    for earlier, later in pairwise(moved.clips):
        seam = known.get((earlier.shot, later.shot))
        if seam is None or earlier.held:
            continue
        ending = before[earlier.shot, earlier.take]
        begins = later.exactly(0) == before[later.shot, later.take].exactly(0)
        if begins and earlier.exactly(earlier.frames) == ending.exactly(ending.frames):
            found.append(replace(seam, at=later.start))
    return tuple(found)


def _frames(duration: Duration | None, rate: Rate) -> int:
    return duration.frames(rate) if duration else 0
