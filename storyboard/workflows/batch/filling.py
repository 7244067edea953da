"""A storyboard once for each row of a table: all loaded, looked over and checked before anything.

What is wrong with a row stands at the cell that it comes from; what is wrong with the storyboard
itself is said once, at its own line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import files
from storyboard.errors import InvalidStoryboard, Mistake
from storyboard.loading import reading
from storyboard.loading.load import load
from storyboard.loading.row_tables import meant
from storyboard.loading.sources import opened
from storyboard.loading.tree import MAX_MISTAKES
from storyboard.loading.variables import uses
from storyboard.workflows.preflight import Seen, looked_over
from storyboard.workflows.source import StoryboardFile

if TYPE_CHECKING:
    from storyboard.errors import Place
    from storyboard.loading.checked import CheckedStoryboard
    from storyboard.loading.row_tables import RowTable, TableRow
    from storyboard.loading.sources import Lasting
    from storyboard.loading.tree import Tree


@dataclass(frozen=True, slots=True)
class Template:
    """A storyboard whose variables are yet to be filled in."""

    tree: Tree
    path: Path
    given: Mapping[str, str]
    """Variables that are the same of all rows."""
    load: Callable[[Mapping[str, str]], CheckedStoryboard]

    @property
    def used(self) -> frozenset[str]:
        """The variables that it uses."""
        return frozenset(name for names in uses(self.tree).values() for name in names)

    @property
    def own(self) -> frozenset[str]:
        """The variables that it has a value for."""
        root = self.tree.root
        found = root.get("variables") if isinstance(root, dict) else None
        return frozenset(found) if isinstance(found, dict) else frozenset()

    def using(self) -> dict[tuple[int, int, str], tuple[str, ...]]:
        """By where they stand, the values that use variables, with those."""
        return {spot(self.tree.place(path)): names for path, names in uses(self.tree).items()}


def spot(place: Place) -> tuple[int, int, str]:
    """A place without its text."""
    return place.line, place.column, place.field


def template(
    given: StoryboardFile | Lasting,
    *,
    variables: Mapping[str, str] | None,
    draft: bool,
) -> Template:
    """The storyboard, read once; `InvalidStoryboard` where it can't be read."""
    if isinstance(given, StoryboardFile):
        return _of_file(given, draft=draft)
    source, about = opened(given), dict(variables or {})

    def filled(values: Mapping[str, str]) -> CheckedStoryboard:
        made = load(given, variables={**about, **values}, draft=draft)
        return replace(made, path=source.path)  # its title may be another in each row

    return Template(source.tree, source.path, about, filled)


def _of_file(given: StoryboardFile, *, draft: bool) -> Template:
    text = given.text()
    path = files.as_on_disk(given.file)

    def filled(values: Mapping[str, str]) -> CheckedStoryboard:
        one = replace(given, variables={**given.variables, **values})
        return one.parsed(text, draft=draft)

    return Template(reading.read(text, file=str(path)), path, given.variables, filled)


def column_mistakes(about: Template, table: RowTable, naming: Iterable[str]) -> Iterator[Mistake]:
    """Columns that nothing uses, and variables that have no value."""
    used, own, naming = about.used, about.own, frozenset(naming)
    for name, place in table.columns.items():
        if name not in used | naming:
            words = f"${{{name}}} stands nowhere in the storyboard, and no film is called by it"
            yield Mistake(place, "", f"column {name}: {words}{meant(name, used | naming)}")
        elif name in about.given:
            words = f"column {name}: `variables` {name} is given, too; leave one of them out"
            yield Mistake(place, "", words)
    for name in sorted(used - own - set(about.given)):
        if name not in table.columns:
            words = f"the storyboard uses ${{{name}}}, and neither has a value for it nor a column"
            yield Mistake(table.rows[0].place if not table.file else _top(table), "", words)
        else:
            for row in (row for row in table.rows if name not in row.values):
                yield Mistake(row.place, name, "this row has no value for it")


def _top(table: RowTable) -> Place:
    first = next(iter(table.columns.values()), table.rows[0].place)
    return replace(first, line=1, column=1, text="") if first.line else first


def filled(
    about: Template, rows: Sequence[TableRow], store: Path
) -> list[tuple[TableRow, CheckedStoryboard]]:
    """The storyboard of each row, looked over; `InvalidStoryboard` with all that is wrong."""
    made: list[tuple[TableRow, CheckedStoryboard]] = []
    wrong = Findings(about)
    used, seen = about.used, Seen(store)
    for row in rows:
        values = {name: value for name, value in row.values.items() if name in used}
        with wrong.of(row):
            made.append((row, looked_over(about.load(values), seen)))
    wrong.tell(len(rows))
    return made


class Findings:
    """What is wrong with the rows' storyboards, each at the cell that it comes from."""

    def __init__(self, about: Template) -> None:
        self._using = about.using()
        self._found: list[tuple[TableRow, Mistake]] = []

    def of(self, row: TableRow) -> _Finding:
        """While it is open, mistakes are this row's."""
        return _Finding(self, row)

    def note(self, row: TableRow, error: InvalidStoryboard) -> None:
        """Remember what is wrong with a row; after very many, it is told at once."""
        self._found += ((row, mistake) for mistake in error.mistakes)
        if len(self._found) > MAX_MISTAKES:
            self.tell(None)

    def tell(self, rows: int | None) -> None:
        """`InvalidStoryboard` with what was found, of so many rows, if anything was."""
        if not self._found:
            return
        often: dict[Mistake, int] = {}
        for _, mistake in self._found:
            often[mistake] = often.get(mistake, 0) + 1
        told: dict[Mistake, None] = {}
        for row, mistake in self._found:
            cell = self._cell(row, mistake)
            whole = cell is None and often[mistake] == rows
            told[mistake if whole else _at(cell, row, mistake)] = None
        raise InvalidStoryboard(list(told)[:MAX_MISTAKES])

    def _cell(self, row: TableRow, mistake: Mistake) -> str | None:
        """The column that the value comes from which is wrong."""
        names = self._using.get(spot(mistake.place), ())
        return next((name for name in names if name in row.values), None)


def _at(cell: str | None, row: TableRow, mistake: Mistake) -> Mistake:
    place = row.place if cell is None else row.places[cell]
    return Mistake(place, cell or "", f"{mistake}")


@dataclass(slots=True)
class _Finding:
    findings: Findings
    row: TableRow

    def __enter__(self) -> None:
        """Nothing is wrong yet."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, InvalidStoryboard):
            return False
        self.findings.note(self.row, error)
        return True
