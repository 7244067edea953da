"""Keyframes that come early or late in a take: each shot begins where its own one is seen."""

from __future__ import annotations

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
from storyboard.workflows.qc import measured
from storyboard.workflows.render import Film
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


def rendered(path: Path, late: int, heard: list[Event]) -> Film:
    """Its film, by a service whose keyframes come so late; paid once."""
    with FakeService(footage=FakeClip(width=160, late=late)) as service, service.applied():
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
def test_each_shot_begins_on_its_keyframes_frame(tmp_path: Path, late: int) -> None:
    """Whatever the model made of the moment; no frame is lost, doubled or resampled."""
    heard: list[Event] = []
    path = board(tmp_path, lengths=(2, 2, 2))
    film = rendered(path, late, heard)
    assert frames(film) == list(range(145))
    clips = film.timeline.clips
    assert [clip.first for clip in clips] == [0, 48 + late, 96 + late]
    assert [clip.start for clip in clips] == [0, 48 + late, 96 + late]
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
            for at, name in ((48, "k1"), (96, "k2"))
        ]
        if late
        else []
    )


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
    (moved,) = measured(StoryboardFile(path)).moved
    assert moved.line() == f"sh020 take 1: {words}"
    (data,) = running.storyboard("qc", path, "--json").data["moved_keyframes"]
    assert (data["ordered_frame"], data["frame"], data["keyframe"]) == (48, 51, "k1")
    assert data["likeness"] > 0.8  # the painted code is not the keyframe's
