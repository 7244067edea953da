"""`storyboard.video`: files are counted, checked, read and written exactly, whatever their name."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from storyboard.errors import MediaError
from storyboard.rendering.kept import checksum
from storyboard.testing import codes
from storyboard.testing.clips import write_clip
from storyboard.units.sizes import Size
from storyboard.video.colour import Picture, conform, from_rgb, to_rgb
from storyboard.video.probing import Colour, VideoFacts, check, probe
from storyboard.video.reader import Reader
from storyboard.video.recipes import H264, RECIPES, Codec
from storyboard.video.writer import write
from tests.film_makers import QUICK, SMALL, take

RATES = [
    Fraction(16),
    Fraction(24000, 1001),
    Fraction(24),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(30),
    Fraction(60),
]
GREY = np.full((SMALL.height, SMALL.width, 3), 128, np.uint8)


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize("frames", [48, 49])
def test_a_take_is_counted_and_timed_exactly(tmp_path: Path, rate: Fraction, frames: int) -> None:
    """Frames come from packets and the rate from their times, also beside a longer sound."""
    made = take(tmp_path, 1, frames=frames, rate=rate, sound=True)

    facts = probe(made.path)

    assert (facts.frames, facts.rate, facts.size) == (frames, rate, SMALL)
    assert facts.sound
    assert facts.steady
    assert facts.colour.bt709


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_what_is_written_is_read_back_exactly(tmp_path: Path, rate: Fraction) -> None:
    """Frames, rate, size and colour tags survive writing, for one frame and for many."""
    for count in (1, 2, 25):
        path = tmp_path / f"{count}.mp4"

        written = write(path, [GREY] * count, rate=rate, size=SMALL, recipe=QUICK)

        facts = check(path, frames=count, size=SMALL)
        assert written == count
        assert facts.colour.bt709
        assert facts.rate == rate or count == 1


@pytest.mark.parametrize(
    "name",
    ["-y.mp4", "%d%s.mp4", 'it\'s "one".mp4', "two\nlines.mp4", "file:take.mp4", "concat:a|b.mp4"],
)
def test_a_name_is_only_a_name(tmp_path: Path, name: str) -> None:
    """No character in a file's name means anything to the reader or the writer."""
    path = tmp_path / name

    write(path, [GREY] * 3, rate=Fraction(24), size=SMALL, recipe=QUICK)

    assert check(path).frames == 3
    assert [found.name for found in tmp_path.iterdir()] == [name]


def test_frames_are_found_by_number_in_any_order(tmp_path: Path) -> None:
    """Jumping back, forth and staying gives the frames that were asked for."""
    path = tmp_path / "take.mp4"
    write_clip(path, frames=60, size=(160, 96), rate=24, shot=5)
    closer = QUICK.having(g="10")
    with Reader(path) as reader:
        numbered = (reader.frame(number) for number in range(60))
        write(tmp_path / "keyed.mp4", numbered, rate=Fraction(24), size=SMALL, recipe=closer)

    with Reader(tmp_path / "keyed.mp4") as reader:
        for number in (0, 59, 30, 30, 31, 9, 10, 11, 58, 0, 45):
            assert codes.read(reader.picture(number)) == codes.Code(5, number)


def test_a_closed_reader_opens_again(tmp_path: Path) -> None:
    """Closing only lets go of the file."""
    made = take(tmp_path, 2, frames=5)
    reader = Reader(made.path)
    before = reader.picture(3)

    reader.close()

    assert np.array_equal(reader.picture(3), before)
    reader.close()


def test_a_frame_outside_the_file_is_an_index_error(tmp_path: Path) -> None:
    """The message says which frames there are."""
    made = take(tmp_path, 1, frames=5)
    with Reader(made.path) as reader, pytest.raises(IndexError, match="frames 0 to 4, not 5"):
        reader.frame(5)


def test_colours_make_the_round_trip() -> None:
    """RGB to BT.709 and back is off by a level at most; 601 would be off by more than twenty."""
    facts = _facts(SMALL)
    for colour in np.random.default_rng(7).integers(0, 256, (30, 3)):
        picture = np.broadcast_to(colour.astype(np.uint8), GREY.shape).copy()

        back = to_rgb(from_rgb(picture), facts)

        assert np.abs(back[10, 10].astype(int) - colour).max() <= 1


def test_luma_is_that_of_bt709() -> None:
    """Pure green has the luma that BT.709 gives it."""
    green = GREY * 0
    green[..., 1] = 255

    frame = from_rgb(green)

    assert abs(int(np.asarray(frame.planes[0])[0]) - round(16 + 219 * 0.7152)) <= 1
    assert frame.colorspace == 1


@pytest.mark.parametrize(("width", "height", "expected"), [(1280, 720, 709), (320, 180, 601)])
def test_untagged_files_are_taken_as_players_take_them(
    width: int, height: int, expected: int
) -> None:
    """HD without tags is BT.709, anything smaller BT.601."""
    frame = from_rgb(np.full((height, width, 3), (0, 255, 0), np.uint8))
    frame.colorspace = 2

    seen = to_rgb(frame, _facts(Size(width, height)))

    exact = int(np.abs(seen[5, 5].astype(int) - (0, 255, 0)).max()) <= 1
    assert exact == (expected == 709)


def test_full_range_pictures_are_made_video_range() -> None:
    """What is tagged as full range is converted, not relabelled."""
    full = av.VideoFrame.from_ndarray(np.full((144, 160), 255, np.uint8), format="yuv420p")
    full.color_range, full.colorspace = 2, 1
    for plane in full.planes[1:]:
        plane.update(bytes([128]) * plane.buffer_size)

    stored = conform(full, size=SMALL)

    assert int(np.asarray(stored.planes[0])[0]) == 235


def test_a_turned_take_is_seen_upright(tmp_path: Path) -> None:
    """The size and the pictures are those that a viewer sees."""
    path = tmp_path / "turned.mp4"
    half = GREY.copy()
    half[:, :80] = 255
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = SMALL.width, SMALL.height, "yuv420p"
        stream.set_display_rotation(90)
        for number in range(2):
            frame = from_rgb(half)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))

    with Reader(path) as reader:
        facts, picture = reader.facts, reader.picture(0)

    assert facts.size == Size(96, 160)
    assert not facts.plain
    assert picture.shape == (160, 96, 3)
    left_is_down = picture[150, 50, 0] > picture[10, 50, 0]
    assert left_is_down


def test_cut_off_files_are_told_from_whole_ones(tmp_path: Path) -> None:
    """A download that ended early is an error, not a shorter take."""
    data = take(tmp_path, 1, frames=48).path.read_bytes()
    path = tmp_path / "early.mp4"
    for length in (len(data) - 1, len(data) * 6 // 10, 100):
        path.write_bytes(data[:length])

        with pytest.raises(MediaError, match=r"early\.mp4"):
            probe(path)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        (b'{"detail": "Request not found"}', "web page or a message"),
        (b"#EXTM3U\n#EXTINF:9,\nhttp://example.org/a.ts\n", "playlist"),
        (b"ffconcat version 1.0\nfile '/etc/hostname'\n", "not an MP4"),
        (b"RIFF0000AVI LIST", "not an MP4"),
    ],
)
def test_only_films_are_taken_for_films(tmp_path: Path, data: bytes, words: str) -> None:
    """The kind of file is decided by its bytes, and nothing else is opened on its behalf."""
    path = tmp_path / "take.mp4"
    path.write_bytes(data)

    with pytest.raises(MediaError, match=words):
        probe(path)


def test_a_missing_file_is_a_media_error(tmp_path: Path) -> None:
    """With the file's name in it."""
    with pytest.raises(MediaError, match=r"nowhere\.mp4 can't be read: No such file"):
        probe(tmp_path / "nowhere.mp4")


def test_damage_inside_is_found_by_decoding(tmp_path: Path) -> None:
    """A hole in the picture's data passes the probe, and not the check."""
    path = take(tmp_path, 1, frames=48).path
    data = bytearray(path.read_bytes())
    start = data.find(b"mdat") + 8 + 2000
    data[start : start + 2000] = bytes(2000)
    path.write_bytes(data)

    with pytest.raises(MediaError):
        check(path)


def test_other_facts_than_expected_are_an_error(tmp_path: Path) -> None:
    """The message gives both."""
    path = take(tmp_path, 1, frames=5).path

    with pytest.raises(MediaError, match="has frames 5, not 6"):
        check(path, frames=6)


def test_pictures_of_another_size_are_refused(tmp_path: Path) -> None:
    """Nothing is scaled silently, and no file is left."""
    with pytest.raises(MediaError, match="shape"):
        write(tmp_path / "a.mp4", [GREY[:50]], rate=Fraction(24), size=SMALL, recipe=QUICK)

    assert not list(tmp_path.iterdir())


def test_no_frames_is_an_error(tmp_path: Path) -> None:
    """An empty film is never written."""
    with pytest.raises(MediaError, match="no frames"):
        write(tmp_path / "a.mp4", [], rate=Fraction(24), size=SMALL, recipe=QUICK)

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("codec", ["h264", "hevc", "prores", "dnxhr"])
def test_every_codec_writes_what_its_row_says(tmp_path: Path, codec: Codec) -> None:
    """Frames, tags and depth; small pictures of the size that all codecs take."""
    recipe = RECIPES[codec]
    size = Size(256, 144)
    if codec in ("h264", "hevc"):
        recipe = recipe.having(preset="ultrafast")
    picture = np.full((144, 256, 3), 90, np.uint8)
    path = tmp_path / f"film.{recipe.container}"

    write(path, [picture] * 5, rate=Fraction(24), size=size, recipe=recipe)

    facts = check(path, frames=5, rate=Fraction(24), size=size)
    assert facts.pix_fmt == recipe.pix_fmt
    assert facts.colour.bt709
    assert recipe.deep == (codec != "h264")


def _facts(size: Size) -> VideoFacts:
    tags = Colour(1, 1, 1, full_range=False)
    return VideoFacts(
        frames=1,
        rate=Fraction(24),
        size=size,
        sound=False,
        codec="h264",
        pix_fmt="yuv420p",
        coded=size,
        pixel_aspect=Fraction(1),
        rotation=0,
        colour=tags,
        steady=True,
    )


def test_frames_that_are_passed_over_change_nothing(tmp_path: Path) -> None:
    """One far on, reached in a hurry, is bit for bit what it is in order, as are those after it."""
    path = tmp_path / "take.mp4"
    pictures = (codes.paint(_noise(n), shot=1, frame=n) for n in range(120))
    size = Size(160, 96)
    write(path, pictures, rate=Fraction(24), size=size, recipe=H264.having(preset="medium"))
    with Reader(path) as reader:
        in_order = [checksum(reader.frame(number)) for number in range(120)]
    for first in (119, 60, 37, 41):
        with Reader(path) as reader:
            assert [checksum(reader.frame(n)) for n in range(first, 120)] == in_order[first:]


def test_recent_frames_are_at_hand(tmp_path: Path) -> None:
    """Without going back in the file: it may be gone by then."""
    path = tmp_path / "take.mp4"
    write_clip(path, frames=24, size=(160, 96), rate=24, shot=1)
    with Reader(path, recent=8) as reader:
        last = checksum(reader.frame(20))
        earlier = checksum(reader.frame(13))
        assert checksum(reader.frame(20)) == last
        path.write_bytes(b"")
        assert checksum(reader.frame(13)) == earlier


def _noise(number: int) -> Picture:
    return np.random.default_rng(number // 3).integers(0, 255, (96, 160, 3), dtype=np.uint8)
