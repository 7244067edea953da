"""Checking a clip before it is a take: decoded from end to end, and looked at. On any worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.video.probing import check, inspect
from storyboard.video.rewrap import container_of, rewrapped

if TYPE_CHECKING:
    from storyboard.video.probing import VideoFacts

Examine = Callable[[Path], Sequence[str]]
"""Looks at a take's pictures; gives what is odd about them, in words."""


def see_nothing(_clip: Path) -> Sequence[str]:
    """The Examine that does not look."""
    return ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A whole clip as the store keeps it."""

    part: Path
    """The file that came."""
    clip: Path
    """The file that is kept: the same, or its packets or pictures in another one."""
    facts: VideoFacts
    damage: tuple[str, ...] = ()
    """What is odd about its file."""
    odd: tuple[str, ...] = ()
    """What is odd about its pictures."""


def check_clip(part: Path, examine: Examine = see_nothing, *, strict: bool = True) -> Checked:
    """Check a clip; `MediaError` where it can't be decoded from the first frame to the last.

    Unless `strict`, a decoder may complain of some frames: that is odd, and no more.
    """
    damage = []
    clip = part
    kind = container_of(part)
    if kind is not None:
        clip, how = rewrapped(part, kind, strict=strict)
        damage.append(how)
    facts, complaints = _facts(clip, strict=strict)
    return Checked(part, clip, facts, (*damage, *complaints), tuple(examine(clip)))


def _facts(clip: Path, *, strict: bool) -> tuple[VideoFacts, tuple[str, ...]]:
    if strict:
        return check(clip), ()
    facts, damaged = inspect(clip)
    if not damaged:
        return facts, ()
    return facts, (f"{damaged} of {facts.frames} frames are decoded with errors",)
