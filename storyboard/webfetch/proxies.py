"""The way out of a company: the environment's proxies and certificates, checked before use.

A broken address is found here, at once, and not by the first exchange that needs it. Addresses may
hold a password: they are never shown, only the variable that names them.
"""

from __future__ import annotations

import ipaddress
import os
import re
import ssl
import urllib.request
from collections.abc import MutableMapping
from pathlib import Path

import httpx

from storyboard.errors import NotSent

SOCKS = ("socks5", "socks5h")
SCHEMES = ("http", "https", *SOCKS)
KINDS = ("http", "https", "all")
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""What other programs call a file of certificates."""

_HOST, _PORTS = re.compile(r"[\w.:-]+"), {None, *range(1, 65536)}


class NoWayOut(NotSent):
    """The environment leads nowhere. The text is one line: what is wrong; what to do."""


def check() -> None:
    """NoWayOut where a proxy's address or the certificates can't be used."""
    proxies = urllib.request.getproxies()
    for kind in KINDS:
        if proxies.get(kind):
            parsed(kind, proxies[kind])
    for part in filter(None, map(str.strip, proxies.get("no", "").split(","))):
        if not _is_host(part):
            raise NoWayOut(
                f"{_variable('no')} has a name that can't be; write hosts with commas between "
                "them, IPv6 addresses without brackets"
            )
    _check_certificates()


def proxy_for(scheme: str, host: str) -> httpx.URL | None:
    """The proxy for an address; None where it is reached directly."""
    proxies = urllib.request.getproxies()
    kind = next((kind for kind in (scheme, "all") if proxies.get(kind)), None)
    if kind is None or urllib.request.proxy_bypass(host):
        return None
    return parsed(kind, proxies[kind])


def way(url: httpx.URL) -> str:
    """The variable whose proxy an address is reached by; empty where it is reached directly."""
    proxies = urllib.request.getproxies()
    kind = next((kind for kind in (url.scheme, "all") if proxies.get(kind)), None)
    return _variable(kind) if kind and not urllib.request.proxy_bypass(url.host) else ""


def parsed(kind: str, written: str) -> httpx.URL:
    """A proxy's address; without a scheme it is an http proxy's, as everywhere."""
    try:
        url = httpx.URL(written if "://" in written else f"http://{written}")
        usable = bool(_HOST.fullmatch(url.host)) and url.port in _PORTS
        scheme = url.scheme
    except (httpx.InvalidURL, ValueError, TypeError):
        usable, scheme = False, "http"
    if scheme not in SCHEMES and written == written.strip():
        raise NoWayOut(
            f"{_variable(kind)} names a {scheme} proxy, which can't be used; write it as "
            "http://HOST:PORT or socks5://HOST:PORT, or unset it"
        )
    if not usable or scheme not in SCHEMES:
        raise NoWayOut(
            f"{_variable(kind)} is no proxy's address; write it as http://HOST:PORT or "
            "socks5://HOST:PORT, or unset it"
        )
    return url


def adopt(environment: MutableMapping[str, str]) -> None:
    """Let certificates that other programs are told of count here, where nothing else is said."""
    if environment.get("SSL_CERT_FILE") or environment.get("SSL_CERT_DIR"):
        return
    for name in BUNDLES:
        if environment.get(name):
            folder = Path(environment[name]).is_dir()
            environment["SSL_CERT_DIR" if folder else "SSL_CERT_FILE"] = environment[name]
            return


def _is_host(part: str) -> bool:
    """Whether a name that is reached without a proxy can be one, as httpx reads it."""
    try:
        ipaddress.ip_network(part, strict=False)
    except ValueError:
        try:
            httpx.URL(part if "://" in part else f"all://*{part}")
        except (httpx.InvalidURL, ValueError, TypeError):
            return False
    return True


def _variable(kind: str) -> str:
    names = (f"{kind}_proxy", f"{kind.upper()}_PROXY")
    return next((name for name in names if os.environ.get(name)), names[-1])


def _check_certificates() -> None:
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=file)
        except (OSError, ValueError) as cause:
            raise NoWayOut(
                f"SSL_CERT_FILE: {file} has no certificates that can be read; name a file of "
                "certificates in PEM, or unset it"
            ) from cause
    elif folder and not any(map(os.path.isdir, folder.split(os.pathsep))):
        raise NoWayOut(f"SSL_CERT_DIR: {folder} is no folder; name one, or unset it")
