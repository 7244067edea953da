"""Names, reels and versions of media files."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from storyboard.errors import MediaError
from storyboard.exporting.media.files_of import Wanted, named, reel
from storyboard.exporting.media.source_starts import kept, starts
from storyboard.exporting.timecodes import Timecodes, number_at


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
    ("shot", "label"), [("sh010", "01:10"), ("sq01_sh010", "17:50"), ("sh1330", "01:10")]
)
def test_shots_start_at_the_minute_of_their_name(shot: str, label: str) -> None:
    """sh010 at 01:10:00:00; all digits of a name count, and always within a day."""
    hours, minutes = divmod(starts([shot])[shot] // 60, 60)
    assert f"{hours:02d}:{minutes:02d}" == label


def test_no_two_shots_start_at_once() -> None:
    """Whatever they are called, and however many; one without a name's minute takes a free one."""
    names = ["sh010", "door", "Tür", *(f"s{n}e{m}" for n in range(40) for m in range(40))]
    found = starts(names)
    assert len({*found.values()}) == len(names)
    assert found["sh010"] == 70 * 60
    assert starts(["a1", "b1", "a2"]) == {"a1": 61 * 60, "a2": 62 * 60, "b1": 63 * 60}
    assert all(3600 <= second < 23 * 3600 for second in found.values())


def test_a_folder_remembers_what_a_shot_was_given(tmp_path: Path) -> None:
    """A shot that is added before takes another minute, and what is there keeps its own."""
    assert kept(tmp_path, ["sh1330"]) == {"sh1330": 4200}
    assert kept(tmp_path, ["sh010", "sh1330"]) == {"sh010": 4260, "sh1330": 4200}
    written = (tmp_path / "timecodes.json").read_text("utf-8")
    assert '"sh010": "01:11:00"' in written
    kept(tmp_path, ["sh1330"])
    assert (tmp_path / "timecodes.json").read_text("utf-8") == written
    (tmp_path / "timecodes.json").write_text('{"sh010": "noon"}')
    with pytest.raises(MediaError, match="no list of timecodes; remove it"):
        kept(tmp_path, ["sh010"])


@pytest.mark.parametrize(("second", "label"), [(4200, "01:10:00;00"), (4260, "01:11:00;02")])
def test_drop_frame_starts_at_the_label(second: int, label: str) -> None:
    """Or at the next one, where drop-frame has left it out."""
    rate = Fraction(30000, 1001)
    number = number_at(second, rate, drop=True)
    assert Timecodes(rate, drop=True).label(number) == label
