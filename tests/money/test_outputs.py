"""No output of any command takes the place of an input, a take, or the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from storyboard import files
from storyboard.errors import FileTrouble
from tests.cli.running import storyboard
from tests.money.runs import Set


def contents(scene: Set) -> dict[Path, str]:
    """Every file of the project that nothing may be written over."""
    ours = [*scene.film.parent.glob("*.png"), scene.film, *(scene.folder / "takes").iterdir()]
    return {path: files.sha256(path) for path in ours}


def take(scene: Set) -> Path:
    """A take's clip."""
    return next((scene.folder / "takes").glob("*.mp4"))


def linked(path: Path, name: str) -> Path:
    """The same file under another name."""
    link = path.with_name(name) if path.suffix != ".mp4" else path.parents[2] / name
    link.hardlink_to(path)
    return link


OUTPUTS: tuple[tuple[str, Callable[[Set], Sequence[str | Path]]], ...] = (
    ("a take", lambda s: ["-o", take(s)]),
    ("a hard link of a take", lambda s: ["-o", linked(take(s), "link.mp4")]),
    ("a new file among the takes", lambda s: ["-o", s.folder / "takes" / "new.mp4"]),
    ("the store itself", lambda s: ["-o", s.folder / "film.mp4"]),
    ("a poster over a still", lambda s: ["--poster", s.film.parent / "0.png"]),
    ("a poster over a link", lambda s: ["--poster", linked(s.film.parent / "0.png", "p.png")]),
    ("a poster in the store", lambda s: ["--poster", s.folder / "poster.png"]),
    ("seam pictures in the store", lambda s: ["--seam-pictures", s.folder / "takes"]),
)


@pytest.mark.parametrize(("name", "options"), OUTPUTS, ids=[name for name, _ in OUTPUTS])
def test_a_film_takes_nothings_place(
    one: Set, name: str, options: Callable[[Set], Sequence[str | Path]]
) -> None:
    """Refused with one sentence and exit code 8, and nothing was touched."""
    one.render()
    before, words = contents(one), options(one)
    found = storyboard("render", one.film, "--preview", "--quick", *words, cwd=one.film.parent)
    assert found.code == 8, (name, found.err)
    assert found.err.count("\n") == 1
    assert contents(one).items() >= before.items()
    assert set(contents(one)) - set(before) <= {one.film.parent / "p.png"}


def test_it_is_refused_before_anything_is_paid(one: Set) -> None:
    """What can be known before paying is said before paying."""
    one.store.prepare()
    (one.folder / "store.json").write_text("{}")
    found = storyboard(
        "render", one.film, "--yes", "-o", one.folder / "film.mp4",
        cwd=one.film.parent, environment=one.service.environment,
    )  # fmt: skip
    assert found.code == 8
    assert one.paid == 0


@pytest.mark.parametrize(
    "command", [("export", "--to"), ("qc", "--pictures")], ids=["export", "qc"]
)
def test_no_folder_of_outputs_is_in_the_store(one: Set, command: tuple[str, str]) -> None:
    """Media, sheets and pictures of seams go elsewhere."""
    one.render()
    before = contents(one)
    name, option = command
    found = storyboard(name, one.film, option, one.folder / "takes", cwd=one.film.parent)
    assert found.code == 8, found.err
    assert contents(one) == before


def test_names_that_are_made_up_on_the_way_pass_the_same_door(tmp_path: Path) -> None:
    """By identity, through links; other files are written as ever."""
    still = tmp_path / "still.png"
    still.write_bytes(b"a still")
    link = tmp_path / "link.png"
    link.hardlink_to(still)
    pointer = tmp_path / "pointer.png"
    pointer.symlink_to(still)
    with files.guarded([still, tmp_path / "missing.png"]):
        for path in (still, link, pointer):
            with pytest.raises(FileTrouble, match="made from"):
                files.write_whole(path, b"something else")
        files.write_whole(tmp_path / "other.png", b"fine")
    assert still.read_bytes() == b"a still"
    files.write_whole(link, b"afterwards")


COMMANDS: tuple[tuple[str, Callable[[Set], Sequence[str | Path]]], ...] = (
    ("an animatic over a take", lambda s: ["animatic", s.film, "-o", take(s)]),
    ("an animatic in the store", lambda s: ["animatic", s.film, "-o", s.folder / "new.mp4"]),
    ("an animatic's poster", lambda s: ["animatic", s.film, "--poster", s.film.parent / "1.png"]),
    ("an animatic on a device", lambda s: ["animatic", s.film, "-o", Path("/dev/full")]),
    ("a folder as a film", lambda s: ["animatic", s.film, "-o", s.film.parent]),
    ("what is watched over a take", lambda s: ["watch", s.film, "--once", "-o", take(s)]),
    ("a new storyboard over one", lambda s: ["new", s.film.parent, "-o", s.film]),
    ("a new storyboard in the store", lambda s: ["new", s.film.parent, "-o", s.folder / "n.yaml"]),
    ("a new storyboard on a device", lambda s: ["new", s.film.parent, "-o", Path("/dev/full")]),
    ("an export over a file", lambda s: ["export", s.film, "--to", s.film]),
    ("an export in the store", lambda s: ["export", s.film, "--to", s.folder / "new"]),
)


@pytest.mark.parametrize(("name", "words"), COMMANDS, ids=[name for name, _ in COMMANDS])
def test_no_command_takes_nothings_place(
    one: Set, name: str, words: Callable[[Set], Sequence[str | Path]]
) -> None:
    """Whatever writes: refused with one sentence and exit code 8, and nothing was touched."""
    one.render()
    before = contents(one)
    found = storyboard(*words(one), cwd=one.film.parent)
    assert found.code == 8, (name, found.err)
    assert contents(one) == before
