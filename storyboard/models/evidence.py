"""Evidence: where a row's facts are from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a row's facts are from."""

    read_on: str
    """The day, ISO 8601."""
    source: str
    marks: str = ""
    """How it is known: S the service's own types, P its pages, N its pricing API as others have
    published it, R others who say that they read them."""
