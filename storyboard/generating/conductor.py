"""What all jobs of one run share: plan, store, service, caps, listener; and what came of them."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from storyboard.errors import Charged, LostAnswer, ServiceError
from storyboard.events import Noticed, State, TakeChanged
from storyboard.generating import contested
from storyboard.generating.checking import see_nothing
from storyboard.generating.elsewhere import Elsewhere
from storyboard.generating.listed_prices import RECENT, PriceList
from storyboard.generating.order import Order
from storyboard.generating.past import past_of
from storyboard.ledger.rows import Caps
from storyboard.planning.remarks import UNLIKE

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from storyboard.clock import Clockwork
    from storyboard.errors import Place, StoryboardError
    from storyboard.events import Event, Listener
    from storyboard.generating.backoff import Pace
    from storyboard.generating.budget import Budget
    from storyboard.generating.checking import Checked, Examine
    from storyboard.generating.machines import Neighbours
    from storyboard.generating.scheduler import Brake, Stop
    from storyboard.ledger.rows import Row
    from storyboard.planning.planned import Plan
    from storyboard.service import Service
    from storyboard.store import Store
    from storyboard.video.probing import VideoFacts

EVERY_STORE = "every store"
"""What the account's fingerprint is salted with where it is compared between stores."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A take that could not be had in this run."""

    shot: str
    take: int
    error: StoryboardError
    charged: Charged
    place: Place
    """The storyboard's line for it."""
    state: State = State.FAILED

    def __str__(self) -> str:
        return f"{self.place}: {self.shot}: {self.error} ({self.charged.value})"


@dataclass(slots=True)
class Conductor:
    """One run of a plan."""

    plan: Plan
    store: Store
    given: Service | None
    caps: Caps
    listener: Listener
    pace: Pace
    brake: Brake
    clock: Clockwork
    """What time it is; payments are dated by the store's."""
    workers: Executor
    """Who draws and checks takes."""
    stop: Stop
    examine: Examine = see_nothing
    run: str = field(default_factory=lambda: uuid.uuid4().hex)
    priced_after: int | None = None
    """The ledger's newest row when the run began."""
    failures: list[Failure] = field(default_factory=list)
    budget: Budget | None = None
    """The storyboard's, where its file is watched."""
    waits: bool = True
    """Whether what other machines are buying is waited for."""
    neighbours: Neighbours | None = None
    """The other machines, where there may be some."""
    alone: bool = False
    """Whether the user was told that the ledger stands alone."""
    broken: Exception | None = None
    """What the listener raised: it is told nothing more, and nothing new is sent."""
    _prices: PriceList | None = None
    _elsewhere: Elsewhere | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def service(self) -> Service:
        """The service; a plan without paid shots has none, and asks for none."""
        if self.given is None:
            raise ServiceError("this run has no service to talk to")
        return self.given

    def hidden(self, text: str) -> str:
        """The text without the service's key."""
        return text if self.given is None else self.given.hidden(text)

    @property
    def storyboard(self) -> str:
        """The storyboard's name in the store."""
        return self.store.name_of(self.plan.storyboard.path)

    @property
    def prices(self) -> PriceList:
        """What takes cost by the service's list."""
        with self._lock:
            if self._prices is None:
                recent = self.pace.seconds(RECENT)
                self._prices = PriceList(self.service, self.notice, self.clock, recent)
            return self._prices

    def price(self, order: Order) -> int:
        """Micro-dollars that an order costs now; PriceRose above what the plan said."""
        return self.prices.of(order, capped=self.caps.run is not None)

    def caps_now(self, *, anew: bool = False) -> Caps:
        """The caps as they hold for the next payment: the budget is the file's of now. What others
        have claimed may be a little less than it says, unless it is listed `anew`."""
        budget = self.caps.storyboard if self.budget is None else self.budget.now()
        if budget is None or self.neighbours is None:
            return Caps(self.caps.run, budget)
        return Caps(self.caps.run, budget, self.neighbours.money(self.storyboard, anew=anew))

    @property
    def account(self) -> str:
        """A fingerprint of the account that pays, salted with the store's own id."""
        return self.service.account(self.store.id)

    @property
    def payer(self) -> str:
        """A fingerprint of the same account that is equal in all stores of this user.

        Empty where the service does not salt: then it is no fingerprint, and may be anybody's.
        """
        found = self.service.account(EVERY_STORE)
        return "" if found == self.account else found

    def from_elsewhere(self, order: Order, *, last: bool) -> Row | None:
        """The request that was paid for this order from elsewhere; written down to be collected.

        NoNews where the history can't be asked at the moment, and this is not the `last` try.
        """
        with self._lock:
            known = self._elsewhere = self._elsewhere or Elsewhere(
                self.service, self.storyboard, self.account, self.payer, self._orders()
            )
        known.price = self.prices.today
        try:
            return known.adopted(order, self.store.ledger, last=last)
        finally:
            with self._lock:
                told, known.told = known.told, []
            for words, shot in told:
                self.notice(words, shot)

    def _orders(self) -> list[Order]:
        """What may have been paid for: all of the storyboard where it has a budget, which counts
        all of it, else what this run wants."""
        budget = self.caps.storyboard if self.budget is None else self.budget.now()
        shots = self.plan.wanted if budget is None else self.plan.shots
        paid = (shot for shot in shots if not shot.model.maker)
        return [Order.planned(shot, take) for shot in paid for take in shot.takes]

    def give_back(self) -> None:
        """Give back ids that turn out to be somebody else's, and the clips that came by them.

        Where others use the account, its history is asked once more, since it may have listed
        theirs by now; else what it said before has to do.
        """
        if self._elsewhere is None:
            return
        past = list(self._elsewhere.known)
        for endpoint in self._elsewhere.shared:
            with suppress(ServiceError):
                past += past_of(self.service, endpoint, now=self.store.clock.time())
        for row in contested.give_back(self.store, past):
            words = f"take {row.take}: {row.request_id} is another request's; its own is looked for"
            self.notice(words, row.shot)

    def require_no_strangers(self, endpoint: str, request_id: str, sent: Mapping[str, Any]) -> None:
        """LostAnswer where the history listed this id before, as a request that is not this one."""
        if self._elsewhere is not None and self._elsewhere.is_anothers(endpoint, request_id, sent):
            raise LostAnswer(
                f"the service called it {request_id}, which is another request's id, by the "
                "account's history"
            )

    def tell(self, event: Event) -> None:
        """Let the listener know; one event at a time.

        One that raises must not come between a payment and its row: its error ends the run once
        what is on its way is at home.
        """
        with self._lock:
            if self.broken is not None:
                return
            try:
                self.listener(event)
            except Exception as error:
                self.broken = error
                self.brake.pull(error)

    def say(self, order: Order, state: State, **more: Any) -> None:
        """A take reached a state."""
        self.tell(TakeChanged(order.shot, order.take, state, **more))

    def notice(self, message: str, shot: str = "") -> None:
        """Something that the user should know."""
        self.tell(Noticed(message, shot))

    def tell_trouble(self) -> None:
        """Say once that what is sent is written down in the store alone, and why."""
        trouble = self.store.ledger.trouble
        if trouble and not self.alone:
            self.alone = True
            self.notice(
                f"{trouble}: what is sent is in the store's ledger alone, and a copy of the store "
                "could pay for the same"
            )

    def fail(
        self,
        order: Order,
        error: StoryboardError,
        *,
        charged: Charged | None = None,
        part: str = "shot",
        state: State = State.FAILED,
    ) -> None:
        """A take can't be had in this run; the others go on. `part` of its shot is the reason."""
        known = error.charged if isinstance(error, ServiceError) else Charged.NO
        place = order.place(part, self.plan.storyboard.beginning)
        failure = Failure(order.shot, order.take, error, charged or known, place, state)
        with self._lock:
            self.failures.append(failure)
        self.say(order, state, detail=f"{error} ({failure.charged.value})")

    def keep(
        self, order: Order, seen: Checked, note: Mapping[str, Any], *, odd: Sequence[str] = ()
    ) -> list[str]:
        """Take a checked clip into the store; gives what is odd about it."""
        facts = seen.facts
        found = [*odd, *seen.damage, *unlike(order, facts), *seen.odd]
        about = {
            "key": order.key,
            "shot": order.shot,
            "covers": list(order.covers or (order.shot,)),
            "take": order.take,
            "storyboard": self.storyboard,
            "model": order.model.alias,
            "request": dict(order.canonical),
            "prompt": order.prompt,
            "made_at": self.clock.time(),
            "measured": {
                "frames": facts.frames,
                "rate": str(facts.rate),
                "size": str(facts.size),
                "sound": facts.sound,
            },
            "odd": found,
            **note,
        }
        self.store.keep(order.key, seen.clip, about)
        if self.store.shared is not None and self.store.shared.trouble:
            trouble = self.store.shared.trouble
            self.notice(f"kept here, and not in the media place: {trouble}", order.shot)
        if seen.clip != seen.part:
            seen.part.unlink(missing_ok=True)
        return found


def unlike(order: Order, facts: VideoFacts) -> list[str]:
    """What is not as it was asked for. The take is kept all the same: it was paid."""
    found = []
    if abs(facts.seconds - order.seconds) > max(2 / facts.rate, order.seconds / 50):
        found.append(f"{float(facts.seconds):.2f} s instead of {float(order.seconds):g} s")
    if order.size is not None:
        width, height = order.size
        if abs((facts.size.width / facts.size.height) / (width / height) - 1) > UNLIKE:
            found.append(f"{facts.size} is of another shape than {width}x{height}")
    if not 10 <= facts.rate <= 120:
        found.append(f"{float(facts.rate):g} frames per second")
    return found
