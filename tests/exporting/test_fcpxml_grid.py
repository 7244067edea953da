"""Every `.fcpxml` on its grid: many made cuts, none of which needs a file."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as Tree

from hypothesis import given, settings
from hypothesis import strategies as some

from storyboard.errors import MediaError
from storyboard.exporting.formats import fcpxml
from storyboard.exporting.media.files_of import MediaFile, MediaMap
from storyboard.exporting.media.pulls import Options, pull
from storyboard.exporting.media.tracks import placed
from storyboard.exporting.timecodes import DROPPABLE, Timecodes
from storyboard.timeline import Media, PlacedTransition, SceneMark, Sound, Timeline
from storyboard.timeline.joins import check
from storyboard.units.sizes import Size
from tests.exporting.cuts import Reel
from tests.exporting.fcpxml_rules import check_tree

RATES = tuple(
    Fraction(rate)
    for rate in ("24", "24000/1001", "25", "30", "30000/1001", "48", "50", "60", "60000/1001")
)
SPEEDS = tuple(Fraction(speed) for speed in ("1", "1", "2", "1/2", "13/10", "48/97", "3", "1/3"))


def media(number: int, rate: Fraction, frames: int) -> Media:
    """A take that is not on the disc."""
    return Media(Path(f"{number}.mp4"), f"{number:064x}", frames, rate, Size(320, 180), sound=True)


@some.composite
def cuts(draw: some.DrawFn) -> tuple[Timeline, dict[str, dict[int, Media]]]:
    """A cut of takes of any rate, at any speed, trimmed, held, faded and dissolved, and heard."""
    rate = draw(some.sampled_from(RATES))
    reel, takes, sounds = Reel(rate), {}, []
    for number in range(1, draw(some.integers(2, 4)) + 1):
        own = draw(some.sampled_from((rate, rate, *RATES)))
        length = draw(some.integers(30, 90))
        shown = media(number, own, length)
        speed = draw(some.sampled_from(SPEEDS)) * own / rate
        first = draw(some.integers(8, 20)) if speed <= 1 else 8
        most = max(1, int((length - 6 - first) / speed))
        clip = reel.lay(
            f"sh0{number}0", shown, first=first, frames=draw(some.integers(1, most)), speed=speed
        )
        takes[clip.shot] = {1: shown, 2: media(number + 50, rate, draw(some.integers(5, 90)))}
        sounds.append(Sound("take", shown.path, 0, None, gain=-2).under(clip))
        if draw(some.booleans()):
            reel.lay(
                clip.shot, shown, first=length - 1, frames=draw(some.integers(1, 12)), held=True
            )
    sounds.append(Sound("music", Path("music.wav"), draw(some.integers(0, 9)), None, fade_out=5))
    timeline = reel.timeline(sounds=tuple(sounds), scenes=(SceneMark("day", None, 0, 9),))
    ends = (0, *(clip.end for clip in reel.clips))
    wanted = [draw(over(at, last=at == ends[-1], first=not at)) for at in ends]
    return _laid(timeline, [one for one in wanted if one]), takes


@some.composite
def over(draw: some.DrawFn, at: int, *, first: bool, last: bool) -> PlacedTransition | None:
    """A transition over a cut, a fade at an end of the film, or none."""
    kind = draw(some.sampled_from(("", "fade") if first or last else ("", "fade", "dissolve")))
    before = 0 if first else draw(some.integers(1, 5))
    after = 0 if last else draw(some.integers(1, 5))
    return PlacedTransition(kind, at, before, after) if kind else None


def _laid(timeline: Timeline, wanted: list[PlacedTransition]) -> Timeline:
    """With the transitions that this cut has room for."""
    for one in wanted:
        longer = replace(timeline, transitions=(*timeline.transitions, one))
        try:
            check(longer)
        except MediaError:
            continue
        timeline = longer
    return timeline


@settings(max_examples=60, deadline=None)
@given(cuts(), some.booleans())
def test_every_time_lies_on_the_grid(
    made: tuple[Timeline, dict[str, dict[int, Media]]], drop: bool
) -> None:
    """And inside its file; every reference leads somewhere, and no two things share a name."""
    timeline, takes = made
    drop = drop and timeline.rate in DROPPABLE
    clock = Timecodes.at("00:59:58:00", timeline.rate, drop=drop)
    pulled = pull(timeline, takes, taken={}, options=Options(drop_frame=drop))
    files = {
        one.path: MediaFile(f"sound/{n}.wav", f"{n}", 0, length(one, timeline), None, "sound", 2)
        for n, one in enumerate(timeline.sounds)
    }
    heard = tuple(placed(one, files[one.path], timeline) for one in timeline.sounds)
    media = MediaMap(Path("/cut"), pulled.clips, heard, pulled.others)
    text = fcpxml.write(timeline, media, clock=clock)
    check_tree(Tree.fromstring(text), timeline)


def length(sound: Sound, timeline: Timeline) -> int:
    """Film frames of a sound's file: a take's is as long as its pictures."""
    own = {clip.media.path: clip.media for clip in timeline.clips}.get(sound.path)
    return math.ceil(own.frames * timeline.rate / own.rate) if own else timeline.frames
