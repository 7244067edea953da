"""Edits of the storyboard's file: tried first, and written where all else stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from storyboard.errors import FileTrouble, InvalidStoryboard
from storyboard.loading.edits import edited
from storyboard.workflows.source import StoryboardFile

if TYPE_CHECKING:
    from storyboard.loading.checked import CheckedShot, CheckedStoryboard
    from storyboard.workflows.source import AnyFile


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A storyboard's text, as it is and as it would be."""

    source: StoryboardFile
    before: bytes = field(repr=False)
    was: CheckedStoryboard
    after: bytes = field(repr=False)
    storyboard: CheckedStoryboard
    """As the new text has it."""

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return self.before != self.after

    def write(self) -> None:
        """Put the new text in its place; FileTrouble where the file is another by now."""
        if self.changes:
            self.source.exchange(self.before, self.after)


def edit(
    storyboard: AnyFile,
    values: Mapping[tuple[str | int, ...], object],
    *,
    dry_run: bool = False,
) -> Rewriting:
    """Write values into a storyboard's file, and leave all else in it as it is, comments too.

        fox = storyboard.load("film.yaml").shot("sh020")
        storyboard.edit("film.yaml", {(*fox.path, "prompt"): "The fox looks up", ("title",): "Fox"})

    A path is keys and list indices; an index one beyond a list's end appends, and
    `storyboard.REMOVE` in place of a value takes out what is there. With `dry_run` nothing is
    written. FileTrouble where the result would not load, or can't be written without changing more.
    """
    new = rewriting(opened(StoryboardFile.of(storyboard)), values)
    if not dry_run:
        new.write()
    return new


def opened(source: StoryboardFile) -> Rewriting:
    """The storyboard as it is, with nothing edited yet."""
    text = source.text()
    board = source.parsed(text, draft=True)
    return Rewriting(source, text, board, text, board)


def rewriting(opened: Rewriting, edits: Mapping[tuple[str | int, ...], Any]) -> Rewriting:
    """The storyboard with these values (see `edited`), loaded again; nothing is written.

    FileTrouble, with what is wrong, where it would not load.
    """
    source = opened.source
    after = edited(opened.before, edits, file=str(source.file))
    try:
        storyboard = source.parsed(after, draft=True)
    except InvalidStoryboard as cause:
        raise FileTrouble(f"nothing is written: {cause.mistakes[0]}") from cause
    return Rewriting(source, opened.before, opened.was, after, storyboard)


def with_takes(shot: CheckedShot, count: int) -> dict[tuple[str | int, ...], Any]:
    """The edits by which a shot has so many takes: a number, or entries like its last one."""
    path = (*shot.path, "takes")
    if not shot.listed:
        return {path: count}
    last = shot.listed[-1]
    alias, options = last.model.alias, dict(last.options)
    entry = {"model": alias, "options": options} if options else alias
    return {(*path, number): entry for number in range(len(shot.listed), count)}
