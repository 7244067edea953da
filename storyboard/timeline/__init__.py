"""The cut: which media frame is seen on which film frame, in whole numbers.

`Timeline` is the one description that the film and every export consume. It is built by
`storyboard.cut` from a plan and its takes, and holds nothing but frames, paths and words. Whoever
wants to know something of it asks it: its questions are its methods.

    film frame   0 ........ 119 120 ........ 239 240 ........ 360
    clips        |-- sh010 ----||-- sh020 -----||-- sh030 ------|
    media frame  0 ........ 119 0 ......... 119 0 .......... 120
                            seam: frame 120 of each take repeats the next one's frame 0

A `PlacedTransition` lies over a cut and has OTIO's meaning: the clips' ranges stop at the cut, and
the transition shows frames beyond them, the clips' handles.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from storyboard.notebook import table
from storyboard.units.focus import CENTER
from storyboard.units.sizes import Size
from storyboard.units.timing import counted, decimal, timecode, whole
from storyboard.units.transition_kinds import KINDS

if TYPE_CHECKING:
    from storyboard.images.still import PreparedStill
    from storyboard.timeline.film_note import FilmNote
    from storyboard.units.focus import Focus
    from storyboard.units.sizes import Fit
    from storyboard.units.timing import Rate


@dataclass(frozen=True, slots=True)
class Media:
    """What a clip's frames come from: a take, a still where there is none, or a card."""

    path: Path
    key: str
    """The take's key, or the still's digest: names the content."""
    frames: int
    """Counted from packets. A still has one."""
    rate: Rate
    size: Size
    sound: bool = False
    kind: Literal["take", "still", "card"] = "take"
    color: str = ""
    """Of a card without a picture, which has no file."""
    first: int = 0
    """Of a part: the file's frame that it begins on."""
    picture: int = 0
    """Of a still: which picture of a file that moves."""
    content: str = field(default="", compare=False)
    """Of a still: what its file showed when the storyboard was read, as `PictureFacts` name it."""
    model: str = field(default="", compare=False)
    """What made the take, where that is known."""

    @classmethod
    def of_still(
        cls, made: PreparedStill, rate: Rate, *, kind: Literal["still", "card"] = "still"
    ) -> Media:
        """A picture that stands, with the shape in which a shot uses it."""
        still = made.still
        return cls(
            path=still.path,
            key=made.digest,
            frames=1,
            rate=rate,
            size=Size(*made.shape),
            kind=kind,
            picture=made.recipe.frame or 0,
            content=still.facts.content,
        )

    def part(self, first: int, last: int) -> Media:
        """The same from one media frame to another, as if it had no others."""
        return replace(self, first=self.first + first, frames=last - first + 1)


@dataclass(frozen=True, slots=True)
class FocusPath:
    """What a crop keeps in the picture: it moves from a shot's first keyframe to its next one."""

    start: Focus
    end: Focus
    first: int = 0
    """The media frame that shows the first keyframe."""
    last: int = 0
    """The one that shows the next."""

    def at(self, number: Fraction | int) -> Focus:
        """The point on a media frame, or between two; the way begins and ends slowly."""
        if self.start == self.end or self.last <= self.first:
            return self.start
        share = min(max(float((number - self.first) / (self.last - self.first)), 0.0), 1.0)
        return self.start.towards(self.end, share * share * (3 - 2 * share))


IN_THE_MIDDLE = FocusPath(CENTER, CENTER)


@dataclass(frozen=True, slots=True)
class Clip:
    """A range of a take on the timeline.

    On film frame `start + i` the media frame `first + phase + i * (last - first) / span` is seen,
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
    focus: FocusPath = IN_THE_MIDDLE
    """What stays in the picture where it is cropped."""
    phase: Fraction = Fraction(0)
    """How far its exact place in the media lies behind `first`, in media frames: -1/2 to 1/2.

    So a clip that is shortened shows on each film frame what it showed before.
    """
    smooth: bool = False
    """Whether frames are drawn between the media's own, where it is slower."""

    @property
    def end(self) -> int:
        """The film frame after the clip's last one."""
        return self.start + self.frames

    @property
    def frozen(self) -> bool:
        """Whether one picture is seen for as long as the clip lasts."""
        return self.media.kind != "take" or self.first == self.last

    @property
    def one_to_one(self) -> bool:
        """Whether the media's frames are shown as they are, none left out, none twice."""
        return self.media.kind == "take" and self.last - self.first == self.span

    @property
    def speed(self) -> Fraction:
        """Media frames for one film frame."""
        return Fraction(self.last - self.first, self.span)

    def exactly(self, offset: int) -> Fraction:
        """The place in the media on the clip's film frame `offset`, in media frames."""
        return self.first + self.phase + offset * self.speed

    def media_frame(self, offset: int) -> int:
        """The media frame on the clip's film frame `offset`; below 0 and beyond: its handles."""
        step_by_step = self.last - self.first == self.span and not self.phase
        place = self.first + offset if step_by_step else whole(self.exactly(offset))
        return min(max(place, 0), self.media.frames - 1)

    @property
    def beyond(self) -> int:
        """Film frames at its end for which its media have no picture any more."""
        if self.frozen or self.speed == 0:
            return 0
        inside = math.ceil((self.media.frames - self.exactly(0)) / self.speed)
        return max(0, self.frames - inside)

    @property
    def drawn(self) -> bool:
        """Whether pictures are drawn between the media's own frames."""
        return self.smooth and not self.frozen and 0 < self.speed < 1

    def exact_frame(self, offset: int) -> Fraction:
        """Where in its media the clip is on its film frame `offset`: between two frames, too."""
        return min(max(self.exactly(offset), Fraction(0)), Fraction(self.media.frames - 1))

    @property
    def head(self) -> int:
        """Film frames of handle before the clip; a still or freeze has no end of them."""
        if self.speed == 0:
            return PLENTY
        return max(0, math.floor((self.exactly(0) + Fraction(1, 2)) / self.speed))

    @property
    def tail(self) -> int:
        """Film frames of handle after the clip, as far as its media reach."""
        if self.speed == 0:
            return PLENTY
        left = self.media.frames - self.exactly(self.frames - 1)
        return max(0, math.ceil(left / self.speed) - 1)

    def focus_at(self, offset: int) -> Focus:
        """What stays in the picture on the clip's film frame `offset`."""
        return self.focus.at(self.exact_frame(offset) if self.drawn else self.media_frame(offset))

    def shortened(self, *, head: int = 0, tail: int = 0) -> Clip:
        """The same clip with film frames taken off its ends; they become handles."""
        exact = self.exactly(head)
        first = whole(exact)
        return replace(
            self,
            start=self.start + head,
            frames=self.frames - head - tail,
            first=first,
            last=first + (self.last - self.first),
            phase=exact - first,
        )

    def freeze(self, frames: int) -> Clip:
        """Its last picture, held for so many film frames behind it."""
        still = self.media_frame(self.frames - 1)
        return replace(
            self,
            start=self.end,
            frames=frames,
            first=still,
            last=still,
            span=1,
            held=True,
            drops=0,
            phase=Fraction(0),
        )


PLENTY = 1_000_000
"""The handles of a freeze."""


@dataclass(frozen=True, slots=True)
class PlacedTransition:
    """How one scene leads into the next, over the cut at film frame `at`.

    It covers the film frames `at - before` up to, not including, `at + after`.
    """

    kind: str
    """One of the storyboard's `KINDS`."""
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
        return KINDS[self.kind].overlaps

    @property
    def head(self) -> int:
        """Film frames of handle that it shows of the later side, before that one's start."""
        return self.before if self.overlaps else 0

    @property
    def tail(self) -> int:
        """Film frames of handle that it shows of the earlier side, after that one's end."""
        return self.after if self.overlaps else 0


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
    safe: Literal["title", "phone"] = "title"
    """What it keeps clear of: the edges, or what a phone's player covers."""
    font: str = ""
    """The file that it is set in; empty for the package's own."""

    @property
    def end(self) -> int:
        """The film frame after the last one it is seen on."""
        return self.start + self.frames

    def within(self, start: int, end: int) -> Words:
        """The same words from `start` on, at most up to `end`; none of them may be left."""
        return replace(self, start=start, frames=min(self.frames, end - start))


@dataclass(frozen=True, slots=True)
class Sound:
    """A piece of sound at its place on the film; times in film frames."""

    role: Literal["music", "voice", "effect", "take"]
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

    def under(self, clip: Clip) -> Sound:
        """A take's sound where the clip shows the take, at its pace."""
        return replace(
            self,
            start=clip.start,
            frames=clip.frames,
            first=clip.first,
            rate=clip.media.rate,
            speed=clip.speed,
        )


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
    cost_microusd: int = 0


def in_time(words: Iterable[Words]) -> tuple[Words, ...]:
    """Words in the order of the film, without those that are never seen."""
    return tuple(sorted((one for one in words if one.frames > 0), key=lambda one: one.start))


@dataclass(frozen=True, slots=True)
class Timeline:
    """A finished cut. Clips follow each other without gaps, from film frame 0."""

    title: str
    rate: Rate
    size: Size
    clips: tuple[Clip, ...]
    transitions: tuple[PlacedTransition, ...] = ()
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
    notes: tuple[FilmNote, ...] = ()
    """What people said of it, in its order: markers in exports, never in the picture."""

    def __repr__(self) -> str:
        return (
            f"<Timeline {counted(len(self.clips), 'clip')}, {decimal(self.seconds, 2)} s, "
            f"{self.size} at {decimal(self.rate)}>"
        )

    def _repr_html_(self) -> str:
        """The clips as a notebook's table."""
        rows = (
            (
                timecode(clip.start, self.rate),
                clip.frames,
                clip.shot,
                clip.scene,
                f"take {clip.take}" if clip.media.kind == "take" else clip.media.kind,
                self.note(clip.shot).prompt,
            )
            for clip in self.clips
        )
        title = f"{self.title}: {self.frames} frames, {self.size} at {decimal(self.rate)}"
        return table(title, ("at", "frames", "shot", "scene", "media", "prompt"), rows)

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

    @property
    def order(self) -> tuple[str, ...]:
        """The ids of the shots that are seen, each once, as they first come."""
        return tuple(dict.fromkeys(clip.shot for clip in self.clips))

    @property
    def stills(self) -> tuple[str, ...]:
        """The ids of the shots whose still stands in for a take."""
        return tuple(dict.fromkeys(c.shot for c in self.clips if c.media.kind == "still"))

    def of(self, *shots: str) -> tuple[Clip, ...]:
        """The clips of these shots, in the order of the film."""
        return tuple(clip for clip in self.clips if clip.shot in shots)

    def run(self, shot: str) -> tuple[Clip, ...]:
        """The clips of a shot's first appearance: one behind the other, holds among them."""
        run: list[Clip] = []
        for clip in self.of(shot):
            if run and clip.start != run[-1].end:
                break
            run.append(clip)
        return tuple(run)

    def reach(self, *shots: str) -> tuple[int, int]:
        """The first film frame of these shots and the one after their last.

        ValueError where none of them is in the film.
        """
        clips = self.of(*shots)
        return min(clip.start for clip in clips), max(clip.end for clip in clips)

    def note(self, shot: str) -> ShotNote:
        """What travels with a shot; an empty note where nothing does."""
        return next((note for note in self.shots if note.shot == shot), ShotNote(shot, "", ""))

    def words_as(self, role: Literal["title", "caption"]) -> tuple[Words, ...]:
        """Its titles, or its captions."""
        return tuple(words for words in self.words if words.role == role)

    def words_at(self, frame: int) -> tuple[Words, ...]:
        """The words over this film frame, captions first."""
        shown = (words for words in self.words if words.start <= frame < words.end)
        return tuple(sorted(shown, key=lambda words: words.role))

    def burn_in_at(self, frame: int) -> str | None:
        """The shot whose burn-in lies over this film frame, if one does."""
        if not self.burn_in:
            return None
        shot = self.clip_at(frame).shot
        return shot if shot in self.burn_in else None

    def transition_at(self, frame: int) -> PlacedTransition | None:
        """The transition that covers this film frame."""
        return next((over for over in self.transitions if over.start <= frame < over.end), None)

    def transition_over(self, cut: int) -> PlacedTransition | None:
        """The transition over the cut before this film frame."""
        return next((over for over in self.transitions if over.at == cut), None)

    def handles(self, clip: Clip) -> tuple[int, int]:
        """Film frames that transitions show of a clip, before its start and after its end."""
        opening, closing = self.transition_over(clip.start), self.transition_over(clip.end)
        return opening.head if opening else 0, closing.tail if closing else 0

    def sides(self, transition: PlacedTransition, frame: int) -> tuple[Clip, Clip]:
        """The clips that a transition shows on this frame: the old side and the new one.

        Beyond the cut a side goes on into its handles. A fade shows one side at a time.
        """
        own = self.clip_at(frame)
        if not transition.overlaps:
            return own, own
        if frame < transition.at:
            return own, self.clip_at(transition.at)
        return self.clip_at(transition.at - 1), own

    def seen(self, start: int, end: int) -> tuple[Clip, ...]:
        """The clips of which anything is seen on the film frames from `start` up to `end`."""
        clips: dict[Clip, None] = {}
        frame = start
        while frame < end:
            clip = self.clip_at(frame)
            clips[clip] = None
            transition = self.transition_at(frame)
            if transition is not None:
                clips.update(dict.fromkeys(self.sides(transition, frame)))
            frame = clip.end
        return tuple(clips)

    def used(self, media: Media, *, handles: int = 0) -> tuple[int, int]:
        """The first and last media frame that any moving clip or transition shows of a take.

        With so many film frames around each clip, as far as the take has them. ValueError where
        nothing of it moves on the film.
        """
        frames: list[int] = []
        for clip in self.clips:
            if clip.media == media and not clip.frozen:
                head, tail = self.handles(clip)
                frames.append(clip.media_frame(-head - handles))
                frames.append(clip.media_frame(clip.frames - 1 + tail + handles))
        return min(frames), max(frames)

    def bare(self) -> Timeline:
        """Pictures alone: the same clips without transitions, words and burn-ins."""
        return replace(self, words=(), burn_in=(), transitions=())

    def reshaped(self, size: Size) -> Timeline:
        """The same cut at another size."""
        return replace(self, size=size)

    def reframed(self, size: Size, fit: Fit) -> Timeline:
        """The same cut at another size, whose pictures fill its frame in this way."""
        return replace(self, size=size, clips=tuple(replace(c, fit=fit) for c in self.clips))

    def keeping_clear(self, of: Literal["title", "phone"]) -> Timeline:
        """The same cut, whose words keep clear of this."""
        return replace(self, words=tuple(replace(words, safe=of) for words in self.words))

    def smaller(self, *, longest: int = 640) -> Timeline:
        """The same cut with sides of at most so many pixels; as it is, when it is that small."""
        scale = longest / max(self.size.width, self.size.height)
        if scale >= 1:
            return self
        width, height = (
            round(side * scale / 2) * 2 for side in (self.size.width, self.size.height)
        )
        return self.reshaped(Size(max(width, 2), max(height, 2)))
