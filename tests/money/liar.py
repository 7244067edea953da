"""A service that knows what it accepted, and may say anything else.

It is what `tests.money.lying` drives the program against: not a server, but the very values and
errors that the door to a service allows, in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from storyboard.errors import (
    Charged,
    Expired,
    Failed,
    LostAnswer,
    NoNews,
    NotSent,
    Refusal,
    Refused,
)
from storyboard.service import Accepted, Listed, Outcome, Progress
from storyboard.testing import Clock
from tests.money.test_machine import Crash

TABLE = 84_000
"""Micro-dollars a second, by the table."""
TAKE = 3 * TABLE
"""Micro-dollars that a take costs, by the table."""
SENT = ("accepted", "lost", "vanished", "not sent", "429", "cut", "crash before", "crash after")
"""What may become of a POST."""
SAID = ("truth", "404", "silence", "running", "failed word", "422", "401")
"""What may be said of a request that is done."""
TOLD = ("truth", "silence", "empty", "half", "doubled", "altered", "failed", "turned", "refused")
"""What the history may tell."""
HIDING = ("empty", "half", "altered")
"""What leaves nothing to see of a request that was accepted."""


@dataclass(slots=True)
class Taken:
    """A request that was accepted, and paid."""

    request_id: str
    tag: str
    endpoint: str
    arguments: Mapping[str, Any]
    at: float
    price: int


@dataclass(slots=True)
class Liar:
    """A service that knows what it accepted, and may say anything else."""

    clock: Clock
    taken: list[Taken] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    listed: int = 0
    """How many of them the history knows by now, from the first on."""
    second: int = TABLE
    """Micro-dollars a second, today."""
    sending: str = "accepted"
    saying: str = "truth"
    telling: str = "truth"
    honest: bool = False
    """Whether the history hides nothing any more: it is the only witness."""

    # before a request

    def account(self, salt: str) -> str:
        """One account's."""
        return f"account in {salt}"

    def hidden(self, text: str) -> str:
        """There is no key."""
        return text

    def close(self) -> None:
        """There is nothing to let go of."""

    def price(self, _endpoint: str, _unit: str) -> int:
        """Today's."""
        return self.second

    def upload(self, data: bytes, _mime: str, name: str) -> str:
        """A new address for each."""
        address = f"https://v3.fal.media/files/{len(self.files)}/{name}"
        self.files[address] = data
        return address

    def picture(self, address: str) -> bytes:
        """What was uploaded."""
        return self.files[address]

    # a request

    def submit(
        self,
        endpoint: str,
        arguments: Mapping[str, Any],
        *,
        tag: str,
        before: Callable[[], None],
    ) -> Accepted:
        """What `sending` says becomes of the POST."""
        how, self.sending = self.sending, "accepted"
        if how == "not sent":
            raise NotSent("no connection")
        before()
        if how == "crash before":
            raise Crash
        if how == "429":
            raise Refused("later", of=Refusal.HURRY)
        if how == "vanished":
            raise LostAnswer("sent into nothing")
        new = Taken(
            f"request-{len(self.taken)}", tag, endpoint, dict(arguments), self.clock.time(),
            3 * self.second,
        )  # fmt: skip
        self.taken.append(new)
        if how == "crash after":
            raise Crash
        if how in ("lost", "cut"):
            raise LostAnswer("no answer, or half of one")
        return self.accepted(endpoint, new.request_id)

    def accepted(self, endpoint: str, request_id: str) -> Accepted:
        """Its address."""
        return Accepted(endpoint, request_id, {"status_url": f"https://queue/{request_id}"})

    def progress(self, request: Accepted) -> Progress:
        """It is done, or whatever is said instead."""
        said = self._said(request)
        if said == "running":
            return Progress("running", "IN_PROGRESS")
        if said == "failed word":
            return Progress("completed", "FAILED", error="it broke")
        return Progress("completed", "COMPLETED")

    def result(self, request: Accepted) -> Outcome:
        """Its clip, or whatever is said instead."""
        if self._said(request) == "422":
            raise Failed("no", charged=Charged.POSSIBLY)
        if self.saying in ("running", "failed word"):
            raise NoNews("still in progress")
        return outcome(request.request_id)

    def _said(self, request: Accepted) -> str:
        known = any(one.request_id == request.request_id for one in self.taken)
        if self.saying == "404" or not known:
            raise Expired("not found")
        if self.saying == "silence":
            raise NoNews("no answer")
        if self.saying == "401":
            raise Refused("no", of=Refusal.KEY)
        return self.saying

    def outcome_of(self, answer: Mapping[str, Any]) -> Outcome | None:
        """An answer that was written down."""
        return outcome(str(answer["of"])) if "of" in answer else None

    def is_there(self, _address: str) -> bool:
        """Clips stay."""
        return True

    # the history

    def find(
        self, endpoint: str, *, since: float | None = None, request_id: str | None = None
    ) -> Iterator[Listed]:
        """What is listed by now, as `telling` says, with a stranger's requests among it."""
        if self.telling == "silence":
            raise NoNews("no answer")
        if self.telling == "refused":
            raise Refused("no", of=Refusal.KEY)
        for one in self._told():
            entry = Listed(
                one.request_id, one.endpoint, one.at, one.arguments, outcome(one.request_id)
            )
            if request_id in (None, entry.request_id) and endpoint == one.endpoint:
                yield from self._bent(entry)

    def _told(self) -> list[Taken]:
        known = [*self.taken[: self.listed], *self._strangers()]
        if self.telling == "empty":
            return []
        return (
            known[::2]
            if self.telling == "half"
            else known[:: -1 if self.telling == "turned" else 1]
        )

    def _strangers(self) -> Iterator[Taken]:
        """Somebody else's: our stills with other words, and our words with other stills."""
        for one in self.taken[:1]:
            pictures = [name for name, sent in one.arguments.items() if sent in self.files]
            same, other = dict(one.arguments), dict(one.arguments)
            for name in pictures:
                same[name] = self._kept(f"stranger-1/{name}", self.files[one.arguments[name]])
                other[name] = self._kept(f"stranger-2/{name}", b"another picture")
            same["prompt"] = "A stranger's words"
            yield replace(one, request_id="stranger-1", arguments=same)
            yield replace(one, request_id="stranger-2", arguments=other)

    def _kept(self, name: str, data: bytes) -> str:
        address = f"https://v3.fal.media/files/{name}"
        self.files[address] = data
        return address

    def _bent(self, entry: Listed) -> Iterator[Listed]:
        if self.telling == "altered":
            yield replace(entry, inputs={**entry.inputs, "prompt": "other words"})
        elif self.telling == "failed":
            yield replace(entry, outcome=None, failed=True)
        else:
            yield entry
        if self.telling == "doubled":
            yield replace(entry, request_id=f"{entry.request_id}-2")


def outcome(request_id: str) -> Outcome:
    """The clip of a request."""
    return Outcome({"of": request_id}, f"https://v3.fal.media/files/{request_id}.mp4")
