"""The account at the service, for the length of a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from storyboard.errors import KeyProblem
from storyboard.fal import Fal, key


@contextmanager
def account() -> Iterator[Fal]:
    """The service with the user's key; `KeyProblem` where there is none."""
    fal = Fal(key.find())
    try:
        yield fal
    finally:
        fal.close()


@contextmanager
def account_if_any() -> Iterator[Fal | None]:
    """The service, or None where there is no key: for what also works without."""
    try:
        found = key.find()
    except KeyProblem:
        yield None
        return
    fal = Fal(found)
    try:
        yield fal
    finally:
        fal.close()
