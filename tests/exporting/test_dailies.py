"""Dailies: every take whole, behind a slate, with what the film leaves out told apart."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from storyboard.exporting.deliveries.dailies import HANDLE, BurnIn, reel
from storyboard.exporting.deliveries.delivery import HandOver
from storyboard.exporting.media.files_of import MediaMap
from storyboard.exporting.package import export
from storyboard.exporting.timecodes import Timecodes
from storyboard.testing.codes import read
from storyboard.timeline import Sound, Timeline
from storyboard.units.timing import Rate
from storyboard.video.probing import probe
from storyboard.video.reader import read as pictures
from tests.exporting.cuts import FRAMES, bang, film, take

AMBER = np.array([int(HANDLE[i : i + 2], 16) for i in (1, 3, 5)])


def delivery(made: Timeline, place: Path) -> HandOver:
    """What the dailies are made from, with a second take of the first shot."""
    spare = take(place, 7, rate=made.rate)
    takes = {made.clips[0].shot: {1: made.clips[0].media, 2: spare}}
    clock = Timecodes.at("01:00:00:00", made.rate)
    return HandOver(made, place, "film", clock, MediaMap(place, ()), takes)


def framed(picture: np.ndarray) -> bool:
    """Whether the frame of a handle lies around it."""
    edge = picture[-60:-45, :2].reshape(-1, 3).astype(int)
    return bool(np.abs(edge - AMBER).mean() < 40)


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(30000, 1001)])
def test_every_take_is_there_from_its_first_frame_to_its_last(rate: Rate, tmp_path: Path) -> None:
    """A second of slate, then the take; handles are framed, and what the film shows is not."""
    made = film(tmp_path, rate)
    asked = delivery(made, tmp_path)
    done = export(made, tmp_path / "to", formats=["dailies"], takes=asked.takes)
    [movie] = done.files
    assert movie.name == "Dammerung_1_v001_dailies.mp4"
    assert not (tmp_path / "to" / "media").exists()
    second = round(rate)
    assert probe(movie).frames == 5 * (second + FRAMES)
    seen = list(pictures(movie))
    codes = [read(picture) for picture in seen]
    for place, shot in enumerate((1, 7, 2, 3, 4)):
        start = place * (second + FRAMES)
        assert not any(codes[start : start + second])
        own = codes[start + second : start + second + FRAMES]
        shown = [(code.shot, code.frame) if code else None for code in own]
        assert shown == [(shot, frame) for frame in range(FRAMES)]
    third = seen[3 * (second + FRAMES) + second :][:FRAMES]
    # sh030 shows frames 5 to 34, and the dissolve four frames before them
    assert [framed(picture) for picture in third] == [not 1 <= n < 35 for n in range(FRAMES)]
    unused = seen[second + FRAMES + second :][:FRAMES]
    assert all(map(framed, unused))


def test_what_is_burnt_in_is_what_the_files_and_the_cut_say(tmp_path: Path) -> None:
    """Source timecode as in the hand-over, record timecode as in the film."""
    made = film(tmp_path, Fraction(24))
    _, looks = reel(delivery(made, tmp_path))
    strips = [look for look in looks if isinstance(look, BurnIn)]
    assert [strip.title for strip in strips][:3] == [
        "sh010  take 1",
        "sh010  take 2",
        "sh020  take 1",
    ]
    second = strips[2]
    assert second.clock.label(second.source) == "01:20:00:00"
    shown = {n: second.clock.label(at) for n, at in enumerate(second.record) if at >= 0}
    assert (min(shown), max(shown)) == (2, 41)
    assert shown[2] == "01:00:02:00"
    assert set(strips[1].record) == {-1}


def test_takes_are_heard(tmp_path: Path) -> None:
    """A take's own sound lies under it; music and voice are not in dailies."""
    made = film(tmp_path, Fraction(24))
    loud = bang(tmp_path / "own.wav", seconds=2, at=0.5)
    media = replace(made.clips[0].media, path=loud, sound=True)
    clips = (replace(made.clips[0], media=media), *made.clips[1:])
    sounds = (*made.sounds, Sound("take", loud, 0, 48))
    heard = reel(delivery(replace(made, clips=clips, sounds=sounds), tmp_path))[0].sounds
    assert [(sound.role, sound.path, sound.start, sound.frames) for sound in heard] == [
        ("take", loud, 24, FRAMES)
    ]
