"""The way out: SOCKS proxies, companies' certificates, and addresses that lead nowhere."""

from __future__ import annotations

import os
from pathlib import Path
from unittest import mock

import httpx
import pytest

from storyboard.errors import NotSent
from storyboard.fal import Fal
from storyboard.testing import FakeService
from storyboard.webfetch import FetchError, fetch
from storyboard.webfetch.proxies import adopt, parsed
from tests.boards import board
from tests.cli.running import storyboard
from tests.fal.socks import socks

NAMES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy")


def through(service: FakeService, proxy: str) -> dict[str, str]:
    """The environment of a client that goes through another proxy to the fake service."""
    return service.environment | dict.fromkeys(NAMES, proxy)


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
def test_a_film_is_bought_through_a_socks_proxy(scheme: str, tmp_path: Path) -> None:
    """Upload, payment and download all go through it; each shot is paid once."""
    film = board(tmp_path, keyframes=2)
    with FakeService() as service:
        port = httpx.URL(service.environment["HTTPS_PROXY"]).port
        assert port is not None
        with socks(port) as (own, visits):
            environment = through(service, f"{scheme}://127.0.0.1:{own}")
            found = storyboard("render", film, "--yes", "--preview", environment=environment)
        assert found.code == 0, found.err
        assert len(service.paid) == 1
    assert {"queue.fal.run", "v3.fal.media"} <= set(visits)


@pytest.mark.parametrize(
    "proxy",
    [
        "::::",
        "127.0.0.1:99999",
        "http://h:0",
        "http://h:x",
        "socks4://127.0.0.1:1",
        "h:1 h:2",
        " http://h:1 ",
        "\u2603",
        "socks://127.0.0.1:1",
        "http://",
        "ftp://h:1",
        "http:// :1",
    ],
)
def test_a_broken_address_is_one_sentence_at_once(proxy: str, tmp_path: Path) -> None:
    """Nothing is sent; the sentence names the variable and not what is in it."""
    film = board(tmp_path, keyframes=2)
    with FakeService() as service:
        environment = through(service, proxy)
        with mock.patch.dict("os.environ", environment), pytest.raises(NotSent) as caught:
            Fal("a:b")
        assert "https_proxy" in str(caught.value).lower() or "http_proxy" in str(caught.value)
        assert "or unset it" in str(caught.value)
        with mock.patch.dict("os.environ", environment), pytest.raises(FetchError):
            fetch("https://example.org/a.png", limit=10)
        assert service.requests() == []
    assert film.exists()


def test_the_command_line_leaves_with_six_and_no_traceback(tmp_path: Path) -> None:
    """A render with a broken proxy pays nothing, and says what to do."""
    film = board(tmp_path, keyframes=2)
    with FakeService() as service:
        found = storyboard("render", film, "--yes", environment=through(service, ":::"))
        assert found.code == 6
        assert service.paid == []
    assert "Traceback" not in found.err
    assert "is no proxy's address" in found.err


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SSL_CERT_FILE", "/nowhere/company.pem", "SSL_CERT_FILE: /nowhere/company.pem has no"),
        ("SSL_CERT_FILE", __file__, "has no certificates"),
        ("SSL_CERT_DIR", "/nowhere", "SSL_CERT_DIR: /nowhere is no folder"),
        ("NO_PROXY", "localhost,[::1]", "IPv6 addresses without brackets"),
    ],
)
def test_certificates_that_are_not_there(name: str, value: str, said: str) -> None:
    """Found before the first exchange."""
    clean = {k: v for k, v in os.environ.items() if not k.upper().endswith(("_PROXY", "CERT_FILE"))}
    environment = clean | {name: value}
    with mock.patch.dict("os.environ", environment, clear=True), pytest.raises(NotSent, match=said):
        Fal("a:b")


@pytest.mark.parametrize("command", ["render --yes", "doctor --online"])
@pytest.mark.parametrize("proxy", ["socks5://u:secret@127.0.0.1:1", "http://u:secret@127.0.0.1:1"])
def test_a_proxy_that_is_not_there_is_named_by_its_variable(
    command: str, proxy: str, tmp_path: Path
) -> None:
    """One sentence says what to mend or to unset; the password in it is not shown."""
    board(tmp_path, keyframes=2)
    with FakeService() as service:
        environment = through(service, proxy)
        found = storyboard(*command.split(), environment=environment, cwd=tmp_path)
        assert service.paid == []
    assert found.code in (6, 8)
    last = (found.out + found.err).strip().splitlines()[-1]
    assert "no way through the proxy that" in last
    assert "mend it, or unset it" in last
    assert "secret" not in found.out + found.err
    assert "Errno" not in found.out + found.err


@pytest.mark.parametrize(("name", "value"), [("HTTPS_PROXY", ":::"), ("SSL_CERT_FILE", "/nowhere")])
def test_a_doctor_who_can_not_ask_says_why(name: str, value: str, tmp_path: Path) -> None:
    """What is wrong with the way is bad news of its own, with exit code 8."""
    with FakeService() as service:
        environment = service.environment | {name: value, name.lower(): value}
        found = storyboard("doctor", "--online", environment=environment, cwd=tmp_path)
    assert found.code == 8
    assert f"bad     service    {name}".casefold() in found.out.casefold()


def test_a_film_is_bought_through_a_proxy_with_a_password(tmp_path: Path) -> None:
    """Name and password in the address, as every program has them."""
    film = board(tmp_path, keyframes=2)
    with FakeService() as service:
        proxy = service.environment["HTTPS_PROXY"].replace("://", "://me:p%40ss@")
        environment = through(service, proxy)
        found = storyboard("render", film, "--yes", "--preview", environment=environment)
        assert found.code == 0, found.err
        assert len(service.paid) == 1


def test_an_address_without_a_scheme_is_an_http_proxys() -> None:
    """As curl and every other program read it."""
    assert parsed("https", "proxy.example:3128") == httpx.URL("http://proxy.example:3128")


def test_a_bundle_for_other_programs_counts_here_too(tmp_path: Path) -> None:
    """`REQUESTS_CA_BUNDLE` is used unless something else is said."""
    environment = {"REQUESTS_CA_BUNDLE": "/company.pem"}
    adopt(environment)
    assert environment["SSL_CERT_FILE"] == "/company.pem"
    said = {"REQUESTS_CA_BUNDLE": "/company.pem", "SSL_CERT_FILE": "/own.pem"}
    adopt(said)
    assert said["SSL_CERT_FILE"] == "/own.pem"
