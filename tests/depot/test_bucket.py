"""A bucket as a media place: a real S3 server on loopback, and what can be wrong with one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from storyboard.cli import run
from storyboard.depot import bucket as bucket_module
from storyboard.depot.address import depot_at
from storyboard.depot.bucket import BucketDepot
from storyboard.depot.proving import prove
from storyboard.errors import StoreError
from storyboard.testing import FakeService
from tests.boards import board
from tests.depot import contract
from tests.depot.buckets import BUCKET, Wrong, ask, environment, error, s3, serving

ADDRESS = f"s3://{BUCKET}/film"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The server's port."""
    with s3() as found:
        yield found


@pytest.fixture
def bucket(port: int, monkeypatch: pytest.MonkeyPatch) -> BucketDepot:
    """A bucket, or a part of one, that is empty."""
    use(monkeypatch, port)
    depot = BucketDepot(ADDRESS)
    for one in depot.names(""):
        depot.remove(one.name)
    return depot


def use(monkeypatch: pytest.MonkeyPatch, port: int, **more: str) -> None:
    """From now on the server at this port is meant."""
    for name, value in {**environment(port), **more}.items():
        monkeypatch.setenv(name, value)


def test_files_come_back_as_they_were_put(bucket: BucketDepot, tmp_path: Path) -> None:
    """Written, listed with their sizes, read, and removed."""
    contract.keeps_files(bucket, tmp_path)


def test_of_many_who_claim_a_key_one_gets_it(bucket: BucketDepot) -> None:
    """Sixteen at once, five times: after each end the next claim is open to all."""
    contract.one_of_many_claims(bucket)


def test_a_sound_bucket_is_proved_and_left_clean(bucket: BucketDepot) -> None:
    """The probe is written, refused, read, listed and removed."""
    prove(bucket)
    assert bucket.names("probes/") == []


def test_a_copy_that_breaks_off_leaves_nothing(
    bucket: BucketDepot, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A take is sent in parts; unless all have arrived, nobody sees it."""
    with serving(Wrong(port, status=400, refuses="partNumber=2")) as between:
        use(monkeypatch, between)
        contract.a_broken_copy_is_never_seen(BucketDepot(ADDRESS), bucket, tmp_path)


@pytest.mark.parametrize(
    "at_first", [[409], [409, -1, 409, -1, 412], [0], [0, 503], [500, 408], [429, 0]]
)
def test_a_claim_is_made_whatever_is_answered_at_first(
    port: int, monkeypatch: pytest.MonkeyPatch, bucket: BucketDepot, at_first: list[int]
) -> None:
    """Others are at it (S3's 409, also where nobody gets it), too many asked, the answer was lost:
    in the end one has the name, and knows it."""
    assert bucket.names("") == []
    with serving(Wrong(port, at_first=at_first)) as between:
        use(monkeypatch, between)
        assert BucketDepot(ADDRESS).create("claims/a.json", b"mine")
        assert not BucketDepot(ADDRESS).create("claims/a.json", b"another's")
    use(monkeypatch, port)
    assert bucket.read("claims/a.json") == b"mine"


def test_a_name_that_is_refused_again_and_again_and_is_not_there_is_nobodys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody is said to buy what nobody has claimed: it is an error, and nothing is paid."""
    with serving(Wrong(0, status=404, body=error("NoSuchKey"), at_first=[409, 404] * 50)) as port:
        use(monkeypatch, port)
        with pytest.raises(StoreError, match="others are at it; run again"):
            BucketDepot(ADDRESS).create("claims/a.json", b"mine")


def test_a_proxy_that_strips_the_condition_is_found_out(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two machines would both own a key: refused before anything is paid."""
    with serving(Wrong(port, strips=("if-none-match",))) as between:
        use(monkeypatch, between)
        with pytest.raises(StoreError, match=r"ignores it: two machines could pay for the same"):
            prove(BucketDepot(ADDRESS))


def test_a_repeated_request_that_was_taken_is_no_loser(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer was lost, the client asks again, and the name is taken by its own bytes."""
    use(monkeypatch, port)
    depot = BucketDepot(ADDRESS)
    assert depot.create("claims/mine.json", b"mine")
    assert depot.create("claims/mine.json", b"mine")
    assert not depot.create("claims/mine.json", b"other")


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (403, "AccessDenied", "may not write there; the credentials need to list, read, write"),
        (403, "InvalidAccessKeyId", "the credentials are not taken; set others"),
        (403, "SignatureDoesNotMatch", "the credentials are not taken; set others"),
        (400, "AuthorizationHeaderMalformed", "in another region; set AWS_REGION"),
        (301, "PermanentRedirect", "in another region; set AWS_REGION"),
        (404, "NoSuchBucket", "there is no such bucket; make it, or mend its name"),
        (501, "NotImplemented", "does not know the condition that lets one machine buy"),
    ],
)
def test_what_is_wrong_with_a_bucket_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, status: int, code: str, words: str
) -> None:
    """S3's own error codes, each with what can be done about it."""
    with serving(Wrong(0, status=status, body=error(code))) as port:
        use(monkeypatch, port)
        with pytest.raises(StoreError) as found:
            prove(BucketDepot(ADDRESS))
    assert words in str(found.value)
    assert str(found.value).startswith(ADDRESS)
    assert "\n" not in str(found.value)


def test_a_bucket_that_is_not_there_is_no_empty_one(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip in its name must not look like a place without takes."""
    use(monkeypatch, port)
    assert ask(port, "HEAD", "/tokens") == 404
    gone = BucketDepot("s3://tokens/film")
    with pytest.raises(StoreError, match="no such bucket"):
        gone.names("takes/")
    with pytest.raises(StoreError, match="no such bucket"):
        gone.read("takes/a.json")


def test_a_server_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens at the port."""
    use(monkeypatch, 9)
    monkeypatch.setattr("storyboard.depot.bucket.PATIENCE", {"max_retries": 0})
    with pytest.raises(StoreError, match="can't be reached; check the network"):
        BucketDepot(ADDRESS).create("a", b"")


def test_without_credentials_nobody_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Said at once, and not after the timeouts of a machine's own address."""
    use(monkeypatch, 9)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(StoreError, match="there are no credentials; set AWS_ACCESS_KEY_ID"):
        BucketDepot(ADDRESS).prepare()


@pytest.mark.parametrize(
    ("address", "variables", "words"),
    [
        ("gs://takes/film", {"GOOGLE_APPLICATION_CREDENTIALS": "none.json"}, "set GOOGLE_APPLICAT"),
        ("az://takes/film", {}, "set AZURE_STORAGE_ACCOUNT_NAME, and AZURE_STORAGE_ACCOUNT_KEY"),
    ],
)
def test_google_and_azure_are_told_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, address: str, variables: dict[str, str], words: str
) -> None:
    """Their addresses are read by obstore; without credentials nobody is asked."""
    for name in [one for one in os.environ if one.startswith(("AZURE_", "GOOGLE_"))]:
        monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StoreError) as found:
        prove(depot_at(address, Path()))
    assert str(found.value).startswith(f"{address}: there are no credentials; {words}")
    assert "\n" not in str(found.value)


def test_a_token_that_nobody_gives_is_no_missing_permission() -> None:
    """A machine of no cloud asks its own metadata in vain: 403, or anything."""
    asked = "Error performing token request: GET http://169.254.169.254/: 403 Forbidden"
    assert "no credentials; set GOOGLE" in bucket_module._why(OSError(asked), "write", "gs")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (Wrong(0, status=400, body=error("AuthorizationHeaderMalformed")), "in another region"),
        (Wrong(0, status=403, body=error("AccessDenied")), "the credentials need to list, read"),
        (Wrong(1, strips=("if-none-match",)), "ignores it: two machines could pay for the same"),
    ],
)
def test_a_bucket_that_is_wrong_stops_a_render_before_it_pays(
    port: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    wrong: Wrong,
    words: str,
) -> None:
    """One sentence, nothing uploaded, nothing sent; the doctor says the same."""
    film = board(tmp_path, keyframes=2)
    told = str(film), "--media", "s3://takes/wrong", "--store", str(tmp_path / "store")
    behind = replace(wrong, port=port if wrong.port else 0)
    with FakeService() as service, service.applied(), serving(behind) as between:
        use(monkeypatch, between)
        assert run(["render", *told, "--yes", "-q"]) == StoreError.exit_code
        said = capfd.readouterr().err
        assert service.paid == []
        assert service.requests(place="initiate") == []
        run(["doctor", *told, "--json"])
        doctors = capfd.readouterr().out
    assert words in " ".join(said.split())
    assert words in doctors
    assert "Traceback" not in said


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buckets are an extra."""
    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    with pytest.raises(StoreError, match=r"pip install obstore"):
        BucketDepot(ADDRESS).prepare()


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("ftp://host/films", "is no media place; write a folder, or s3://bucket/path"),
        ("s3://", "is no media place"),
        ("s3://key:secret@bucket/film", "has no key in its address"),
        ("s3://bucket/film?secret=1", "has no key in its address"),
    ],
)
def test_what_is_no_address_is_refused(written: str, words: str) -> None:
    """With what to write instead, and never with a secret in it."""
    with pytest.raises(StoreError) as found:
        depot_at(written, Path())
    assert words in str(found.value)
    assert "secret" not in str(found.value)
