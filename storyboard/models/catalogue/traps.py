"""Endpoints that are no rows, and why: most make a clip that is paid for and does not end on its
end frame. Each with the nearest row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

_NO_END = "has no end frame"
_IGNORES = "accepts an end frame and ignores it: the clip is paid for, and ends anywhere"


@dataclass(frozen=True, slots=True)
class Trap:
    """An endpoint, or a family of them, that is refused by name."""

    endpoints: tuple[str, ...]
    """Those that begin so; those that are so where it ends with `$`."""
    names: tuple[str, ...]
    """What people call it."""
    reason: str
    instead: str
    """The alias of the nearest row."""
    kind: Literal["no end frame", "not established"] = "no end frame"

    def means(self, name: str) -> bool:
        """Whether it is called so."""
        plain = name.strip().casefold()
        return plain in self.names or any(
            plain == own[:-1] if own.endswith("$") else plain.startswith(own)
            for own in self.endpoints
        )


_K = "fal-ai/kling-video/"
TRAPS = (
    Trap((f"{_K}v3/turbo/",), ("kling-v3-turbo", "kling-3-turbo"), _NO_END, "kling-v3-standard"),
    Trap(
        (f"{_K}v2.5-turbo/standard/",),
        ("kling-v2.5-turbo", "kling-v2.5-turbo-standard"),
        _NO_END,
        "kling-v2.5-turbo-pro",
    ),
    Trap(
        (f"{_K}v2.1/standard/", f"{_K}v2.1/master/"),
        ("kling-v2.1", "kling-v2.1-standard", "kling-v2.1-master"),
        _NO_END,
        "kling-v2.1-pro",
    ),
    Trap(
        ("fal-ai/bytedance/seedance/v1/",),
        ("seedance-1", "seedance-1-pro", "seedance-1-pro-fast", "seedance-v1-pro"),
        _IGNORES,
        "seedance-1.5-pro",
    ),
    Trap(
        ("fal-ai/minimax/hailuo-2.3",),
        ("hailuo-2.3", "hailuo-2.3-standard", "hailuo-2.3-pro", "hailuo-2.3-fast"),
        _NO_END,
        "hailuo-02-standard",
    ),
    Trap(("xai/grok-imagine-video",), ("grok-imagine", "grok"), _NO_END, "h3"),
    Trap(("alibaba/happy-horse", "fal-ai/happy-horse"), ("happy-horse",), _NO_END, "wan-3"),
    Trap(("fal-ai/pika/v2.2/image-to-video",), ("pika-2.2", "pika"), _NO_END, "pixverse-6"),
    Trap(
        (
            "fal-ai/veo3.1/image-to-video$",
            "fal-ai/veo3.1/fast/image-to-video$",
            "fal-ai/veo3.1/lite/image-to-video$",
            "fal-ai/veo3/",
            "fal-ai/veo2/",
        ),
        ("veo-3", "veo3", "veo-2", "veo2"),
        _NO_END,
        "veo-3.1",
    ),
    Trap(
        ("fal-ai/wan-25-preview/", "fal-ai/wan/v2.5", "fal-ai/wan/v2.6", "wan/v2.6/"),
        ("wan-2.5", "wan-2.6"),
        _NO_END,
        "wan-2.7",
    ),
    Trap(
        ("blackforestlabs/flux-3/image-to-video",),
        ("flux-3-image-to-video",),
        _NO_END,
        "flux-3",
    ),
    Trap(
        (f"{_K}v4/", "kling/v4/"),
        ("kling-v4", "kling-4"),
        "is announced, and whether its API is open is not known",
        "kling-v3-pro",
        kind="not established",
    ),
    Trap(
        ("blackforestlabs/flux-3-max/",),
        ("flux-3-max",),
        "is known from resellers alone, who disagree about its arguments and its price",
        "flux-3",
        kind="not established",
    ),
)


def trapped(name: str) -> str:
    """Why nothing is bought of what is called so, and what to use instead; empty: it is no trap."""
    found = next((trap for trap in TRAPS if trap.means(name)), None)
    return f"{name} {found.reason}; the nearest is {found.instead}" if found else ""
