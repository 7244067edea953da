"""Making the ledger anew while something else happens: a kill in its middle, and a run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from storyboard.accounting.rebuilding import rebuild
from storyboard.accounting.resolving import Decision, resolve
from storyboard.accounting.verifying import mend, verify
from storyboard.errors import StoreError
from storyboard.events import Event, State, TakeChanged
from storyboard.fal import Fal, key
from storyboard.ledger.place import LEDGER
from storyboard.testing import Fault, acts
from tests.money.runs import Set, delivered


class Killed(BaseException):
    """The program ends here."""


def dies_at(step: int, patch: pytest.MonkeyPatch) -> None:
    """Die before so many files of the ledger were copied or taken away."""
    left = iter(range(step))
    copy, unlink = shutil.copyfile, Path.unlink

    def counted(path: Path) -> None:
        if path.name.startswith(LEDGER) and next(left, None) is None:
            raise Killed

    def copied(source: Path, target: Path, **more: Any) -> object:
        if ".old" in target.name:
            counted(source)
        return copy(source, target, **more)

    def unlinked(path: Path, **more: Any) -> None:
        counted(path)
        unlink(path, **more)

    patch.setattr(shutil, "copyfile", copied)
    patch.setattr(Path, "unlink", unlinked)


@pytest.fixture
def damaged(three: Set) -> Iterator[Set]:
    """A ledger whose file is damaged, with rows in its log alone, and no other witness."""
    with closing(three.store) as made:
        _ = made.ledger
    with closing(three.store) as holder:
        _ = holder.ledger  # so that the log stays
        three.service.inject(Fault("history", acts.empty_page(), times=None))
        three.wrong("submit", acts.drop(accepted=True))
        three.render(jobs=1)
        with three.service.applied(), closing(Fal(key.find())) as fal, closing(three.store) as one:
            resolve(one, three.film, "sh010", Decision.RESUBMIT, service=fal, even_so=True)
        with (three.folder / LEDGER).open("r+b") as file:
            file.write(b"\xaa" * 4096)
        three.other_machine()
        shutil.rmtree(three.folder / "receipts")
        shutil.rmtree(three.folder / "takes")
        yield three


@pytest.mark.parametrize("step", range(5))
def test_a_rebuild_that_is_killed_loses_nothing(damaged: Set, step: int) -> None:
    """Between any two files: the next one brings back every row, of the log as well."""
    with pytest.MonkeyPatch.context() as patch:
        dies_at(step, patch)
        with pytest.raises(Killed), closing(damaged.store) as store:
            rebuild(store)
    with closing(damaged.store) as store:
        rebuild(store)
    assert sorted(damaged.states()) == ["KEPT", "KEPT", "RELEASED"]
    assert damaged.store.sums(damaged.film).total == 3 * 252_000


def test_a_ledger_that_can_not_be_kept_aside_stays(
    damaged: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No room for a copy of it."""
    before = (damaged.folder / LEDGER).read_bytes()

    copy = shutil.copyfile

    def full(source: Path, target: Path, **more: Any) -> object:
        if ".old" in target.name:
            raise OSError(28, "No space left on device")
        return copy(source, target, **more)

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full)
        with pytest.raises(StoreError, match="can't be kept aside"):
            rebuild(damaged.store)
    assert (damaged.folder / LEDGER).read_bytes() == before


@pytest.mark.parametrize("at", [State.UPLOADING, State.SENDING, State.QUEUED, State.DOWNLOADING])
def test_rebuilding_and_mending_in_mid_run_cost_nothing(three: Set, at: State) -> None:
    """A sound ledger stays, and a clip that is damaged meanwhile is fetched again, once."""
    done: list[State] = []

    def hear(event: Event) -> None:
        if isinstance(event, TakeChanged) and event.state is at and len(done) < 2:
            done.append(at)
            with closing(three.store) as store, closing(Fal(key.find())) as fal:
                assert rebuild(store).old is None
                for clip in sorted((three.folder / "takes").glob("*.mp4")):
                    clip.write_bytes(clip.read_bytes()[:-1] + b"?")
                mend(store, verify(store), fal)

    assert delivered(three.render(jobs=1, hear=hear))
    assert done
    assert three.paid == 3
    assert three.states() == ["KEPT"] * 3


def test_a_ledger_that_is_made_anew_in_mid_run_stops_the_payments(three: Set) -> None:
    """Deleted and rebuilt while a run has it open: nothing more is sent, and nothing twice."""
    done: list[State] = []

    def hear(event: Event) -> None:
        if isinstance(event, TakeChanged) and event.state is State.QUEUED and not done:
            done.append(event.state)
            for path in three.folder.glob(f"{LEDGER}*"):
                path.unlink()
            with closing(three.store) as store:
                rebuild(store)

    with suppress(StoreError):
        three.render(jobs=1, hear=hear)
    assert three.paid == 1
    assert delivered(three.render())
    assert three.paid == 3
