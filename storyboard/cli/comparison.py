"""What a film costs with several models, as a table: a row a shot, a column a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Group

from storyboard.cli.columns import Column, fitting
from storyboard.cli.screen import text
from storyboard.units.money import dollars
from storyboard.units.timing import decimal

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from storyboard.planning.comparing import ComparedShot, Comparison

_CANNOT = "no"


def comparison_table(found: Sequence[Comparison], width: int) -> RenderableType:
    """Each shot's price by each model, what all of them cost, and why a model can't.

    On a narrow terminal the last models are left out first.
    """
    names = [f"{one.model.alias}{' ?' if one.model.doubt else ''}" for one in found]
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
        return text("with it", "dim")
    return text(f"{'<= ' if shot.bound else ''}{dollars(shot.micro)}")


def _all(one: Comparison) -> Text:
    if not one.whole:
        return text(_CANNOT, "red")
    return text(f"{'<= ' if one.bound else ''}{dollars(one.micro)}", "bold yellow")


def _remarks(found: Sequence[Comparison]) -> Iterator[Text]:
    """Why a model can't make shots, what of their options it lacks, and what is in doubt."""
    for one in found:
        said: dict[str, list[str]] = {}
        for shot in one.shots:
            lacks = f"{one.model.alias} has no {', '.join(shot.without)}" if shot.without else ""
            for words in filter(None, (shot.cannot, lacks)):
                said.setdefault(words, []).append(shot.id)
        for words, shots in said.items():
            yield text(f"{', '.join(shots)}: {words}", "dim")
        if one.model.doubt:
            yield text(f"{one.model.alias}: {one.model.doubt}", "yellow")
