"""One paid take: whatever the ledger says of it decides its next step.

    nothing    send      upload, write down, POST once, write down
    SENDING    look      its answer was lost: look for it in the account's history
    SENT       follow    poll until it is complete, get its answer onto the disk
    DONE       fetch     download, check, keep
    KEPT       fetch     its clip is gone from the store: fetched again, not bought
    LOST       again     looked at once more; so is every request that came to nothing before
                         its key is paid for again

So a run that was killed is picked up by the very code that was running. The order of effects
keeps money safe:

    the key is claimed, where others share the media place
    pictures are uploaded                        free, may be repeated
    the intent is on the disk, price reserved    one transaction
    one POST                                     repeated only where nothing was queued
    the request id is on the disk
    polled until it is complete                  any process may do so
    the answer is on the disk
    the clip is fetched, checked, and takes its name
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from storyboard.errors import Charged, MediaError, ServiceError, StoreError, StoryboardError
from storyboard.events import State
from storyboard.generating import claiming, mishaps
from storyboard.generating.again import look_again, look_at_lost, settled
from storyboard.generating.attempt import Later, Turn
from storyboard.generating.fetch import fetch
from storyboard.generating.poll import follow
from storyboard.generating.recover import look
from storyboard.generating.scheduler import FINISHED, Next
from storyboard.generating.submit import keep_id, send

if TYPE_CHECKING:
    from storyboard.generating.attempt import Attempt, Wait
    from storyboard.ledger.rows import Row

_STEPS: dict[str, Callable[[Attempt, Row], Wait]] = {
    "SENDING": look,
    "SENT": follow,
    "DONE": fetch,
    "KEPT": fetch,
    "LOST": look_at_lost,
    "ABANDONED": look_at_lost,
}


def advance(attempt: Attempt, step: Callable[[], Wait] | None = None) -> Next:
    """The take's next step, or the other half of one, and when the one after it is due."""
    try:
        wait = step() if step else _step(attempt)
    except StoreError as error:
        # What can't be written down must not be paid.
        attempt.conductor.brake.pull(error)
        wait = attempt.fail(error, charged=_charged(attempt))
    except StoryboardError as error:
        wait = attempt.fail(error, charged=_charged(attempt))
    except MemoryError:
        full = MediaError("there was not enough memory; run again with fewer `jobs`")
        wait = attempt.fail(full, charged=_charged(attempt))
    except Exception as error:
        wait = mishaps.held(attempt, error, charged=_charged(attempt))
    if wait is None:
        _give_up(attempt)
    if isinstance(wait, Later):
        return Next(partial(advance, attempt, wait.go_on), on=wait.coming)
    if isinstance(wait, Turn):
        return Next(partial(advance, attempt), wait.after, spends=wait.spends)
    return FINISHED if wait is None else Next(partial(advance, attempt), wait)


def _step(attempt: Attempt) -> Wait:
    if attempt.accepted is not None:
        return keep_id(attempt, attempt.accepted)
    if (holder := claiming.still_followed(attempt)) is not None:
        return claiming.follow(attempt, holder)
    row = attempt.row()
    waiting = row is not None and row.state == "SENT"
    if not waiting and attempt.conductor.store.has(attempt.order.key):
        return _arrived(attempt, row)
    if row is None:
        return look_again(attempt)
    if row.state == "REFUSED" and attempt.resending:
        return send(attempt)
    attempt.intent = row.intent
    if _is_foreign(attempt, row):
        return attempt.fail(_foreign(row), state=State.HELD)
    return _STEPS.get(row.state, settled)(attempt, row)


def _give_up(attempt: Attempt) -> None:
    """Others may buy what came to nothing here. Where that can't be said, the next run says it."""
    try:
        claiming.give_up(attempt)
    except StoreError as error:
        attempt.notice(str(error))


def _is_foreign(attempt: Attempt, row: Row) -> bool:
    """Whether another account sent it, which alone can be asked about it. A clip needs no key."""
    return attempt.of_another_account(row) and (
        row.state in ("SENDING", "SENT") or attempt.misses > 0
    )


def _foreign(row: Row) -> ServiceError:
    charged = Charged.POSSIBLY if row.state == "SENDING" else Charged.YES
    return ServiceError(
        "it was sent with another account's key, and nothing about it can be learned with this "
        "one; set that key, and run `storyboard resume`",
        charged=charged,
    )


def _arrived(attempt: Attempt, row: Row | None) -> Wait:
    """The clip is in the store: from before, or brought by somebody else in the meantime."""
    if row is not None:
        attempt.ledger.kept(row.intent)
    attempt.say(State.REUSED)
    return None


def _charged(attempt: Attempt) -> Charged | None:
    """Whether money may be gone once something unforeseen stopped the take."""
    if not attempt.intent:
        return None
    if attempt.accepted is not None:
        return Charged.YES
    try:
        state = attempt.ledger.row(attempt.intent).state
    except StoreError:
        return Charged.POSSIBLY
    return Charged.YES if state in ("SENT", "DONE", "KEPT") else Charged.POSSIBLY
