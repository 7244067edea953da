"""Taking over what another machine is buying, where that machine is gone: the user decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.accounting.resolving import Resolved
from storyboard.depot.claims import me, said_of
from storyboard.errors import StoryboardError
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from storyboard.depot.claims import Claim
    from storyboard.planning.planned import Plan, PlannedTake
    from storyboard.store import Store


def take_over(
    store: Store, plan: Plan, shot: str, *, take: int | None = None, even_so: bool = False
) -> list[Resolved]:
    """End the claims of other machines on a shot's takes; the next render may buy them.

    With `even_so` alone: it is the yes to the price and the risk, which are said without it.
    Nothing is sent. StoryboardError where nobody else is buying any of them.
    """
    claims = {claim.key: claim for claim in store.claimed_elsewhere()}
    wanted = [one for found in plan.shots if found.id == shot for one in found.takes]
    held = [one for one in wanted if one.key in claims and take in (None, one.number)]
    if not held:
        raise StoryboardError(
            f"no other machine is buying {shot}; `storyboard status` shows how its takes stand"
        )
    return [_taken(store, shot, one, claims[one.key], even_so=even_so) for one in held]


def _taken(store: Store, shot: str, take: PlannedTake, claim: Claim, *, even_so: bool) -> Resolved:
    said = said_of(claim, now=store.clock.time())
    if not even_so:
        words = (
            f"nothing decided: it is {said}; it may have been sent and paid there, and "
            f"{dollars(claim.price)} would be paid a second time. `even_so=True` takes it over"
        )
        return Resolved(shot, take.number, words, undecided=True, covers=(shot,))
    if store.claims is None or not store.claims.end(
        claim, f"taken over by {me()}", lost=claim.price
    ):
        words = "that ended in the meantime; nothing decided"
        return Resolved(shot, take.number, words, undecided=True, covers=(shot,))
    words = "is no longer waited for; the next render prices and sends it"
    return Resolved(shot, take.number, words, covers=(shot,))
