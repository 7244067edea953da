"""Who is buying what: before a request is paid for, its key is claimed in the media place.

    claims/<key>.<n>.json        who claimed it the n-th time; created by one of all who try
    claims/<key>.<n>.end.json    it came to nothing, or was taken over: the next one may claim it

Nothing is changed and nothing is removed: whatever happens to a key is a new file that only one can
create. So it can't be misread, however late a disk shows what another machine wrote. A claim never
expires. That of a take which is there has done its work. Each is entered in its storyboard's roll.
"""

from __future__ import annotations

import getpass
import json
import re
import secrets
import socket
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from storyboard.depot.roll import Entered, Roll
from storyboard.errors import StoreError
from storyboard.safe_text import inert

if TYPE_CHECKING:
    from storyboard.depot.protocol import Depot

FOLDER = "claims/"
_NAME = re.compile(r"claims/([0-9a-f]{64})\.(\d+)(\.end)?\.json")
_TRIES = 50
_READERS = 8
_LONGEST = 80
"""Signs of a name."""
_LATEST = 1e11
"""Seconds since 1970, in the year 5138."""
_DEAREST = 10**15
"""Micro-dollars that nothing costs."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A key that somebody is buying, or has bought."""

    key: str
    store: str
    """The id of the store whose ledger knows what became of it."""
    intent: str
    who: str
    """A person and a machine."""
    at: float
    """Seconds since 1970, by that machine."""
    storyboard: str = ""
    """Its name in that store."""
    shot: str = ""
    take: int = 1
    price: int = 0
    """Micro-dollars."""
    n: int = 0
    """How often the key was claimed before."""
    ended: str = ""
    """Why it is no claim any more; empty while it is one."""
    lost: int = 0
    """Micro-dollars that may be gone, though it came to nothing."""

    @property
    def counts(self) -> int:
        """What it counts against a budget, in micro-dollars."""
        return self.lost if self.ended else self.price


def me() -> str:
    """Who claims: the user's name and the machine's."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):
        user = "somebody"
    return f"{user}@{socket.gethostname() or 'a machine'}"


def mark_of_claim(intent: str) -> str:
    """Under which name a ledger remembers that it claims a key for this intent."""
    return f"claim {intent}"


def said_of(claim: Claim, *, now: float) -> str:
    """Who is buying a take, and since when; with the day where that is not today."""
    who = inert(claim.who)[:_LONGEST]
    if not claim.at:
        return f"being bought by {who}"
    begun, today = datetime.fromtimestamp(claim.at), datetime.fromtimestamp(now).date()
    day = "" if begun.date() == today else f" on {begun:%Y-%m-%d}"
    return f"being bought by {who} since {begun:%H:%M}{day}"


class Claims:
    """The claims of a media place."""

    def __init__(self, depot: Depot) -> None:
        self._depot = depot
        self._known: dict[tuple[str, int], Claim] = {}
        """What was read: a claim never changes, and an end is for ever."""
        self._rolls: dict[str, Roll] = {}

    def take(self, wanted: Claim) -> Claim:
        """Claim a key, unless somebody has: gives the claim that holds, which may be this one, and
        then is in the roll.

        StoreError where that can't be said: then nothing may be paid.
        """
        for number in range(_TRIES):
            mine = replace(wanted, n=number)
            if self._depot.create(_name(mine), _written(mine)):
                self._enter(mine)
                return mine
            there = self._read(mine.key, number)
            if there is None or not there.ended:
                if there and (there.store, there.intent) == (mine.store, mine.intent):
                    self._enter(there)  # a run that was killed may not have come to it
                return there or _somebody(mine)
        raise StoreError(f"{self._depot.where}: {wanted.key} was claimed {_TRIES} times in vain")

    def holder(self, key: str) -> Claim | None:
        """The claim that holds at this moment, of a key that is or was claimed."""
        number, there = 0, self._read(key, 0)
        while there is not None and there.ended:
            number += 1
            there = self._read(key, number)
        return there

    def end(self, claim: Claim, why: str, *, lost: int = 0) -> bool:
        """It is no claim any more; False where that was said already."""
        said = self._depot.create(_end(claim), _unique({"why": why, "lost": lost}))
        if said:
            self._enter(claim, ended=True)
        return said

    def news(self, storyboard: str) -> list[Claim] | None:
        """Claims for a storyboard that were made or have ended since this was last asked, as far as
        they are in its roll before the last one of here: all that came first. None where only a
        listing tells, as it does at first."""
        entries = self._roll(storyboard).news()
        if entries is None:
            return None
        read = (self._read if one.ended else self._begun for one in entries)
        found = [ask(one.key, one.n) for ask, one in zip(read, entries, strict=True)]
        return None if None in found else [one for one in found if one is not None]

    def _enter(self, claim: Claim, *, ended: bool = False) -> None:
        if claim.storyboard:
            self._roll(claim.storyboard).enter(Entered(claim.key, claim.n, ended))

    def _roll(self, storyboard: str) -> Roll:
        return self._rolls.setdefault(storyboard, Roll(self._depot, storyboard))

    def all(self, *, but: Collection[str] = (), of: Collection[str] | None = None) -> list[Claim]:
        """All claims there ever were, those of a key in their order, `but` those of these keys that
        hold; where it is said, `of` these alone."""
        begun: list[tuple[str, int]] = []
        ended: set[tuple[str, int]] = set()
        for found in map(_NAME.fullmatch, (one.name for one in self._depot.names(FOLDER))):
            if found and (of is None or found[1] in of):
                (ended.add if found[3] else begun.append)((found[1], int(found[2])))
        begun = [one for one in begun if one[0] not in but or one in ended]
        with ThreadPoolExecutor(_READERS, "claims") as pool:
            read = [self._read if one in ended else self._begun for one in sorted(begun)]
            claims = pool.map(lambda ask, one: ask(*one), read, sorted(begun))
            return [claim for claim in claims if claim is not None]

    def last(self, *, but: Collection[str] = (), of: Collection[str] | None = None) -> list[Claim]:
        """The last claim of each key, also one that has ended, `but` those of these that hold."""
        return list({one.key: one for one in self.all(but=but, of=of)}.values())

    def _read(self, key: str, number: int) -> Claim | None:
        """A claim as it is now; None where there is none."""
        claim = self._begun(key, number)
        if claim is None or claim.ended:
            return claim
        end = self._depot.read(_end(claim))
        if end is not None:
            claim = self._known[key, number] = _ended(claim, end)
        return claim

    def _begun(self, key: str, number: int) -> Claim | None:
        """A claim, whether it has ended or not; read once."""
        claim = self._known.get((key, number))
        if claim is None:
            data = self._depot.read(f"{FOLDER}{key}.{number}.json")
            if data is None:
                return None
            claim = self._known[key, number] = _claimed(key, number, data)
        return claim


def _name(claim: Claim) -> str:
    return f"{FOLDER}{claim.key}.{claim.n}.json"


def _end(claim: Claim) -> str:
    return f"{FOLDER}{claim.key}.{claim.n}.end.json"


def _written(claim: Claim) -> bytes:
    about = {name: value for name, value in asdict(claim).items() if name not in ("ended", "lost")}
    return _unique(about)


def _unique(about: Mapping[str, Any]) -> bytes:
    """A text that nobody else writes: who finds it under a name knows that it was first."""
    return json.dumps({**about, "mark": secrets.token_hex(8)}).encode() + b"\n"


_FIELDS = {field.name for field in fields(Claim)} - {"ended", "lost"}


def _claimed(key: str, number: int, data: bytes) -> Claim:
    """What a claim says; one that can't be read is somebody's all the same."""
    try:
        about: dict[str, Any] = json.loads(data)
        said = {name: value for name, value in about.items() if name in _FIELDS}
        found = Claim(**said | {"key": key, "n": number})
    except (ValueError, TypeError, AttributeError):
        return _somebody(Claim(key, "", "", "", 0.0, n=number))
    return found if _is_sound(found) else _somebody(found)


def _is_sound(claim: Claim) -> bool:
    """Whether each value is of its kind: whoever else writes into the place may write anything."""
    texts = (claim.store, claim.intent, claim.who, claim.storyboard, claim.shot)
    return (
        all(isinstance(one, str) for one in texts)
        and isinstance(claim.at, (int, float))
        and 0 <= claim.at < _LATEST
        and isinstance(claim.take, int)
        and _is_money(claim.price)
    )


def _is_money(found: object) -> bool:
    return isinstance(found, int) and 0 <= found < _DEAREST


def _somebody(claim: Claim) -> Claim:
    """A claim of which nothing is known but that it is there."""
    return Claim(claim.key, "", "", "somebody", 0.0, n=claim.n)


def _ended(claim: Claim, data: bytes) -> Claim:
    """With the end that is said; where that says no sum, the whole price may be gone."""
    try:
        said = json.loads(data)
        why, lost = str(said["why"]), said.get("lost", 0)
    except (ValueError, TypeError, KeyError, AttributeError):
        return claim  # half written, on a disk without links: not ended yet
    return replace(claim, ended=why or "ended", lost=lost if _is_money(lost) else claim.price)
