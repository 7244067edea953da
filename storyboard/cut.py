"""Cutting: from a plan and its takes to the finished timeline. Pure, in whole frames."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal, cast

from storyboard.errors import MediaError
from storyboard.load import Storyboard
from storyboard.plan import Plan, PlannedScene, PlannedShot, transition_frames
from storyboard.spec import Caption, Lettering, Size
from storyboard.timeline import (
    Clip,
    Media,
    SceneMark,
    SeamMark,
    ShotNote,
    Sound,
    Timeline,
    Transition,
    Words,
)
from storyboard.timing import Duration, Rate, whole

ONE_TO_ONE = 2
"""A take within this many frames of what was asked is used as it is, never resampled."""

USUAL_FADE = Duration(Fraction(1, 4))
"""How long words take to appear and to vanish, unless the storyboard says otherwise."""


@dataclass(frozen=True, slots=True)
class Footage:
    """What was made for a shot: its picked take, or its still where the take could not be had."""

    media: Media
    take: int = 1
    request_id: str = ""
    cost: int = 0
    """Micro-dollars, over all takes."""


Repeats = Callable[[Media, Media], bool]
"""Whether the later take's first frame shows the earlier one's last frame again."""


def cut(plan: Plan, footage: Mapping[str, Footage], *, repeats: Repeats) -> Timeline:
    """The finished timeline of a plan whose shots all have footage (by shot id).

    Size and rate follow the takes unless the storyboard says otherwise. Where `repeats` finds
    that a take's first frame is its neighbour's last, the neighbour's is left out.
    """
    rate = plan.storyboard.rate or _common_rate(footage)
    size = plan.storyboard.size or _common_size(plan, footage)
    clips: list[Clip] = []
    transitions: list[Transition] = []
    scenes: list[SceneMark] = []
    for scene in plan.scenes:
        own = _scene_clips(scene, footage, rate, repeats)
        transition = _joined(scene, clips, own, rate)
        if transition:
            transitions.append(transition)
        start = transition.at if transition else (clips[-1].end if clips else 0)
        offset = start - own[0].start
        clips += [replace(clip, start=clip.start + offset) for clip in own]
        mark = SceneMark(scene.scene.id, scene.scene.title, start, clips[-1].end - start)
        scenes.append(mark)
    return Timeline(
        title=plan.storyboard.title,
        rate=rate,
        size=size,
        clips=tuple(clips),
        transitions=tuple(transitions),
        words=_words(plan, clips, rate),
        sounds=_sounds(plan, clips, rate),
        scenes=tuple(scenes),
        seams=_seams(plan, clips),
        shots=tuple(_note(shot, footage[shot.id]) for shot in plan.shots),
        background=plan.storyboard.background,
        loudness=plan.storyboard.board.audio.loudness if plan.storyboard.board.audio else None,
    )


def _common_rate(footage: Mapping[str, Footage]) -> Rate:
    """The highest rate among the takes: no motion is thrown away."""
    rates = [found.media.rate for found in footage.values() if found.media.kind == "take"]
    return max(rates, default=Rate(24))


def _common_size(plan: Plan, footage: Mapping[str, Footage]) -> Size:
    """The size of the largest take, with even sides."""
    takes = [footage[shot.id].media for shot in plan.shots]
    largest = max(
        takes, key=lambda m: (m.kind == "take", m.size.width * m.size.height), default=None
    )
    if largest is None:
        raise MediaError("the storyboard has no shots")
    return Size(largest.size.width // 2 * 2, largest.size.height // 2 * 2)


def _scene_clips(
    scene: PlannedScene, footage: Mapping[str, Footage], rate: Rate, repeats: Repeats
) -> list[Clip]:
    """The clips of one scene, from film frame 0 on."""
    clips: list[Clip] = []
    for i, planned in enumerate(scene.shots):
        media = footage[planned.id].media
        following = footage[scene.shots[i + 1].id].media if i + 1 < len(scene.shots) else None
        joins = (
            following is not None
            and not planned.shot.trim_end
            and not planned.shot.hold
            and not scene.shots[i + 1].shot.trim_start
            and media.kind == following.kind == "take"
        )
        drops = joins and following is not None and repeats(media, following)
        start = clips[-1].end if clips else 0
        clips += _shot_clips(planned, footage[planned.id], start, rate, drops=1 if drops else 0)
    return clips


def _shot_clips(
    planned: PlannedShot, found: Footage, start: int, rate: Rate, *, drops: int
) -> list[Clip]:
    """A shot's clip, and a second one where its last frame is held."""
    shot, media = planned.shot, found.media
    base, steps = _base(planned, media, rate, drops)
    head = shot.trim_start.frames(rate) if shot.trim_start else 0
    tail = shot.trim_end.frames(rate) if shot.trim_end else 0
    kept = base - head - tail
    if kept < 1:
        raise MediaError(f"{shot.id}: its trims leave nothing of a take of {media.frames} frames")
    ratio = Fraction(media.frames - 1, steps)
    first, last = whole(head * ratio), whole((head + kept - 1 + drops) * ratio)
    frames = max(1, whole(kept / shot.speed))
    clip = Clip(
        shot=shot.id,
        scene=shot.scene,
        take=found.take,
        media=media,
        start=start,
        frames=frames,
        first=first,
        last=last,
        span=max(1, frames - 1 + drops),
        fit=shot.fit,
        drops=drops,
    )
    held = shot.hold.frames(rate) if shot.hold else 0
    if not held:
        return [clip]
    still = clip.media_frame(clip.frames - 1)
    freeze = replace(
        clip, start=clip.end, frames=held, first=still, last=still, span=1, held=True, drops=0
    )
    return [clip, freeze]


def _base(planned: PlannedShot, media: Media, rate: Rate, drops: int) -> tuple[int, int]:
    """Film frames of the whole take at speed 1, and film steps from its first to its last frame.

    One-to-one when the take is about as long as asked; otherwise retimed to what was asked, so
    that both keyframes are reached.
    """
    asked = planned.shot.duration.frames(rate)
    natural = whole(media.frames * rate / media.rate)
    if media.kind == "still":
        return asked, max(1, asked - 1)
    if media.rate == rate and abs(natural - asked) <= ONE_TO_ONE:
        return media.frames - drops, max(1, media.frames - 1)
    return asked, max(1, asked - 1 + drops)


def _joined(
    scene: PlannedScene, before: list[Clip], own: list[Clip], rate: Rate
) -> Transition | None:
    """The transition into a scene; both sides are shortened where it shows them at once."""
    length, overlap = transition_frames(scene.scene, rate)
    if not length or (not before and scene.scene.transition.type != "fade"):
        return None
    at = before[-1].end if before else 0
    into, out_of = length // 2, length - length // 2
    if overlap:
        _check_room(scene, before[-1], own[0], length)
        before[-1] = before[-1].shortened(tail=out_of)
        own[0] = own[0].shortened(head=into)
        at = before[-1].end
    if not before:
        into, out_of = 0, length
    written = scene.scene.transition
    kind = cast(Literal["dissolve", "fade", "wipe", "slide"], written.type)
    return Transition(kind, at, into, out_of, written.color, written.direction)


def _check_room(scene: PlannedScene, before: Clip, own: Clip, length: int) -> None:
    for clip in (before, own):
        if clip.frames <= length:
            raise MediaError(
                f"the {scene.scene.transition.type} into {scene.scene.id} takes {length} frames, "
                f"and {clip.shot} has {clip.frames}; make it shorter"
            )


def _seams(plan: Plan, clips: list[Clip]) -> tuple[SeamMark, ...]:
    seam_of = {shot.id: shot.shot.seam for shot in plan.shots}
    return tuple(
        SeamMark(
            at=after.start,
            before=before.shot,
            after=after.shot,
            match_color=seam_of[before.shot].match_color,
            bridge=seam_of[before.shot].bridge,
        )
        for before, after in pairwise(clips)
        if before.scene == after.scene and before.shot != after.shot
    )


def _words(plan: Plan, clips: list[Clip], rate: Rate) -> tuple[Words, ...]:
    end = clips[-1].end
    titles = [
        _set("title", title, title.at.frames(rate), end, title.text, rate)
        for title in plan.storyboard.board.titles
    ]
    captions = []
    for shot in plan.shots:
        own = [clip for clip in clips if clip.shot == shot.id]
        for caption in shot.shot.captions:
            start = own[0].start + caption.at.frames(rate)
            captions.append(_set("caption", caption, start, own[-1].end, caption.text, rate))
    there = [words for words in (*titles, *captions) if words.frames > 0]
    return tuple(sorted(there, key=lambda words: words.start))


def _set(
    role: Literal["title", "caption"],
    lettering: Lettering,
    start: int,
    end: int,
    text: str,
    rate: Rate,
) -> Words:
    """Words at their place: at most until `end`, the end of what they lie over."""
    duration = cast(Caption, lettering).duration
    frames = min(duration.frames(rate), end - start)
    fades = [
        USUAL_FADE if fade is None else fade for fade in (lettering.fade_in, lettering.fade_out)
    ]
    fade_in, fade_out = (min(fade.frames(rate), max(0, frames // 2)) for fade in fades)
    return Words(
        role=role,
        text=text,
        start=start,
        frames=frames,
        position=lettering.position or ("center" if role == "title" else "bottom"),
        size=lettering.size or (8.0 if role == "title" else 4.5),
        color=lettering.color,
        background=lettering.background,
        fade_in=fade_in,
        fade_out=fade_out,
    )


def _sounds(plan: Plan, clips: list[Clip], rate: Rate) -> tuple[Sound, ...]:
    return (*_laid(plan.storyboard, rate), *_own_sounds(plan, clips))


def _laid(storyboard: Storyboard, rate: Rate) -> list[Sound]:
    """Music and voice-over."""
    audio = storyboard.board.audio
    if audio is None:
        return []
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
    if audio.music:
        music = audio.music
        found.append(
            Sound(
                role="music",
                path=storyboard.sounds[music.file],
                start=_frames(music.at, rate),
                frames=None,
                gain=music.volume,
                fade_in=_frames(music.fade_in, rate),
                fade_out=_frames(music.fade_out, rate),
                loop=music.loop,
                duck=music.duck,
            )
        )
    return found


def _frames(duration: Duration | None, rate: Rate) -> int:
    return duration.frames(rate) if duration else 0


def _own_sounds(plan: Plan, clips: list[Clip]) -> list[Sound]:
    """The takes' own sound, where there is some and it is kept."""
    sound_of = {shot.id: shot.shot.sound for shot in plan.shots}
    return [
        Sound(
            role="take",
            path=clip.media.path,
            start=clip.start,
            frames=clip.frames,
            gain=sound_of[clip.shot].volume,
            first=clip.first,
            rate=clip.media.rate,
            speed=clip.speed,
        )
        for clip in clips
        if clip.media.sound and not clip.held and sound_of[clip.shot].use == "keep"
    ]


def _note(planned: PlannedShot, found: Footage) -> ShotNote:
    return ShotNote(
        shot=planned.id,
        prompt=planned.shot.words,
        model=planned.model.alias,
        request_id=found.request_id,
        cost=found.cost,
    )
