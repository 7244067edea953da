"""Which picture files a cut needs, decided before any is made: pure, from the timeline.

A pull is what editors call frames taken out of the vault for a cut. A take is pulled whole, so
that all of it is there as handles; what stands still on the film (a still, a held frame, a slate)
becomes a short movie, because that is the one thing every program and format knows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from storyboard.exporting.media.files_of import MediaFile, Placed, Wanted, named, reel
from storyboard.exporting.media.source_starts import preferred
from storyboard.exporting.timecodes import number_at
from storyboard.timeline import Media
from storyboard.units.focus import CENTER
from storyboard.units.timing import whole

if TYPE_CHECKING:
    from storyboard.exporting.media.baking import Bake
    from storyboard.timeline import Clip, Timeline
    from storyboard.units.focus import Focus
    from storyboard.units.sizes import Fit, Size
    from storyboard.units.timing import Rate

Intermediate = Literal["prores", "dnxhr"]
Takes = Mapping[str, Mapping[int, Media]]
"""All takes of each shot, by their number."""

NONE: Mapping[str, int] = {}

_ENDINGS = {"take": ".mov", "hold": "_hold.mov", "still": "_still.mov", "slate": "_slate.mov"}


@dataclass(frozen=True, slots=True)
class Options:
    """How media are handed over."""

    intermediate: Intermediate | None = None
    """None: the takes' own packets, copied."""
    handles: int | None = None
    """Film frames kept around what the film uses; None: all there are."""
    slate: bool = False
    """Whether a slate stands in for media that are missing."""
    drop_frame: bool = False
    bakes: Mapping[str, Bake] = field(default_factory=dict)
    """What is drawn for the export, by its media's key."""

    @property
    def folder(self) -> str:
        """Where the media go: each codec has its own folder, so that none takes another's name."""
        return self.intermediate or "media"


@dataclass(frozen=True, slots=True)
class Owner:
    """The shots that show a take."""

    shots: tuple[str, ...]
    """In the order of the film, as the storyboard has it."""
    take: int
    """Which take of the first of them it is."""


@dataclass(frozen=True, slots=True)
class Pull:
    """A picture file to make: which frames, from where, at which rate."""

    shot: str
    take: int
    media: Media
    kind: Literal["take", "still", "hold", "slate"]
    first: int
    """The media frame of the file's first frame; of a hold, the one that is held."""
    frames: int
    rate: Rate
    size: Size
    fit: Fit | None = None
    focus: Focus = CENTER
    """Of a still: what stays in the middle where it is cropped."""
    background: str = "#000000"
    words: tuple[str, ...] = ()
    """What a slate says."""
    intermediate: Intermediate | None = None
    drop_frame: bool = False
    begins: int | None = None
    """The second of the day its take starts at; None: the one that the shot's name asks for."""
    bake: Bake | None = field(default=None, compare=False, repr=False)
    """What draws its pictures, where they are not its media's own; the media's key names it."""
    until: str = ""
    """The last of the shots that show it, where they are several."""

    @property
    def identity(self) -> str:
        """A digest of all that decides what is in the file; where the media lie is not."""
        facts = asdict(replace(self, bake=None))
        del facts["bake"]
        facts["media"] = self.media.key
        if not self.until:
            del facts["until"]
        if self.focus == CENTER:
            del facts["focus"]
        if self.begins is None:
            del facts["begins"]
        if self.drop_frame:
            facts["counted"] = "by labels"
        return hashlib.sha256(json.dumps(facts, default=str, sort_keys=True).encode()).hexdigest()

    @property
    def wanted(self) -> Wanted:
        """The name it would like to have: takes are versions of their shot."""
        shots = f"{self.shot}-{self.until}" if self.until else self.shot
        return Wanted(shots, self.take, _ENDINGS[self.kind], self.identity)

    def file(self, name: str, options: Options) -> MediaFile:
        """The file under the name it got."""
        offset = self.first if self.kind == "take" else 0
        second = preferred(self.shot) if self.begins is None else self.begins
        return MediaFile(
            name=f"{options.folder}/{name}",
            reel=reel(name.rpartition(".")[0]),
            start=number_at(second, self.rate, drop=self.drop_frame) + offset,
            frames=self.frames,
            size=self.size,
            kind=self.kind,
            take=self.take,
            first=offset,
            model=self.media.model,
        )


@dataclass(frozen=True, slots=True)
class Pulled:
    """Every picture file of a cut, and what each clip shows of one."""

    files: tuple[tuple[Pull, MediaFile], ...]
    clips: tuple[Placed, ...]
    others: Mapping[str, tuple[MediaFile, ...]]
    """The takes of each shot that the film does not use."""


def pull(
    timeline: Timeline,
    takes: Takes,
    *,
    taken: Mapping[str, str],
    missing: Collection[Media] = (),
    starts: Mapping[str, int] = NONE,
    options: Options,
) -> Pulled:
    """What to make for a cut, given the names that the media folder holds already.

    `starts` are the seconds of the day that shots' takes start at, where their names don't say it.
    """
    names_of = owners(timeline, takes)
    shown = [
        _begun(_pull(timeline, clip, missing, options, names_of), starts) for clip in timeline.clips
    ]
    used = {(clip.shot, pull.media) for pull, clip in zip(shown, timeline.clips, strict=True)}
    made = {pull.media: pull for pull in shown if pull.kind == "take"}
    spare = {
        shot: [
            made.get(media)
            or _begun(_whole(names_of[media], number, media, timeline, options), starts)
            for number, media in own.items()
            if (shot, media) not in used
        ]
        for shot, own in takes.items()
    }
    everything = dict.fromkeys([*shown, *(pull for own in spare.values() for pull in own)])
    names = named([pull.wanted for pull in everything], taken)
    files = {pull: pull.file(names[pull.wanted], options) for pull in everything}
    return Pulled(
        files=tuple(files.items()),
        clips=tuple(
            _placed(pull, files[pull], clip)
            for pull, clip in zip(shown, timeline.clips, strict=True)
        ),
        others={shot: tuple(files[pull] for pull in own) for shot, own in spare.items()},
    )


def _begun(pull: Pull, starts: Mapping[str, int]) -> Pull:
    second = starts.get(pull.shot, preferred(pull.shot))
    return pull if second == preferred(pull.shot) else replace(pull, begins=second)


def owners(timeline: Timeline, takes: Takes) -> dict[Media, Owner]:
    """What the file of each take is called after: its shot, or the first and the last of several.

    A take that several shots show is one file.
    """
    shots: dict[Media, dict[str, int]] = {}
    for shot, own in takes.items():
        for number, media in own.items():
            shots.setdefault(media, {}).setdefault(shot, number)
    for clip in timeline.clips:
        shots.setdefault(clip.media, {}).setdefault(clip.shot, clip.take)
    return {media: Owner(tuple(own), next(iter(own.values()))) for media, own in shots.items()}


def _placed(pull: Pull, file: MediaFile, clip: Clip) -> Placed:
    if pull.kind == "take":
        return Placed(file, clip.first - pull.first, clip.speed, clip.frames)
    return Placed(file, (file.frames - clip.frames) // 2, Fraction(1), clip.frames)


def _pull(
    timeline: Timeline,
    clip: Clip,
    missing: Collection[Media],
    options: Options,
    names_of: Mapping[Media, Owner],
) -> Pull:
    if options.slate and slated(clip, missing):
        return _standing(timeline, clip, options, kind="slate")
    if clip.media.kind != "take":
        return _standing(timeline, clip, options, kind="still")
    if clip.frozen:
        return _standing(timeline, clip, options, kind="hold")
    made = _whole(names_of[clip.media], clip.take, clip.media, timeline, options)
    if options.intermediate is None or options.handles is None:
        return made
    first, last = timeline.used(clip.media, handles=options.handles)
    return replace(made, first=first, frames=last + 1 - first)


def _whole(owner: Owner, take: int, media: Media, timeline: Timeline, options: Options) -> Pull:
    alone = len(owner.shots) == 1
    return Pull(
        shot=owner.shots[0],
        until="" if alone else owner.shots[-1],
        take=take if alone else owner.take,
        media=media,
        kind="take",
        first=0,
        frames=media.frames,
        rate=timeline.rate,
        size=media.size,
        intermediate=options.intermediate,
        drop_frame=options.drop_frame,
        bake=options.bakes.get(media.key),
    )


def _standing(
    timeline: Timeline, clip: Clip, options: Options, *, kind: Literal["still", "hold", "slate"]
) -> Pull:
    """A movie of one picture, a second longer at both ends than the film needs."""
    same = [
        other.frames
        for other in timeline.of(clip.shot)
        if (other.media, other.first, other.fit) == (clip.media, clip.first, clip.fit)
        and other.frozen
    ]
    longest = max((t.frames for t in timeline.transitions), default=0)
    room = max(whole(timeline.rate), longest)
    return Pull(
        shot=clip.shot,
        take=clip.take,
        media=clip.media,
        kind=kind,
        first=clip.first,
        frames=max(same, default=clip.frames) + 2 * room,
        rate=timeline.rate,
        size=clip.media.size if kind == "hold" else timeline.size,
        fit=None if kind == "hold" else clip.fit,
        focus=CENTER if kind == "hold" else clip.focus_at(0),
        background=timeline.background,
        words=slate_words(timeline, clip) if kind == "slate" else (),
        intermediate=options.intermediate,
        drop_frame=options.drop_frame,
    )


def slated(clip: Clip, missing: Collection[Media]) -> bool:
    """Whether a slate stands in for what a clip should show, where slates may."""
    return clip.media.kind == "still" or clip.media in missing


def slate_words(timeline: Timeline, clip: Clip) -> tuple[str, ...]:
    """What the slate of a clip says: its shot, its length and its prompt."""
    return (clip.shot, f"{clip.frames} frames", timeline.note(clip.shot).prompt)
