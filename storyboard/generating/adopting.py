"""A clip of one's own, taken into the store: free, by any worker, as often as it likes.

The file is copied, and checked like any other clip; its own stays where it is.
"""

from __future__ import annotations

import secrets
import shutil
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from storyboard import files, workers
from storyboard.clock import REAL
from storyboard.errors import MediaError
from storyboard.generating.checking import check_clip, see_nothing
from storyboard.loading.own_clip import OWN_CLIP
from storyboard.models.table import OWN
from storyboard.video.rewrap import container_of

if TYPE_CHECKING:
    from concurrent.futures import Future

    from storyboard.clock import Clockwork
    from storyboard.generating.checking import Checked, Examine
    from storyboard.generating.conductor import Conductor
    from storyboard.generating.order import Order
    from storyboard.loading.own_clip import OwnClip
    from storyboard.store import Store


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


def take_in(
    clip: OwnClip, store: Store, *, examine: Examine, clock: Clockwork = REAL
) -> tuple[str, ...]:
    """Take a clip into the store that is no shot's; gives what is odd about it.

    MediaError where it is none, FileTrouble where it can't be read, or the store not written.
    """
    store.prepare(pays=False)
    part = store.part(f"{clip.key}.{secrets.token_hex(4)}")
    try:
        seen = brought_in(clip, part, examine)
        odd = (*seen.damage, *seen.odd)
        note = {
            "key": clip.key,
            "model": OWN.alias,
            "request": clip.request(Fraction(0)).canonical(OWN_CLIP),
            "take": OWN_CLIP,
            "made_at": clock.time(),
            "odd": list(odd),
            "adopted": True,
            "clip": clip.name,
        }
        store.keep(clip.key, seen.clip, note)
    finally:
        part.unlink(missing_ok=True)
    return odd


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
