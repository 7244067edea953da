"""The command's first moments."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import storyboard

FILM = Path(__file__).parents[2] / "examples" / "four-seasons" / "film.yaml"
INTERRUPTED = """
import sys

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Finder())
sys.argv = ["storyboard", "validate", {film!r}]
from storyboard.__main__ import main
main()
"""


def test_ctrl_c_while_it_is_loaded_is_answered_in_words() -> None:
    """No traceback, whatever is being loaded at that moment."""
    for module in ("storyboard.cli", "click", "storyboard.cli.validate", "pydantic"):
        made = [sys.executable, "-c", INTERRUPTED.format(module=module, film=str(FILM))]
        done = subprocess.run(made, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (130, "", "\ninterrupted\n"), module


def test_the_command_is_the_module() -> None:
    """`python -m storyboard` is the same program."""
    made = [sys.executable, "-m", "storyboard", "--version"]
    done = subprocess.run(made, capture_output=True, text=True, check=True)
    assert done.stdout == f"storyboard, version {storyboard.__version__}\n"
