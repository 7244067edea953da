"""Before paying: everything that can be known before paying is known, and said, before it.

inputs      the storyboard's pictures, clips and sounds, decoded, and the letters of its words
seen        what was decoded before and need not be again
still_facts what pictures are, known by their bytes
outputs     the names and folders of what will be written, and room for it

`looked_over` is about the storyboard, and says it at its line: every command that leads to a film
calls it. `refuse_too_big` is about a plan, `refuse_outputs` and `refuse_full_disk` about one
render.
"""

from storyboard.workflows.preflight.inputs import looked_over, refuse_too_big
from storyboard.workflows.preflight.outputs import (
    guarded,
    kept_from,
    refuse_full_disk,
    refuse_outputs,
)
from storyboard.workflows.preflight.seen import Seen
from storyboard.workflows.preflight.still_facts import StillFacts

__all__ = [
    "Seen",
    "StillFacts",
    "guarded",
    "kept_from",
    "looked_over",
    "refuse_full_disk",
    "refuse_outputs",
    "refuse_too_big",
]
