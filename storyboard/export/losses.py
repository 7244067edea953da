"""What a format cannot carry, said in a sentence each: nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from storyboard.export.clock import COUNTED
from storyboard.timeline import Timeline, Transition
from storyboard.timing import decimal


def losses(timeline: Timeline, format: str) -> tuple[str, ...]:  # noqa: A002  the word for it
    """What of this timeline does not arrive through a format, and where it is found instead."""
    return tuple(_COMMON(timeline)) + tuple(_OWN[format](timeline))


def _common(timeline: Timeline) -> Iterator[str]:
    if timeline.rate not in COUNTED:
        yield (
            f"{decimal(timeline.rate)} frames per second is no rate that editing programs count "
            "timecode at; write `fps: 24` in the storyboard for a cut that they all open"
        )
    if timeline.words:
        yield "titles and captions are not in the picture; they are in captions.srt and .vtt"
    if any(seam.match_color or seam.bridge for seam in timeline.seams):
        yield "colours matched and frames drawn at seams are only in the film"
    if timeline.burn_in:
        yield "what is burnt into drafts is only in the film"
    if timeline.loudness is not None:
        yield f"the mix is not brought to {timeline.loudness:g} LUFS; the film is"
    if any(sound.duck for sound in timeline.sounds):
        yield "music is not lowered under the voice; the film has it"
    if any(_other_shape(timeline)):
        shots = ", ".join(dict.fromkeys(_other_shape(timeline)))
        yield f"{shots}: not of the film's size {timeline.size}; set how the program fits them"


def _other_shape(timeline: Timeline) -> Iterator[str]:
    return (
        clip.shot
        for clip in timeline.clips
        if clip.media.kind == "take" and clip.media.size != timeline.size
    )


def _otio(timeline: Timeline) -> Iterator[str]:
    yield from _transitions(
        timeline, wipe="is a custom transition that programs replace or leave out"
    )
    yield from _levels(timeline)
    yield from _black(timeline)


def _xml(timeline: Timeline) -> Iterator[str]:
    yield "files are linked by their place on this disc; after moving the folder, relink once"
    yield from _black(timeline)
    yield from _speeds(timeline)


def _fcpxml(timeline: Timeline) -> Iterator[str]:
    yield from _transitions(timeline, wipe="arrives as a dissolve")
    yield from _black(timeline)


def _edl(timeline: Timeline) -> Iterator[str]:
    yield from _transitions(timeline, slide="arrives as a wipe")
    if any(
        t.kind in ("wipe", "slide") and t.direction in ("left", "up") for t in timeline.transitions
    ):
        yield "an EDL's wipe does not say which way it moves"
    yield from _levels(timeline)
    yield from _black(timeline)
    if len(timeline.sounds) > 1:
        yield "an EDL has one pair of sound tracks: sounds that run into the music are left out"
    if timeline.scenes:
        yield "scenes are not marked"
    yield "keys, models and alternate takes are in comments at most"


def _mlt(timeline: Timeline) -> Iterator[str]:
    yield from _transitions(timeline, slide="arrives as a wipe")
    yield from _speeds(timeline)
    yield "timecode counts from 00:00:00:00; alternate takes lie beside the used ones"


def _transitions(timeline: Timeline, *, wipe: str = "", slide: str = "") -> Iterator[str]:
    said = {"wipe": wipe, "slide": slide or wipe}
    for transition in timeline.transitions:
        if said.get(transition.kind):
            yield f"{_named(transition)} {said[transition.kind]}"


def _named(transition: Transition) -> str:
    return f"the {transition.kind} at frame {transition.at}"


def _black(timeline: Timeline) -> Iterator[str]:
    for transition in timeline.transitions:
        if transition.kind == "fade" and transition.color.lower() != "#000000":
            yield f"{_named(transition)} goes through black, not {transition.color}"


def _levels(timeline: Timeline) -> Iterator[str]:
    if any(sound.gain or sound.fade_in or sound.fade_out for sound in timeline.sounds):
        yield "gain and fades of sounds are not carried; the shot list has them"


def _speeds(timeline: Timeline) -> Iterator[str]:
    shots = dict.fromkeys(
        clip.shot for clip in timeline.clips if not clip.frozen and clip.speed != 1
    )
    if shots:
        yield f"{', '.join(shots)}: at a changed speed a frame may be its neighbour"


_Said = Callable[[Timeline], Iterator[str]]
_COMMON: _Said = _common
_OWN: dict[str, _Said] = {
    "otio": _otio,
    "xml": _xml,
    "fcpxml": _fcpxml,
    "edl": _edl,
    "mlt": _mlt,
}
