"""Words that would be drawn over each other make room."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from storyboard.rendering import lettering
from storyboard.rendering.pieces import pieces
from storyboard.rendering.segment_keys import key_of
from storyboard.rendering.stacking import Slab, stacked
from storyboard.timeline import Timeline, Words
from storyboard.units.sizes import Size
from storyboard.video.recipes import H264
from tests.rendering.test_lettering import SIZE, cut, words

LOW = Slab(0, 48, 100, 150, 80, 20, upwards=True)
HIGH = replace(LOW, top=10, upwards=False)


def test_one_alone_stays() -> None:
    """So do those that follow each other, or stand beside each other."""
    beside, after = replace(LOW, left=200), replace(LOW, start=48, end=60)
    assert stacked([LOW, beside, after], 180) == (0, 0, 0)


def test_at_the_bottom_room_is_made_upwards_and_elsewhere_downwards() -> None:
    """Whole pixels, with a gap; the third goes beyond the second."""
    assert stacked([LOW, LOW, LOW], 180) == (0, -22, -44)
    assert stacked([HIGH, HIGH], 180) == (0, 22)


def test_what_comes_first_keeps_its_place() -> None:
    """Whatever the order of the list."""
    later = replace(LOW, start=10)
    assert stacked([later, LOW], 180) == (-22, 0)


def test_a_place_that_is_free_again_is_taken() -> None:
    """The third of three comes when the first is gone."""
    first, second, third = LOW, replace(LOW, start=10, end=90), replace(LOW, start=50, end=90)
    assert stacked([first, second, third], 180) == (0, -22, 0)


def test_without_room_words_stay_in_the_picture() -> None:
    """They are drawn over others rather than cut off."""
    assert stacked([replace(LOW, high=100, top=70)] * 2, 180) == (0, 0)


def rows(timeline: Timeline, frame: int) -> list[tuple[int, int]]:
    """From where to where each patch reaches."""
    patches = lettering.overlay(timeline, frame)
    return sorted((patch.top, patch.top + patch.pixels.shape[0]) for patch in patches)


def test_two_captions_at_once_share_no_pixel_row() -> None:
    """And each stands where it is for all of its time, also when the other is gone."""
    one, two = words("One", start=0, frames=30), words("Two", start=12, frames=36)
    timeline = cut(one, two)

    (above, below) = rows(timeline, 20)
    assert above[1] <= below[0]
    assert rows(timeline, 5) == [below]
    assert rows(timeline, 40) == [above]


def test_stacked_words_have_keys_of_their_own() -> None:
    """A piece of the film with the moved words alone is not the one where they were not moved."""
    one, two = words("One", start=0, frames=30), words("Two", start=12, frames=36)

    def last(*shown: Words) -> str:
        timeline = cut(*shown)
        return key_of(timeline, pieces(timeline, recipe=H264)[-1])

    assert last(one, two) != last(two)
    assert last(replace(one, frames=12), two) == last(two)


def test_words_that_stand_alone_look_as_before() -> None:
    """Nothing is moved by words that are elsewhere."""
    low, high = words("One", start=0, frames=30), words("Two", start=0, frames=30)
    timeline = cut(low, replace(high, position="top"))
    drawn = [patch.on(Size(SIZE.width, SIZE.height)) for patch in lettering.overlay(timeline, 3)]
    assert any(np.array_equal(one, lettering.draw(low, SIZE)) for one in drawn)
