"""What formats cannot carry, said in a sentence each: nothing is dropped in silence.

What every format loses is said by `common`. What one alone loses, it says itself, out of these.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from storyboard.exporting.timecodes import COUNTED
from storyboard.timeline import IN_THE_MIDDLE
from storyboard.units.timing import decimal
from storyboard.units.transition_kinds import KINDS

if TYPE_CHECKING:
    from storyboard.timeline import Clip, PlacedTransition, Timeline

NOTHING: Mapping[str, str] = {}


def common(timeline: Timeline) -> Iterator[str]:
    """What no format carries, and where it is found instead."""
    if timeline.rate not in COUNTED:
        yield (
            f"{decimal(timeline.rate)} frames per second is no rate that editing programs count "
            "timecode at; write `fps: 24` in the storyboard for a cut that they all open"
        )
    if timeline.words:
        yield "titles and captions are not in the picture; they are in captions.srt and .vtt"
    if any(seam.match_color or seam.bridge for seam in timeline.seams):
        yield "colours matched and frames drawn at seams are only in the film"
    if drawn := dict.fromkeys(clip.shot for clip in timeline.clips if clip.drawn):
        yield f"{', '.join(drawn)}: the frames drawn between a take's own are only in the film"
    if timeline.burn_in:
        yield "what is burnt into drafts is only in the film"
    if timeline.loudness is not None:
        yield f"the mix is not brought to {timeline.loudness:g} LUFS; the film is"
    if any(sound.duck for sound in timeline.sounds):
        yield "music is not lowered under the voice; the film has it"
    if any(_other_shape(timeline)):
        shots = ", ".join(dict.fromkeys(_other_shape(timeline)))
        yield f"{shots}: not of the film's size {timeline.size}; set how the program fits them"
    if timeline.sounds and timeline.transition_over(timeline.frames):
        yield (
            "at the film's end the sound goes out by a fade of each sound that lasts until then, "
            "where fades arrive; one that ends within it is not lowered"
        )
    if any(clip.focus != IN_THE_MIDDLE and clip.fit in (None, "cover") for clip in _cut(timeline)):
        yield "focus is not carried: programs cut pictures around their middle; the film has it"


def _cut(timeline: Timeline) -> Iterator[Clip]:
    """Clips of which the film shows a part."""
    return (c for c in timeline.clips if not c.media.size.same_shape(timeline.size))


def _other_shape(timeline: Timeline) -> Iterator[str]:
    return (
        clip.shot
        for clip in timeline.clips
        if clip.media.kind == "take" and clip.media.size != timeline.size
    )


def transitions(
    timeline: Timeline,
    *,
    carries: Collection[str],
    instead: Mapping[str, str] = NOTHING,
    otherwise: str = "",
) -> Iterator[str]:
    """What becomes of each transition of a kind that a format does not carry.

    `instead` says it by kind, `otherwise` of any other; left out, it arrives as a dissolve or fade.
    """
    for transition in timeline.transitions:
        if transition.kind not in carries:
            plain = "arrives as a dissolve" if transition.overlaps else "arrives as a fade"
            yield f"{_named(transition)} {instead.get(transition.kind, otherwise or plain)}"


def _named(transition: PlacedTransition) -> str:
    return f"the {transition.kind} at frame {transition.at}"


def black(timeline: Timeline) -> Iterator[str]:
    """For formats in which every fade goes through black."""
    for transition in timeline.transitions:
        if KINDS[transition.kind].colored and transition.color.lower() != "#000000":
            yield f"{_named(transition)} goes through black, not {transition.color}"


def levels(timeline: Timeline, *, by: str = "") -> Iterator[str]:
    """For formats without levels of sounds; `by` names programs that read them all the same."""
    ends = timeline.sounds and timeline.transition_over(timeline.frames)
    if ends or any(sound.gain or sound.fade_in or sound.fade_out for sound in timeline.sounds):
        carried = f"read by {by} alone" if by else "not carried"
        yield f"gain and fades of sounds are {carried}; the shot list has them"


def speeds(timeline: Timeline) -> Iterator[str]:
    """For formats that round a changed speed."""
    shots = dict.fromkeys(
        clip.shot for clip in timeline.clips if not clip.frozen and clip.speed != 1
    )
    if shots:
        yield f"{', '.join(shots)}: at a changed speed a frame may be its neighbour"
