"""The package as its users see it."""

from __future__ import annotations

import subprocess
import sys
from inspect import isfunction
from pathlib import Path
from pkgutil import iter_modules
from textwrap import dedent
from types import ModuleType
from typing import Any

import pytest

import storyboard
from storyboard.testing import FakeService
from tests.boards import board, still

PUBLIC = [
    "Adopted",
    "Audio",
    "Batch",
    "BatchFilm",
    "BatchPlan",
    "Caption",
    "Card",
    "CardWords",
    "CheckedScene",
    "CheckedShot",
    "CheckedStoryboard",
    "Cleaned",
    "CutShot",
    "Damage",
    "Defaults",
    "Effect",
    "Ending",
    "EventLog",
    "Exchanged",
    "Exported",
    "Fal",
    "Film",
    "Finish",
    "Footage",
    "Generated",
    "InvalidStoryboard",
    "Judgement",
    "Keyframe",
    "MODELS",
    "Measured",
    "MoviepyClip",
    "Music",
    "OneMore",
    "OwnModel",
    "OwnOption",
    "OwnPrice",
    "OwnSound",
    "Pace",
    "Pick",
    "Plan",
    "REMOVE",
    "Report",
    "ReviewNote",
    "ReviewPage",
    "Rewriting",
    "Run",
    "Said",
    "Scene",
    "Seam",
    "Shot",
    "Size",
    "Standings",
    "Stock",
    "Stop",
    "Store",
    "Storyboard",
    "StoryboardError",
    "StoryboardFile",
    "Take",
    "TakenBack",
    "Timeline",
    "Title",
    "Transition",
    "Trim",
    "Version",
    "Voice",
    "WrittenJob",
    "__version__",
    "add_note",
    "adopt",
    "assemble",
    "clean",
    "close_note",
    "conform",
    "crew",
    "cut",
    "du",
    "edit",
    "errors",
    "events",
    "expected_wait",
    "export",
    "export_cut",
    "farm_job",
    "film",
    "footage",
    "generate",
    "import_cut",
    "load",
    "notes",
    "pick",
    "plan",
    "plan_batch",
    "plan_film",
    "pull",
    "push",
    "qc",
    "render",
    "render_async",
    "render_batch",
    "repeats",
    "review",
    "review_document",
    "review_page",
    "status",
    "take",
    "verify",
]


def test_the_public_surface_changes_on_purpose_only() -> None:
    """A name that comes or goes has to come or go here, too."""
    assert sorted(storyboard.__all__) == PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there_and_says_what_it_is(name: str) -> None:
    """Each public name can be had, and carries a docstring of its own."""
    found = getattr(storyboard, name)
    assert name in ("__version__", "MODELS") or found.__doc__
    assert not isinstance(found, ModuleType) or name in ("errors", "events")


def test_no_module_stands_where_a_function_does() -> None:
    """`storyboard.load` is the function, whatever was imported before."""
    functions = {name for name in storyboard.__all__ if isfunction(getattr(storyboard, name))}
    assert "load" in functions
    assert not functions & {found.name for found in iter_modules(storyboard.__path__)}


def test_what_the_docstring_shows_can_be_typed_as_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a file, or values, to takes, timeline, clip, film, export and seams."""
    text = str(storyboard.__doc__)
    shown = "\n".join(line for line in text.splitlines() if line.startswith("    "))
    board(tmp_path, keyframes=2)
    for number, name in enumerate("ab"):
        still(tmp_path / "frames" / f"{name}.png", number)
    monkeypatch.chdir(tmp_path)
    named: dict[str, Any] = {}
    with FakeService() as service, service.applied():
        exec(compile(dedent(shown), "docstring", "exec"), named)
        assert len(service.paid) == 1
    assert named["film"].path == Path("frames/storyboard.draft.mp4")
    assert named["takes"].cost == 0  # `render` had bought it
    assert named["timeline"] == storyboard.conform(named["plan"], named["store"])
    assert named["clip"].get_frame(0).shape == (320, 320, 3)
    assert named["report"].seams == ()
    assert Path("cut.mp4").exists()
    assert any(Path("cut").iterdir())
    loaded, written = storyboard.load(named["made"], base="frames"), Path("frames/fox.yaml")
    assert storyboard.load(written).scenes == loaded.scenes
    named["clip"].close()


def test_unknown_names_are_refused() -> None:
    """A name that is not public is an AttributeError, as in any module."""
    with pytest.raises(AttributeError, match="nonsense"):
        _ = storyboard.nonsense


def test_help_loads_nothing_heavy() -> None:
    """`--help` starts neither moviepy nor fal-client nor any other large package."""
    heavy = ["moviepy", "fal_client", "pydantic", "PIL", "numpy", "av", "cv2", "httpx", "rich"]
    code = (
        "import sys; from storyboard.cli import run; run(['--help']);"
        f"print(sorted(set({heavy!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "render" in done.stdout
