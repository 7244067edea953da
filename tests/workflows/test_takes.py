"""Takes of several models, from the storyboard to the film and the export."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import storyboard
from storyboard.accounting.summary import status
from storyboard.generating.backoff import Pace
from storyboard.loading.load import load
from storyboard.testing import FakeService
from storyboard.workflows.conform import all_takes
from storyboard.workflows.finish import Finish
from storyboard.workflows.source import plan_with, store_for
from tests.planning.test_takes import board

WRITTEN = (".csv", ".otio", ".fcpxml")


@pytest.mark.parametrize("pick", [1, 2])
def test_the_film_shows_the_picked_one(tmp_path: Path, pick: int) -> None:
    """Each is paid once; status and takes say whose it is."""
    listed = "[kling-o1-standard, kling-v3-standard]"
    path = board(tmp_path, f"duration: 3, takes: {listed}, pick: {pick}")
    with FakeService() as service, service.applied():
        film = storyboard.render(
            load(path), max_cost="$2.00", pace=Pace(scale=0.01), finish=Finish(preview=True)
        )
        again = storyboard.render(load(path), pace=Pace(scale=0.01), finish=Finish(preview=True))
        assert len(service.paid) == 2
    assert again.cost == 0
    store, made = store_for(path), plan_with(load(path), store_for(path))
    models = ["kling-o1-standard", "kling-v3-standard"]
    assert film.timeline.note("sh010").model == models[pick - 1]
    assert film.timeline.clips[0].media.model == models[pick - 1]
    assert [line.model for line in status(made, store).lines] == models
    takes = all_takes(made, store)
    assert [media.model for media in takes["sh010"].values()] == models
    # And so does whatever an export writes of a take: the film's, and the other one
    out = storyboard.export(
        film.timeline, tmp_path / "cut", formats=["otio", "fcpxml"], takes=takes
    )
    text = {path.suffix: path.read_text() for path in out.files if path.suffix in WRITTEN}
    shown, other = models[pick - 1], models[2 - pick]
    assert f",{shown}," in text[".csv"]
    assert f"sh010,{3 - pick},sh010_v00{3 - pick}.mov" in text[".csv"]
    assert text[".csv"].count(other) == 1
    assert f"<note>take {3 - pick}, {other}</note>" in text[".fcpxml"]
    assert {shown, other} == set(re.findall(r'"model": "([^"]+)"', text[".otio"]))
