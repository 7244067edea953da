"""A clip of one's own, taken into the store: free, by any worker, as often as it likes.

The file is copied, and checked like any other clip; its own stays where it is.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from storyboard import files, workers
from storyboard.errors import MediaError
from storyboard.generating.checking import check_clip, see_nothing
from storyboard.video.rewrap import container_of

if TYPE_CHECKING:
    from concurrent.futures import Future

    from storyboard.generating.checking import Checked, Examine
    from storyboard.generating.conductor import Conductor
    from storyboard.generating.order import Order
    from storyboard.loading.own_clip import OwnClip


def begun(conductor: Conductor, order: Order, part: Path) -> Future[Checked]:
    """Have the clip of an order copied into this file, and checked."""
    clip = _clip(conductor, order)
    return workers.submit(conductor.workers, brought_in, clip, part, conductor.examine)


def about(conductor: Conductor, order: Order) -> dict[str, bool | str]:
    """What the note of a clip of one's own says."""
    return {"adopted": True, "clip": _clip(conductor, order).name}


def _clip(conductor: Conductor, order: Order) -> OwnClip:
    shots = conductor.plan.storyboard.shots
    return next(shot.clip for shot in shots if shot.id == order.shot and shot.clip)


def brought_in(clip: OwnClip, part: Path, examine: Examine) -> Checked:
    """A copy of a clip, checked; MediaError where it is no clip, or another one by now."""
    with files.appearing(part) as coming:
        _copy(clip, coming)
        if files.sha256(coming) != clip.sha256:
            raise MediaError(f"{clip.name} has changed since it was read; run the command again")
    return _checked(clip, part, examine)


def look_at(clip: OwnClip) -> None:
    """Find out whether a clip can be taken in; MediaError where it can't. Leaves nothing behind."""
    with TemporaryDirectory(prefix="storyboard-") as folder:
        part = clip.path
        if container_of(part):  # it is put into another container, beside it
            part = Path(folder) / "clip"
            _copy(clip, part)
        _checked(clip, part, see_nothing)


def _copy(clip: OwnClip, part: Path) -> None:
    try:
        shutil.copyfile(clip.path, part)
    except OSError as cause:
        raise MediaError(f"{clip.name} can't be copied ({cause.strerror or cause})") from cause


def _checked(clip: OwnClip, part: Path, examine: Examine) -> Checked:
    try:
        return check_clip(part, examine, strict=False)
    except MediaError as cause:
        raise MediaError(str(cause).replace(str(part), clip.name)) from cause
