"""What is beside the picture: sound, labels, subtitles, a poster."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import av
import numpy as np
import pytest
from av.container import InputContainer
from PIL import Image

from storyboard.errors import MediaError
from storyboard.rendering.assembling import assemble
from storyboard.rendering.metadata import xmp
from storyboard.rendering.poster import poster
from storyboard.testing import codes
from storyboard.timeline import SceneMark, ShotNote, Sound, Timeline, Words
from storyboard.units.sizes import Size
from storyboard.video.probing import probe
from storyboard.video.recipes import PREVIEW, RECIPES
from tests.film_makers import QUICK, clip, in_order, planned, seen_in, take

RATES = [16, Fraction(24000, 1001), 24, 25, Fraction(30000, 1001), 30, 60, Fraction(47, 2)]


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """A film, read with all that is written about it."""
    with av.open(str(path), options={"export_xmp": "1"}) as container:
        yield container


def click(folder: Path, *, at: int, seconds: int = 4) -> Path:
    """A sound file that is silent but for one loud sample."""
    samples = np.zeros((48_000 * seconds, 2), np.int16)
    samples[at : at + 3] = 25_000
    path = folder / "click.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(samples.tobytes())
    return path


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_sound_lasts_as_long_as_the_picture_to_the_sample(
    tmp_path: Path, rate: int | Fraction
) -> None:
    """And it is heard when it should be, with the encoder's own delay taken off."""
    exact = Fraction(rate)
    timeline = in_order([clip(take(tmp_path, 1, frames=49, rate=exact))], rate=exact)
    music = Sound("music", click(tmp_path, at=24_000), 0, None)
    film = tmp_path / "film.mp4"

    assemble(replace(timeline, sounds=(music,)), film, cache=tmp_path / "c", recipe=QUICK)

    with opened(film) as container:
        track = container.streams.audio[0]
        assert track.duration is not None
        assert track.time_base is not None
        assert track.duration * track.time_base * 48_000 == int(
            49 / exact * 48_000 + Fraction(1, 2)
        )
        assert track.start_time == 0
        heard = np.concatenate([frame.to_ndarray() for frame in container.decode(track)], axis=1)
    assert abs(int(np.abs(heard[0]).argmax()) - 24_001) <= 1


def test_editors_get_sound_without_loss(tmp_path: Path) -> None:
    """In a .mov it is PCM."""
    size = Size(256, 144)
    timeline = in_order([clip(take(tmp_path, 1, size=size))], size=size)
    music = Sound("music", click(tmp_path, at=24_000), 0, None)
    film = tmp_path / "film.mov"

    recipe = RECIPES["dnxhr"]
    assemble(replace(timeline, sounds=(music,)), film, cache=tmp_path / "c", recipe=recipe)

    with opened(film) as container:
        frames = list(container.decode(container.streams.audio[0]))
        assert container.streams.audio[0].codec_context.name == "pcm_s24le"
        assert sum(frame.samples for frame in frames) == 48_000


def test_sound_is_made_once(tmp_path: Path) -> None:
    """An edit of the picture leaves it, another file of the same name does not."""
    timeline = in_order([clip(take(tmp_path, 1))])
    timeline = replace(timeline, sounds=(Sound("music", click(tmp_path, at=100), 0, None),))
    words = Words("title", "Hi", 2, 4, "center", 9, "#ffffff")
    cache = tmp_path / "c"

    def sounds() -> int:
        assemble(timeline, tmp_path / "film.mp4", cache=cache, recipe=QUICK)
        return sum(heard(path) for path in cache.glob("*.mp4"))

    assert sounds() == 1
    timeline = replace(timeline, words=(words,))
    assert sounds() == 1
    click(tmp_path, at=200)
    assert sounds() == 2


def heard(path: Path) -> bool:
    """Whether a piece of the cache is sound."""
    with av.open(str(path)) as container:
        return bool(container.streams.audio)


def labelled(folder: Path) -> Timeline:
    """A film with two scenes, one of them without a title."""
    timeline = in_order([clip(take(folder, 1)), clip(take(folder, 2))])
    return replace(
        timeline,
        title='Night & "day" <1>',
        scenes=(SceneMark("s1", "One", 0, 24), SceneMark("s2", None, 24, 24)),
        shots=(ShotNote("take1", "p", "kling-o1-standard"), ShotNote("take2", "p", "draft")),
    )


def test_the_film_says_what_it_is(tmp_path: Path) -> None:
    """Title, models, a chapter for each scene, and the IPTC's term for generated pictures."""
    film = tmp_path / "film.mp4"

    assemble(labelled(tmp_path), film, cache=tmp_path / "c", recipe=QUICK)

    with opened(film) as container:
        about, chapters = container.metadata, container.chapters()
    assert about["title"] == 'Night & "day" <1>'
    assert about["comment"] == (
        "models: kling-o1-standard, draft; digitalSourceType: trainedAlgorithmicMedia"
    )
    assert "digitalsourcetype/trainedAlgorithmicMedia<" in about["xmp"]
    titles = [chapter["metadata"]["title"] for chapter in chapters]
    starts = [chapter["start"] * (chapter["time_base"] or 0) for chapter in chapters]
    assert (titles, starts) == (["One", "s2"], [0, 1])


def test_xmp_is_always_well_formed(tmp_path: Path) -> None:
    """Whatever a title has in it."""
    timeline = replace(labelled(tmp_path), title="a\x00\x1b]]> & <b> \ud83d'\n\"")

    with pytest.raises(UnicodeEncodeError):
        timeline.title.encode()
    ElementTree.fromstring(xmp(timeline).decode())


def test_a_film_of_drafts_does_not_claim_a_trained_model(tmp_path: Path) -> None:
    """Its term is the one for pictures made by an algorithm."""
    timeline = replace(labelled(tmp_path), shots=(ShotNote("take1", "p", "draft"),))

    assert b"digitalsourcetype/algorithmicMedia<" in xmp(timeline)


def test_subtitles_are_a_track_of_their_own(tmp_path: Path) -> None:
    """One text at a time: where two overlap, both lines are shown."""
    film = tmp_path / "film.mp4"
    said = (
        Words("caption", "Hello", 4, 20, "bottom", 4, "#ffffff"),
        Words("caption", "Wörld", 20, 20, "bottom", 4, "#ffffff"),
    )

    assemble(labelled(tmp_path), film, cache=tmp_path / "c", recipe=QUICK, subtitles=said)

    with opened(film) as container:
        track = container.streams.subtitles[0]
        base = track.time_base or Fraction(1)
        texts = [
            (bytes(packet)[2:].decode(), round(float((packet.pts or 0) * base * 24), 2))
            for packet in container.demux(track)
            if packet.size > 2
        ]
    assert texts == [("Hello", 4.0), ("Hello\nWörld", 20.0), ("Wörld", 24.0)]
    assert None not in seen_in(film)


def test_a_poster_is_a_film_frame(tmp_path: Path) -> None:
    """As the film shows it, in the format that its name says."""
    timeline = in_order([clip(take(tmp_path, 1))])

    poster(timeline, tmp_path / "poster.png", frame=7)
    poster(timeline, tmp_path / "poster.jpg")

    with Image.open(tmp_path / "poster.png") as picture:
        assert codes.read(np.asarray(picture)) == codes.Code(1, 7)
    with Image.open(tmp_path / "poster.jpg") as picture:
        assert (picture.format, picture.size) == ("JPEG", (160, 96))
    with pytest.raises(MediaError, match="png"):
        poster(timeline, tmp_path / "poster.gif")


def test_a_preview_is_the_same_cut_at_a_small_size(tmp_path: Path) -> None:
    """Every frame is there."""
    size = Size(320, 192)
    timeline = in_order([clip(take(tmp_path, shot, size=size)) for shot in (1, 2)], size=size)

    small = timeline.smaller(longest=160)
    film = assemble(small, tmp_path / "film.mp4", cache=tmp_path / "c", recipe=PREVIEW)

    assert probe(film.path).size == Size(160, 96)
    assert seen_in(film.path) == planned(timeline, [1, 2])
    assert small.smaller() is small
