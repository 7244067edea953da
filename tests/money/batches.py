"""A batch of twelve films of five shots, killed at many points, and run again.

    python -m tests.money.batches                  200 points, spread over all there are
    python -m tests.money.batches --points 20
    python -m tests.money.batches --begin 40 --end 60      so many of the 200, from the 41st on

Two prompts differ by row, so there are 27 takes. Each point is a batch of its own: it is killed
there, run again, and run once more. Payments are counted at the service.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from storyboard.store import Store
from storyboard.testing import FakeClip, FakeService
from tests.boards import still
from tests.money.client import FILM_POINTS, POINTS, Client, Orders

TINY = FakeClip(width=64, frames_per_second=10)
FILMS, SHOTS = 12, 5
JOBS = 8
"""Requests at once: so many can be between their intents and their POSTs when a run dies."""
TAKES = 3 + 2 * FILMS
"""Three shots are alike in all films, two are another in each."""


@dataclass(frozen=True, slots=True)
class Kill:
    """Where a run dies: when it gets there for the so-manieth time."""

    point: str
    nth: int


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """What came of a kill."""

    kill: Kill
    first: int
    """How the killed run ended."""
    paid: int
    twice: int
    """Requests that were paid more than once."""
    held: int
    """Requests that were written down and never sent: for the user to decide."""
    again: int
    """Payments of the third run."""
    films: int
    """Films that are whole, by the manifest."""

    @property
    def sound(self) -> bool:
        """Each take paid once and every film there; or some never sent, and held."""
        once = self.twice == self.again == 0 and self.paid + self.held == TAKES
        return once and (self.films == FILMS if not self.held else self.held <= JOBS)


def kills(number: int) -> Iterator[Kill]:
    """So many points, spread evenly over all that a run passes."""
    every = [Kill(point, nth) for nth in range(1, TAKES + 1) for point in POINTS]
    every += [Kill(point, nth) for nth in range(1, FILMS + 1) for point in FILM_POINTS]
    for place in range(number):
        yield every[place * len(every) // number]


def stage(folder: Path) -> Path:
    """A storyboard and its table. In words of its own: another's would be collected, not bought."""
    lines = ["version: 1", "defaults: {duration: 3}", "scenes:"]
    words = ("It begins", "In ${city}", "It goes on", "By ${by}", "It ends")
    for number, prompt in enumerate(words):  # scenes of their own: no seams to be measured
        still(folder / f"{number}.png", number)
        shot = f'shot: {{prompt: "{prompt}, {folder.name}"}}'
        lines += ["  - keyframes:", f"      - image: {number}.png", f"        {shot}"]
        lines.append(f"      - image: {(number + 1) % SHOTS}.png")
    (folder / "film.yaml").write_text("\n".join(lines) + "\n")
    rows = [f"film{number},city {number},way {number}" for number in range(FILMS)]
    (folder / "rows.csv").write_text("\n".join(["name,city,by", *rows]) + "\n")
    return folder / "film.yaml"


def run(film: Path, service: FakeService, kill: Kill | None = None) -> int:
    """Run the batch, into its death where one is named; gives how it ended. One that hangs says
    where: what its threads did goes to stdout."""
    folder = film.parent
    client = Client(
        Orders(
            film,
            folder / ".storyboard",
            service.environment,
            kill.point if kill else "",
            kill.nth if kill else 1,
            jobs=JOBS,
            verb="batch",
            rows=folder / "rows.csv",
            output=str(folder / "out" / "{name}.mp4"),
            log=folder / "log",
        )
    )
    try:
        return client.wait()
    except TimeoutError as error:
        print(error)
        print((folder / "log").read_text(), flush=True)
        raise


def killed(service: FakeService, kill: Kill) -> BatchOutcome:
    """Run into the kill, run again, and once more."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        film = stage(folder)
        before = len(service.paid)
        first = run(film, service, kill)
        run(film, service)
        between = len(service.paid)
        run(film, service)
        paid = service.paid[before:between]
        counts = Counter(str(one.arguments["prompt"]) for one in paid)
        held = sum(row.state == "SENDING" for row in Store(folder / ".storyboard").rows())
        states = json.loads((folder / "out" / "manifest.json").read_text())["films"]
        return BatchOutcome(
            kill=kill,
            first=first,
            paid=len(paid),
            twice=sum(often > 1 for often in counts.values()),
            held=held,
            again=len(service.paid) - between,
            films=sum(one["state"] in ("done", "there") for one in states),
        )


def main() -> int:
    """Kill a batch at many points, and print what came of it."""
    ask = argparse.ArgumentParser(description="Kill a batch at many points.")
    ask.add_argument("--points", type=int, default=200)
    ask.add_argument("--begin", type=int, default=0)
    ask.add_argument("--end", type=int)
    asked = ask.parse_args()
    began, outcomes, hung = time.monotonic(), [], 0
    for kill in list(kills(asked.points))[asked.begin : asked.end]:
        with FakeService(footage=TINY) as service:  # a new one: its history grows
            try:
                outcomes.append(outcome := killed(service, kill))
            except TimeoutError:
                hung += 1
                print(f"HUNG: {kill}", flush=True)
                continue
            print("" if outcome.sound else "NOT SOUND: ", outcome, sep="", flush=True)
    ended = sum(one.first < 0 for one in outcomes)
    bad, held = sum(not one.sound for one in outcomes), sum(one.held for one in outcomes)
    print(
        f"{len(outcomes)} points, {ended} killed the first run, {held} held, {bad} bad, {hung} hung"
    )
    print(f"{time.monotonic() - began:.0f} s")
    return 1 if bad or hung else 0


if __name__ == "__main__":
    sys.exit(main())
