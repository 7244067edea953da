"""`storyboard new`: from a folder of pictures to a storyboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyboard.errors import MediaError
from storyboard.load import load
from storyboard.new import commented, natural_order, pictures_in
from tests.boards import still
from tests.cli.running import storyboard


def test_pictures_come_in_natural_order(tmp_path: Path) -> None:
    """2 before 10, whatever the case of the names."""
    names = ["b10.png", "B2.png", "a.png", "b1.png"]
    assert [p.name for p in natural_order(map(Path, names))] == [
        "a.png",
        "b1.png",
        "B2.png",
        "b10.png",
    ]


def test_named_pictures_keep_their_order(tmp_path: Path) -> None:
    """Only folders are sorted."""
    later, first = still(tmp_path / "2.png", 2), still(tmp_path / "1.png", 1)
    assert pictures_in([later, first]) == [later, first]


def test_one_picture_is_not_a_film(tmp_path: Path) -> None:
    """Fewer than two pictures are refused."""
    with pytest.raises(MediaError, match="at least two pictures"):
        pictures_in([still(tmp_path / "1.png", 1)])


def test_what_is_written_loads(tmp_path: Path) -> None:
    """The storyboard is valid as it is, also for names that YAML would read otherwise."""
    for number, name in enumerate(["1.png", "#two: 2.png", "- 'three'.png"]):
        still(tmp_path / "frames" / name, number)
    found = storyboard("new", "frames", cwd=tmp_path)
    assert found.code == 0, found.err
    assert "3 keyframes, 2 shots" in found.out
    board = load(tmp_path / "film.yaml")
    shots = list(board.shots)
    assert [shot.start.still.name for shot in shots] == ["frames/1.png", "frames/#two: 2.png"]
    assert shots[-1].end is not None
    assert shots[-1].end.still.name == "frames/- 'three'.png"


def test_pictures_of_several_shapes_get_a_fit_rule(tmp_path: Path) -> None:
    """What would be a mistake without `fit` is written with one."""
    still(tmp_path / "1.png", 1)
    still(tmp_path / "2.png", 2, size=(480, 320))
    assert storyboard("new", ".", cwd=tmp_path).code == 0
    assert load(tmp_path / "film.yaml").board.defaults.fit == "cover"


def test_a_storyboard_is_never_overwritten(tmp_path: Path) -> None:
    """One that exists stays as it is."""
    for number in (1, 2):
        still(tmp_path / f"{number}.png", number)
    (tmp_path / "film.yaml").write_text("mine")
    found = storyboard("new", ".", cwd=tmp_path)
    assert found.code == 8
    assert "is there already" in found.err
    assert (tmp_path / "film.yaml").read_text() == "mine"


def test_the_title_is_text_whatever_the_file_is_called() -> None:
    """`2001.yaml` is called "2001", not the number."""
    text = commented([Path("a.png"), Path("b.png")], Path("2001.yaml"), same_shape=True)
    assert 'title: "2001"' in text
