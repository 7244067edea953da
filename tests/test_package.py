"""The package as its users see it."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

import storyboard

PUBLIC = [
    "Audio",
    "Caption",
    "CheckedScene",
    "CheckedShot",
    "CheckedStoryboard",
    "CutShot",
    "Defaults",
    "Fal",
    "Film",
    "Footage",
    "Generated",
    "InvalidStoryboard",
    "Keyframe",
    "MODELS",
    "Music",
    "OwnSound",
    "Plan",
    "Scene",
    "Seam",
    "Shot",
    "Size",
    "Store",
    "Storyboard",
    "StoryboardError",
    "Timeline",
    "Title",
    "Transition",
    "Trim",
    "Voice",
    "__version__",
    "assemble",
    "cut",
    "export",
    "film",
    "generate",
    "load",
    "plan",
    "render",
    "review",
]


def test_the_public_surface_changes_on_purpose_only() -> None:
    """A name that comes or goes has to come or go here, too."""
    assert sorted(storyboard.__all__) == PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there_and_says_what_it_is(name: str) -> None:
    """Each public name can be had, and carries a docstring of its own."""
    found = getattr(storyboard, name)
    assert name in ("__version__", "MODELS") or found.__doc__


def test_a_function_stays_a_function_when_its_module_is_imported() -> None:
    """`import storyboard.load` does not turn `storyboard.load` into a module."""
    import_module("storyboard.load")
    assert callable(storyboard.load)


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
