"""`qc`, `export` and `import`: what is done with takes that are there, without any payment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from storyboard.testing import FakeService, codes
from storyboard.video.reader import read
from tests.boards import board
from tests.cli.running import Outcome, storyboard


@pytest.fixture(name="paid", scope="module")
def _paid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of three shots whose takes are in the store: sent in their order, which they show."""
    folder = tmp_path_factory.mktemp("paid")
    film = board(folder, keyframes=4, extra=["# a comment that stays"])
    with FakeService() as service:
        found = storyboard("render", film, "--yes", "--jobs=1", environment=service.environment)
    assert found.code == 0, found.err
    return film


def _free(*arguments: str | Path) -> Outcome:
    """A command without key and without network."""
    return storyboard(*arguments, environment={"HTTPS_PROXY": "http://127.0.0.1:9"})


def test_qc_measures_every_seam(paid: Path, tmp_path: Path) -> None:
    """Two seams, each with numbers and a picture."""
    found = _free("qc", paid, "--json", "--pictures", tmp_path)
    assert found.code == 0, found.err
    assert [(s["before"], s["after"]) for s in found.data["seams"]] == [
        ("sh010", "sh020"),
        ("sh020", "sh030"),
    ]
    assert len(list(tmp_path.glob("*.png"))) == 2


def test_fail_on_refuses_kinds_that_do_not_exist(paid: Path) -> None:
    """A typing mistake must not turn a check off."""
    found = _free("qc", paid, "--fail-on", "jmp")
    assert found.code == 2
    assert "jump" in found.err


def test_export_hands_over_timelines_and_media(paid: Path, tmp_path: Path) -> None:
    """All formats, a file for each shot, and the losses said."""
    found = _free("export", paid, "--to", tmp_path, "--json")
    assert found.code == 0, found.err
    endings = {Path(name).suffix for name in found.data["files"]}
    assert {".otio", ".xml", ".fcpxml", ".edl", ".mlt", ".mov"} <= endings


def test_export_of_what_is_not_there_is_refused(tmp_path: Path) -> None:
    """Without takes there is nothing to hand over, unless slates are wanted."""
    found = _free("export", board(tmp_path), "--to", tmp_path / "cut")
    assert found.code == 8
    assert "--slate" in found.err


def test_an_edited_cut_comes_back_without_a_payment(paid: Path, tmp_path: Path) -> None:
    """Re-ordered and trimmed in an editor, imported, rendered: the edited film, and no POST."""
    # Given an export whose shots are put in another order, the first one shortened
    _free("export", paid, "--to", tmp_path, "--for", "otio")
    exported = next(tmp_path.glob("*.otio"))
    timeline = json.loads(exported.read_text())
    track = next(t for t in timeline["tracks"]["children"] if t["kind"] == "Video")
    clips = [item for item in track["children"] if item["OTIO_SCHEMA"].startswith("Clip")]
    clips[2]["source_range"]["duration"]["value"] = 24
    track["children"] = [clips[2], clips[0]]
    edited = tmp_path / "edited.otio"
    edited.write_text(json.dumps(timeline))
    before = storyboard("plan", paid, "--json").data["shots"]
    # When it is imported and rendered
    found = _free("import", edited, paid)
    assert found.code == 0, found.err
    after = storyboard("plan", paid, "--json").data["shots"]
    rendered = _free("render", paid, "-o", tmp_path / "edited.mp4")
    # Then no key changed, the comment stayed, and the film is the edited one
    assert [s["takes"] for s in before] == [s["takes"] for s in after]
    assert "# a comment that stays" in paid.read_text()
    assert rendered.code == 0, rendered.err
    seen = [codes.read(picture) for picture in read(tmp_path / "edited.mp4")]
    assert len(seen) == 24 + 72
    assert [code.frame for code in seen if code] == [*range(24), *range(72)]
