"""Rendering in an `asyncio` program: awaited, and stopped as Ctrl-C stops it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from storyboard.generating.scheduler import Stop
from storyboard.generating.terms import USUAL_RUN, Run
from storyboard.workflows.film_steps import until_stopped
from storyboard.workflows.render import render

if TYPE_CHECKING:
    from storyboard.loading.checked import CheckedStoryboard
    from storyboard.loading.sources import Source
    from storyboard.workflows.film_steps import AnyOutput, Film


async def render_async(
    storyboard: CheckedStoryboard | Source,
    output: AnyOutput = None,
    *,
    run: Run = USUAL_RUN,
    **options: Any,
) -> Film:
    """Make the film of a storyboard in a thread of its own; takes what `render` takes.

    Cancelling the task stops it as Ctrl-C does: what is being sent is finished and recorded, the
    rest is not sent, and then `CancelledError` comes, whose `__cause__` (an `Interrupted`) lists
    what goes on at the service. The listener hears events in other threads than the loop's.
    """
    given = {name: options.pop(name) for name in Run.__dataclass_fields__ if name in options}
    run = run.but(given)  # type: ignore[arg-type]
    stop = Stop() if run.stop is None else run.stop
    run = run.but({"stop": stop, "listener": until_stopped(stop, run.listener)})
    work = asyncio.ensure_future(asyncio.to_thread(render, storyboard, output, run=run, **options))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError as cancelled:
        stop.wish()
        raise cancelled from await _ended(work)


async def _ended(work: asyncio.Future[Film]) -> Exception | None:
    """How the work ended, however often its task is cancelled until then."""
    while not work.done():
        try:
            await asyncio.wait([work])
        except asyncio.CancelledError:
            continue
    error = work.exception()
    return error if isinstance(error, Exception) else None
