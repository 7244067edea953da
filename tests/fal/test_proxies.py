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
from storyboard.web import FetchError, fetch
from storyboard.web.proxies import adopt, parsed
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
    ["::::", "127.0.0.1:99999", "socks://127.0.0.1:1", "http://", "ftp://h:1", "http:// :1"],
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
