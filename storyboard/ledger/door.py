"""The door to the ledger: what one has to do, wherever it is kept.

A row goes

    SENDING -> SENT -> DONE -> KEPT        the take is in the store
            -> REFUSED                     nothing was queued; may be sent again
               SENT -> FAILED, CANCELLED   it came to nothing
       SENT to KEPT -> LOST                it was paid, and is gone
       any of these -> ABANDONED           the user gave it up: not looked for, not bought
    any of these  -> RELEASED              the user allowed another payment for its key

and the ledger itself forbids two live rows (SENDING to KEPT, LOST, ABANDONED) for one key. A
row that says SENDING while nobody holds its lock is *unknown*: the request may have been
accepted. It is never sent again unless the user says so. Money is whole micro-dollars.

What a method has written is on the disk when it comes back, also after a power cut. Whatever
can't be written raises `StoreError`, and then nothing may be paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from storyboard.ledger.rows import NO_CAPS

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from storyboard.clock import Clockwork
    from storyboard.errors import Charged
    from storyboard.ledger.rows import Caps, Row, Sums, Wish


class Ledger(Protocol):
    """One store's ledger. Safe to use from many threads and many processes."""

    @property
    def clock(self) -> Clockwork:
        """By which it dates."""

    def close(self) -> None:
        """Let go of it."""

    # what is written, in the order in which it happens

    def intend(self, intent: str, wish: Wish, caps: Caps = NO_CAPS) -> None:
        """Write the request down and reserve its price, in one transaction.

        A refused request can be intended again. Raises `TakenAlready` where the key has a live
        request, or got one since the wish was priced, or where it is on its way from another store;
        `NotAllowed` over a cap; `StoreError` where it is not certain that the request will be found
        here again: then nothing may be sent.
        """

    def sent(self, intent: str, request_id: str, urls: Mapping[str, str]) -> bool:
        """The service accepted the request and gave it an id.

        Gives False where the row already was further. Raises `StoreError` where another request
        has this id: then nothing is certain any more.
        """

    def disown(self, request_id: str, *, given_to: str) -> None:
        """This id belongs to nobody but, perhaps, the intent that it was `given_to`.

        Who else has it loses it, at home or not. It is looked for again (SENDING), or stays what
        it came to without an id.
        """

    def settle(
        self,
        intent: str,
        state: str,
        detail: str,
        *,
        charged: Charged,
        known: tuple[str, ...] | None = None,
    ) -> bool:
        """The request came to nothing: REFUSED, FAILED, CANCELLED, LOST, ABANDONED, RELEASED.

        Gives False where it is not (any more) what can come to that, or none of what the caller
        has `known` it as: it went on in the meantime.
        """

    def done(self, intent: str, result: Mapping[str, Any], actual: int | None) -> None:
        """The service finished; this is its answer, and what it charged where it says so."""

    def kept(self, intent: str, detail: str = "") -> None:
        """The take is in the store, whole and checked."""

    def found(self, intent: str, request_id: str, urls: Mapping[str, str]) -> None:
        """The user knows its id; StoreError where it was bought again in the meantime."""

    def brought(self, intent: str, detail: str) -> None:
        """The user brought its take; StoreError where it was bought again in the meantime."""

    def revive(
        self,
        row: Row,
        *,
        request_id: str,
        urls: Mapping[str, str],
        result: Mapping[str, Any] | None,
    ) -> bool:
        """A request that was settled is there after all: it goes on, or with `result` is done.

        Gives False where its key has another live request by now, or another one has its id.
        """

    def adopt(self, row: Row) -> bool:
        """Put a request back that is known from its note or from the service's history.

        Gives False where the ledger has it, or has another live one for its key.
        """

    def recall(self, row: Row, payer: str) -> None:
        """Take in what other stores of this user have sent for this row's key.

        `payer` is the account's fingerprint, equal in all stores. A ledger that all stores share
        has nothing to take in.
        """

    def correct(self, intent: str, actual: int, why: str) -> bool:
        """What a request that came to nothing really cost, in micro-dollars, and who says so.

        Gives False where there is none that is settled so.
        """

    def note(self, intent: str, event: str, detail: str = "") -> None:
        """One more line of the journal."""

    def remember(self, name: str, value: str) -> str:
        """Something about the ledger itself, written once; gives what it says of it."""

    def forget(self, name: str) -> None:
        """Something about the ledger itself that is no longer so."""

    # what is read

    @property
    def trouble(self) -> str:
        """Why what is sent can't be written down outside of the store as well; empty where it
        is, or need not be."""

    def about(self, name: str) -> str:
        """What was remembered under this name; empty where nothing was."""

    def shared(self, arguments: Mapping[str, Any]) -> bool:
        """Whether one of these addresses was kept to be sent again, as former versions did."""

    def row(self, intent: str) -> Row:
        """The request with this intent; StoreError where the ledger has lost it."""

    def find(self, intent: str) -> Row | None:
        """The request with this intent, where there is one."""

    def live(self, key: str) -> Row | None:
        """The live request of a key."""

    def settled(self, key: str) -> list[Row]:
        """The requests of a key that came to nothing, newest first."""

    def rows(self, *, states: tuple[str, ...] = ()) -> list[Row]:
        """All requests in the order in which they were written down, or those in these states."""

    def newest(self) -> int:
        """The number of the newest row: those of later requests are higher."""

    def ids(self) -> set[str]:
        """The request ids that are accounted for."""

    def kept_keys(self) -> set[str]:
        """The keys of the takes that were brought home."""

    def journal(self) -> list[dict[str, Any]]:
        """Everything that happened, oldest first."""

    def sums(self, *, storyboard: str | None = None, run: str | None = None) -> Sums:
        """Money spent, reserved and possibly gone; of all, or of one storyboard or run."""

    def verify(self) -> list[str]:
        """What is wrong with the ledger itself; empty when it is sound."""


class LedgerPlace(Protocol):
    """Where a store's ledger is kept, and who may write at the moment."""

    @property
    def id(self) -> str:
        """Which store this is; empty where it has no ledger yet."""

    @property
    def is_new(self) -> bool:
        """Whether no ledger was ever made here."""

    @property
    def where(self) -> str:
        """What people find the ledger by: a path, or an address."""

    def prepare(self) -> None:
        """Prove that payments can be written down here, before any is made; StoreError if not."""

    def open(self, *, may_be_new: bool) -> Ledger:
        """The ledger, for writing. Made where none ever was and, for all that the takes tell,
        `may_be_new`; StoreError where there was one, and it is gone."""

    def peek(self) -> Ledger | None:
        """The ledger for reading only, also from a read-only disk; None where there is none."""

    def alone(self, name: str) -> AbstractContextManager[bool]:
        """Hold the lock of this name; gives False to all but one holder. It ends with its
        holder, however that dies."""
