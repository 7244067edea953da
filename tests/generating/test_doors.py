"""The doors are open: takes and the service may be plain objects of Python, with no folder of takes
and no HTTP behind them, and everything that is promised holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import storyboard
from storyboard.accounting.decisions import cancel
from storyboard.accounting.rebuilding import rebuild
from storyboard.accounting.resolving import Decision, resolve
from storyboard.accounting.verifying import mend, verify
from storyboard.errors import (
    Charged,
    Expired,
    Interrupted,
    LostAnswer,
    NotSent,
    Refusal,
    Refused,
    StoreError,
)
from storyboard.events import Event, Listener, State, TakeChanged, log
from storyboard.fal import Fal
from storyboard.generating.backoff import Pace
from storyboard.generating.generate import Generated
from storyboard.generating.scheduler import Stop
from storyboard.ledger.door import Ledger, LedgerPlace
from storyboard.ledger.place import LedgerFolder
from storyboard.ledger.sqlite import SqliteLedger
from storyboard.loading.load import load
from storyboard.planning.planned import Plan
from storyboard.service import (
    Accepted,
    Advance,
    CancelReply,
    Listed,
    Outcome,
    Progress,
    Service,
    nothing_before,
    tell_nobody,
)
from storyboard.store import Store
from storyboard.takes.assets import AssetKind, Flaw, Takes
from storyboard.takes.folder import TakesFolder
from storyboard.takes.holding import Standing
from storyboard.units.sizes import Size
from storyboard.video.recipes import QUICK
from storyboard.video.writer import write
from storyboard.workflows.conform import existing
from tests.boards import board

USUAL: tuple[type[Takes], type[LedgerPlace], type[Ledger], type[Service]] = (
    TakesFolder,
    LedgerFolder,
    SqliteLedger,
    Fal,
)
"""The usual ones fit through their doors: the type checker reads this."""


@dataclass
class TakesInMemory:
    """Takes in a dictionary; their files are copies for whoever reads them."""

    copies: Path
    kept: dict[str, bytes] = field(default_factory=dict)
    noted: dict[str, dict[str, Any]] = field(default_factory=dict)

    def prepare(self) -> None:
        """There is always room."""

    def has(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> bool:
        """Whether it is here, as large as its note says."""
        return key in self.kept and len(self.kept[key]) == self.note(key)["bytes"]

    def open(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> Path:
        """A copy of it."""
        self.copies.mkdir(exist_ok=True)
        copy = self.copies / f"{key}{kind.ending}"
        copy.write_bytes(self.kept[key])
        return copy

    def keep(
        self, key: str, file: Path, note: Mapping[str, Any], kind: AssetKind = AssetKind.VIDEO
    ) -> Path:
        """Take it in."""
        self.kept[key] = file.read_bytes()
        self.noted[key] = {**note, "bytes": len(self.kept[key])}
        file.unlink()
        return self.open(key, kind)

    def amend(self, key: str, facts: Mapping[str, Any]) -> None:
        """More in its note."""
        self.noted[key] = self.note(key) | dict(facts)

    def note(self, key: str) -> dict[str, Any]:
        """Its note."""
        try:
            return self.noted[key]
        except KeyError as error:
            raise StoreError(f"{self.where(key)} has no note") from error

    def keys(self, kind: AssetKind = AssetKind.VIDEO) -> list[str]:
        """What is here."""
        return sorted(self.kept)

    def notes(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """All notes."""
        yield from self.noted.items()

    def where(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> str:
        """An address."""
        return f"memory://{key}"

    def flaw(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> Flaw | None:
        """Whether bytes are missing."""
        return None if self.has(key, kind) else Flaw(self.where(key), "is cut off")

    def set_aside(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> str:
        """Thrown away."""
        self.kept.pop(key, None)
        return ""

    def discard(self, key: str, kind: AssetKind = AssetKind.VIDEO) -> None:
        """Gone."""
        self.kept.pop(key, None)
        self.noted.pop(key, None)

    def files(self) -> Iterator[Path]:
        """Copies may be written over."""
        yield from ()


@dataclass
class Maker:
    """A service that is an object: what it was asked for, and what it made."""

    clip: bytes
    paid: list[str] = field(default_factory=list)
    """What it accepted, by id."""
    sent: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    uploads: dict[str, bytes] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    """What has become of a request that is not simply finished."""
    troubles: list[Exception] = field(default_factory=list)
    """What comes of the next requests, before they are accepted."""
    loses: int = 0
    """How many answers are lost after a request was accepted."""
    lists: bool = True
    """Whether its history has what it accepted."""

    def close(self) -> None:
        """There is nothing to close."""

    def hidden(self, text: str) -> str:
        """There is no key."""
        return text

    def account(self, salt: str) -> str:
        """There is one."""
        return "mine"

    def price(self, endpoint: str, unit: str = "second") -> int:
        """Less than the table says."""
        return 1

    def upload(self, data: bytes, mime: str, name: str) -> str:
        """Kept under its name."""
        address = f"https://maker.example/{name}"
        self.uploads[address] = data
        return address

    def picture(self, address: str) -> bytes:
        """What was uploaded."""
        return self.uploads[address]

    def submit(
        self,
        endpoint: str,
        arguments: Mapping[str, Any],
        *,
        tag: str,
        before: Callable[[], None] = nothing_before,
    ) -> Accepted:
        """Written down, then paid."""
        before()
        if self.troubles:
            raise self.troubles.pop(0)
        made = f"made-{len(self.paid) + 1}"
        self.paid.append(made)
        self.sent[made] = dict(arguments)
        if self.loses:
            self.loses -= 1
            raise LostAnswer("the answer went astray")
        return self.accepted(endpoint, made)

    def accepted(self, endpoint: str, request_id: str) -> Accepted:
        """It needs no addresses."""
        return Accepted(endpoint, request_id)

    def progress(self, request: Accepted) -> Progress:
        """It takes no time, but for what is said otherwise."""
        match self.states.get(request.request_id, "finished"):
            case "queued":
                return Progress("queued", "in line", position=1)
            case word:
                return Progress("completed", word)

    def result(self, request: Accepted) -> Outcome:
        """A clip, where it made one."""
        if self.states.get(request.request_id) == "gone":
            raise Expired(f"{request.request_id} was given up")
        return Outcome({"clip": request.request_id}, f"memory://{request.request_id}")

    def outcome_of(self, answer: Mapping[str, Any]) -> Outcome | None:
        """In its own words."""
        found = answer.get("clip")
        return None if found is None else Outcome(answer, f"memory://{found}")

    def cancel(self, request: Accepted) -> CancelReply:
        """What is in line goes."""
        self.states[request.request_id] = "gone"
        return CancelReply(taken=True, word="given up")

    def find(
        self, endpoint: str, *, since: float | None = None, request_id: str | None = None
    ) -> Iterator[Listed]:
        """All that it accepted."""
        for made in self.paid if self.lists else []:
            if request_id in (None, made):
                outcome = self.outcome_of({"clip": made})
                yield Listed(made, endpoint, 1_800_000_000.0, self.sent[made], outcome)

    def is_there(self, address: str) -> bool:
        """It loses nothing."""
        return True

    def download(
        self,
        address: str,
        path: Path,
        *,
        expected: int | None = None,
        advance: Advance = tell_nobody,
    ) -> tuple[str, ...]:
        """One and the same clip for all."""
        path.write_bytes(self.clip)
        advance(len(self.clip), len(self.clip))
        return ()


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Three seconds of one colour."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    frame = np.full((64, 64, 3), 90, np.uint8)
    frames = (frame for _ in range(73))
    write(path, frames, rate=Fraction(24), size=Size(64, 64), recipe=QUICK)
    return path.read_bytes()


@dataclass
class Set:
    """A storyboard of two shots, with a store and a service that are objects."""

    film: Path
    service: Maker
    takes: TakesInMemory
    place: LedgerPlace | None = None

    @property
    def store(self) -> Store:
        """The store, opened anew: a ledger on the disk, takes in memory."""
        return Store(self.film.parent / "store", takes=self.takes, place=self.place)

    def plan(self, *, draft: bool = False) -> Plan:
        """The plan as it is now."""
        return storyboard.plan(load(self.film, draft=draft), held=self.store.held(), draft=draft)

    def generate(
        self, *, draft: bool = False, listener: Listener = log, stop: Stop | None = None
    ) -> Generated:
        """Bring what the plan wants."""
        return storyboard.generate(
            self.plan(draft=draft),
            self.store,
            service=None if draft else self.service,
            jobs=1,
            listener=listener,
            stop=stop,
            pace=Pace(scale=0.0001),
        )


@pytest.fixture
def scene(tmp_path: Path, clip: bytes) -> Set:
    """Nothing was bought yet."""
    takes = TakesInMemory(tmp_path / "copies")
    return Set(board(tmp_path, keyframes=3), Maker(clip), takes)


def standings(scene: Set) -> list[Standing]:
    """How its takes stand."""
    return [take.standing for shot in scene.plan().shots for take in shot.takes]


def test_a_film_is_made_of_takes_in_memory_from_a_service_in_memory(scene: Set) -> None:
    """Bought once, kept, noted, cut; bought no more; no folder of takes was made."""
    made = scene.generate()
    assert not made.failures
    assert len(made.clips) == len(scene.takes.kept) == len(scene.service.paid) == 2
    assert {note["request_id"] for note in scene.takes.noted.values()} == {"made-1", "made-2"}
    assert standings(scene) == [Standing.DONE, Standing.DONE]
    assert scene.generate().clips == made.clips
    assert len(scene.service.paid) == 2
    timeline, held = existing(scene.plan(), scene.store)
    assert held == ()
    assert all(entry.media.path.is_file() for entry in timeline.clips)
    assert not (scene.store.folder / "takes").exists()


def test_the_ledger_may_lie_elsewhere(scene: Set, tmp_path: Path) -> None:
    """On a disk of this machine, say, where the takes are not; it is rebuilt there, too."""
    place = LedgerFolder(tmp_path / "books")
    scene.place = place
    assert not scene.generate().failures
    assert standings(scene) == [Standing.DONE, Standing.DONE]
    assert place.path.is_file()
    assert [path.name for path in scene.store.folder.iterdir() if "ledger" in path.name] == []
    place.path.write_bytes(b"broken")
    assert rebuild(scene.store).noted == 2
    assert [row.state for row in scene.store.rows()] == ["KEPT", "KEPT"]


def test_drafts_are_kept_in_memory_too(scene: Set) -> None:
    """They need no service, and no payment."""
    assert len(scene.generate(draft=True).clips) == len(scene.takes.kept) == 2
    assert scene.service.paid == []


def test_an_answer_that_is_lost_is_found_by_the_service_s_own_list(scene: Set) -> None:
    """Accepted, unheard, found by its own addresses; paid once."""
    scene.service.loses = 1
    assert not scene.generate().failures
    assert len(scene.service.paid) == 2


def test_what_was_not_sent_is_sent_again_and_a_hurry_is_waited_for(scene: Set) -> None:
    """Neither is paid."""
    scene.service.troubles = [NotSent("no way out"), Refused("later", of=Refusal.HURRY)]
    assert not scene.generate().failures
    assert len(scene.service.paid) == 2


def test_a_refused_content_is_not_sent_again_whatever_words_say_so(scene: Set) -> None:
    """The service's errors say what they are; the store remembers it."""
    scene.service.troubles = [Refused("not this", of=Refusal.CONTENT, names=("prompt",))]
    (failure,) = scene.generate().failures
    assert failure.place == scene.plan().shots[0].shot.places["prompt"]
    assert failure.charged is Charged.NO
    assert standings(scene) == [Standing.REFUSED, Standing.DONE]
    assert len(scene.generate().failures) == 1
    assert len(scene.service.paid) == 1


def test_a_refused_account_stops_everything(scene: Set) -> None:
    """One no is enough."""
    scene.service.troubles = [Refused("no credit", of=Refusal.ACCOUNT)]
    assert len(scene.generate().failures) == 2
    assert scene.service.paid == []


def test_what_is_queued_is_given_up(scene: Set) -> None:
    """Stopped while it waits in line, and cancelled: nothing comes, and nothing is charged."""
    scene.service.states["made-1"] = "queued"
    stop = Stop()

    def hear(event: Event) -> None:
        if isinstance(event, TakeChanged) and event.state is State.QUEUED:
            stop.wish()

    with pytest.raises(Interrupted) as stopped:
        scene.generate(listener=hear, stop=stop)
    assert [going.request_id for going in stopped.value.going] == ["made-1"]
    (done,) = cancel(scene.store, scene.film, scene.service)
    assert done.cancelled
    assert scene.store.sums(scene.film).total == 0


def test_what_is_unknown_is_resolved(scene: Set) -> None:
    """An answer was lost, and nobody lists the request: only a second yes allows a payment."""
    scene.service.loses, scene.service.lists = 1, False
    scene.generate()
    assert standings(scene) == [Standing.UNKNOWN, Standing.DONE]
    asked = (scene.store, scene.film, "sh010", Decision.RESUBMIT)
    (early,) = resolve(*asked, service=scene.service)
    assert early.undecided
    resolve(*asked, service=scene.service, even_so=True)
    assert standings(scene) == [Standing.BUY, Standing.DONE]


def test_what_is_damaged_is_fetched_again(scene: Set) -> None:
    """Found, moved out of the way, and brought anew, for nothing."""
    key = next(iter(scene.generate().clips))
    scene.takes.kept[key] = b"cut off"
    (damage,) = verify(scene.store)
    assert damage.where == f"memory://{key}"
    (mended,) = mend(scene.store, [damage], scene.service)
    assert mended.mended
    assert verify(scene.store) == []
    assert len(scene.service.paid) == 2
