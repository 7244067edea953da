"""The rows that a storyboard brings along: `models:` as rows of the table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from storyboard.models import price
from storyboard.models.choices import NumberOption, Option, TextOption, shown
from storyboard.models.evidence import Evidence
from storyboard.models.lengths import Lengths, in_frames, number, with_unit
from storyboard.models.lengths import text as as_text
from storyboard.models.model import StillLimits
from storyboard.models.row import ModelRow

if TYPE_CHECKING:
    from storyboard.fileformat.own_models import OwnModel, OwnOption, OwnPrice
    from storyboard.fileformat.written import Storyboard
    from storyboard.loading.tree import Tree
    from storyboard.models.choices import Choosable, Setting
    from storyboard.models.lengths import Written
    from storyboard.models.price import Metered, Tariff
    from storyboard.models.table import Table

OWN = Evidence("", "the storyboard's own")
_NEEDED = ("endpoint", "start", "end", "lengths", "price")
_LENGTH = re.compile(r"([0-9]{1,3})([a-z]*)")


def with_own(tree: Tree, board: Storyboard, models: Table) -> Table:
    """The table with the storyboard's rows; what is wrong with them is noted at its line."""
    rows = []
    for alias, written in board.models.items():
        path = ("models", alias)
        if alias in models:
            tree.say(path, f"{alias} is a model of the table; give yours another name", of_key=True)
            continue
        try:
            rows.append(_row(alias, written, models))
        except _Wrong as error:
            tree.say((*path, *filter(None, [error.field])), error.words)
    return models.having(*rows) if rows else models


class _Wrong(Exception):
    """What is wrong with a row, and at which of its fields."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words


def _row(alias: str, own: OwnModel, models: Table) -> ModelRow:
    base = _like(own, models) if own.like else _bare(own)
    written: dict[str, Any] = {
        name: value
        for name in ("endpoint", "start", "end", "end_frame", "prompt", "prompt_limit")
        if (value := getattr(own, name)) is not None
    }
    if own.lengths or own.length or own.frames_per_second:
        written["lengths"] = _lengths(own, base.lengths)
    chosen: dict[str, Choosable] = {
        **base.options,
        **{name: _option(name, option) for name, option in own.options.items()},
    }
    if own.price:
        written["tariff"] = _tariff(own.price, chosen)
    always = {name: value for name, value in own.always.items() if value is not None}
    made = replace(base, alias=alias, options=chosen, fixed={**base.fixed, **always}, **written)
    if own.endpoint and own.endpoint != base.endpoint:
        made = replace(made, open_ended=None)
    return replace(made, evidence=replace(OWN, source=own.source) if own.source else made.evidence)


def _like(own: OwnModel, models: Table) -> ModelRow:
    try:
        found = models.find(own.like or "")
    except LookupError as error:
        raise _Wrong("like", str(error)) from None
    if not isinstance(found, ModelRow) or found.maker:
        raise _Wrong("like", f"{found.alias} is no model of the service's")
    return found


def _bare(own: OwnModel) -> ModelRow:
    lacking = [name for name in _NEEDED if not getattr(own, name)]
    if own.end_frame == "unsupported" and "end" in lacking:
        lacking.remove("end")
    if lacking:
        raise _Wrong("", f"needs {', '.join(lacking)}, or `like` a model of the table")
    return ModelRow(
        alias="",
        endpoint="",
        start="",
        end="",
        lengths=Lengths(),
        stills=StillLimits(),
        tariff=price.unknown(""),
        evidence=OWN,
    )


def _lengths(own: OwnModel, base: Lengths) -> Lengths:
    argument = own.length or base.argument
    if own.lengths is None:
        return replace(base, argument=argument)
    seconds, units = [], set()
    for one in own.lengths:
        found = _LENGTH.fullmatch(str(one))
        if found is None or not 0 < int(found[1]) <= 600:
            raise _Wrong("lengths", f'{shown(one)} is no length; write "5", "5s" or 5')
        seconds.append(int(found[1]))
        units.add(None if isinstance(one, int) else found[2])
    if len(units) > 1:
        raise _Wrong("lengths", 'have to be written alike: all "5", all "5s", or all 5')
    written = _written(units.pop(), own.frames_per_second)
    return Lengths(tuple(sorted(set(seconds))), written=written, argument=argument)


def _written(unit: str | None, frames_per_second: int | None) -> Written:
    """How a length is sent: as frames, a number, a text, or a text with this unit."""
    if frames_per_second:
        return in_frames(frames_per_second)
    if unit is None:
        return number
    return with_unit(unit) if unit else as_text


def _option(name: str, own: OwnOption) -> Choosable:
    argument, default = own.argument or name, own.default
    choices = tuple(choice for choice in own.choices if choice is not None)
    if choices:
        first = choices[0] if default is None else default
        if not any(first is one or first == one for one in choices):
            raise _Wrong("options", f"{name}: {shown(first)} is none of its choices")
        return Option(argument, choices, first)
    if own.least is not None and own.most is not None:
        whole = own.least == int(own.least) and own.most == int(own.most)
        return NumberOption(argument, own.least, own.most, default, whole=whole)
    if own.least is not None or own.most is not None:
        raise _Wrong("options", f"{name} needs both least and most")
    return TextOption(argument, own.limit, default=default)


def _tariff(own: OwnPrice, options: dict[str, Choosable]) -> Tariff:
    if own.by is None:
        if own.dollars is None:
            raise _Wrong("price", "needs dollars, or by and rates")
        return _metered(own, own.dollars)
    option = options.get(own.by)
    if not isinstance(option, Option):
        raise _Wrong("price", f"hangs on {own.by}, which is no option with choices")
    named = {shown(choice): choice for choice in option.choices}
    strange = [name for name in own.rates if name not in named]
    if strange or not own.rates:
        raise _Wrong("price", f"its rates are for {', '.join(named)}")
    return price.by_option(own.by, dict(_rates(own, named)))


def _rates(own: OwnPrice, named: dict[str, Setting]) -> Iterator[tuple[Setting, Metered]]:
    for name, micro in own.rates.items():
        yield named[name], _metered(own, micro)


def _metered(own: OwnPrice, micro: int) -> Metered:
    match own.per:
        case "take":
            made = price.per_take(micro)
        case "5 seconds":
            made = price.per_block(5, micro)
        case _:
            made = price.per_second(micro)
    made = replace(made, base=own.base, least=own.least)
    return price.at_most(made) if own.at_most else made
