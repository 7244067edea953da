"""Pictures, sounds and letters that can't be used are known before anything is paid."""

from __future__ import annotations

import wave
from collections.abc import Callable, Mapping
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageFilter

import storyboard
from storyboard.errors import InvalidStoryboard, MediaError
from storyboard.loading.load import load
from storyboard.models.evidence import Evidence
from storyboard.models.lengths import Lengths
from storyboard.models.model import StillLimits
from storyboard.models.price import per_second
from storyboard.models.row import ModelRow
from storyboard.models.table import MODELS
from storyboard.store import Store
from storyboard.testing import FakeClip, FakeService, write_clip
from storyboard.video import sound_length
from storyboard.workflows.finish import Finish
from storyboard.workflows.preflight import Seen, looked_over
from tests.boards import board
from tests.cli.running import storyboard as run
from tests.images.samples import chunk, photo, png

NARROW = ModelRow(
    alias="narrow",
    endpoint="owner/narrow/image-to-video",
    start="image_url",
    end="end_image_url",
    lengths=Lengths((3, 5)),
    stills=StillLimits(max_bytes=60_000),
    tariff=per_second(10_000),
    evidence=Evidence("2026-11-29", "made for a test"),
)
"""A model that takes small files alone."""

CODECS = {
    ".aac": "aac",
    ".aiff": "pcm_s16be",
    ".caf": "pcm_s16le",
    ".flac": "flac",
    ".m4a": "aac",
    ".mka": "libopus",
    ".mp2": "mp2",
    ".mp3": "libmp3lame",
    ".ogg": "libopus",
    ".opus": "libopus",
}
STREAMED = {".ac3": "ac3", ".eac3": "eac3", ".mp3": "libmp3lame", ".ts": "mp2"}
"""Those that need not say how long they are."""
PLAIN = {"write_xing": "0", "id3v2_version": "0"}
"""An MP3 that does not say how long it is."""


def tone(path: Path, *, seconds: float = 4, options: Mapping[str, str] = {}) -> Path:
    """A sound file of the kind that its name says."""
    samples = (np.random.default_rng(1).normal(size=int(48_000 * seconds)) * 3000).astype(np.int16)
    if path.suffix == ".wav":
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, 48_000, 0, "NONE", ""))
            file.writeframes(samples.tobytes())
        return path
    frame = av.AudioFrame.from_ndarray(samples[None], "s16", "mono")
    frame.sample_rate, frame.pts = 48_000, 0
    with av.open(str(path), "w", options=dict(options)) as container:
        stream = container.add_stream((CODECS | STREAMED)[path.suffix], rate=48_000, layout="mono")
        assert isinstance(stream, av.AudioStream)
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=48_000)
        for ready in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(ready))
        container.mux(stream.encode(None))
    return path


def cut_off(path: Path, *, at: float = 0.5) -> Path:
    """The first half of the file, or another share of it."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * at)])
    return path


def sounding(folder: Path, name: str) -> Path:
    """A storyboard with this music, on its fourth line."""
    return board(folder, keyframes=2, extra=["audio:", f"  music: {{file: {name}}}"])


def said(film: Path) -> str:
    """The one mistake of this storyboard."""
    with pytest.raises(InvalidStoryboard) as caught:
        looked_over(load(film))
    (mistake,) = caught.value.mistakes
    return str(mistake)


@pytest.mark.parametrize("kind", [".wav", *CODECS])
def test_a_sound_that_can_be_heard(tmp_path: Path, kind: str) -> None:
    """Every kind that is read, to its end."""
    assert sound_length.trouble(tone(tmp_path / f"theme{kind}")) == ""


def streamed(path: Path) -> None:
    """A WAV whose writer did not know how much would come."""
    data = tone(path).read_bytes()
    path.write_bytes(data[:4] + b"\xff" * 4 + data[8:40] + b"\xff" * 4 + data[44:-2])


def tagged(path: Path) -> None:
    """An MP3 between two tags, the first with a picture."""
    picture = png(photo())
    size = bytes(len(picture) >> shift & 127 for shift in (21, 14, 7, 0))
    data = tone(path, options=PLAIN).read_bytes()
    path.write_bytes(b"ID3\4\0\0" + size + picture + data + b"TAG".ljust(128))


def of_wave(bits: int, rate: int, channels: int) -> Callable[[Path], None]:
    """A WAV of another make."""

    def make(path: Path) -> None:
        with wave.open(str(path), "wb") as file:
            file.setparams((channels, bits // 8, rate, 0, "NONE", ""))
            file.writeframes(bytes(range(256)) * (rate // 64) * channels)

    return make


ODD: dict[str, Callable[[Path], object]] = {
    "streamed.wav": streamed,
    "tagged.mp3": tagged,
    "plain.mp3": lambda path: tone(path, options=PLAIN),
    "faststart.m4a": lambda path: tone(path, options={"movflags": "+faststart"}),
    "pieces.m4a": lambda path: tone(path, options={"movflags": "+frag_keyframe+empty_moov"}),
    "8-bit.wav": of_wave(8, 8_000, 1),
    "96k.wav": of_wave(24, 96_000, 2),
    "surround.wav": of_wave(16, 48_000, 6),
    "a wave.mp3": lambda path: tone(path.with_suffix(".wav")).rename(path),
    "voice.mp4": lambda path: tone(path.with_suffix(".m4a")).rename(path),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_sound_that_is_whole(tmp_path: Path, name: str) -> None:
    """Is heard: by its content, at any rate, with tags, and where no length is written."""
    ODD[name](tmp_path / name)
    assert looked_over(load(sounding(tmp_path, name))).remarks == ()


def test_a_video_is_heard_where_it_has_sound(tmp_path: Path) -> None:
    """Its sound may be shorter than its picture; one without sound is a mistake."""
    path = tmp_path / "clip.mp4"
    write_clip(path, frames=24, size=(64, 64), rate=24, shot=1, audio=True)
    assert looked_over(load(sounding(tmp_path, "clip.mp4"))).remarks == ()
    write_clip(path, frames=24, size=(64, 64), rate=24, shot=1)
    assert "has no sound in it; name a sound file" in said(sounding(tmp_path, "clip.mp4"))


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty.wav": (lambda path: path.write_bytes(b""), "is empty; save the sound again"),
    "text.mp3": (lambda path: path.write_text("not a sound"), "can't be heard"),
    "picture.mp3": (lambda path: path.write_bytes(png(photo())), "has no sound in it"),
    "silent.wav": (lambda path: tone(path, seconds=0), "is empty: there is no sound"),
    "header.wav": (
        lambda path: path.write_bytes(tone(path).read_bytes()[:44]),
        "breaks off: 44 of",
    ),
    "header.mp3": (lambda path: path.write_bytes(b"ID3\4\0\0\0\0\0\0"), "can't be heard"),
    "zeros.mp3": (lambda path: path.write_bytes(bytes(9000)), "can't be heard"),
    "list.m3u": (lambda path: path.write_text("#EXTM3U\ntone.wav\n"), "can't be heard"),
    "half.wav": (lambda path: cut_off(tone(path)), "breaks off: 192022 of 384044 bytes"),
    "half.flac": (lambda path: cut_off(tone(path)), "breaks off after 2 s of 4 s"),
    "half.m4a": (lambda path: cut_off(tone(path)), "can't be heard"),
    "half faststart.m4a": (
        lambda path: cut_off(tone(path, options={"movflags": "+faststart"})),
        "breaks off after 1.9 s of 4 s",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_sound_that_cannot_be_heard(tmp_path: Path, name: str) -> None:
    """Is a mistake at the line that names it, with what to do."""
    make, why = BROKEN[name]
    make(tmp_path / name)
    message = said(sounding(tmp_path, name))
    assert "film.yaml:4:17: audio.music.file: " in message
    assert why in message


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
@pytest.mark.parametrize("kind", CODECS)
def test_a_sound_that_was_cut_in_the_middle(tmp_path: Path, kind: str, share: float) -> None:
    """Is noticed in every kind, wherever it was cut."""
    path = cut_off(tone(tmp_path / f"theme{kind}"), at=share)
    assert sound_length.trouble(path).partition(" ")[0] in ("breaks", "can't")


@pytest.mark.parametrize("lost", [1, 50, 150])
@pytest.mark.parametrize("kind", STREAMED)
def test_a_plain_stream_that_was_cut(tmp_path: Path, kind: str, lost: int) -> None:
    """Where no length is written, the last piece tells: it is longer than what is left of it."""
    path = tone(tmp_path / f"theme{kind}", options=PLAIN if kind == ".mp3" else {})
    assert sound_length.trouble(path) == ""
    path.write_bytes(path.read_bytes()[:-lost])
    assert "breaks off after 4 s; save or copy it again" in sound_length.trouble(path)


def test_a_voice_is_looked_at_as_well(tmp_path: Path) -> None:
    """Each sound stands at its own line."""
    (tmp_path / "voice.mp3").write_text("no")
    film = board(tmp_path, keyframes=2, extra=["audio: {voiceover: [{file: voice.mp3, at: 1}]}"])
    assert "audio.voiceover[0].file: can't be heard" in said(film)


def without_pixels(data: bytes) -> bytes:
    """A PNG whose parts are whole, and whose pixels end early."""
    at = data.index(b"IDAT") - 4
    length = int.from_bytes(data[at : at + 4], "big")
    coded = data[at + 8 : at + 8 + length // 2]
    return data[:at] + chunk(b"IDAT", coded) + data[at + 12 + length :]


def test_a_picture_that_breaks_off_in_its_pixels(tmp_path: Path) -> None:
    """Its headers are sound, and it is a mistake at the keyframe's line all the same."""
    film = board(tmp_path, keyframes=3)
    path = tmp_path / "1.png"
    path.write_bytes(without_pixels(path.read_bytes()))
    assert load(film)
    message = said(film)
    assert "film.yaml:6:12: image: is damaged" in message


def test_what_was_decoded_is_not_decoded_again(tmp_path: Path) -> None:
    """By digest, beside the takes, once there is a store; another file is looked at."""
    film = sounding(tmp_path, "theme.wav")
    tone(tmp_path / "theme.wav")
    store = tmp_path / ".storyboard"
    looked_over(load(film), Seen(store))
    assert not store.exists()
    store.mkdir()
    looked_over(load(film), Seen(store))
    marks = {path.name: path.stat().st_mtime_ns for path in (store / "checked").iterdir()}
    assert len(marks) == 3
    looked_over(load(film), Seen(store))
    assert {p.name: p.stat().st_mtime_ns for p in (store / "checked").iterdir()} == marks
    cut_off(tmp_path / "theme.wav")
    with pytest.raises(InvalidStoryboard):
        looked_over(load(film), Seen(store))


def test_letters_that_no_font_has(tmp_path: Path) -> None:
    """A remark at the words' line, which names what can be done; nothing is wrong."""
    film = board(
        tmp_path,
        keyframes=2,
        extra=["titles: [{at: 0, duration: 1, text: Morning}]"],
        shot="captions: [{at: 0, duration: 1, text: 春}]",
    )
    (remark,) = looked_over(load(film)).remarks
    assert remark.path == "keyframes[0].shot.captions[0].text"
    assert "no font here has 春" in remark.message
    assert "STORYBOARD_FONT" in remark.message


def test_a_font_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is said before the price is."""
    monkeypatch.setenv("STORYBOARD_FONT", str(board(tmp_path, keyframes=2)))
    with pytest.raises(MediaError, match="can't be read as a font"):
        looked_over(load(tmp_path / "film.yaml"))


def test_a_render_pays_for_none_of_it(tmp_path: Path) -> None:
    """From Python as well: a broken sound stops it before anything is sent."""
    (tmp_path / "theme.mp3").write_text("no")
    film = sounding(tmp_path, "theme.mp3")
    with FakeService() as service, service.applied():
        with pytest.raises(InvalidStoryboard):
            storyboard.render(film, max_cost=9_000_000, store=Store(tmp_path / "store"))
        assert service.requests() == []


@pytest.mark.parametrize("command", ["validate", "plan", "animatic", "render"])
def test_every_command_that_leads_to_a_film_says_it(tmp_path: Path, command: str) -> None:
    """Exit code 3, at the line."""
    (tmp_path / "theme.mp3").write_text("no")
    found = run(command, sounding(tmp_path, "theme.mp3"))
    assert found.code == 3
    assert "film.yaml:4:17: audio.music.file" in found.err
    assert not (tmp_path / ".storyboard").exists()


def test_what_is_in_flight_is_collected_all_the_same(tmp_path: Path) -> None:
    """`status` needs no sound."""
    (tmp_path / "theme.mp3").write_text("no")
    assert run("status", sounding(tmp_path, "theme.mp3")).code == 0


def test_remarks_are_said_by_every_command(tmp_path: Path) -> None:
    """validate and plan, as text and as data; a render before it begins."""
    film = board(tmp_path, keyframes=2, extra=["titles: [{at: 0, duration: 1, text: 春}]"])
    assert "STORYBOARD_FONT" in run("validate", film).err
    assert "STORYBOARD_FONT" in run("validate", film, "--json").data["warnings"][0]
    assert "STORYBOARD_FONT" in run("plan", film).err
    assert "STORYBOARD_FONT" in run("plan", film, "--json").data["warnings"][0]
    assert "STORYBOARD_FONT" in run("render", film).err


def test_a_film_of_checked_inputs(tmp_path: Path) -> None:
    """With a sound, letters and pictures that are sound: a film."""
    tone(tmp_path / "theme.wav")
    film = sounding(tmp_path, "theme.wav")
    made = storyboard.render(film, draft=True, finish=Finish(preview=True))
    assert made.complete


def test_a_picture_that_is_too_big_for_its_model_is_known_before_anything_is_paid(
    tmp_path: Path,
) -> None:
    """At its line, by `plan` and `render`; a draft needs none, and one that a JPEG makes small
    enough is sent as that."""
    # Given a plain picture, one that a JPEG makes small enough, and one that nothing does
    path = board(tmp_path, keyframes=3, extra=["model: narrow", "size: 320x320"])
    noise = np.random.default_rng(1).integers(0, 256, (320, 320, 3), np.uint8)
    smooth = Image.fromarray(noise).filter(ImageFilter.GaussianBlur(2))
    smooth.save(tmp_path / "1.png")
    assert (tmp_path / "1.png").stat().st_size > 60_000
    models = MODELS.having(NARROW)
    with FakeService(footage=FakeClip(width=64)) as service, service.applied():
        Image.fromarray(noise).save(tmp_path / "2.png")
        for _ in range(2):
            with pytest.raises(
                InvalidStoryboard, match=r"film\.yaml:10:\d+: .*over 0\.06 MB"
            ) as told:
                storyboard.render(load(path, models=models), max_cost="$1")
            assert "narrow takes no more" in str(told.value)
        assert service.requests() == []
        assert len(told.value.mistakes) == 1
        storyboard.render(load(path, models=models), draft=True, finish=Finish(preview=True))
        # When it is another picture
        smooth.rotate(90).save(tmp_path / "2.png")
        storyboard.render(load(path, models=models), max_cost="$1", finish=Finish(preview=True))
        # Then it is sent as a JPEG
        sent = [one.request.body for one in service.requests(place="upload")]
    assert [len(body) <= 60_000 for body in sent] == [True] * 4
    assert [body[:2] == b"\xff\xd8" for body in sent].count(True) == 3
