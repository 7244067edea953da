"""Cutting: from a plan and its takes to the finished timeline. Pure, in whole frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from storyboard.cutting.ordered_places import ONE_TO_ONE, ordered_places
from storyboard.errors import MediaError
from storyboard.timeline import (
    Clip,
    FocusPath,
    Media,
    SceneMark,
    SeamMark,
    ShotNote,
    Sound,
    Timeline,
    Words,
    in_time,
)
from storyboard.timeline.joins import Joined
from storyboard.units.sizes import Size, is_phone
from storyboard.units.timing import Duration, Rate, whole

if TYPE_CHECKING:
    from storyboard.loading.blocks import CheckedMusic, CheckedWords
    from storyboard.loading.checked import CheckedCard, CheckedStoryboard
    from storyboard.planning.planned import Plan, PlannedScene, PlannedShot, PlannedTake

USUAL_FADE = Duration(Fraction(1, 4))
"""How long words take to appear and to vanish, unless the storyboard says otherwise."""


@dataclass(frozen=True, slots=True)
class Footage:
    """What was made for a shot: its picked take, or its still where the take could not be had."""

    media: Media
    take: int = 1
    request_id: str = ""
    cost_microusd: int = 0
    """Over all takes."""
    first: int = 0
    """The media frame that the shot begins on."""
    last: int | None = None
    """The one that it ends on; None: the media's last."""
    longer: int = 0
    """Media frames by which its keyframes lie farther apart than ordered; below 0: nearer."""

    @property
    def end(self) -> int:
        """The media frame that the shot ends on."""
        return self.media.frames - 1 if self.last is None else self.last

    @property
    def frames(self) -> int:
        """How many media frames it has."""
        return self.end - self.first + 1

    @property
    def part(self) -> Media:
        """What of its media is the shot's."""
        whole_take = self.frames == self.media.frames
        return self.media if whole_take else self.media.part(self.first, self.end)

    def lying(self, planned: PlannedTake, seen: Sequence[int] | None = None) -> Footage:
        """The same with the shot's own range of the take: from its keyframe to the next one's.

        `seen` is the media frame of each of the request's keyframes; None: as ordered.
        """
        seconds = planned.request.seconds
        if planned.span == (Fraction(0), seconds) or self.media.kind == "still":
            return self
        own = slice(planned.part, planned.part + 2)
        ordered = ordered_places(planned.request, self.media)[own]
        first, end = ordered if seen is None else seen[own]
        longer = end - first - (ordered[1] - ordered[0])
        last = None if planned.span[1] == seconds else end
        return replace(self, first=first, last=last, longer=longer)


Repeats = Callable[[Media, Media], bool]
"""Whether the later take's first frame shows the earlier one's last frame again."""


def never(_before: Media, _after: Media) -> bool:
    """The Repeats that finds none."""
    return False


def as_asked(earlier: Media, later: Media) -> bool:
    """The Repeats of what nobody has measured: a take ends on the keyframe that the next one
    begins on, as both were asked to."""
    return earlier.kind == later.kind


def cut(plan: Plan, footage: Mapping[str, Footage], *, repeats: Repeats = never) -> Timeline:
    """The finished timeline of a plan whose shots all have footage (by shot id).

    Size and rate follow the takes unless the storyboard says otherwise. Where `repeats` finds
    that a take's first frame is its neighbour's last, the neighbour's is left out;
    `storyboard.repeats` measures it.
    """
    rate = plan.storyboard.rate or _common_rate(footage)
    size = plan.storyboard.size or _common_size(plan, footage)
    film = Joined()
    scenes: list[SceneMark] = []
    for scene in plan.scenes:
        own = card_clips(scene, size, rate) or _scene_clips(scene, footage, rate, repeats)
        start = film.add(own, scene.scene.transition.placed(rate), into=scene.scene.id)
        scenes.append(SceneMark(scene.scene.id, scene.scene.title, start, film.end - start))
    film.end_by(plan.storyboard.ending.placed(rate))
    bare = Timeline(
        title=plan.storyboard.title,
        rate=rate,
        size=size,
        clips=tuple(film.clips),
        transitions=tuple(film.transitions),
        scenes=tuple(scenes),
        shots=tuple(_note(shot, footage[shot.id]) for shot in plan.shots),
        background=plan.storyboard.background,
        loudness=plan.storyboard.audio.loudness,
    )
    whole = replace(
        bare,
        words=_fonted(plan, _words(plan, bare)),
        sounds=_sounds(plan, bare),
        seams=_seams(plan, bare),
    )
    return whole.keeping_clear("phone") if is_phone(size) else whole


def card_clips(scene: PlannedScene, size: Size, rate: Rate) -> list[Clip]:
    """The clip of a scene that is a card; none of any other."""
    card = scene.scene.card
    return [card_clip(card, scene.scene.id, size, rate)] if card else []


def card_clip(card: CheckedCard, scene: str, size: Size, rate: Rate) -> Clip:
    """The clip of a card, from film frame 0 on."""
    still, frames = card.image, card.played(rate)
    if still:
        media = Media.of_still(still, rate, kind="card")
    else:
        plain = f"card {card.color}"
        media = Media(Path(), plain, 1, rate, size, kind="card", color=card.color)
    return Clip(
        shot=card.id,
        scene=scene,
        take=1,
        media=media,
        start=0,
        frames=frames,
        first=0,
        last=0,
        span=max(1, frames - 1),
        fit=card.fit,
        focus=FocusPath(card.focus, card.focus),
    )


def _common_rate(footage: Mapping[str, Footage]) -> Rate:
    """The highest rate among the takes: no motion is thrown away."""
    rates = [found.media.rate for found in footage.values() if found.media.kind == "take"]
    return max(rates, default=Rate(24))


def _common_size(plan: Plan, footage: Mapping[str, Footage]) -> Size:
    """The size of the largest take, with even sides; a draft counts as drawn in full."""
    takes = [(shot, footage[shot.id].media) for shot in plan.shots]
    if not takes:
        raise MediaError("the storyboard has no shots")
    sizes = [
        (media.kind == "take", plan.size if shot.drawn and media.kind == "take" else media.size)
        for shot, media in takes
    ]
    largest = max(sizes, key=lambda one: (one[0], one[1].width * one[1].height))[1]
    return Size(largest.width // 2 * 2, largest.height // 2 * 2)


def _scene_clips(
    scene: PlannedScene, footage: Mapping[str, Footage], rate: Rate, repeats: Repeats
) -> list[Clip]:
    """The clips of one scene, from film frame 0 on."""
    clips: list[Clip] = []
    for i, planned in enumerate(scene.shots):
        found = footage[planned.id]
        following = footage[scene.shots[i + 1].id] if i + 1 < len(scene.shots) else None
        joins = (
            following is not None
            and not planned.shot.trim_end
            and not planned.shot.hold
            and not scene.shots[i + 1].shot.trim_start
            and found.media.kind == following.media.kind == "take"
        )
        drops = joins and following is not None and _again(found, following, repeats)
        start = clips[-1].end if clips else 0
        clips += _shot_clips(planned, found, start, rate, drops=1 if drops else 0)
    return clips


def _again(earlier: Footage, later: Footage, repeats: Repeats) -> bool:
    """Whether a shot begins on the very frame that the one before ends on, or on its like."""
    if earlier.media == later.media and earlier.end == later.first:
        return True
    return repeats(earlier.part, later.part)


def _shot_clips(
    planned: PlannedShot, found: Footage, start: int, rate: Rate, *, drops: int
) -> list[Clip]:
    """A shot's clip, and a second one where its last frame is held."""
    shot, media = planned.shot, found.media
    base, steps = _base(planned, found, rate, drops)
    head = shot.trim_start.frames(rate) if shot.trim_start else 0
    tail = shot.trim_end.frames(rate) if shot.trim_end else 0
    kept = base - head - tail
    if kept < 1:
        raise MediaError(f"{shot.id}: its trims leave nothing of a take of {found.frames} frames")
    frames = max(1, whole(kept / shot.speed))
    ratio = Fraction(found.frames - 1, steps)
    begin = found.first + head * ratio
    pace = ratio * shot.speed
    if begin + (frames - 1) * pace >= found.end + 1:
        pace = (found.end - begin) / (frames - 1 + drops)
    first = whole(begin)
    clip = Clip(
        shot=shot.id,
        scene=shot.scene,
        take=found.take,
        media=media,
        start=start,
        frames=frames,
        first=first,
        last=first + pace.numerator,
        span=pace.denominator,
        fit=shot.fit,
        drops=drops,
        focus=focus_path(planned, found),
        phase=begin - first,
        smooth=shot.smooth,
    )
    held = shot.hold.frames(rate) if shot.hold else 0
    return [clip, clip.freeze(held)] if held else [clip]


def focus_path(planned: PlannedShot, found: Footage) -> FocusPath:
    """What stays in the shot's picture where it is cropped, in the terms of what it shows."""
    shot = planned.shot
    start, end = shot.focus
    if found.media.kind == "still":
        return FocusPath(start, start)
    return FocusPath(
        shot.start.seen_at(start), (shot.end or shot.start).seen_at(end), found.first, found.end
    )


def _base(planned: PlannedShot, found: Footage, rate: Rate, drops: int) -> tuple[int, int]:
    """Film frames of the whole take at speed 1, and film steps from its first to its last frame.

    One-to-one when the take is about as long as asked, wherever within it a keyframe is seen;
    otherwise retimed to what was asked, so that both keyframes are reached.
    """
    asked = planned.shot.duration.frames(rate)
    media = found.media
    natural = whole(found.frames * rate / media.rate)
    if media.kind == "still":
        return asked, max(1, asked - 1)
    if media.rate == rate and abs(natural - found.longer - asked) <= ONE_TO_ONE:
        return found.frames - drops, max(1, found.frames - 1)
    return asked, max(1, asked - 1 + drops)


def _seams(plan: Plan, film: Timeline) -> tuple[SeamMark, ...]:
    seam_of = {shot.id: shot.shot.seam for shot in plan.shots}
    return tuple(
        SeamMark(
            at=after.start,
            before=before.shot,
            after=after.shot,
            match_color=seam_of[before.shot].match_color,
            bridge=seam_of[before.shot].bridge,
        )
        for before, after in pairwise(film.clips)
        if before.scene == after.scene and before.shot != after.shot
    )


def _words(plan: Plan, film: Timeline) -> tuple[Words, ...]:
    rate = film.rate
    titles = [
        _set("title", title, title.at.frames(rate), film.frames, rate)
        for title in plan.storyboard.titles
    ]
    for scene in plan.scenes:
        for words in scene.scene.card.words if scene.scene.card else ():
            begin, end = film.reach(scene.scene.id)
            titles.append(_set("title", words, begin + words.at.frames(rate), end, rate))
    captions = []
    for shot in plan.shots:
        begin, end = film.reach(shot.id)
        for caption in shot.shot.captions:
            start = begin + caption.at.frames(rate)
            captions.append(_set("caption", caption, start, end, rate))
    return in_time((*titles, *captions))


def _fonted(plan: Plan, words: Iterable[Words]) -> tuple[Words, ...]:
    """The words in the storyboard's own font, where it has one."""
    font = plan.storyboard.font
    return tuple(replace(one, font=str(font)) if font else one for one in words)


def _set(
    role: Literal["title", "caption"],
    written: CheckedWords,
    start: int,
    end: int,
    rate: Rate,
) -> Words:
    """Words at their place: at most until `end`, the end of what they lie over."""
    frames = min(written.duration.frames(rate), end - start)
    fades = [USUAL_FADE if fade is None else fade for fade in (written.fade_in, written.fade_out)]
    fade_in, fade_out = (min(fade.frames(rate), max(0, frames // 2)) for fade in fades)
    return Words(
        role=role,
        text=written.text,
        start=start,
        frames=frames,
        position=written.position or ("center" if role == "title" else "bottom"),
        size=written.size or (8.0 if role == "title" else 4.5),
        color=written.color,
        background=written.background,
        fade_in=fade_in,
        fade_out=fade_out,
    )


def _sounds(plan: Plan, film: Timeline) -> tuple[Sound, ...]:
    return (*_laid(plan.storyboard, film.rate), *_own_sounds(plan, film))


def _laid(storyboard: CheckedStoryboard, rate: Rate) -> list[Sound]:
    """Voice-over, music and effects."""
    audio = storyboard.audio
    found = [
        Sound(
            role="voice",
            path=storyboard.sounds[voice.file],
            start=_frames(voice.at, rate),
            frames=None,
            gain=voice.volume,
        )
        for voice in audio.voiceover
    ]
    pieces: list[tuple[Literal["music", "effect"], CheckedMusic]] = [
        *(("music", piece) for piece in audio.music),
        *(("effect", piece) for piece in audio.effects),
    ]
    found += (
        Sound(
            role=role,
            path=storyboard.sounds[piece.file],
            start=_frames(piece.at, rate),
            frames=piece.duration.frames(rate) if piece.duration else None,
            gain=piece.volume,
            fade_in=_frames(piece.fade_in, rate),
            fade_out=_frames(piece.fade_out, rate),
            loop=piece.loop,
            duck=piece.duck,
        )
        for role, piece in pieces
    )
    return found


def _frames(duration: Duration | None, rate: Rate) -> int:
    return duration.frames(rate) if duration else 0


def _own_sounds(plan: Plan, film: Timeline) -> list[Sound]:
    """The takes' own sound, where there is some and it is kept."""
    sound_of = {shot.id: shot.shot.sound for shot in plan.shots}
    return [
        Sound("take", clip.media.path, 0, None, gain=sound_of[clip.shot].volume).under(clip)
        for clip in film.clips
        if clip.media.sound and not clip.held and sound_of[clip.shot].use == "keep"
    ]


def _note(planned: PlannedShot, found: Footage) -> ShotNote:
    return ShotNote(
        shot=planned.id,
        prompt=planned.shot.words,
        model=planned.model.alias,
        request_id=found.request_id,
        cost_microusd=found.cost_microusd,
    )
