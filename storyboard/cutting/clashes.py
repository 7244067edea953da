"""Words and sounds that will not be seen or heard as written: cut off, too late, or at once. Pure.

The film is foreseen from its plan, so that all of it is said before anything is paid; only the
lengths of the voices are read from their files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.cutting.cut import Footage, as_asked
from storyboard.cutting.cut_takes import cut_as_written
from storyboard.errors import MediaError, Mistake
from storyboard.planning.planned import CutLengths
from storyboard.safe_text import inert
from storyboard.timeline import Media
from storyboard.units.sizes import Size
from storyboard.units.timing import decimal, whole
from storyboard.video import sound_length
from storyboard.video.rewrap import look

if TYPE_CHECKING:
    from storyboard.errors import Place
    from storyboard.loading.blocks import CheckedWords
    from storyboard.loading.checked import CheckedShot, CheckedStoryboard
    from storyboard.loading.own_clip import OwnClip
    from storyboard.planning.planned import Plan, PlannedShot
    from storyboard.timeline import Clip, Timeline
    from storyboard.units.timing import Duration

UNHEARD = Fraction(1, 10)
"""Seconds of speech that nobody misses."""

UNSEEN = 2
"""Frames of words that nobody misses: takes are not all of one length."""

_STACKED = "; they are stacked"

_MOST = 200
"""Pieces that are compared with each other."""


def clashes(made: Plan) -> tuple[Mistake, ...]:
    """What of the words and sounds of this plan's film is lost, each at its line."""
    board = made.storyboard
    try:
        timeline = foreseen(made)
    except MediaError as error:
        return (_said(board, "cut", str(error)),)
    return in_film(board, timeline)


def in_film(board: CheckedStoryboard, timeline: Timeline) -> tuple[Mistake, ...]:
    """The same for a timeline that is there already."""
    return remarks(board, timeline, _lengths(board))


def foreseen(made: Plan) -> Timeline:
    """The timeline as it will be where every take is as long as it was ordered.

    MediaError where the storyboard's `cut:` asks for what the takes won't have.
    """

    def as_ordered(shot: PlannedShot) -> Footage:
        media = _ordered(shot, made)
        return Footage(media, take=shot.picked.number).lying(shot.picked)

    return cut_as_written(made, as_ordered, in_its_place, repeats=as_asked)


def in_its_place(clip: OwnClip) -> Media:
    """A clip of one's own where it lies; MediaError where it is none."""
    facts = look(clip.path)
    return Media(clip.path, clip.key, facts.frames, facts.rate, facts.size, sound=facts.sound)


def cut_lengths(made: Plan) -> CutLengths | None:
    """The film's frames, and each shot's, as they will be; None where it can't be cut."""
    try:
        timeline = foreseen(made)
    except MediaError:
        return None
    shots = Counter[str]()
    for clip in timeline.clips:
        shots[clip.shot] += clip.frames
    return CutLengths(timeline.frames, shots)


def _ordered(shot: PlannedShot, made: Plan) -> Media:
    """A take as it was ordered: it begins and ends on its keyframes."""
    start = shot.shot.start
    frames = whole(shot.request.seconds * made.rate) + 1
    return Media(start.still.path, start.digest, frames, made.rate, Size(*start.shape))


def _lengths(board: CheckedStoryboard) -> dict[Path, Fraction]:
    """How long voices and effects are; without those that can't be heard."""
    found: dict[Path, Fraction] = {}
    audio = board.audio
    for file in [*(v.file for v in audio.voiceover), *(effect.file for effect in audio.effects)]:
        path = board.sounds[file]
        try:
            found[path] = found.get(path) or sound_length.seconds(path)
        except MediaError:
            continue
    return found


def remarks(
    board: CheckedStoryboard, timeline: Timeline, lengths: Mapping[Path, Fraction]
) -> tuple[Mistake, ...]:
    """The same from values alone; `lengths` are the voices' in seconds, by file."""
    words = [*_titles(board, timeline), *_captions(board, timeline)]
    voices = list(_voices(board, timeline, lengths))
    effects = _effects(board, timeline, lengths)
    found = [
        *_late_music(board, timeline),
        *(piece.said(text) for piece in (*words, *voices, *effects) for text in piece.lost()),
        *_at_once(words, "stand over each other at the {where}", UNSEEN / timeline.rate, _STACKED),
        *_at_once(voices, "speak at once", UNHEARD),
    ]
    return tuple(sorted(found, key=lambda mistake: (mistake.place.line, mistake.place.column)))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A title, a caption or a voice in seconds of the film."""

    name: str
    start: Fraction
    end: Fraction
    limit: Fraction
    """Where what it belongs to ends."""
    over: str
    """What that is, in words."""
    spare: Fraction
    """How much may be lost unsaid."""
    path: str
    place: Place
    where: str = ""
    """Where in the frame it stands; empty for a sound."""
    kind: str = ""
    """What a sound is, such as `the voice `."""

    def said(self, text: str) -> Mistake:
        """A remark at its line."""
        return Mistake(self.place, self.path, text)

    def lost(self) -> Iterator[str]:
        """What of it will not be seen or heard."""
        if self.start >= self.limit:
            at = f"{self.kind}{self.name} at {decimal(self.start, 1)} s"
            yield f"{at} lies behind {self.over}'s end ({decimal(self.limit, 1)} s)"
        elif self.end - self.limit > self.spare:
            left, whole_length = self.limit - self.start, self.end - self.start
            yield (
                f"{self.name} is cut off after {_tenths(left)} of {_tenths(whole_length)} s, "
                f"at {self.over}'s end"
            )


def _titles(board: CheckedStoryboard, timeline: Timeline) -> Iterator[_Piece]:
    for i, title in enumerate(board.titles):
        start = _seconds(title.at, timeline)
        where = title.position or "center"
        yield _words(board, timeline, f"titles[{i}]", title, start, where)


def _words(
    board: CheckedStoryboard,
    timeline: Timeline,
    path: str,
    title: CheckedWords,
    start: Fraction,
    where: str,
) -> _Piece:
    return _Piece(
        f'the title "{_shortened(title.text)}"',
        start,
        start + _seconds(title.duration, timeline),
        timeline.seconds,
        "the film",
        UNSEEN / timeline.rate,
        path,
        _place(board, path),
        where,
    )


def _captions(board: CheckedStoryboard, timeline: Timeline) -> Iterator[_Piece]:
    for shot in board.shots:
        run = timeline.run(shot.id) if shot.captions else ()
        if run:
            yield from (_caption(shot, i, run, timeline) for i in range(len(shot.captions)))


def _caption(shot: CheckedShot, number: int, run: tuple[Clip, ...], timeline: Timeline) -> _Piece:
    caption = shot.captions[number]
    start = run[0].start / timeline.rate + _seconds(caption.at, timeline)
    return _Piece(
        f'the caption "{_shortened(caption.text)}"',
        start,
        start + _seconds(caption.duration, timeline),
        (run[-1].end + _shared(timeline, run)) / timeline.rate,
        shot.id,
        UNSEEN / timeline.rate,
        f"{shot.id}.captions[{number}]",
        shot.places[f"captions[{number}]"],
        caption.position or "bottom",
    )


def _shared(timeline: Timeline, run: tuple[Clip, ...]) -> int:
    """Frames that transitions took from the shot: it is seen that much longer, and no less long."""
    return timeline.handles(run[0])[0] + timeline.handles(run[-1])[1]


def _voices(
    board: CheckedStoryboard, timeline: Timeline, lengths: Mapping[Path, Fraction]
) -> Iterator[_Piece]:
    for i, voice in enumerate(board.audio.voiceover):
        path = board.sounds[voice.file]
        start = _seconds(voice.at, timeline)
        yield _Piece(
            inert(Path(voice.file).stem),
            start,
            start + lengths.get(path, Fraction(0)),
            timeline.seconds,
            "the film",
            UNHEARD,
            f"audio.voiceover[{i}]",
            _place(board, f"audio.voiceover[{i}]"),
            kind="the voice ",
        )


def _effects(
    board: CheckedStoryboard, timeline: Timeline, lengths: Mapping[Path, Fraction]
) -> Iterator[_Piece]:
    """Effects; one that is repeated, or ended by its duration, is cut off on purpose."""
    for i, effect in enumerate(board.audio.effects):
        start = _seconds(effect.at, timeline)
        whole_length = lengths.get(board.sounds[effect.file], Fraction(0))
        path = f"audio.effects[{i}]"
        yield _Piece(
            inert(Path(effect.file).stem),
            start,
            start + (0 if effect.loop or effect.duration else whole_length),
            timeline.seconds,
            "the film",
            UNHEARD,
            path,
            _place(board, path),
            kind="the effect ",
        )


def _late_music(board: CheckedStoryboard, timeline: Timeline) -> Iterator[Mistake]:
    for i, music in enumerate(board.audio.music):
        at, end = _seconds(music.at, timeline), timeline.seconds
        if at >= end:
            said = f"the music at {decimal(at, 1)} s lies behind the film's end"
            yield _said(board, f"audio.music[{i}]", f"{said} ({decimal(end, 1)} s)")


def _at_once(
    pieces: Iterable[_Piece], words: str, spare: Fraction, remedy: str = ""
) -> Iterator[Mistake]:
    """The pairs that take each other's place, said at the later one."""
    seen = sorted(pieces, key=lambda piece: piece.start)[:_MOST]
    for first, later in combinations(seen, 2):
        end = min(first.end, later.end, first.limit, later.limit)
        if first.where == later.where and end - later.start > spare:
            did = words.format(where=first.where)
            when = f"from {_tenths(later.start)} to {_tenths(end)} s"
            yield later.said(f"{first.name} and {later.name} {did} {when}{remedy}")


def _seconds(time: Duration | None, timeline: Timeline) -> Fraction:
    """A time as the film has it: in whole frames."""
    return time.frames(timeline.rate) / timeline.rate if time else Fraction(0)


def _tenths(seconds: Fraction) -> str:
    return f"{float(seconds):.1f}"


def _shortened(text: str) -> str:
    plain = inert(" ".join(text.split()))
    return plain if len(plain) <= 24 else f"{plain[:22]}..."


def _said(board: CheckedStoryboard, path: str, text: str) -> Mistake:
    return Mistake(_place(board, path), path, text)


def _place(board: CheckedStoryboard, path: str) -> Place:
    """Where a piece's time is written, or the piece; the only one of a list may stand alone."""
    alone = path.partition("[")[0]
    wanted = (f"{path}.at", path, f"{alone}.at", alone)
    found = (board.places[name] for name in wanted if name in board.places)
    return next(found, board.beginning)
