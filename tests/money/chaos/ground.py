"""The ground of a round: films, the stores that they share, the clock, and the account."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from storyboard.errors import ServiceError
from storyboard.fal import Fal
from storyboard.ledger.user_record import VARIABLE
from storyboard.store import Store
from storyboard.testing import FakeClip, FakeService
from tests.boards import still
from tests.money.chaos.draw import Script
from tests.money.chaos.lies import STRANGER
from tests.money.client import Haste

SPEED = 2000.0
"""How much faster than the wall's the clock of a round runs."""
ENDPOINT = "fal-ai/kling-video/o1/standard/image-to-video"
OTHER_ENDPOINT = "fal-ai/kling-video/o1/image-to-video"


class Ticking:
    """The service's clock, which is the programs' as well."""

    def __init__(self) -> None:
        self.haste = Haste(SPEED, time.monotonic(), time.time())

    def __call__(self) -> float:
        """Seconds since the round began."""
        return self.haste.monotonic()

    def jump(self, seconds: float) -> None:
        """So much time passes at once."""
        self.haste = replace(self.haste, ahead=self.haste.ahead + seconds)

    def wrong(self, seconds: float) -> Haste:
        """The clock of a machine whose dates are off."""
        return replace(self.haste, wrong=seconds)


@dataclass(slots=True)
class Film:
    """One storyboard, as it is written now."""

    path: Path
    script: Script
    number: int
    words: int = 0
    """How often its words were edited."""
    budget: int | None = None
    called: Path = field(init=False)
    """By which name the programs are given it."""

    def __post_init__(self) -> None:
        self.called = self.path

    def write(self) -> None:
        """Onto the disk, whole."""
        new = self.path.with_suffix(".new")
        new.write_text("\n".join(self._lines()) + "\n")
        new.replace(self.path)

    def _lines(self) -> Iterator[str]:
        yield "version: 1"
        yield "defaults: {duration: 3}"
        if self.budget is not None:
            yield f"budget: {self.budget / 1_000_000:.6f}"
        yield "keyframes:"
        for number in range(self.script.shots + 1):
            yield f"  - image: {number}.png"
            if number < self.script.shots:
                takes = self.script.takes[number]
                yield f"    shot: {{prompt: {self._prompt(number)}, takes: {takes}}}"

    def _prompt(self, number: int) -> str:
        """The first shot is the same in both films; edits change the last one."""
        film = self.number if number else 0
        edit = self.words if number == self.script.shots - 1 else 0
        return f"The ball rolls on to {number} in film {film} as of {edit}"


@dataclass(slots=True)
class Ground:
    """Everything that a round stands on."""

    folder: Path
    script: Script
    service: FakeService
    clock: Ticking
    films: list[Film]
    stores: list[Path]
    """One; two once a backup was brought back beside the first."""
    strangers: set[str] = field(default_factory=set)
    """Tags of requests that are somebody else's."""

    @property
    def log(self) -> Path:
        """Where the programs print."""
        return self.folder / "printed.log"

    @property
    def backup(self) -> Path:
        """Where the backup is."""
        return self.folder / "backup"

    @property
    def state(self) -> Path:
        """Where the user's own record is."""
        return Path(self.service.environment[VARIABLE])

    @contextmanager
    def fal(self) -> Iterator[Fal]:
        """The service, with the account's key."""
        with self.service.applied():
            fal = Fal(self.service.key)
            try:
                yield fal
            finally:
                fal.close()

    @contextmanager
    def store(self, number: int = 0) -> Iterator[Store]:
        """A store, opened by its absolute name."""
        with (
            self.service.applied(),
            closing(Store(self.stores[number], clock=self.clock.haste)) as store,
        ):
            yield store

    def store_as(self, name: str, number: int) -> Path:
        """The store by another name; relative ones are from the ground's folder."""
        true = self.stores[number]
        beside = Path(os.path.relpath(true, self.folder))
        link = self.folder / f"link-{number}"
        if name == "link" and not link.is_symlink():
            link.symlink_to(true)
        names = {"relative": beside, "link": link, "detour": self.folder / "away" / ".." / beside}
        return names.get(name, true)

    def send_as_strangers(self, many: int) -> None:
        """Somebody else uses the account: nearly the same requests, and never the same."""
        for _ in range(many):
            with self.fal() as fal:
                self._send_as_stranger(fal, len(self.strangers))

    def _send_as_stranger(self, fal: Fal, number: int) -> None:
        """Our pictures with other words; our words with another picture; another length; another
        endpoint."""
        tag, kind = f"{STRANGER}{number}", number % 4
        prompt = "The ball rolls on to 0 in film 0 as of 0"
        self.strangers.add(f"storyboard={tag}")
        try:
            pictures = [self.folder / "0.png", self.folder / f"{0 if kind == 1 else 1}.png"]
            start, end = (
                fal.upload(path.read_bytes(), "image/png", path.name) for path in pictures
            )
            arguments = {
                "prompt": f"{prompt}, by a stranger" if kind == 0 else prompt,
                "start_image_url": start,
                "end_image_url": start if kind == 1 else end,
                "duration": "5" if kind == 2 else "3",
            }
            fal.submit(OTHER_ENDPOINT if kind == 3 else ENDPOINT, arguments, tag=tag)
        except ServiceError:
            pass  # a stranger meets the same faults


@contextmanager
def laid(folder: Path, script: Script) -> Iterator[Ground]:
    """The ground of a round, before anything happens."""
    clock = Ticking()
    with FakeService(
        footage=FakeClip(width=64),
        run=script.run,
        concurrency=script.concurrency,
        clock=clock,
        listing=script.listing,
    ) as service:
        films = [
            Film(folder / f"film-{number}.yaml", script, number, budget=script.budget)
            for number in range(script.films)
        ]
        (folder / "away").mkdir()
        for number in range(script.shots + 1):
            _picture(folder / f"{number}.png", 0 if script.same_stills else number)
        for film in films:
            film.write()
        yield Ground(folder, script, service, clock, films, [folder / ".storyboard"])


_DRAWN: dict[int, bytes] = {}


def _picture(path: Path, number: int) -> None:
    """A still; each is drawn once."""
    if number not in _DRAWN:
        _DRAWN[number] = still(path, number).read_bytes()
    path.write_bytes(_DRAWN[number])


def copied(source: Path, target: Path) -> None:
    """A folder, copied as a backup program does; what vanishes meanwhile is left out."""
    shutil.rmtree(target, ignore_errors=True)
    if source.exists():
        shutil.copytree(source, target, ignore_dangling_symlinks=True)
