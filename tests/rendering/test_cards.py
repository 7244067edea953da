"""Cards: a colour or a still with words, in the film and in every export, and never bought."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import storyboard
from storyboard.cutting.clashes import foreseen
from storyboard.exporting.package import export
from storyboard.loading.load import load
from storyboard.planning.planner import plan
from storyboard.reimport.changes import changes
from storyboard.reimport.readers.kinds import read_edited
from storyboard.testing import FakeService
from storyboard.timeline import Timeline
from storyboard.timeline.recut import CutEntry, recut
from storyboard.units.timing import Duration
from storyboard.video.reader import read
from storyboard.workflows.conform import conform
from storyboard.workflows.finish import Finish
from storyboard.workflows.source import store_for
from tests.boards import still

CARDS = """version: 1
fps: 24
defaults: {duration: 3}
scenes:
  - id: opening
    card: {color: "#204060", duration: 1, words: {text: Hi, size: 30, fade_in: 0, fade_out: 0}}
  - transition: {type: dissolve, duration: 6f}
    keyframes:
      - {image: 0.png, shot: It rolls}
      - image: 1.png
  - {id: end, card: {image: 2.png, duration: 12f}}
ending: {type: fade, duration: 6f, color: white}
"""


def cards(folder: Path, text: str = CARDS) -> Path:
    """A shot between a card of a colour and one of a still."""
    for number in range(3):
        still(folder / f"{number}.png", number)
    path = folder / "film.yaml"
    path.write_text(text)
    return path


def cut(path: Path) -> Timeline:
    """The film as it will be."""
    return foreseen(plan(load(path)))


def test_a_card_is_a_clip_without_a_take(tmp_path: Path) -> None:
    """Its length, its words and the transition out of it are in the cut, and in the plan."""
    made = cut(cards(tmp_path))
    assert [(c.shot, c.media.kind, c.frames) for c in made.clips] == [
        ("opening", "card", 24 - 3),
        ("sh010", "take", 73 - 3),
        ("end", "card", 12),
    ]
    (words,) = made.words
    assert (words.text, words.start, words.frames, words.role) == ("Hi", 0, 21, "title")
    assert [(t.kind, t.at) for t in made.transitions] == [("dissolve", 21), ("fade", 103)]
    assert plan(load(tmp_path / "film.yaml")).frames == 24 + 72 + 12 - 6
    assert made.stills == ()


def test_a_card_changes_no_key(tmp_path: Path) -> None:
    """The shot has the same name and the same key with cards around it and without."""
    plain = CARDS.replace(
        CARDS[CARDS.index("  - id: opening") : CARDS.index("    keyframes")], "  - id: a\n"
    )
    alone = plan(load(cards(tmp_path / "a", plain))).shots
    among = plan(load(cards(tmp_path / "b"))).shots
    assert [(s.id, s.picked.key) for s in alone] == [(s.id, s.picked.key) for s in among]


def test_cards_are_seen_and_free(tmp_path: Path) -> None:
    """One request for the one shot; the colour, the words, the still, and white at the end."""
    path = cards(tmp_path)
    with FakeService() as service, service.applied():
        made = storyboard.render(path, max_cost="$1.00", finish=Finish(quick=True))
        assert len(service.paid) == 1
    pictures = list(read(made.path))
    assert len(pictures) == made.timeline.frames == 103
    corner = pictures[5][:20, :20].reshape(-1, 3).mean(axis=0)
    assert np.abs(corner - (0x20, 0x40, 0x60)).max() < 4
    assert pictures[5].max() > 240  # the words
    own = np.asarray(Image.open(tmp_path / "2.png"))
    assert np.abs(pictures[92].astype(int) - own).mean() < 3
    assert pictures[-1].min() > 245


def test_words_go_where_their_card_goes(tmp_path: Path) -> None:
    """A cut that moves the card moves its words; one that leaves it out leaves them out."""
    made = cut(cards(tmp_path))
    shot, card = CutEntry("sh010"), CutEntry("opening", duration=Duration.parse("12f"))
    moved = recut(made, [shot, card])
    (words,) = moved.words
    assert (words.start, words.frames) == (moved.clips[1].start, 12)
    assert recut(made, [shot]).words == ()


def test_cards_come_back_from_an_editor(tmp_path: Path) -> None:
    """The export holds each card as media, and reading it back finds no change."""
    path = cards(tmp_path)
    storyboard.render(path, draft=True, finish=Finish(quick=True))
    made = plan(load(path, draft=True), held=store_for(path).held(), draft=True)
    timeline = conform(made, store_for(path))
    exported = export(timeline, tmp_path / "to", formats=["otio"])
    names = [file.name for file in exported.files if file.parent.name == "media"]
    assert names == ["opening_v001_still.mov", "sh010_v001.mov", "end_v001_still.mov"]
    assert not changes(timeline, read_edited(exported.files[0]))
    first = next(iter(read(tmp_path / "to" / "media" / names[0])))
    assert np.abs(first.reshape(-1, 3).mean(axis=0) - (0x20, 0x40, 0x60)).max() < 4


@pytest.mark.parametrize("reframe", ["crop", "pad"])
def test_a_card_fills_every_shape(reframe: str, tmp_path: Path) -> None:
    """A colour has no shape: it fills another size whatever is done to pictures."""
    finish = Finish(size=storyboard.Size(160, 320), reframe=reframe, burn_in=False)  # type: ignore[arg-type]
    made = storyboard.render(cards(tmp_path), draft=True, finish=finish)
    first = next(iter(read(made.path)))
    assert np.abs(first[:10].reshape(-1, 3).mean(axis=0) - (0x20, 0x40, 0x60)).max() < 5
