"""`storyboard store`, from the command line."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from storyboard.cli import run
from storyboard.store import Store
from storyboard.video.reader import read
from tests.boards import board

Said = pytest.CaptureFixture[str]


def data(capsys: Said) -> dict[str, Any]:
    """What was printed, as JSON."""
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


@pytest.fixture(name="film")
def _film(tmp_path: Path, capsys: Said) -> Path:
    """A storyboard whose animatic is made, two hours ago."""
    film = board(tmp_path, keyframes=2, shot="duration: 0.2")
    assert run(["animatic", str(film), "--preview", "-q"]) == 0
    then = time.time() - 7200
    for path in (tmp_path / ".storyboard").rglob("*"):
        os.utime(path, (then, then))
    for note in (tmp_path / ".storyboard" / "takes").glob("*.json"):
        note.write_text(json.dumps(json.loads(note.read_text()) | {"made_at": then}))
        os.utime(note, (then, then))
    capsys.readouterr()
    return film


def test_a_cleaned_store_makes_the_same_film_again(film: Path, capsys: Said) -> None:
    """Listed first, then removed, then made again; nothing of a draft is left but what makes it."""
    store = film.parent / ".storyboard"
    before = list(read(film.parent / "film.draft.mp4"))
    assert run(["store", "clean", str(film), "--dry-run"]) == 0
    assert "would be removed" in capsys.readouterr().out
    assert run(["store", "clean", str(film), "--json"]) == 0
    assert {Path(str(one["path"])).parent.name for one in data(capsys)["files"]} == {
        "takes",
        "segments",
    }
    assert not list((store / "takes").iterdir())
    assert run(["animatic", str(film), "--preview", "-q"]) == 0
    again = list(read(film.parent / "film.draft.mp4"))
    assert all((one == other).all() for one, other in zip(before, again, strict=True))


def test_sizes_are_told_without_a_storyboard(
    film: Path,
    capsys: Said,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A store is named by its folder; as data, and as a table with the sum of all."""
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    folder = film.parent / ".storyboard"
    assert run(["store", "du", "--store", str(folder), "--json"]) == 0
    found = data(capsys)
    assert found["bytes"] == sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    assert found["paid_bytes"] == 0
    assert [one["storyboard"] for one in found["storyboards"]] == ["film.yaml"]
    assert run(["store", "du", "--store", str(folder)]) == 0
    assert "drafts" in capsys.readouterr().out


def test_a_take_is_verified_by_its_bytes_and_by_decoding_it(film: Path, capsys: Said) -> None:
    """Changed since it was kept; or as it was kept, and no clip at all."""
    assert run(["store", "verify", str(film)]) == 0
    assert "can be decoded" in capsys.readouterr().out
    store = Store(film.parent / ".storyboard")
    part = store.part("part")
    part.write_bytes(b"this is no clip")
    store.keep("a" * 64, part, {"cost": 420_000})
    changed = store.clip(next(key for key in store.keys() if key != "a" * 64))  # noqa: SIM118
    changed.write_bytes(changed.read_bytes()[:-1] + b"?")
    assert run(["store", "verify", str(film), "--json"]) == 8
    what = {Path(one["path"]).name: one["what"] for one in data(capsys)["damaged"]}
    assert "has changed since it was kept" in what[changed.name]
    assert "can't be decoded" in what["a" * 64 + ".mp4"]
    assert run(["store", "verify", str(film)]) == 8


def test_what_is_to_be_done_about_damage_is_said(film: Path, capsys: Said) -> None:
    """A draft is drawn again, and a take that was paid for and is gone is told of, also where no
    ledger knows it; its note is enough."""
    store = Store(film.parent / ".storyboard")
    for key, note in (("a" * 64, {"cost": 420_000}), ("b" * 64, {"draft": True})):
        part = store.part("part")
        part.write_bytes(b"this is no clip")
        store.keep(key, part, note)
    (drawn, *_) = (store.clip(key) for key in store.keys() if key not in ("a" * 64, "b" * 64))  # noqa: SIM118
    drawn.write_bytes(b"")
    store.clip("a" * 64).unlink()
    store.clip("b" * 64).unlink()
    assert run(["store", "verify", str(film), "--json"]) == 8
    what = {Path(one["path"]).stem: one["what"] for one in data(capsys)["damaged"]}
    assert what.pop(drawn.stem).endswith("it is a draft, and drawn again, free, where it is needed")
    what.pop("ledger")  # it was never made: nothing was sent from here
    assert what == {"a" * 64: "is missing, and was paid for; it is nowhere else"}


def test_a_store_that_is_not_there_is_not_sound(tmp_path: Path, capsys: Said) -> None:
    """A name that is not quite right verifies nothing."""
    assert run(["store", "verify", "--store", str(tmp_path / "stoer")]) == 8
    assert f"there is no store in {tmp_path / 'stoer'}" in capsys.readouterr().err


def test_an_age_of_minutes_is_wrong_usage(film: Path, capsys: Said) -> None:
    """With what to write."""
    assert run(["store", "clean", str(film), "--older", "5m"]) == 2
    assert "such as 12h, 30d or 8w" in capsys.readouterr().err
