"""What a film costs with several models, as a table: a row a shot, a column a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Group

from storyboard.cli.columns import Column, fitting
from storyboard.cli.screen import text
from storyboard.models.facts import is_doubtful
from storyboard.units.money import dollars
from storyboard.units.timing import decimal

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from storyboard.planning.comparing import ComparedShot, Comparison

_CANNOT = "no"


def comparison_table(found: Sequence[Comparison], width: int) -> RenderableType:
    """Each shot's price by each model, what all of them cost, and why a model can't.

    A star says that a price is without some of the shot's options, which are named below. On a
    narrow terminal the last models are left out first.
    """
    names = [f"{one.model.alias}{' ?' if is_doubtful(one.model) else ''}" for one in found]
    models = [Column(name, missed=number, right=True) for number, name in enumerate(names)]
    rows = [
        [text(shots[0].id), *map(_cell, shots)]
        for shots in zip(*(one.shots for one in found), strict=True)
    ]
    rows += [
        [text("film", "dim"), *(text(f"{decimal(one.film, 2)} s", "dim") for one in found)],
        [text("bought", "dim"), *(text(f"{decimal(one.seconds)} s", "dim") for one in found)],
        [text("all", "bold"), *map(_all, found)],
    ]
    return Group(fitting([Column("shot"), *models], rows, width), *_remarks(found))


def _cell(shot: ComparedShot) -> Text:
    if shot.cannot:
        return text(_CANNOT, "red")
    if not shot.seconds:
        return text(f"with it{' *' if shot.without else ''}", "dim")
    star = " *" if shot.without else ""
    return text(f"{'<= ' if shot.bound else ''}{dollars(shot.micro)}{star}")


def _all(one: Comparison) -> Text:
    if not one.whole:
        return text(_CANNOT, "red")
    star = " *" if any(shot.without for shot in one.shots) else ""
    return text(f"{'<= ' if one.bound else ''}{dollars(one.micro)}{star}", "bold yellow")


def _remarks(found: Sequence[Comparison]) -> Iterator[Text]:
    """Why a model can't make shots, what of their options it lacks, and what is in doubt."""
    for one in found:
        said: dict[str, list[str]] = {}
        lacking: dict[str, list[str]] = {}
        for shot in one.shots:
            if shot.cannot:
                said.setdefault(shot.cannot, []).append(shot.id)
            elif shot.without:
                lacking.setdefault(", ".join(shot.without), []).append(shot.id)
        for words, shots in said.items():
            yield text(f"{', '.join(shots)}: {words}", "dim")
        for words, shots in lacking.items():
            yield text(f"* {', '.join(shots)}: {one.model.alias} has no {words}", "dim")
        if one.model.doubt:
            yield text(f"{one.model.alias}: {one.model.doubt}", "yellow")
