"""What came of a round, by the service's own count: what it was paid for, and what was delivered.

Our own books are asked for one thing alone: what a program says of a take that it does not have.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av

from storyboard.images.payloads import payload
from storyboard.ledger.rows import Row
from storyboard.loading.load import load
from storyboard.planning.planned import PlannedShot
from storyboard.planning.planner import plan
from storyboard.store import Store
from storyboard.testing import Exchange, FakeService, Submission, codes
from tests.money.chaos.ground import Film, Ground
from tests.money.chaos.lies import KEY

GRACE = 1.0
"""Seconds of the wall's clock from a program's last look at budget and prices to its payment."""

What = tuple[str, str, str, str, str]
"""What was asked for: endpoint, words, length, and the digests of the two pictures."""


@dataclass(frozen=True, slots=True)
class Charge:
    """One payment of ours, as the service saw it."""

    submission: Submission
    what: What
    price: int
    """Micro-dollars, by the lowest price that was in force a moment before, or, as long as the
    list was of no use, ever."""
    at: float
    """By the wall's clock."""


@dataclass(frozen=True, slots=True)
class Cap:
    """From when on so much may be spent on a film; None: anything."""

    at: float
    micro: int | None


class Till:
    """Sits at the service, and writes each payment down at the moment when it is made.

    The first `spoilt` answers of the price list may be of no use: nobody can know a new price by
    them.
    """

    def __init__(self, service: FakeService, *, spoilt: int = 0) -> None:
        self._service, self._spoilt = service, spoilt
        self._pricings = 0
        self._lock = threading.Lock()
        self._prices: list[tuple[float, dict[str, float]]] = [(0.0, dict(service.prices))]
        self.charges: list[tuple[Submission, int, float]] = []
        self.arrived: set[str] = set()
        service.on("accepted", self._accepted)
        service.on("answered", self._answered)

    def reprice(self, factor: float) -> None:
        """The service's prices change."""
        with self._lock:
            for name in self._service.prices:
                self._service.prices[name] *= factor
            self._prices.append((time.monotonic(), dict(self._service.prices)))

    def _accepted(self, submission: Submission) -> None:
        now = time.monotonic()
        with self._lock:
            seen = 0.0 if self._spoilt else now - GRACE
            older = [prices for at, prices in self._prices if at <= seen][-1:]
            known = older + [prices for at, prices in self._prices if at > seen]
            second = min(prices[submission.endpoint] for prices in known)
            price = round(second * 1_000_000 * float(submission.arguments["duration"]))
            self.charges.append((submission, price, now))

    def _answered(self, exchange: Exchange) -> None:
        if exchange.place == "submit":
            self.arrived.add(str(exchange.request.headers.get("X-Fal-Tags", "")))
        elif exchange.place == "pricing":
            with self._lock:
                self._pricings += 1
                self._spoilt = self._spoilt if self._pricings <= self._spoilt else 0


def what_was_sent(service: FakeService, submission: Submission) -> What:
    """What a payment was for, whatever it was called."""
    sent = submission.arguments
    shown = (
        service.cdn.content(str(sent.get(name))) for name in ("start_image_url", "end_image_url")
    )
    first, last = (hashlib.sha256(content or b"").hexdigest() for content in shown)
    return (submission.endpoint, sent["prompt"], str(sent["duration"]), first, last)


def what_is_wanted(film: Film) -> Iterator[tuple[What, PlannedShot]]:
    """What the shots of a film ask for."""
    for shot in plan(load(film.path)).shots:
        shown = [
            hashlib.sha256(payload(p.still.read(), p.recipe, max_bytes=10_000_000).data)
            for p in (shot.request.pictures[n] for n in ("start_image_url", "end_image_url"))
        ]
        sent = shot.request.arguments
        digests = [one.hexdigest() for one in shown]
        yield (shot.model.endpoint, sent["prompt"], sent["duration"], *digests), shot


@dataclass(frozen=True, slots=True)
class Unknown:
    """A take that nobody can say anything of, when the programs have done all that they can."""

    intent: str
    kind: str


@dataclass(slots=True)
class Count:
    """What a round came to."""

    wanted: int = 0
    paid: int = 0
    failed: int = 0
    """Payments that came to nothing at the service."""
    delivered: int = 0
    starts: int = 0
    kills: int = 0
    twice: int = 0
    over: int = 0
    wrong: int = 0
    lost: int = 0
    tracebacks: int = 0
    keys: int = 0
    unknown: tuple[Unknown, ...] = ()
    agreed: int = 0
    """Payments that were made again because the user said yes to that, and were no need."""
    resolved: int = 0
    """Of the unknown ones, those that came home once the user brought an id or said yes."""
    left: str = field(default="", repr=False)
    """What the programs say when something is unknown."""
    within: set[str] = field(default_factory=set)
    """What really happened in it."""
    seconds: float = 0.0
    told: tuple[str, ...] = ()
    """What is wrong, in words."""

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return not self.told


class Expected:
    """What was ever wanted in a round, and how often, whatever became of it."""

    def __init__(self) -> None:
        self.takes: Counter[What] = Counter()

    def learn(self, films: list[Film]) -> None:
        """Films as they are written now: equal shots are one purchase."""
        for film in films:
            for what, shot in what_is_wanted(film):
                self.takes[what] = max(self.takes[what], len(shot.takes))


def brought(ground: Ground, till: Till) -> list[Charge]:
    """Our own payments that brought a clip, or would have."""
    jobs = {job.submission.request_id: job for job in ground.service._queue.jobs}
    return [
        Charge(submission, what_was_sent(ground.service, submission), price, at)
        for submission, price, at in till.charges
        if submission.headers.get("x-fal-tags") not in ground.strangers
        and jobs[submission.request_id].failure is None
    ]


def ours(ground: Ground, till: Till) -> int:
    """How often the service was paid by us."""
    tags = [submission.headers.get("x-fal-tags") for submission, _, _ in till.charges]
    return sum(tag not in ground.strangers for tag in tags)


def twice(charges: list[Charge], wanted: Counter[What]) -> Iterator[str]:
    """What was paid for more often than it was wanted."""
    for what, many in Counter(charge.what for charge in charges).items():
        if many > wanted[what]:
            yield f"twice: {what[1]!r} was paid {many} times, wanted {wanted[what]}"


def over(charges: list[Charge], caps: list[Cap]) -> Iterator[str]:
    """Payments for the only film that passed its budget, as it stood a moment before."""
    total = 0
    for charge in charges:
        total += charge.price
        older = [cap for cap in caps if cap.at <= charge.at - GRACE][-1:]
        known = older + [cap for cap in caps if charge.at - GRACE < cap.at <= charge.at]
        limit = max((1 << 60) if cap.micro is None else cap.micro for cap in known)
        if total > limit:
            yield f"over: {total} of {limit} micro-dollars"


def number_in(clip: Path) -> int | None:
    """Which submission made this clip, by the codes in its frames."""
    with av.open(str(clip)) as container:
        for frame in container.decode(video=0):
            code = codes.read(frame.to_ndarray(format="rgb24"))
            return None if code is None else code.shot
    return None


def delivered(ground: Ground, number: int, store: Path) -> tuple[int, int, list[str]]:
    """How many takes a store wants and has, and which clips are not what their shots asked for."""
    made = {paid.number: what_was_sent(ground.service, paid) for paid in ground.service.paid}
    wanted, here, wrong = set(), set(), []
    used: dict[int, str] = {}
    keeper = Store(store)
    for film in ground.films:
        for what, shot in what_is_wanted(film):
            for take in shot.takes:
                wanted.add(take.key)
                if not keeper.takes.has(take.key) or take.key in here:
                    continue
                here.add(take.key)
                came = number_in(keeper.takes.open(take.key))
                if came is None or made.get(came) != what:
                    wrong.append(f"wrong: store {number} has clip {came} at {shot.id}")
                elif used.setdefault(came, take.key) != take.key:
                    wrong.append(f"wrong: store {number} has clip {came} at two takes")
    return len(wanted), len(here), wrong


def leaks(folder: Path) -> Iterator[str]:
    """Files with the key, or a half of it, and programs that fell over."""
    halves = [part.encode() for part in (KEY, *KEY.split(":"))]
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            if any(half in content for half in halves):
                yield f"key: in {path.relative_to(folder)}"
            if path.name in ("printed.log", "mistakes.log") and b"Traceback" in content:
                yield f"traceback: {content.decode(errors='replace')[-3000:]}"


NOT_FOUND = "accepted, and listed as it was sent"
"""What would be a mistake of the program's."""


def kind_of(row: Row, ground: Ground, till: Till) -> str:
    """Why nobody can tell what became of a request, as the service knows."""
    if row.state == "LOST":
        return "taken for another that the history listed under an id of its own"
    tag = f"storyboard={row.intent}"
    if tag in {submission.headers.get("x-fal-tags") for submission, _, _ in till.charges}:
        how = ground.script.hidden
        return f"accepted, and {how} in the history" if how else NOT_FOUND
    if tag in till.arrived:
        return "arrived, and turned away with an answer that proves nothing"
    return "never arrived: killed between the intent and the POST"
