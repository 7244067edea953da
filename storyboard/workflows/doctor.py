"""The check-up: whether this machine, this store and this key are fit to make a film."""

from __future__ import annotations

import platform
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from fractions import Fraction
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from storyboard import __version__
from storyboard.depot.proving import prove
from storyboard.errors import KeyProblem, NotSent, ServiceError, StoryboardError
from storyboard.fal import Fal, key
from storyboard.ledger import disk
from storyboard.ledger.user_record import UserRecord, usual_folder
from storyboard.models import price
from storyboard.models.table import MODELS
from storyboard.units.sizes import Size
from storyboard.units.timing import counted
from storyboard.video.probing import check
from storyboard.video.writer import write

if TYPE_CHECKING:
    from storyboard.clock import Clockwork
    from storyboard.store import Store

PACKAGES = ("fal-client", "httpx", "moviepy", "av", "filelock", "pillow", "numpy", "pydantic")
"""The packages whose versions matter when something is odd."""

_EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock before this is wrong: this program did not exist."""


class Grade(Enum):
    """How bad it is."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    grade: Grade
    words: str


LOSES_COMMITS = (
    "this SQLite can lose a commit when several programs write at the very moment at which the log "
    "is reset; one storyboard at a time is safe, as is 3.51.3, 3.50.7, 3.44.6 or later"
)


def loses_commits(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the race at the reset of its write-ahead log.

    3.7.0 to 3.51.2 have it; mended in 3.51.3, and in 3.50.7 and 3.44.6 for their lines.
    """
    lines = ((3, 50, 7), (3, 44, 6))
    backported = any(version[:2] == line[:2] and version >= line for line in lines)
    return (3, 7, 0) <= version < (3, 51, 3) and not backported


def checkup(store: Store, *, online: bool = False) -> list[Finding]:
    """Look at everything that a render needs. Spends nothing, and never shows the key.

    With `online`, the service is asked for its prices, which also shows whether it takes the key.
    """
    looks: list[Callable[[], Iterator[Finding]]] = [
        _versions,
        _key,
        lambda: _store(store),
        lambda: _ledger(store),
        lambda: _media(store),
        _record,
        lambda: _room(store),
        _encoder,
        lambda: _clock(store.clock),
    ]
    if online:
        looks.append(lambda: _service(store.clock))
    return [finding for look in looks for finding in look()]


def _versions() -> Iterator[Finding]:
    here = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    yield Finding("python", Grade.GOOD, here)
    yield Finding("storyboard", Grade.GOOD, f"{__version__}, SQLite {sqlite3.sqlite_version}")
    if loses_commits(sqlite3.sqlite_version_info):
        yield Finding("sqlite", Grade.WARNING, LOSES_COMMITS)
    found = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    yield Finding("packages", Grade.GOOD, found)


def _key() -> Iterator[Finding]:
    try:
        words = "found, and looks like one" if key.find() else "the login of fal-client is used"
        yield Finding("key", Grade.GOOD, words)
    except StoryboardError as error:
        yield Finding("key", Grade.WARNING, str(error))


def _store(store: Store) -> Iterator[Finding]:
    new = not store.folder.exists()
    try:
        if new:
            disk.probe(store.folder)
        else:
            store.prepare()
        words = "is made with the first take" if new else "can be written and locked"
        yield Finding("store", Grade.GOOD, f"{store.folder} {words}")
    except StoryboardError as error:
        yield Finding("store", Grade.BAD, str(error))


def _ledger(store: Store) -> Iterator[Finding]:
    try:
        ledger = store.place.peek()
        if ledger is None:
            grade = Grade.GOOD if store.is_new else Grade.BAD
            words = "none yet" if store.is_new else "missing; run `storyboard ledger rebuild`"
            yield Finding("ledger", grade, words)
            return
        wrong = ledger.verify()
        count = 0 if wrong else len(ledger.rows())
        ledger.close()
    except StoryboardError as error:
        yield Finding("ledger", Grade.BAD, str(error))
        return
    if wrong:
        yield Finding("ledger", Grade.BAD, f"{wrong[0]}; run `storyboard ledger rebuild`")
    else:
        yield Finding("ledger", Grade.GOOD, f"sound, {count} requests")


def _media(store: Store) -> Iterator[Finding]:
    """The place that several machines share: written to, read, and tried for its condition."""
    if store.shared is None:
        return
    where = store.shared.depot.where
    try:
        prove(store.shared.depot)
        count = counted(len(store.shared.there()), "take")
        words = f"{where} can be written, lets one machine buy at a time, and has {count}"
        yield Finding("media", Grade.GOOD, words)
    except StoryboardError as error:
        yield Finding("media", Grade.BAD, str(error))


def _record() -> Iterator[Finding]:
    """The user's own, outside of all stores."""
    record = UserRecord(usual_folder())
    if not record.path.exists():
        yield Finding("record", Grade.GOOD, f"{record.path} is made with the first payment")
        return
    record.said("")
    record.close()
    if record.trouble:
        words = f"{record.trouble}; a copy of a store could pay for the same"
        yield Finding("record", Grade.WARNING, words)
    else:
        yield Finding("record", Grade.GOOD, f"{record.path} can be written")


def _room(store: Store) -> Iterator[Finding]:
    free = store.free_bytes()
    takes = max(0, free - disk.SPARE) // disk.ROOM
    words = f"{free / 1e9:.1f} GB free, enough for {takes} takes"
    yield Finding("disk", Grade.GOOD if takes >= 10 else Grade.BAD, words)


def _encoder() -> Iterator[Finding]:
    """Write a tiny film, and read it back."""
    frames = [np.full((64, 64, 3), level, np.uint8) for level in (40, 120, 200)]
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "film.mp4")
            write(path, iter(frames), rate=Fraction(24), size=Size(64, 64))
            facts = check(path, frames=3, rate=Fraction(24))
        yield Finding("encoder", Grade.GOOD, f"{facts.codec} works")
    except (StoryboardError, OSError, ValueError) as error:
        yield Finding("encoder", Grade.BAD, f"no film can be written: {error}")


def _clock(clock: Clockwork) -> Iterator[Finding]:
    now = datetime.fromtimestamp(clock.time(), UTC)
    words = now.isoformat(timespec="seconds")
    if now >= _EARLIEST:
        yield Finding("clock", Grade.GOOD, words)
    else:
        yield Finding("clock", Grade.WARNING, f"{words}, which is wrong; set it")


def _service(clock: Clockwork) -> Iterator[Finding]:
    model = next(iter(MODELS.values()))
    try:
        fal = Fal(key.find())
    except KeyProblem:
        return  # said already
    except NotSent as error:
        yield Finding("service", Grade.BAD, str(error))
        return
    began = clock.monotonic()
    try:
        listed = fal.price(model.endpoint, price.asked_for(model.tariff))
    except NotSent as error:
        yield Finding("service", Grade.BAD, fal.hidden(str(error)))
        return
    except ServiceError as error:
        if error.__cause__ is not None:  # nothing came at all
            yield Finding("service", Grade.BAD, fal.hidden(str(error)))
            return
        words = f"answers without a price: it may not take the key ({fal.hidden(str(error))})"
        yield Finding("service", Grade.WARNING, words)
        return
    finally:
        fal.close()
    took = f"answers in {(clock.monotonic() - began) * 1000:.0f} ms"
    if price.rose(model.tariff, listed):
        words = f"{took}; {model.alias} costs more than this version knows: upgrade"
        yield Finding("service", Grade.WARNING, words)
    else:
        yield Finding("service", Grade.GOOD, f"{took}, and takes the key")
