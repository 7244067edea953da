"""The template with its data: the page as a file of its own, beside its media, or from a server.

There is no build: the modules are what browsers load. From a disk browsers load no module files, so
there they are given inside the page, under the same names.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storyboard.page.shelf import Shelf

STATIC = "static"
LIVE_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self'; "
    "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""What the page may load when a server gives it: nothing from anywhere else."""

_DISK_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}' data:; style-src 'nonce-{nonce}'; "
    "img-src 'self' file: blob:; media-src 'self' file: blob:; base-uri 'none'; form-action 'none'"
)


@cache
def asset(name: str) -> str:
    """A file of the page's own: a module, the style, the template."""
    return (files("storyboard.page") / STATIC / name).read_text(encoding="utf-8")


@cache
def modules() -> tuple[str, ...]:
    """The names of the page's modules, by which they import each other."""
    found = (files("storyboard.page") / STATIC).iterdir()
    return tuple(sorted(one.name[:-3] for one in found if one.name.endswith(".js")))


def tag(document: Mapping[str, Any]) -> str:
    """A name for a document: another one has another."""
    return f'"{hashlib.sha256(_json(document).encode()).hexdigest()[:32]}"'


def served(document: Mapping[str, Any], nonce: str) -> str:
    """The page as a server gives it: it asks for everything else, and writes."""
    return _filled(
        document,
        nonce=nonce,
        setting={"live": True, "media": "/media/", "tag": tag(document)},
        style='<link rel="stylesheet" href="/static/page.css">',
        module=lambda name: f"/static/{name}.js",
    )


def beside(document: Mapping[str, Any], *, media: str = "media/") -> str:
    """The page as a file, whose media are in a folder beside it. It only shows."""
    return _alone(document, media=media)


def whole(document: Mapping[str, Any], shelf: Shelf, names: Iterable[str]) -> str:
    """The page as one file with its media inside, to be mailed. It only shows."""
    kept = "\n".join(
        f'<script type="text/plain" data-media="{name}">{_base64(shelf.open(name).read_bytes())}'
        "</script>"
        for name in names
    )
    return _alone(document, media="inside", kept=kept)


def _alone(document: Mapping[str, Any], *, media: str, kept: str = "") -> str:
    nonce = hashlib.sha256(_json(document).encode()).hexdigest()[:32]
    policy = html.escape(_DISK_POLICY.format(nonce=nonce), quote=True)
    return _filled(
        document,
        nonce=nonce,
        setting={"live": False, "media": media},
        style=f'<style nonce="{nonce}">\n{asset("page.css")}</style>',
        module=lambda name: f"data:text/javascript;base64,{_base64(asset(f'{name}.js').encode())}",
        policy=f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        kept=kept,
    )


def _filled(
    document: Mapping[str, Any],
    *,
    nonce: str,
    setting: Mapping[str, Any],
    style: str,
    module: Callable[[str], str],
    policy: str = "",
    kept: str = "",
) -> str:
    imports = _json({"imports": {name: module(name) for name in modules()}})
    slots = {
        "policy": policy,
        "title": html.escape(str(document["title"])),
        "style": style,
        "imports": f'<script type="importmap" nonce="{nonce}">{imports}</script>',
        "data": f'<script type="application/json" id="setting">{_json(setting)}</script>\n'
        f'<script type="application/json" id="document">{_json(document)}</script>\n{kept}',
        "start": f'<script type="module" nonce="{nonce}">import "main";</script>',
    }
    page = asset("template.html")
    for name, words in slots.items():
        before, after = page.split(f"<!--{name}-->")
        page = before + words + after
    return page


def _json(value: object) -> str:
    """JSON that can stand in a page: nothing in it ends a script."""
    return json.dumps(value).replace("<", "\\u003c")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
