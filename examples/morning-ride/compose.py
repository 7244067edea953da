"""Compose the music of "Morning ride": a plucked tune over soft chords, as a loop.

Four bars of C, A minor, F and G at 96 beats a minute, ten seconds. Notes that ring past the end
are folded back to the beginning, so the loop has no seam.
"""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float64]

RATE = 32_000
BEAT = 60 / 96
BEATS = 16
LENGTH = round(BEATS * BEAT * RATE)

CHORDS = ((48, 55, 60, 64, 67), (45, 52, 60, 64, 69), (41, 53, 57, 60, 65), (43, 55, 59, 62, 67))
PATTERN = (1, 3, 2, 4, 3, 2, 4, 3)  # which chord note each half beat plucks
MELODY = (
    (0.0, 76, 0.8), (1.5, 79, 0.6), (2.0, 81, 0.8), (3.0, 79, 0.7),
    (4.0, 76, 0.8), (5.5, 74, 0.6), (6.0, 72, 0.8),
    (8.0, 77, 0.8), (9.5, 76, 0.6), (10.0, 74, 0.7), (11.0, 72, 0.7),
    (12.0, 74, 0.8), (13.5, 76, 0.6), (14.0, 71, 0.7), (15.0, 74, 0.5),
)  # beat, note, loudness  # fmt: skip


def theme() -> Sound:
    """Return the loop as stereo samples from -1 to 1, shape (samples, 2)."""
    mix = np.zeros((LENGTH, 2))
    for bar, chord in enumerate(CHORDS):
        for note in chord[1:4]:
            lay(mix, pad(note, 5 * BEAT), bar * 4, pan=0.5 + 0.12 * (note % 5 - 2), loud=0.045)
        lay(mix, pluck(chord[0], 2.6, soft=0.85), bar * 4, pan=0.5, loud=0.30)
        lay(mix, pluck(chord[0], 1.6, soft=0.9), bar * 4 + 2.5, pan=0.5, loud=0.16)
        for step, voice in enumerate(PATTERN):
            loud = 0.15 if step % 4 == 0 else 0.11
            lay(mix, pluck(chord[voice], 1.5, soft=0.55), bar * 4 + step / 2, pan=0.28, loud=loud)
    for beat, note, loud in MELODY:
        lay(mix, pluck(note, 2.2, soft=0.35), beat, pan=0.66, loud=0.26 * loud)
    mix = mix + echo(mix, 0.75, 0.22) + echo(mix, 1.5, 0.10)
    return np.asarray(0.7 * mix / np.abs(mix).max())


def lay(mix: Sound, voice: Sound, beat: float, *, pan: float, loud: float) -> None:
    """Add a voice at a beat, folded around the end of the loop; pan runs from 0 to 1."""
    places = (round(beat * BEAT * RATE) + np.arange(len(voice))) % LENGTH
    sides = np.array([np.cos(pan * np.pi / 2), np.sin(pan * np.pi / 2)])
    np.add.at(mix, places, voice[:, None] * sides * loud)


def pluck(note: int, seconds: float, *, soft: float) -> Sound:
    """Return a plucked string: each overtone fainter and shorter than the one below it."""
    time = np.arange(round(seconds * RATE)) / RATE
    pitch = frequency(note)
    voice = np.zeros_like(time)
    for overtone in range(1, 9):
        decay = np.exp(-time * (1.6 + 1.5 * overtone * (0.5 + soft)))
        shine = (1.25 - soft) ** (overtone - 1) / overtone
        voice += shine * decay * np.sin(2 * np.pi * pitch * overtone * 1.0004**overtone * time)
    return voice * swell(time, 0.004, 0.06, seconds)


def pad(note: int, seconds: float) -> Sound:
    """Return a soft, slowly swelling chord tone made of three slightly detuned waves."""
    time = np.arange(round(seconds * RATE)) / RATE
    pitch = frequency(note)
    voice = np.zeros_like(time)
    for detune in (0.997, 1.0, 1.003):
        wave_ = 2 * np.pi * pitch * detune * time
        voice += np.sin(wave_) + 0.3 * np.sin(2 * wave_) + 0.1 * np.sin(3 * wave_)
    return voice * swell(time, 0.5, 0.8, seconds)


def swell(time: Sound, rise: float, fall: float, seconds: float) -> Sound:
    """Return an envelope that rises from 0 at the start and is back at 0 at the end."""
    return np.clip(time / rise, 0, 1) * np.clip((seconds - time) / fall, 0, 1)


def frequency(note: int) -> float:
    """Return the pitch in hertz of a MIDI note number."""
    return float(440 * 2 ** ((note - 69) / 12))


def echo(mix: Sound, beats: float, loud: float) -> Sound:
    """Return the loop again, later by some beats, fainter, left and right changed over."""
    return np.roll(mix[:, ::-1], round(beats * BEAT * RATE), axis=0) * loud


def wav(sound: Sound) -> bytes:
    """Return the sound as a 16-bit stereo WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(np.round(sound * 32767).astype("<i2").tobytes())
    return file.getvalue()


def main() -> None:
    """Write audio/theme.wav beside this script, whole or not at all."""
    target = Path(__file__).resolve().parent / "audio" / "theme.wav"
    target.parent.mkdir(exist_ok=True)
    part = target.with_name(".theme.wav.part")
    part.write_bytes(wav(theme()))
    part.replace(target)


if __name__ == "__main__":
    main()
