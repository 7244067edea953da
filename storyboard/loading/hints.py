"""What is worth knowing before paying: written by no mistake, and probably not meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from storyboard.errors import Mistake
from storyboard.models.price import free
from storyboard.safe_text import inert

if TYPE_CHECKING:
    from storyboard.images.still import PreparedStill
    from storyboard.loading.checked import CheckedScene, CheckedShot
    from storyboard.loading.tree import Tree

PLACEHOLDER = "The camera moves slowly on"
"""The prompt that `new` writes for every shot, until somebody says what happens in it."""

MUCH = 0.25
"""The share of a picture's width or height from which on cutting it off is remarked on."""


def remarks(scenes: Sequence[CheckedScene]) -> tuple[Mistake, ...]:
    """About the prompts and pictures of these scenes, each at its line."""
    shots = [shot for scene in scenes for shot in scene.shots]
    paid = [shot for shot in shots if not free(shot.model.tariff)]
    every = (prepared for shot in shots for prepared in (shot.start, shot.end) if prepared)
    jumps = (jump for scene in scenes for jump in _jumps(scene))
    return (*_placeholders(paid), *_twins(paid), *dict.fromkeys(_cut_off(every)), *jumps)


def unused(written: Tree) -> Iterator[Mistake]:
    """Variables with a value that stands nowhere."""
    for name in written.idle:
        message = f"is used nowhere; write ${{{name}}} where its value belongs"
        yield written.mistake(("variables", name), message, of_key=True)


def _placeholders(shots: Sequence[CheckedShot]) -> Iterator[Mistake]:
    """One remark for all shots whose prompt nobody has written yet."""
    left = [shot for shot in shots if shot.words.rstrip(".") == PLACEHOLDER]
    if left:
        others = f", and {len(left) - 1} more have it" if len(left) > 1 else ""
        message = f"the prompt is what `new` wrote{others}; say what happens before it is bought"
        yield Mistake(left[0].places["prompt"], left[0].id, message)


def _twins(shots: Sequence[CheckedShot]) -> Iterator[Mistake]:
    """Shots that end on the very picture they start on."""
    for shot in shots:
        if shot.end and shot.end.digest == shot.start.digest:
            message = "starts and ends on the same picture; name another one if that is not meant"
            yield Mistake(shot.places["end"], shot.id, message)


def _jumps(scene: CheckedScene) -> Iterator[Mistake]:
    """Seams at which a crop would jump, because a shot has its own focus."""
    for before, after in pairwise(scene.shots):
        if before.focus[1] != after.focus[0]:
            message = (
                f"its focus begins at {after.focus[0]}, where {before.id} ends at "
                f"{before.focus[1]}: where pictures are cropped, the frame jumps at the seam; "
                "give the keyframe the focus instead"
            )
            yield Mistake(after.places["shot"], after.id, message)


def _cut_off(every: Iterable[PreparedStill]) -> Iterator[Mistake]:
    """Pictures of which `fit: cover` leaves little."""
    for prepared in every:
        lost = prepared.recipe.cut_off(prepared.still.facts)
        share, side = max((lost[0], "width"), (lost[1], "height"))
        if share > MUCH:
            message = (
                f"{prepared.still.name} loses {share:.0%} of its {side} to fit: cover; "
                "fit: blur or contain keeps all of it"
            )
            yield Mistake(prepared.still.place, "image", inert(message))
