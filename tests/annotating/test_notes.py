"""Notes beside the storyboard: added to, read, and laid on the film."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from storyboard.annotating.notes_file import add_line, notes_file, read_notes
from storyboard.annotating.placing import lost, noted
from storyboard.annotating.review_note import Approval, NoNote, Removal, ReviewNote, from_line
from storyboard.errors import FileTrouble
from storyboard.units.timing import Rate
from tests.film_makers import clip, in_order, take

NOTE = ReviewNote("a1", "take1", "k", 1, 12, None, "the hand is odd", "Ana", at="2026-01-02")


def test_what_is_said_later_of_a_note_counts(tmp_path: Path) -> None:
    """Given a note that is done and another that is taken back, then one is left, done."""
    film = tmp_path / "film.yaml"
    for line in (NOTE, replace(NOTE, id="b2"), replace(NOTE, done=True), Removal("b2")):
        add_line(film, line)
    assert read_notes(film).notes == (replace(NOTE, done=True),)
    assert len(notes_file(film).read_text().splitlines()) == 4


def test_an_approval_is_of_one_take(tmp_path: Path) -> None:
    """Given two takes of which one is approved and no longer, then the other one stays so."""
    film = tmp_path / "film.yaml"
    for key, approved in (("k1", True), ("k2", True), ("k1", False)):
        add_line(film, Approval("sh010", key, 1, approved))
    assert set(read_notes(film).approvals) == {"k2"}


def test_a_line_that_was_cut_off_spoils_no_other(tmp_path: Path) -> None:
    """Given a file whose last line has no end, then the next note stands on a line of its own."""
    film = tmp_path / "film.yaml"
    add_line(film, NOTE)
    whole = notes_file(film).read_bytes()
    notes_file(film).write_bytes(whole.rstrip())
    add_line(film, replace(NOTE, id="c3"))
    assert [note.id for note in read_notes(film).notes] == ["a1", "c3"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "it is not JSON"),
        ('{"kind": "poem"}', "its `kind` is none of note, approval, removal"),
        ('{"kind": "note", "id": "a", "frame": "1"}', "its `frame` is not a whole number"),
        ('{"kind": "note", "id": "a", "frame": true}', "its `frame` is not a whole number"),
        ('{"kind": "removal"}', "it lacks `id`"),
        (
            '{"kind": "note", "id": "a", "shot": "s", "key": "k", "take": 1, "frame": 5, "out": 4,'
            ' "text": "x"}',
            "a range ends before it begins",
        ),
    ],
)
def test_what_is_no_note_is_said_with_its_line(tmp_path: Path, line: str, words: str) -> None:
    """Given a line that somebody broke, then its number and what is wrong are said."""
    film = tmp_path / "film.yaml"
    add_line(film, NOTE)
    with notes_file(film).open("a") as file:
        file.write(line + "\n")
    with pytest.raises(FileTrouble) as error:
        read_notes(film)
    assert "film.yaml.notes.jsonl:2: this is no note: " in str(error.value)
    assert words in str(error.value)


def test_fields_of_later_versions_are_left_alone() -> None:
    """Given a note with a field that is not known, then it is read without it."""
    line = '{"kind": "removal", "id": "a", "mood": "good"}'
    assert from_line(line) == Removal("a")


def test_an_empty_note_is_none() -> None:
    """A note says something."""
    with pytest.raises(NoNote, match="1 to 5000 letters"):
        replace(NOTE, text=" \n")


def test_a_note_stays_at_its_frame_when_shots_are_moved(tmp_path: Path) -> None:
    """Given a note on frame 12 of a take whose first 4 frames are trimmed, then it lies 8 frames
    into the shot, wherever that is put."""
    one, two = take(tmp_path, 1), take(tmp_path, 2)
    first, second = clip(one, first=4), clip(two)
    note = replace(NOTE, shot=first.shot, key=one.key, out=14)
    for clips, at in (((first, second), 8), ((second, first), 24 + 8)):
        (placed,) = noted(in_order(clips), [note]).notes
        assert (placed.start, placed.frames, placed.elsewhere) == (at, 3, False)


def test_a_frame_that_the_cut_leaves_out_is_taken_for_the_nearest(tmp_path: Path) -> None:
    """Given a note before the trim, then it lies on the shot's first frame."""
    one = take(tmp_path, 1)
    note = replace(NOTE, shot="take1", key=one.key, frame=1)
    (placed,) = noted(in_order([clip(one, first=4)]), [note]).notes
    assert placed.start == 0


def test_a_note_on_another_take_of_the_shot_says_so(tmp_path: Path) -> None:
    """Given a note on a take that is not picked, then it lies as far into the shot, marked."""
    one = take(tmp_path, 1, rate=Rate(24))
    (placed,) = noted(in_order([clip(one)]), [replace(NOTE, shot="take1", key="other")]).notes
    assert (placed.start, placed.elsewhere) == (12, True)


def test_a_note_on_a_shot_that_is_gone_is_not_forgotten(tmp_path: Path) -> None:
    """Given a note on a shot that the film does not show, then it is not on it, and is named."""
    timeline, note = in_order([clip(take(tmp_path, 1))]), replace(NOTE, shot="gone")
    assert noted(timeline, [note]).notes == ()
    assert lost(timeline, [note]) == (note,)
