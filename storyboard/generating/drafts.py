"""One draft take: drawn by any worker, free, through the same store as the paid ones.

`drawn` is a module-level function of paths and plain data, so that it runs in another process, and
running it twice does no harm. Only a thread can say how far it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from storyboard import draft, workers
from storyboard.errors import MediaError
from storyboard.events import State
from storyboard.files import appearing
from storyboard.generating.checking import check_clip
from storyboard.images.developing import develop
from storyboard.images.fitting import fit as fit_
from storyboard.images.parts import PictureError
from storyboard.units.sizes import Size
from storyboard.units.timing import whole
from storyboard.video.recipes import QUICK
from storyboard.video.writer import write

if TYPE_CHECKING:
    from concurrent.futures import Future

    from av.video.frame import VideoFrame

    from storyboard.generating.checking import Checked, Examine
    from storyboard.generating.conductor import Conductor
    from storyboard.generating.order import Order
    from storyboard.images.still import PreparedStill
    from storyboard.models.request import Request
    from storyboard.units.sizes import Fit

STEPS = 50
"""How often a drawing says how far it is."""

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that drawing a draft needs."""

    start: PreparedStill
    end: PreparedStill | None
    frames: int
    rate: Fraction
    size: Size
    fit: Fit
    background: str
    eases_in: bool
    eases_out: bool
    path: Path


def begun(conductor: Conductor, order: Order, part: Path) -> Future[Checked]:
    """Have a draft take drawn into this file."""
    conductor.say(order, State.DRAWING)
    told = partial(_tell, conductor, order)
    return workers.submit(
        conductor.workers,
        drawn,
        drawing(order.request, part),
        conductor.examine,
        told if isinstance(conductor.workers, ThreadPoolExecutor) else None,
    )


def about(_conductor: Conductor, _order: Order) -> dict[str, bool]:
    """What the note of a draft says."""
    return {"draft": True}


def _tell(conductor: Conductor, order: Order, done: int, frames: int) -> None:
    """Say how far a drawing is, as often as somebody would notice."""
    if done * STEPS // frames > (done - 1) * STEPS // frames:
        conductor.say(order, State.DRAWING, fraction=done / frames)


def drawing(wanted: Request, path: Path) -> Drawing:
    """What has to be drawn for a request.

    One frame more than its length: like the paid models' clips, it ends on the frame that the
    next shot begins with.
    """
    asked = wanted.arguments
    rate = Fraction(asked["rate"])
    stills = {wanted.parts[name]: still for name, still in wanted.pictures.items()}
    return Drawing(
        start=stills["start"],
        end=stills.get("end"),
        frames=whole(Fraction(asked["duration"]) * rate) + 1,
        rate=rate,
        size=Size.parse(asked["size"]),
        fit=asked["fit"],
        background=asked["background"],
        eases_in=asked["eases_in"],
        eases_out=asked["eases_out"],
        path=path,
    )


def drawn(order: Drawing, examine: Examine, told: Told | None = None) -> Checked:
    """Draw a draft, and check it where it was drawn."""
    return check_clip(draw(order, told), examine)


def draw(order: Drawing, told: Told | None = None) -> Path:
    """Draw a draft's frames and encode them; gives the file's path.

    `told` hears how many frames are drawn, of how many.
    """
    start = _picture(order.start, order)
    end = _picture(order.end, order) if order.end else None
    frames = _counted(_frames(start, end, order), order.frames, told)
    with appearing(order.path) as coming:  # somebody else may be taken for lost, and at it as well
        write(coming, frames, rate=order.rate, size=order.size, recipe=QUICK)
    return order.path


def _frames(
    start: draft.Picture, end: draft.Picture | None, order: Drawing
) -> Iterator[VideoFrame]:
    eases = {"eases_in": order.eases_in, "eases_out": order.eases_out}
    return draft.stored_frames(start, end, order.frames, **eases)


def _counted(frames: Iterator[VideoFrame], total: int, told: Told | None) -> Iterator[VideoFrame]:
    for done, frame in enumerate(frames, start=1):
        if told is not None:
            told(done, total)
        yield frame


def _picture(prepared: PreparedStill, order: Drawing) -> draft.Picture:
    try:
        image = develop(prepared.still.read(), prepared.recipe)
        size = (order.size.width, order.size.height)
        fitted = fit_(image, size, order.fit, background=order.background)
    except PictureError as error:
        raise MediaError(f"{prepared.still.name}: {error}") from error
    return np.asarray(fitted)
