"""The mix: to the sample, without clicks, and as loud as was asked."""

from __future__ import annotations

import wave
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from storyboard.audio import mix
from storyboard.audio.ducking import Ducking
from storyboard.audio.loudness import loudness as loudness_
from storyboard.audio.loudness import true_peak
from storyboard.audio.mastering import CEILING, LIMITED, Level, mastered
from storyboard.audio.scratch import Scratch
from storyboard.audio.sound_files import SAMPLE_RATE, Samples
from storyboard.errors import MediaError
from storyboard.testing.clips import write_clip
from storyboard.timeline import Clip, Media, PlacedTransition, Sound, Timeline
from storyboard.units.sizes import Size

RATE = SAMPLE_RATE


def tone(seconds: float, *, hertz: float = 440.0, level: float = 0.25) -> Samples:
    """A stereo sine."""
    moments = np.arange(round(seconds * RATE)) / RATE
    one = (level * np.sin(2 * np.pi * hertz * moments)).astype(np.float32)
    return np.stack([one, one], axis=1)


def wav(path: Path, samples: Samples, *, rate: int = RATE) -> Path:
    """A 16-bit WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.rint(samples * 32767).astype("<i2").tobytes())
    return path


def cut(
    frames: int, *sounds: Sound, rate: Fraction = Fraction(24), loudness: float | None = None
) -> Timeline:
    """One shot of so many frames, and these sounds."""
    size = Size(64, 64)
    media = Media(Path("take.mp4"), "key", frames, rate, size)
    clip = Clip("sh010", "day", 1, media, 0, frames, 0, frames, frames)
    return Timeline("t", rate, size, (clip,), sounds=sounds, loudness=loudness)


def music(path: Path, **asked: object) -> Sound:
    """Music from the film's start, unless asked otherwise."""
    wanted: dict[str, object] = {"role": "music", "path": path, "start": 0, "frames": None}
    return Sound(**{**wanted, **asked})  # type: ignore[arg-type]


def mixed(timeline: Timeline) -> Samples:
    """The mix of a film that has sound."""
    samples = mix.mix(timeline)
    assert samples is not None
    return samples


def loud(samples: Samples, start: float, end: float) -> float:
    """RMS between two seconds."""
    part = samples[round(start * RATE) : round(end * RATE)]
    return float(np.sqrt(np.square(part).mean()))


def clicks(samples: Samples) -> float:
    """The sharpest bend from sample to sample."""
    return float(np.abs(np.diff(samples, n=2, axis=0)).max())


@pytest.mark.parametrize(
    ("frames", "rate", "samples"),
    [
        (1, Fraction(24), 2000),
        (121, Fraction(24), 242_000),
        (100, Fraction(24000, 1001), 200_200),
        (100, Fraction(30000, 1001), 160_160),
        (7, Fraction(60000, 1001), 5606),
        (81, Fraction(16), 243_000),
    ],
)
def test_the_mix_is_as_long_as_the_film(
    tmp_path: Path, frames: int, rate: Fraction, samples: int
) -> None:
    """Frames / rate * 48000 samples, to the nearest, whatever the files' lengths."""
    for seconds in (0.02, 8):
        file = wav(tmp_path / "music.wav", tone(seconds))
        assert mixed(cut(frames, music(file), rate=rate)).shape == (samples, 2)


def test_no_sound_anywhere_is_none(tmp_path: Path) -> None:
    """A film without sounds gets no sound track, and no file."""
    assert mix.mix(cut(24)) is None
    assert mix.mix_to(tmp_path / "mix.wav", cut(24)) is None
    assert not (tmp_path / "mix.wav").exists()


def test_a_sound_starts_on_its_sample(tmp_path: Path) -> None:
    """A voice at film frame 10 of 29.97 begins at the sample nearest to it."""
    file = wav(tmp_path / "voice.wav", np.full((RATE, 2), 0.5, np.float32))
    rate = Fraction(30000, 1001)

    heard = mixed(cut(60, music(file, role="voice", start=10), rate=rate))

    first = round(10 * RATE / rate)
    assert not heard[:first].any()
    assert heard[first + 1, 0] > 0


def test_gain_is_in_decibels(tmp_path: Path) -> None:
    """-6 dB is half the level."""
    file = wav(tmp_path / "music.wav", tone(3))

    full, half = (mixed(cut(48, music(file, gain=gain))) for gain in (0.0, -6.0206))

    assert loud(half, 0.5, 1.5) == pytest.approx(loud(full, 0.5, 1.5) / 2, rel=1e-3)


def test_other_sample_rates_are_converted(tmp_path: Path) -> None:
    """A 44.1 kHz file keeps its pitch and its length."""
    moments = np.arange(44_100) / 44_100
    one = (0.25 * np.sin(2 * np.pi * 1000 * moments)).astype(np.float32)
    file = wav(tmp_path / "music.wav", np.stack([one, one], 1), rate=44_100)

    heard = mixed(cut(48, music(file)))[:RATE, 0]

    assert int(np.abs(np.fft.rfft(heard)).argmax()) == 1000


def test_fades_rise_and_fall(tmp_path: Path) -> None:
    """A fade in begins in silence; a fade out ends there, at the end of the film."""
    file = wav(tmp_path / "music.wav", tone(9))

    heard = mixed(cut(96, music(file, fade_in=24, fade_out=24)))

    levels = [loud(heard, at, at + 0.1) for at in (0.0, 0.45, 2.0, 3.45, 3.9)]
    assert levels[0] < levels[1] < levels[2]
    assert levels[2] > levels[3] > levels[4]


def test_sound_goes_out_with_the_picture(tmp_path: Path) -> None:
    """Where the film goes into a colour at its end; a second of it, and what is before stays."""
    plain = cut(96, music(wav(tmp_path / "a.wav", tone(5))))
    ending = replace(plain, transitions=(PlacedTransition("fade", 96, 24, 0),))
    before, after = mixed(plain), mixed(ending)
    assert np.array_equal(after[: 3 * RATE], before[: 3 * RATE])
    assert loud(after, 3.0, 3.1) > 0.95 * loud(before, 3.0, 3.1)
    assert loud(after, 3.45, 3.55) == pytest.approx(0.707 * loud(before, 3.45, 3.55), rel=0.02)
    assert loud(after, 3.95, 4.0) < 0.1 * loud(before, 3.0, 3.1)


def test_a_short_file_fades_out_at_its_own_end(tmp_path: Path) -> None:
    """Where the music is over before the film, its fade out is there."""
    file = wav(tmp_path / "music.wav", tone(2))

    heard = mixed(cut(96, music(file, fade_out=24)))

    assert loud(heard, 1.8, 2.0) < 0.3 * loud(heard, 0.5, 0.9)
    assert not heard[2 * RATE :].any()


@pytest.mark.parametrize("seconds", [0.013, 0.5004, 1.0013])
def test_a_loop_fills_the_film_and_does_not_click(tmp_path: Path, seconds: float) -> None:
    """The file's end runs into its beginning, though the waves do not meet."""
    file = wav(tmp_path / "music.wav", tone(seconds, hertz=173.3))

    heard = mixed(cut(96, music(file, loop=True)))

    assert min(loud(heard, at, at + 0.1) for at in np.arange(0.1, 3.8, 0.1)) > 0.05
    assert clicks(heard) < 0.003


def clicking(path: Path, seconds: float, rate: int, *, every: float = 0.5) -> Path:
    """A file that joins itself: silence at both ends, and clicks in it."""
    samples = np.zeros((round(seconds * rate), 2), np.float32)
    for at in np.arange(every / 2, seconds, every):
        samples[round(at * rate) :][:40] = 0.5
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.rint(samples * 32767).astype("<i2").tobytes())
    return path


def onsets(samples: Samples) -> list[float]:
    """Seconds at which something begins after silence."""
    heard = np.flatnonzero(np.abs(samples[:, 0]) > 0.1)
    begins = np.flatnonzero(np.diff(heard, prepend=-RATE) > RATE // 50)
    return [float(at) / RATE for at in heard[begins]]


@pytest.mark.parametrize("rate", [8000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize(("seconds", "every"), [(2.0, 0.5), (0.5, 0.25), (1.2, 0.4)])
def test_a_loop_that_joins_itself_keeps_its_beat(
    tmp_path: Path, rate: int, seconds: float, every: float
) -> None:
    """No round is shorter than the file, whatever its length and its rate."""
    file = clicking(tmp_path / "bar.wav", seconds, rate, every=every)

    heard = onsets(mixed(cut(192, music(file, loop=True))))

    assert heard == pytest.approx(np.arange(every / 2, 8, every), abs=0.0015)


def test_a_loop_that_joins_itself_is_repeated_to_the_sample(tmp_path: Path) -> None:
    """Nothing is done to a wave that runs on: the film's sound is the tone itself."""
    file = wav(tmp_path / "music.wav", tone(0.5, hertz=200))

    heard = mixed(cut(96, music(file, loop=True)))

    whole = tone(4, hertz=200)
    assert np.abs(heard - whole)[RATE // 50 : -RATE // 50].max() < 1e-4


def test_a_loop_that_does_not_join_keeps_its_length(tmp_path: Path) -> None:
    """Its end is led into its beginning without a click, and no round comes early."""
    ticking = tone(1.0013, hertz=173.3, level=0.05)
    ticking[RATE // 2 :][:40] += 0.5
    file = wav(tmp_path / "music.wav", ticking)

    heard = onsets(mixed(cut(192, music(file, loop=True))))

    assert heard == pytest.approx(0.5 + 1.0013 * np.arange(8), abs=0.001)


def test_an_empty_file_does_not_loop_for_ever(tmp_path: Path) -> None:
    """A file without a sample is silence."""
    file = wav(tmp_path / "music.wav", np.zeros((0, 2), np.float32))

    assert not mixed(cut(24, music(file, loop=True))).any()


def test_cut_sounds_do_not_click(tmp_path: Path) -> None:
    """Two takes' sounds meet in the middle of a wave, and each is faded there."""
    file = wav(tmp_path / "take.wav", tone(3, hertz=100))
    first = Sound("take", file, 0, 23, rate=Fraction(24))
    second = Sound("take", file, 23, 25, first=31, rate=Fraction(24))

    assert clicks(mixed(cut(48, first, second))) < 0.003


def test_a_take_sounds_from_its_first_frame(tmp_path: Path) -> None:
    """A take that is cut in at its frame 24 is heard from its second 1 on."""
    silent, heard = np.zeros((RATE, 2), np.float32), tone(2)
    file = wav(tmp_path / "take.wav", np.concatenate([silent, heard]))

    samples = mixed(cut(24, Sound("take", file, 0, 24, first=24, rate=Fraction(24))))

    assert loud(samples, 0.02, 0.1) > 0.1


@pytest.mark.parametrize("speed", [Fraction(1, 4), Fraction(4, 5), Fraction(5, 4), Fraction(3)])
def test_a_faster_take_keeps_its_pitch(tmp_path: Path, speed: Fraction) -> None:
    """A retimed take's sound fills its clip and stays at 440 Hz."""
    seconds = float(speed) * 2
    file = wav(tmp_path / "take.wav", tone(seconds))

    samples = mixed(cut(48, Sound("take", file, 0, 48, rate=Fraction(24), speed=speed)))

    middle = samples[RATE // 4 : RATE // 4 + RATE, 0]
    assert abs(int(np.abs(np.fft.rfft(middle)).argmax()) - 440) <= 4
    assert loud(samples, 1.7, 1.9) > 0.1


def test_a_take_at_another_rate_is_not_stretched(tmp_path: Path) -> None:
    """A 30 fps take in a 24 fps film moves 1.25 frames a film frame: its own speed."""
    file = wav(tmp_path / "take.wav", tone(2))
    own = Sound("take", file, 0, 24, rate=Fraction(30), speed=Fraction(5, 4))

    assert np.allclose(
        mixed(cut(24, own))[RATE // 2 :][:100], tone(2)[RATE // 2 :][:100], atol=1e-4
    )


def test_the_sound_of_a_real_take_is_heard(tmp_path: Path) -> None:
    """AAC in an MP4 is decoded and starts with the picture."""
    path = tmp_path / "take.mp4"
    write_clip(path, frames=24, size=(64, 64), rate=24, shot=1, audio=True)

    heard = mixed(cut(24, Sound("take", path, 0, 24, rate=Fraction(24))))

    assert loud(heard, 0.02, 0.1) == pytest.approx(loud(heard, 0.4, 0.6), rel=0.1)


def test_music_steps_back_while_a_voice_speaks(tmp_path: Path) -> None:
    """It is down when the voice starts, stays down, and comes back; both ways smoothly."""
    low = wav(tmp_path / "music.wav", tone(8, hertz=100, level=0.2))
    voice = wav(tmp_path / "voice.wav", tone(1, hertz=3000, level=0.02))
    ducking = Ducking(depth=12)
    timeline = cut(
        168, music(low, duck=True), Sound("voice", voice, 60, None)
    )  # the voice is there from 2.5 to 3.5 seconds

    heard = mix.mix(timeline, ducking=ducking)

    assert heard is not None
    heard = heard - np.pad(tone(1, hertz=3000, level=0.02), ((120_000, 168_000), (0, 0)))
    before, during, after = (loud(heard, at, at + 0.2) for at in (1.0, 2.6, 6.0))
    assert during == pytest.approx(before * 10 ** (-12 / 20), rel=0.05)
    assert after == pytest.approx(before, rel=0.01)
    assert clicks(heard) < 0.01


def test_pieces_and_effects_lie_at_their_times(tmp_path: Path) -> None:
    """Two pieces of music one after the other, and an effect that steps back for a voice."""
    long = wav(tmp_path / "long.wav", tone(4))
    short = wav(tmp_path / "short.wav", tone(0.5))
    pieces = (
        music(long, frames=24, fade_out=12),
        music(long, start=48, frames=12),
        music(short, role="effect", start=72, loop=True, frames=24),
    )
    made = mixed(cut(120, *pieces))
    assert loud(made, 0.1, 0.4) > 0.1
    assert loud(made, 0.95, 1.0) < loud(made, 0.1, 0.4) / 4
    assert loud(made, 1.05, 1.95) == loud(made, 2.55, 2.95) == loud(made, 4.05, 4.9) == 0
    assert loud(made, 2.1, 2.4) > 0.1 < loud(made, 3.6, 3.9)
    spoken = music(short, role="voice", start=72)
    ducked = mixed(cut(120, *(music(long, role="effect", duck=True), spoken)))
    assert loud(ducked, 0.5, 1.5) > loud(ducked, 3.55, 3.9)


def test_music_that_does_not_duck_is_left_alone(tmp_path: Path) -> None:
    """Ducking is asked for, piece by piece."""
    low = wav(tmp_path / "music.wav", tone(3, hertz=100))
    voice = wav(tmp_path / "voice.wav", tone(1, hertz=3000, level=0.02))

    heard = mixed(cut(60, music(low), Sound("voice", voice, 24, None)))

    assert loud(heard, 1.2, 1.4) == pytest.approx(loud(heard, 0.4, 0.6), rel=0.02)


@pytest.mark.parametrize("target", [-14.0, -16.0, -23.0])
def test_loudness_is_reached(tmp_path: Path, target: float) -> None:
    """The finished mix measures its target."""
    swell = tone(6, hertz=1000) * np.linspace(0.05, 1, 6 * RATE, dtype=np.float32)[:, None]
    file = wav(tmp_path / "music.wav", swell)

    heard = mixed(cut(120, music(file), loudness=target))

    assert loudness_(heard) == pytest.approx(target, abs=0.1)


def sine(level: float, seconds: float) -> Samples:
    """A sine of 1 kHz on both channels with crests at `level` dBFS."""
    wave = 10 ** (level / 20) * np.sin(2 * np.pi * 1000 * np.arange(round(seconds * RATE)) / RATE)
    return np.stack([wave, wave], 1).astype(np.float32)


@pytest.mark.parametrize(
    ("levels", "loudness"),
    [
        ([(-23, 20)], -23.0),
        ([(-33, 20)], -33.0),
        ([(-36, 10), (-23, 60), (-36, 10)], -23.0),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),
    ],
)
def test_loudness_is_read_as_the_ebu_says(
    levels: list[tuple[float, float]], loudness: float
) -> None:
    """The signals of EBU Tech 3341, with what a meter has to read, to a tenth."""
    heard = np.concatenate([sine(level, seconds) for level, seconds in levels])

    assert loudness_(heard) == pytest.approx(loudness, abs=0.1)


def test_what_is_short_or_silent_has_a_loudness_too() -> None:
    """A few frames are as loud as heard again and again; silence is minus infinity."""
    assert loudness_(sine(-23, 0.1)) == pytest.approx(-23, abs=0.1)
    assert loudness_(sine(-100, 2)) == -np.inf
    assert loudness_(np.zeros((0, 2), np.float32)) == -np.inf


def test_true_peak_sees_between_the_samples() -> None:
    """A quarter of the sample rate, sampled beside its crests, peaks at 0 dB all the same."""
    at = np.arange(RATE)
    wave_between = np.sin(np.pi / 2 * at + np.pi / 4).astype(np.float32)

    peak = true_peak(np.stack([wave_between, wave_between], 1)[:, :2])

    assert float(np.abs(wave_between).max()) < 0.71
    assert peak == pytest.approx(0, abs=0.2)


def test_peaks_stay_below_the_ceiling(tmp_path: Path) -> None:
    """A quiet film with loud hits is brought up, and the hits are held at -1 dBTP."""
    quiet = tone(6, hertz=300, level=0.08)
    for at in range(1, 6):
        quiet[at * RATE : at * RATE + 480] *= 8
    file = wav(tmp_path / "music.wav", quiet)

    level = mix.mix_to(tmp_path / "mix.wav", cut(144, music(file), loudness=-16.0))
    heard = mixed(cut(144, music(file), loudness=-16.0))

    assert level is not None
    assert true_peak(heard) <= CEILING
    assert level.peak == pytest.approx(true_peak(heard), abs=0.05)
    assert loudness_(heard) == pytest.approx(-16, abs=0.2)
    assert 0 < level.limited <= LIMITED
    between = [loud(heard, at + 0.4, at + 0.8) for at in range(5)]
    assert max(between) == pytest.approx(min(between), rel=0.01)  # nothing pumps


def test_a_film_that_would_have_to_be_squashed_stays_quieter() -> None:
    """More than the limit is never taken off the peaks: then the target is missed, downwards."""
    hits = np.zeros((4 * RATE, 2), np.float32)
    hits[::RATE] = 0.9
    hits += tone(4, level=0.01)
    with Scratch(len(hits)) as tape:
        tape.add(0, hits)
        master, level = mastered(tape, -10.0)
        finished = master.samples(0, len(tape))

    assert level.loudness < -12
    assert true_peak(finished) <= CEILING


def test_levels_stay_as_they_are_without_a_target(tmp_path: Path) -> None:
    """No loudness asked, nothing too high: the mix is the sum of its files."""
    samples = tone(1)
    file = wav(tmp_path / "music.wav", samples)

    assert np.allclose(mixed(cut(24, music(file)))[1000:-1000], samples[1000:-1000], atol=1e-4)


def test_blocks_are_the_mix_in_pieces(tmp_path: Path) -> None:
    """Ten seconds each, and together the same samples; None where nothing sounds."""
    file = wav(tmp_path / "music.wav", tone(2))
    timeline = cut(264, music(file, loop=True), loudness=-20.0)

    pieces = list(mix.blocks(timeline) or ())

    assert [len(piece) for piece in pieces] == [480_000, 48_000]
    assert np.array_equal(np.concatenate(pieces), mixed(timeline))
    assert mix.blocks(cut(24)) is None


def test_the_written_mix_is_the_same(tmp_path: Path) -> None:
    """`mix_to` writes the samples that `mix` gives, and nothing else stays behind."""
    file = wav(tmp_path / "music.wav", tone(2))
    timeline = cut(48, music(file), loudness=-20.0)

    mix.mix_to(tmp_path / "mix.wav", timeline)

    with av.open(str(tmp_path / "mix.wav")) as container:
        read = np.concatenate([f.to_ndarray().reshape(-1, 2) for f in container.decode(audio=0)])
    assert np.array_equal(read, mixed(timeline))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mix.wav", "music.wav"]


@pytest.mark.parametrize("content", [b"", b"not a sound", b"#EXTM3U\nfile:///etc/passwd\n"])
def test_what_is_no_sound_is_an_error_with_its_name(tmp_path: Path, content: bytes) -> None:
    """The message names the file; a playlist opens nothing."""
    path = tmp_path / "music.mp3"
    path.write_bytes(content)

    with pytest.raises(MediaError, match=r"music\.mp3"):
        mix.mix(cut(24, music(path)))


def test_a_take_without_a_track_is_an_error(tmp_path: Path) -> None:
    """A sound that the timeline promises and the file lacks is said, never silence."""
    path = tmp_path / "take.mp4"
    write_clip(path, frames=3, size=(64, 64), rate=24, shot=1)

    with pytest.raises(MediaError, match="has no sound"):
        mix.mix(cut(3, Sound("take", path, 0, 3)))


def test_a_missed_loudness_is_said_with_what_was_reached() -> None:
    """The number asked, the number reached, and the limit that is in the way."""
    assert Level(-14.05, -1.2, 2.0).missed(-14.0) == ""
    assert Level(-14.6, -1.1, 6.0).missed(-14.0) == (
        "the sound is -14.6 LUFS, not -14: its peaks stand at -1.1 dBTP, lowered by 6.0 dB, and "
        "-1 dBTP and 6 dB are the limits; ask for less, or even out its loudest moments"
    )
    assert "silent" in Level(-np.inf, -np.inf).missed(-14.0)
