"""`storyboard import`: nothing is written that does not load and cut."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storyboard.cli import run
from storyboard.loading.load import load
from storyboard.testing import FakeService
from tests.boards import board

CUT = ["cut:", "  - sh020", "  - {shot: sh010, duration: 24f}"]


@pytest.fixture(name="exported", scope="module")
def _exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of three shots, with a cut of its own, and its timeline beside it."""
    folder = tmp_path_factory.mktemp("exported")
    film = board(folder, keyframes=4, extra=["title: Case"])
    with FakeService() as service, service.applied():
        assert run(["render", str(film), "--yes", "--preview", "-o", str(folder / "f.mp4")]) == 0
    assert run(["export", str(film), "--to", str(folder / "to"), "--for", "otio"]) == 0
    film.write_text(film.read_text() + "\n".join(CUT) + "\n")
    return folder


def edited(folder: Path, edit: Callable[[list[dict[str, Any]]], object]) -> Path:
    """The exported timeline with its picture items edited."""
    root = json.loads((folder / "to" / "Case.otio").read_text())
    edit(root["tracks"]["children"][0]["children"])
    path = folder / "edited.otio"
    path.write_text(json.dumps(root))
    return path


def test_a_cut_of_another_film_leaves_the_storyboard_as_it_is(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Refused with exit code 8; the storyboard's own list of shots stays, byte for byte."""

    def other(items: list[dict[str, Any]]) -> None:
        for item in items:
            item.update(name="INTERVIEW_A", metadata={}, media_references={})

    film = exported / "film.yaml"
    before = film.read_bytes()
    assert run(["import", str(edited(exported, other)), str(film)]) == 8
    assert "none of its clips is a shot of this storyboard" in capsys.readouterr().err
    assert film.read_bytes() == before


def test_strict_writes_nothing_where_anything_is_left_out(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another take was put in, which `cut:` can't say: an error that names it; else a note."""

    def swapped(items: list[dict[str, Any]]) -> None:
        reference = items[0]["media_references"]["DEFAULT_MEDIA"]
        reference["target_url"] = reference["target_url"].replace("_v001", "_v002")
        items[0], items[1] = items[1], items[0]

    film = exported / "film.yaml"
    before = film.read_bytes()
    path = edited(exported, swapped)
    assert run(["import", str(path), str(film), "--strict"]) == 8
    said = capsys.readouterr().err
    assert (
        "not all of it can be taken over: sh010 shows version 2, which is none of its takes" in said
    )
    assert film.read_bytes() == before
    assert run(["import", str(path), str(film), "--dry-run", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["notes"] == ["sh010 shows version 2, which is none of its takes; its own is used"]
    assert not any("version" in change for change in found["changes"])


def test_what_would_not_cut_is_not_written(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dissolve longer than the shot before it: one sentence, and the text stays."""

    def dissolve(items: list[dict[str, Any]]) -> None:
        time = items[0]["source_range"]["duration"]
        items[0]["source_range"]["duration"] = time | {"value": 3.0}
        items[1]["source_range"]["start_time"]["value"] += 40
        over = {
            "OTIO_SCHEMA": "Transition.1",
            "name": "mix",
            "transition_type": "SMPTE_Dissolve",
            "in_offset": time | {"value": 20.0},
            "out_offset": time | {"value": 20.0},
        }
        items.insert(1, over)

    film = exported / "film.yaml"
    before = film.read_bytes()
    assert run(["import", str(edited(exported, dissolve)), str(film)]) == 8
    assert "the edited cut is not written" in capsys.readouterr().err
    assert film.read_bytes() == before


def test_what_is_written_loads_through_a_link(exported: Path, tmp_path: Path) -> None:
    """The new list validates; a link to the storyboard stays a link."""
    film = exported / "film.yaml"
    before = film.read_bytes()
    link = exported / "link.yaml"
    link.symlink_to(film)
    backwards = edited(exported, lambda items: items.reverse())
    try:
        assert run(["import", str(backwards), str(link), "--json"]) == 0
        assert link.is_symlink()
        cut = load(film).board.cut
        assert cut is not None
        assert [entry.shot for entry in cut] == ["sh030", "sh020", "sh010"]
    finally:
        film.write_bytes(before)


def test_notes_and_whether_it_was_written_are_data(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A ramp is not read, and --json says so, and that --dry-run wrote nothing."""

    def ramp(items: list[dict[str, Any]]) -> None:
        items[1]["effects"] = [{"OTIO_SCHEMA": "TimeEffect.1", "name": "ramp"}]

    path = edited(exported, ramp)
    arguments = ["import", str(path), str(exported / "film.yaml"), "--json", "--dry-run"]
    capsys.readouterr()
    assert run(arguments) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["written"] is False
    assert found["notes"] == ["'sh020' changes its speed on the way, which is not read"]


def test_who_may_use_the_storyboard_stays_as_it_was(exported: Path) -> None:
    """A private storyboard stays private, and a shared one shared."""
    film = exported / "film.yaml"
    before = film.read_bytes()
    backwards = edited(exported, lambda items: items.reverse())
    try:
        for mode in (0o600, 0o640, 0o664):
            film.write_bytes(before)
            film.chmod(mode)
            assert run(["import", str(backwards), str(film), "--json"]) == 0
            assert film.read_bytes() != before
            assert stat.S_IMODE(film.stat().st_mode) == mode
    finally:
        film.write_bytes(before)
        film.chmod(0o644)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "is no cut that can be read: it is empty; save"),
        (b"PK\x03\x04 content.otio", "is damaged, or breaks off; save"),
        (
            b'<?xml version="1.0"?><!DOCTYPE xmeml><xmeml version="5"/>',
            "it holds no sequence; export",
        ),
        (b"\xef\xbb\xbfTITLE: Case\r\nFCM: NON-DROP FRAME\r\n", "it has no picture in it"),
        (b'{"OTIO_SCHEMA": "Timeline.1", "tracks": {"chil', "it is damaged, or breaks off; save"),
        ('{"name": "\u00e9"}'.encode("latin-1"), "it is damaged, or breaks off; save"),
        (b"\x89PNG\r\n\x1a\n", "it is something else; save"),
    ],
)
def test_what_is_no_otio_is_told_by_its_content(
    data: bytes, what: str, exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever it is called: refused with what it is, and the storyboard stays."""
    film = exported / "film.yaml"
    before = film.read_bytes()
    (exported / "other.otio").write_bytes(data)
    assert run(["import", str(exported / "other.otio"), str(film)]) == 8
    assert what in capsys.readouterr().err
    assert film.read_bytes() == before


def test_what_markers_say_is_written_once(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A director's marker is a note beside the storyboard, and the second import adds none."""

    def marked(items: list[dict[str, Any]]) -> None:
        span = items[1]["source_range"]
        mark = {"OTIO_SCHEMA": "Marker.2", "name": "fix the sky", "marked_range": span}
        items[1]["markers"] = [mark]

    film, path = exported / "film.yaml", edited(exported, marked)
    notes = exported / "film.yaml.notes.jsonl"
    before = film.read_bytes()
    try:
        assert run(["import", str(path), str(film), "--dry-run", "--json"]) == 0
        said = json.loads(capsys.readouterr().out)["remarks"]
        assert [(note["shot"], note["frame"], note["text"]) for note in said] == [
            ("sh020", 0, "fix the sky")
        ]
        assert not notes.exists()
        assert run(["import", str(path), str(film)]) == 0
        assert run(["import", str(path), str(film)]) == 0
        assert capsys.readouterr().out.count("fix the sky") == 1
        (line,) = notes.read_text().splitlines()
        assert json.loads(line)["text"] == "fix the sky"
    finally:
        film.write_bytes(before)
        notes.unlink(missing_ok=True)
