"""What can't be written is known before anything is paid: names, folders, and room."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import storyboard
from storyboard.errors import FileTrouble
from storyboard.loading.load import load
from storyboard.planning.planner import plan
from storyboard.store import Store
from storyboard.testing import FakeService
from storyboard.workflows.film_steps import outputs_for
from storyboard.workflows.finish import USUAL, Delivery, Finish
from storyboard.workflows.preflight import refuse_full_disk
from tests.boards import board

PRORES = replace(USUAL, codec="prores")


@pytest.mark.parametrize(
    ("name", "finish", "why"),
    [
        ("x.avi", USUAL, "can't hold h264; name the film *.mp4"),
        ("x.gif", PRORES, "can't hold prores"),
        ("x.webm", replace(USUAL, captions="track"), "has no track for captions"),
        ("x", USUAL, "can't hold h264"),
        ("x.mp4", PRORES, "can't hold prores; name the film *.mov"),
        ("x.mov", replace(USUAL, codec="hevc"), "can't hold hevc"),
        ("away/x.mp4", USUAL, "'away' does not exist; make it first"),
        ("folder.mp4", USUAL, "is a directory"),
        ("0.png/x.mp4", USUAL, "is not a directory"),
        ("film.mp4", replace(USUAL, poster=Path("p.tiff")), "a poster is a .png"),
        ("film.mp4", replace(USUAL, poster=Path("away/p.png")), "'away' does not exist"),
        ("film.mp4", replace(USUAL, poster=Path("1.png")), "would overwrite the input"),
        ("film.mp4", replace(USUAL, captions="files"), "'film.srt' is a directory"),
        ("film.mp4", replace(USUAL, pictures=Path("0.png")), "is a file; name a folder"),
        ("film.mp4", replace(USUAL, quality=99), "h264 has no quality 99"),
        (f"{'x' * 300}.mp4", USUAL, "too long a name"),
    ],
)
def test_an_output_that_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, finish: Finish, why: str
) -> None:
    """One line says what is wrong with it, and no request is sent."""
    film = board(tmp_path, keyframes=2)
    for folder in ("folder.mp4", "film.srt"):
        (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path)
    with FakeService() as service, service.applied():
        with pytest.raises(FileTrouble) as caught:
            storyboard.render(film.name, name, max_cost=9_000_000, finish=finish)
        assert service.requests() == []
    assert why in str(caught.value)


def test_what_can_be_written(tmp_path: Path) -> None:
    """Beside the storyboard, with subtitles and a poster; a folder for pictures is made later."""
    loaded = load(board(tmp_path, keyframes=2))
    finish = replace(
        USUAL, captions="files", poster=tmp_path / "film.png", pictures=tmp_path / "new" / "seams"
    )
    (film,) = outputs_for(loaded, finish=finish)
    assert film.path == tmp_path / "film.mp4"


@pytest.mark.parametrize("finish", [USUAL, PRORES])
def test_a_full_disk(tmp_path: Path, finish: Finish) -> None:
    """Takes, pieces and film are reckoned, and refused where there is no room for them."""
    made = plan(load(board(tmp_path, keyframes=3)))
    store = Store(tmp_path / ".storyboard")
    films = [Delivery("film", tmp_path / "film.mp4", finish)]
    refuse_full_disk(made, store, [(made, films)], free=lambda folder: 10**12)
    with pytest.raises(FileTrouble, match=r"may need \d+ MB on the disk of .* make room"):
        refuse_full_disk(made, store, [(made, films)], free=lambda folder: 30_000_000)
