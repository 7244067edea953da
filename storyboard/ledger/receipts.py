"""Receipts: one small file for each request that is not settled, beside the ledger.

What will be sent is in it before the POST, and the id that the service gave right after. It is the
second witness of a payment: a ledger that is locked, damaged, deleted or older than it was learns
from it what is on its way. It goes when the request is settled, or its take is in the store.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard import files
from storyboard.errors import FileTrouble, StoreError
from storyboard.ledger.rows import Row

if TYPE_CHECKING:
    from storyboard.ledger.rows import Wish

FOLDER = "receipts"

_PROMISED = ("key", "storyboard", "shot", "take", "run", "endpoint", "canonical", "arguments",
             "estimate", "account", "covers", "intended_at")  # fmt: skip


def promise(store: Path, intent: str, wish: Wish, *, at: float) -> None:
    """What is about to be sent, on the disk; `StoreError` where it can't be written."""
    try:
        about = asdict(wish) | {"intended_at": at}
        _write(store, intent, {name: about[name] for name in _PROMISED})
    except (FileTrouble, OSError) as error:
        raise StoreError(f"the receipt can't be written: {error}") from error


def accept(
    store: Path, intent: str, request_id: str, urls: Mapping[str, str], *, at: float
) -> None:
    """The id that the service gave. Never raises: the ledger is asked to remember it, too."""
    with suppress(OSError, FileTrouble):
        about = _read(_path(store, intent)) or {}
        sent = {"request_id": request_id, "urls": dict(urls), "sent_at": at}
        _write(store, intent, about | sent)


def renew(store: Path, row: Row) -> None:
    """A request that was settled by another one's id is open again. Never raises, as above."""
    with suppress(OSError, FileTrouble):
        _write(store, row.intent, {name: getattr(row, name) for name in _PROMISED})


def disown(store: Path, intent: str) -> None:
    """The id that was written down is another request's after all."""
    with suppress(OSError, FileTrouble):
        about = _read(_path(store, intent)) or {}
        gone = ("request_id", "urls", "sent_at")
        _write(store, intent, {name: value for name, value in about.items() if name not in gone})


def forget(store: Path, intent: str) -> None:
    """The request is settled, or its take is in the store with a note of its own."""
    with suppress(OSError, FileTrouble):
        _path(store, intent).unlink(missing_ok=True)


def rows(store: Path) -> Iterator[Row]:
    """What the receipts say: accepted requests, and others that may have been sent.

    What is no receipt, or a damaged one, is left out.
    """
    for path in sorted((store / FOLDER).glob("[!.]*.json")):
        row = row_of(store, path.stem)
        if row is not None:
            yield row


def row_of(store: Path, intent: str) -> Row | None:
    """What the receipt of this request says; None where there is none that can be read."""
    about = _read(_path(store, intent))
    try:
        return None if about is None else _row(intent, about)
    except (KeyError, TypeError, ValueError):
        return None


def _row(intent: str, about: Mapping[str, Any]) -> Row:
    request_id = about.get("request_id")
    return Row(
        intent=intent,
        key=str(about["key"]),
        storyboard=str(about["storyboard"]),
        shot=str(about["shot"]),
        take=int(about["take"]),
        run=str(about["run"]),
        endpoint=str(about["endpoint"]),
        canonical=dict(about["canonical"]),
        arguments=dict(about["arguments"]),
        state="SENT" if request_id else "SENDING",
        request_id=str(request_id) if request_id else None,
        urls=dict(about.get("urls") or {}),
        result=None,
        estimate=int(about["estimate"]),
        actual=None,
        intended_at=float(about["intended_at"]),
        sent_at=float(about["sent_at"]) if request_id else None,
        done_at=None,
        detail="from its receipt",
        account=str(about.get("account", "")),
        covers=tuple(map(str, about.get("covers") or ())),
    )


def _path(store: Path, intent: str) -> Path:
    return store / FOLDER / f"{intent}.json"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _write(store: Path, intent: str, about: Mapping[str, Any]) -> None:
    (store / FOLDER).mkdir(parents=True, exist_ok=True)
    text = json.dumps(about, indent=2, sort_keys=True)
    files.write_whole(_path(store, intent), text.encode() + b"\n")
