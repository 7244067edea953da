"""What every media place keeps to, whatever it is kept in."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from storyboard.depot.bucket import BucketDepot
from storyboard.depot.claims import Claim, Claims
from storyboard.errors import StoreError

KEY = "a" * 64


def claim(who: str, n: int = 0) -> Claim:
    """Somebody's claim."""
    return Claim(KEY, who, f"intent of {who}", who, 1.8e9, "film.yaml", "sh010", 1, 420_000, n)


def keeps_files(bucket: BucketDepot, folder: Path) -> None:
    """Written, listed with their sizes, read, and removed."""
    whole = folder / "take.mp4"
    whole.write_bytes(bytes(range(256)) * 40_000)
    bucket.put("media/take.mp4", whole)
    assert bucket.create("takes/a.json", b"{}")
    assert [(one.name, one.size) for one in bucket.names("")] == [
        ("media/take.mp4", 10_240_000),
        ("takes/a.json", 2),
    ]
    assert [one.name for one in bucket.names("takes/")] == ["takes/a.json"]
    assert bucket.fetch("media/take.mp4", folder / "copy.mp4")
    assert (folder / "copy.mp4").read_bytes() == whole.read_bytes()
    assert (bucket.read("takes/a.json"), bucket.read("takes/b.json")) == (b"{}", None)
    assert (bucket.has("takes/a.json"), bucket.has("takes/b.json")) == (True, False)
    assert not bucket.fetch("media/none.mp4", folder / "none.mp4")
    bucket.remove("takes/a.json")
    bucket.remove("takes/a.json")
    assert not bucket.has("takes/a.json")
    # What was asked for twice, since an answer was lost, is one's own
    assert bucket.create("claims/mine.json", b"mine")
    assert bucket.create("claims/mine.json", b"mine")
    assert not bucket.create("claims/mine.json", b"other")


def one_of_many_claims(bucket: BucketDepot) -> None:
    """Sixteen at once, five times: after each end the next claim is open to all."""
    for often in range(5):
        found: list[Claim] = []
        start = threading.Barrier(16)

        def race(who: str, found: list[Claim] = found, start: threading.Barrier = start) -> None:
            own = Claims(BucketDepot(bucket.where))
            start.wait()
            found.append(own.take(claim(who)))

        racers = [threading.Thread(target=race, args=(f"machine{n}",)) for n in range(16)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        assert len({one.who for one in found}) == 1
        assert {one.n for one in found} == {often}
        assert Claims(bucket).end(found[0], "refused")


def a_broken_copy_is_never_seen(broken: BucketDepot, bucket: BucketDepot, folder: Path) -> None:
    """Something of a large file has arrived by way of the `broken` one, and not all."""
    large = folder / "large.mp4"
    large.write_bytes(bytes(12 << 20))
    with pytest.raises(StoreError):
        broken.put("media/large.mp4", large)
    assert not bucket.has("media/large.mp4")
    assert bucket.names("media/") == []
