"""Who makes takes on this machine: by the name that a model's row gives its maker."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from storyboard.generate.drawn import Sketch
from storyboard.generate.engine import Next
from storyboard.generate.order import Order
from storyboard.generate.studio import Studio
from storyboard.models import DRAFT

Begin = Callable[[], Next]
"""The first step of a take."""


def _sketch(studio: Studio, order: Order) -> Begin:
    return Sketch(studio, order).begin


MAKERS: Mapping[str, Callable[[Studio, Order], Begin]] = {DRAFT.maker: _sketch}
"""What makes a take."""
