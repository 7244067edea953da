"""Rendering in an `asyncio` program."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import storyboard
from storyboard.errors import Interrupted
from storyboard.events import Encoding, Event, State, TakeChanged
from storyboard.testing import FakeService
from tests.boards import board
from tests.workflows.test_render import QUICK, SMALL


def test_awaited_it_is_the_same_film(tmp_path: Path) -> None:
    """A file of the user's own loop goes on while it is made."""
    film = asyncio.run(
        storyboard.render_async(board(tmp_path, keyframes=2), draft=True, finish=SMALL)
    )
    assert film.complete
    assert film.path.exists()


def test_a_cancelled_task_stops_like_ctrl_c(tmp_path: Path) -> None:
    """What is being sent is finished and recorded, the rest is not sent; it is found again."""
    film = board(tmp_path, keyframes=4)

    async def cancelled() -> BaseException | None:
        loop, sending = asyncio.get_running_loop(), asyncio.Event()

        def hear(event: Event) -> None:
            if isinstance(event, TakeChanged) and event.state is State.SENDING:
                loop.call_soon_threadsafe(sending.set)

        task = asyncio.create_task(
            storyboard.render_async(
                film, max_cost="$2", jobs=1, listener=hear, pace=QUICK, finish=SMALL
            )
        )
        await sending.wait()
        task.cancel()
        task.cancel()  # the second one changes nothing
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        return caught.value.__cause__

    with FakeService() as service, service.applied():
        cause = asyncio.run(cancelled())
        assert len(service.paid) == 1
        assert isinstance(cause, Interrupted)
        assert [going.shot for going in cause.going] in ([], ["sh010"])
        again = storyboard.render(film, max_cost="$2", pace=QUICK, finish=SMALL)
        assert again.complete
        assert len(service.paid) == 3


def test_cancelled_while_the_film_is_written(tmp_path: Path) -> None:
    """No film appears, and what was drawn is kept."""
    film = board(tmp_path, keyframes=2)

    async def cancelled() -> BaseException | None:
        loop, drawn = asyncio.get_running_loop(), asyncio.Event()

        def hear(event: Event) -> None:
            if isinstance(event, (TakeChanged, Encoding)):
                done = not isinstance(event, TakeChanged) or event.state is State.DONE
                if done:
                    loop.call_soon_threadsafe(drawn.set)

        task = asyncio.create_task(
            storyboard.render_async(film, draft=True, listener=hear, finish=SMALL)
        )
        await drawn.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        return caught.value.__cause__

    assert isinstance(asyncio.run(cancelled()), Interrupted)
    assert not film.with_suffix(".draft.preview.mp4").exists()


def test_a_mistake_is_raised_as_it_is(tmp_path: Path) -> None:
    """Errors of `render` come out of the await."""
    with pytest.raises(storyboard.InvalidStoryboard):
        asyncio.run(storyboard.render_async(tmp_path / "gone.yaml"))
    with pytest.raises(storyboard.StoryboardError, match="write max_cost"):
        asyncio.run(storyboard.render_async(tmp_path / "gone.yaml", max_cost=2.0))
