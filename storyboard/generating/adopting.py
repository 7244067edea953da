"""A clip of one's own, taken into the store: free, by any worker, as often as it likes.

The file is copied, and checked like any other clip; its own stays where it is.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import files, workers
from storyboard.errors import MediaError, StoryboardError
from storyboard.events import State
from storyboard.generating.checking import check_clip
from storyboard.generating.scheduler import FINISHED, Next

if TYPE_CHECKING:
    from concurrent.futures import Future

    from storyboard.generating.checking import Checked, Examine
    from storyboard.generating.conductor import Conductor
    from storyboard.generating.order import Order
    from storyboard.loading.own_clip import OwnClip


@dataclass(slots=True)
class Adoption:
    """A clip of one's own. Its methods are steps of the engine."""

    conductor: Conductor
    order: Order

    def begin(self) -> Next:
        """Have it copied and checked, unless it is there."""
        if self.conductor.store.has(self.order.key):
            self.conductor.say(self.order, State.REUSED)
            return FINISHED
        clip, part = (
            self._clip(),
            self.conductor.store.part(f"{self.order.key}.{self.conductor.run[:8]}"),
        )
        coming = workers.submit(
            self.conductor.workers, brought_in, clip, part, self.conductor.examine
        )
        return Next(partial(self.end, coming, part), on=coming)

    def end(self, coming: Future[Checked], part: Path) -> Next:
        """Keep what was copied."""
        try:
            if coming.cancelled() and self.conductor.stop:
                return Next(self.begin)  # in another run
            about = {"adopted": True, "cost": 0, "clip": self._clip().name}
            self.conductor.keep(self.order, workers.result(coming), about)
        except StoryboardError as error:
            self.conductor.fail(self.order, error)
            return FINISHED
        finally:
            part.unlink(missing_ok=True)
        self.conductor.say(self.order, State.DONE)
        return FINISHED

    def _clip(self) -> OwnClip:
        shots = self.conductor.plan.storyboard.shots
        return next(shot.clip for shot in shots if shot.id == self.order.shot and shot.clip)


def brought_in(clip: OwnClip, part: Path, examine: Examine) -> Checked:
    """A copy of a clip, checked; MediaError where it is no clip, or another one by now."""
    try:
        shutil.copyfile(clip.path, part)
    except OSError as cause:
        raise MediaError(f"{clip.name} can't be copied ({cause.strerror or cause})") from cause
    if files.sha256(part) != clip.sha256:
        raise MediaError(f"{clip.name} has changed since it was read; run the command again")
    try:
        return check_clip(part, examine, strict=False)
    except MediaError as cause:
        raise MediaError(str(cause).replace(str(part), clip.name)) from cause
