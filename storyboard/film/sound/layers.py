"""One piece of sound laid on the film: where it starts, how it fades, and that it never clicks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from storyboard.film.sound.files import SAMPLE_RATE, Samples, count, decoded, stretched
from storyboard.timeline import Sound, Timeline
from storyboard.timing import Rate, whole

EDGE = SAMPLE_RATE * 8 // 1000
"""Samples over which a sound that begins or ends in full is faded: 8 ms."""

LOOP_JOIN = SAMPLE_RATE * 20 // 1000
"""Samples over which the end of a loop and its beginning sound together: 20 ms."""


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
            return looped(lambda: decoded(self.sound.path))
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
    if sound.frames is None and sound.fade_out and not sound.loop:
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


def looped(opened: Callable[[], Iterable[Samples]]) -> Iterator[Samples]:
    """The sound again and again; where it starts over, its end fades into its beginning."""
    end = np.zeros((0, 2), np.float32)
    while True:
        heard = 0
        for piece in _held_back(opened(), LOOP_JOIN):
            if isinstance(piece, _End):
                end = piece.samples
                break
            joined = _joined(end[: len(piece)], piece)
            end = end[len(piece) :]
            heard += len(piece)
            yield joined
        if heard == 0:
            return


@dataclass(frozen=True, slots=True)
class _End:
    """The last samples of a stream."""

    samples: Samples


def _joined(end: Samples, beginning: Samples) -> Samples:
    """`beginning` with a fading `end` over its first samples, at equal power."""
    n = len(end)
    if n == 0:
        return beginning
    turn = ((np.arange(n) + 0.5) / n * np.pi / 2).astype(np.float32)[:, None]
    mixed = beginning.copy()
    mixed[:n] = end * np.cos(turn) + beginning[:n] * np.sin(turn)
    return mixed


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
