"""Tables that fit: on a narrow terminal columns are left out, in the order they can be missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.table import Table

if TYPE_CHECKING:
    from rich.text import Text

GAP = 2
"""Cells between two columns."""
LEAST = 8
"""What is left of a column that can be cut before it is left out."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    missed: int = 0
    """How soon it is left out: the highest first, 0 never."""
    right: bool = False
    cut: bool = False
    """Whether its cells may be shortened; all others keep their width."""
    footer: str = ""


def fitting(columns: Sequence[Column], rows: Sequence[Sequence[Text]], width: int) -> Table:
    """The table of these rows in so many cells; each row has a cell for each column."""
    kept = _shared(_kept(columns, rows, width), width)
    footed = any(column.footer for column in columns)
    table = Table(box=None, pad_edge=False, header_style="dim", show_footer=footed)
    for column, cells in kept:
        table.add_column(
            column.name,
            column.footer,
            justify="right" if column.right else "left",
            no_wrap=True,
            overflow="ellipsis",
            width=cells,
        )
    places = [list(columns).index(column) for column, _ in kept]
    for row in rows:
        table.add_row(*(row[place] for place in places))
    return table


def _kept(
    columns: Sequence[Column], rows: Sequence[Sequence[Text]], width: int
) -> list[tuple[Column, int]]:
    """The columns that are shown, each with the cells it would like to have."""
    kept = [
        (column, max(map(cell_len, (column.name, column.footer, *(row[n].plain for row in rows)))))
        for n, column in enumerate(columns)
    ]
    while _least(kept) > width and any(column.missed for column, _ in kept):
        kept.remove(max(kept, key=lambda pair: pair[0].missed))
    return kept


def _shared(kept: Sequence[tuple[Column, int]], width: int) -> list[tuple[Column, int]]:
    """The columns with the cells they get: what may be cut shares what the others leave."""
    left = width - GAP * (len(kept) - 1) - sum(cells for column, cells in kept if not column.cut)
    given = {}
    for waiting, (column, cells) in enumerate(sorted(_cut(kept), key=lambda pair: pair[1])):
        given[column] = max(1, min(cells, left // (len(_cut(kept)) - waiting)))
        left -= given[column]
    return [(column, given.get(column, cells)) for column, cells in kept]


def _cut(kept: Sequence[tuple[Column, int]]) -> list[tuple[Column, int]]:
    return [(column, cells) for column, cells in kept if column.cut]


def _least(kept: Sequence[tuple[Column, int]]) -> int:
    """The cells that these columns need at least."""
    cells = [min(LEAST, longest) if column.cut else longest for column, longest in kept]
    return sum(cells) + GAP * (len(cells) - 1)
