"""What was seen of a storyboard's files and of its store, so that a change is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.clock import REAL
from storyboard.errors import StoryboardError
from storyboard.workflows.changed_files import stamp

if TYPE_CHECKING:
    from storyboard.clock import Clockwork
    from storyboard.store import Store
    from storyboard.workflows.changed_files import Stamp
    from storyboard.workflows.source import StoryboardFile

PATIENCE = 5
"""Looks after which files that change all the time are taken as they are."""
ASKED_EVERY = 15.0
"""Seconds between questions to a media place: each lists it, which a bucket is paid for."""


class Sight:
    """What was seen last."""

    def __init__(self, source: StoryboardFile, *, clock: Clockwork = REAL) -> None:
        self._source, self._clock = source, clock
        self._wanted = frozenset({source.file})
        self._files: Stamp = {}
        self._store: object = None
        self._last: Stamp = {}
        self._restless = 0
        self._opened: Store | None = None
        self._others: object = None
        self._asked_at: float | None = None

    def begin(self) -> None:
        """Look, and remember: what changes from now on is a change."""
        self._files = self._last = stamp(self._wanted)
        self._opened = None  # the storyboard may name another place by now
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
        try:
            store = self._opened = self._opened or self._source.store
            rows = [(row.intent, row.state, row.actual, row.request_id) for row in store.rows()]
            here = store.takes if store.shared is None else store.shared.folder
            return rows, here.keys(), self._elsewhere(store)
        except StoryboardError as error:
            return str(error)

    def _elsewhere(self, store: Store) -> object:
        """What other machines have and buy, as it was when the place was asked last."""
        now = self._clock.monotonic()
        due = self._asked_at is None or now - self._asked_at > ASKED_EVERY
        if store.shared is not None and due:
            self._asked_at = now
            claims = [(one.intent, one.ended) for one in store.claimed_elsewhere()]
            self._others = sorted(store.shared.there()), claims
        return self._others
