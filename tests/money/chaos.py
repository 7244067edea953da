"""Everything at random: two programs on one storyboard, killed and interrupted, while the service
drops, stalls, lies and forgets. At the end everything is there, and each shot was paid once.

    python -m tests.money.chaos --rounds 20 --shots 10 --seed 1

What is left to a human (a request that was written down and never sent can't be told from one
that was accepted and is not listed yet) is resolved as a human would: by asking the service.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storyboard.errors import Charged
from storyboard.store import Store
from storyboard.testing import FakeClip, FakeService, Fault, Listing, acts
from tests.boards import board
from tests.money.client import DONE, Client, Orders

SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a round came to."""

    shots: int
    paid: int
    clips: int
    starts: int
    kills: int
    resolved: int
    seconds: float

    @property
    def sound(self) -> bool:
        """Each shot was paid once, and is there."""
        return self.paid == self.clips == self.shots


def faults(dice: random.Random) -> list[Fault]:
    """A handful of what can go wrong."""
    possible = [
        Fault("submit", acts.drop(accepted=True), times=dice.randint(1, 3)),
        Fault("submit", acts.nginx(504, accepted=True), skip=dice.randint(0, 4)),
        Fault("submit", acts.answer(500, "oops", accepted=True), skip=dice.randint(0, 4)),
        Fault("submit", acts.too_many(), times=dice.randint(1, 4)),
        Fault("submit", acts.hold(dice.random() * 0.5, accepted=True), times=3),
        Fault("upload", acts.drop(), times=2),
        Fault("status", acts.answer(500, "oops"), times=dice.randint(1, 9)),
        Fault("status", acts.answer(404, "?"), times=2, skip=dice.randint(0, 9)),
        Fault("status", acts.hold(dice.random() * 0.3), times=5),
        Fault("result", acts.nginx(502), times=3),
        Fault("history", acts.answer(500, "oops"), times=dice.randint(1, 3)),
        Fault("history", acts.answer(200, {"items": []}), times=dice.randint(1, 3)),
        Fault("download", acts.truncate(dice.randint(1, 1500)), times=dice.randint(1, 5)),
        Fault("download", acts.corrupt(), times=2),
        Fault("download", acts.swap(acts.PORTAL), times=2),
        Fault("download", acts.unmeasured(sent=900), times=2),
    ]
    return dice.sample(possible, k=dice.randint(4, len(possible)))


def rounds(seed: int, *, shots: int, patience: float = 120.0) -> Tally:
    """One storyboard, from nothing to everything there."""
    dice = random.Random(seed)
    about: dict[str, Any] = {
        "footage": FakeClip(width=64),
        "run": 0.1 + dice.random() / 2,
        "concurrency": 3,
        "listing": Listing(delay=dice.random(), page=dice.randint(2, 9)),
    }
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        FakeService(**about) as service,
    ):
        film = board(Path(folder), keyframes=shots + 1)
        store = Path(folder, ".storyboard")
        for fault in faults(dice):
            service.inject(fault)
        orders = Orders(film, store, service.environment, jobs=dice.randint(1, 5))
        starts, kills = 0, 0
        for _ in range(dice.randint(2, 6)):
            clients = [Client(orders), Client(orders)]
            starts += len(clients)
            kills += _bother(clients, dice)
            if DONE in [client.wait() for client in clients]:
                break
        resolved = _settle(store, service, orders, until=began + patience)
        clips = len(list((store / "takes").glob("*.mp4")))
        took = time.monotonic() - began
        return Tally(shots, len(service.paid), clips, starts, kills, resolved, took)


def _bother(clients: list[Client], dice: random.Random) -> int:
    """Kill or interrupt some of them after a while; gives how many."""
    count = 0
    for client in clients:
        if dice.random() < 0.9:
            client.process.join(dice.random() * 0.5)
            if client.process.is_alive():
                client.tell(dice.choice(SIGNALS))
                count += 1
    return count


def _settle(store: Path, service: FakeService, orders: Orders, *, until: float) -> int:
    """Run on quietly; allow again what the service has certainly never seen. Gives how often."""
    resolved = 0
    while time.monotonic() < until and Client(orders).wait(120) != DONE:
        accepted = {submission.headers["x-fal-tags"] for submission in service.paid}
        ledger = Store(store).ledger
        for row in ledger.rows(states=("SENDING",)):
            if f"storyboard={row.intent}" not in accepted:
                ledger.settle(row.intent, "RELEASED", "never sent", charged=Charged.NO)
                resolved += 1
    return resolved


def main() -> int:
    """Run rounds and print what they came to."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--rounds", type=int, default=10)
    ask.add_argument("--shots", type=int, default=10)
    ask.add_argument("--seed", type=int, default=0)
    asked = ask.parse_args()
    tallies = []
    for number in range(asked.rounds):
        tallies.append(tally := rounds(asked.seed + number, shots=asked.shots))
        print(f"seed {asked.seed + number}: {tally}", flush=True)
    bad = [tally for tally in tallies if not tally.sound]
    paid, expected = sum(t.paid for t in tallies), sum(t.shots for t in tallies)
    print(
        f"{len(tallies)} rounds, {sum(t.starts for t in tallies)} starts, "
        f"{sum(t.kills for t in tallies)} kills: {paid} paid of {expected} expected, "
        f"{sum(t.clips for t in tallies)} clips; {len(bad)} rounds are not sound"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
