"""Several films from one plan and one payment: shapes, names, and what stays in the picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import storyboard
from storyboard.errors import MediaError, StoryboardError
from storyboard.loading.load import load
from storyboard.planning.planner import plan
from storyboard.testing import FakeService
from storyboard.units.sizes import Size
from storyboard.video.colour import Picture
from storyboard.video.probing import probe
from storyboard.video.reader import read
from storyboard.workflows.finish import Finish
from storyboard.workflows.versions import deliveries
from tests.boards import board

VERSIONS = "versions: {tall: 320x640, wide: {size: 640x320, reframe: pad}}"
TALL = Finish(size=Size(160, 320))


def halves(path: Path) -> None:
    """A wide picture whose left half is red, and its right one blue."""
    image = Image.new("RGB", (640, 320), "red")
    image.paste("blue", (320, 0, 640, 320))
    image.save(path)


def sides(folder: Path, *, focus: str = "", extra: str = "") -> Path:
    """A storyboard of two such pictures."""
    for name in ("a", "b"):
        halves(folder / f"{name}.png")
    film = folder / "film.yaml"
    film.write_text(
        "version: 1\nsize: 640x320\ndefaults: {duration: 3}\n" + extra + "keyframes:\n"
        f"  - {{image: a.png, {focus} shot: {{prompt: It turns}}}}\n  - image: b.png\n"
    )
    return film


def red(picture: Picture) -> float:
    """How much of a picture is red, from 0 to 1."""
    return float((picture[..., 0].astype(int) > picture[..., 2]).mean())


def test_all_versions_from_one_payment(tmp_path: Path) -> None:
    """The film and its versions: two requests for two shots, and each file in its shape."""
    film = board(tmp_path, extra=[VERSIONS, "size: 320x320"])
    with FakeService() as service, service.applied():
        made = storyboard.render(film, max_cost="$1.00")
        assert len(service.paid) == 2
        again = storyboard.render(film, finish=TALL, max_cost=0)
        assert len(service.paid) == 2
    files = {one.name: one.path for one in made.others}
    assert files == {"tall": tmp_path / "film.tall.mp4", "wide": tmp_path / "film.wide.mp4"}
    sizes = [probe(path).size for path in (made.path, *files.values(), again.path)]
    assert sizes == [Size(320, 320), Size(320, 640), Size(640, 320), Size(160, 320)]
    assert {probe(path).frames for path in files.values()} == {made.timeline.frames}
    assert again.path == tmp_path / "film.160x320.mp4"


def test_versions_change_no_request(tmp_path: Path) -> None:
    """With versions and without, the keys are the same."""
    keys = [
        [shot.picked.key for shot in plan(load(board(tmp_path / str(n), extra=extra))).shots]
        for n, extra in enumerate([(), (VERSIONS,)])
    ]
    assert keys[0] == keys[1]


def test_focus_says_what_stays(tmp_path: Path) -> None:
    """From a keyframe at the left to one in the middle: all red, then half of it."""
    made = storyboard.render(
        sides(tmp_path, focus="focus: left,"), draft=True, finish=Finish(size=TALL.size, quick=True)
    )
    pictures = list(read(made.path))
    assert red(pictures[0]) == 1.0
    assert red(pictures[-1]) == pytest.approx(0.5, abs=0.02)
    # Three quarters of the time are 27/32 of the way, where 81 % of the window are still red.
    assert red(pictures[len(pictures) * 3 // 4]) == pytest.approx(0.81, abs=0.03)


def test_bars_are_blurred_or_plain(tmp_path: Path) -> None:
    """blur: the bars are the darkened picture. pad: they have the background's colour."""
    film = sides(tmp_path)
    blurred, padded = (
        next(iter(read(storyboard.render(film, draft=True, finish=finish).path)))
        for finish in (
            Finish(size=TALL.size, reframe="blur", burn_in=False),
            Finish(size=TALL.size, reframe="pad", burn_in=False),
        )
    )
    assert np.abs(padded[10].astype(int)).max() < 20
    assert 100 < blurred[10, 10, 0] < 200
    assert red(padded[160:161]) == red(blurred[160:161]) == pytest.approx(0.5, abs=0.02)


def test_names_of_what_is_written(tmp_path: Path) -> None:
    """Versions beside the film; one alone has the name that is given."""
    loaded = load(board(tmp_path, extra=[VERSIONS]))

    def names(outputs: list[str], versions: list[str] | None = None) -> list[str]:
        paths = [Path(one) for one in outputs]
        made = deliveries(loaded, paths, finish=Finish(), draft=True, versions=versions)
        return [one.path.name for one in made]

    assert names([]) == ["film.draft.mp4", "film.draft.tall.mp4", "film.draft.wide.mp4"]
    assert names(["a.mp4", "b.mp4"], ["film", "tall"]) == ["a.mp4", "b.mp4", "a.tall.mp4"]
    assert names(["a.mp4"], ["tall"]) == ["a.mp4"]
    with pytest.raises(StoryboardError, match="no version is called round; there are film, tall"):
        names([], ["round"])
    with pytest.raises(MediaError, match=r"a\.mp4 would be written twice"):
        names(["a.mp4", "a.mp4"])
    with pytest.raises(StoryboardError, match="a version has its own size"):
        deliveries(loaded, [], finish=TALL, draft=True, versions=["tall"])


def test_a_crop_that_jumps_is_remarked_on(tmp_path: Path) -> None:
    """Two shots of one scene with a focus each: said before the render, at the later shot."""
    film = board(tmp_path, shot="focus: left")
    text = film.read_text().replace("on to 2, focus: left", "on to 2, focus: right")
    film.write_text(text)
    (said,) = load(film).remarks
    assert "the frame jumps at the seam" in said.message


def test_a_fitted_still_is_sent_as_its_focus_says(tmp_path: Path) -> None:
    """`fit: cover` with a focus is another picture for the model, and only that one."""
    plain, left = (
        plan(load(sides(folder, focus=focus, extra="").with_name("film.yaml"))).shots[0]
        for folder, focus in ((tmp_path, ""), (tmp_path, "focus: left,"))
    )
    assert plain.picked.key == left.picked.key  # of the film's shape: nothing is cut
    tall = "fit: cover"
    keys = []
    for focus in ("", "focus: left,", "focus: [0.01, 0.3],", "focus: center,"):
        film = sides(tmp_path, focus=focus)
        film.write_text(
            film.read_text().replace("640x320", "320x640").replace("on: 3", f"on: 3, {tall}")
        )
        keys.append(plan(load(film)).shots[0].picked.key)
    assert keys[0] == keys[3] != keys[1] == keys[2]
