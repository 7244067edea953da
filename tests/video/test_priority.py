"""No encoder changes how this program, or one that it starts, is scheduled."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from storyboard.units.sizes import Size
from storyboard.video.priority import unchanged_priority
from storyboard.video.recipes import RECIPES
from storyboard.video.writer import write

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads can be seen on Linux")


def policies() -> dict[int, int]:
    """How each thread of this program is scheduled."""
    threads = (int(one.name) for one in Path("/proc/self/task").iterdir())
    return {thread: os.sched_getscheduler(thread) for thread in threads}


@pytest.mark.parametrize("codec", [name for name in RECIPES if name != "gif"])
def test_an_encoder_runs_as_its_caller_does(codec: str, tmp_path: Path) -> None:
    """While it encodes and afterwards, in all of its threads."""
    seen: list[set[int]] = []

    def frames() -> Iterator[np.ndarray]:
        for number in range(8):
            seen.append(set(policies().values()))
            yield np.full((144, 256, 3), number * 9, np.uint8)

    path = tmp_path / f"film.{RECIPES[codec].container}"
    write(path, frames(), rate=Fraction(24), size=Size(256, 144), recipe=RECIPES[codec], threads=2)
    own = os.sched_getscheduler(0)
    assert seen[-1] == {own}
    assert set(policies().values()) == {own}


@pytest.mark.skipif(sys.platform == "linux" and os.geteuid() != 0, reason="root may raise it")
def test_what_changed_is_put_back_and_what_did_not_is_left() -> None:
    """A thread that was at real time before stays so; one that became so goes back."""
    done, ready = threading.Event(), threading.Event()

    def sleeper() -> None:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        ready.set()
        done.wait()

    chosen = threading.Thread(target=sleeper)
    chosen.start()
    ready.wait()
    before = policies()
    try:
        with unchanged_priority():
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        assert policies() == before
        assert before[chosen.native_id or 0] == os.SCHED_FIFO
    finally:
        done.set()
        chosen.join()
