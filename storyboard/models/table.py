"""The models that can make a shot: one row each, with limits, prices and argument names.

A new model is one row of its maker's module in `catalogue/`; what is no row, and why, is in
`catalogue/traps.py`. Prices are estimates with the day they were read; what a request
really cost is read from the service's answer.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from storyboard.models import lengths, price
from storyboard.models.catalogue.common import SILENT
from storyboard.models.catalogue.kling import KLING
from storyboard.models.catalogue.ltx import LTX
from storyboard.models.catalogue.luma import LUMA
from storyboard.models.catalogue.many_keyframes import MANY_KEYFRAMES
from storyboard.models.catalogue.minimax import MINIMAX
from storyboard.models.catalogue.others import OTHER
from storyboard.models.catalogue.pixverse import PIXVERSE
from storyboard.models.catalogue.seedance import SEEDANCE
from storyboard.models.catalogue.traps import trapped
from storyboard.models.catalogue.veo import VEO
from storyboard.models.catalogue.vidu import VIDU
from storyboard.models.catalogue.wan import WAN
from storyboard.models.evidence import Evidence
from storyboard.models.lengths import Lengths
from storyboard.models.model import Model, StillLimits
from storyboard.models.request import Request
from storyboard.models.row import ModelRow

if TYPE_CHECKING:
    from storyboard.models.model import Brief


def drawn(own: ModelRow, briefs: Sequence[Brief], sold: Fraction) -> Request:
    """What a draft is drawn from: of the words nothing, so that editing them draws nothing anew."""
    (brief,) = briefs
    stills = {own.start: brief.start, own.end: brief.end}
    arguments = {
        "duration": str(sold),
        "rate": str(brief.rate),
        "size": str(brief.size),
        "fit": brief.fit,
        "background": brief.background,
        "eases_in": brief.eases_in,
        "eases_out": brief.eases_out,
    }
    return Request(
        endpoint=own.endpoint,
        arguments=arguments,
        pictures={name: still for name, still in stills.items() if still is not None},
        parts={own.start: "start", own.end: "end"},
        marks=(Fraction(0), sold),
    )


DRAFT = ModelRow(
    alias="draft",
    # The number rises when the same stills give other pictures, so that old drafts are drawn anew.
    endpoint="storyboard/draft/2",
    start="start_image_url",
    end="end_image_url",
    lengths=Lengths(longest=600, written=lengths.number),
    stills=StillLimits(
        max_bytes=200_000_000,
        min_side=16,
        max_side=20_000,
        min_aspect=Fraction(1, 20),
        max_aspect=Fraction(20),
    ),
    tariff=price.per_second(0),
    evidence=Evidence("2026-11-24", "made on this machine"),
    prompt_limit=10_000,
    options={"sound": SILENT},
    maker="draft",
    compose=drawn,
)

OWN = replace(
    DRAFT,
    alias="clip",
    endpoint="storyboard/clip",
    evidence=Evidence("2026-11-29", "made by the user"),
    maker="clip",
    compose=None,
)
"""What makes a clip of one's own. No shot names it: it makes those that have a `clip`."""

ROWS: tuple[ModelRow, ...] = (
    *KLING,
    *VEO,
    *SEEDANCE,
    *MINIMAX,
    *WAN,
    *OTHER,
    *LTX,
    *LUMA,
    *PIXVERSE,
    *VIDU,
    *MANY_KEYFRAMES,
    DRAFT,
)

_LONGEST_NAME = 100
_AS_GOOD = 0.01
"""How much less alike a name may be, and still be meant as well."""
_MOST = 4
"""Models that are named in a message."""


class Table(Mapping[str, Model]):
    """Models by their alias. It is never changed; `having` gives another one with more rows."""

    def __init__(self, rows: Iterable[Model]) -> None:
        self._rows = {model.alias: model for model in rows}
        # Two rows may send to one endpoint; its id means the first of them.
        self._by_endpoint = {own.endpoint: own for own in reversed(self._rows.values())}

    def __getitem__(self, alias: str) -> Model:
        return self._rows[alias]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __hash__(self) -> int:
        return hash(tuple(self._rows))

    def __repr__(self) -> str:
        return f"<Table {', '.join(self)}>"

    def having(self, *rows: Model) -> Table:
        """The table with these rows as well; one with a known alias takes its place."""
        return Table([*self._rows.values(), *rows])

    def find(self, name: str) -> Model:
        """The model with this alias or endpoint id; LookupError says what there is, or why it is
        none."""
        model = self._rows.get(name) or self._by_endpoint.get(name)
        if model is not None:
            return model
        if why := trapped(name):
            raise LookupError(why)
        near = self._like(name)
        there = f"did you mean {' or '.join(near[:_MOST])}" if near else f"there are {len(self)}"
        more = f" or {len(near) - _MOST} more; " if len(near) > _MOST else "" if near else "; "
        all_of_them = f"{more}`storyboard models` shows them" if more else "?"
        raise LookupError(f"no model is called {name}; {there}{all_of_them}")

    def of_endpoint(self, endpoint: str) -> Model:
        """The model whose requests may go there, one with a price first; LookupError where none's
        do."""
        found = [model for model in self.values() if endpoint in model.endpoints]
        found.sort(key=lambda model: not model.tariff.rates)
        return found[0] if found else self.find(endpoint)

    def _like(self, name: str) -> list[str]:
        """What models were probably meant; several with their prices, the cheapest first."""
        plain = "-".join(name[:_LONGEST_NAME].casefold().replace("_", " ").split())
        names = {known: model for model in self.values() for known in (model.alias, model.endpoint)}
        near = [known for known in names if plain == known]
        near = near or [known for known in self if plain and plain in (known, _versioned(known))]
        near = near or [
            known for known in self if plain and plain in f"{known} {_versioned(known)}"
        ]
        near = near or self._spelt_like(plain, list(names))
        if len(near) == 1:
            return near
        found = {names[known].alias: names[known] for known in near}.values()
        models = sorted(found, key=_by_price)
        return [f"{model.alias} ({price.in_words(model.tariff)})" for model in models]

    def _spelt_like(self, name: str, names: list[str]) -> list[str]:
        """The name that is meant beyond doubt, or that and all of its family."""
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
        alike = {one: difflib.SequenceMatcher(None, name, one).ratio() for one in near}
        best = max(alike.values(), default=0.0)
        sure = [one for one in near if alike[one] >= max(0.8, best - _AS_GOOD)]
        if sure or not near or "/" in name:
            return sure or near[:1]
        family = near[0].partition("-")[0]
        return [known for known in self if known.partition("-")[0] == family] or near


def _versioned(alias: str) -> str:
    """An alias without the `v` before its version: `kling-2.6-pro`."""
    return alias.replace("-v", "-")


def _by_price(model: Model) -> tuple[bool, tuple[int, ...]]:
    """The cheapest first; those without a price last."""
    rates = model.tariff.rates
    return not rates, rates[:1]


MODELS = Table(ROWS)
"""By alias."""


def find(name: str) -> Model:
    """The model with this alias or endpoint id; LookupError says what there is."""
    return MODELS.find(name)
