"""OpenTimelineIO, `.otio`: the whole cut with prompts, takes and costs, as plain JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from storyboard.exporting.formats import resolve_otio
from storyboard.exporting.formats.resolve_otio import BLOCK
from storyboard.exporting.losses import black, levels, transitions
from storyboard.exporting.notes import about, remark
from storyboard.exporting.placements import events

if TYPE_CHECKING:
    from storyboard.exporting.formats.resolve_otio import Pairs
    from storyboard.exporting.media.files_of import MediaFile, MediaMap, Placed
    from storyboard.exporting.placements import Placement
    from storyboard.exporting.timecodes import Timecodes
    from storyboard.timeline import PlacedTransition, Sound, Timeline

Json = dict[str, Any]

NAMESPACE = "storyboard"
"""The block of metadata that is ours."""


def write(timeline: Timeline, media: MediaMap, *, clock: Timecodes) -> str:
    """The timeline as `.otio` text; media are linked relative to the file.

    A fade goes over a gap as two dissolves; it and the alternates are what every reader knows.
    """
    cut, linked = events(timeline, media), resolve_otio.pairs(timeline)
    tracks = [_track("V1", "Video", list(_picture(cut, timeline.rate, linked)))]
    for number, (sound, placed) in enumerate(zip(timeline.sounds, media.sounds, strict=True), 1):
        tracks.append(_track(f"A{number}", "Audio", _heard(sound, placed, timeline.rate, linked)))
    stack = _item("Stack.1", "tracks", None, children=tracks)
    stack["markers"] = [*_scenes(timeline), *_prompts(timeline, cut), *_said(timeline)]
    made = {
        "OTIO_SCHEMA": "Timeline.1",
        "metadata": {NAMESPACE: _about(timeline), BLOCK: resolve_otio.OF_TIMELINE},
        "name": timeline.title,
        "global_start_time": _time(clock.start, timeline.rate),
        "tracks": stack,
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def losses(timeline: Timeline) -> Iterator[str]:
    """What an `.otio` does not carry, beside what no format does."""
    custom = "is a custom transition that programs replace or leave out"
    yield from transitions(timeline, carries=("dissolve", "fade"), otherwise=custom)
    yield from levels(timeline, by="DaVinci Resolve and Blender")
    yield from black(timeline)


def _about(timeline: Timeline) -> Json:
    size = timeline.size
    return {"rate": str(timeline.rate), "width": size.width, "height": size.height}


def _picture(cut: tuple[Placement, ...], rate: Fraction, linked: Pairs) -> Iterator[Json]:
    for event in cut:
        over = event.opening
        if over is not None and over.overlaps:
            yield _transition(over, rate, before=over.before, after=over.after)
        elif over is not None:
            yield _transition(over, rate, before=0, after=over.after)
        yield _clip(event, rate, linked)
        if event.faded_out and event.closing:
            yield _transition(event.closing, rate, before=0, after=event.faded_out)
            yield _item("Gap.1", "", _range(0, event.faded_out, rate))


def _clip(event: Placement, rate: Fraction, linked: Pairs) -> Json:
    clip, note = event.clip, event.note
    start = event.file.start + event.first
    made = _item("Clip.2", clip.shot, _range(start, event.frames - event.faded_out, rate))
    made["media_references"] = {"DEFAULT_MEDIA": _reference(event.file, rate)} | {
        file.stem: _reference(file, rate) for file in event.alternates
    }
    made["active_media_reference_key"] = "DEFAULT_MEDIA"
    made["effects"] = _warp(event.speed)
    made["metadata"][NAMESPACE] = {
        "shot": clip.shot,
        "scene": clip.scene,
        "take": clip.take,
        "key": clip.media.key,
        "prompt": note.prompt,
        "model": note.model,
        "request_id": note.request_id,
        "cost_micro_dollars": note.cost_microusd,
        "held": clip.held,
        "media_speed": str(event.speed),
        "dropped_at_seam": clip.drops,
    }
    if event.file.kind == "hold":
        made["metadata"][NAMESPACE]["held_frame"] = clip.first
    return _with(made, resolve_otio.of_clip(clip, linked))


def _with(made: Json, words: Json) -> Json:
    """The same with what Resolve says of it, if that is anything."""
    if words:
        made["metadata"][BLOCK] = words
    return made


def _heard(sound: Sound, placed: Placed, rate: Fraction, linked: Pairs) -> list[Json]:
    gap = [_item("Gap.1", "", _range(0, sound.start, rate))] if sound.start else []
    clip = _item(
        "Clip.2", placed.file.stem, _range(placed.file.start + placed.first, placed.frames, rate)
    )
    clip["media_references"] = {"DEFAULT_MEDIA": _reference(placed.file, rate)}
    clip["active_media_reference_key"] = "DEFAULT_MEDIA"
    clip["effects"] = [*_warp(placed.speed), *resolve_otio.levels(sound)]
    clip["metadata"][NAMESPACE] = {
        "role": sound.role,
        "gain_db": sound.gain,
        "fade_in": sound.fade_in,
        "fade_out": sound.fade_out,
        "duck": sound.duck,
    }
    return [*gap, _with(clip, resolve_otio.of_sound(sound, linked))]


def _reference(file: MediaFile, rate: Fraction) -> Json:
    return {
        "OTIO_SCHEMA": "ExternalReference.1",
        "metadata": {NAMESPACE: _about_file(file)},
        "name": file.file_name,
        "available_range": _range(file.start, file.frames, rate),
        "available_image_bounds": None,
        "target_url": file.link,
    }


def _about_file(file: MediaFile) -> Json:
    said = {"reel": file.reel, "kind": file.kind, "take": file.take, "first": file.first}
    return said | ({"model": file.model} if file.model else {})


def _transition(over: PlacedTransition, rate: Fraction, *, before: int, after: int) -> Json:
    dissolves = over.kind in ("dissolve", "fade")
    return {
        "OTIO_SCHEMA": "Transition.1",
        "metadata": {
            NAMESPACE: {"kind": over.kind, "color": over.color, "direction": over.direction}
        },
        "name": over.kind,
        "in_offset": _time(before, rate),
        "out_offset": _time(after, rate),
        "transition_type": "SMPTE_Dissolve" if dissolves else "Custom_Transition",
    }


def _scenes(timeline: Timeline) -> list[Json]:
    return [
        _marker(scene.title or scene.id, scene.start, scene.frames, timeline.rate, color="PURPLE")
        for scene in timeline.scenes
    ]


def _prompts(timeline: Timeline, cut: tuple[Placement, ...]) -> list[Json]:
    """On the whole timeline: a marker on a clip means another frame to every program."""
    return [
        _marker(event.clip.shot, event.start, 1, timeline.rate, color="GREEN", text=about(event))
        for event in cut
        if not event.clip.held
    ]


def _said(timeline: Timeline) -> list[Json]:
    """What people said of it: red while it is open."""
    return [
        _marker(
            f"{note.shot}: note",
            note.start,
            note.frames,
            timeline.rate,
            color="CYAN" if note.done else "RED",
            text=remark(note),
        )
        for note in timeline.notes
    ]


def _marker(
    name: str, start: int, frames: int, rate: Fraction, *, color: str, text: str = ""
) -> Json:
    return {
        "OTIO_SCHEMA": "Marker.2",
        "metadata": {BLOCK: resolve_otio.of_marker(text or name)},
        "name": name,
        "color": color,
        "marked_range": _range(start, frames, rate),
        "comment": text or name,
    }


def _track(name: str, kind: str, children: list[Json]) -> Json:
    track = _item("Track.1", name, None, kind=kind, children=children)
    return _with(track, resolve_otio.of_track(kind))


def _item(schema: str, name: str, source: Json | None, **more: Any) -> Json:
    return {
        "OTIO_SCHEMA": schema,
        "metadata": {},
        "name": name,
        "source_range": source,
        "effects": [],
        "markers": [],
        "enabled": True,
        **more,
    }


def _warp(speed: Fraction) -> list[Json]:
    if speed == 1:
        return []
    return [
        {
            "OTIO_SCHEMA": "LinearTimeWarp.1",
            "metadata": {},
            "name": "speed",
            "effect_name": "LinearTimeWarp",
            "time_scalar": float(speed),
        }
    ]


def _range(start: int, frames: int, rate: Fraction) -> Json:
    return {
        "OTIO_SCHEMA": "TimeRange.1",
        "duration": _time(frames, rate),
        "start_time": _time(start, rate),
    }


def _time(frames: int, rate: Fraction) -> Json:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(rate), "value": float(frames)}
