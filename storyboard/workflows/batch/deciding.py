"""What a batch does, decided and priced before anything happens: a film a row, one plan for all."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.errors import InvalidStoryboard, Mistake
from storyboard.files import true
from storyboard.generating.terms import USUAL_RUN
from storyboard.loading.row_files import read_rows
from storyboard.planning.together import joined, shares, tally
from storyboard.units.money import dollars
from storyboard.units.timing import counted
from storyboard.workflows.batch.filling import Findings, column_mistakes, filled, template
from storyboard.workflows.batch.film_names import NamePattern, chosen, finished_as, patterns
from storyboard.workflows.film_steps import prepared
from storyboard.workflows.source import StoreContents, StoryboardFile, store_for

if TYPE_CHECKING:
    from storyboard.generating.terms import Run
    from storyboard.loading.checked import CheckedStoryboard
    from storyboard.loading.row_files import RowSource
    from storyboard.loading.row_tables import RowTable, TableRow
    from storyboard.loading.sources import Lasting
    from storyboard.planning.planned import Plan
    from storyboard.planning.together import Tally
    from storyboard.store import Store
    from storyboard.workflows.batch.filling import Template
    from storyboard.workflows.film_steps import FilmTerms, Prepared
    from storyboard.workflows.finish import Finish


@dataclass(frozen=True, slots=True)
class RowFilm:
    """The film of a row, decided and priced."""

    name: str
    """What it is called among the others: its file's name, as a rule."""
    row: TableRow
    film: Prepared

    @property
    def path(self) -> Path:
        """Its file."""
        return self.film.files[0].path


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """Everything that a batch does."""

    path: Path
    """The storyboard's file, or the place that it would have."""
    rows_file: str
    """The table's; empty where the rows were given in code."""
    folder: Path
    """What all films lie below, and where the manifest is written."""
    films: tuple[RowFilm, ...]
    """Of all rows."""
    wanted: frozenset[str]
    """The names of those that are to be made."""
    plan: Plan
    """What those ask for, each take once. Its shots are called `film/shot`."""

    def __repr__(self) -> str:
        films, price = counted(len(self.wanted), "film"), dollars(self.price_microusd)
        return f"<BatchPlan {films}, {price}>"

    @property
    def made(self) -> tuple[RowFilm, ...]:
        """The films that are to be made."""
        return tuple(film for film in self.films if film.name in self.wanted)

    @property
    def plans(self) -> dict[str, Plan]:
        """The plans of those, by name."""
        return {film.name: film.film.plan for film in self.made}

    @property
    def files(self) -> list[tuple[Plan, Finish]]:
        """Every file that is to be written, with its film's plan."""
        return [(one.film.plan, file.finish) for one in self.made for file in one.film.files]

    @property
    def tally(self) -> Tally:
        """How much those ask for."""
        return tally(self.plans)

    @property
    def shares(self) -> dict[str, int]:
        """By film, its share of what is to be paid now, in micro-dollars."""
        return shares(self.plans, lambda take: take.purchase.price_microusd)

    @property
    def price_microusd(self) -> int:
        """Micro-dollars that the batch pays: each take once."""
        return self.plan.price_microusd

    @property
    def most_microusd(self) -> int:
        """Micro-dollars that it pays at most: with every retake that there may be."""
        return self.plan.most_microusd

    def as_data(self) -> dict[str, Any]:
        """The plan as plain data, for `--json` and other programs."""
        counts, share = self.tally, self.shares
        return {
            "file": str(self.path),
            "rows": self.rows_file,
            "films": [_film_data(film, share.get(film.name)) for film in self.films],
            "shots": counts.shots,
            "takes": counts.takes,
            "shared": counts.shared,
            "states": dict(counts.states),
            "price_microusd": self.price_microusd,
            "price": dollars(self.price_microusd),
            "most_microusd": self.most_microusd,
            "budget_microusd": self.plan.storyboard.budget,
            "warnings": [str(warning) for warning in self.plan.warnings],
        }


def _film_data(film: RowFilm, share: int | None) -> dict[str, Any]:
    plan = film.film.plan
    return {
        "film": film.name,
        "row": film.row.number,
        "path": str(film.path),
        "values": dict(film.row.values),
        "wanted": share is not None,
        "seconds": float(plan.frames / plan.rate),
        "price_microusd": plan.price_microusd,
        "share_microusd": share,
        "takes": [
            {"shot": shot.id, "take": take.number, "key": take.key, "standing": take.state}
            for shot in plan.wanted
            for take in shot.takes
        ],
    }


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows are made: those with these numbers and these values; all where nothing is said."""

    rows: Collection[int] = ()
    where: Mapping[str, str] = field(default_factory=dict)


def decided(
    given: StoryboardFile | Lasting,
    rows: RowSource,
    output: Path | str,
    terms: FilmTerms,
    *,
    choice: Choice,
    variables: Mapping[str, str] | None = None,
    store: Store | None = None,
    run: Run = USUAL_RUN,
) -> tuple[BatchPlan, Store]:
    """The plan of a batch, and its store. Every row is loaded and checked, also those that are
    not wanted.

    `InvalidStoryboard` with every mistake of the table, at its line and column.
    """
    if isinstance(given, (str, os.PathLike)):
        given = StoryboardFile(Path(given), dict(variables or {}))
    table, about = read_rows(rows), template(given, variables=variables, draft=terms.draft)
    pattern = NamePattern(str(output))
    _check(table, about, patterns(str(output), terms.finish))
    here = given.store if isinstance(given, StoryboardFile) else store_for(about.path)
    boards = filled(about, table.rows, (store or here).folder)
    _refuse_differences(boards)
    if store is None:
        file = isinstance(given, StoryboardFile)
        store = here if file else store_for(about.path, told=boards[0][1].media)
    films = _films(about, boards, pattern, terms, store, run)
    wanted = {row.number for row in chosen(table, choice.rows, choice.where)}
    names = frozenset(film.name for film in films if film.row.number in wanted)
    made = {film.name: film.film.plan for film in films if film.name in names}
    plan = joined(made)
    return BatchPlan(about.path, table.file, pattern.folder, films, names, plan), store


def _check(table: RowTable, about: Template, names: Sequence[NamePattern]) -> None:
    for pattern in names:
        pattern.check(table)
    naming = {column for pattern in names for column in pattern.columns}
    mistakes = [*column_mistakes(about, table, naming)]
    for pattern in names:
        mistakes += pattern.mistakes(table)
    if mistakes:
        raise InvalidStoryboard(mistakes)


def _refuse_differences(boards: Sequence[tuple[TableRow, CheckedStoryboard]]) -> None:
    """A budget, and a place for takes, are the storyboard's: they can't differ by row."""
    first = boards[0][1]
    mistakes = [
        Mistake(row.place, name, f"differs from the first row's; a storyboard has one {name}")
        for row, board in boards
        for name in ("budget", "media")
        if getattr(board, name) != getattr(first, name)
    ]
    if mistakes:
        raise InvalidStoryboard(mistakes)


def _films(
    about: Template,
    boards: Sequence[tuple[TableRow, CheckedStoryboard]],
    pattern: NamePattern,
    terms: FilmTerms,
    store: Store,
    run: Run,
) -> tuple[RowFilm, ...]:
    """The film of each row, planned; no two of which write one file."""
    held, earlier = store.held(), store.earlier(about.path)
    found: list[RowFilm] = []
    wrong = Findings(about)
    for row, board in boards:
        name = pattern.name(row)
        own = {shot: earlier[f"{name}/{shot}"] for shot in _shots(board, name, earlier)}
        asked = replace(terms, finish=finished_as(terms.finish, row))
        with wrong.of(row):
            film = prepared(
                board,
                store,
                [pattern.path(row)],
                asked,
                run=run,
                known=StoreContents(held, own),
                new_folders=True,
            )
            found.append(RowFilm(name, row, film))
    wrong.tell(len(boards))
    _refuse_doubles(found)
    return tuple(found)


def _shots(board: CheckedStoryboard, film: str, earlier: Collection[str]) -> list[str]:
    """The shots of which a take was made for this film."""
    return [shot.id for shot in board.shots if f"{film}/{shot.id}" in earlier]


def _refuse_doubles(films: Sequence[RowFilm]) -> None:
    """A version, or subtitles, of one film may be called as another film, or as its picture."""
    taken: dict[str, RowFilm] = {}
    inputs = {true(path) for film in films for path in film.film.plan.storyboard.inputs}
    mistakes = []
    for film in films:
        for one in film.film.files:
            for path in (one.path, *one.finish.beside(one.path)):
                other = taken.setdefault(str(path).casefold(), film)
                if other is not film:
                    words = f"{path} is written by row {other.row.number}, too"
                    mistakes.append(Mistake(film.row.place, "", words))
                elif true(path) in inputs:
                    words = f"{path} is a file that a film is made from; call it otherwise"
                    mistakes.append(Mistake(film.row.place, "", words))
    if mistakes:
        raise InvalidStoryboard(mistakes)
