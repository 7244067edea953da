"""A film that nothing changed of is not written again, and one that anything changed of is."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from storyboard.events import Event, log
from storyboard.rendering.assembling import WrittenFilm, assemble
from storyboard.rendering.memory import FORGETFUL, Memory
from storyboard.rendering.take_facts import packets_of_take
from storyboard.timeline import Timeline, Words
from storyboard.video.probing import check
from storyboard.video.stored import stored
from tests.film_makers import QUICK, clip, in_order, planned, reordered, seen_in, take

LONG_AGO = 1_000_000_000


def written(timeline: Timeline, folder: Path, heard: list[Event] | None = None) -> WrittenFilm:
    """The film at its usual place."""
    listener = log if heard is None else heard.append
    output, cache = folder / "film.mp4", folder / "c"
    return assemble(timeline, output, cache=cache, recipe=QUICK, listener=listener)


def test_an_unchanged_film_is_left_and_is_new(tmp_path: Path) -> None:
    """Its file stays; its time is that of now, for who goes by times."""
    timeline = in_order([clip(reordered(take(tmp_path, shot))) for shot in range(2)])
    first = written(timeline, tmp_path)
    os.utime(first.path, (LONG_AGO, LONG_AGO))  # it is another file now, for all we know
    rewritten = written(timeline, tmp_path)
    before = rewritten.path.stat()
    heard: list[Event] = []
    again = written(timeline, tmp_path, heard)
    after = again.path.stat()
    assert after.st_ino == before.st_ino
    assert after.st_mtime_ns >= before.st_mtime_ns > LONG_AGO * 10**9
    assert again.pieces == rewritten.pieces
    assert any("is there as it was written" in str(event) for event in heard)


def test_a_film_that_somebody_changed_is_written_again(tmp_path: Path) -> None:
    """Cut off, overwritten, or gone: what is there then is the whole film."""
    timeline = in_order([clip(reordered(take(tmp_path, 1)))])
    film = written(timeline, tmp_path).path
    with film.open("r+b") as file:
        file.truncate(film.stat().st_size - 100)
    written(timeline, tmp_path)
    check(film, frames=timeline.frames)
    film.write_bytes(b"somebody's notes")
    written(timeline, tmp_path)
    check(film, frames=timeline.frames)
    film.unlink()
    written(timeline, tmp_path)
    assert seen_in(film) == planned(timeline, [1])


def test_what_changed_is_in_the_film(tmp_path: Path) -> None:
    """Its pictures, its title, its subtitles."""
    timeline = in_order([clip(reordered(take(tmp_path, 1))), clip(reordered(take(tmp_path, 2)))])
    film = written(timeline, tmp_path).path
    seen = [film.read_bytes()]
    said = Words("caption", "Hello", 2, 8, "bottom", 5, "#ffffff")
    for other in (
        replace(timeline, title="Another"),
        replace(timeline, words=(said,)),
        in_order(timeline.clips[::-1]),
    ):
        written(other, tmp_path)
        seen.append(film.read_bytes())
    assemble(timeline, film, cache=tmp_path / "c", recipe=QUICK, subtitles=(said,))
    seen.append(film.read_bytes())
    assert len(set(seen)) == len(seen)


def test_a_take_that_is_another_by_now_is_taken(tmp_path: Path) -> None:
    """Its key says it is the same; its file does not."""
    media = reordered(take(tmp_path, 1))
    timeline = in_order([clip(media)])
    written(timeline, tmp_path)
    media.path.write_bytes(reordered(take(tmp_path, 2)).path.read_bytes())
    again = written(timeline, tmp_path)
    assert seen_in(again.path) == planned(timeline, [2])


def test_what_is_remembered_of_a_take_is_what_was_found(tmp_path: Path) -> None:
    """As long as its file stays as it is."""
    path, memory = reordered(take(tmp_path, 1)).path, Memory(tmp_path / "notes")
    for kept in (memory, memory, FORGETFUL):
        assert packets_of_take(path, kept) == stored(path)
    path.write_bytes(take(tmp_path, 2, frames=7).path.read_bytes())
    assert packets_of_take(path, memory).facts.frames == 7
