"""The cut: which media frame is seen on which film frame, in whole numbers.

`Timeline` is the one description that the film and every export consume. It is built by
`storyboard.cut` from a plan and its takes, and holds nothing but frames, paths and words.

    film frame   0 ........ 119 120 ........ 239 240 ........ 360
    clips        |-- sh010 ----||-- sh020 -----||-- sh030 ------|
    media frame  0 ........ 119 0 ......... 119 0 .......... 120
                            seam: frame 120 of each take repeats the next one's frame 0

A `Transition` lies over a cut and has OTIO's meaning: the clips' ranges stop at the cut, and the
transition shows frames beyond them, the clips' handles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

from storyboard.spec import Fit, Size
from storyboard.timing import Rate, whole


@dataclass(frozen=True, slots=True)
class Media:
    """What a clip's frames come from: a take, or a still where there is none."""

    path: Path
    key: str
    """The take's key, or the still's digest: names the content."""
    frames: int
    """Counted from packets. A still has one."""
    rate: Rate
    size: Size
    sound: bool = False
    kind: Literal["take", "still"] = "take"


@dataclass(frozen=True, slots=True)
class Clip:
    """A range of a take on the timeline.

    On film frame `start + i` the media frame `first + i * (last - first) / span` is seen,
    rounded to the nearest. `span == last - first` is one-to-one; `first == last` is a freeze.
    """

    shot: str
    scene: str
    take: int
    media: Media
    start: int
    """Film frame."""
    frames: int
    """Film frames."""
    first: int
    """Media frame seen on the clip's first film frame."""
    last: int
    """Media frame reached `span` film frames later."""
    span: int
    """Film frames from `first` to `last`, at least 1; may lie beyond the clip's end."""
    fit: Fit | None = None
    held: bool = False
    """Whether this is a hold of the shot's last frame."""
    drops: int = 0
    """Media frames left out at the end, because the next clip shows them again."""

    @property
    def end(self) -> int:
        """The film frame after the clip's last one."""
        return self.start + self.frames

    @property
    def one_to_one(self) -> bool:
        """Whether the media's frames are shown as they are, none left out, none twice."""
        return self.media.kind == "take" and self.last - self.first == self.span

    @property
    def speed(self) -> Fraction:
        """Media frames for one film frame."""
        return Fraction(self.last - self.first, self.span)

    def media_frame(self, offset: int) -> int:
        """The media frame on the clip's film frame `offset`; below 0 and beyond: its handles."""
        exact = self.first + whole(Fraction(offset * (self.last - self.first), self.span))
        return min(max(exact, 0), self.media.frames - 1)

    @property
    def head(self) -> int:
        """Film frames of handle before the clip; a still or freeze has no end of them."""
        return _steps(self.first, self.speed)

    @property
    def tail(self) -> int:
        """Film frames of handle after the clip."""
        return _steps(self.media.frames - 1 - self.media_frame(self.frames - 1), self.speed)

    def shortened(self, *, head: int = 0, tail: int = 0) -> Clip:
        """The same clip with film frames taken off its ends; they become handles."""
        return replace(
            self,
            start=self.start + head,
            frames=self.frames - head - tail,
            first=self.media_frame(head),
            last=self.media_frame(head) + (self.last - self.first),
        )


PLENTY = 1_000_000
"""The handles of a freeze."""


def _steps(media_frames: int, speed: Fraction) -> int:
    return PLENTY if speed == 0 else int(media_frames / speed)


@dataclass(frozen=True, slots=True)
class Transition:
    """How one scene leads into the next, over the cut at film frame `at`.

    It covers the film frames `at - before` up to, not including, `at + after`.
    """

    kind: Literal["dissolve", "fade", "wipe", "slide"]
    at: int
    before: int
    after: int
    color: str = "#000000"
    direction: Literal["left", "right", "up", "down"] = "left"

    @property
    def frames(self) -> int:
        """Its length in film frames."""
        return self.before + self.after

    @property
    def start(self) -> int:
        """Its first film frame."""
        return self.at - self.before

    @property
    def end(self) -> int:
        """The film frame after its last one."""
        return self.at + self.after

    @property
    def overlaps(self) -> bool:
        """Whether both sides are seen at once, so that handles are needed and time is lost."""
        return self.kind != "fade"


@dataclass(frozen=True, slots=True)
class Words:
    """A title or caption at its place on the film; times in film frames."""

    role: Literal["title", "caption"]
    text: str
    start: int
    frames: int
    position: str
    size: float
    """Height of the letters in percent of the picture's shorter side."""
    color: str
    background: str | None = None
    fade_in: int = 0
    fade_out: int = 0


@dataclass(frozen=True, slots=True)
class Sound:
    """A piece of sound at its place on the film; times in film frames."""

    role: Literal["music", "voice", "take"]
    path: Path
    start: int
    frames: int | None
    """Its length on the film; None: as long as the file, at most to the film's end."""
    gain: float = 0.0
    """dB."""
    fade_in: int = 0
    fade_out: int = 0
    loop: bool = False
    duck: bool = False
    first: int = 0
    """For a take: the media frame that its sound starts at."""
    rate: Rate = Fraction(24)
    """For a take: the media's frames per second."""
    speed: Fraction = Fraction(1)
    """For a take: media frames for one film frame."""


@dataclass(frozen=True, slots=True)
class SceneMark:
    """Where a scene lies on the film."""

    id: str
    title: str | None
    start: int
    frames: int


@dataclass(frozen=True, slots=True)
class SeamMark:
    """Where two shots of one scene meet: the first film frame of the later one."""

    at: int
    before: str
    """The earlier shot's id."""
    after: str
    match_color: bool = False
    bridge: int = 0


@dataclass(frozen=True, slots=True)
class ShotNote:
    """What travels with a shot into exports, sheets and burn-ins."""

    shot: str
    prompt: str
    model: str
    request_id: str = ""
    cost: int = 0
    """Micro-dollars."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A finished cut. Clips follow each other without gaps, from film frame 0."""

    title: str
    rate: Rate
    size: Size
    clips: tuple[Clip, ...]
    transitions: tuple[Transition, ...] = ()
    words: tuple[Words, ...] = ()
    sounds: tuple[Sound, ...] = ()
    scenes: tuple[SceneMark, ...] = ()
    seams: tuple[SeamMark, ...] = ()
    shots: tuple[ShotNote, ...] = ()
    background: str = "#000000"
    loudness: float | None = None
    """LUFS of the finished mix."""
    burn_in: tuple[str, ...] = ()
    """Ids of the shots whose pictures carry a burn-in (drafts)."""

    @property
    def frames(self) -> int:
        """Length of the film in frames."""
        return self.clips[-1].end if self.clips else 0

    @property
    def seconds(self) -> Fraction:
        """Length of the film in seconds, exact."""
        return self.frames / self.rate

    def clip_at(self, frame: int) -> Clip:
        """The clip whose range holds this film frame; IndexError outside the film."""
        low, high = 0, len(self.clips)
        while low < high:
            middle = (low + high) // 2
            if self.clips[middle].end <= frame:
                low = middle + 1
            else:
                high = middle
        if frame < 0 or low == len(self.clips):
            raise IndexError(f"the film has frames 0 to {self.frames - 1}, not {frame}")
        return self.clips[low]
