"""What is written by no mistake and probably not meant is said before it is paid for."""

from __future__ import annotations

import json
from pathlib import Path

from storyboard.loading.hints import PLACEHOLDER
from storyboard.loading.load import load
from storyboard.workflows.new import writing
from tests.boards import still

CAST = {"who": "The ball", "place": "Home"}


def written(folder: Path, prompts: list[str], *, last: str = "", **more: object) -> Path:
    """A storyboard with these prompts; `last` names the last keyframe's picture."""
    keyframes: list[dict[str, str]] = []
    for number, prompt in enumerate(prompts):
        still(folder / f"{number}.png", number)
        keyframes.append({"image": f"{number}.png", "shot": prompt})
    still(folder / f"{len(prompts)}.png", len(prompts))
    keyframes.append({"image": last or f"{len(prompts)}.png"})
    film = folder / "film.yaml"
    film.write_text(json.dumps({"version": 1, **more, "keyframes": keyframes}, indent=1))
    return film


def said(film: Path) -> list[str]:
    """The remarks' words."""
    return [remark.message for remark in load(film).remarks]


def test_nothing_to_remark(tmp_path: Path) -> None:
    """Prompts of one's own and different pictures."""
    assert said(written(tmp_path, ["The ball rolls on", "It rests"])) == []


def test_the_prompt_that_new_wrote(tmp_path: Path) -> None:
    """One remark, at the first of them, with how many there are."""
    film = written(tmp_path, [PLACEHOLDER, "It rests", PLACEHOLDER])
    assert vars(writing)["PLACEHOLDER"] is PLACEHOLDER
    assert said(film) == [
        "the prompt is what `new` wrote, and 1 more have it; say what happens before it is bought"
    ]
    (remark,) = load(film).remarks
    assert (remark.path, remark.place.line) == ("sh010", 6)


def test_a_variable_that_is_used_nowhere(tmp_path: Path) -> None:
    """Probably its use is misspelled, and a prompt with `{who}` in it would be bought."""
    film = written(tmp_path, ["{who} rolls on", "${place} at rest"], variables=CAST)
    (remark,) = load(film).remarks
    assert remark.message == "is used nowhere; write ${who} where its value belongs"
    assert (remark.path, remark.place.line) == ("variables.who", 4)
    film = written(tmp_path, ["${who} rolls on", "$${place} at rest"], variables=CAST)
    assert said(film) == ["is used nowhere; write ${place} where its value belongs"]


def test_drafts_are_free(tmp_path: Path) -> None:
    """Nobody pays for a placeholder that the draft model draws."""
    assert said(written(tmp_path, [PLACEHOLDER], model="draft")) == []


def test_a_shot_from_a_picture_to_itself(tmp_path: Path) -> None:
    """By what the pictures show, not by their names."""
    film = written(tmp_path, ["It rolls", "It rests"], last="1.png")
    assert said(film) == [
        "starts and ends on the same picture; name another one if that is not meant"
    ]
    (tmp_path / "copy.png").write_bytes((tmp_path / "1.png").read_bytes())
    assert len(said(written(tmp_path, ["It rolls", "It rests"], last="copy.png"))) == 1


def test_a_picture_that_loses_much(tmp_path: Path) -> None:
    """Above a quarter, with the share and what to do; once, however many shots use it."""
    film = written(tmp_path, ["On", "On"], size="640x360", defaults={"fit": "cover"})
    still(tmp_path / "1.png", 1, size=(320, 640))
    still(tmp_path / "0.png", 0, size=(700, 400))
    found = said(film)
    assert "1.png loses 72% of its height to fit: cover; fit: blur or contain keeps all" in found[0]
    assert len(found) == 2  # the square one loses 44 % of its height
    film.write_text(film.read_text().replace("cover", "blur"))
    assert said(film) == []
