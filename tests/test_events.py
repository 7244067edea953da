"""Events: values that say what happened."""

from __future__ import annotations

import dataclasses

import pytest

from storyboard import events
from storyboard.events import State, TakeChanged, ignore

VALUES = [
    kind
    for kind in vars(events).values()
    if isinstance(kind, type) and dataclasses.is_dataclass(kind)
]


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_an_event_is_a_value(kind: type) -> None:
    """Frozen, and with a docstring."""
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert kind.__doc__


def test_what_is_over() -> None:
    """A take that is done, reused, failed, unknown or held changes no more in this run."""
    assert {state for state in State if state.final} == {
        State.DONE,
        State.REUSED,
        State.FAILED,
        State.UNKNOWN,
        State.HELD,
    }


def test_nobody_has_to_listen() -> None:
    """The listener that is there unless one is given."""
    ignore(TakeChanged("sh010", 1, State.DONE))
