"""Proof that a media place can be used, and that of two who create one name it refuses one."""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from storyboard.errors import StoreError

if TYPE_CHECKING:
    from storyboard.depot.protocol import Depot


def prove(depot: Depot) -> None:
    """Write a probe, read it, and try to create it again; StoreError where that is not refused.

    Some services take the condition and ignore it: there two machines would both pay.
    """
    depot.prepare()
    name, first = f"probes/{secrets.token_hex(8)}.json", b'"first"\n'
    try:
        if not depot.create(name, first):
            raise StoreError(f"{depot.where} says that a new name is taken; use another place")
        again = depot.create(name, b'"again"\n')
        found = depot.read(name)
        listed = any(one.name == name for one in depot.names("probes/"))
    finally:
        with suppress(StoreError):  # where nothing may be removed, a probe stays
            depot.remove(name)
    if again or found != first:
        raise StoreError(
            f"{depot.where} takes the condition that a file must be new, and ignores it: two "
            "machines could pay for the same take. Use a place that keeps it: Amazon S3, Google "
            "Cloud Storage, Azure, a current MinIO, or a folder; and no proxy that strips "
            "If-None-Match"
        )
    if not listed:
        raise StoreError(f"{depot.where} does not list what was just written; use another place")
