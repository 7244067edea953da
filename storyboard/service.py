"""The door to a service that makes what is asked for, and is paid for it: a Protocol, in values of
its own. What generates and keeps the books acts on these alone; how a service is reached, and what
its answers look like, is known to the one module or package that implements the Protocol.

What follows from an answer is one of five conclusions:

    accepted   what was asked for comes back, as a value
    refused    `Refused`: it said no to this exchange; nothing is on its way because of it
    failed     `Failed`: it says that this request came to nothing
    gone       `Expired`: this source does not have it (any more)
    no news    `NoNews`: nothing follows, the request is as it was; at a paid request `LostAnswer`
               (it may have been accepted), or `NotSent` where nothing can have reached the service

Each is one testimony. What is believed stands with those who act
(`storyboard.generating.verdicts`). Texts in errors and values can be stored and shown: there is
no key in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

Advance = Callable[[int, int | None], None]
"""Told how many bytes are here, and of how many where that is known."""


def tell_nobody(_here: int, _total: int | None) -> None:
    """The Advance that does nothing."""


def nothing_before() -> None:
    """What there is to do before a request that nobody keeps books of."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A request that the service accepted."""

    endpoint: str
    request_id: str
    urls: Mapping[str, str] = field(default_factory=dict)
    """Where to ask about it, in the service's own names: written down, and given back. Those that
    are missing the service knows by itself."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a request is."""

    state: Literal["queued", "running", "completed"]
    word: str
    """The service's own."""
    position: int | None = None
    """In the queue."""
    error: str = ""
    """What it says went wrong: that it came to nothing."""
    strange: bool = False
    """Whether the word is not known, and only taken for its state."""

    @property
    def failed(self) -> bool:
        """Whether the service says that the request came to nothing."""
        return bool(self.error)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished request's answer."""

    answer: Mapping[str, Any]
    """As it came: plain data, written down, and read again by `Service.outcome_of`."""
    address: str
    """Where its asset is."""
    size: int | None = None
    """Of the asset in bytes, where the service says so."""
    units: float | None = None
    """Billed units, where the service says so."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A request in the account's history."""

    request_id: str
    endpoint: str
    """Empty where the history does not say."""
    sent_at: float | None
    """Seconds since 1970."""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    """The arguments that were sent."""
    outcome: Outcome | None = None
    """What came of it, where that is an asset."""
    failed: bool = False
    """Whether the history says that it ended in an error."""


@dataclass(frozen=True, slots=True)
class CancelReply:
    """What the service says to the wish to give a request up."""

    taken: bool
    """Whether it takes the wish; what becomes of the request its progress tells."""
    word: str
    """The service's own."""


class Service(Protocol):
    """A service, with one account. Safe to use from many threads."""

    def close(self) -> None:
        """Let go of all connections."""

    def hidden(self, text: str) -> str:
        """The text without the account's key, and storable."""

    def account(self, salt: str) -> str:
        """Whose account it is, as a salted fingerprint; empty where that is not known.

        Two stores of one user that want the very same are told that they have one account by it.
        """

    # before a request

    def price(self, endpoint: str, unit: str = "second") -> int:
        """Micro-dollars for a unit (a "second", a "take"), by the service's price list;
        ServiceError where it is no use, and why."""

    def upload(self, data: bytes, mime: str, name: str) -> str:
        """Put a file where the service can read it; gives its address. Free, safe to repeat.

        `NotSent` where another try may help, `Refused` where the service said no.
        """

    def picture(self, address: str) -> bytes:
        """An uploaded picture; ServiceError where it can't be had."""

    # a request

    def submit(
        self,
        endpoint: str,
        arguments: Mapping[str, Any],
        *,
        tag: str,
        before: Callable[[], None] = nothing_before,
    ) -> Accepted:
        """Send one paid request, once. `tag` goes along for the service's own reports.

        `before` is called when nothing that could be accepted has left yet; what it raises comes
        out of here, and nothing was sent.

        Raises `NotSent` where nothing reached the service, `Refused` where it said no, and
        `LostAnswer` in every other case: then it may have been accepted, and paid.
        """

    def accepted(self, endpoint: str, request_id: str) -> Accepted:
        """A request that is known by its id alone. Asks nobody."""

    def progress(self, request: Accepted) -> Progress:
        """How far a request is."""

    def result(self, request: Accepted) -> Outcome:
        """A completed request's answer."""

    def outcome_of(self, answer: Mapping[str, Any]) -> Outcome | None:
        """What an answer says that was written down; None where it has no asset. Asks nobody."""

    def cancel(self, request: Accepted) -> CancelReply:
        """Ask for a request to be given up."""

    def find(
        self, endpoint: str, *, since: float | None = None, request_id: str | None = None
    ) -> Iterator[Listed]:
        """The account's requests to an endpoint, with what was sent and what came of it.

        The newest, or all that were sent `since` then (seconds since 1970), or the one with this
        id. ServiceError in the place of what can't be read, and where the list does not come to
        its end: what was not read is not "not there".
        """

    # what it made

    def is_there(self, address: str) -> bool:
        """Whether an asset is at its address."""

    def download(
        self,
        address: str,
        path: Path,
        *,
        expected: int | None = None,
        advance: Advance = tell_nobody,
    ) -> tuple[str, ...]:
        """Fetch an asset into `path`, going on where an earlier download of it stopped.

        `expected` is the size that the answer names. Gives what was odd, in words. `Expired`
        where it is gone from there, `NoNews` where another try may help.
        """
