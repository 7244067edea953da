"""Cleaning a store of what is made again, free: drafts, segments, what pages show.

What was paid, and what says so, is never touched: a draft goes only where its own note says that it
is one and no request was ever written down for its key. Whatever was used within the hour stays,
and nothing goes while something is made here: so no run needs a lock against it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.accounting.inventory import FileKind, inventory
from storyboard.errors import StoreError
from storyboard.units.timing import counted

if TYPE_CHECKING:
    from storyboard.accounting.inventory import ListedFile
    from storyboard.store import Store

LEAST_AGE = 3600.0
"""Seconds: what was used more recently may be wanted by a run that goes on."""
QUIET = 600.0
"""Seconds without anything new: a run that goes on writes something much more often."""

SEGMENTS = frozenset({FileKind.SEGMENT, FileKind.PAGE})
DRAFTS = frozenset({FileKind.DRAFT})


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What was removed, or would be."""

    files: tuple[ListedFile, ...]
    left: tuple[str, ...] = ()
    """What could not be removed, and why."""

    def __repr__(self) -> str:
        return f"<Cleaned {counted(len(self.files), 'file')}, {self.bytes} bytes>"

    @property
    def bytes(self) -> int:
        """How much room that makes."""
        return sum(one.bytes for one in self.files)


def removable(
    store: Store,
    kinds: Collection[FileKind] = SEGMENTS | DRAFTS,
    *,
    older: float = LEAST_AGE,
) -> list[ListedFile]:
    """What may go: of these kinds, and not used for `older` seconds, an hour at least.

    StoreError where the ledger can't be read: then nobody knows what was paid.
    """
    found = inventory(store)
    named = {row.key for row in store.rows()} if FileKind.DRAFT in kinds else set()
    before = store.clock.time() - max(older, LEAST_AGE)
    young = {one.key for one in found if one.key and one.used_at > before}
    return [
        one
        for one in found
        if one.renewable and one.kind in kinds and not one.kind.paid
        if one.used_at <= before and one.key not in named | young
    ]


def require_quiet(store: Store) -> None:
    """StoreError where something was made here a moment ago: a run may be going on."""
    made = (
        FileKind.SEGMENT,
        FileKind.PAGE,
        FileKind.DRAFT,
        FileKind.ASIDE,
        FileKind.TAKE,
        FileKind.CLIP,
    )
    newest = max(
        (one for one in inventory(store) if one.kind in made),
        key=lambda one: one.used_at,
        default=None,
    )
    age = store.clock.time() - newest.used_at if newest else QUIET
    if newest is not None and age < QUIET:
        minutes = int(max(0.0, age) // 60)
        ago = counted(minutes, "minute") if minutes else "less than a minute"
        raise StoreError(
            f"{newest.path} was written {ago} ago: a run may be going on in this store. Clean it "
            "in ten minutes, or at once with `even_so=True`"
        )


def clean(store: Store, files: Iterable[ListedFile]) -> Cleaned:
    """Remove what `removable` found; drafts by the door of the takes, which refuses all else."""
    gone, left = [], []
    for one in files:
        try:
            if one.key:
                store.takes.discard(one.key)
            else:
                Path(one.path).unlink(missing_ok=True)
            gone.append(one)
        except (OSError, StoreError) as error:
            left.append(f"{one.path}: {error}")
    return Cleaned(tuple(gone), tuple(left))
