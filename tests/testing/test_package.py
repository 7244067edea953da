"""The package keeps its promises to those who read only its front page."""

from __future__ import annotations

import ast
import sys
import textwrap
from pathlib import Path

import pytest

import storyboard.testing
from storyboard.testing import acts, tls_proxy
from tests.testing.caller import picture

FOLDER = Path(storyboard.testing.__file__).parent


def imported(module: Path) -> set[str]:
    """Return the dotted names of everything a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_the_example_on_the_front_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it stands, given the picture that it uploads."""
    (tmp_path / "winter.png").write_bytes(picture(1))
    monkeypatch.chdir(tmp_path)
    page = storyboard.testing.__doc__ or ""
    example = page[page.index("    import fal_client") : page.index("For a program")]
    exec(textwrap.dedent(example), {})


def test_it_stands_on_its_own() -> None:
    """Nothing of the rest of storyboard is needed to test with it."""
    for module in FOLDER.glob("*.py"):
        ours = {name for name in imported(module) if name.split(".")[0] == "storyboard"}
        assert all(name.startswith("storyboard.testing") for name in ours), module


def test_without_trustme_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The only package that does not come with storyboard itself."""
    monkeypatch.setitem(sys.modules, "trustme", None)
    with pytest.raises(ImportError, match="pip install trustme"):
        tls_proxy.certify(frozenset({"only.here"}))


def test_every_public_name_is_explained() -> None:
    """Names on the front page, and all the acts, have docstrings."""
    public = [getattr(storyboard.testing, name) for name in storyboard.testing.__all__]
    public += vars(acts).values()
    ours = [p for p in public if getattr(p, "__module__", "").startswith("storyboard.testing")]
    assert [p for p in ours if not p.__name__.startswith("_") and not p.__doc__] == []
