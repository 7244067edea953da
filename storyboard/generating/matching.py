"""Which request in the account's history is the one whose answer was lost. Pure.

Pictures are uploaded anew for each request, so their addresses belong to one row of the ledger
alone. An entry of the history is a row's when its endpoint, all its arguments, its addresses and
its time fit. What fits in part, or twice, is nobody's: doubt is for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storyboard.errors import ServiceError
from storyboard.models.request import addresses

if TYPE_CHECKING:
    from storyboard.ledger.rows import Row
    from storyboard.service import Listed

BRIEFLY = 600.0
"""Seconds between writing a request down and its arrival, where time has to tell requests apart."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a look into the history came to."""

    request_id: str | None = None
    """The request; None where it is not there, or where that can't be said."""
    doubt: str = ""
    """Why nothing can be said; empty where the history was read and nothing in it fits."""


def as_far(past: Iterable[Listed]) -> tuple[list[Listed], ServiceError | None]:
    """What the history lists, and why it could not be read to its end."""
    found: list[Listed] = []
    try:
        for entry in past:
            found.append(entry)
    except ServiceError as error:
        return found, error
    return found, None


def the_one(row: Row, past: Iterable[Listed], rows: Iterable[Row], *, shared: bool) -> Sought:
    """The request in the history that is this row's.

    `rows` is the whole ledger. With `shared` the row's addresses were uploaded for other requests
    as well, as former versions did.
    """
    past = list(past)
    others = [other for other in rows if other.intent != row.intent]
    known = {other.request_id for other in others if other.request_id}
    alone = not shared and not _rivals(row, others)
    # With addresses of the row's own it is the row's, also where another was given its id.
    fitting = [
        entry
        for entry in past
        if (alone or entry.request_id not in known) and _fits(entry, row, alone=alone)
    ]
    ids = list(dict.fromkeys(entry.request_id for entry in fitting))
    if not ids and alone:
        return Sought(doubt=_in_part(row, past, known))
    if len(ids) > 1:
        return Sought(doubt=f"the history lists {len(ids)} requests that fit")
    if ids and not alone and _waits(row, others):
        return Sought(doubt="the history lists one that fits another request as well")
    return Sought(ids[0] if ids else None)


def _in_part(row: Row, past: Iterable[Listed], known: set[str]) -> str:
    """Why nothing that fits is no proof that nothing was accepted: an entry has this row's own
    address, and is not as it was sent. Empty where none has."""
    own = set(addresses(row.arguments).values())
    odd = [
        entry.request_id
        for entry in past
        if entry.request_id not in known and own & set(addresses(entry.inputs).values())
    ]
    return f"the history lists {odd[0]} with its pictures, not as it was sent" if odd else ""


def _fits(entry: Listed, row: Row, *, alone: bool) -> bool:
    silent = alone and not entry.endpoint
    same_endpoint = entry.endpoint == row.endpoint or silent
    return same_endpoint and _same(entry.inputs, row.arguments) and _then(entry, row, alone=alone)


def _same(listed: Mapping[str, Any], sent: Mapping[str, Any]) -> bool:
    """Whether all that was sent is there as it was sent; a default may have been filled in."""
    if not addresses(sent) or addresses(listed) != addresses(sent):
        return False
    return all(name in listed and _plain(listed[name]) == _plain(sent[name]) for name in sent)


def _plain(value: object) -> object:
    """A value without what a service may tidy up: a number's kind, and the space around words."""
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    return " ".join(str(value).split())


def _then(entry: Listed, row: Row, *, alone: bool) -> bool:
    """Whether it was sent when the row was written down.

    An address of the row's own did not exist before; what the clocks say decides only where
    others know the address.
    """
    if entry.sent_at is None:
        return False
    return alone or -BRIEFLY <= entry.sent_at - row.intended_at <= BRIEFLY


def _rivals(row: Row, others: Iterable[Row]) -> bool:
    """Whether another row was sent with one of this row's addresses."""
    own = set(addresses(row.arguments).values())
    return any(own & set(addresses(other.arguments).values()) for other in others)


def _waits(row: Row, others: Iterable[Row]) -> bool:
    """Whether another row without an id was sent alike: the entry may be that one's."""
    return any(
        other.request_id is None
        and other.endpoint == row.endpoint
        and _same(other.arguments, row.arguments)
        for other in others
    )
