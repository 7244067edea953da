"""What is still queued at the service, given up. It costs nothing then."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from storyboard.accounting.decisions import cancel
from storyboard.events import Explained, log
from storyboard.workflows.account import account

if TYPE_CHECKING:
    from storyboard.accounting.decisions import Cancelled
    from storyboard.events import Listener
    from storyboard.workflows.source import StoryboardFile


def cancelled(
    source: StoryboardFile,
    *,
    only: Collection[str] | None = None,
    running: bool = False,
    listener: Listener = log,
) -> list[Cancelled]:
    """Give up what is queued of these shots (None: of all), and with `running` what runs, too."""
    with account() as fal:
        done = cancel(source.store, source.file, fal, shots=only, running=running)
    for one in done:
        listener(Explained(f"take {one.take}: {one.outcome}", ", ".join(one.covers)))
    return done
