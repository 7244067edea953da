"""Hosts: where the key may be sent, and where clips and pictures may be fetched from."""

from __future__ import annotations

from functools import lru_cache

import httpx

HOSTS = ("queue.fal.run", "queue.falrun.com", "fal.run", "falrun.com", "rest.fal.ai", "api.fal.ai")
"""The only hosts that the key is ever sent to, besides those of uploads."""

MEDIA_DOMAINS = ("fal.media", "fal.ai", "fal.run")
"""Where results lie; they are fetched without the key."""


def is_service(url: str) -> bool:
    """Whether the key may be sent there: https, and one of the service's own hosts."""
    return _host_of(url) in HOSTS


def is_media(url: str) -> bool:
    """Whether a result may be fetched from there: https, and a domain of the service's."""
    host = _host_of(url)
    return any(host == domain or host.endswith("." + domain) for domain in MEDIA_DOMAINS)


@lru_cache(maxsize=4096)  # a request's addresses are asked about at each look
def _host_of(url: str) -> str:
    """The host of an https address on the usual port; empty for any other address."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError, ValueError):
        return ""
    plain = parsed.scheme == "https" and parsed.port in (None, 443) and not parsed.userinfo
    return parsed.host if plain else ""
