"""The plan: what each shot asks for, what it costs, and what is there already. Pure.

keys        what is sent, and what it is called
values      takes, shots, scenes, the plan
planning    putting it together
sharing     shots that ask for the very same
remarks     what is worth knowing before paying
data        the same for other programs
"""

from storyboard.plan.data import as_data
from storyboard.plan.keys import KEY_VERSION, Request, draft_size, key_of, request
from storyboard.plan.planning import nothing, plan
from storyboard.plan.values import (
    Plan,
    PlannedScene,
    PlannedShot,
    PlannedTake,
    transition_frames,
)
from storyboard.takes import AFTER_REFUSAL, Earlier, Held, Holding, Standing

__all__ = [
    "AFTER_REFUSAL",
    "KEY_VERSION",
    "Earlier",
    "Held",
    "Holding",
    "Plan",
    "PlannedScene",
    "PlannedShot",
    "PlannedTake",
    "Request",
    "Standing",
    "as_data",
    "draft_size",
    "key_of",
    "nothing",
    "plan",
    "request",
    "transition_frames",
]
