"""The film's sound: music, voices and the takes' own, mixed to the sample and to its loudness.

`mix` gives the samples, `blocks` gives them one after the other, `mix_to` writes them, and `stems`
gives what they are the sum of. The raw
mix lies in a scratch file, so that the last two take films of any length with flat memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from storyboard.audio.ducking import Ducking, curve, gain
from storyboard.audio.layers import layer, sample_of
from storyboard.audio.mastering import mastered
from storyboard.audio.scratch import Scratch
from storyboard.audio.sound_files import write_wave

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from storyboard.audio.layers import Layer
    from storyboard.audio.mastering import Level
    from storyboard.audio.sound_files import Samples
    from storyboard.timeline import Timeline

USUAL = Ducking()


def length(timeline: Timeline) -> int:
    """How many samples the film's sound has: frames / rate * 48000, to the nearest."""
    return sample_of(timeline.frames, timeline.rate)


def mix(timeline: Timeline, *, ducking: Ducking = USUAL) -> Samples | None:
    """The film's sound, float32 (samples, 2) at 48 kHz; None where nothing sounds.

    Holds the film in memory: about 0.4 MB a second. MediaError when a file can't be heard.
    """
    pieces = blocks(timeline, ducking=ducking)
    return None if pieces is None else np.concatenate([*pieces, np.zeros((0, 2), np.float32)])


def blocks(timeline: Timeline, *, ducking: Ducking = USUAL) -> Iterator[Samples] | None:
    """The same ten seconds at a time, with flat memory, for films of any length.

    Everything is mixed and measured before the first block comes.
    """
    return _finished(timeline, ducking) if timeline.sounds else None


def mix_to(
    path: Path,
    timeline: Timeline,
    *,
    ducking: Ducking = USUAL,
    told: Callable[[str, int], None] = lambda _what, _sample: None,
) -> Level | None:
    """Write the film's sound to a WAV file (float32), and tell what it measures.

    None, and no file, where nothing sounds. `told` hears what is done, mixed or measured, and at
    which sample. MediaError when a file can't be heard or written.
    """
    if not timeline.sounds:
        return None
    with Scratch(length(timeline), folder=path.parent) as tape:
        _lay(timeline, tape, ducking, told=partial(told, "mixed"))
        master, level = mastered(tape, timeline.loudness, told=partial(told, "measured"))
        write_wave(path, master.blocks())
    return level


def stems(
    timeline: Timeline,
    *,
    ducking: Ducking = USUAL,
    told: Callable[[str, int], None] = lambda _what, _sample: None,
) -> Iterator[tuple[str, Iterator[Samples]]]:
    """Each role of the film's sounds, and its samples alone, as long as the film.

    They are finished as the mix is, so that they add up to it. Take a role's samples before the
    next role; MediaError when a file can't be heard. `told` hears what is done to the mix, as
    in `mix_to`.
    """
    with Scratch(length(timeline)) as tape:
        _lay(timeline, tape, ducking, told=partial(told, "mixed"))
        master, _ = mastered(tape, timeline.loudness, told=partial(told, "measured"))
        for role in dict.fromkeys(sound.role for sound in timeline.sounds):
            with Scratch(len(tape)) as own:
                _lay(timeline, own, ducking, role=role)
                yield role, replace(master, raw=own).blocks()


def _finished(timeline: Timeline, ducking: Ducking) -> Iterator[Samples]:
    with Scratch(length(timeline)) as tape:
        _lay(timeline, tape, ducking)
        master, _ = mastered(tape, timeline.loudness)
        yield from master.blocks()


def laid(
    timeline: Timeline, *, ducking: Ducking = USUAL, role: str = ""
) -> Iterator[tuple[Layer, Iterator[tuple[int, Samples]]]]:
    """Each sound that is heard, and its samples with their places in the film, as in the raw mix.

    With `role`, those of that one alone. MediaError when a file can't be heard.
    """
    layers = [made for sound in timeline.sounds if not (made := layer(sound, timeline)).silent]
    voices = [one for one in layers if one.sound.role == "voice"]
    ducks = any(one.sound.duck for one in layers) and voices
    lowered = curve(voices, length(timeline), ducking) if ducks else None
    for one in layers:
        if role in ("", one.sound.role):
            heard = _under(_placed(one), lowered if one.sound.duck else None)
            yield one, _ended(heard, timeline)


def _ended(
    placed: Iterator[tuple[int, Samples]], timeline: Timeline
) -> Iterator[tuple[int, Samples]]:
    """The same, going out with the picture where the film goes into a colour at its end."""
    over = timeline.transition_over(timeline.frames)
    end = length(timeline)
    begin = sample_of(over.start, timeline.rate) if over else end
    for at, piece in placed:
        if at + len(piece) > begin:
            left = (end - 0.5 - np.arange(at, at + len(piece))) / (end - begin)
            share = np.sin(np.clip(left, 0, 1) * np.pi / 2).astype(np.float32)
            piece = piece * share[:, None]
        yield at, piece


def _under(
    placed: Iterator[tuple[int, Samples]], lowered: NDArray[np.float32] | None
) -> Iterator[tuple[int, Samples]]:
    """The same, lowered where others speak."""
    for at, piece in placed:
        yield at, piece if lowered is None else piece * gain(lowered, at, len(piece))


def _lay(
    timeline: Timeline,
    tape: Scratch,
    ducking: Ducking,
    *,
    role: str = "",
    told: Callable[[int], None] = lambda _sample: None,
) -> None:
    """Add every sound to the tape, one after the other; with `role`, those of that one alone."""
    for _, pieces in laid(timeline, ducking=ducking, role=role):
        for at, piece in pieces:
            told(at)
            tape.add(at, piece)


def _placed(one: Layer) -> Iterator[tuple[int, Samples]]:
    at = one.start
    for piece in one.pieces():
        yield at, piece
        at += len(piece)
