"""What it means that a take stands as it does: what happened, what it costs, what can be done."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from storyboard.takes.holding import Standing
from storyboard.units.money import dollars
from storyboard.units.timing import counted

if TYPE_CHECKING:
    from storyboard.accounting.summary import Status, StatusLine
    from storyboard.planning.planned import Plan, PlannedShot, PlannedTake


def of_take(take: PlannedTake) -> tuple[str, ...]:
    """Sentences about a take that is not simply there, or simply to be bought; else none."""
    return _SENTENCES[take.standing](take) if take.standing in _SENTENCES else ()


def of_shot(shot: PlannedShot) -> str:
    """Which command buys what a shot lacks, and for how much; empty where it buys nothing."""
    bought = [take for take in shot.takes if take.buys]
    if not bought:
        return ""
    price = dollars(sum(take.price_microusd for take in bought))
    command = f"`storyboard render --only {shlex.quote(shot.id)}`"
    return f"{command} asks, and pays {price} for {counted(len(bought), 'take')}."


def of_all(plan: Plan, status: Status) -> Iterator[str]:
    """What one should know of the whole: a budget that ends it, money under way for nothing."""
    left = None if status.budget is None else max(0, status.budget - status.sums.total)
    if left is not None and plan.price_microusd > left:
        yield (
            f"There are {dollars(plan.price_microusd)} to pay, and {dollars(left)} of the budget "
            f"of {dollars(status.budget or 0)} {'are' if left else 'is'} left: a render stops "
            "there. Raise `budget:` to have all."
        )
    yield from (_of_earlier(line) for line in status.lines if line.left)


def _of_earlier(line: StatusLine) -> str:
    """Of a request for a take that the storyboard asks for no more."""
    money = f"{dollars(line.cost)} {'paid' if line.paid else 'reserved'}"
    return (
        f"{line.shot} take {line.take}, of an earlier version of the shot, is "
        f"{line.standing.value}: {money}. `storyboard resume` brings it home."
    )


def _flying(take: PlannedTake) -> tuple[str, ...]:
    price = dollars(take.holding.cost)
    if take.holding.paid:
        return (
            f"{price} is paid, and the clip is not here yet.",
            "The next render fetches it, and so does `storyboard resume`: nothing is paid again.",
        )
    return (
        f"{_sent(take)}; {price} is reserved, and paid once it comes.",
        "A render that runs brings it home; where none does, `storyboard resume` will.",
    )


def _unknown(take: PlannedTake) -> tuple[str, ...]:
    return (
        f"{_sent(take)}, and the answer was lost: {dollars(take.holding.cost)} may have been "
        "charged. It is not sent again by itself.",
        "`storyboard resume` looks for it once more.",
        _decided(take),
    )


def _lost(take: PlannedTake) -> tuple[str, ...]:
    paid = "was paid" if take.holding.paid else "may have been charged"
    return (
        f"{dollars(take.holding.cost)} {paid}, and there is no clip, here or at the service. It is "
        "not bought again by itself.",
        _decided(take),
    )


def _decided(take: PlannedTake) -> str:
    shot = shlex.quote(take.shot)
    return (
        f"Then you decide: `storyboard resolve --resubmit {shot}` lets it be paid again, "
        f"`storyboard resolve --abandon {shot}` gives it up."
    )


def _claimed(take: PlannedTake) -> tuple[str, ...]:
    shot = shlex.quote(take.shot)
    return (
        "Another machine that shares the media place buys it. It comes here by itself, and costs "
        "nothing here.",
        f"Where that machine is gone for good, `storyboard resolve --take-over {shot}`.",
    )


def _failed(take: PlannedTake) -> tuple[str, ...]:
    return (
        *_reason(take),
        f"{_charged(take)} The next render sends it again, for {dollars(take.price_microusd)}."
        if take.buys
        else _charged(take),
    )


def _refused(take: PlannedTake) -> tuple[str, ...]:
    if take.buys:
        return _failed(take)
    again = f"`storyboard render --retry --only {shlex.quote(take.shot)}`"
    return (
        *_reason(take),
        f"{_charged(take)} The same is not sent again by itself: change the prompt or its "
        f"pictures, or send it once more with {again}.",
    )


def _reason(take: PlannedTake) -> tuple[str, ...]:
    words = take.holding.detail.strip().rstrip(".")
    return (f"{words[0].upper()}{words[1:]}.",) if words else ()


def _charged(take: PlannedTake) -> str:
    held = take.holding
    if held.cost and held.paid:
        return f"It cost {dollars(held.cost)}."
    return f"{dollars(held.cost)} may have been charged." if held.cost else "Nothing was charged."


def _sent(take: PlannedTake) -> str:
    since = take.holding.since
    return "Sent" if since is None else f"Sent {datetime.fromtimestamp(since):%Y-%m-%d %H:%M}"


_SENTENCES: dict[Standing, Callable[[PlannedTake], tuple[str, ...]]] = {
    Standing.FLYING: _flying,
    Standing.UNKNOWN: _unknown,
    Standing.LOST: _lost,
    Standing.CLAIMED: _claimed,
    Standing.FAILED: _failed,
    Standing.REFUSED: _refused,
}
