"""What was seen of a storyboard's files and of its store, so that a change is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.errors import StoryboardError
from storyboard.workflows.changed_files import stamp

if TYPE_CHECKING:
    from storyboard.workflows.changed_files import Stamp
    from storyboard.workflows.source import StoryboardFile

PATIENCE = 5
"""Looks after which files that change all the time are taken as they are."""


class Sight:
    """What was seen last."""

    def __init__(self, source: StoryboardFile) -> None:
        self._source = source
        self._wanted = frozenset({source.file})
        self._files: Stamp = {}
        self._store: object = None
        self._last: Stamp = {}
        self._restless = 0

    def begin(self) -> None:
        """Look, and remember: what changes from now on is a change."""
        self._files = self._last = stamp(self._wanted)
        self._store = self._in_store()
        self._restless = 0

    def widen(self, *files: Path) -> None:
        """Look at these, too."""
        self._files = stamp(files) | self._files  # what was seen before `begin` counts
        self._wanted = frozenset((self._source.file, *files))

    def changed(self, *, at_once: bool = False) -> bool:
        """Whether anything is another since, and files have stayed so for one look.

        Who saves in parts is not read in between. `at_once` is for who knows that it is whole.
        """
        now = stamp({*self._files, *self._wanted})
        if now == self._files:
            return self._in_store() != self._store
        still, self._last = now == self._last, now
        self._restless += 1
        return at_once or still or self._restless > PATIENCE

    def _in_store(self) -> object:
        store = self._source.store
        try:
            rows = [(row.intent, row.state, row.actual, row.request_id) for row in store.rows()]
            return rows, store.keys()
        except StoryboardError as error:
            return str(error)
