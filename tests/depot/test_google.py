"""A bucket of Google's as a media place: what obstore asks for, on a server that is S3's behind a
translation of Google's condition. No server of Google's kind could be had that takes all of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from storyboard.depot.bucket import BucketDepot
from storyboard.depot.proving import prove
from storyboard.errors import StoreError
from tests.depot import contract
from tests.depot.buckets import BUCKET, Wrong, error, s3, serving

ADDRESS = f"gs://{BUCKET}/film"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of S3's server."""
    with s3() as found:
        yield found


@pytest.fixture
def bucket(port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BucketDepot]:
    """A part of a bucket, empty."""
    with serving(Wrong(port, speaks_googles=True)) as between:
        use(monkeypatch, between, tmp_path)
        depot = BucketDepot(ADDRESS)
        for one in depot.names(""):
            depot.remove(one.name)
        yield depot


def use(monkeypatch: pytest.MonkeyPatch, port: int, folder: Path) -> None:
    """From now on the server at this port is meant, by a service account that needs no token."""
    for name in [one for one in os.environ if one.startswith("GOOGLE_")]:
        monkeypatch.delenv(name)
    about = dict.fromkeys(("client_email", "private_key", "private_key_id"), "")
    account = folder / "account.json"
    account.write_text(json.dumps({**about, "disable_oauth": True}))
    monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT", str(account))
    monkeypatch.setenv("GOOGLE_BASE_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_files_come_back_as_they_were_put(bucket: BucketDepot, tmp_path: Path) -> None:
    """Written, listed with their sizes, read, and removed."""
    contract.keeps_files(bucket, tmp_path)


def test_of_many_who_claim_a_key_one_gets_it(bucket: BucketDepot) -> None:
    """By the generation that has to be 0."""
    contract.one_of_many_claims(bucket)


def test_a_sound_bucket_is_proved_and_left_clean(bucket: BucketDepot) -> None:
    """The probe is written, refused, read, listed and removed."""
    prove(bucket)
    assert bucket.names("probes/") == []


def test_a_proxy_that_strips_the_condition_is_found_out(
    port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two machines would both own a key."""
    wrong = Wrong(port, speaks_googles=True, strips=("x-goog-if-generation-match",))
    with serving(wrong) as between:
        use(monkeypatch, between, tmp_path)
        with pytest.raises(StoreError, match="ignores it: two machines could pay for the same"):
            prove(BucketDepot(ADDRESS))


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (403, "AccessDenied", "may not write there; the credentials need to list, read, write"),
        (401, "AuthenticationRequired", "the credentials are not taken; set others"),
        (404, "NoSuchBucket", "there is no such bucket; make it, or mend its name"),
    ],
)
def test_what_is_wrong_with_a_bucket_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, code: str, words: str
) -> None:
    """Google's own codes: cloud.google.com/storage/docs/xml-api/reference-status."""
    with serving(Wrong(0, status=status, body=error(code))) as port:
        use(monkeypatch, port, tmp_path)
        with pytest.raises(StoreError) as found:
            prove(BucketDepot(ADDRESS))
    assert words in str(found.value)
    assert "\n" not in str(found.value)


def test_a_service_account_that_cant_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And that nobody listens there names the variable that says where."""
    use(monkeypatch, 9, tmp_path)
    monkeypatch.setattr("storyboard.depot.bucket.PATIENCE", {"max_retries": 0})
    with pytest.raises(StoreError, match="can't be reached; check the network, and GOOGLE_BASE"):
        prove(BucketDepot(ADDRESS))
    (tmp_path / "account.json").write_text("no account")
    with pytest.raises(StoreError, match="the credentials are not taken"):
        prove(BucketDepot(ADDRESS))
