"""There and back through every format: the film is, frame by frame, what the editor saw."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from storyboard.errors import MediaError
from storyboard.fileformat.cut_list import CutShot
from storyboard.loading.blocks import cut_list
from storyboard.reimport.changes import Changes, changes, ended
from storyboard.reimport.readers.kinds import read_edited
from storyboard.reimport.rewrite import apply
from storyboard.reimport.sequence import Known
from storyboard.timeline import Media, PlacedTransition, Timeline
from storyboard.timeline.joins import check
from storyboard.timeline.recut import recut
from tests.exporting.cuts import SIZE, Reel, written
from tests.reimport.desk import ENDINGS, WRITERS, Desk, opened
from tests.reimport.edits import EDITS

RATES = [
    Fraction(24),
    Fraction(24000, 1001),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(60),
]
TEXT = b"version: 1\n"


def exported(rate: Fraction) -> Timeline:
    """A dropped seam frame, a hold, a dissolve, and two speeds."""
    reel = Reel(rate)
    media = [Media(Path(f"take{n}.mp4"), f"{n:064x}", 49, rate, SIZE) for n in range(7)]
    reel.lay("sh010", media[1], drops=1)
    reel.lay("sh020", media[2], first=4, frames=40)
    reel.lay("sh020", media[2], first=43, frames=10, held=True)
    third = reel.lay("sh030", media[3], first=5, frames=30)
    reel.lay("sh040", media[4], first=6, frames=36)
    reel.lay("sh050", media[5], first=4, frames=20, speed=Fraction(2))
    reel.lay("sh060", media[6], first=3, frames=60, speed=Fraction(1, 2))
    return reel.timeline(transitions=(PlacedTransition("dissolve", third.start, 4, 4),))


@pytest.fixture(name="desk", scope="module", params=RATES, ids=str)
def _desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The exported sequence, read by OpenTimelineIO's library."""
    path = tmp_path_factory.mktemp("exported") / "exported.otio"
    path.write_text(written(exported(request.param)), encoding="utf-8")
    return opened(path)


def edited(desk: Desk, edit: str) -> Desk:
    """The sequence with an edit made."""
    made = Desk(desk.rate, list(desk.items))
    EDITS[edit](made)
    return made


def meant(desk: Desk, program: str) -> bool:
    """Whether a program's format can say these speeds: an EDL counts tenths of frames a second."""
    tenths = 10 * int(desk.rate + Fraction(1, 2))
    return program != "edl" or all((cut.speed * tenths).denominator == 1 for cut in desk.cuts)


def brought_back(timeline: Timeline, path: Path) -> tuple[Changes, Timeline]:
    """What is found in an edited file, and the film that is cut by it."""
    shots = {clip.shot for clip in timeline.clips}
    found = changes(timeline, read_edited(path, Known(shots, timeline.rate)))
    entries = yaml.safe_load(apply(TEXT, found, file="film.yaml")).get("cut")
    made = ended(timeline, found)
    if entries:
        made = recut(made, cut_list(CutShot.model_validate(entry) for entry in entries) or ())
    check(made)
    return found, made


def seen(timeline: Timeline) -> list[tuple[str, int] | None]:
    """The shot and the take's frame on each film frame; None inside a transition."""
    found: list[tuple[str, int] | None] = []
    for clip in timeline.clips:
        found += [(clip.shot, clip.media_frame(offset)) for offset in range(clip.frames)]
    for over in timeline.transitions:
        found[over.start : over.end] = [None] * over.frames
    return found


@pytest.mark.parametrize("program", WRITERS)
def test_every_edit_comes_back_as_it_was_seen(program: str, desk: Desk, tmp_path: Path) -> None:
    """Exported, edited, saved by a program, imported and cut: each film frame is the editor's.

    All edits at 24; at each other rate a half of them.
    """
    timeline = exported(desk.rate)
    turn = RATES.index(desk.rate)
    wrong: dict[str, object] = {}
    for name in list(EDITS)[turn % 2 :: 2 if turn else 1]:
        sequence = edited(desk, name)
        if not meant(sequence, program):
            continue
        path = tmp_path / f"edited.{ENDINGS[program]}"
        path.write_text(WRITERS[program](sequence), encoding="utf-8")
        try:
            found, made = brought_back(timeline, path)
        except MediaError as cause:
            wrong[name] = cause
            continue
        changed = sequence.shown() != desk.shown()
        if seen(made) != sequence.shown() or found.notes or bool(found) != changed:
            wrong[name] = (found.said, found.notes)
    assert wrong == {}


def test_there_are_as_many_edits_as_were_promised() -> None:
    """Seventy at the least."""
    assert len(EDITS) >= 70
