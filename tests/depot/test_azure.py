"""A container of Azure's as a media place, on a real server: what every bucket keeps to, and each
mistake in one sentence."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from storyboard.cli import run
from storyboard.depot.bucket import BucketDepot
from storyboard.depot.proving import prove
from storyboard.errors import StoreError
from storyboard.testing import FakeService
from tests.boards import board
from tests.depot import contract
from tests.depot.azurite import COMMAND, CONTAINER, azure, environment, is_installed, token
from tests.depot.buckets import Wrong, serving

pytestmark = pytest.mark.skipif(
    not is_installed(), reason=f"needs {COMMAND}: npm install --global azurite"
)

ADDRESS = f"az://{CONTAINER}/film"
OTHER_KEY = base64.b64encode(b"another key" * 6).decode()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The server's port."""
    with azure() as found:
        yield found


@pytest.fixture
def bucket(port: int, monkeypatch: pytest.MonkeyPatch) -> BucketDepot:
    """A part of a container, empty."""
    use(monkeypatch, port)
    depot = BucketDepot(ADDRESS)
    for one in depot.names(""):
        depot.remove(one.name)
    return depot


def use(monkeypatch: pytest.MonkeyPatch, port: int, **more: str) -> None:
    """From now on the server at this port is meant."""
    for name in [one for one in os.environ if one.startswith("AZURE_")]:
        monkeypatch.delenv(name)
    for name, value in {**environment(port), **more}.items():
        if value:
            monkeypatch.setenv(name, value)
        else:
            monkeypatch.delenv(name, raising=False)


def test_files_come_back_as_they_were_put(bucket: BucketDepot, tmp_path: Path) -> None:
    """Written, listed with their sizes, read, and removed."""
    contract.keeps_files(bucket, tmp_path)


def test_of_many_who_claim_a_key_one_gets_it(bucket: BucketDepot) -> None:
    """Sixteen at once, five times: after each end the next claim is open to all."""
    contract.one_of_many_claims(bucket)


def test_a_sound_container_is_proved_and_left_clean(bucket: BucketDepot) -> None:
    """The probe is written, refused, read, listed and removed."""
    prove(bucket)
    assert bucket.names("probes/") == []


def test_a_copy_that_breaks_off_leaves_nothing(
    bucket: BucketDepot, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its blocks are there, and no list of them."""
    with serving(Wrong(port, status=400, refuses="comp=blocklist")) as between:
        use(monkeypatch, between)
        contract.a_broken_copy_is_never_seen(BucketDepot(ADDRESS), bucket, tmp_path)


def test_a_proxy_that_strips_the_condition_is_found_out(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the same header as S3's, and signed: then it does not come to that."""
    with serving(Wrong(port, strips=("if-none-match",))) as between:
        use(monkeypatch, between)
        with pytest.raises(StoreError, match="the credentials are not taken"):
            prove(BucketDepot(ADDRESS))
        use(
            monkeypatch,
            between,
            AZURE_STORAGE_ACCOUNT_KEY="",
            AZURE_STORAGE_SAS_TOKEN=token("rcwl"),
        )
        with pytest.raises(StoreError, match="ignores it: two machines could pay for the same"):
            prove(BucketDepot(ADDRESS))


@pytest.mark.parametrize(
    ("address", "variables", "words"),
    [
        ("az://tokens/film", {}, "there is no such bucket"),
        (ADDRESS, {"AZURE_STORAGE_ACCOUNT_KEY": OTHER_KEY}, "credentials are not taken"),
        (ADDRESS, {"AZURE_STORAGE_ACCOUNT_KEY": "no key!"}, "credentials are not taken"),
        (
            ADDRESS,
            {"AZURE_STORAGE_ACCOUNT_KEY": "", "AZURE_STORAGE_SAS_TOKEN": token("rl")},
            "may not write there; the credentials need to list, read, write",
        ),
        (
            ADDRESS,
            {
                "AZURE_STORAGE_ACCOUNT_KEY": "",
                "AZURE_STORAGE_SAS_TOKEN": token("rcwdl", "2020-01-01T00:00:00Z"),
            },
            "credentials are not taken",
        ),
    ],
)
def test_what_is_wrong_stops_a_render_before_it_pays(
    port: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    address: str,
    variables: dict[str, str],
    words: str,
) -> None:
    """One sentence, nothing uploaded, nothing sent; the doctor says the same."""
    film = board(tmp_path, keyframes=2)
    told = str(film), "--media", address, "--store", str(tmp_path / "store")
    with FakeService() as service, service.applied():
        use(monkeypatch, port, **variables)
        assert run(["render", *told, "--yes", "-q"]) == StoreError.exit_code
        said = capfd.readouterr().err
        assert service.paid == []
        assert service.requests(place="initiate") == []
        run(["doctor", *told, "--json"])
        doctors = capfd.readouterr().out
    assert words in " ".join(said.split())
    assert words in doctors
    assert "Traceback" not in said


def test_who_may_not_delete_may_buy(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The probe stays where it is."""
    use(monkeypatch, port, AZURE_STORAGE_ACCOUNT_KEY="", AZURE_STORAGE_SAS_TOKEN=token("rcwl"))
    prove(BucketDepot(ADDRESS))
