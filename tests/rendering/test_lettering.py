"""Words over the picture: where they stand, what they never do, and when they are there."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from storyboard.errors import MediaError
from storyboard.rendering import lettering
from storyboard.text import fonts, setting, wrapping
from storyboard.timeline import Clip, Media, ShotNote, Timeline, Words
from storyboard.timeline.stretches import covered
from storyboard.units.sizes import Size

SIZE = Size(640, 360)


def words(text: str = "Morning", **asked: object) -> Words:
    """A caption over film frames 10 to 29, unless asked otherwise."""
    wanted: dict[str, object] = {
        "role": "caption", "text": text, "start": 10, "frames": 20,
        "position": "bottom", "size": 8.0, "color": "#ffffff",
    }  # fmt: skip
    return Words(**{**wanted, **asked})  # type: ignore[arg-type]


def cut(*said: Words, burn_in: tuple[str, ...] = ()) -> Timeline:
    """Two shots of 24 frames with these words."""
    media = Media(Path("take.mp4"), "key", 25, Fraction(24), SIZE)
    return Timeline(
        title="Ride",
        rate=Fraction(24),
        size=SIZE,
        clips=tuple(
            Clip(shot, "day", 1, media, start, 24, 0, 24, 24)
            for shot, start in (("sh010", 0), ("sh020", 24))
        ),
        words=said,
        shots=(ShotNote("sh010", "The rider steps out", "draft"),),
        burn_in=burn_in,
    )


def inked(drawn: np.ndarray) -> tuple[float, float]:
    """Where the middle of everything drawn lies, across and down, from 0 to 1."""
    rows, columns = np.nonzero(drawn[..., 3] > 128)
    middle = (columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2
    return float(middle[0] / drawn.shape[1]), float(middle[1] / drawn.shape[0])


@pytest.mark.parametrize(
    ("position", "across", "down"),
    [
        ("top-left", "left", "top"),
        ("top", "middle", "top"),
        ("top-right", "right", "top"),
        ("left", "left", "middle"),
        ("center", "middle", "middle"),
        ("right", "right", "middle"),
        ("bottom-left", "left", "bottom"),
        ("bottom", "middle", "bottom"),
        ("bottom-right", "right", "bottom"),
    ],
)
def test_each_position_is_where_its_name_says(position: str, across: str, down: str) -> None:
    """The nine positions put the words into the nine parts of the picture."""
    x, y = inked(lettering.draw(words(position=position), SIZE))

    thirds = {"left": 0, "top": 0, "middle": 1, "right": 2, "bottom": 2}
    assert (int(x * 3), int(y * 3)) == (thirds[across], thirds[down])


@pytest.mark.parametrize("size", [SIZE, Size(320, 180), Size(270, 480), Size(64, 64)])
@pytest.mark.parametrize("text", ["Hello", "many words " * 60, "W" * 300, "a\n" * 80])
def test_letters_stay_inside_the_title_safe_area(size: Size, text: str) -> None:
    """However long the text, nothing opaque stands nearer to the edge than the safe margin."""
    drawn = lettering.draw(words(text, position="bottom-right", size=9.0), size)

    rows, columns = np.nonzero(drawn[..., 3] > 200)
    spill = max(2, size.height // 60)  # A descender or a side bearing may hang out a little.
    left, top, width, height = lettering.MARGINS["title"].room((size.width, size.height))
    assert columns.min() >= left - spill
    assert columns.max() <= left + width + spill
    assert rows.min() >= top - spill
    assert rows.max() <= top + height + spill


def test_words_that_had_to_shrink_say_so() -> None:
    """A text that fits is not crowded; one that had to be made smaller is."""
    assert not lettering.crowded(words("Morning"), SIZE)
    assert lettering.crowded(words("Donaudampfschifffahrtsgesellschaft", size=12.0), SIZE)


def test_line_breaks_are_kept_and_long_lines_wrap() -> None:
    """A written line break starts a line, and so does a line that is too wide."""
    lines = wrapping.typeset("one\ntwo three", 20, width=60, height=300).lines

    assert lines == ("one", "two", "three")


def test_wrapped_lines_are_of_about_the_same_length() -> None:
    """No single word is left over on a last line."""
    text = "The rider steps out of the house and rides along"
    lines = wrapping.typeset(text, 20, width=400, height=300)

    widths = [lines.font.getlength(line) for line in lines.lines]
    assert len(widths) == 2
    assert min(widths) > 0.7 * max(widths)


def test_missing_characters_are_named_and_never_drawn_as_boxes() -> None:
    """What the fonts lack is known beforehand, and a question mark stands in its place."""
    assert lettering.missing("Grüße, Ωμέγα, Привет") == set()
    assert lettering.missing("snow ☃") == {"☃"}
    assert np.array_equal(
        lettering.draw(words("snow ☃"), SIZE), lettering.draw(words("snow ?"), SIZE)
    )


def test_hebrew_and_arabic_are_covered() -> None:
    """Both right-to-left scripts have a font; Arabic also needs a Pillow that joins letters."""
    assert lettering.missing("שלום, 7 a.m.") == set()
    assert bool(lettering.missing("صباح الخير")) != setting.shapes_scripts()


def test_hebrew_is_turned_around_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Pillow can't order right-to-left letters, lines are turned, numbers are not."""
    monkeypatch.setattr(setting, "shapes_scripts", lambda: False)

    assert wrapping.typeset("אבג 17", 20, width=300, height=90).lines == ("17 גבא",)
    assert wrapping.typeset("abc אבג", 20, width=300, height=90).lines == ("abc גבא",)


def test_a_background_box_has_its_colour_and_opacity() -> None:
    """`#rrggbbaa` behind the words is a box of that colour, as clear as it says."""
    drawn = lettering.draw(words(background="#20408080"), SIZE)

    level = {tuple(pixel) for pixel in drawn.reshape(-1, 4).tolist()}
    assert (0x20, 0x40, 0x80, 0x80) in level


@pytest.mark.parametrize(("frame", "opacity"), [(10, 51), (13, 204), (14, 255), (29, 128)])
def test_fades_rise_and_fall_over_their_frames(frame: int, opacity: int) -> None:
    """Over four frames of fade the opacity goes in even steps, and is never nothing."""
    timeline = cut(words(fade_in=4, fade_out=1))

    (patch,) = lettering.overlay(timeline, frame)

    assert int(patch.pixels[..., 3].max()) == opacity


def test_overlay_is_empty_without_words() -> None:
    """Before and after its frames a caption is not there, and the picture is the same object."""
    timeline = cut(words())
    picture = np.zeros((SIZE.height, SIZE.width, 3), np.uint8)

    assert lettering.overlay(timeline, 9) == ()
    assert lettering.overlay(timeline, 30) == ()
    assert lettering.over(picture, lettering.overlay(timeline, 9)) is picture


def test_over_mixes_by_opacity_and_touches_only_the_patch() -> None:
    """White at half opacity over black is mid grey inside the patch; the rest keeps its level."""
    picture = np.full((6, 8, 3), 40, np.uint8)
    half = np.full((2, 3, 4), (255, 255, 255, 128), np.uint8)

    laid = lettering.over(picture, (lettering.Patch(4, 1, half),))

    expected = round((255 * 128 + 40 * 127) / 255)
    assert (laid[1:3, 4:7] == expected).all()
    assert int((laid != 40).sum()) == 2 * 3 * 3
    assert (picture == 40).all()


def test_the_film_is_divided_where_words_come_and_go() -> None:
    """The stretches tell where words are, and follow each other without gaps."""
    first, second = words(), words("Evening", start=20, frames=28)

    stretches = covered(cut(first, second))

    assert [(one.start, one.end, one.words) for one in stretches] == [
        (0, 10, ()),
        (10, 20, (first,)),
        (20, 30, (first, second)),
        (30, 48, (second,)),
    ]
    assert stretches[0].untouched


def test_a_draft_carries_its_burn_in_and_other_shots_do_not() -> None:
    """Only the shots named in `burn_in` are marked, from their first to their last frame."""
    timeline = cut(burn_in=("sh010",))

    assert [(one.end, one.burn_in) for one in covered(timeline)] == [
        (24, "sh010"),
        (48, None),
    ]
    assert lettering.overlay(timeline, 23) != ()
    assert lettering.overlay(timeline, 24) == ()


def test_the_burn_in_counts_film_frames() -> None:
    """Two neighbouring frames differ in their timecode and in nothing left of it."""
    timeline = cut(burn_in=("sh010",))

    one, two = (lettering.overlay(timeline, frame)[0].pixels for frame in (3, 4))

    changed = np.nonzero((one != two).any(axis=(0, 2)))[0]
    assert changed.size
    assert changed.min() > one.shape[1] * 0.3


@pytest.mark.parametrize("shot", ["s", "x" * 64])
@pytest.mark.parametrize("size", [Size(320, 180), Size(1080, 1920), Size(64, 64)])
def test_the_burn_in_stays_inside_the_picture(shot: str, size: Size) -> None:
    """However small the picture and long the name, the strip fits."""
    media = Media(Path("take.mp4"), "key", 25, Fraction(24), size)
    clip = Clip(shot, "day", 1, media, 0, 24, 0, 24, 24)
    note = ShotNote(shot, "words " * 200, "draft")
    timeline = Timeline("t", Fraction(24), size, (clip,), shots=(note,), burn_in=(shot,))
    picture = np.zeros((size.height, size.width, 3), np.uint8)

    assert lettering.over(picture, lettering.overlay(timeline, 0)).shape == picture.shape


def test_a_font_of_ones_own_is_asked_last(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """STORYBOARD_FONT that is no font is an error that names the variable."""
    broken = tmp_path / "font.ttf"
    broken.write_bytes(b"not a font")
    monkeypatch.setenv(fonts.FONT_VARIABLE, str(broken))

    with pytest.raises(MediaError, match="STORYBOARD_FONT"):
        lettering.missing("漢")


@pytest.mark.parametrize("kept", [0, 4, 44, 60, 500, 5_000])
def test_half_a_font_is_no_font(kept: int, tmp_path: Path) -> None:
    """Wherever it is broken off, it is the same error."""
    half = tmp_path / "half.woff"
    half.write_bytes((fonts.FOLDER / fonts.BUNDLED[0]).read_bytes()[:kept])

    with pytest.raises(MediaError, match="can't be read as a font"):
        fonts.faces_for("a", str(half))
