"""Any order of sending, crashing, losing answers and looking: never two payments.

A state machine drives the real steps and the real ledger with a service that is nothing but a
list of what it accepted. Three broken versions of the program show that it would notice.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as explore

from storyboard.clock import REAL
from storyboard.errors import Charged, LostAnswer, NotSent, Place, Refusal, Refused
from storyboard.events import log
from storyboard.generating.attempt import Attempt, Wait
from storyboard.generating.backoff import Pace
from storyboard.generating.conductor import Conductor
from storyboard.generating.order import Order
from storyboard.generating.scheduler import Brake, Stop
from storyboard.generating.steps import _STEPS, advance
from storyboard.ledger.door import Ledger
from storyboard.ledger.rows import Caps, Row, Wish
from storyboard.ledger.sqlite import SqliteLedger
from storyboard.ledger.user_record import VARIABLE
from storyboard.models.request import Request
from storyboard.models.table import MODELS
from storyboard.planning.planned import Plan
from storyboard.service import Accepted, Listed, Service
from storyboard.store import Store

WORKERS = 3
MODEL = MODELS["kling-o1-standard"]
NEW_YEAR = 1_767_225_600.0
"""2026, in seconds since 1970."""
SENT = {"prompt": "A ball", "start_image_url": "https://v3.fal.media/files/one.png"}
OUTCOMES = (
    "accepted",
    "lost",
    "vanished",
    "not sent",
    "429",
    "crash at the connection",
    "crash before",
    "crash after",
)


class Crash(BaseException):
    """kill -9, for one worker."""


class Ear:
    """A service that is a list of what it accepted, and a history that is late."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.listed = 0
        self.outcome = "accepted"

    def submit(
        self,
        _endpoint: str,
        _arguments: Mapping[str, Any],
        *,
        tag: str,
        before: Callable[[], None],
    ) -> Accepted:
        """What `outcome` says becomes of the POST."""
        outcome, self.outcome = self.outcome, "accepted"
        if outcome == "crash at the connection":
            raise Crash
        if outcome == "not sent":
            raise NotSent("no connection")
        before()
        if outcome == "crash before":
            raise Crash
        if outcome == "429":
            raise Refused("later", of=Refusal.HURRY)
        if outcome == "vanished":
            raise LostAnswer("sent into nothing")
        self.taken.append(tag)
        if outcome == "crash after":
            raise Crash
        if outcome == "lost":
            raise LostAnswer("no answer")
        return self.accepted("", f"request-{len(self.taken)}")

    def find(self, endpoint: str, *, since: float | None = None) -> Iterator[Listed]:
        """What is listed by now."""
        for number in range(1, self.listed + 1):
            yield Listed(f"request-{number}", endpoint, NEW_YEAR, SENT)

    def account(self, _salt: str) -> str:
        """One account's."""
        return "account"

    def is_there(self, _address: str) -> bool:
        """Pictures stay."""
        return True

    def hidden(self, text: str) -> str:
        """There is no key."""
        return text

    def accepted(self, _endpoint: str, request_id: str) -> Accepted:
        """The addresses of a request."""
        return Accepted(_endpoint, request_id, {"status_url": "https://a"})

    def price(self, _endpoint: str, _unit: str) -> int | None:
        """Nothing is said about prices."""
        return None


class Sending(RuleBasedStateMachine):
    """Workers of their own, one store, one request that is wanted once."""

    make_store: Callable[[Path], Store] = Store
    service: Callable[[], Ear] = Ear
    steps: Mapping[str, Callable[[Attempt, Row], Wait]] = _STEPS

    @initialize()
    def begin(self) -> None:
        """An empty store."""
        self.folder = tempfile.TemporaryDirectory()
        self.ear = type(self).service()
        self.attempts: dict[int, Attempt] = {}
        self.offset = 0.0
        real = time.time
        self.clock = mock.patch("time.time", side_effect=lambda: real() + self.offset)
        self.clock.start()
        self.record = mock.patch.dict("os.environ", {VARIABLE: f"{self.folder.name}/state"})
        self.record.start()

    def teardown(self) -> None:
        """Leave nothing."""
        self.clock.stop()
        self.record.stop()
        for attempt in self.attempts.values():
            attempt.conductor.store.close()
        self.folder.cleanup()

    @rule(worker=st.integers(0, WORKERS - 1))
    def start(self, worker: int) -> None:
        """A worker begins, or begins again."""
        self._die(worker)
        self.attempts[worker] = Attempt(self._studio(), ORDER)

    @precondition(lambda self: self.attempts)
    @rule(pick=st.integers(0, WORKERS - 1), outcome=st.sampled_from(OUTCOMES))
    def step(self, pick: int, outcome: str) -> None:
        """One step of a worker; what happens to its POST, if it makes one."""
        worker = sorted(self.attempts)[pick % len(self.attempts)]
        attempt = self.attempts[worker]
        live = attempt.ledger.live(ORDER.key)
        if live is not None and live.state not in ("SENDING",):
            return  # paid, and its id on the disk: what follows is reading
        self.ear.outcome = outcome
        try:
            with mock.patch("storyboard.generating.steps._STEPS", type(self).steps):
                following = advance(attempt)
        except Crash:
            self._die(worker)
            return
        if following.step is None:
            self._die(worker)

    @rule(many=st.integers(1, 3))
    def list_some(self, many: int) -> None:
        """The history catches up."""
        self.ear.listed = min(len(self.ear.taken), self.ear.listed + many)

    @rule(days=st.sampled_from((-1, 1, 40)))
    def jump(self, days: int) -> None:
        """The clock jumps, or the machine sleeps."""
        self.offset += days * 86_400

    @invariant()
    def paid_once(self) -> None:
        """The service was paid once at the most."""
        assert len(getattr(self, "ear", Ear()).taken) <= 1

    def _die(self, worker: int) -> None:
        attempt = self.attempts.pop(worker, None)
        if attempt is not None:
            attempt.conductor.store.close()

    def _studio(self) -> Conductor:
        path = Path(self.folder.name, "film.yaml")
        board = SimpleNamespace(path=path, beginning=Place(str(path), 1, 1))
        return Conductor(
            plan=cast(Plan, SimpleNamespace(storyboard=board, wanted=())),
            store=type(self).make_store(Path(self.folder.name, "store")),
            given=cast(Service, self.ear),
            caps=Caps(),
            listener=log,
            pace=Pace(scale=0.0001, looks=(1.0, 1.0)),
            brake=Brake(),
            clock=REAL,
            workers=ThreadPoolExecutor(1),  # which get nothing to do
            stop=Stop(),
        )


ORDER = Order(
    shot="sh010",
    take=1,
    key="0" * 64,
    model=MODEL,
    request=Request(MODEL.endpoint, SENT, {}, marks=(Fraction(0), Fraction(3))),
    canonical={"arguments": SENT},
    price=252_000,
    may_buy=True,
)

_THOROUGH = settings(
    max_examples=200,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # a broken version need not be broken in the shortest way
    suppress_health_check=list(HealthCheck),
)


def test_no_order_of_events_pays_twice() -> None:
    """The program as it is."""
    explore(Sending, settings=_THOROUGH)


# three broken programs


class Forgetful(SqliteLedger):
    """Writes the request down once it has its id, not before it is sent."""

    def intend(self, intent: str, wish: Wish, caps: Caps = Caps()) -> None:  # noqa: B008
        """Only remember it."""
        self.wishes = {**getattr(self, "wishes", {}), intent: wish}

    def sent(self, intent: str, request_id: str, urls: Mapping[str, str]) -> bool:
        """Now write it down."""
        super().intend(intent, self.wishes[intent])
        return super().sent(intent, request_id, urls)

    def note(self, intent: str, event: str, detail: str = "") -> None:
        """There is no row to write about."""

    def settle(
        self,
        intent: str,
        state: str,
        detail: str,
        *,
        charged: Charged,
        known: tuple[str, ...] | None = None,
    ) -> bool:
        """There is no row to settle."""
        return True

    def row(self, intent: str) -> Row:
        """The live row; without one the program falls over."""
        found = self.live(ORDER.key)
        if found is None:
            raise Crash
        return found


class ForgetfulStore(Store):
    """A store with such a ledger."""

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        made = super().ledger
        made.__class__ = Forgetful
        return made


class Eager(Ear):
    """Repeats a POST whose answer was lost, as HTTP clients do."""

    def submit(
        self,
        endpoint: str,
        arguments: Mapping[str, Any],
        *,
        tag: str,
        before: Callable[[], None],
    ) -> Accepted:
        """Once more, if need be."""
        try:
            return super().submit(endpoint, arguments, tag=tag, before=before)
        except LostAnswer:
            return super().submit(endpoint, arguments, tag=tag, before=lambda: None)


def impatient(attempt: Attempt, row: Row) -> Wait:
    """Sends again what the history has not listed after some looks."""
    wait = _STEPS["SENDING"](attempt, row)
    if wait is None:
        attempt.ledger.settle(row.intent, "RELEASED", "after a grace", charged=Charged.POSSIBLY)
        attempt.intent = ""
        return 0.0
    return wait


class WithoutWriteAhead(Sending):
    """No intent on the disk before the POST."""

    make_store = ForgetfulStore


class WithRetries(Sending):
    """The client's own `submit()`."""

    service = Eager


class WithGrace(Sending):
    """Bought again after a while."""

    steps = {**_STEPS, "SENDING": impatient}  # noqa: RUF012


@pytest.mark.parametrize("broken", [WithoutWriteAhead, WithRetries, WithGrace])
def test_a_broken_program_is_noticed(broken: type[Sending]) -> None:
    """Each of the usual mistakes pays twice within some examples."""
    with pytest.raises(AssertionError, match=r"assert .* <= 1"):
        explore(broken, settings=_THOROUGH)
