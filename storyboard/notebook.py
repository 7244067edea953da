"""Values as a notebook shows them: a table, a player. Every text in it is escaped."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from storyboard.safe_text import inert

EMBEDDED = 30_000_000
"""Bytes of a film that a page may carry; a longer one is only named."""

_KINDS = {".mp4": "video/mp4", ".mov": "video/quicktime"}


def table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], notes: Iterable[str] = ()
) -> str:
    """A table under its title, with remarks below it."""
    heads = "".join(f"<th>{_text(name)}</th>" for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    below = "".join(f"<br><small>{_text(note)}</small>" for note in notes)
    return f"<table><caption>{_text(title)}</caption><tr>{heads}</tr>{body}</table>{below}"


def player(film: Path, title: str) -> str:
    """A player that holds the film itself; where it is gone or too long, its title and name."""
    kind = _KINDS.get(film.suffix.lower())
    try:
        shown = kind is not None and film.stat().st_size <= EMBEDDED
        data = base64.b64encode(film.read_bytes()).decode() if shown else ""
    except OSError:
        data = ""
    if not data:
        return f"<p>{_text(title)}: <code>{_text(film)}</code></p>"
    source = f"data:{kind};base64,{data}"
    return f'<video controls width="640" title="{_text(title)}" src="{source}"></video>'


def _text(value: object) -> str:
    return escape(inert(str(value)))
