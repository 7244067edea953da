"""Takes' seams to the takes that their neighbours show: measured once, said with what to do."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from storyboard.cli import run
from storyboard.errors import Interrupted
from storyboard.events import Event, Measuring
from storyboard.generating.scheduler import Stop
from storyboard.generating.terms import Run
from storyboard.loading.load import load
from storyboard.reviewing.judgement import Judgement, TakeSeam
from storyboard.units.sizes import Size
from storyboard.video.reader import read
from storyboard.video.recipes import RECIPES
from storyboard.video.writer import write
from storyboard.workflows.judge import judged_takes, known_takes
from storyboard.workflows.neighbours import with_known_neighbours, with_neighbours
from storyboard.workflows.review import review_document
from storyboard.workflows.source import StoryboardFile, plan_with
from tests.counting import Counting
from tests.page.films import filmed

SIZE = Size(160, 96)


@pytest.fixture(name="source")
def _source(tmp_path: Path) -> StoryboardFile:
    """Two shots with two takes each; those of sh020 show the way back, and noise."""
    source = filmed(tmp_path, shots=2, lacking={"sh020": (1, 2)})
    store = source.store
    first, second = plan_with(source.storyboard(), store).shots
    there = store.clip(first.takes[0].key)
    chance = np.random.default_rng(15)
    noise = [chance.integers(0, 256, (96, 160, 3), np.uint8) for _ in range(73)]
    for take, frames in zip(second.takes, ([*read(there)][::-1], noise), strict=True):
        part = store.part(take.key)
        write(part, iter(frames), rate=Fraction(24), size=SIZE, recipe=RECIPES["h264"])
        store.keep(take.key, part, {"shot": "sh020", "take": take.number, "cost": 252_000})
    return source


def seams(judged: tuple[Judgement, ...]) -> list[list[tuple[str, int, str]]]:
    """Of each take: which takes of which neighbours it meets, and where they lie."""
    return [[(seam.shot, seam.take, seam.side) for seam in one.seams] for one in judged]


def test_each_take_meets_the_one_that_its_neighbour_shows(source: StoryboardFile) -> None:
    """Given takes of two shots, then every one has its seam to the other shot's pick; each pair is
    measured once, and taken from the notes from then on."""
    store = source.store
    plan = plan_with(load(source.file), store)
    counting = Counting(2)
    judged = judged_takes(plan, store, executor=counting)
    found = with_neighbours(judged, plan, store, executor=counting)
    assert seams(found) == [
        [("sh020", 1, "after")],
        [("sh020", 1, "after")],
        [("sh010", 1, "before")],
        [("sh010", 1, "before")],
    ]
    assert counting.given["joined"] == 3  # 1|1 is met from both sides
    assert with_neighbours(judged, plan, store, executor=counting) == found
    assert with_known_neighbours(known_takes(plan, store), plan, store) == found
    assert counting.given["joined"] == 3
    counting.shutdown()


def test_a_take_that_does_not_join_is_said_with_number_unit_limit_and_remedy(
    source: StoryboardFile, capsys: pytest.CaptureFixture[str]
) -> None:
    """By `qc` and by `status`, in words and as data; the take that joins has nothing said of it."""
    assert run(["qc", str(source.file)]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if ": seam " in line]
    (line,) = lines
    assert line.startswith("sh020 take 2: does not join sh010 take 1: seam 0.")
    assert line.endswith(
        "SSIM of shapes, below 0.6; pick another take of sh020 or sh010, "
        "or buy one: `storyboard take sh020`"
    )
    assert run(["status", str(source.file)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert line in said
    assert run(["qc", str(source.file), "--json"]) == 0
    takes = json.loads(capsys.readouterr().out)["takes"]
    odd = takes[3]["measured"][-1]
    assert (odd["kind"], odd["side"], odd["neighbour"], odd["neighbour_take"]) == (
        "seam", "before", "sh010", 1,
    )  # fmt: skip
    assert (odd["unit"], odd["limit"]) == ("SSIM of shapes", 0.6)
    assert (odd["odd_when"], odd["odd"]) == ("below", True)
    assert odd["todo"].startswith("pick another take of sh020 or sh010")
    assert "seam" in takes[3]["kinds"]
    assert "seam" not in takes[2]["kinds"]


def test_qc_lists_all_numbers_of_all_takes_when_asked(
    source: StoryboardFile, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each with its unit and its limit, also where nothing is wrong."""
    assert run(["qc", str(source.file), "--all"]) == 0
    out = capsys.readouterr().out.splitlines()
    begin = out.index("sh020 take 1")
    table = out[begin + 1 : out.index("sh020 take 2")]
    assert any(line.startswith("  cut ") and "SSIM (odd above 0.25)" in line for line in table)
    assert any(line.startswith("  seam before, to sh010 take 1 ") for line in table)


def test_another_pick_next_door_is_another_seam(source: StoryboardFile) -> None:
    """Given that sh020 shows its other take, then the takes of sh010 meet that one."""
    store = source.store
    assert run(["pick", str(source.file), "sh020", "2"]) == 0
    plan = plan_with(load(source.file), store)
    judged = with_neighbours(judged_takes(plan, store), plan, store)
    (seam,) = judged[0].seams
    assert seam == TakeSeam("sh020", 2, "after", seam.likeness)
    assert "seam" in judged[0].kinds


def test_what_is_measured_by_then_is_kept_where_somebody_stops(source: StoryboardFile) -> None:
    """Given a wish to stop after the first take, then the review ends, and the next one goes on
    from there."""
    stop, heard = Stop(), list[Event]()

    def hear(event: Event) -> None:
        if isinstance(event, Measuring) and event.what == "takes":
            heard.append(event)
            stop.wish()

    with pytest.raises(Interrupted, match="what is measured is kept"):
        review_document(source, run=Run(listener=hear, stop=stop))
    assert heard == [Measuring(1, 4)]
    assert len(known_takes(plan_with(source.storyboard(), source.store), source.store)) == 1
    heard.clear()
    review_document(source, run=Run(listener=heard.append))
    measured = [event for event in heard if isinstance(event, Measuring)]
    assert measured == [
        *(Measuring(done, 3) for done in (1, 2, 3)),
        *(Measuring(done, 3, "seams of takes") for done in (1, 2, 3)),
        Measuring(1, 1, "seams"),
    ]
