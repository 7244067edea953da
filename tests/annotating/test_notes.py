"""Notes beside the storyboard: added to, read, and laid on the film."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from storyboard.annotating.notes_file import add_line, notes_file, read_notes
from storyboard.annotating.placing import lost, noted, renamed
from storyboard.annotating.review_note import (
    Approval,
    NoNote,
    Removal,
    ReviewNote,
    as_line,
    from_line,
)
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
        ('{"kind": "removal", "id": "\\ud800"}', "its `id` is not a text"),
        ("<<<<<<< HEAD", "it is not JSON"),
        ("\0\0\0", "it is not JSON"),
        ("[" * 50_000, "it is not JSON"),
        (
            '{"kind": "note", "id": "a", "shot": "s", "key": "k", "take": 1, "frame": 5, "out": 4,'
            ' "text": "x"}',
            "a range ends before it begins",
        ),
    ],
)
def test_what_is_no_note_is_said_with_its_line(tmp_path: Path, line: str, words: str) -> None:
    """Given a line that somebody broke, then its number and what is wrong are said, and all others
    are read."""
    film = tmp_path / "film.yaml"
    add_line(film, NOTE)
    with notes_file(film).open("a") as file:
        file.write(line + "\n")
    add_line(film, replace(NOTE, id="c3"))
    found = read_notes(film)
    assert [note.id for note in found.notes] == ["a1", "c3"]
    (said,) = found.unread
    assert "film.yaml.notes.jsonl:2: this is no note, and left alone: " in said
    assert words in said


def test_bytes_that_are_no_text_spoil_their_line_alone(tmp_path: Path) -> None:
    """Given a line in another encoding, line ends of Windows and a mark at the file's beginning, as
    editors write them, then the other notes are read."""
    film = tmp_path / "film.yaml"
    lines = [as_line(one).encode() for one in (NOTE, replace(NOTE, id="b2"))]
    notes_file(film).write_bytes(b"\xef\xbb\xbf" + b"\r\n".join([lines[0], b"\xe9", lines[1], b""]))
    add_line(film, replace(NOTE, id="c3"))
    found = read_notes(film)
    assert [note.id for note in found.notes] == ["a1", "b2", "c3"]
    assert "notes.jsonl:2: " in "".join(found.unread)


def test_fields_of_later_versions_are_kept(tmp_path: Path) -> None:
    """Given a note with a field that is not known, when it is done, then it still has the field."""
    film = tmp_path / "film.yaml"
    later = {**NOTE.as_data(), "kind": "note", "mood": {"good": True}, "more": 1}
    notes_file(film).write_text(json.dumps(later) + "\n")
    (note,) = read_notes(film).notes
    assert note.as_data() == {**NOTE.as_data(), "mood": {"good": True}, "more": 1}
    add_line(film, replace(note, done=True))
    assert json.loads(notes_file(film).read_text().splitlines()[1]) == {**later, "done": True}
    assert from_line('{"kind": "removal", "id": "a", "mood": "good"}') == Removal("a")


def test_many_who_write_at_once_write_whole_lines(tmp_path: Path) -> None:
    """Given threads that add long notes, as two pages and a command do, then each stands on a line
    of its own."""
    film, long = tmp_path / "film.yaml", replace(NOTE, text="\N{GRINNING FACE}" * 5000)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: add_line(film, replace(long, id=str(n))), range(64)))
    found = read_notes(film)
    assert {note.id for note in found.notes} == set(map(str, range(64)))
    assert found.unread == ()


def test_a_note_goes_where_its_take_goes() -> None:
    """Given shots that are called otherwise since, because one was put in front, then a note has
    the name and number of its take now; one that two shots show stays at its own."""
    takes = {"k": [("sh020", 2)], "both": [("sh010", 1), ("take1", 3)]}
    moved, stays, unknown = renamed(
        [NOTE, replace(NOTE, key="both"), replace(NOTE, key="x")], takes
    )
    assert (moved.shot, moved.take) == ("sh020", 2)
    assert (stays.shot, stays.take) == ("take1", 3)
    assert (unknown.shot, unknown.take) == ("take1", 1)


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


def test_words_that_no_program_can_hold_are_written_out(tmp_path: Path) -> None:
    """Given a note with commands to a terminal and marks that turn its direction, then they stand
    there as signs: an XML with them is none."""
    one = take(tmp_path, 1)
    note = replace(NOTE, key=one.key, text="a\0\x1b[2J\tb\ufffe\n\u202ec", author="A\x07na")
    (placed,) = noted(in_order([clip(one)]), [note]).notes
    assert placed.text == "a\\x00\\x1b[2J b\\ufffe\n\\u202ec"
    assert placed.author == "A\\x07na"


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
