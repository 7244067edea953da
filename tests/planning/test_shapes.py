"""What other shapes of a film leave out of its pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyboard.loading.load import load
from storyboard.planning.data import as_data
from storyboard.planning.planner import plan
from storyboard.planning.shapes import cut_off, described, much, remarks
from storyboard.units.sizes import Size
from storyboard.workflows.plan import versions as lines_of_versions
from tests.boards import board

WIDE, TALL = Size(1920, 1080), Size(1080, 1920)


def test_the_share_that_is_cut_off() -> None:
    """Of the side that loses more; nothing where bars are put on, or the shape is the same."""
    share, side = cut_off(WIDE, TALL)
    assert (round(share, 3), side) == (0.684, "width")
    assert cut_off(TALL, WIDE)[1] == "height"
    assert cut_off(WIDE, TALL, "blur")[0] == cut_off(WIDE, Size(960, 540))[0] == 0


def test_it_is_said_from_a_quarter_on() -> None:
    """4:5 from 1:1 loses a fifth of the width, which the plan's line says; 9:16 is a warning."""
    assert described(Size(1080, 1080), Size(864, 1080), "crop") == (
        "864x1080, crop: 20% of the width is cut off"
    )
    assert described(WIDE, Size(1280, 720), "crop") == "1280x720"
    assert much(Size(1080, 1080), Size(864, 1080), "crop") == ""
    assert "shows 32% of each picture's width" in much(WIDE, TALL, "crop")


def test_versions_are_remarked_on_at_their_line(tmp_path: Path) -> None:
    """The board is square: upright loses 44 %, and the plan's data has every version."""
    versions = "versions: {tall: 9:16, feed: {size: 4:5, reframe: pad}}"
    made = plan(load(board(tmp_path, extra=[versions])))
    (said,) = remarks(made)
    assert (said.place.line, said.path) == (3, "versions.tall")
    data = as_data(made)["versions"]
    assert [one["name"] for one in data] == ["tall", "feed"]
    assert [one["cut_off"] for one in data] == [pytest.approx(0.4375), 0]


def test_the_plan_says_of_each_version_what_it_cuts_off(tmp_path: Path) -> None:
    """A line each, also where it is little; nothing is cut off where bars are put on."""
    versions = "versions: {tall: 9:16, feed: 4:5, bars: {size: 4:5, reframe: pad}, half: 160x160}"
    assert [*lines_of_versions(plan(load(board(tmp_path, extra=[versions]))))] == [
        "version tall: 1080x1920, crop: 44% of the width is cut off",
        "version feed: 1080x1350, crop: 20% of the width is cut off",
        "version bars: 1080x1350, pad",
        "version half: 160x160",
    ]


@pytest.mark.parametrize(
    ("model", "size", "said"),
    [
        ("ray-2", "", "ray-2 has no shape like 320x320: takes come as 4:3 and are fitted"),
        ("ray-2", "640x360", ""),
        ("pixverse-6", "", ""),
        ("kling-o1-standard", "", ""),
    ],
)
def test_a_shape_that_a_model_does_not_make(
    tmp_path: Path, model: str, size: str, said: str
) -> None:
    """It is said before anything is paid, once a model; not of one that follows the still."""
    film = board(
        tmp_path, extra=[f"model: {model}", f"size: {size}"] if size else [f"model: {model}"]
    )
    film.write_text(film.read_text().replace("duration: 3", "duration: 3, fit: cover"))
    made = plan(load(film))
    (found, *_) = made.shots
    notes = [note for note in found.notes if "shape" in note]
    assert [note.startswith(said) for note in notes] == ([True] if said else [])
