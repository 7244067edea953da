"""The wheel, as somebody else's machine gets it: built, unpacked, and run from there."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from storyboard import __version__
from storyboard.fileformat.json_schema import schema_text
from tests.boards import board

ROOT = Path(__file__).parent.parent
NAME = "storyboard-film"


@pytest.fixture(name="installed", scope="module")
def _installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing in it but what is in the wheel."""
    made = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(made)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = made.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(made / "site")
    return made / "site"


def run(installed: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command of the wheel, not that of the checkout."""
    return subprocess.run(
        [sys.executable, "-m", "storyboard", *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_is_storyboard_and_the_package_has_a_free_name(installed: Path) -> None:
    """What pipx and uvx make of the wheel is a command called `storyboard`."""
    (found,) = metadata.distributions(path=[str(installed)])
    assert found.metadata["Name"] == NAME
    (command,) = [entry for entry in found.entry_points if entry.group == "console_scripts"]
    assert (command.name, command.value) == ("storyboard", "storyboard.__main__:main")


def test_the_wheel_runs_by_itself(installed: Path, tmp_path: Path) -> None:
    """Version, schema, and a storyboard that is checked, far from any checkout."""
    board(tmp_path)
    where = [sys.executable, "-c", "import storyboard; print(storyboard.__file__)"]
    environment = os.environ | {"PYTHONPATH": str(installed)}
    found = subprocess.run(where, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert found.stdout.strip().startswith(str(installed))
    assert __version__ in run(installed, "--version", cwd=tmp_path).stdout
    assert run(installed, "schema", cwd=tmp_path).stdout == schema_text()
    checked = run(installed, "validate", cwd=tmp_path)
    assert (checked.returncode, checked.stdout) == (0, "film.yaml: no mistakes; 2 shots, 1 scene\n")


def test_fonts_and_schema_come_along(installed: Path) -> None:
    """What is no code is in the wheel, too."""
    package = installed / "storyboard"
    assert (package / "fileformat" / "storyboard.schema.json").read_text() == schema_text()
    assert list((package / "fonts").glob("*.woff"))
    assert (package / "py.typed").exists()


def test_no_page_installs_somebody_elses_package() -> None:
    """`storyboard` on PyPI is not this: nothing says to fetch it."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *ROOT.glob("storyboard/**/*.py")]
    for page in pages:
        text = page.read_text()
        for wrong in ("install storyboard", "install 'storyboard", 'install "storyboard'):
            assert wrong not in text, page
