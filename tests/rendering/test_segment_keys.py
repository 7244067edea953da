"""What a piece of a film is named by: all that decides its pixels, so that none is ever stale."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from storyboard.errors import MediaError
from storyboard.images.tools import versions
from storyboard.rendering.compose import compose
from storyboard.rendering.encode import SegmentJob, render
from storyboard.rendering.pieces import pieces
from storyboard.rendering.reels import Reels
from storyboard.rendering.segment_keys import key_of
from storyboard.text import fonts
from storyboard.timeline import (
    Clip,
    FocusPath,
    Media,
    PlacedTransition,
    ShotNote,
    Timeline,
    Words,
)
from storyboard.units.focus import Focus
from storyboard.units.sizes import Size
from tests.block_fonts import block_font
from tests.film_makers import QUICK, SMALL, clip, in_order, take

OTHERS: dict[str, Any] = {
    "shot": "another",
    "fit": "contain",
    "PlacedTransition.kind": "wipe",
    "Media.kind": "still",
    "color": "#ff8000",
    "background": "#40ff40",
    "direction": "up",
    "role": "caption",
    "position": "top-left",
    "safe": "phone",
    "size": Size(176, 112),
    "phase": Fraction(1, 3),
    "rate": Fraction(25),
    "start": Focus(0.7, 0.7),
    "end": Focus(0.3, 0.9),
    "path": Path("other"),
    "burn_in": (),
    "loudness": -14.0,
    "transitions": (),
    "words": (),
    "shots": (),
}
"""Another value of fields that are neither a number nor a plain text."""

LEFT_ALONE = {"font", "clips", "media", "focus", "scenes", "seams", "sounds", "notes"}
"""Fields whose parts are varied, and those of which nothing is seen."""


def moving_still(folder: Path) -> Path:
    """A picture of two frames, half of it transparent."""
    path = folder / "still.webp"
    one, two = (Image.new("RGBA", (64, 48), colour) for colour in ("#ff0000", "#0000ff"))
    for picture in (one, two):
        picture.paste((0, 0, 0, 0), (0, 0, 20, 48))
    one.save(path, save_all=True, append_images=[two], lossless=True, duration=100)
    return path


def a_film(folder: Path) -> Timeline:
    """A film with all that pieces can have: crops that move, drawn frames, stills, words."""
    square = take(folder, 0, frames=6, size=Size(160, 160))
    way = FocusPath(Focus(0.5, 0.0), Focus(0.5, 1.0), 0, 5)
    slow = replace(clip(take(folder, 1, frames=6)), frames=5, last=1, span=2, smooth=True)
    still = Media(
        moving_still(folder), "still", 1, Fraction(24), Size(64, 48), kind="still", picture=1
    )
    card = Media(Path(), "card", 1, Fraction(24), SMALL, kind="card", color="#204060")
    timeline = in_order(
        [
            replace(clip(square), fit="cover", focus=way),
            slow,
            Clip("held", "s", 1, still, 0, 4, 0, 0, 3, fit="cover", focus=way),
            Clip("card", "s", 1, card, 0, 4, 0, 0, 3),
        ]
    )
    own = str(block_font(folder / "own.ttf", "HA"))
    over: dict[str, Any] = {"fade_in": 2, "fade_out": 1}
    return replace(
        timeline,
        transitions=(
            PlacedTransition("dissolve", 6, 1, 1),
            PlacedTransition("fade", 11, 1, 2, color="#ffffff"),
            PlacedTransition("slide", 15, 1, 1, direction="up"),
        ),
        words=(
            Words("title", "HA", 6, 5, "center", 30, "#ffffff", font=own, **over),
            Words("title", "Hi", 8, 5, "center", 20, "#ffff00", "#000000c0", **over),
        ),
        shots=(ShotNote("take0", "a prompt", "draft"),),
        burn_in=("take0",),
    )


def varied(value: Any) -> Iterator[tuple[str, Any]]:
    """A value with each of its fields changed, one at a time, and each of its parts' fields."""
    for field in fields(value):
        now = getattr(value, field.name)
        name = f"{type(value).__name__}.{field.name}"
        if field.name not in LEFT_ALONE:
            for other in others(name, now):
                yield name, replace(value, **{field.name: other})
        if field.name in ("media", "focus"):
            for part, changed in varied(now):
                yield part, replace(value, **{field.name: changed})
        elif isinstance(now, tuple) and now and is_dataclass(now[0]):
            for i, one in enumerate(now):
                for part, changed in varied(one):
                    yield part, replace(value, **{field.name: (*now[:i], changed, *now[i + 1 :])})


def others(name: str, now: Any) -> Iterator[Any]:
    """Other values of a field."""
    plain = name.partition(".")[2]
    other = OTHERS.get(name, OTHERS.get(plain, now))
    if other != now and not isinstance(now, int):
        yield other
    elif isinstance(now, bool):
        yield not now
    elif isinstance(now, int | float):
        yield now + 1
        yield max(now - 1, 0)
    elif isinstance(now, str) and plain != "font":
        yield f"{now} more"


def whole(timeline: Timeline) -> Timeline | None:
    """A changed film put in order; None where it is none any more."""
    clips = in_order(timeline.clips).clips
    here = replace(timeline, clips=clips)
    sane = all(one.frames > 0 and one.media.frames > 0 for one in clips) and all(
        each.start >= 0 and each.end <= here.frames for each in here.transitions
    )
    return here if sane else None


Place = tuple[str, int]
"""A piece's name, and the place of a frame in it."""


def places(timeline: Timeline) -> Iterator[tuple[int, Place]]:
    """Each frame of a film, and where its picture is kept."""
    for piece in pieces(timeline, recipe=QUICK):
        key = key_of(timeline, piece)
        for at in range(piece.stretch.frames):
            yield piece.stretch.start + at, (key, at)


def pixels(timeline: Timeline, frame: int, opened: Reels) -> bytes:
    """A digest of what is seen."""
    picture = compose(timeline, frame, reels=opened)
    return hashlib.sha256(repr(picture.shape).encode() + picture.tobytes()).digest()


def shown(timeline: Timeline) -> dict[Place, bytes]:
    """What is seen on each frame, by where it is kept."""
    with Reels() as opened:
        return {place: pixels(timeline, frame, opened) for frame, place in places(timeline)}


def test_one_name_never_stands_for_two_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever field of whatever value of a timeline is changed."""
    monkeypatch.setattr(
        "storyboard.rendering.reels.match", lambda *_: SimpleNamespace(pair=None)
    )  # it takes long
    film = a_film(tmp_path)
    known = shown(film)
    seen, renewed = set(), set()
    with Reels() as opened:
        for name, changed in varied(film):
            seen.add(name)
            timeline = whole(changed)
            if timeline is None:
                continue
            now = list(places(timeline))
            kept = {frame: place for frame, place in now if place in known}
            if len(kept) < len(now):
                renewed.add(name)
            with suppress(MediaError):  # no file of that name, or not so many frames in it
                for frame, place in kept.items():
                    assert pixels(timeline, frame, opened) == known[place], name
    kinds = (Clip, FocusPath, Media, PlacedTransition, ShotNote, Timeline, Words)
    every = {f"{kind.__name__}.{f.name}" for kind in kinds for f in fields(kind)}
    assert seen == {name for name in every if name.partition(".")[2] not in LEFT_ALONE}
    assert not renewed & {"Media.path", "Media.model", "Timeline.title", "Timeline.loudness"}


def test_where_files_lie_and_what_nobody_sees_is_not_in_it(tmp_path: Path) -> None:
    """The same font and the same take under other names, sounds and titles: the same pieces."""
    film = a_film(tmp_path)
    renamed = str(shutil.copy(tmp_path / "own.ttf", tmp_path / "called otherwise.ttf"))
    words = tuple(replace(one, font=renamed) if one.font else one for one in film.words)
    moved = replace(film, words=words, title="Another", loudness=-14.0)
    assert list(places(moved)) == list(places(film))


def test_a_font_whose_bytes_change_under_its_name_is_drawn_anew(tmp_path: Path) -> None:
    """In the same process, as a film that is watched: another name, and the new letters in it."""
    own = tmp_path / "own.ttf"
    timeline = replace(
        in_order([clip(take(tmp_path, 0))]),
        words=(Words("title", "HH", 0, 24, "center", 40, "#ffffff", font=str(own)),),
    )
    seen = []
    for wide in (300, 900, 300):
        block_font(own, "H", wide=wide)
        seen.append(shown(timeline))
    assert seen[0] == seen[2]
    assert not seen[0].keys() & seen[1].keys()
    assert sorted(seen[0].values()) != sorted(seen[1].values())


def test_the_font_of_the_environment_counts_by_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of words, and of a burn-in, whose font is nobody's but the package's."""
    named = tmp_path / "named.ttf"
    monkeypatch.setenv(fonts.FONT_VARIABLE, str(named))
    timeline = replace(
        in_order([clip(take(tmp_path, 0, size=Size(320, 192)))], size=Size(320, 192)),
        words=(Words("title", "☃", 0, 12, "bottom", 40, "#ffffff"),),
        shots=(ShotNote("take0", "☃ ☃", "draft"),),
        burn_in=("take0",),
    )
    seen = []
    for wide in (300, 900):
        block_font(named, "☃", wide=wide)
        seen.append(shown(timeline))
    assert not seen[0].keys() & seen[1].keys()
    assert not set(seen[0].values()) & set(seen[1].values())


def test_a_font_that_changes_while_it_is_drawn_leaves_no_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A piece of the old name with new letters would come back with the old font."""
    own = block_font(tmp_path / "own.ttf", "H", wide=300)
    timeline = replace(
        in_order([clip(take(tmp_path, 0))]),
        words=(Words("title", "HH", 0, 24, "center", 40, "#ffffff", font=str(own)),),
    )
    (piece,) = pieces(timeline, recipe=QUICK)
    there = tmp_path / f"{key_of(timeline, piece)}.mp4"

    def replaced(*given: Any, **more: Any) -> Any:
        block_font(own, "H", wide=900)
        return compose(*given, **more)

    monkeypatch.setattr("storyboard.rendering.encode.compose", replaced)
    monkeypatch.setattr("storyboard.rendering.planes.in_planes", lambda *_, **__: False)
    with pytest.raises(MediaError, match="has changed since it was read"):
        render(SegmentJob(timeline, (piece,), (there,)))
    assert not there.exists()


def test_a_still_that_changes_under_its_name_is_refused(tmp_path: Path) -> None:
    """Its piece is named by the picture that was read with the storyboard."""
    path = moving_still(tmp_path)
    media = Media(path, "k", 1, Fraction(24), Size(64, 48), kind="still", content="what was read")
    timeline = in_order([Clip("held", "s", 1, media, 0, 4, 0, 0, 3, fit="cover")])
    with Reels() as opened, pytest.raises(MediaError, match="has changed since it was read"):
        compose(timeline, 0, reels=opened)


def test_other_versions_of_what_draws_are_other_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pillow, FreeType, OpenCV and the others may draw other pixels with their next version."""
    timeline = in_order([clip(take(tmp_path, 0))])
    (piece,) = pieces(timeline, recipe=QUICK)
    usual = dict(versions())
    assert {"av", "libavcodec", "opencv", "pillow", "freetype2", "raqm", "harfbuzz"} <= set(usual)
    names = set()
    for tool in ("", *usual):
        now = tuple({**usual, tool: "next"}.items())
        monkeypatch.setattr("storyboard.rendering.segment_keys.versions", lambda now=now: now)
        names.add(key_of(timeline, piece))
    assert len(names) == 1 + len(usual)
