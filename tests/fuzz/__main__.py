"""`python -m tests.fuzz [--seconds N | --inputs N] [TARGET ...]`: fuzz until time is up.

Says how many inputs were tried; the first one that breaks a promise is shown, made small.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzz.targets import TARGETS, Target
from tests.loading.stills import lay_out

ROUND = 1000
"""Inputs between two looks at the clock."""


def fuzz(target: Target, folder: Path, *, seconds: float, inputs: int) -> int:
    """Try inputs until the time or the number is used up; gives how many were tried."""
    tried = 0
    end = time.monotonic() + seconds

    @settings(
        max_examples=min(ROUND, inputs),
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.target, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(target.inputs)
    def attempt(data: bytes) -> None:
        nonlocal tried
        tried += 1
        target.check(folder, data)

    while tried < inputs and time.monotonic() < end:
        attempt()
    return tried


def main() -> None:
    """Fuzz the targets that are named, or all."""
    names = [target.name for target in TARGETS]
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument(
        "targets", nargs="*", choices=[*names, []], metavar="TARGET", help=str(names)
    )
    parser.add_argument("--seconds", type=float, default=60, help="for each target")
    parser.add_argument("--inputs", type=int, default=10**9, help="at most, for each target")
    given = parser.parse_args()
    if unknown := set(given.targets) - set(names):
        parser.error(f"there is no target {', '.join(unknown)}; choose from {', '.join(names)}")
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        stills = lay_out(Path(folder))
        total = 0
        for target in TARGETS:
            if target.name in (given.targets or names):
                tried = fuzz(target, stills, seconds=given.seconds, inputs=given.inputs)
                print(f"{target.name}: {tried} inputs, every promise kept", flush=True)
                total += tried
        print(f"{total} inputs in all")


if __name__ == "__main__":
    main()
