"""Run the tests three times in a row beside four loops that keep the machine busy.

    python benchmarks/busy.py                        the whole suite
    python benchmarks/busy.py tests/money -k stop    what pytest is given

A test that fails here and passes on an idle machine depends on how busy it is. The failures of
each run are printed; the exit code is 1 where there were any. The loops end with this program,
however it ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUNS, LOOPS = 3, 4
LOOP = """
import os, sys
while os.getppid() == int(sys.argv[1]):
    for _ in range(1_000_000):
        pass
"""
"""Nothing, as fast as it goes, for as long as the program that began it is there."""


@contextmanager
def busy() -> Iterator[None]:
    """Keep the machine busy."""
    command = [sys.executable, "-c", LOOP, str(os.getpid())]
    loops = [subprocess.Popen(command) for _ in range(LOOPS)]
    try:
        yield
    finally:
        for loop in loops:
            loop.terminate()
            loop.wait()


def failures(arguments: Sequence[str]) -> list[str]:
    """The lines of the tests that failed; pytest's own words where there are none to show."""
    command = [sys.executable, "-m", "pytest", "-q", "-rfE", "--tb=no", *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    lines = done.stdout.splitlines()
    failed = [line for line in lines if line.startswith(("FAILED ", "ERROR "))]
    return failed or ([] if done.returncode == 0 else lines[-5:])


def main() -> int:
    """Run and tell; gives the exit code."""
    failed = False
    with busy():
        for number in range(1, RUNS + 1):
            begun = time.monotonic()
            found = failures(sys.argv[1:])
            failed = failed or bool(found)
            print(f"run {number}: {len(found)} failed in {time.monotonic() - begun:.0f} s")
            print("".join(f"    {line}\n" for line in found), end="", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
