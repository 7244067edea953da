"""Fetching a clip: downloaded, checked whole, and taken into the store. It is paid: what decodes
from its first frame to its last is kept, whatever is said about it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import files, workers
from storyboard.errors import (
    Charged,
    Expired,
    FileTrouble,
    MediaError,
    ServiceError,
)
from storyboard.events import State
from storyboard.generating import verdicts
from storyboard.generating.attempt import AT_ONCE, Later, Wait
from storyboard.generating.checking import check_clip
from storyboard.ledger.rows import payment_note
from storyboard.units.money import dollars
from storyboard.workers import WorkerLost

if TYPE_CHECKING:
    from storyboard.errors import (
        StoryboardError,
    )
    from storyboard.generating.attempt import Attempt
    from storyboard.generating.checking import Checked
    from storyboard.ledger.rows import Row
    from storyboard.service import Advance, Outcome

_Unusable = Callable[[MediaError], Wait]
"""What becomes of a clip that can't be decoded."""

ASK_ANEW = 3
"""After so many misses the service is asked for another address, and again after as many."""


def fetch(attempt: Attempt, row: Row) -> Wait:
    """Fetch it, unless somebody else is at it."""
    with ExitStack() as stack:
        if not stack.enter_context(attempt.conductor.store.alone(f"{row.intent}.part")):
            return attempt.pace.seconds(1.0)
        if attempt.conductor.store.has(attempt.order.key) or not _still_its(attempt, row):
            return AT_ONCE
        wait = _fetch(attempt, row)
        if isinstance(wait, Later):  # nobody else comes near it while it is checked
            return Later(wait.coming, partial(_go_on, wait.go_on, stack.pop_all()))
        return wait


def _go_on(step: Callable[[], Wait], held: ExitStack) -> Wait:
    with held:
        return step()


def _fetch(attempt: Attempt, row: Row) -> Wait:
    part = _part(attempt, row)
    attempt.say(State.DOWNLOADING, request_id=row.request_id or "")
    try:
        result = _result(attempt, row)
        odd = _downloaded(attempt, result, part)
    except Expired as error:
        return _gone(attempt, row, error)
    except (ServiceError, OSError) as error:
        return _again(attempt, row, error, part, progressed=_progressed(attempt, part))
    return _to_be_checked(attempt, row, part, odd, partial(_unusable, attempt, row, part))


def _to_be_checked(
    attempt: Attempt, row: Row, part: Path, odd: tuple[str, ...], unusable: _Unusable
) -> Wait:
    """Its check goes to the workers; it is kept, or not, once they have seen it."""
    # The same bytes twice are what the service has: then a decoder's complaints are only noted.
    look = partial(check_clip, strict=not _came_before(part))
    conductor = attempt.conductor
    try:
        coming = workers.submit(conductor.workers, look, part, conductor.examine)
    except WorkerLost as error:
        return _again(attempt, row, error, part)

    def go_on() -> Wait:
        if coming.cancelled() and conductor.stop:
            return AT_ONCE  # in another run
        try:
            return _kept(attempt, row, part, workers.result(coming), odd)
        except WorkerLost as error:  # which says nothing about the clip
            return _again(attempt, row, error, part)
        except MediaError as error:
            return unusable(error)
        except (FileTrouble, OSError) as error:
            return _again(attempt, row, error, part)

    return Later(coming, go_on)


def _still_its(attempt: Attempt, row: Row) -> bool:
    """Whether it still goes by this id: another request may have turned out to be called so."""
    now = attempt.ledger.find(row.intent)
    return now is None or now.request_id == row.request_id


def _downloaded(attempt: Attempt, result: Outcome, part: Path) -> tuple[str, ...]:
    return attempt.conductor.service.download(
        result.address, part, expected=result.size, advance=_progress(attempt)
    )


def _kept(attempt: Attempt, row: Row, part: Path, seen: Checked, odd: tuple[str, ...]) -> Wait:
    """Into the store with it, and tell what is odd."""
    if not _still_its(attempt, row):
        part.unlink(missing_ok=True)
        return AT_ONCE
    found = attempt.conductor.keep(attempt.order, seen, payment_note(row), odd=odd)
    _set_aside(part).unlink(missing_ok=True)
    attempt.ledger.kept(row.intent, "; ".join(found))
    if not _still_its(attempt, row):
        attempt.conductor.store.takes.set_aside(attempt.order.key)
        return AT_ONCE
    for one in found:
        attempt.notice(f"take {row.take}: {one}; kept, since it was paid")
    attempt.say(State.DONE, request_id=row.request_id or "", cost_microusd=row.cost)
    return None


def _progress(attempt: Attempt) -> Advance:
    """Tells of the download, at each hundredth of it."""
    told = 0

    def advance(here: int, total: int | None) -> None:
        nonlocal told
        if total and here * 100 // total > told:
            told = here * 100 // total
            attempt.say(State.DOWNLOADING, fraction=min(1.0, here / total))

    return advance


def _result(attempt: Attempt, row: Row) -> Outcome:
    """Its answer as the ledger has it; asked for again now and then while its address is dead."""
    known = attempt.conductor.service.outcome_of(row.result) if row.result else None
    if known is not None and (not attempt.misses or attempt.misses % ASK_ANEW):
        return known
    try:
        found = verdicts.anywhere(attempt, row)
    except ServiceError:
        found = None
    if found is None:
        if known is None:
            raise Expired("neither the queue nor the history has its answer")
        return known
    attempt.ledger.done(row.intent, found.answer, None)
    return found


# it does not come


def _gone(attempt: Attempt, row: Row, error: Expired) -> Wait:
    """Not at its address: a CDN is late now and then. Looked for again, for minutes."""
    old = attempt.age(row) > verdicts.HOURS
    wait = attempt.pace.missed(attempt.misses)
    attempt.misses += 1
    if old and attempt.misses > 2 * ASK_ANEW and _nobody_has_it(attempt, row):
        return verdicts.lost(attempt, row, error)
    if wait is not None:
        return wait
    return _held(attempt, row, str(error))


def _nobody_has_it(attempt: Attempt, row: Row) -> bool:
    """Whether result and history answer, and know no other address than the dead one."""
    known = attempt.conductor.service.outcome_of(row.result) if row.result else None
    try:
        found = verdicts.anywhere(attempt, row)
    except ServiceError:
        return False
    return found is None or (known is not None and found.address == known.address)


def _again(
    attempt: Attempt,
    row: Row,
    error: StoryboardError | OSError,
    part: Path,
    *,
    progressed: bool = False,
) -> Wait:
    """A download that broke off, or could not be kept: it goes on from there."""
    attempt.fetches = 0 if progressed else attempt.fetches
    wait = attempt.pace.refetch(attempt.fetches)
    attempt.fetches += 1
    if wait is not None:
        return wait
    if isinstance(error, ServiceError) and _size(part):
        # What is announced wrongly for ever may be whole all the same.
        held = partial(_held, attempt, row, str(error))
        return _to_be_checked(attempt, row, part, (str(error),), lambda _: held())
    return _held(attempt, row, str(error))


def _held(attempt: Attempt, row: Row, reason: str) -> Wait:
    message = (
        f"{reason}. It is paid ({dollars(row.cost)}, {row.request_id}), and fetched again by the "
        "next run or `storyboard resume`"
    )
    return attempt.fail(ServiceError(message, charged=Charged.YES), state=State.HELD)


# it comes, and is no clip


def _unusable(attempt: Attempt, row: Row, part: Path, error: MediaError) -> Wait:
    """What came can't be decoded. The same bytes twice are what the service has: kept aside."""
    wait = None if _came_before(part) else attempt.pace.refetch(attempt.fetches)
    aside = _set_aside(part)
    part.replace(aside)
    attempt.fetches += 1
    if wait is not None:
        return wait
    why = str(error).removeprefix(str(part)).strip()
    reason = f"what the service made can't be used: it {why}. It is kept as {aside}"
    return _held(attempt, row, reason)


def _came_before(part: Path) -> bool:
    """Whether the last bytes that came and can't be used were these."""
    aside = _set_aside(part)
    return aside.exists() and files.sha256(aside) == files.sha256(part)


def _part(attempt: Attempt, row: Row) -> Path:
    return attempt.conductor.store.part(row.intent)


def unusable(attempt: Attempt, row: Row) -> Path:
    """Where what came for a request and can't be used is kept."""
    return _set_aside(_part(attempt, row))


def _set_aside(part: Path) -> Path:
    return part.with_name(f"{part.stem}.unusable")


def _progressed(attempt: Attempt, part: Path) -> bool:
    """Whether more of it is here than ever before."""
    before, attempt.reached = attempt.reached, max(attempt.reached, _size(part))
    return attempt.reached > before


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0
