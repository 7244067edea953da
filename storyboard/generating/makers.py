"""Who makes takes on this machine: by the name that a model's row gives its maker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from storyboard.generating.adopting import Adoption
from storyboard.generating.drafts import Sketch
from storyboard.generating.scheduler import Next
from storyboard.models.table import DRAFT, OWN

if TYPE_CHECKING:
    from storyboard.generating.conductor import Conductor
    from storyboard.generating.order import Order

Begin = Callable[[], Next]
"""The first step of a take."""


def _sketch(conductor: Conductor, order: Order) -> Begin:
    return Sketch(conductor, order).begin


def _adopt(conductor: Conductor, order: Order) -> Begin:
    return Adoption(conductor, order).begin


MAKERS: Mapping[str, Callable[[Conductor, Order], Begin]] = {
    DRAFT.maker: _sketch,
    OWN.maker: _adopt,
}
"""What makes a take."""
