"""Two shots between the same stills, one of them with two takes, and a service that lies.

The real steps and the real books are driven, as in `test_machine`; here with real uploads, a
history that is late, doubled, wrong, silent and full of a stranger's requests, a queue that
contradicts itself, prices that change, and stores that are damaged, rebuilt and brought back.
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from itertools import count
from pathlib import Path
from typing import Any, cast
from unittest import mock

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from storyboard.accounting.rebuilding import rebuild
from storyboard.accounting.resolving import Decision, resolve
from storyboard.errors import StoryboardError
from storyboard.events import log
from storyboard.generating.attempt import Attempt
from storyboard.generating.backoff import Pace
from storyboard.generating.conductor import Conductor
from storyboard.generating.mishaps import LOG
from storyboard.generating.order import Order
from storyboard.generating.scheduler import Brake, Stop
from storyboard.generating.steps import advance
from storyboard.generating.twins import FORGOTTEN
from storyboard.ledger.place import LEDGER
from storyboard.ledger.rows import Caps, Row
from storyboard.ledger.user_record import VARIABLE
from storyboard.loading.load import load
from storyboard.planning.planned import Plan
from storyboard.planning.planner import plan
from storyboard.service import Service
from storyboard.store import Store
from storyboard.testing import Clock
from tests.boards import still
from tests.money.liar import HIDING, SAID, SENT, TABLE, TAKE, TOLD, Liar
from tests.money.test_machine import NEW_YEAR, Crash

WORKERS = 3
HOUR = 3600.0

Patch = tuple[str, Any]
"""What is put in the place of what."""


class Dated(Clock):
    """A clock that begins at the same date each time."""

    def time(self) -> float:
        """Seconds since 1970."""
        return NEW_YEAR + self.monotonic()


class Lying(RuleBasedStateMachine):
    """Programs of their own, one store, three takes that are wanted once each."""

    film: Path
    planned: Plan
    mistakes: tuple[Patch, ...] = ()

    @initialize(budget=st.sampled_from((3, 3, 4, 40)))
    def begin(self, budget: int = 40) -> None:
        """An empty store, and a budget of so many takes."""
        self.given = ExitStack()
        self.folder = Path(self.given.enter_context(tempfile.TemporaryDirectory()))
        names = count(1)
        self._patch("uuid.uuid4", lambda: uuid.UUID(int=next(names) << 64))
        self.given.enter_context(mock.patch.dict("os.environ", {VARIABLE: str(self.state)}))
        for target, wrong in type(self).mistakes:
            self._patch(target, wrong)
        self.clock = Dated()
        self.liar = Liar(self.clock)
        self.attempts: dict[int, Attempt] = {}
        self.agreed: Counter[str] = Counter()
        self.budget = budget * TAKE + 1
        self.forgotten: set[str] = set()
        """Requests whose price nobody knows any more."""
        plan = type(self).planned
        self.orders = [Order.planned(shot, take) for shot in plan.shots for take in shot.takes]
        self.workers = self.given.enter_context(ThreadPoolExecutor(1))

    def _patch(self, target: str, by: Any) -> None:
        self.given.enter_context(mock.patch(target, by))

    def teardown(self) -> None:
        """Once everybody is honest, nothing is lost, and nothing paid again."""
        try:
            self.come_home()
        finally:
            self.end()

    def end(self) -> None:
        """Leave nothing."""
        self._die_all()
        self.given.close()

    def look(self) -> None:
        """What must be so is looked at, as an exploration does after each step."""
        self.paid_once()
        self.without_a_mishap()
        self.within_the_budget()
        self.at_its_own_shot()

    def come_home(self) -> None:
        """Everybody is honest, and each take is rendered until nothing more comes."""
        for which in range(len(self.orders)):
            self.liar.listed = len(self.liar.taken)
            self.start(0, which)
            self.go_on(0)
        self._die_all()
        with closing(self._store()) as store:
            rows = list(store.rows())
        lost = {one.request_id for one in self.liar.taken} - _known(rows)
        assert len(lost) <= self.agreed.total(), f"lost {lost}: {rows}"
        self.look()

    # programs

    @rule(worker=st.integers(0, WORKERS - 1), which=st.integers(0, 2))
    def start(self, worker: int, which: int) -> None:
        """A program begins, or begins again."""
        self._die(worker)
        self.attempts[worker] = Attempt(self._conductor(), self.orders[which])

    @precondition(lambda self: self.attempts)
    @rule(
        pick=st.integers(0, WORKERS - 1),
        sending=st.sampled_from(SENT),
        saying=st.sampled_from(SAID),
        telling=st.sampled_from(TOLD),
        lies=st.integers(0, 3),
    )
    def step(self, pick: int, sending: str, saying: str, telling: str, lies: int) -> None:
        """One step of a program, and what the service makes of it."""
        worker = sorted(self.attempts)[pick % len(self.attempts)]
        self._lie(saying if lies & 1 else "truth", telling if lies & 2 else "truth")
        self._advance(worker, sending)

    @precondition(lambda self: self.attempts)
    @rule(pick=st.integers(0, WORKERS - 1))
    def go_on(self, pick: int) -> None:
        """A program goes on as far as it can, and nobody lies."""
        self._lie("truth", "truth")
        worker = sorted(self.attempts)[pick % len(self.attempts)]
        for _ in range(30):
            if worker in self.attempts:
                self._advance(worker)

    @rule(which=st.integers(0, 2), sending=st.sampled_from(SENT), saying=st.sampled_from(SAID))
    def once(self, which: int, sending: str, saying: str) -> None:
        """A program sends what may have to be sent, is lied to once, and dies."""
        self.start(0, which)
        self._lie("truth", "truth")
        self._advance(0, sending)
        if 0 in self.attempts:
            self._lie(saying, "truth")
            self._advance(0)
        self._die(0)

    def _advance(self, worker: int, sending: str = "accepted") -> None:
        attempt = self.attempts[worker]
        live = attempt.ledger.live(attempt.order.key)
        if live is not None and live.state in ("DONE", "KEPT"):
            return  # its answer is on the disk: what follows is reading
        self.liar.sending = sending
        try:
            following = advance(attempt)
        except Crash:
            self._die(worker)
            return
        finally:
            self.liar.sending = "accepted"
        self.clock.advance(following.after)
        if following.step is None:
            self._die(worker)

    # the service, and the world

    @rule(many=st.integers(1, 3))
    def list_some(self, many: int) -> None:
        """The history catches up."""
        self.liar.listed = min(len(self.liar.taken), self.liar.listed + many)

    @rule(hours=st.sampled_from((0.5, 2, 7, 30)))
    def wait(self, hours: float) -> None:
        """Time passes."""
        self.clock.advance(hours * HOUR)

    @rule(which=st.integers(0, 2), second=st.sampled_from((TABLE // 2, TABLE, 2 * TABLE)))
    def reprice(self, which: int, second: int) -> None:
        """The price of a second changes, and a program asks for it."""
        self.liar.second = second
        self.start(0, which)
        self.go_on(0)

    # the user

    @rule(which=st.integers(0, 2), telling=st.sampled_from(TOLD))
    def decide(self, which: int, telling: str) -> None:
        """The user allows another payment, with one yes."""
        order = self.orders[which]
        self._lie("truth", telling)
        with closing(self._store()) as store:
            rows = [row for row in store.rows() if row.key == order.key]
            with suppress(StoryboardError):
                resolve(
                    store,
                    type(self).film,
                    order.shot,
                    Decision.RESUBMIT,
                    take=order.take,
                    service=cast(Service, self.liar),
                )
            released = {row.intent for row in store.rows() if row.state == "RELEASED"}
        for row in rows:
            if row.intent in released and row.state != "RELEASED":
                self._agree(row)

    def _agree(self, row: Row) -> None:
        """Hours later, and nothing told of it: that is what the user says yes to."""
        for number, one in enumerate(self.liar.taken):
            if one.tag == row.intent:
                hidden = number >= self.liar.listed or self.liar.telling in HIDING
                assert hidden, "allowed again, though the history told of it"
                self.agreed[one.arguments["prompt"]] += 1

    @rule(how=st.sampled_from(("deleted", "emptied", "sound")))
    def rebuild(self, how: str) -> None:
        """The ledger is gone, and made again."""
        self._die_all()
        with closing(self._store()) as store:
            path = store.folder / LEDGER
            if not path.exists():
                return
            if how != "sound":
                for part in store.folder.glob(f"{LEDGER}*"):
                    part.unlink()
            if how == "emptied":
                path.touch()
            rebuild(store)

    @rule(
        which=st.integers(0, 2),
        sending=st.sampled_from(SENT),
        how=st.sampled_from(("deleted", "emptied")),
    )
    def lose_the_ledger(self, which: int, sending: str, how: str) -> None:
        """A program is broken off, its ledger is made again, and the next one begins."""
        self.once(which, sending, "silence")
        self.rebuild(how)
        self.once(which, "accepted", "truth")

    @rule()
    def back_up(self) -> None:
        """The whole store is copied."""
        self._die_all()
        shutil.rmtree(self.folder / "backup", ignore_errors=True)
        if (self.folder / "store").exists():
            shutil.copytree(self.folder / "store", self.folder / "backup")

    @rule(elsewhere=st.booleans())
    def bring_back(self, elsewhere: bool = True) -> None:
        """The copy comes back, or an empty store where there is none. On a machine `elsewhere` the
        history, which has caught up, is the only witness from then on."""
        self._die_all()
        shutil.rmtree(self.folder / "store", ignore_errors=True)
        if (self.folder / "backup").exists():
            shutil.copytree(self.folder / "backup", self.folder / "store")
        if elsewhere:
            shutil.rmtree(self.state, ignore_errors=True)
            self.liar.listed = len(self.liar.taken)
            self.liar.honest = True
            self._forget()

    def _forget(self) -> None:
        """What the books that came back do not know of has no price but the table's."""
        with closing(self._store()) as store:
            known = _known(store.rows()) | {row.intent for row in store.rows()}
        for one in self.liar.taken:
            if not known & {one.tag, one.request_id}:
                self.forgotten.add(one.request_id)

    # what must be so

    @invariant()
    def paid_once(self) -> None:
        """For each shot as often as it has takes, and as the user said yes to paying again."""
        sent = Counter(one.arguments["prompt"] for one in self.liar.taken)
        for prompt, many in sent.items():
            wanted = sum(order.request.arguments["prompt"] == prompt for order in self.orders)
            assert many <= wanted + self.agreed[prompt], "paid twice"

    @invariant()
    def without_a_mishap(self) -> None:
        """The program makes no mistake of its own."""
        mistakes = self.folder / "store" / LOG
        assert not mistakes.exists(), mistakes.read_text()

    @invariant()
    def within_the_budget(self) -> None:
        """All together, at the prices in force when they were accepted, where those are known."""
        spent = (
            min(one.price, TAKE) if one.request_id in self.forgotten else one.price
            for one in self.liar.taken
        )
        assert sum(spent) <= self.budget, "over the budget"

    @invariant()
    def at_its_own_shot(self) -> None:
        """Each request that the books have is what its shot asked for, and no other's."""
        if not (self.folder / "store" / LEDGER).exists():
            return
        sent = {one.request_id: one.arguments["prompt"] for one in self.liar.taken}
        with closing(self._store()) as store:
            for row in store.rows():
                asked = row.canonical["arguments"]["prompt"]
                right = row.request_id is None or sent.get(row.request_id) == asked
                assert right, "at the wrong shot"

    # what they are made of

    @property
    def state(self) -> Path:
        """Where the user's own record is."""
        return self.folder / "state"

    def _lie(self, saying: str, telling: str) -> None:
        self.liar.saying = saying
        silenced = self.liar.honest and telling != "turned"
        self.liar.telling = "truth" if silenced else telling

    def _die(self, worker: int) -> None:
        attempt = self.attempts.pop(worker, None)
        if attempt is not None:
            attempt.conductor.store.close()

    def _die_all(self) -> None:
        for worker in list(self.attempts):
            self._die(worker)

    def _store(self) -> Store:
        return Store(self.folder / "store", clock=self.clock)

    def _conductor(self) -> Conductor:
        return Conductor(
            plan=type(self).planned,
            store=self._store(),
            given=cast(Service, self.liar),
            caps=Caps(100 * TAKE, self.budget),
            listener=log,
            pace=Pace(scale=1.0, looks=(1.0, 1.0)),
            brake=Brake(),
            clock=self.clock,
            workers=self.workers,
            stop=Stop(),
        )


def _known(rows: Sequence[Row]) -> set[str | None]:
    """The ids that books have: of requests that are followed, and of those that only count."""
    counted = {row.intent.removeprefix(FORGOTTEN) for row in rows}
    return {row.request_id for row in rows} | counted


def at(folder: Path) -> type[Lying]:
    """The machine with a film in this folder: two shots between the same stills, of which the
    first has two takes."""
    still(folder / "0.png", 0)
    film = folder / "film.yaml"
    film.write_text(
        "version: 1\ndefaults: {duration: 3}\nkeyframes:\n"
        "  - image: 0.png\n    shot: {prompt: The ball rolls, takes: 2}\n"
        "  - image: 0.png\n    shot: {prompt: The ball leaps}\n"
        "  - image: 0.png\n"
    )
    return type("Filmed", (Lying,), {"film": film, "planned": plan(load(film))})
