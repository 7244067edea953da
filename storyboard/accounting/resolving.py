"""What only the user can decide: what becomes of a request that is unknown, lost, or given up.

A decision is informed. It needs the word of the account's history; while that can't be had,
nothing is decided but by a second yes (`even_so`), which is told the price and the risk first.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.errors import (
    Charged,
    Expired,
    NoNews,
    NotAllowed,
    ServiceError,
    StoryboardError,
)
from storyboard.generating.attempt import request_of
from storyboard.generating.backoff import aged
from storyboard.generating.recover import find_again, searched
from storyboard.ledger.rows import DOUBTED, LIVE, payment_note
from storyboard.units.money import dollars
from storyboard.video.probing import check

if TYPE_CHECKING:
    from storyboard.ledger.rows import Row
    from storyboard.service import Listed, Service
    from storyboard.store import Store
    from storyboard.video.probing import VideoFacts

LISTED_AFTER = 3600.0
"""Seconds after which a request that was accepted should be in the history. It may list what is
finished alone, and a request waits for its turn while the account's others run."""
_UNDECIDED = LIVE
_NOT_FOUND = ("SENDING", "LOST", "ABANDONED")
_BY_HAND = (*_NOT_FOUND, "RELEASED")


class Decision(Enum):
    """What becomes of a request that is unknown or lost, or does not come."""

    RESUBMIT = "resubmit"
    """Another payment is allowed: the next render prices it and sends it."""
    ABANDON = "abandon"
    """Given up: neither looked for nor bought; the shot stays without this take."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What came of a decision about one take."""

    shot: str
    take: int
    outcome: str
    request_id: str = ""
    """Set where it was found again after all: then nothing was decided."""
    undecided: bool = False
    """Whether it waits for a second yes."""
    covers: tuple[str, ...] = ()
    """Every shot that the request is for."""


def resolve(
    store: Store,
    storyboard: Path,
    shot: str,
    decision: Decision,
    *,
    take: int | None = None,
    service: Service | None = None,
    even_so: bool = False,
) -> list[Resolved]:
    """Decide about the takes of a shot that are unknown, lost, given up before, or do not come.

    Each is looked for once more with `service`, and only decided about when it is nowhere. Where
    that can't be said, it stays `undecided`, but with `even_so`. StoryboardError where there is
    nothing to decide.
    """
    rows = _rows(store, storyboard, shot, take, _UNDECIDED)
    rows = [row for row in rows if row.state in _NOT_FOUND or not store.has(row.key)]
    if not rows:
        raise _nothing(shot)
    return [_resolved(store, row, decision, service, even_so=even_so) for row in rows]


def _rows(
    store: Store, storyboard: Path, shot: str, take: int | None, states: tuple[str, ...]
) -> list[Row]:
    name = store.name_of(storyboard)
    return [
        row
        for row in store.rows()
        if row.storyboard == name
        and shot in row.shots
        and row.state in states
        and take in (None, row.take)
    ]


def _nothing(shot: str) -> StoryboardError:
    return StoryboardError(
        f"{shot} has nothing to resolve; `storyboard status` shows what is unknown or lost"
    )


def _resolved(
    store: Store, row: Row, decision: Decision, service: Service | None, *, even_so: bool
) -> Resolved:
    with store.alone(row.intent) as alone:
        if not alone:
            return _said(row, "is being sent at this moment; nothing decided")
        row = store.ledger.row(row.intent)  # as it is now that nobody else decides
        found, doubt = _looked_for(store, row, service)
        if found:
            words = "was found after all; `storyboard resume` collects it"
            return _said(row, words, found)
        if doubt and not even_so:
            return _said(row, _risk(row, decision, doubt), undecided=True)
        return _decided(store, row, decision, doubt)


def _decided(store: Store, row: Row, decision: Decision, doubt: str) -> Resolved:
    charged = Charged.YES if row.actual else Charged.POSSIBLY
    if decision is Decision.RESUBMIT:
        state, then = "RELEASED", "the next render prices and sends it again"
        words = f"{DOUBTED}{doubt}" if doubt else "resubmit: by the user"
    else:
        state, then = "ABANDONED", "given up; it is neither looked for nor bought"
        words = "given up by the user" + (f", though {doubt}" if doubt else "")
    if not store.ledger.settle(row.intent, state, words, charged=charged, known=(row.state,)):
        then = "went on in the meantime; nothing decided"
        return _said(row, then, undecided=True)
    return _said(row, then)


def _said(row: Row, outcome: str, request_id: str = "", *, undecided: bool = False) -> Resolved:
    return Resolved(row.shot, row.take, outcome, request_id, undecided, row.shots)


def _risk(row: Row, decision: Decision, doubt: str) -> str:
    if row.state not in _NOT_FOUND:
        again = f", and another {dollars(row.estimate)} would be paid"
        then = f"it was accepted, and {dollars(row.cost)} may be lost with its clip"
        then += again if decision is Decision.RESUBMIT else ""
    elif decision is Decision.ABANDON:
        then = f"it may have been accepted, and {dollars(row.estimate)} paid for a clip"
    else:
        then = f"it may have been accepted: {dollars(row.estimate)} would be paid a second time"
    return f"nothing decided: {doubt}; {then}. `even_so=True` decides all the same"


def _looked_for(store: Store, row: Row, service: Service | None) -> tuple[str, str]:
    """Its id where it is found again; else why that is no proof, empty where it is one."""
    if service is None:
        return "", "the account's history was not asked, since there is no key"
    if _is_foreign(store, row, service):
        return "", "it was sent with another account's key, which alone can be asked"
    if row.request_id:
        return _asked_for(store, row, service)
    if row.state == "SENDING":
        sought = find_again(service, store, row)
        found, doubt = sought.request_id or "", sought.doubt
    else:
        found, doubt = "", _unasked(store, row, service)
    age = abs(store.clock.time() - row.intended_at)
    if not found and not doubt and age < LISTED_AFTER:
        doubt = f"it was sent {aged(age)} ago, and the history lists what is finished, or later"
    return found, doubt


def _is_foreign(store: Store, row: Row, service: Service) -> bool:
    here = service.account(store.id)
    return bool(row.account and here and row.account != here)


def _asked_for(store: Store, row: Row, service: Service) -> tuple[str, str]:
    """Whether a request whose id is known is there after all, by its result and the history."""
    known = row.request_id or ""
    try:
        there = _is_there(row, service)
    except ServiceError as error:
        return "", f"the service says nothing certain about {known} ({error})"
    if row.state in _NOT_FOUND:
        return (known, "") if there else ("", "")
    if not there:
        return "", f"the service does not say that {known} failed; it may be late with it"
    aside = store.part(row.intent).with_name(f"{row.intent}.unusable")
    if aside.exists():
        return "", f"the service has {known}, and what it made can't be used ({aside})"
    return "", f"{known} is there; `storyboard resume` collects it"


def _is_there(row: Row, service: Service) -> bool:
    """Whether it has a clip; ServiceError where result and history don't say that it has none."""
    known = row.request_id or ""
    try:
        service.result(request_of(row))
    except Expired:
        past = list(service.find(row.endpoint, request_id=known))
        entry = next((entry for entry in past if entry.request_id == known), None)
        if entry is None or entry.failed:
            return False
        if entry.outcome is None:
            raise NoNews("the history lists it, and has no clip of it yet") from None
    return True


def _unasked(store: Store, row: Row, service: Service) -> str:
    """Why the history is no proof for a request that was given up; empty where it is one."""
    try:
        sought = searched(service, store.ledger, row)
    except ServiceError as error:
        return f"the account's history can't be asked ({error})"
    found = sought.request_id
    return f"the history lists it: {found}; `request_id` takes it" if found else sought.doubt


# an id, or a clip, by hand


def adopt(
    store: Store,
    storyboard: Path,
    shot: str,
    request_id: str,
    *,
    take: int | None = None,
    service: Service,
    even_so: bool = False,
) -> Resolved:
    """Take a request, known by its id from elsewhere, for the one that this shot's take lacks.

    The account's history has to list it with the endpoint and the arguments that were sent.
    NotAllowed where it says otherwise, or can't be asked and there is no `even_so`.
    """
    row = _the_row(store, storyboard, shot, take, _BY_HAND)
    with store.alone(row.intent) as alone:
        if not alone:
            raise NotAllowed(f"{shot} is being sent at this moment; nothing decided")
        if request_id in store.ledger.ids() - {row.request_id}:
            raise NotAllowed(f"{request_id} is the id of another request of this store")
        doubt = _vouched_for(row, request_id, service)
        if doubt and not even_so:
            raise NotAllowed(
                f"{doubt}; the clip of another request may be taken for {shot}'s. "
                "`even_so=True` takes it all the same"
            )
        urls = service.accepted(row.endpoint, request_id).urls
        store.ledger.found(row.intent, request_id, urls)
    return _said(row, "is this one; `storyboard resume` collects it", request_id)


def _vouched_for(row: Row, request_id: str, service: Service) -> str:
    """Why it can't be said that this is the row's request; empty where it can. NotAllowed where
    it is another one."""
    try:
        past = list(service.find(row.endpoint, request_id=request_id))
    except ServiceError as error:
        return f"the account's history can't be asked for {request_id} ({error})"
    entry = next((entry for entry in past if entry.request_id == request_id), None)
    if entry is None:
        return f"the account's history has no {request_id} at {row.endpoint} (yet)"
    other = _unlike(entry, row)
    if other:
        raise NotAllowed(f"{request_id} is not what was sent for {row.shot}: {other} is another")
    return ""


def _unlike(entry: Listed, row: Row) -> str:
    """The name of what is not as it was sent; empty where all is."""
    if entry.endpoint not in ("", row.endpoint):
        return "the endpoint"
    return next((n for n, sent in row.arguments.items() if entry.inputs.get(n) != sent), "")


def bring(
    store: Store, storyboard: Path, shot: str, clip: Path, *, take: int | None = None
) -> Resolved:
    """Take a clip, downloaded from one's own account by hand, as this shot's take.

    MediaError where it can't be decoded from the first frame to the last.
    """
    row = _the_row(store, storyboard, shot, take, (*_BY_HAND, "SENT", "DONE", "KEPT", "FAILED"))
    if store.has(row.key):
        raise NotAllowed(f"{shot} take {row.take} is in the store already")
    with store.alone(row.intent) as alone:
        if not alone:
            raise NotAllowed(f"{shot} is being sent at this moment; nothing decided")
        part = store.part(f"{row.intent}.by-hand")
        store.prepare()
        try:
            shutil.copyfile(clip, part)
            facts = check(part)
            note = {**note_of(row, facts, at=store.clock.time()), "by_hand": clip.name}
            store.keep(row.key, part, note)
        except OSError as error:
            raise StoryboardError(f"{clip} can't be copied: {error.strerror}") from error
        finally:
            part.unlink(missing_ok=True)
        store.ledger.brought(row.intent, f"by hand, from {clip.name}")
    return _said(row, f"{clip} is this take now", row.request_id or "")


def _the_row(
    store: Store, storyboard: Path, shot: str, take: int | None, states: tuple[str, ...]
) -> Row:
    """The one request of a shot that lacks something."""
    rows = _rows(store, storyboard, shot, take, states)
    lacking = [row for row in rows if not store.has(row.key)]
    found = {row.take: row for row in lacking or rows}
    if not found:
        raise _nothing(shot)
    if len(found) > 1:
        takes = ", ".join(str(number) for number in sorted(found))
        raise StoryboardError(f"{shot} has several takes to decide about: say `take` ({takes})")
    return next(iter(found.values()))


def note_of(row: Row, facts: VideoFacts, *, at: float) -> Mapping[str, Any]:
    """A take's note, made `at` that moment, as far as the ledger and the clip itself can say it."""
    return {
        "key": row.key,
        "shot": row.shot,
        "covers": list(row.shots),
        "take": row.take,
        "storyboard": row.storyboard,
        "request": row.canonical,
        "prompt": str(row.arguments.get("prompt", "")),
        "made_at": at,
        "measured": {
            "frames": facts.frames,
            "rate": str(facts.rate),
            "size": str(facts.size),
            "sound": facts.sound,
        },
        "odd": [],
        **payment_note(row),
    }


# money


def correct(
    store: Store, storyboard: Path, shot: str, micro: int, *, request: str | None = None
) -> list[Resolved]:
    """Say what a shot's possibly charged requests really cost, each, by the service's bill.

    `micro` are micro-dollars; `request` is the id of one. It is written into the journal.
    """
    states = ("REFUSED", "FAILED", "CANCELLED", "LOST", "ABANDONED", "RELEASED")
    rows = [
        row
        for row in _rows(store, storyboard, shot, None, states)
        if request in (None, row.request_id, row.intent)
        and (request is not None or row.actual is None)
    ]
    if not rows:
        raise StoryboardError(
            f"{shot} has no request that came to nothing and was possibly charged; "
            "`storyboard ledger costs` shows each"
        )
    done = []
    for row in rows:
        store.ledger.correct(row.intent, micro, "by the user")
        words = f"cost {dollars(micro)}, as you say; it was counted as {dollars(row.cost)}"
        done.append(_said(row, words, row.request_id or ""))
    return done
