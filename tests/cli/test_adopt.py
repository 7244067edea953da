"""`adopt`: a clip of one's own is a take that nobody pays for, from the plan to the exports."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from storyboard.cli import run
from storyboard.loading.load import load
from storyboard.store import Store
from storyboard.testing import FakeService
from storyboard.testing.codes import read as code
from storyboard.video.reader import Reader
from storyboard.workflows.conform import conform
from storyboard.workflows.source import plan_with
from tests.boards import board


@pytest.fixture(name="bought", scope="module")
def _bought(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three shots, bought, and beside them a clip of one's own: a take in other bytes."""
    folder = tmp_path_factory.mktemp("adopted")
    film = board(folder, keyframes=4, extra=["title: Case"])
    with FakeService() as service, service.applied():
        made = ["render", str(film), "--yes", "--preview", "-q", "-o", str(folder / "f.mp4")]
        assert run(made) == 0
    first = plan_with(load(film), Store(folder / ".storyboard")).shots[0].picked
    own = folder / "own" / "grade 1.mp4"
    own.parent.mkdir()
    own.write_bytes((folder / ".storyboard" / "takes" / f"{first.key}.mp4").read_bytes())
    with own.open("ab") as file:
        file.write(b"\0\0\0\x08free")  # an empty box: other bytes, the same pictures
    return film


@pytest.fixture(name="film")
def _film(bought: Path, tmp_path: Path) -> Path:
    """A copy of it, to be edited."""
    shutil.copytree(bought.parent, tmp_path / "film")
    return tmp_path / "film" / bought.name


def test_an_adopted_clip_is_in_the_film_and_costs_nothing(
    film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The plan says so; no other key changes; the film shows its frames; the store has it."""
    store = Store(film.parent / ".storyboard")
    before = plan_with(load(film), store)
    own = film.parent / "own" / "grade 1.mp4"
    assert run(["adopt", str(film), "sh020", str(own)]) == 0
    assert capsys.readouterr().out.endswith("sh020: own/grade 1.mp4: adopted, $0.00\n")
    assert "shot: {prompt: The ball rolls on to 2, clip: own/grade 1.mp4}" in film.read_text()
    plan = plan_with(load(film), store)
    others = [(s.id, s.picked.key) for s in before.shots if s.id != "sh020"]
    assert [(s.id, s.picked.key) for s in plan.shots if s.id != "sh020"] == others
    shot = plan.shots[1]
    assert [(t.number, t.state) for t in shot.takes] == [(0, "adopted"), (1, "done")]
    assert plan.price_microusd == 0
    note = store.note(shot.picked.key)
    assert (note["adopted"], note["clip"], note["cost"]) == (True, "own/grade 1.mp4", 0)
    clip = conform(plan, store).clips[1]
    assert (clip.shot, clip.take, clip.media.key) == ("sh020", 0, shot.picked.key)
    with Reader(own) as mine, Reader(clip.media.path) as kept:
        assert code(kept.picture(20)) == code(mine.picture(20))


def test_it_goes_through_every_stage(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Animatic, render, export, status and verify: without a key, a network or a payment."""
    own, folder = film.parent / "own" / "grade 1.mp4", film.parent
    assert run(["adopt", str(film), "sh020", str(own)]) == 0
    assert run(["animatic", str(film), "--preview", "-q", "-o", str(folder / "a.mp4")]) == 0
    assert run(["render", str(film), "--preview", "-q", "-o", str(folder / "g.mp4")]) == 0
    assert run(["export", str(film), "--to", str(folder / "to"), "--for", "otio"]) == 0
    assert (folder / "to" / "media" / "sh020_v000.mov").exists()
    assert run(["ledger", "verify", str(film)]) == 0
    capsys.readouterr()
    assert run(["status", str(film), "--json"]) == 0
    lines = json.loads(capsys.readouterr().out)["takes"]
    assert [(one["shot"], one["take"], one["cost_microusd"]) for one in lines][1] == ("sh020", 0, 0)


def test_a_shot_with_a_clip_is_never_bought(
    tmp_path: Path, bought: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A `clip:` that nobody adopted yet: the render takes it in, and buys the others alone."""
    film = board(tmp_path, shot="clip: own.mp4")
    text = film.read_text()
    film.write_text(text.replace(", clip: own.mp4", "", 1))
    shutil.copy(bought.parent / "own" / "grade 1.mp4", tmp_path / "own.mp4")
    with FakeService() as service, service.applied():
        assert run(["plan", str(film)]) == 0
        assert "to adopt" in capsys.readouterr().out
        made = ["render", str(film), "--yes", "--preview", "-q", "-o", str(tmp_path / "f.mp4")]
        assert run(made) == 0
        assert len(service.paid) == 1


def test_a_pick_goes_back_to_the_takes(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its `clip:` goes, and the file is as before; so is the take, and nothing is to be paid."""
    before = film.read_text()
    assert run(["adopt", str(film), "sh020", str(film.parent / "own" / "grade 1.mp4")]) == 0
    capsys.readouterr()
    assert run(["pick", str(film), "sh020", "1"]) == 0
    assert capsys.readouterr().out == "sh020: take 1, not the clip: done\n"
    assert film.read_text() == before


def test_other_bytes_are_another_take(film: Path) -> None:
    """The same name with a new grade in it: a new key, and the former clip stays in the store."""
    own = film.parent / "own" / "grade 1.mp4"
    assert run(["adopt", str(film), "sh020", str(own)]) == 0
    store = Store(film.parent / ".storyboard")
    first = plan_with(load(film), store).shots[1].picked
    with own.open("ab") as file:
        file.write(b"\0\0\0\x08free")
    second = plan_with(load(film), store).shots[1].picked
    assert (first.key != second.key, second.state) == (True, "to adopt")
    assert run(["adopt", str(film), "sh020", str(own)]) == 0
    assert store.has(first.key)
    assert store.has(second.key)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "'own/none.mp4' does not exist"),
        (b"no clip" * 9, "none.mp4 is not an MP4 or QuickTime file (its start is unknown)"),
        (b"hello", "none.mp4 is not an MP4 or QuickTime file (its start is unknown)"),
        (b"", "none.mp4 is not an MP4 or QuickTime file (it is empty)"),
        (b"\x89PNG\r\n", "none.mp4 is not an MP4 or QuickTime file (it looks like a picture)"),
    ],
)
def test_what_is_no_clip_is_refused(
    content: bytes | None, message: str, film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line that names it; the file and the store are as they were."""
    before, own = film.read_bytes(), film.parent / "own" / "none.mp4"
    if content is not None:
        own.write_bytes(content)
    keys = Store(film.parent / ".storyboard").keys()
    assert run(["adopt", str(film), "sh020", str(own)]) == 8
    assert message.replace("'own/", "'" + str(film.parent / "own") + "/") in capsys.readouterr().err
    assert film.read_bytes() == before
    assert Store(film.parent / ".storyboard").keys() == keys


def test_an_address_is_no_file(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Said as what it is, and what to do; nothing is fetched or written."""
    before = film.read_bytes()
    assert run(["adopt", str(film), "sh020", "https://example.com/a.mp4"]) == 8
    assert "is an address; save the clip, and adopt its file" in capsys.readouterr().err
    assert film.read_bytes() == before


@pytest.mark.parametrize("command", ["validate", "plan", "animatic", "render"])
def test_a_clip_that_breaks_off_is_said_at_its_line_before_anything_else(
    command: str, film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a `clip:` in the file that nobody took in yet and that can't be decoded to its end,
    then every command that leads to a film says so, with line and column, and nothing is made."""
    own = film.parent / "own" / "grade 1.mp4"
    whole = own.read_bytes()
    text = film.read_text()
    film.write_text(text.replace("to 2}", "to 2, clip: own/grade 1.mp4}"))
    assert run(["validate", str(film)]) == 0
    middle = len(whole) // 2
    own.write_bytes(whole[:middle] + bytes(2000) + whole[middle + 2000 :])
    capsys.readouterr()
    kept = {path.name for path in film.parent.iterdir()}
    assert run([command, str(film)]) == 3
    said = capsys.readouterr().err
    assert ": clip: own/grade 1.mp4 can't be" in said
    line = next(n for n, words in enumerate(film.read_text().splitlines(), 1) if "clip:" in words)
    assert f"film.yaml:{line}:" in said
    assert {path.name for path in film.parent.iterdir()} == kept
