"""The shot's clock: how far the camera has travelled at each frame."""

from __future__ import annotations

from collections.abc import Iterator


def progress(count: int, *, eases_in: bool = False, eases_out: bool = False) -> Iterator[float]:
    """Yield `count` times from 0 to 1, one a frame.

    At a join the speed is one shot per shot length, so neighbouring shots meet without a
    stop; an eased end starts or comes to rest.
    """
    last = max(count - 1, 1)
    for frame in range(count):
        yield eased(frame / last, eases_in=eases_in, eases_out=eases_out)


def eased(time: float, *, eases_in: bool, eases_out: bool) -> float:
    """Place `time` (0..1) on the cubic from 0 to 1 with the slope 0 or 1 at each end."""
    slope_in = 0.0 if eases_in else 1.0
    slope_out = 0.0 if eases_out else 1.0
    rise = time * time * (3 - 2 * time)
    leave = time * (1 - time) ** 2
    arrive = time * time * (time - 1)
    return rise + slope_in * leave + slope_out * arrive
