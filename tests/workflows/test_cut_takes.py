"""Takes that `cut:` names: both of a shot in one film, for nothing more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from storyboard.cli import run
from storyboard.testing import FakeService, codes
from storyboard.video.reader import read
from tests.boards import board

CUT = ["cut:", "  - {shot: sh010, take: 2, duration: 24f}", "  - sh020", "  - sh010"]


@pytest.fixture(name="paid", scope="module")
def _paid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of two shots with two takes each, bought in order: codes 0 to 3."""
    film = board(tmp_path_factory.mktemp("takes"), shot="takes: 2", extra=["title: Case"])
    with FakeService() as service, service.applied():
        assert (
            run(
                [
                    "render",
                    str(film),
                    "--yes",
                    "--preview",
                    "--jobs",
                    "1",
                    "-o",
                    str(film.parent / "f.mp4"),
                ]
            )
            == 0
        )
        assert len(service.paid) == 4
    return film


def keys(film: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the plan asks for."""
    capsys.readouterr()
    assert run(["plan", str(film), "--json"]) == 0
    shots = json.loads(capsys.readouterr().out)["shots"]
    return [take["key"] for shot in shots for take in shot["takes"]]


@pytest.fixture(name="recut")
def _recut(paid: Path, tmp_path: Path) -> Path:
    """The film with a cut that shows both takes of its first shot; its store is the first one's."""
    film = board(tmp_path, shot="takes: 2", extra=["title: Case", *CUT])
    (tmp_path / ".storyboard").symlink_to(paid.parent / ".storyboard")
    return film


def test_both_takes_of_a_shot_are_in_one_film(recut: Path) -> None:
    """The named one where it is named, the picked one elsewhere; every frame says its take."""
    out = recut.parent / "film.mp4"
    assert run(["render", str(recut), "--max-cost", "0", "-o", str(out)]) == 0
    seen = [code for code in map(codes.read, read(out)) if code]
    shown = list(dict.fromkeys(code.shot for code in seen))
    assert len(seen) == 24 + 73 + 72
    assert [code.frame for code in seen] == [*range(24), *range(73), *range(72)]
    assert len(shown) == 3  # two takes of the first shot, one of the second


def test_what_is_asked_for_stays_the_same(
    recut: Path, paid: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A named take renews no key, and the plan counts the film as it is cut."""
    assert keys(recut, capsys) == keys(paid, capsys)


def test_the_animatic_shows_what_there_is(recut: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Named takes are no reason for a draft to fail."""
    assert run(["animatic", str(recut), "--preview", "-o", str(recut.parent / "a.mp4")]) == 0
    assert len(list(read(recut.parent / "a.mp4"))) == 24 + 73 + 72


def test_both_are_handed_over(recut: Path, tmp_path: Path) -> None:
    """Each take is a file of its own, under the clip that shows it."""
    assert run(["export", str(recut), "--to", str(tmp_path / "to"), "--for", "otio"]) == 0
    root = json.loads((tmp_path / "to" / "Case.otio").read_text())
    clips = root["tracks"]["children"][0]["children"]
    shown = [clip["media_references"]["DEFAULT_MEDIA"]["target_url"] for clip in clips]
    assert shown == [f"media/{name}.mov" for name in ("sh010_v002", "sh020_v001", "sh010_v001")]


def test_a_take_that_is_not_there_yet_is_no_film(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exporting says which shot lacks its take; a draft still shows something."""
    film = board(tmp_path, shot="takes: 2", extra=CUT)
    assert run(["export", str(film), "--to", str(tmp_path / "to")]) == 8
    assert "sh010" in capsys.readouterr().err
    assert run(["animatic", str(film), "--preview", "-o", str(tmp_path / "a.mp4")]) == 0
