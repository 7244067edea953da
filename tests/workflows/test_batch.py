"""Films from a table, in this process, against the fake service."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import storyboard
from storyboard.errors import (
    FileTrouble,
    InvalidStoryboard,
    MediaError,
    NotAllowed,
    StoryboardError,
)
from storyboard.events import Encoding, Event, FilmChanged, FilmState
from storyboard.generating.backoff import Pace
from storyboard.ledger.place import LedgerFolder
from storyboard.store import Store
from storyboard.testing import FakeClip, FakeService, Fault, acts, codes
from storyboard.video.reader import read
from storyboard.workflows.finish import Finish
from tests.boards import still

PRICE = 252_000
"""Micro-dollars of a take."""

BOARD = """\
version: 1
defaults: {duration: 3}
scenes:
  - keyframes:
      - image: 0.png
        shot: It begins
      - image: 1.png
  - keyframes:
      - image: 1.png
        shot: {prompt: "In ${city}", on_fail: "${fail}"}
      - image: 2.png
    title: ${title}
variables: {fail: error, title: Two}
"""

ROWS = "name,city\nlisbon,Lisbon\nporto,Porto\nfaro,Faro\n"


@pytest.fixture(name="service")
def _service() -> Iterator[FakeService]:
    with FakeService(footage=FakeClip(width=64, frames_per_second=10)) as made, made.applied():
        yield made


@pytest.fixture(name="film")
def _film(tmp_path: Path) -> Path:
    for number in range(3):
        still(tmp_path / f"{number}.png", number)
    (tmp_path / "film.yaml").write_text(BOARD)
    (tmp_path / "rows.csv").write_text(ROWS)
    return tmp_path / "film.yaml"


Made = Callable[..., storyboard.Batch]


@pytest.fixture(name="made")
def _made(film: Path) -> Made:
    def make(**more: Any) -> storyboard.Batch:
        output = film.parent / "out" / "{name}.mp4"
        given = {"max_cost": "$9", "pace": Pace(scale=0.002), **more}
        rows = given.pop("rows", film.parent / "rows.csv")
        return storyboard.render_batch(film, rows, given.pop("output", output), **given)

    return make


def manifest(film: Path) -> dict[str, Any]:
    """What the manifest says of each film."""
    data = json.loads((film.parent / "out" / "manifest.json").read_text())
    return {entry["film"]: entry for entry in data["films"]}


def test_each_take_is_bought_once_and_each_film_is_its_own(
    film: Path, made: Made, service: FakeService
) -> None:
    """Three films share a shot: four payments; each shows its own second shot."""
    done = made()
    assert done.complete
    assert [one.state for one in done.films] == [FilmState.DONE] * 3
    assert len(service.paid) == 4
    assert done.cost_microusd == 4 * PRICE
    assert [one.share_microusd for one in done.films] == [PRICE + PRICE // 3] * 3
    shown = {one.name: [codes.read(picture) for picture in read(one.path)] for one in done.films}
    first, second = ({n: c[place] for n, c in shown.items()} for place in (5, 40))
    assert len({code.shot for code in first.values() if code}) == 1
    assert len({code.shot for code in second.values() if code}) == 3


def test_run_again_it_makes_what_is_missing(film: Path, made: Made, service: FakeService) -> None:
    """What is there of the very same is left; what is gone, or another by now, is written anew."""
    made()
    out = film.parent / "out"
    (out / "porto.mp4").unlink()
    before = (out / "faro.mp4").stat().st_mtime_ns
    again = made(max_cost=None)
    assert [one.state.value for one in again.films] == ["there", "done", "there"]
    assert (again.cost_microusd, len(service.paid)) == (0, 4)
    assert (out / "faro.mp4").stat().st_mtime_ns == before
    # A title is free, and makes other films of the same takes.
    film.write_text(film.read_text().replace("title: Two}", "title: Three}"))
    (out / "lisbon.mp4").write_bytes(b"somebody wrote over it")
    third = made(max_cost=None)
    assert next(one.state.value for one in third.films) == "done"
    assert len(service.paid) == 4


def test_what_the_manifest_says(film: Path, made: Made, service: FakeService) -> None:
    """Film, state, share and error, as JSON and for spreadsheets; the shares are what was paid."""
    made()
    said = manifest(film)
    assert list(said) == ["lisbon", "porto", "faro"]
    assert sum(entry["share_microusd"] for entry in said.values()) == 4 * PRICE
    assert said["porto"]["path"] == "porto.mp4"
    assert said["porto"]["values"] == {"name": "porto", "city": "Porto"}
    with (film.parent / "out" / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(line["film"], line["state"], line["share_usd"]) for line in lines] == [
        ("lisbon", "done", "0.336"),
        ("porto", "done", "0.336"),
        ("faro", "done", "0.336"),
    ]


def test_one_film_that_fails_stops_no_other(film: Path, made: Made, service: FakeService) -> None:
    """Its row says why; the others are whole, and run again it alone is bought."""
    service.inject(Fault("submit", acts.moderated(), times=1, skip=2))
    done = made(jobs=1)
    states = {one.name: one.state.value for one in done.films}
    assert sorted(states.values()) == ["done", "done", "failed"]
    assert not done.complete
    (failed,) = [one for one in done.films if one.state is FilmState.FAILED]
    assert "film.yaml:10" in str(failed.error)
    assert manifest(film)[failed.name]["error"] == str(failed.error)
    again = made(retry=True)
    assert again.complete
    assert again.cost_microusd == PRICE


def test_a_shot_that_may_be_held(film: Path, made: Made, service: FakeService) -> None:
    """`on_fail: hold` from the table: the film is written, and incomplete."""
    (film.parent / "rows.csv").write_text("name,city,fail\na,A,hold\nb,B,hold\n")
    service.inject(Fault("submit", acts.moderated(), times=1, skip=2))
    done = made(jobs=1)
    assert sorted(one.state.value for one in done.films) == ["done", "incomplete"]
    held = next(one for one in done.films if one.state is FilmState.INCOMPLETE)
    assert "held as a still: sh020" in manifest(film)[held.name]["error"]


def test_a_film_is_written_as_soon_as_its_takes_are_there(
    film: Path, made: Made, service: FakeService
) -> None:
    """The service keeps the last take until the first film is done."""
    last = service.inject(Fault("submit", acts.hold(), skip=3))
    done: list[str] = []
    parts: set[str] = set()

    def hear(event: Event) -> None:
        if isinstance(event, FilmChanged) and event.state is FilmState.DONE:
            done.append(event.film)
            last.withdraw()  # until then that take can't come
        elif isinstance(event, Encoding):
            parts.add(event.film)

    assert made(jobs=1, listener=hear).complete
    assert done == ["lisbon", "porto", "faro"]
    assert parts == set(done)


def test_some_rows_alone(film: Path, made: Made, service: FakeService) -> None:
    """By number, or by what they say; the others are in the manifest as they were."""
    first = made(only_rows=[2])
    assert [one.name for one in first.films] == ["porto"]
    assert len(service.paid) == 2
    assert [entry["state"] for entry in manifest(film).values()] == ["left out", "done", "left out"]
    second = made(where={"city": "Faro"})
    assert [one.name for one in second.films] == ["faro"]
    assert [entry["state"] for entry in manifest(film).values()] == ["left out", "done", "done"]
    with pytest.raises(StoryboardError, match="no row has city=Rome"):
        made(where={"city": "Rome"})
    with pytest.raises(StoryboardError, match="there is no row 4; there are 1 to 3"):
        made(only_rows=[4])


def test_one_cap_for_all(film: Path, made: Made, service: FakeService) -> None:
    """The price of all is asked for at once, and nothing is sent above it."""
    with pytest.raises(NotAllowed, match=r"this costs \$1\.008, more than `max_cost` \$1\.00"):
        made(max_cost="$1.00")
    asked: list[storyboard.BatchPlan] = []

    def refuse(plan: storyboard.BatchPlan) -> bool:
        asked.append(plan)
        return False

    with pytest.raises(NotAllowed, match="not confirmed"):
        made(max_cost=None, approve=refuse)
    assert asked[0].price_microusd == 4 * PRICE
    assert service.requests() == []
    assert not (film.parent / "out").exists()


def test_a_draft_costs_nothing(film: Path, made: Made) -> None:
    """No service, no key; the same films from drafts."""
    done = made(draft=True, finish=Finish(preview=True), max_cost=None)
    assert done.complete
    assert done.cost_microusd == 0


def test_every_mistake_of_the_table_at_once(film: Path, made: Made) -> None:
    """Columns, values, names and files, each at its line and column; nothing is done."""
    (film.parent / "rows.csv").write_text("name,citi\na,1\nA,2\nb/c,3\n")
    with pytest.raises(InvalidStoryboard) as caught:
        made()
    said = str(caught.value).replace(f"{film.parent}/", "")
    assert said.splitlines() == [
        "rows.csv:1:1: the storyboard uses ${city}, and neither has a value for it nor a column",
        "rows.csv:1:6: column citi: ${citi} stands nowhere in the storyboard, and no film is "
        "called by it; did you mean city?",
        "rows.csv:3:1: out/A.mp4 is the film of row 1 (rows.csv:2:1) already; names differ by "
        "more than their case",
        "rows.csv:4:1: name: 'b/c' can't be part of a file's name; no /, \\ or line break in it",
    ]
    assert not (film.parent / "out").exists()


def test_a_value_that_the_storyboard_can_not_use(film: Path, made: Made) -> None:
    """It stands at its cell, with the storyboard's line; what is wrong in all rows, only there."""
    (film.parent / "rows.csv").write_text("name,city,fail\na,A,hold\nb,B,perhaps\n")
    with pytest.raises(InvalidStoryboard) as caught:
        made()
    (line,) = str(caught.value).replace(f"{film.parent}/", "").splitlines()
    assert line.startswith("rows.csv:3:5: fail: film.yaml:10:")
    film.write_text(film.read_text().replace("image: 0.png", "image: 9.png"))
    (film.parent / "rows.csv").write_text(ROWS)
    with pytest.raises(InvalidStoryboard) as caught:
        made()
    (line,) = str(caught.value).replace(f"{film.parent}/", "").splitlines()
    assert line.startswith("film.yaml:5:")


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("out/film.mp4", "3 films would have one name"),
        ("out/{nam}.mp4", "no column is called nam; did you mean name?"),
        ("out/{name.mp4", "a brace is not closed; write {column}"),
    ],
)
def test_names_of_films(film: Path, made: Made, output: str, said: str) -> None:
    """A name for each, from columns that are there."""
    with pytest.raises(StoryboardError, match=said.replace("?", r"\?")):
        made(output=film.parent / output)


def test_names_in_other_forms_of_unicode(film: Path, made: Made) -> None:
    """What some disk takes for one name is one."""
    (film.parent / "rows.csv").write_text("name,city\nevora\u0301,A\nEvor\u00e1,B\n")
    with pytest.raises(InvalidStoryboard, match="is the film of row 1"):
        made()


@pytest.mark.parametrize(
    ("name", "output", "said"),
    [
        ("Aux.1", "{name}.mp4", "rows.csv:2:1: Aux.1.mp4: 'Aux.1.mp4' is the name of a device"),
        ("nul", "{name}/f.mp4", "rows.csv:2:1: nul/f.mp4: 'nul' is the name of a device"),
        ("a.", "{name}/f.mp4", "rows.csv:2:1: a./f.mp4: 'a.' loses its last sign on Windows"),
    ],
)
def test_names_that_another_machine_takes_for_others(
    film: Path, made: Made, name: str, output: str, said: str
) -> None:
    """A film, or its folder, can be copied to every machine under its name."""
    (film.parent / "rows.csv").write_text(f"name,city\n{name},A\n")
    with pytest.raises(InvalidStoryboard) as caught:
        made(output=film.parent / output)
    assert said in str(caught.value).replace(f"{film.parent}/", "")


def test_a_store_that_is_not_made_yet_is_no_place_for_films(film: Path, made: Made) -> None:
    """It will hold what was paid for."""
    with pytest.raises(MediaError, match="which holds what was paid for"):
        made(output=film.parent / ".storyboard" / "takes" / "{name}.mp4")
    assert not (film.parent / ".storyboard").exists()


def test_an_output_that_is_another_films_picture(film: Path, made: Made) -> None:
    """Nothing that a film is made from is written over."""
    film.write_text(film.read_text().replace("image: 0.png", "image: ${first}"))
    still(film.parent / "b.mp4.png", 7).rename(film.parent / "b.mp4")
    (film.parent / "rows.csv").write_text("name,city,first\na,A,b.mp4\nb,B,0.png\n")
    with pytest.raises((InvalidStoryboard, FileTrouble)):
        made(output=film.parent / "{name}.mp4")


def test_another_file_is_called_manifest(film: Path, made: Made, service: FakeService) -> None:
    """It is not written over, and that is said before anything is paid."""
    (film.parent / "out").mkdir()
    (film.parent / "out" / "manifest.json").write_text('{"name": "an app"}')
    with pytest.raises(FileTrouble, match="is no manifest of a batch"):
        made()
    assert service.requests() == []


def test_rows_from_code(film: Path, made: Made, service: FakeService) -> None:
    """Values as Python has them, and a storyboard that is a dict."""
    done = made(rows=[{"name": "a", "city": 7}], draft=True, finish=Finish(preview=True))
    assert [one.name for one in done.films] == ["a"]
    plan = storyboard.plan_batch(film, [{"city": "A"}, {"city": "B"}], "{row}.mp4")
    assert [one.name for one in plan.films] == ["1", "2"]
    assert plan.as_data()["shared"] == 1


def test_machines_that_share_a_place_make_a_batch_once(
    film: Path, made: Made, service: FakeService
) -> None:
    """Two at the same time, each with its own ledger: each take is bought once, both have all
    films, and once more costs nothing."""
    service.inject(Fault("submit", acts.hold(0.05), times=None))  # so that they meet

    def machine(number: int) -> storyboard.Batch:
        home = film.parent / f"machine{number}"
        takes = home / ".storyboard"
        place = LedgerFolder(takes, state=home / "state")
        store = Store(takes, place=place, media=str(film.parent / "media"))
        return made(store=store, output=home / "out" / "{name}.mp4", finish=Finish(preview=True))

    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(machine, range(2)))
    assert [one.complete for one in both] == [True, True]
    assert len(service.paid) == 4
    assert sum(one.cost_microusd for one in both) == 4 * PRICE
    third = machine(1)
    assert [one.state for one in third.films] == [FilmState.THERE] * 3
    assert (third.cost_microusd, len(service.paid)) == (0, 4)
