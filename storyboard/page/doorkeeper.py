"""Who may come in: only this machine's own browser, with the token that was printed, from here.

A page that can write to a file is treated as a terminal would be. Anybody on the machine can reach
the port, any web page can make the browser ask it, and a name in the DNS can be turned to point to
it; so each request has to name this very host and port, carry the cookie that the token was
exchanged for, and, to write, come from this very page.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Iterable

Headers = dict[str, str]

ENTER = "open the address that `storyboard serve` printed; it lets one browser in, once"

SAFE: Headers = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}
"""What every answer says."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why somebody does not come in."""

    status: int
    words: str


@dataclass(slots=True)
class Doorkeeper:
    """The rules of one server at one port."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    _used: bool = False

    @property
    def address(self) -> str:
        """What is opened in the browser: it works once."""
        return f"http://127.0.0.1:{self.port}/?token={self.token}"

    @property
    def name(self) -> str:
        """The cookie's name has the port, since cookies don't know ports."""
        return f"storyboard-{self.port}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The only hosts that this server is."""
        return f"127.0.0.1:{self.port}", f"localhost:{self.port}"

    def admits(self, query: str) -> str | None:
        """The cookie to be set where the token is right and was not used before."""
        given = parse_qs(query).get("token", [""])[0]
        if self._used or not _same(given, self.token):
            return None
        self._used = True
        return f"{self.name}={self.cookie}; Path=/; HttpOnly; SameSite=Strict"

    def stranger(self, headers: Headers) -> Rejection | None:
        """Refuse who means another host."""
        if headers.get("host", "") in self.hosts:
            return None
        return Rejection(421, "this is not the host that you asked for")

    def refuses(self, method: str, headers: Headers) -> Rejection | None:
        """Refuse who has not come in, and who writes from elsewhere."""
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return Rejection(403, "this is asked from another page")
        if not _same(_cookie(headers.get("cookie", ""), self.name), self.cookie):
            return Rejection(403, ENTER)
        if method in ("GET", "HEAD"):
            return None
        origin = headers.get("origin")
        own = headers.get("sec-fetch-site") == "same-origin" if origin is None else False
        if not own and origin != f"http://{headers.get('host', '')}":
            return Rejection(403, "only this page may write")
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return Rejection(415, "what is to be written has to be JSON")
        return None


def headers_of(raw: Iterable[tuple[bytes, bytes]]) -> Headers:
    """A request's headers by their names in small letters; of several of one name, all."""
    found: Headers = {}
    for name, value in raw:
        key, words = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {words}" if key in found else words
    return found


def _cookie(header: str, name: str) -> str:
    try:
        return SimpleCookie(header)[name].value
    except (CookieError, KeyError):
        return ""


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())
