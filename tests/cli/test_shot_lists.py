"""Shot lists in and out: a storyboard from a table, and the table from the storyboard."""

from __future__ import annotations

import json
from pathlib import Path

import opentimelineio as otio
import pytest

from storyboard.cli import run
from storyboard.loading.load import load
from tests.boards import still

TABLE = """\
Scene;Shot;Prompt;Image;End image;Duration
day;sh010;"The fox; at the door";a.png;b.png;3
day;sh020;It runs to the river;b.png;c.png;96f
night;sh030;Lights come on;d.png;a.png;
"""


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    """Four pictures, and a table that names them."""
    for number, name in enumerate("abcd"):
        still(tmp_path / f"{name}.png", number)
    (tmp_path / "shots.csv").write_text(TABLE, encoding="utf-8-sig")
    return tmp_path


def shots(film: Path) -> list[tuple[str, ...]]:
    """What the storyboard says of each shot."""
    return [
        (
            *(shot.scene, shot.id, shot.prompt, str(shot.duration), shot.start.still.path.name),
            shot.end.still.path.name if shot.end else "",
        )
        for shot in load(film).shots
    ]


RIGHT = [
    ("day", "sh010", "The fox; at the door", "3 s", "a.png", "b.png"),
    ("day", "sh020", "It runs to the river", "96f", "b.png", "c.png"),
    ("night", "sh030", "Lights come on", "5 s", "d.png", "a.png"),
]


def test_a_table_becomes_a_storyboard(folder: Path) -> None:
    """Columns in any order and case, ids as they are, scenes, and an end where it has one."""
    film = folder / "film.yaml"
    assert run(["new", "--from", str(folder / "shots.csv"), "-o", str(film)]) == 0
    assert shots(film) == RIGHT


def test_it_goes_out_and_comes_in_again(folder: Path) -> None:
    """The exported table gives the same storyboard, elsewhere as well."""
    film = folder / "film.yaml"
    assert run(["new", "--from", str(folder / "shots.csv"), "-o", str(film)]) == 0
    assert run(["export", str(film), "--to", str(folder / "to"), "--for", "shotlist"]) == 0
    [table] = (folder / "to").glob("*.csv")
    (folder / "other").mkdir()
    again = folder / "other" / "again.yaml"
    assert run(["new", "--from", str(table), "-o", str(again)]) == 0
    assert shots(again) == RIGHT


def test_a_second_import_changes_only_what_differs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Comments and everything else stay; what can't be taken over is said."""
    film, table = folder / "film.yaml", folder / "shots.csv"
    assert run(["new", "--from", str(table), "-o", str(film)]) == 0
    film.write_text(film.read_text() + "# mine\n")
    before = film.read_text()
    assert run(["new", "--from", str(table), "-o", str(film)]) == 0
    assert film.read_text() == before
    edited = TABLE.replace("It runs to the river", "It swims").replace("sh030", "sh040")
    table.write_text(edited.replace("b.png;3", "b.png;4"))
    capsys.readouterr()
    assert run(["new", "--from", str(table), "-o", str(film)]) == 0
    said = capsys.readouterr()
    assert "2 shots changed" in said.out
    assert "sh040 is not in the storyboard" in said.err
    assert "sh030 is not in the list" in said.err
    pairs = zip(before.splitlines(), film.read_text().splitlines(), strict=True)
    assert len([1 for old, new in pairs if old != new]) == 2
    assert [one[2:4] for one in shots(film)][:2] == [
        ("The fox; at the door", "4 s"),
        ("It swims", "96f"),
    ]


def test_boards_of_storyboarder(folder: Path) -> None:
    """Pictures from `images`, lengths in milliseconds, action and dialogue as the prompt."""
    for number, name in enumerate(("board-1-AAAAA.png", "board-2-BBBBB.png")):
        still(folder / "images" / name, number)
    boards = [
        {"uid": "AAAAA", "url": "board-1-AAAAA.png", "duration": 3500, "action": "He waits."},
        {"uid": "BBBBB", "url": "board-2-BBBBB.png"},
    ]
    path = folder / "film.storyboarder"
    path.write_text(json.dumps({"defaultBoardTiming": 2000, "boards": boards}))
    film = folder / "film.yaml"
    assert run(["new", "--from", str(path), "-o", str(film)]) == 0
    [only] = shots(film)
    assert only[1:4] == ("bAAAAA", "He waits.", "3.5 s")
    assert only[4:] == ("board-1-AAAAA.png", "board-2-BBBBB.png")


def stills(folder: Path, *tracks: str) -> Path:
    """A timeline of two seconds of each picture, with words over the first, by the library."""
    timeline = otio.schema.Timeline("board")
    for number, names in enumerate(tracks):
        track = otio.schema.Track(f"V{number}", kind="Video")
        track.extend(
            otio.schema.Clip(
                f"{name}.png",
                otio.schema.ExternalReference(target_url=f"{name}.png"),
                span(0, 60),
            )
            for name in names
        )
        timeline.tracks.append(track)
    timeline.tracks.markers.append(
        otio.schema.Marker("go", marked_range=span(30, 1), comment="The fox runs")
    )
    path = folder / "board.otio"
    otio.adapters.write_to_file(timeline, str(path))
    return path


def span(first: float, frames: float) -> otio.opentime.TimeRange:
    """Frames at 30 a second."""
    return otio.opentime.TimeRange(
        otio.opentime.RationalTime(first, 30), otio.opentime.RationalTime(frames, 30)
    )


def test_a_timeline_of_stills(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A shot from each still to the next; the second time, what changed is written."""
    film = folder / "film.yaml"
    assert run(["new", "--from", str(stills(folder, "abca")), "-o", str(film)]) == 0
    prompt = "The camera moves slowly on"
    assert shots(film) == [
        ("scene1", "a", "The fox runs", "2 s", "a.png", "b.png"),
        ("scene1", "b", prompt, "2 s", "b.png", "c.png"),
        ("scene1", "c", prompt, "2 s", "c.png", "a.png"),
    ]
    assert "the film ends on a.png; its 2 s are left out" in capsys.readouterr().err
    film.write_text(film.read_text().replace("The fox runs", "The fox walks"))
    assert run(["new", "--from", str(folder / "board.otio"), "-o", str(film)]) == 0
    assert "1 shot changed" in capsys.readouterr().out
    assert shots(film)[0][2] == "The fox runs"


@pytest.mark.parametrize(
    ("tracks", "said"),
    [
        (("ab", "c"), "has pictures on 2 tracks; bring them onto one"),
        (("ax",), "'x.png' is not there"),
        ((), "lists no shot"),
    ],
)
def test_a_timeline_that_can_not_be_is_said(
    folder: Path, tracks: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence; nothing is written."""
    film = folder / "film.yaml"
    assert run(["new", "--from", str(stills(folder, *tracks)), "-o", str(film)]) == 8
    assert said in capsys.readouterr().err
    assert not film.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("shot,prompt\nsh010,x\n", "has no column `image`"),
        ("shot,image\n,\n", "lists no shot"),
        ("shot,image\nsh 10,a.png\n", "row 2: 'sh 10' is no name of a shot"),
        ("shot,image\nsh010,\n", "row 2: it has no image"),
        ("shot,image,duration\nsh010,a.png,soon\n", "sh010: its duration "),
        ("image\nnone.png\na.png\n", "none.png"),
    ],
)
def test_a_list_that_can_not_be_is_said(
    folder: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence with the row; nothing is written."""
    (folder / "bad.csv").write_text(text)
    film = folder / "film.yaml"
    assert run(["new", "--from", str(folder / "bad.csv"), "-o", str(film)]) == 8
    assert said in capsys.readouterr().err
    assert not film.exists()
