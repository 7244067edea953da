"""Takes by several models: what each is asked for, how it is counted, and which is cut in."""

from __future__ import annotations

from pathlib import Path

from storyboard.fileformat.written import Keyframe, Shot, Storyboard, Take
from storyboard.loading.load import load
from storyboard.planning.data import as_data
from storyboard.planning.planner import plan
from storyboard.takes.holding import Holding, Standing
from storyboard.workflows.source import StoryboardFile
from storyboard.workflows.take import take
from tests.boards import still

DONE = Holding(Standing.DONE, "id", 0)
THREE = "[kling-o1-standard, {model: seedance-2.5, options: {resolution: 480p}}, kling-o1-standard]"


def board(folder: Path, shot: str) -> Path:
    """One shot, whose block says this of its takes."""
    for i in range(2):
        still(folder / f"{i}.png", i)
    path = folder / "film.yaml"
    path.write_text(
        "version: 1\nmodel: kling-o1-standard\nkeyframes:\n"
        f"  - image: 0.png\n    shot: {{prompt: It rolls on, {shot}}}\n  - image: 1.png\n"
    )
    return path


def test_each_take_has_its_own_request(tmp_path: Path) -> None:
    """Its model, its options and its price; one that is asked for again is another take of it."""
    (shot,) = plan(load(board(tmp_path, f"duration: 5, takes: {THREE}, pick: 2"))).shots
    assert [take.model.alias for take in shot.takes] == [
        "kling-o1-standard", "seedance-2.5", "kling-o1-standard",
    ]  # fmt: skip
    assert [take.number for take in shot.takes] == [1, 2, 3]
    assert [take.purchase.number for take in shot.takes] == [1, 1, 2]
    assert shot.takes[1].request.arguments["resolution"] == "480p"
    assert [take.price_microusd for take in shot.takes][::2] == [420_000, 420_000]
    assert shot.picked.model.alias == shot.model.alias == "seedance-2.5"
    assert [take["model"] for take in as_data(plan(load(tmp_path / "film.yaml")))["shots"][0][
        "takes"]] == ["kling-o1-standard", "seedance-2.5", "kling-o1-standard"]  # fmt: skip


def test_a_list_keeps_the_keys_that_a_number_has(tmp_path: Path) -> None:
    """What was bought as `takes: 2` is there in a list as well, wherever it stands in it."""
    before = plan(load(board(tmp_path, "takes: 2")))
    held = {purchase.key: DONE for purchase in before.purchases}
    listed = "[kling-o1-pro, kling-o1-standard, kling-o1-standard]"
    (shot,) = plan(load(board(tmp_path, f"takes: {listed}, pick: 2")), held=held).shots
    assert [take.buys for take in shot.takes] == [True, False, False]
    keys = [take.key for take in shot.takes]
    assert keys[1:] == [take.key for take in before.shots[0].takes]


def test_a_list_in_code(tmp_path: Path) -> None:
    """As in a file, and written back as one."""
    for i in range(2):
        still(tmp_path / f"{i}.png", i)
    shot = Shot("It rolls on", takes=["kling-o1-pro", Take("kling-o1-standard")])
    made = Storyboard([Keyframe(str(tmp_path / "0.png"), shot=shot), Keyframe("1.png")])
    path = made.write(tmp_path / "film.yaml")
    assert [take.model.alias for take in next(load(path).shots).each_take] == [
        "kling-o1-pro", "kling-o1-standard",
    ]  # fmt: skip


def test_one_more_of_a_list_is_the_last_one_once_more(tmp_path: Path) -> None:
    """One entry is written, with its options."""
    path = board(tmp_path, "takes: [kling-o1-standard, kling-o1-pro]")
    take(StoryboardFile(path), "sh010")
    (shot,) = plan(load(path)).shots
    assert [take.model.alias for take in shot.takes][1:] == ["kling-o1-pro"] * 2
