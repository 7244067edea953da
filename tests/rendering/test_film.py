"""The film as a moviepy clip: exact frames, sound to the sample, and nothing on the side."""

from __future__ import annotations

import subprocess
import sys
import wave
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from storyboard.rendering.film import film, frame_at, time_of
from storyboard.testing import codes
from storyboard.timeline import Sound
from tests.film_makers import clip, in_order, planned, take

RATES = [16, Fraction(24000, 1001), 24, 25, Fraction(30000, 1001), 30, 60]


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_moviepy_sees_every_frame_once(tmp_path: Path, rate: int | Fraction) -> None:
    """Its own loop over float seconds gives exactly the timeline's frames."""
    exact = Fraction(rate)
    takes = [take(tmp_path, shot, frames=24 + shot % 2, rate=exact) for shot in range(3)]
    timeline = in_order([clip(each) for each in takes], rate=exact)
    clip_of_all = film(timeline)

    seen = [codes.read(frame) for frame in clip_of_all.iter_frames()]
    clip_of_all.close()

    assert [(code.shot, code.frame) for code in seen if code] == planned(timeline, range(3))


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_frames_and_seconds_agree_over_a_long_film(tmp_path: Path, rate: int | Fraction) -> None:
    """Also after an hour, where floats have lost most of their small digits."""
    takes = take(tmp_path, 1, frames=2, rate=Fraction(rate))
    timeline = in_order([clip(takes)], rate=Fraction(rate))
    long = replace(timeline, clips=(replace(timeline.clips[0], frames=400_000),))

    for frame in range(0, 400_000, 997):
        assert frame_at(time_of(frame, long), long) == frame
        assert frame_at(frame / float(long.rate), long) == frame


def test_outside_the_film_its_ends_are_seen(tmp_path: Path) -> None:
    """moviepy asks a little before and after."""
    timeline = in_order([clip(take(tmp_path, 1))])

    assert (frame_at(-0.5, timeline), frame_at(99, timeline)) == (0, 23)


def test_the_film_goes_on_in_moviepy(tmp_path: Path) -> None:
    """It can be cut and changed like any clip; effects may write into its frames."""
    timeline = in_order([clip(take(tmp_path, 1)), clip(take(tmp_path, 2))])
    whole = film(timeline)

    part = whole.subclipped(0.5, 1.5)
    frame = part.get_frame(0.5)
    frame[:] = 0

    assert codes.read(part.get_frame(0)) == codes.Code(1, 12)
    assert codes.read(part.get_frame(0.5)) == codes.Code(2, 0)
    assert whole.size == (160, 96)
    whole.close()


def test_the_sound_is_the_mix_to_the_sample(tmp_path: Path) -> None:
    """As long as the film, and silent outside it."""
    tone = np.zeros((96_000, 2), np.int16)
    tone[24_000] = 20_000
    with wave.open(str(tmp_path / "click.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(tone.tobytes())
    timeline = in_order([clip(take(tmp_path, 1))])
    music = Sound("music", tmp_path / "click.wav", 0, None)

    heard = film(replace(timeline, sounds=(music,))).audio.to_soundarray(fps=48_000)

    assert heard.shape == (48_000, 2)
    assert int(np.abs(heard[:, 0]).argmax()) == 24_000


def test_importing_moviepy_brings_no_env_file_in(tmp_path: Path) -> None:
    """A .env file beside the program stays where it is, keys and all."""
    (tmp_path / ".env").write_text("FAL_KEY=secret\nFFMPEG_BINARY=/nowhere/ffmpeg\n")
    program = (
        "import os\n"
        "from storyboard.rendering.moviepy_clip import moviepy\n"
        "before = dict(os.environ)\n"
        "assert moviepy().VideoClip\n"
        "assert dict(os.environ) == before, set(os.environ) ^ set(before)\n"
        "import moviepy.config; assert 'nowhere' not in moviepy.config.FFMPEG_BINARY\n"
    )
    (tmp_path / "program.py").write_text(program)

    done = subprocess.run(
        [sys.executable, "program.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


def test_composing_needs_no_moviepy() -> None:
    """It is imported when a clip is asked for, not before."""
    program = "import sys, storyboard.rendering.assembling; sys.exit('moviepy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
