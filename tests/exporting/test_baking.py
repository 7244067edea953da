"""A baked cut: every movie shown from its first frame, one for one, and the film all the same."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from storyboard.audio.mix import mix
from storyboard.errors import MediaError
from storyboard.exporting.media.slate import slate
from storyboard.exporting.package import export
from storyboard.rendering.compose import compose
from storyboard.rendering.reels import Reels
from storyboard.testing.codes import read
from storyboard.timeline import PlacedTransition, Sound, Timeline
from storyboard.units.sizes import Size
from storyboard.units.timing import Rate
from storyboard.video.reader import read as pictures
from tests.exporting.cuts import Reel, expected, film, still, take


def hard(folder: Path, rate: Rate) -> Timeline:
    """The whole film, with a shot at twice its pace and one of another shape before it."""
    made = film(folder, rate)
    reel = Reel(rate, list(made.clips))
    fast = reel.lay("sh050", take(folder, 5, rate=rate), frames=20, speed=Fraction(2))
    slow = reel.lay("sh050", fast.media, first=10, frames=30, speed=Fraction(1, 2))
    clips = (*made.clips, replace(fast, fit="contain"), slow)
    music = made.sounds[1]
    sounds = (made.sounds[0], replace(music, duck=True, fade_in=5), replace(music, loop=True))
    return replace(made, clips=clips, sounds=sounds)


def baked(timeline: Timeline, folder: Path, **more: Any) -> tuple[dict[str, Any], list[Path]]:
    """The `.otio` of a baked export, and its files."""
    done = export(timeline, folder, formats=["otio"], bake=True, **more)
    [otio] = [path for path in done.files if path.suffix == ".otio"]
    return json.loads(otio.read_text("utf-8")), list(done.files)


def shown(root: dict[str, Any], folder: Path) -> list[np.ndarray]:
    """What the picture track shows, cut from its movies."""
    found: list[np.ndarray] = []
    for item in root["tracks"]["children"][0]["children"]:
        assert item["OTIO_SCHEMA"] == "Clip.2"
        assert not item["effects"]
        media = item["media_references"]["DEFAULT_MEDIA"]
        span, there = item["source_range"], media["available_range"]
        assert span["start_time"] == there["start_time"]
        frames = int(span["duration"]["value"])
        found += list(pictures(folder / media["target_url"]))[:frames]
    return found


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(30000, 1001)])
def test_a_baked_cut_shows_the_film(rate: Rate, tmp_path: Path) -> None:
    """Every frame outside of transitions by its code, those inside by their light."""
    timeline = hard(tmp_path, rate)
    root, _ = baked(timeline, tmp_path / "to")
    seen = shown(root, tmp_path / "to")
    assert len(seen) == timeline.frames
    shots = {int(clip.media.key, 16): clip.shot for clip in timeline.clips}
    codes = [(shots[code.shot], code.frame) if (code := read(one)) else None for one in seen]
    right = expected(timeline)
    assert [code for code, want in zip(codes, right, strict=True) if want] == [
        want for want in right if want
    ]
    bare = replace(timeline, words=())
    with Reels() as reels:
        for over in timeline.transitions:
            for frame in range(over.start, over.end):
                wanted = compose(bare, frame, reels=reels)
                assert abs(float(seen[frame].mean()) - float(wanted.mean())) < 2


def test_handles_lie_behind_what_is_shown(tmp_path: Path) -> None:
    """The take goes on there, as far as it has frames; under a transition, its rest."""
    timeline = film(tmp_path, Fraction(24))
    baked(timeline, tmp_path / "to", handles=5)
    later = [
        code.frame
        for one in pictures(tmp_path / "to/media/sh040_bake_v001.mov")
        if (code := read(one))
    ]
    assert later == list(range(6, 47))
    first = list(pictures(tmp_path / "to/media/sh010_bake_v001.mov"))
    assert len(first) == 48 + 1


def test_sounds_are_as_loud_as_they_are_heard(tmp_path: Path) -> None:
    """Levels, fades, repeats and what the voice lowers are in the files: flat, they are the mix."""
    timeline = hard(tmp_path, Fraction(24))
    root, _ = baked(timeline, tmp_path / "to")
    laid = []
    for track in root["tracks"]["children"][1:]:
        *gap, clip = track["children"]
        start = int(gap[0]["source_range"]["duration"]["value"]) if gap else 0
        assert clip["metadata"]["storyboard"]["gain_db"] == 0
        url = clip["media_references"]["DEFAULT_MEDIA"]["target_url"]
        frames = int(clip["source_range"]["duration"]["value"])
        laid.append(Sound("effect", tmp_path / "to" / url, start, frames))
    flat, whole = mix(replace(timeline, sounds=tuple(laid))), mix(timeline)
    assert flat is not None
    assert whole is not None
    assert np.abs(flat - whole).max() < 0.01


def test_baking_again_makes_nothing_anew(tmp_path: Path) -> None:
    """The same bytes, and no other cut is touched; what is asked for of whole takes is refused."""
    timeline = film(tmp_path, Fraction(24))
    export(timeline, tmp_path / "to", formats=["otio"])
    _, files = baked(timeline, tmp_path / "to")
    before = {path: path.stat().st_mtime_ns for path in files if path.suffix == ".mov"}
    assert len(before) == len(timeline.clips)
    _, again = baked(timeline, tmp_path / "to")
    assert again == files
    assert before == {path: path.stat().st_mtime_ns for path in again if path in before}
    assert (tmp_path / "to" / "Dammerung_1.otio").exists()
    with pytest.raises(MediaError, match="dailies can't be baked"):
        export(timeline, tmp_path / "to", formats=["dailies"], bake=True)


@pytest.mark.parametrize("lost", ["a take that is gone", "a shot without a take"])
def test_slates_are_baked_for_what_is_missing(lost: str, tmp_path: Path) -> None:
    """The slate stands where the shot does, also in its dissolve; all others show their takes."""
    gone = still(tmp_path)
    if lost == "a take that is gone":
        gone = replace(take(tmp_path, 7), path=tmp_path / "gone.mp4")
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1), frames=12)
    reel.lay("sh020", gone, frames=12, first=6 if gone.kind == "take" else 0)
    over = PlacedTransition("dissolve", 12, 3, 3)
    timeline = reel.timeline(transitions=(over,))
    if gone.kind == "take":
        with pytest.raises(MediaError, match="sh020: the media are missing"):
            baked(timeline, tmp_path / "none")
    root, _ = baked(timeline, tmp_path / "to", slate=True, handles=4)
    seen = shown(root, tmp_path / "to")
    assert [code.frame for one in seen[:9] if (code := read(one))] == list(range(9))
    words = ("sh020", "12 frames", timeline.note("sh020").prompt)
    under = Image.open(gone.path) if gone.kind == "still" else None
    slated = np.asarray(slate((320, 180), words, under=under))
    assert np.abs(seen[-1].astype(int) - slated).mean() < 3
    later = list(pictures(tmp_path / "to/media/sh020_bake_v001.mov"))
    assert np.abs(later[-1].astype(int) - slated).mean() < 3
    assert np.abs(seen[12].astype(int) - slated).mean() > 5


def test_other_shapes_fill_the_film(tmp_path: Path) -> None:
    """A take of another shape is fitted as in the film."""
    timeline = replace(film(tmp_path, Fraction(24)), size=Size(180, 320))
    _, files = baked(timeline, tmp_path / "to")
    movie = next(path for path in files if path.name == "sh010_bake_v001.mov")
    assert next(iter(pictures(movie))).shape == (320, 180, 3)
