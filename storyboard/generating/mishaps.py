"""Mishaps: a mistake of this program's in the middle of one take. The take is held as it is, the
others go on, and the mistake stays to be seen: in the store's `mistakes.log`, and as exit code 1.
"""

from __future__ import annotations

import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.errors import StoreError, Unforeseen
from storyboard.events import State

if TYPE_CHECKING:
    from storyboard.errors import Charged
    from storyboard.generating.attempt import Attempt, Wait

LOG = "mistakes.log"


def held(attempt: Attempt, error: Exception, *, charged: Charged | None) -> Wait:
    """Hold the take, with one line for people; the traceback goes into the store's log."""
    hidden = attempt.conductor.hidden
    said = hidden(f"{type(error).__name__}: {error}".splitlines()[0][:200])
    log = _logged(attempt, hidden("".join(traceback.format_exception(error))))
    if attempt.intent:
        with suppress(StoreError):
            attempt.ledger.note(attempt.intent, "unforeseen", said)
    message = (
        f"something unforeseen stopped it ({said}); it is held as it is, and the next run goes on "
        f"with it. This is a mistake of storyboard's: {log} says where"
    )
    return attempt.fail(Unforeseen(message), charged=charged, state=State.HELD)


def _logged(attempt: Attempt, text: str) -> Path:
    path = attempt.conductor.store.folder / LOG
    now = datetime.fromtimestamp(attempt.clock.time(), UTC).isoformat(timespec="seconds")
    heading = f"{now} {attempt.order.shot} take {attempt.order.take} {attempt.intent}\n"
    with suppress(OSError), path.open("a", encoding="utf-8", errors="replace") as log:
        log.write(f"{heading}{text}\n")
    return path
