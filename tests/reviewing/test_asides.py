"""Seams that are measured while the pieces are made: the same numbers, with no more decoding."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from storyboard.rendering.assembling import assemble
from storyboard.rendering.memory import FORGETFUL, Memory
from storyboard.reviewing.seams import asides, review
from storyboard.timeline import SeamMark, Timeline
from tests.film_makers import QUICK, clip, in_order, take


def scene(folder: Path) -> Timeline:
    """Three takes of one scene, each without its last frame."""
    cut = in_order([clip(take(folder, shot, frames=41), last=39) for shot in range(3)])
    one, two, three = cut.clips
    marks = (SeamMark(40, one.shot, two.shot), SeamMark(80, two.shot, three.shot))
    return replace(cut, seams=marks)


def test_they_are_what_a_review_measures(tmp_path: Path) -> None:
    """And the review asks no take for them: they are gone by then."""
    cut = scene(tmp_path)
    measured = review(cut)
    memory = Memory(tmp_path / "c")
    work = asides(cut, cut.seams, memory)
    assert sorted(work) == [40, 80]
    assemble(cut, tmp_path / "film.mp4", cache=tmp_path / "c", recipe=QUICK, asides=work)
    for media in {one.media for one in cut.clips}:
        media.path.unlink()
    assert review(cut, memory=memory) == measured
    assert asides(cut, cut.seams, memory) == {}


def test_nothing_is_done_that_would_be_forgotten(tmp_path: Path) -> None:
    """Where nothing is remembered, the review has to measure anyway."""
    cut = scene(tmp_path)
    assert asides(cut, cut.seams, FORGETFUL) == {}


def test_a_damaged_take_is_left_to_the_review(tmp_path: Path) -> None:
    """The film is made of what can be decoded, and its seams are measured as it shows them."""
    cut = scene(tmp_path)
    path = cut.clips[0].media.path
    data = bytearray(path.read_bytes())
    middle = data.index(b"mdat") + 3000
    data[middle : middle + 40] = bytes(40)
    path.write_bytes(data)
    memory = Memory(tmp_path / "c")
    work = asides(cut, cut.seams, memory)
    given: dict[str, Any] = {"cache": tmp_path / "c", "recipe": QUICK, "asides": work}
    film = assemble(cut, tmp_path / "film.mp4", **given)
    assert [piece.kept for piece in film.pieces if piece.stretch.start in (0, 40)] == [False, True]
    assert [seam.at for seam in review(cut, memory=memory).seams] == [40, 80]
