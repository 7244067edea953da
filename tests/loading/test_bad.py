"""Bad storyboards: each file in `bad/` stands beside exactly what is said about it."""

from __future__ import annotations

import shlex
from itertools import pairwise
from pathlib import Path

import pytest

from storyboard.errors import InvalidStoryboard
from storyboard.loading.load import load
from tests.loading.stills import lay_out

BAD = Path(__file__).parent / "bad"
FILES = sorted(path.stem for path in BAD.glob("*.yaml"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the storyboards lie, beside the pictures that they name."""
    return lay_out(tmp_path_factory.mktemp("bad"))


def options(text: bytes) -> tuple[dict[str, str], Path | None]:
    """What the first line says the command line adds: `# with: --confine --var name=value`."""
    first = text.partition(b"\n")[0]
    words = shlex.split(first.removeprefix(b"# with:").decode()) if b"# with:" in first else []
    pairs = [after for word, after in pairwise(words) if word == "--var"]
    variables = dict(pair.split("=", 1) for pair in pairs)
    return variables, Path() if "--confine" in words else None


@pytest.mark.parametrize("name", FILES)
def test_a_bad_storyboard(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every mistake is said at its line and column, with the line, and what to do."""
    monkeypatch.chdir(folder)
    text = (BAD / f"{name}.yaml").read_bytes()
    variables, confine = options(text)
    path = Path(f"{name}.yaml")
    path.write_bytes(text)
    with pytest.raises(InvalidStoryboard) as caught:
        load(path, variables=variables, confine=confine)
    said = caught.value.drawn() + "\n"
    assert said == (BAD / f"{name}.txt").read_text()


def test_every_message_has_its_storyboard() -> None:
    """No message is left over."""
    assert sorted(path.stem for path in BAD.glob("*.txt")) == FILES
