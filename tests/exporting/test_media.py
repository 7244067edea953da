"""Names, reels and versions of media files."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from storyboard.exporting.media.files_of import Wanted, first_label, named, reel


@given(some.sets(some.from_regex(r"[A-Za-z0-9_.-]{1,70}", fullmatch=True)))
def test_reels_are_short_and_never_shared(stems: set[str]) -> None:
    """At most 32 letters, and different for different files."""
    reels = {reel(stem) for stem in stems}
    assert len(reels) == len(stems)
    assert all(len(name) <= 32 for name in reels)


def test_takes_are_versions() -> None:
    """A take's number is its version where that is free."""
    takes = [Wanted("sh010", number, ".mov", f"content {number}") for number in (2, 1)]
    assert list(named(takes, {}).values()) == ["sh010_v002.mov", "sh010_v001.mov"]


def test_what_is_there_keeps_its_name() -> None:
    """A file whose content is known is not given a second name."""
    take = Wanted("sh010", 1, ".mov", "content")
    assert named([take], {"sh010_v007.mov": "content"}) == {take: "sh010_v007.mov"}


def test_new_content_gets_the_next_free_version() -> None:
    """Takes that still have their number free get it first."""
    first = Wanted("sh010", 1, ".mov", "new 1")
    second = Wanted("sh010", 2, ".mov", "new 2")
    assert named([first, second], {"SH010_v001.mov": "old"}) == {
        second: "sh010_v002.mov",
        first: "sh010_v003.mov",
    }


@pytest.mark.parametrize(
    ("shot", "minute"), [("sh010", 70), ("sh020", 80), ("sh1330", 70), ("door", None)]
)
def test_shots_start_at_times_of_their_own(shot: str, minute: int | None) -> None:
    """sh010 at 01:10:00:00, sh020 at 01:20:00:00; always within a day."""
    label = first_label(shot, Fraction(24))
    assert 60 <= label // (24 * 60) < 24 * 60
    if minute is not None:
        assert label == minute * 60 * 24
