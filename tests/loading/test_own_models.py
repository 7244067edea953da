"""Rows of one's own: in the storyboard, in a Python file, in a package."""

from __future__ import annotations

import re
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from storyboard.errors import InvalidStoryboard, StoryboardError
from storyboard.loading.load import load
from storyboard.models import installed
from storyboard.planning.planner import plan
from tests.loading.stills import lay_out

DOCS = Path(__file__).parents[2] / "docs" / "models.md"


def block(kind: str) -> str:
    """The first example of this kind in docs/models.md."""
    found = re.search(rf"```{kind}\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures."""
    lay_out(tmp_path)
    (tmp_path / "c.png").write_bytes((tmp_path / "a.png").read_bytes())
    return tmp_path


def written(folder: Path, text: str) -> Path:
    """The storyboard of this text."""
    (folder / "film.yaml").write_text(text)
    return folder / "film.yaml"


def test_the_two_of_the_docs(folder: Path) -> None:
    """Planned, priced, and sent as their endpoints want it."""
    first, second = plan(load(written(folder, block("yaml")))).shots
    assert (first.price_microusd, second.price_microusd) == (450_000, 500_000)
    assert first.request.endpoint == "fal-ai/pixverse/v5.6/transition"
    assert first.request.arguments["aspect_ratio"] == "1:1"
    assert second.request.arguments == {
        "prompt": "It rests",
        "num_frames": 81,
        "resolution": "720p",
        "frames_per_second": 16,
        "num_interpolated_frames": 0,
        "enable_prompt_expansion": False,
    }


ONE = """\
version: 1
model: mine
models: {mine: {MORE}}
keyframes: [{image: a.png, shot: On}, {image: b.png}]
"""
WHOLE = "endpoint: o/a, start: s, end: e, lengths: ['5'], price: 0.1"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("start: s", "models.mine: needs endpoint, end, lengths, price, or `like` a model"),
        ("like: hailuo-2.3", "models.mine.like: hailuo-2.3 has no end frame; the nearest is"),
        ("like: draft", "models.mine.like: draft is no model of the service's"),
        (WHOLE.replace("'5'", "'5', 6"), "models.mine.lengths: have to be written alike"),
        (WHOLE.replace("'5'", "soon"), 'models.mine.lengths: soon is no length; write "5", "5s"'),
        (WHOLE.replace("0.1", "{by: size, rates: {a: 1}}"), "hangs on size, which is no option"),
        (WHOLE.replace("0.1", "{per: take}"), "models.mine.price: needs dollars, or by and rates"),
        (WHOLE + ", options: {fps: {least: 1}}", "fps needs both least and most"),
        (WHOLE + ", ends: x", "models.mine.ends: is not a field of"),
    ],
)
def test_what_is_wrong_with_a_row(folder: Path, more: str, words: str) -> None:
    """One mistake, at the row's line, with what to do."""
    with pytest.raises(InvalidStoryboard) as caught:
        load(written(folder, ONE.replace("MORE", more)))
    (mistake,) = caught.value.mistakes
    assert mistake.place.line == 3
    assert words in str(mistake)


def test_a_name_of_the_table_cant_be_taken(folder: Path) -> None:
    """What was bought by it would be another's."""
    text = ONE.replace("mine", "kling-o1-pro").replace("MORE", WHOLE)
    with pytest.raises(InvalidStoryboard, match="is a model of the table; give yours another name"):
        load(written(folder, text))


def test_a_file_of_rows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of the docs, by the variable; and what is said of one that is none."""
    (folder / "rows.py").write_text(block("python"))
    monkeypatch.setenv("STORYBOARD_MODELS", str(folder / "rows.py"))
    text = "version: 1\nmodel: my-veo\nkeyframes: [{image: a.png, shot: On}, {image: b.png}]\n"
    (shot,) = plan(load(written(folder, text))).shots
    assert shot.request.arguments["duration"] == "6s"
    assert shot.price_microusd == 1_200_000
    (folder / "none.py").write_text("ROWS = []\n")
    monkeypatch.setenv("STORYBOARD_MODELS", str(folder / "none.py"))
    with pytest.raises(StoryboardError, match="has no MODELS; give it a list of rows"):
        load(written(folder, text))
    monkeypatch.setenv("STORYBOARD_MODELS", str(folder / "missing.py"))
    with pytest.raises(StoryboardError, match="can't be used: FileNotFoundError"):
        load(written(folder, text))


def test_a_package_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its entry point; one that can't be loaded is one sentence."""
    good = EntryPoint("mine", "tests.loading.test_asked:CHOOSY", installed.GROUP)
    monkeypatch.setattr(installed, "entry_points", lambda group: [good])
    monkeypatch.setenv("STORYBOARD_MODELS", "")
    installed._with.cache_clear()
    assert "choosy" in installed.installed()
    bad = EntryPoint("mine", "tests.loading.nowhere:ROWS", installed.GROUP)
    monkeypatch.setattr(installed, "entry_points", lambda group: [bad])
    installed._with.cache_clear()
    with pytest.raises(StoryboardError, match=r"models of tests.loading.nowhere:ROWS can't be"):
        installed.installed()
    monkeypatch.undo()
    installed._with.cache_clear()
