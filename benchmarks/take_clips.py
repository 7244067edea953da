"""Sound clips, as takes may look: drafts between keyframes, and a camera's ways over pictures.

Each picture gets some of the variants, so that all of them come up. A clip begins and ends on its
keyframes: its own first and last frame, before they are encoded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from storyboard import draft
from storyboard.reviewing.measure import Picture
from storyboard.units.sizes import Size

EXAMPLES = Path(__file__).parents[1] / "examples"
SECONDS = Fraction(5, 2)
WIDE, TALL = Size(480, 270), Size(270, 480)

Frames = list[Picture]
Pose = tuple[float, float, float]
"""Where a camera looks, across and down, and what part of the picture it sees."""


@dataclass(frozen=True, slots=True)
class Variant:
    """How a clip is made of a picture."""

    way: str
    look: str = ""
    size: Size = WIDE
    rate: int = 24

    @property
    def name(self) -> str:
        """For a line of a table."""
        rate = f"{self.rate} fps" if self.rate != 24 else ""
        shape = "portrait" if self.size == TALL else ""
        return ", ".join(filter(None, (self.way, self.look, rate, shape)))


VARIANTS = (
    Variant("slow pan"),
    Variant("fast pan"),
    Variant("closer"),
    Variant("a hand's"),
    Variant("whip pan"),
    Variant("running"),
    Variant("tripod", "with a ball"),
    Variant("on twos", "with a ball"),
    Variant("slow pan", "low light"),
    Variant("a hand's", "low light"),
    Variant("slow pan", "letterboxed"),
    Variant("fast pan", "letterboxed"),
    Variant("closer", "dusk falls"),
    Variant("slow pan", "into another picture"),
    Variant("closer", "words come"),
    Variant("slow pan", "with a ball", WIDE, 16),
    Variant("a hand's", "", WIDE, 16),
    Variant("fast pan", "with a ball", WIDE, 60),
    Variant("closer", "", TALL),
    Variant("running", "with a ball", TALL),
)
_OF_EACH = 2
"""Variants of a picture, without `every`."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A sound clip of one picture, or between two of an example."""

    picture: str
    other: str
    """The end of a draft; else what is shown where something else is asked for."""
    number: int
    """Of the picture: even ones are those that limits are chosen on, odd ones those reported."""
    variant: Variant | None = None
    """None: a draft from the picture to the other one."""

    @property
    def name(self) -> str:
        """For a line of a table."""
        own = Path(self.picture)
        where = f"{own.parents[1].name} {own.stem}" if EXAMPLES in own.parents else own.stem
        return f"{where}, {self.kind}"

    @property
    def kind(self) -> str:
        """How it is made."""
        return self.variant.name if self.variant else "a draft"

    @property
    def size(self) -> Size:
        """Of its frames."""
        return self.variant.size if self.variant else WIDE

    @property
    def rate(self) -> Fraction:
        """Frames a second."""
        return Fraction(self.variant.rate if self.variant else 24)

    def frames(self) -> Frames:
        """Its pictures."""
        count = round(SECONDS * self.rate) + 1
        if self.variant is None:
            ends = (picture(one, self.size) for one in (self.picture, self.other))
            return list(draft.frames(*ends, count, eases_in=True, eases_out=True))
        poses = WAYS[self.variant.way](count)
        large = picture(self.picture, self.size, over=2.0)
        seen = [_looked_at(large, pose, self.size) for pose in poses]
        return LOOKS[self.variant.look](seen, picture(self.other, self.size))

    def stranger(self) -> Picture:
        """Something else: what it does not show itself, and no picture in another light."""
        if self.variant is not None and self.variant.look != "into another picture":
            return picture(self.other, self.size)
        film = "four-seasons" if "push-in" in self.picture else "push-in"
        return picture(str(min((EXAMPLES / film / "frames").glob("*.png"))), self.size)


def clips(folders: Sequence[Path], *, every: bool = False) -> Iterator[Clip]:
    """Every sound clip; with `every`, all variants of each picture."""
    number = 0
    for film in sorted(EXAMPLES.glob("*/frames")):
        for one, other in pairwise(sorted(map(str, film.glob("*.png")))):
            yield Clip(one, other, number)
            number += 1
    found = sorted(str(p) for f in folders for p in f.iterdir() if p.suffix in (".png", ".jpg"))
    count = len(VARIANTS) if every else _OF_EACH
    for place, one in enumerate(found):
        other = found[(place + 1) % len(found)]
        for step in range(count):
            variant = VARIANTS[(place * 3 + step * len(VARIANTS) // count) % len(VARIANTS)]
            yield Clip(one, other, number + place, variant)


def picture(path: str, size: Size, *, over: float = 1.0) -> Picture:
    """A picture filling the frame, or so much more."""
    image = Image.open(path).convert("RGB")
    width, height = round(size.width * over), round(size.height * over)
    scale = max(width / image.width, height / image.height)
    image = image.resize((round(image.width * scale) + 1, round(image.height * scale) + 1))
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return np.asarray(image.crop((left, top, left + width, top + height)))


def closer(one: Picture, factor: float) -> Picture:
    """A picture seen from so much nearer."""
    height, width = one.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 0, factor)
    return np.asarray(cv2.warpAffine(one, matrix, (width, height), flags=cv2.INTER_CUBIC))


# Ways of a camera: where it looks at each frame.


def _eased(begin: Pose, end: Pose) -> Callable[[int], list[Pose]]:
    def way(count: int) -> list[Pose]:
        parts = np.linspace(0, 1, count)
        return _between(begin, end, parts * parts * (3 - 2 * parts))

    return way


def _between(begin: Pose, end: Pose, parts: Sequence[float] | np.ndarray) -> list[Pose]:
    one, other = np.array(begin), np.array(end)
    return [tuple(one + (other - one) * part) for part in parts]  # type: ignore[misc]


def _whipped(count: int) -> list[Pose]:
    """At rest, over the whole picture within a third of a second, and at rest again."""
    swing = max(count * 2 // 15, 4)
    before = (count - swing) // 2
    parts = np.concatenate(
        (np.zeros(before), np.linspace(0, 1, swing), np.ones(count - before - swing))
    )
    creep = np.linspace(0, 0.02, count)
    return _between((0.0, 0.4, 0.5), (0.9, 0.6, 0.5), parts + creep)


def _shaken(by: float) -> Callable[[int], list[Pose]]:
    def way(count: int) -> list[Pose]:
        random = np.random.default_rng(7)
        shake = np.cumsum(random.normal(0, by, (count, 2)), axis=0)
        shake -= np.linspace(0, 1, count)[:, None] * shake[-1] * 0.7
        poses = _between((0.4, 0.5, 0.8), (0.45, 0.52, 0.75), np.linspace(0, 1, count))
        return [(x + dx, y + dy, z) for (x, y, z), (dx, dy) in zip(poses, shake, strict=True)]

    return way


def _on_twos(count: int) -> list[Pose]:
    """Every picture is shown twice, as drawings are."""
    poses = _eased((0.2, 0.5, 0.8), (0.6, 0.5, 0.8))(count)
    return [poses[n // 2 * 2] for n in range(count - 1)] + poses[-1:]


WAYS: dict[str, Callable[[int], list[Pose]]] = {
    "slow pan": _eased((0.2, 0.5, 0.8), (0.3, 0.5, 0.8)),
    "fast pan": _eased((0.0, 0.3, 0.6), (1.0, 0.7, 0.6)),
    "closer": _eased((0.5, 0.5, 1.0), (0.6, 0.4, 0.6)),
    "a hand's": _shaken(0.002),
    "running": _shaken(0.012),
    "whip pan": _whipped,
    "tripod": _eased((0.4, 0.4, 0.8), (0.4, 0.4, 0.8)),
    "on twos": _on_twos,
}


def _looked_at(large: Picture, pose: Pose, size: Size) -> Picture:
    x, y, share = pose
    height, width = large.shape[:2]
    wide, high = width * share, height * share
    left, top = (width - wide) * min(max(x, 0), 1), (height - high) * min(max(y, 0), 1)
    matrix = np.array([[wide / size.width, 0, left], [0, high / size.height, top]])
    flags = cv2.INTER_AREA | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(large, matrix, (size.width, size.height), flags=flags))


# Looks: what else there is in the frames.


def _with_a_ball(frames: Frames, _other: Picture) -> Frames:
    height, width = frames[0].shape[:2]
    for number, one in enumerate(frames):
        centre = (round(width * (0.1 + 0.8 * number / (len(frames) - 1))), height // 2)
        cv2.circle(one, centre, 40, (230, 180, 60), -1, cv2.LINE_AA)
    return frames


def _low_light(frames: Frames, _other: Picture) -> Frames:
    """A third of the light, and the noise of a camera that makes up for it."""
    random = np.random.default_rng(3)
    return [_whole(one * 0.33 + random.normal(0, 4, one.shape)) for one in frames]


def _letterboxed(frames: Frames, _other: Picture) -> Frames:
    height = frames[0].shape[0]
    bar = round(height * 0.13)
    for one in frames:
        one[:bar] = one[height - bar :] = 0
    return frames


def _dusk(frames: Frames, _other: Picture) -> Frames:
    """The light goes down to a third, and turns to blue."""
    parts = np.linspace(0, 1, len(frames))
    tint = np.array([0.3, 0.35, 0.45]) - 1
    return [_whole(one * (1 + tint * part)) for one, part in zip(frames, parts, strict=True)]


def _dissolved(frames: Frames, other: Picture) -> Frames:
    """Into another picture, in the second third."""
    parts = np.clip(np.linspace(-1, 2, len(frames)), 0, 1)
    return [
        cv2.addWeighted(other, float(part), one, 1 - float(part), 0)
        for one, part in zip(frames, parts, strict=True)
    ]


def _words_come(frames: Frames, _other: Picture) -> Frames:
    """A line of white letters over its lower third, at once, from the middle on."""
    height, width = frames[0].shape[:2]
    for one in frames[len(frames) // 2 :]:
        place = (width // 12, height * 4 // 5)
        cv2.putText(one, "SEVEN HILLS", place, cv2.FONT_HERSHEY_DUPLEX, 2, (255, 255, 255), 4)
    return frames


LOOKS: dict[str, Callable[[Frames, Picture], Frames]] = {
    "": lambda frames, _other: frames,
    "with a ball": _with_a_ball,
    "low light": _low_light,
    "letterboxed": _letterboxed,
    "dusk falls": _dusk,
    "into another picture": _dissolved,
    "words come": _words_come,
}


def _whole(levels: np.ndarray) -> Picture:
    return np.clip(levels, 0, 255).astype(np.uint8)
