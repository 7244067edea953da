"""Keyframes that come early or late in a take: each shot begins where its own one is seen."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import storyboard
from storyboard.events import Event, Noticed
from storyboard.planning.planned import Plan
from storyboard.reviewing import keyframe_places
from storyboard.testing import FakeClip, FakeService, codes
from storyboard.video.reader import read
from storyboard.workflows.film_steps import Film
from storyboard.workflows.qc import qc
from storyboard.workflows.source import StoryboardFile, plan_with, store_for
from tests.boards import still
from tests.cli import running
from tests.workflows.test_keyframes import QUICK, SMALL


def board(folder: Path, *, model: str = "flux-3-keyframes", lengths: tuple[int, ...]) -> Path:
    """A scene whose shots are so long."""
    lines = ["version: 1", f"model: {model}", "keyframes:"]
    for i, length in enumerate(lengths):
        still(folder / f"k{i}.png", i)
        lines.append(f"  - image: k{i}.png")
        lines.append(f"    shot: {{prompt: It rolls on to {i + 1}, duration: {length}}}")
    still(folder / f"k{len(lengths)}.png", len(lengths))
    lines.append(f"  - image: k{len(lengths)}.png")
    path = folder / "film.yaml"
    path.write_text("\n".join(lines) + "\n")
    return path


def rendered(path: Path, footage: FakeClip | int, heard: list[Event]) -> Film:
    """Its film, by a service whose clips are so, or whose keyframes come so late; paid once."""
    clip = FakeClip(width=160, late=footage) if isinstance(footage, int) else footage
    with FakeService(footage=clip) as service, service.applied():
        film = storyboard.render(
            path, max_cost="$5.00", pace=QUICK, finish=SMALL, listener=heard.append
        )
        assert len(service.paid) == 1
    return film


def frames(film: Film) -> list[int]:
    """The take's frames that the film shows, by the codes painted in them."""
    return [code.frame for picture in read(film.path) if (code := codes.read(picture))]


def told(heard: list[Event]) -> list[str]:
    """What was remarked about keyframes."""
    return [e.message for e in heard if isinstance(e, Noticed) and "its take" in e.message]


@pytest.mark.parametrize("late", [0, 3, -4])
@pytest.mark.parametrize(
    ("model", "lengths"),
    [("flux-3-keyframes", (2, 2, 2)), ("pikaframes", (2, 2, 2)), ("ray-3.2-keyframes", (2, 1, 2))],
    ids=["flux", "pika", "ray"],
)
def test_each_shot_begins_on_its_keyframes_frame(
    tmp_path: Path, model: str, lengths: tuple[int, ...], late: int
) -> None:
    """Whatever the model made of the moment; no frame is lost, doubled or resampled."""
    heard: list[Event] = []
    path = board(tmp_path, model=model, lengths=lengths)
    film = rendered(path, late, heard)
    assert frames(film) == list(range(24 * sum(lengths) + 1))
    clips, ordered = film.timeline.clips, [24 * second for second in accumulate(lengths[:-1])]
    assert [clip.first for clip in clips] == [0, *(at + late for at in ordered)]
    assert [clip.start for clip in clips] == [0, *(at + late for at in ordered)]
    assert all(clip.one_to_one for clip in clips)
    for clip, name in zip(clips[1:], ("k1", "k2"), strict=True):
        shown = next(read(film.path, first=clip.start))
        wanted = np.asarray(still_of(tmp_path / f"{name}.png", shown.shape[:2]), np.int16)
        below = slice(shown.shape[0] // codes.STRIP + 2, None)
        assert np.abs(shown[below] - wanted[below]).mean() < 4
    side = "after" if late > 0 else "before"
    assert told(heard) == (
        [
            f"begins on frame {at + late} of its take, where {name} is seen: "
            f"{abs(late)} frames {side} the one that was ordered"
            for at, name in zip(ordered, ("k1", "k2"), strict=True)
        ]
        if late
        else []
    )


def patterned(path: Path, seed: int) -> None:
    """A picture that is like no other."""
    blocks = np.random.default_rng(seed).integers(0, 255, (12, 12, 3), np.uint8)
    Image.fromarray(blocks).resize((320, 320), Image.Resampling.NEAREST).save(path)


@pytest.mark.parametrize("model", ["flux-3-keyframes", "pikaframes", "ray-3.2-keyframes"])
def test_a_keyframe_that_is_not_seen_is_said(tmp_path: Path, model: str) -> None:
    """The cut stays where it was ordered; render, plan and qc say so, with what can be done."""
    path = board(tmp_path, model=model, lengths=(2, 3))
    for i in range(3):
        patterned(tmp_path / f"k{i}.png", i)
    heard: list[Event] = []
    film = rendered(path, FakeClip(width=160, leaves_out=True), heard)
    assert frames(film) == list(range(121))
    assert [clip.first for clip in film.timeline.clips] == [0, 48]
    (words,) = told(heard)
    assert words.startswith(
        "begins on frame 48 of its take, as ordered, but k1 is not seen there or around it: "
        "likeness "
    )
    assert words.endswith("SSIM of shapes, below 0.6; another take: `storyboard take sh020`")
    made: Plan = plan_with(storyboard.load(path), store_for(path))
    assert words in made.shots[1].notes
    (data,) = running.storyboard("qc", path, "--json").data["moved_keyframes"]
    assert (data["ordered_frame"], data["frame"], data["seen"]) == (48, 48, False)
    assert data["likeness"] < 0.6


def test_a_keyframe_that_comes_later_than_is_looked_is_said(tmp_path: Path) -> None:
    """The nearest frame is the last one of the window: it may be seen better beyond."""
    path = board(tmp_path, lengths=(2, 3))
    heard: list[Event] = []
    film = rendered(path, 20, heard)
    assert film.timeline.clips[1].first == 60
    assert told(heard) == [
        "begins on frame 60 of its take, where k1 is seen: 12 frames after the one that was "
        "ordered; no farther was looked, it may be seen better after"
    ]


def still_of(path: Path, shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A keyframe in a frame's size."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB").resize((shape[1], shape[0])))


def test_it_is_measured_once_and_told_where_it_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the take's note, from there in `plan` and `qc`; a second film measures nothing."""
    path = board(tmp_path, lengths=(2, 4))
    first = rendered(path, 3, [])

    def never(*_: object) -> float:
        raise AssertionError("measured again")

    monkeypatch.setattr(keyframe_places, "difference", never)
    again = storyboard.render(path, tmp_path / "again.mp4", pace=QUICK, finish=SMALL)
    assert frames(again) == frames(first)
    made: Plan = plan_with(storyboard.load(path), store_for(path))
    words = (
        "begins on frame 51 of its take, where k1 is seen: 3 frames after the one that was ordered"
    )
    assert [shot.notes for shot in made.shots] == [(), (words,)]
    (moved,) = qc(StoryboardFile(path)).moved
    assert moved.line() == f"sh020 take 1: {words}"
    (data,) = running.storyboard("qc", path, "--json").data["moved_keyframes"]
    assert (data["ordered_frame"], data["frame"], data["keyframe"]) == (48, 51, "k1")
    assert data["likeness"] > 0.6  # the painted code is not the keyframe's
