"""Claims in a folder: one gets a key, an end opens it again, and nothing is read wrong."""

from __future__ import annotations

import errno
import json
import os
import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from storyboard.depot.claims import Claim, Claims, said_of
from storyboard.depot.on_disk import FolderDepot
from storyboard.depot.proving import prove
from storyboard.errors import StoreError

KEY = "a" * 64
PRICE = 420_000
STRANGE: tuple[object, ...] = (
    *(None, True, -1, 10**30, 1e300, float("nan"), float("inf"), [], [1], {}),
    *("", "x\x1b[31m red\x07\n\u202e", "\ud800", "9" * 5000),
)
"""What a claim of this program never says."""


@pytest.fixture
def depot(tmp_path: Path) -> FolderDepot:
    """A folder as a media place."""
    made = FolderDepot(tmp_path / "media")
    made.prepare()
    return made


def claim(who: str, key: str = KEY) -> Claim:
    """Somebody's claim."""
    return Claim(key, who, f"intent of {who}", who, 1.8e9, "film.yaml", "sh010", 1, 420_000)


def race(depot: FolderDepot, many: int = 16) -> list[Claim]:
    """What so many get who claim the same at once."""
    found, start = [], threading.Barrier(many)

    def run(who: str) -> None:
        own = Claims(depot)
        start.wait()
        found.append(own.take(claim(who)))

    racers = [threading.Thread(target=run, args=(f"machine{n}",)) for n in range(many)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    return found


def test_of_many_who_claim_a_key_one_gets_it(depot: FolderDepot) -> None:
    """And all are told who."""
    for often in range(20):
        found = race(depot)
        assert {(one.who, one.n) for one in found} == {(found[0].who, often)}
        assert Claims(depot).end(found[0], "refused")


def test_on_a_disk_without_hard_links_one_gets_it_too(
    depot: FolderDepot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the name itself is opened exclusively."""

    def link(_source: object, _target: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", link)
    found = race(depot)
    assert len({one.who for one in found if one.who != "somebody"}) == 1


def test_an_end_is_said_once_and_keeps_its_money(depot: FolderDepot) -> None:
    """The next one claims under a new number; what may be lost still counts."""
    claims = Claims(depot)
    first = claims.take(claim("ana"))
    assert claims.end(first, "failed: no", lost=420_000)
    assert not claims.end(first, "taken over")
    second = claims.take(claim("bob"))
    assert (second.who, second.n) == ("bob", 1)
    assert claims.holder(KEY) == second
    (one, other) = Claims(depot).all()
    assert (one.ended, one.counts, other.counts) == ("failed: no", 420_000, 420_000)
    assert [last.who for last in Claims(depot).last()] == ["bob"]
    # And of a key that is at home, the money of what came to nothing is still known
    assert [one.counts for one in Claims(depot).all(but=[KEY])] == [420_000]


def test_a_claim_that_has_ended_is_never_got_again(depot: FolderDepot) -> None:
    """Also by the very same words: another end would be needed to be free of it."""
    claims = Claims(depot)
    first = claims.take(claim("ana"))
    claims.end(first, "refused")
    again = Claims(depot).take(claim("ana"))
    assert (again.n, again.ended) == (1, "")


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"at": "noon", "store": "x"}', b"\xff"])
def test_a_claim_that_cant_be_read_is_somebodys(depot: FolderDepot, text: bytes) -> None:
    """It is there, so nobody else buys."""
    depot.create(f"claims/{KEY}.0.json", text)
    assert Claims(depot).take(claim("bob")).who == "somebody"
    (found,) = Claims(depot).last()
    assert said_of(found, now=1.8e9) == "being bought by somebody"


def test_a_claim_of_any_kind_of_values_is_somebodys(depot: FolderDepot) -> None:
    """No traceback, no money that is less than none, nothing that acts in a terminal."""
    sound = {"store": "s", "intent": "i", "who": "cy", "at": 1.8e9, "storyboard": "film.yaml"}
    sound |= {"shot": "sh010", "take": 1, "price": PRICE}
    for number, (name, value) in enumerate((name, value) for name in sound for value in STRANGE):
        key = f"{number:064x}"
        depot.create(f"claims/{key}.0.json", json.dumps({**sound, name: value}).encode())
        claims = Claims(depot)
        found = claims.take(claim("bob", key))
        assert found.who != "bob"
        assert found.counts in (0, 1, PRICE)
        assert len({found}) == 1
        said = said_of(found, now=1.8e9)
        assert said.isprintable()
        assert len(said) < 200
        assert claims.end(found, "refused")


def test_an_end_of_any_kind_of_values_takes_no_money_back(depot: FolderDepot) -> None:
    """Where it does not say what may be gone, all of it may."""
    for number, value in enumerate(STRANGE):
        held = Claims(depot).take(replace(claim("ana", f"{number:064x}"), price=PRICE))
        end = json.dumps({"why": value, "lost": value}).encode()
        depot.create(f"claims/{held.key}.0.end.json", end)
        (found,) = Claims(depot).all(of=[held.key])
        assert found.ended
        assert found.counts in (PRICE, int(value is True))


def test_a_name_that_is_no_text_is_claimed_all_the_same(depot: FolderDepot) -> None:
    """A file's name may be any bytes on Linux."""
    held = Claims(depot).take(replace(claim("ana"), storyboard="\udcff.yaml"))
    assert Claims(depot).last() == [held]


def test_an_end_that_is_half_written_is_none_yet(depot: FolderDepot) -> None:
    """On a disk without links a reader may see it so."""
    Claims(depot).take(claim("ana"))
    depot.create(f"claims/{KEY}.0.end.json", b'{"why": "ref')
    assert Claims(depot).take(claim("bob")).who == "ana"


def test_it_says_who_buys_since_when() -> None:
    """The time; and the day, where it was another."""
    at = datetime(2027, 1, 15, 14, 2).timestamp()
    one = replace(claim("ana@ws3"), at=at)
    assert said_of(one, now=at + 60) == "being bought by ana@ws3 since 14:02"
    assert said_of(one, now=at + 86400) == "being bought by ana@ws3 since 14:02 on 2027-01-15"


def test_a_folder_is_proved_and_left_clean(depot: FolderDepot) -> None:
    """Nothing of the probe stays."""
    prove(depot)
    assert [one.name for one in depot.names("")] == []


class Forgetful(FolderDepot):
    """A place that takes the condition and ignores it."""

    def create(self, name: str, data: bytes) -> bool:
        """Written, whatever was there."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return True


class Sorry(Forgetful):
    """A place that says that a name is taken, and writes all the same."""

    def create(self, name: str, data: bytes) -> bool:
        """Refused, and done."""
        new = not (self.folder / name).exists()
        super().create(name, data)
        return new


@pytest.mark.parametrize("kind", [Forgetful, Sorry])
def test_a_place_that_ignores_the_condition_is_refused(
    tmp_path: Path, kind: type[FolderDepot]
) -> None:
    """Found out with a probe, before anything is paid."""
    with pytest.raises(StoreError, match="ignores it: two machines could pay"):
        prove(kind(tmp_path / "media"))


def test_a_disk_that_is_not_mounted_is_not_made_up(tmp_path: Path) -> None:
    """An empty folder in its place would look like a place without takes and claims."""
    with pytest.raises(StoreError, match="is not there; mount its disk"):
        prove(FolderDepot(tmp_path / "mnt" / "share"))
    with pytest.raises(StoreError, match="is not there; mount its disk"):
        FolderDepot(tmp_path / "mnt" / "share").names("takes/")


def test_a_disk_that_goes_away_in_mid_run_is_no_empty_place(depot: FolderDepot) -> None:
    """What it was mounted on has no claims: whoever claimed there would pay as well."""
    Claims(depot).take(claim("ana"))
    depot.folder.rename(depot.folder.with_name("unmounted"))
    with pytest.raises(StoreError, match="can't be used"):
        Claims(depot).take(claim("bob"))
    depot.folder.mkdir()
    for ask in (
        lambda: Claims(depot).take(claim("bob")),
        lambda: Claims(depot).holder(KEY),
        lambda: Claims(depot).all(),
        lambda: depot.has(f"claims/{KEY}.0.json"),
    ):
        with pytest.raises(StoreError, match="is another folder than before; check that its disk"):
            ask()
    assert list(depot.folder.iterdir()) == []


@pytest.mark.parametrize("number", [errno.ESTALE, errno.EIO, errno.EACCES])
def test_a_folder_that_cant_be_listed_is_no_empty_one(
    depot: FolderDepot, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Its claims are there, and count."""
    Claims(depot).take(claim("ana"))

    def scandir(_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(StoreError, match=os.strerror(number)):
        Claims(depot).all()


def test_what_is_not_whole_yet_is_no_file_of_the_place(depot: FolderDepot, tmp_path: Path) -> None:
    """A copy that breaks off leaves nothing under its name."""
    (tmp_path / "take.mp4").write_bytes(b"take")
    depot.put("media/take.mp4", tmp_path / "take.mp4")
    (depot.folder / "media" / ".coming-0123456789abcdef").write_bytes(b"ta")
    assert [one.name for one in depot.names("media/")] == ["media/take.mp4"]
    with pytest.raises(StoreError):
        depot.put("media/other.mp4", tmp_path / "none.mp4")
    assert not depot.has("media/other.mp4")
