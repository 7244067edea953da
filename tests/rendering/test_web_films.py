"""WebM and GIF: every picture at its time, as it is composed, and decoded before it has a name."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

import storyboard
from storyboard.audio.sound_files import SAMPLE_RATE, decoded
from storyboard.errors import MediaError
from storyboard.events import Encoding, Event, Noticed
from storyboard.rendering.compose import compose
from storyboard.rendering.reels import Reels
from storyboard.rendering.web_films import step_of, write_web
from storyboard.testing.codes import read
from storyboard.timeline import Timeline
from storyboard.units.sizes import Size
from storyboard.video.recipes import RECIPES
from storyboard.workflows.finish import Finish
from tests.boards import board
from tests.exporting.cuts import Reel, expected, film, take


def pictures(path: Path) -> list[np.ndarray]:
    """Every picture of a file."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def seen(shown: list[np.ndarray], timeline: Timeline) -> list[tuple[str, int] | None]:
    """The shot and media frame on every picture, by its painted code."""
    shots = {int(clip.media.key, 16): clip.shot for clip in timeline.clips}
    codes = [read(picture) for picture in shown]
    return [None if code is None else (shots[code.shot], code.frame) for code in codes]


@pytest.mark.parametrize("codec", ["vp9", "av1"])
def test_a_webm_shows_every_frame_of_the_film(codec: str, tmp_path: Path) -> None:
    """By the painted codes, at the film's times, with its sound, chapters and title."""
    timeline = film(tmp_path, Fraction(24))
    heard: list[Event] = []
    cache = tmp_path / "cache"
    cache.mkdir()
    path = tmp_path / "film.webm"
    recipe = RECIPES[codec].having(**({"cpu-used": "8"} if codec == "vp9" else {"preset": "12"}))
    level = write_web(timeline, path, cache=cache, recipe=recipe, listener=heard.append)
    shown = pictures(path)
    wanted = expected(timeline)
    assert len(shown) == timeline.frames
    got = seen(shown, timeline)
    assert [g if w else None for g, w in zip(got, wanted, strict=True)] == wanted
    samples = sum(len(block) for block in decoded(path))
    assert abs(samples - timeline.seconds * SAMPLE_RATE) < SAMPLE_RATE / 25
    assert level is not None
    with av.open(str(path)) as container:
        assert container.metadata["title"] == timeline.title
        assert [one["metadata"]["title"] for one in container.chapters()] == ["Day", "night"]
    assert [e.done for e in heard if isinstance(e, Encoding)] == list(range(timeline.frames + 1))


def test_the_picture_of_a_webm_is_kept(tmp_path: Path) -> None:
    """Another sound only puts it together again: nothing is encoded, and told, a second time."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1), frames=12)
    timeline = reel.timeline()
    recipe = RECIPES["vp9"].having(**{"cpu-used": "8"})
    for number in range(2):
        heard: list[Event] = []
        path = tmp_path / f"{number}.webm"
        write_web(timeline, path, cache=tmp_path, recipe=recipe, listener=heard.append)
        assert bool(heard) is (number == 0)
    one, other = pictures(tmp_path / "0.webm"), pictures(tmp_path / "1.webm")
    assert len(one) == 12
    assert all((a == b).all() for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(30000, 1001), Fraction(60)], ids=str)
def test_a_gif_keeps_the_films_time(rate: Fraction, tmp_path: Path) -> None:
    """Each picture lasts whole hundredths that add up; a film above 50 has every second frame."""
    reel = Reel(rate)
    reel.lay("sh010", take(tmp_path, 1, rate=rate), frames=30)
    timeline = replace(reel.timeline(), size=Size(160, 90))
    path = tmp_path / "film.gif"
    assert write_web(timeline, path, cache=tmp_path, recipe=RECIPES["gif"]) is None
    step = step_of(timeline)
    assert step == (2 if rate == 60 else 1)
    with av.open(str(path)) as container:
        at = [frame.pts for frame in container.decode(video=0)]
    assert at == [round(n * 100 / rate) for n in range(0, 30, step)]
    with Reels() as reels:
        ours = [compose(timeline, n, reels=reels) for n in range(0, 30, step)]
    worst = max(np.abs(a.astype(int) - b).mean() for a, b in zip(ours, pictures(path), strict=True))
    assert worst < 20


def test_the_ending_says_the_kind(tmp_path: Path) -> None:
    """One run, three files; what a GIF can't hold is said, and nothing is drawn twice."""
    heard: list[Event] = []
    path = board(tmp_path, keyframes=2, extra=["size: 160x160"])
    outputs = [tmp_path / f"film.{ending}" for ending in ("mp4", "webm", "gif")]
    text = path.read_text().replace("duration: 3", "duration: 0.5")
    path.write_text(text)
    made = storyboard.render(path, outputs, draft=True, listener=heard.append)
    assert [made.path, *(one.path for one in made.others)] == outputs
    assert len({len(pictures(one)) for one in outputs}) == 1
    said = [e.message for e in heard if isinstance(e, Noticed)]
    assert "film.gif: a GIF has no sound, no chapters, and 256 colours" in said


def test_what_is_not_whole_gets_no_name(tmp_path: Path) -> None:
    """A take that is shorter than the cut: an error, and no file."""
    reel = Reel(Fraction(24))
    clip = reel.lay("sh010", take(tmp_path, 1), frames=12)
    longer = replace(clip, media=replace(clip.media, frames=9999))
    timeline = replace(reel.timeline(), clips=(longer,))
    with pytest.raises(MediaError, match="changed after the film was cut"):
        write_web(timeline, tmp_path / "x.webm", cache=tmp_path, recipe=RECIPES["vp9"])
    assert not list(tmp_path.glob("*.webm"))


def test_numbers_of_quality_are_the_codecs(tmp_path: Path) -> None:
    """VP9 and AV1 count to 63."""
    assert Finish(codec="vp9", quality=60).recipe.options[-1] == ("crf", "60")
    with pytest.raises(MediaError, match="vp9 has no quality 64"):
        assert Finish(codec="vp9", quality=64).recipe
