"""The command: plays rounds, prints those that are not sound, and what all came to."""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections import Counter

from tests.money.chaos.count import Count
from tests.money.chaos.play import attempted


def main() -> int:
    """Play rounds; gives 1 where one is not sound."""
    ask = argparse.ArgumentParser(description="Everything goes wrong at random.")
    ask.add_argument("--rounds", type=int, default=10)
    ask.add_argument("--seed", type=int, default=0, help="the first round's; the next has the next")
    ask.add_argument("--tell", action="store_true", help="print every round")
    asked = ask.parse_args()
    began, came, within = time.monotonic(), [], Counter[str]()
    for seed in range(asked.seed, asked.seed + asked.rounds):
        came.append(one := attempted(seed))
        within.update(one.within)
        if asked.tell or not one.sound:
            print(f"seed {seed}: {one}", flush=True)
    _print(came, within, time.monotonic() - began)
    return 0 if all(one.sound for one in came) else 1


def _print(came: list[Count], within: Counter[str], took: float) -> None:
    """The sums, what the rounds had in them, and what stayed unknown, by kind."""
    names = ("wanted", "paid", "failed", "delivered", "starts", "kills")
    bad = ("twice", "over", "wrong", "lost", "tracebacks", "keys")
    for name in (*names, *bad, "agreed", "resolved"):
        print(f"{name}: {sum(getattr(one, name) for one in came)}")
    kinds = Counter(unknown.kind for one in came for unknown in one.unknown)
    for kind, many in kinds.most_common():
        print(f"unknown: {many} {kind}")
    for name, many in sorted(within.items()):
        print(f"with {name}: {many}")
    print(
        f"{len(came)} rounds, {sum(not one.sound for one in came)} not sound, {took:.0f} s, "
        f"{_cpu():.0f} CPU seconds"
    )


def _cpu() -> float:
    """Of this process and of what it started and has ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    sys.exit(main())
