"""Bodies that come a byte at a time, or announce what no disk could hold: what was paid is
delivered all the same, and paid once."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from storyboard.fal import Fal
from storyboard.fal.bounds import Bounds
from storyboard.fal.clients import Limits
from storyboard.generating.generate import Generated, generate
from storyboard.testing import Place, acts
from storyboard.testing.acts import Act
from tests.money.runs import Set, delivered, failure, quick

HURRIED = Bounds(seconds=0.25)
LIMITS = Limits(answer=HURRIED, receipt=HURRIED, clip=HURRIED, picture=HURRIED)
"""As the usual ones are, in less time."""


def rendered(scene: Set) -> Generated:
    """By a client that waits a quarter of a second where the usual one waits a minute."""
    with scene.service.applied():
        fal = Fal(scene.service.key, limits=LIMITS)
        try:
            return generate(scene.plan(), scene.store, service=fal, pace=quick())
        finally:
            fal.close()


BODIES = {"a byte at a time": acts.drip(), "ten gigabytes announced": acts.oversize(10**10)}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("place", ["pricing", "submit", "status", "result", "history", "download"])
def test_a_body_without_an_end_costs_nothing_twice(one: Set, place: Place, body: str) -> None:
    """Left when its time or size is over; asked for again, or found in the history."""
    act: Act = BODIES[body]
    one.wrong(place, act)
    if place == "history":  # it is asked again for what was lost
        one.wrong("submit", acts.drop(accepted=True))
    assert delivered(rendered(one))
    assert one.paid == 1


# a disk without room


class Full:
    """A disk that has no room for a new file in one folder of the store, from some time on."""

    def __init__(self, folder: str, patch: pytest.MonkeyPatch) -> None:
        self.refused, self.let = 0, 0
        write = Path.write_bytes

        def written(path: Path, data: bytes) -> int:
            if path.parent.name == folder and path.name.startswith(".coming-"):
                self.let -= 1
                if self.let < 0:
                    self.refused += 1
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            return write(path, data)

        patch.setattr(Path, "write_bytes", written)


def test_without_room_for_a_receipt_nothing_is_sent(
    one: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can't be written down is not paid; with room again it is, once."""
    with monkeypatch.context() as patch:
        full = Full("receipts", patch)
        assert "receipt can't be written" in str(failure(one.render()))
        assert full.refused
    assert one.paid == 0
    assert one.rows() == []
    assert delivered(one.render())
    assert one.paid == 1


def test_without_room_for_the_id_in_a_receipt_the_ledger_has_it(
    one: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second witness fails, the first one does not."""
    with monkeypatch.context() as patch:
        full = Full("receipts", patch)
        full.let = 1
        assert delivered(one.render())
        assert full.refused
    assert one.paid == 1
    assert one.states() == ["KEPT"]


def test_without_room_for_a_note_the_clip_is_kept_by_the_next_run(
    one: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A take is there with its note, or not at all."""
    with monkeypatch.context() as patch:
        full = Full("takes", patch)
        failure(one.render())
        assert full.refused
    assert not list((one.folder / "takes").glob("*.mp4"))
    assert delivered(one.render())
    assert one.paid == 1
