"""An id that the service gave to two requests: whose it is, and what is taken back.

What the account's history lists under an id has the addresses of one request alone. That one has
it; whoever else went by it is looked for by addresses of its own, and a clip that came by it is
set aside. Where the history can't say, it is believed for neither. An id that turns out to be
somebody else's is given back, whenever that shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

from storyboard.errors import StoreError
from storyboard.models.request import addresses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storyboard.ledger.door import Ledger
    from storyboard.ledger.rows import Row
    from storyboard.service import Listed
    from storyboard.store import Store

_BY_HAND = "found by hand"
_LEARNED = ("sent", "rebuilt", _BY_HAND, "found after all")
"""What the journal calls the moment from which on an id is known."""


def take_back(store: Store, row: Row, request_id: str) -> None:
    """The id is this row's: take it, and the clips that came by it, from all others.

    StoreError where such a clip is being fetched at the moment.
    """
    store.part(row.intent).unlink(missing_ok=True)  # what came by another id
    wrong = _clips(store, row, request_id)
    others = [other for other in _owners(store.ledger, request_id) if other.intent != row.intent]
    if wrong or others:
        _taken(store, row, request_id, wrong, {other.intent for other in others})


def doubt(store: Store, row: Row, request_id: str) -> None:
    """The service gave this row an id that another one's clip came by.

    One that knew its id before this row was written down has it rightly; else it is believed for
    neither, and both are looked for.
    """
    journal = store.ledger.journal()
    written = max((n["n"] for n in journal if _is(n, row.intent, "intended")), default=0)
    for other in _owners(store.ledger, request_id):
        known = [line["n"] for line in journal if _is(line, other.intent, *_LEARNED)]
        if other.state == "KEPT" and not (known and min(known) < written):
            here = [key for key in (other.key,) if store.has(key)]
            _taken(store, row, request_id, dict.fromkeys(here, other.intent), {other.intent})


def give_back(store: Store, past: Iterable[Listed]) -> list[Row]:
    """Rows that went by an id under which the history lists somebody else's request: the id, and
    the clip that came by it, are taken from them, and their own are looked for.

    What the user has brought an id for by hand stays. A clip that is being fetched is left for the
    next look.
    """
    listed = {entry.request_id: _shown(entry.inputs) for entry in past}
    wrong = [
        row
        for row in store.ledger.rows(states=("SENT", "DONE", "KEPT"))
        if (shown := listed.get(row.request_id or ""))
        and (own := _shown(row.arguments))
        and own.isdisjoint(shown)
    ]
    if not wrong:
        return []
    by_hand = {line["intent"] for line in store.ledger.journal() if line["event"] == _BY_HAND}
    given = []
    for row in wrong:
        if row.intent not in by_hand:
            here = {row.key: row.intent} if store.has(row.key) else {}
            with suppress(StoreError):
                _taken(store, row, row.request_id or "", here, {row.intent}, given_to="")
                given.append(row)
    return given


def _shown(arguments: Mapping[str, Any]) -> set[str]:
    return set(addresses(arguments).values())


def _is(line: dict[str, object], intent: str, *events: str) -> bool:
    return line["intent"] == intent and line["event"] in events


def _taken(
    store: Store,
    row: Row,
    request_id: str,
    clips: dict[str, str],
    intents: set[str],
    *,
    given_to: str | None = None,
) -> None:
    """First the clips, then the id: a run that dies in between finds a clip that is gone, and
    fetches what it has to give back once more."""
    with ExitStack() as stack:
        for intent in sorted({*clips.values(), *intents}):
            if not stack.enter_context(store.alone(f"{intent}.part")):
                raise StoreError(f"what came as {request_id} is being fetched for another shot")
        for key in clips:
            store.takes.set_aside(key)
        store.ledger.disown(request_id, given_to=row.intent if given_to is None else given_to)


def _owners(ledger: Ledger, request_id: str) -> Iterator[Row]:
    return (row for row in ledger.rows() if row.request_id == request_id)


def _clips(store: Store, row: Row, request_id: str) -> dict[str, str]:
    """The takes that came by this id to another request, with that one's intent."""
    own = set(addresses(row.arguments).values())
    return {
        key: str(note.get("intent"))
        for key, note in store.notes()
        if note.get("request_id") == request_id
        and note.get("intent") != row.intent
        and own.isdisjoint(addresses(dict(note.get("arguments") or {})).values())
        and store.has(key)
    }
