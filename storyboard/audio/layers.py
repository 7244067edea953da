"""One piece of sound laid on the film: where it starts, how it fades, and that it never clicks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from storyboard.audio.sound_files import (
    SAMPLE_RATE,
    count,
    decoded,
    own_rate,
    resampled,
    stretched,
)
from storyboard.units.timing import whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from storyboard.audio.sound_files import (
        Samples,
    )
    from storyboard.timeline import Sound, Timeline
    from storyboard.units.timing import Rate

EDGE = SAMPLE_RATE * 8 // 1000
"""Samples over which a sound that begins or ends in full is faded: 8 ms."""

_LEAD = 200
"""A part of a second, 5 ms, over which the end of a loop is led into its beginning."""
_BENDS = 0.001
"""From sample to sample, the least bend that is heard as a click."""


def sample_of(frame: int, rate: Rate) -> int:
    """The sample at which a film frame begins: the nearest, halves upwards."""
    return whole(frame * SAMPLE_RATE / rate)


@dataclass(frozen=True, slots=True)
class Layer:
    """A sound in samples of the film."""

    sound: Sound
    start: int
    end: int
    """The sample after its last one, at the latest."""
    fade_in: int
    fade_out: int
    tempo: Fraction
    """Seconds of the file for one second of film."""
    since: Fraction
    """Second of the file that is heard first."""

    @property
    def silent(self) -> bool:
        """Whether nothing of it can be heard."""
        return self.end <= self.start or self.tempo <= 0

    def pieces(self) -> Iterator[Samples]:
        """Its samples from `start` on, faded, at its level; may stop before `end`."""
        level = np.float32(10 ** (self.sound.gain / 20))
        length = self.end - self.start
        at = 0
        for piece in _soft_ended(_until(self._played(), length)):
            yield piece * (level * self._fade(at, len(piece)))
            at += len(piece)

    def _played(self) -> Iterator[Samples]:
        if self.sound.loop:
            return repeated(self.sound.path)
        return stretched(decoded(self.sound.path, since=self.since), self.tempo)

    def _fade(self, at: int, samples: int) -> NDArray[np.float32]:
        """How loud each of these samples is, (samples, 1): a quarter sine at either end."""
        place = np.arange(at, at + samples)
        level = np.ones(samples)
        if self.fade_in:
            level *= np.sin(np.clip((place + 0.5) / self.fade_in, 0, 1) * np.pi / 2)
        if self.fade_out:
            left = self.end - self.start - place
            level *= np.sin(np.clip((left - 0.5) / self.fade_out, 0, 1) * np.pi / 2)
        return level.astype(np.float32)[:, None]


def layer(sound: Sound, timeline: Timeline) -> Layer:
    """Lay a sound on the timeline. Reads the file where its length decides when it fades out."""
    rate = timeline.rate
    start = sample_of(sound.start, rate)
    last = timeline.frames if sound.frames is None else sound.start + sound.frames
    end = sample_of(min(last, timeline.frames), rate)
    if sound.role != "take" and sound.fade_out and not sound.loop:
        end = min(end, start + count(sound.path))
    of_take = sound.role == "take"
    return Layer(
        sound,
        start,
        end,
        fade_in=sample_of(sound.start + sound.fade_in, rate) - start,
        fade_out=sample_of(sound.fade_out, rate),
        tempo=sound.speed * rate / sound.rate if of_take else Fraction(1),
        since=sound.first / sound.rate if of_take else Fraction(0),
    )


def repeated(path: Path) -> Iterator[Samples]:
    """A file's sound again and again, without end; MediaError when it can't be heard.

    Repeated at its own rate, so that a round is a whole number of its samples.
    """
    rate = own_rate(path)
    return resampled(looped(lambda: decoded(path, rate=rate), rate), rate)


def looped(opened: Callable[[], Iterable[Samples]], rate: int) -> Iterator[Samples]:
    """The sound again and again, each round on the very sample after the one before it.

    No round is shorter than the file: a beat stays a beat. Where the end does not meet the
    beginning, its last moment is led there.
    """
    beginning = _first(opened(), rate // _LEAD)
    while len(beginning):
        for piece in _held_back(opened(), rate // _LEAD):
            yield _led(piece.samples, beginning) if isinstance(piece, _End) else piece


def _first(pieces: Iterable[Samples], samples: int) -> Samples:
    return np.concatenate([*_until(pieces, samples), np.zeros((0, 2), np.float32)])


@dataclass(frozen=True, slots=True)
class _End:
    """The last samples of a stream."""

    samples: Samples


def _led(end: Samples, beginning: Samples) -> Samples:
    """The end of a round; where it does not meet the beginning, it turns to what leads up to it.

    That is the beginning mirrored at its first sample, so that neither the wave nor its slope
    breaks off.
    """
    n = min(len(end), len(beginning) - 1)
    if n < 2 or _meets(end, beginning):
        return end
    before = (2 * beginning[0] - beginning[1 : n + 1])[::-1]
    turn = (np.sin((np.arange(n) + 1) / (n + 1) * np.pi / 2) ** 2).astype(np.float32)[:, None]
    led = end.copy()
    led[-n:] = end[-n:] * (1 - turn) + before * turn
    return led


def _meets(end: Samples, beginning: Samples) -> bool:
    """Whether the wave bends no more where the two join than it does around there."""
    joined = np.abs(np.diff(np.concatenate([end[-2:], beginning[:2]]), 2, axis=0)).max()
    bends = [np.abs(np.diff(side, 2, axis=0)).max(initial=_BENDS) for side in (end, beginning)]
    return bool(joined <= max(bends))


def _held_back(pieces: Iterable[Samples], most: int) -> Iterator[Samples | _End]:
    """The stream, then its last `most` samples as an `_End` (half of it, if it is shorter)."""
    kept = np.zeros((0, 2), np.float32)
    passed = False
    for piece in pieces:
        kept = np.concatenate([kept, piece])
        if len(kept) > 2 * most:
            yield kept[:-most]
            kept, passed = kept[-most:], True
    cut = 0 if passed and len(kept) <= most else max(len(kept) - most, len(kept) // 2)
    if cut:
        yield kept[:cut]
    yield _End(kept[cut:])


def _until(pieces: Iterable[Samples], length: int) -> Iterator[Samples]:
    for piece in pieces:
        yield piece[:length]
        length -= len(piece)
        if length <= 0:
            return


def _soft_ended(pieces: Iterable[Samples]) -> Iterator[Samples]:
    """The stream with its first and its last samples faded, so that neither clicks."""
    at = 0
    for piece in _held_back(pieces, EDGE):
        samples = piece.samples if isinstance(piece, _End) else piece
        n = len(samples)
        level = np.sin(np.clip((np.arange(at, at + n) + 0.5) / EDGE, 0, 1) * np.pi / 2) ** 2
        if isinstance(piece, _End):
            level *= np.cos((np.arange(n) + 0.5) / max(n, 1) * np.pi / 2) ** 2
        yield samples * level.astype(np.float32)[:, None]
        at += n
