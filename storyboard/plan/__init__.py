"""The plan: what each shot asks for, what it costs, and what is there already. Pure.

briefs      what each shot asks of its model
values      takes, shots, scenes, the plan
planning    putting it together
covering    which shots a purchase covers
remarks     what is worth knowing before paying
data        the same for other programs
"""

from storyboard.plan.briefs import brief, draft_size
from storyboard.plan.data import as_data
from storyboard.plan.planning import nothing, plan
from storyboard.plan.values import (
    Plan,
    PlannedScene,
    PlannedShot,
    PlannedTake,
    Purchase,
    transition_frames,
)
from storyboard.takes import AFTER_REFUSAL, Earlier, Held, Holding, Standing

__all__ = [
    "AFTER_REFUSAL",
    "Earlier",
    "Held",
    "Holding",
    "Plan",
    "PlannedScene",
    "PlannedShot",
    "PlannedTake",
    "Purchase",
    "Standing",
    "as_data",
    "brief",
    "draft_size",
    "nothing",
    "plan",
    "transition_frames",
]
