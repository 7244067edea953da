"""`storyboard import`: black, and footage that is no shot's, stay where the editor has them."""

from __future__ import annotations

import json
import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from storyboard.cli import run
from storyboard.testing import codes
from storyboard.testing.clips import write_clip
from storyboard.video.reader import read
from tests.boards import board

Json = dict[str, Any]
OURS = 77
"""The number that is painted into every frame of the footage."""
FORMATS = ("otio", "xml", "fcpxml", "edl", "mlt")


@pytest.fixture(name="exported", scope="module")
def _exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of two drafts, its timeline, and footage of 48 frames a second beside it."""
    folder = tmp_path_factory.mktemp("inserts")
    film = board(folder, extra=["title: Case", "fps: 24", "size: 320x320"])
    assert (
        run(["render", str(film), "--draft", "--preview", "-q", "-o", str(folder / "f.mp4")]) == 0
    )
    command = ["export", str(film), "--draft", "--to", str(folder / "to"), "--for", "otio"]
    assert run(command) == 0
    (folder / "footage").mkdir()
    write_clip(
        folder / "footage" / "drone shot.mp4",
        frames=60,
        size=(320, 320),
        rate=Fraction(48),
        shot=OURS,
    )
    return folder


@pytest.fixture(name="film")
def _film(exported: Path, tmp_path: Path) -> Path:
    """A copy of it, to be edited."""
    shutil.copytree(exported, tmp_path / "film")
    return tmp_path / "film" / "film.yaml"


def span(start: float, frames: float) -> Json:
    """A TimeRange at 24."""
    times = [{"OTIO_SCHEMA": "RationalTime.1", "value": v, "rate": 24.0} for v in (start, frames)]
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": times[0], "duration": times[1]}


def gap(frames: int) -> Json:
    """Black, as OpenTimelineIO has it."""
    return {"OTIO_SCHEMA": "Gap.1", "source_range": span(0, frames)}


def footage(name: str, start: int, frames: int) -> Json:
    """A clip of a movie on another machine's disc."""
    media = {
        "OTIO_SCHEMA": "ExternalReference.1",
        "target_url": f"file:///Volumes/Raid/{name}",
        "available_range": span(0, 30),
    }
    return {
        "OTIO_SCHEMA": "Clip.2",
        "name": "B roll",
        "source_range": span(start, frames),
        "media_references": {"DEFAULT_MEDIA": media},
        "active_media_reference_key": "DEFAULT_MEDIA",
    }


def edited(film: Path, *, upper: list[Json] | None = None, **parts: Json) -> Path:
    """The exported timeline with parts before, between and behind its two shots."""
    root = json.loads((film.parent / "to" / "Case.otio").read_text())
    tracks = root["tracks"]["children"]
    shots = tracks[0]["children"]
    named = (parts.get("before"), shots[0], parts.get("between"), shots[1], parts.get("behind"))
    tracks[0]["children"] = [part for part in named if part]
    if upper:
        tracks.append({"OTIO_SCHEMA": "Track.1", "kind": "Video", "name": "V2", "children": upper})
    path = film.parent / "edited.otio"
    path.write_text(json.dumps(root))
    return path


def cut(film: Path) -> list[Any]:
    """The storyboard's `cut:` list."""
    found = yaml.safe_load(film.read_text())["cut"]
    assert isinstance(found, list)
    return found


def taken_over(film: Path, path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> Json:
    """What `import` says as data."""
    capsys.readouterr()
    assert run(["import", str(path), str(film), "--draft", "--json", *more]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_black_and_footage_are_seen_where_they_were(
    film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Gaps are black to the frame; the movie plays at its own pace, and is in the store, unpaid."""
    path = edited(film, before=gap(5), between=footage("drone%20shot.mp4", 4, 8), behind=gap(7))
    found = taken_over(film, path, capsys, "--strict")
    assert found["notes"] == []
    assert found["changes"] == ["black is put in, 2 times", "drone_shot is put in"]
    clip = {"clip": "footage/drone shot.mp4", "start": "8f", "duration": "8f"}
    assert cut(film) == [
        {"card": "black", "duration": "5f"},
        "sh010",
        clip,
        "sh020",
        {"card": "black", "duration": "7f"},
    ]
    film_file = film.parent / "made.mp4"
    assert run(["render", str(film), "--draft", "--preview", "-q", "-o", str(film_file)]) == 0
    pictures = list(read(film_file))
    dark = [n for n, picture in enumerate(pictures) if picture.max() < 20]
    assert dark == [*range(5), *range(len(pictures) - 7, len(pictures))]
    ours = [
        (n, code.frame)
        for n, one in enumerate(pictures)
        if (code := codes.read(one)) and code.shot == OURS
    ]
    first = ours[0][0]
    assert ours == [(first + n, 8 + 2 * n) for n in range(8)]
    assert any(
        "drone shot.mp4" in note.read_text()
        for note in film.parent.glob(".storyboard/takes/*.json")
    )


def test_the_same_cut_comes_back_from_every_format(
    film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exported with what was put in, and read back: no change; also the editor's own file again."""
    path = edited(film, before=gap(5), between=footage("drone%20shot.mp4", 4, 8))
    taken_over(film, path, capsys)
    before = film.read_bytes()
    to = film.parent / "again"
    export = ["export", str(film), "--draft", "--to", str(to), "--for"]
    assert run([*export, "otio,premiere,fcp,avid,shotcut"]) == 0
    for file in (path, *(to / f"Case.{ending}" for ending in FORMATS)):
        found = taken_over(film, file, capsys, "--strict")
        assert (found["changes"], found["written"]) == ([], False), file.name
    assert film.read_bytes() == before


def test_footage_above_the_shots_is_what_is_seen(
    film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where its file is there; a title, whose file is nowhere, is said and hides nothing."""
    upper = [gap(10), footage("drone shot.mp4", 0, 6), gap(4), footage("names.png", 0, 20)]
    found = taken_over(film, edited(film, upper=upper), capsys)
    assert found["notes"] == ["'B roll', on a track above the film's, is not read"]
    assert [entry.get("clip", entry.get("shot")) for entry in cut(film)[:3]] == [
        "sh010",
        "footage/drone shot.mp4",
        "sh010",
    ]


def test_a_fade_into_black_is_as_long_as_it_was(
    film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dissolve over the start of a gap: the picture goes within it, and black is the rest."""
    path = edited(film, between=gap(20))
    root = json.loads(path.read_text())
    items = root["tracks"]["children"][0]["children"]
    over = {
        "OTIO_SCHEMA": "Transition.1",
        "transition_type": "SMPTE_Dissolve",
        "in_offset": span(0, 0)["start_time"],
        "out_offset": span(0, 8)["duration"],
    }
    items[0]["source_range"]["duration"]["value"] -= 10
    items.insert(1, over)
    path.write_text(json.dumps(root))
    assert taken_over(film, path, capsys)["notes"] == []
    fade = {"type": "fade", "duration": "8f", "before": "8f"}
    assert cut(film)[1] == {"card": "black", "duration": "12f", "transition": fade}


def test_a_movie_that_is_gone_is_said_and_refused_when_strict(
    film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Black stands there, so that nothing behind it moves."""
    path = edited(film, between=footage("gone.mov", 0, 9))
    before = film.read_bytes()
    assert run(["import", str(path), str(film), "--draft", "--strict"]) == 8
    assert "'B roll' is no shot, and no movie that is there" in capsys.readouterr().err
    assert film.read_bytes() == before
    found = taken_over(film, path, capsys)
    assert found["notes"] == ["'B roll' is no shot, and no movie that is there: black stands there"]
    assert cut(film)[1] == {"card": "black", "duration": "9f"}


def test_a_cut_of_drafts_is_told_by_itself(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --draft: the takes are not there, the drafts are, so nothing differs by a frame."""
    capsys.readouterr()
    assert run(["import", str(film.parent / "to" / "Case.otio"), str(film), "--strict"]) == 0
    said = capsys.readouterr()
    assert said.out == "nothing was changed\n"
    assert "read with --draft: only drafts are there of sh010, sh020" in said.err


def test_what_an_entry_shows_is_one_thing(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither two at once nor nothing; and a card has no takes, and does not move."""
    text = film.read_text()
    for entry, said in (
        ("{shot: sh010, card: red}", "cut[0]: names shot and card at once; write one of them"),
        ("{duration: 2}", "cut[0]: names neither a shot, a clip nor a card"),
        ("{card: red, take: 1}", "cut[0].take: is nothing that a card has; take it out"),
        ("{card: red, speed: 2}", "cut[0].speed: is nothing that a card has"),
        ("{clip: no.mp4}", "cut[0].clip: "),
    ):
        film.write_text(f"{text}cut: [{entry}]\n")
        assert run(["validate", str(film)]) == 3, entry
        assert said in capsys.readouterr().err


def graded(film: Path, *, frames: int) -> Path:
    """A version of sh020 from outside, and the timeline in which it stands for the take."""
    made = film.parent / "vfx" / "sh020_v003.mp4"
    made.parent.mkdir()
    write_clip(made, frames=frames, size=(320, 320), rate=Fraction(24), shot=OURS)
    path = edited(film)
    root = json.loads(path.read_text())
    clip = root["tracks"]["children"][0]["children"][1]
    clip["media_references"]["DEFAULT_MEDIA"] = {
        "OTIO_SCHEMA": "ExternalReference.1",
        "target_url": "vfx/sh020_v003.mp4",
        "available_range": span(0, frames),
    }
    clip["source_range"] = span(10, 20)
    path.write_text(json.dumps(root))
    return path


def test_a_version_from_outside_is_adopted_and_never_bought(
    film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The shot has it as its clip: nothing is to pay for it, and the film shows its frames."""
    path = graded(film, frames=73)
    found = taken_over(film, path, capsys, "--strict")
    assert found["changes"][0] == "sh020 shows 'vfx/sh020_v003.mp4', which is adopted"
    shot = yaml.safe_load(film.read_text())["keyframes"][1]["shot"]
    assert shot["clip"] == "vfx/sh020_v003.mp4"
    assert cut(film)[1] == {"shot": "sh020", "start": "10f", "duration": "20f"}
    assert run(["plan", str(film), "--json"]) == 0
    shots = json.loads(capsys.readouterr().out)["shots"]
    assert shots[1]["clip"] == "vfx/sh020_v003.mp4"
    assert [shot["price_microusd"] > 0 for shot in shots] == [True, False]
    before = film.read_bytes()
    assert taken_over(film, path, capsys)["changes"] == []
    assert film.read_bytes() == before
    film_file = film.parent / "made.mp4"
    assert run(["render", str(film), "--draft", "--preview", "-q", "-o", str(film_file)]) == 0
    seen = [
        code.frame for one in read(film_file) if (code := codes.read(one)) and code.shot == OURS
    ]
    assert seen == list(range(10, 30))


def test_two_versions_from_outside_of_one_shot_are_refused_by_name(
    film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The storyboard stays as it is."""
    path = graded(film, frames=73)
    other = film.parent / "vfx" / "sh020_v004.mp4"
    other.write_bytes((film.parent / "vfx" / "sh020_v003.mp4").read_bytes() + b"\0\0\0\x08free")
    root = json.loads(path.read_text())
    items = root["tracks"]["children"][0]["children"]
    items.append(json.loads(json.dumps(items[1]).replace("_v003", "_v004")))
    path.write_text(json.dumps(root))
    before = film.read_bytes()
    assert run(["import", str(path), str(film), "--draft"]) == 8
    assert "sh020 is shown by 'sh020_v003.mp4' and 'sh020_v004.mp4'" in capsys.readouterr().err
    assert film.read_bytes() == before
