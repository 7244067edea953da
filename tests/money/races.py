"""Races of machines for the same takes: processes with ledgers of their own on one media place,
killed at any step, and run again until all is at home. The service counts what was paid.

    python -m tests.money.races --rounds 50              # 1,000 races: 50 rounds of 20 keys, on S3
    python -m tests.money.races --rounds 50 --place folder    # or azure, where Azurite is installed
    python -m tests.money.races --rounds 50 --budget     # for money: half of what they want
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path

from storyboard.ledger.user_record import VARIABLE
from storyboard.store import Store
from storyboard.testing import FakeService, acts
from storyboard.testing.faults import Fault
from tests.boards import board
from tests.depot import azurite
from tests.depot.buckets import BUCKET, environment, s3
from tests.money.client import DONE, POINTS, SHARED_POINTS, Client, Orders, all_of
from tests.money.runs import SMALL

UNKNOWN = "after the intent"
"""Whoever dies here leaves what nobody can know: `resolve` is for that, and no race. A kill at any
other point may strike another request of the same machine there."""
PATIENCE = 10_000.0
"""Seconds of the engine's for which a machine follows what another one is buying."""
TAKE = 252_000
"""Micro-dollars of one."""
DEATHS = tuple(one for one in (*POINTS, *SHARED_POINTS) if one != UNKNOWN)


@dataclass(frozen=True, slots=True)
class Raced:
    """What came of one round."""

    keys: int
    paid: int
    twice: int
    """Keys that were paid for more than once."""
    held: int
    """Keys that were written down and never sent: for the user to decide."""
    missing: int
    """Takes that are not at home, of all machines, though nothing holds them."""
    kills: int

    @property
    def sound(self) -> bool:
        """Whether each key was paid for once, or is held, and each machine has all that is paid."""
        return self.paid + self.held == self.keys and not self.twice and not self.missing


@dataclass(frozen=True, slots=True)
class Spent:
    """What came of one round under a budget."""

    most: int
    """Takes that the budget is enough for."""
    paid: int
    held: int
    """Those that were written down, and of which nobody knows whether they were sent."""
    kills: int

    @property
    def sound(self) -> bool:
        """Whether all of the budget was spent, and no more; what is held counts as spent."""
        return self.paid <= self.most == self.paid + self.held


@contextmanager
def places(kind: str, folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A media place of this kind, empty, and the variables that it needs."""
    if kind == "folder":
        yield str(folder / "media"), {}
        return
    if kind == "azure":
        with azurite.azure() as port:
            yield f"az://{azurite.CONTAINER}/{folder.name}", azurite.environment(port)
        return
    with s3() as port:
        yield f"s3://{BUCKET}/{folder.name}", environment(port)


def race(
    folder: Path,
    service: FakeService,
    place: str,
    variables: dict[str, str],
    *,
    keys: int = 20,
    machines: int = 2,
    seed: int = 0,
    kills: int = 1,
) -> Raced:
    """One round: all begin at once; each of the first `kills` starts dies somewhere; then all are
    run again until they are done."""
    before = len(service.paid)
    orders = [
        _orders(folder / f"machine{n}", service, place, variables, keys) for n in range(machines)
    ]
    killed = _killed(orders, service, keys=keys, seed=seed, kills=kills)
    for _ in range(5):
        ended = all_of([Client(one) for one in orders])
        paid = Counter(str(one.arguments["prompt"]) for one in service.paid[before:])
        held, missing = _left(orders, place, variables, keys=keys)
        if ended == [DONE] * machines or (not missing and len(paid) + held == keys):
            break
    return Raced(keys, paid.total(), sum(n > 1 for n in paid.values()), held, missing, killed)


def race_for_money(
    folder: Path,
    service: FakeService,
    place: str,
    variables: dict[str, str],
    *,
    keys: int = 10,
    machines: int = 2,
    seed: int = 0,
    kills: int = 1,
) -> Spent:
    """The same, but that each machine wants takes of its own, one after the other, for a storyboard
    of one name whose budget is enough for half of them. At last each may spend what is left."""
    before, most, orders = len(service.paid), keys * machines // 2, []
    for number in range(machines):
        home = folder / f"machine{number}"
        orders.append(replace(_orders(home, service, place, variables, keys), jobs=1))
        text = orders[-1].film.read_text().replace("The ball", f"Ball {number}")
        budget = TAKE * most + TAKE // 2
        orders[-1].film.write_text(text.replace("keyf", f"budget: {budget / 1e6}\nkeyf", 1))
    killed = _killed(orders, service, keys=keys, seed=seed, kills=kills)
    all_of([Client(one) for one in orders])
    for one in [*orders, *orders]:
        Client(one).wait()
    rows = [row for one in orders for row in Store(one.store).rows()]
    held = sum(row.state == "SENDING" for row in rows)
    return Spent(most, len(service.paid) - before, held, killed)


def _orders(
    home: Path, service: FakeService, place: str, variables: dict[str, str], keys: int
) -> Orders:
    """For a machine at home there."""
    given = {**service.environment, **variables, VARIABLE: str(home / "state")}
    film = board(home, keyframes=keys + 1)
    about = {"media": place, "patience": PATIENCE, "log": home / "log"}
    return Orders(film, home / ".storyboard", given, **about)  # type: ignore[arg-type]


def _killed(
    orders: Sequence[Orders], service: FakeService, *, keys: int, seed: int, kills: int
) -> int:
    """How many died, of those that were started so often and told to."""
    chance, killed = random.Random(seed), 0
    service.inject(Fault("submit", acts.hold(0.02), times=None))  # so that they meet
    for _ in range(kills):
        dying = [_dying(one, chance, keys) for one in orders]
        killed += sum(code == -9 for code in all_of([Client(one) for one in dying]))
    return killed


def _left(
    orders: Sequence[Orders], place: str, variables: dict[str, str], *, keys: int
) -> tuple[int, int]:
    """How many keys have a request of which nobody knows whether it was sent; and how many takes
    are lacking besides, of all machines."""
    with _applied(variables):
        stores = [Store(one.store, media=place) for one in orders]
        there = [set(one.takes.keys()) for one in stores]
        rows = [row for one in stores for row in one.rows()]
    open_ = {row.key for row in rows if row.state == "SENDING"} - set().union(*there)
    return len(open_), sum(keys - len(have) - len(open_) for have in there)


def _dying(orders: Orders, chance: random.Random, keys: int) -> Orders:
    return replace(orders, die=chance.choice(DEATHS), nth=chance.randint(1, keys // 4))


@contextmanager
def _applied(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def main() -> int:
    """Play rounds; gives 1 where one is not sound."""
    ask = argparse.ArgumentParser(description="Machines race for the same takes, or money.")
    ask.add_argument("--rounds", type=int, default=2)
    ask.add_argument("--keys", type=int, default=20)
    ask.add_argument("--machines", type=int, default=2)
    ask.add_argument("--place", choices=["s3", "azure", "folder"], default="s3")
    ask.add_argument("--budget", action="store_true", help="for the last money")
    ask.add_argument("--seed", type=int, default=0)
    asked = ask.parse_args()
    began, came = time.monotonic(), []
    play = race_for_money if asked.budget else race
    for seed in range(asked.seed, asked.seed + asked.rounds):
        with (
            tempfile.TemporaryDirectory() as made,
            FakeService(footage=SMALL) as service,
            places(asked.place, Path(made)) as (place, variables),
        ):
            about: dict[str, int] = {"keys": asked.keys, "machines": asked.machines, "seed": seed}
            one = play(Path(made), service, place, variables, **about)
        came.append(one)
        if not one.sound:
            print(f"seed {seed}: {one}", flush=True)
    for field in fields(came[0]):
        print(f"{field.name}: {sum(getattr(one, field.name) for one in came)}")
    print(f"{len(came)} rounds, {time.monotonic() - began:.0f} s")
    return 0 if all(one.sound for one in came) else 1


if __name__ == "__main__":
    sys.exit(main())
