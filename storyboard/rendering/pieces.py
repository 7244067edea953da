"""The plan of the join: which pieces of a film keep their takes' packets, and which are encoded.

    stretches    |---- own ----|==composed==|----- own -----|
    take              .I........P...          I.........P.bb    I: IDR; P: all before it is there
    pieces        |encd|--kept--|==encoded===|---kept----|enc|

A take's packets can be kept from an IDR picture on, up to a place where the frames decoded so far
are the frames seen so far. What is before and behind that, and what is composed, is encoded with
parameter sets of another number, so that all lie in one ordinary track.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from storyboard.errors import MediaError
from storyboard.rendering.memory import FORGETFUL
from storyboard.rendering.take_facts import packets_of_take
from storyboard.timeline.stretches import stretches

if TYPE_CHECKING:
    from storyboard.rendering.compose import PictureFix
    from storyboard.rendering.memory import Memory
    from storyboard.timeline import Clip, Media, Timeline
    from storyboard.timeline.stretches import Stretch
    from storyboard.video.h264 import ParameterSets
    from storyboard.video.recipes import VideoRecipe
    from storyboard.video.stored import PacketRun, Stored

_FINER = 2
"""By about so much x264's first picture has a finer quantizer than its CRF says."""
_FINEST = 12
"""No take is taken for finer than that: what is encoded would be larger than what is kept."""
_MOST_SETS = 31


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of film frames that is kept or encoded as one segment."""

    stretch: Stretch
    recipe: VideoRecipe
    """What it is encoded with; where it is kept, what its neighbours are."""
    media: Media | None = None
    """The take whose packets are kept; None where it is encoded."""
    run: PacketRun | None = None
    """Its packets."""
    order: tuple[int, ...] = ()
    """The frame that each of them holds, counted from its first."""
    sets: ParameterSets | None = None
    """What they are decoded by, in the film."""
    inside: bool = False
    """Whether they repeat parameter sets, which are left out."""
    why: str = ""
    """Why it is encoded."""

    @property
    def kept(self) -> bool:
        """Whether it keeps its take's packets."""
        return self.run is not None


def pieces(
    timeline: Timeline,
    *,
    recipe: VideoRecipe,
    looks: Sequence[PictureFix] = (),
    keep: bool = False,
    shots: Collection[str] | None = None,
    spoilt: Collection[str] = (),
    memory: Memory = FORGETFUL,
) -> tuple[Piece, ...]:
    """The whole film in pieces, in order and without gaps.

    Without `keep` all is encoded. Of `shots` alone the takes are there (None: of all), and those
    whose keys are in `spoilt` have been found damaged. `memory` knows how takes are stored.
    """
    whole = stretches(timeline, fixed=[(look.start, look.end) for look in looks])
    if not keep or recipe.codec != "h264":
        plain = recipe.numbered()
        return tuple(Piece(each, _for(timeline, each, plain, looks)) for each in whole)
    whole = _through(timeline, whole)
    asked = [
        _Asked(timeline, stretch, looks, spoilt, memory)
        if shots is None or stretch.shots <= set(shots)
        else None
        for stretch in whole
    ]
    chosen = _chosen([each for each in asked if each is not None])
    numbered = recipe.numbered(_free(chosen) if chosen else None)
    found: list[Piece] = []
    for stretch, each in zip(whole, asked, strict=True):
        if each is None or chosen is None:
            fit = _for(timeline, stretch, numbered, looks)
            found.append(Piece(stretch, fit, why=each.why if each else ""))
        else:
            fit = _for(timeline, stretch, _graded(numbered, each.takes), looks)
            found += each.divided(fit, chosen)
    return tuple(found)


def _free(sets: ParameterSets) -> int:
    """The least number but 0 that none of the sets has."""
    return next(number for number in range(1, _MOST_SETS + 2) if number not in sets.numbers)


def _through(timeline: Timeline, whole: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """The stretches, those as one in which a take goes on from one shot to the next."""
    found: list[Stretch] = []
    for stretch in whole:
        if found and found[-1].own and stretch.own:
            before, clip = timeline.clip_at(stretch.start - 1), timeline.clip_at(stretch.start)
            following = before.media_frame(stretch.start - 1 - before.start) + 1
            goes_on = before.media == clip.media and following == clip.first
            if goes_on and before.one_to_one and clip.one_to_one and stretch.start == clip.start:
                last, shots = found.pop(), stretch.shots
                frames = last.frames + stretch.frames
                found.append(replace(last, frames=frames, shots=last.shots | shots))
                continue
        found.append(stretch)
    return tuple(found)


def _for(
    timeline: Timeline, stretch: Stretch, recipe: VideoRecipe, looks: Sequence[PictureFix]
) -> VideoRecipe:
    return recipe.standing() if stands(timeline, stretch, looks) else recipe


def stands(timeline: Timeline, stretch: Stretch, looks: Sequence[PictureFix]) -> bool:
    """Whether one picture is seen for the whole stretch."""
    clip = timeline.clip_at(stretch.start)
    last = stretch.end - 1 - clip.start
    return (
        stretch.end <= clip.end
        and timeline.transition_at(stretch.start) is None
        and clip.shot not in timeline.burn_in
        and not clip.drawn
        and clip.media_frame(stretch.start - clip.start) == clip.media_frame(last)
        and not any(look.start < stretch.end and stretch.start < look.end for look in looks)
        and all(
            words.start + words.fade_in <= stretch.start
            and stretch.end <= words.end - words.fade_out
            for words in timeline.words_at(stretch.start)
        )
    )


class _Asked:
    """A stretch, and what is to be said of keeping its packets."""

    def __init__(
        self,
        timeline: Timeline,
        stretch: Stretch,
        looks: Sequence[PictureFix],
        spoilt: Collection[str],
        memory: Memory,
    ) -> None:
        self.stretch = stretch
        clips = timeline.seen(stretch.start, stretch.end)
        self.takes = [_looked(clip, memory) for clip in clips if clip.media.kind == "take"]
        self.clip = clips[0]
        self.run: PacketRun | None = None
        self.take: Stored | None = None
        self.why = _composed(timeline, stretch, looks) or self._other(timeline, spoilt)

    def _other(self, timeline: Timeline, spoilt: Collection[str]) -> str:
        """Why a take's own frames can't keep their packets; empty where they can."""
        take, clip = self.takes[0], self.clip
        if isinstance(take, str):
            return take
        facts = take.facts
        if not clip.one_to_one:
            return "it is retimed or held"
        if clip.media.key in spoilt:
            return "its take is damaged, or changes on the way"
        if facts.rate != timeline.rate:
            return f"its take has {facts.rate} frames per second"
        if facts.size != timeline.size:
            return f"its take is {facts.size}"
        if take.why:
            return take.why
        begin = clip.media_frame(self.stretch.start - clip.start)
        self.run, self.take = take.run(begin, begin + self.stretch.frames), take
        return "" if self.run else "its take can't be cut there: no picture in it stands alone"

    def divided(self, recipe: VideoRecipe, chosen: ParameterSets) -> list[Piece]:
        """What is before the run, the run, and what is behind it."""
        if self.run is None or self.take is None or self.take.sets is None:
            return [Piece(self.stretch, recipe, why=self.why)]
        if not self.take.sets.agrees(chosen):
            why = "its take's parameter sets have the number of another take's"
            return [Piece(self.stretch, recipe, why=why)]
        begin = self.clip.media_frame(self.stretch.start - self.clip.start)
        before = self.run.first - begin
        behind = self.stretch.frames - before - self.run.frames
        kept = _cutout(self.stretch, before, self.run.frames)
        order = self.take.order[self.run.packet : self.run.packet + self.run.frames]
        found = [
            Piece(
                kept,
                recipe,
                media=self.clip.media,
                run=self.run,
                order=tuple(shown - self.run.first for shown in order),
                sets=self.take.sets,
                inside=self.take.inside,
            )
        ]
        if before:
            why = "before the first picture that stands alone"
            found.insert(0, Piece(_cutout(self.stretch, 0, before), recipe, why=why))
        if behind:
            why = "behind the last place where the take can be cut"
            rest = _cutout(self.stretch, before + self.run.frames, behind)
            found.append(Piece(rest, recipe, why=why))
        return found


def _looked(clip: Clip, memory: Memory) -> Stored | str:
    try:
        return packets_of_take(clip.media.path, memory)
    except MediaError:
        return "its take can't be read"


def _composed(timeline: Timeline, stretch: Stretch, looks: Sequence[PictureFix]) -> str:
    """What makes a stretch more than a take's own frames; empty where nothing does."""
    if stretch.own:
        return ""
    if transition := timeline.transition_at(stretch.start):
        return f"a {transition.kind}"
    if any(look.start < stretch.end and stretch.start < look.end for look in looks):
        return "its seam is fixed"
    if timeline.words_at(stretch.start):
        return "words lie over it"
    if stretch.shots & set(timeline.burn_in):
        return "a burn-in lies over it"
    still = timeline.clip_at(stretch.start).media.kind == "still"
    return "a still stands in" if still else "its take has another shape"


def _chosen(asked: Sequence[_Asked]) -> ParameterSets | None:
    """The parameter sets in the film: those by which most is kept, and what agrees with them."""
    frames: Counter[ParameterSets] = Counter()
    for each in asked:
        if each.run and each.take and each.take.sets:
            frames[each.take.sets] += each.run.frames
    chosen: ParameterSets | None = None
    for sets, _ in frames.most_common():
        joined = sets if chosen is None else chosen.joined(sets)
        if (chosen is None or chosen.agrees(sets)) and len(joined.sequences) < _MOST_SETS:
            chosen = joined
    return chosen


def _cutout(stretch: Stretch, offset: int, frames: int) -> Stretch:
    return replace(stretch, start=stretch.start + offset, frames=frames)


def _graded(recipe: VideoRecipe, takes: Sequence[Stored | str]) -> VideoRecipe:
    """The recipe as fine as the takes that are seen, where those are finer than it."""
    usual = int(dict(recipe.options)["crf"])
    finest = min((one.quantizer for one in takes if not isinstance(one, str)), default=51.0)
    return recipe.having(crf=str(min(usual, max(_FINEST, round(finest) + _FINER))))
