"""The models there are: what each offers and costs, and whether the service still says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from storyboard.errors import Expired, NoNews, StoryboardError
from storyboard.fal.schemas import Schemas
from storyboard.models.facts import (
    as_data,
    end_frame_of,
    evidence_of,
    is_doubtful,
    price_of,
    sizes_of,
    sound_of,
)
from storyboard.models.installed import installed
from storyboard.models.price import way_out
from storyboard.models.published import differences
from storyboard.models.row import ModelRow

if TYPE_CHECKING:
    from storyboard.models.model import Model

__all__ = [
    "CheckedRow",
    "all_of_them",
    "as_data",
    "check",
    "end_frame_of",
    "evidence_of",
    "found",
    "is_doubtful",
    "price_of",
    "sizes_of",
    "sound_of",
    "way_out",
]


_DRAWN = "drawn on this machine; no service has a schema of it"


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row beside what the service says of its endpoint."""

    alias: str
    endpoint: str
    differences: tuple[str, ...] = ()
    unknown: str = ""
    """Why it could not be compared; empty where it was."""


def all_of_them() -> list[Model]:
    """The models, as the table has them, and those that are installed here."""
    return list(installed().values())


def found(name: str) -> Model:
    """The model of this name; StoryboardError says what there is."""
    try:
        return installed().find(name)
    except LookupError as error:
        raise StoryboardError(str(error)) from None


def check(names: Sequence[str] = ()) -> list[CheckedRow]:
    """These rows, or all that are paid, beside the schemas that the service publishes now.

    `NoNews` where it can't be reached at all.
    """
    wanted = [found(name) for name in names]
    rows = [model for model in wanted or all_of_them() if isinstance(model, ModelRow)]
    sold = [row for row in rows if not row.maker]
    drawn = [CheckedRow(row.alias, row.endpoint, unknown=_DRAWN) for row in rows if row.maker]
    with Schemas() as schemas:
        checked = [_checked(row, schemas) for row in sold]
    return checked + (drawn if wanted else [])


def _checked(row: ModelRow, schemas: Schemas) -> CheckedRow:
    """A row beside its endpoint, and, without an end frame, beside the one for shots that have
    none."""
    found = _compared(row, schemas)
    if row.open_ended is None or found.unknown:
        return found
    other = _compared(row.without_end(), schemas)
    told = tuple(f"{other.endpoint}: {said}" for said in other.differences)
    return replace(found, differences=(*found.differences, *told), unknown=other.unknown)


def _compared(row: ModelRow, schemas: Schemas) -> CheckedRow:
    try:
        document = schemas.of(row.endpoint)
        return CheckedRow(row.alias, row.endpoint, tuple(differences(row, document)))
    except Expired as error:
        return CheckedRow(row.alias, row.endpoint, (str(error),))
    except NoNews as error:
        if error.__cause__ is not None:  # nothing comes from there at all
            raise
        return CheckedRow(row.alias, row.endpoint, unknown=str(error))
    except (ValueError, AttributeError, TypeError) as error:
        return CheckedRow(row.alias, row.endpoint, unknown=f"its schema can't be read: {error}")
