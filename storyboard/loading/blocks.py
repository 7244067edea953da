"""What a storyboard says of words, sound, seams and the cut: the written blocks as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from storyboard.timeline.joins import Opening
from storyboard.timeline.recut import INSERTED, CutEntry
from storyboard.units.timing import Duration

if TYPE_CHECKING:
    from storyboard.fileformat.card import CardWords
    from storyboard.fileformat.cut_list import CutShot
    from storyboard.fileformat.framing import Version
    from storyboard.fileformat.sound import Audio, OwnSound
    from storyboard.fileformat.transition import Ending, Transition
    from storyboard.fileformat.words import Caption, Title
    from storyboard.fileformat.written import Seam
    from storyboard.units.sizes import Reframe, Size

Block = TypeVar("Block")

_NONE: Mapping[int, str] = {}

FILM = "film"
"""What the film itself is called among its versions."""


@dataclass(frozen=True, slots=True)
class CheckedWords:
    """A title, timed on the film, or a caption, timed on its shot."""

    text: str
    at: Duration
    duration: Duration
    position: str | None = None
    size: float | None = None
    """Height of the letters in percent of the picture's shorter side."""
    color: str = "#ffffff"
    background: str | None = None
    fade_in: Duration | None = None
    fade_out: Duration | None = None


@dataclass(frozen=True, slots=True)
class CheckedVoice:
    """One piece of voice-over, timed on the film."""

    file: str
    at: Duration | None = None
    volume: float = 0.0
    """dB."""


@dataclass(frozen=True, slots=True)
class CheckedMusic:
    """A piece of music under the film, or an effect."""

    file: str
    at: Duration | None = None
    duration: Duration | None = None
    """How long it is heard, at most."""
    volume: float = 0.0
    """dB."""
    fade_in: Duration | None = None
    fade_out: Duration | None = None
    loop: bool = False
    duck: bool = False


@dataclass(frozen=True, slots=True)
class CheckedSound:
    """What becomes of the sound that came with a take."""

    use: Literal["keep", "mute"] = "keep"
    volume: float = 0.0
    """dB."""


@dataclass(frozen=True, slots=True)
class CheckedAudio:
    """The film's sound, but for what comes with the takes."""

    music: tuple[CheckedMusic, ...] = ()
    voiceover: tuple[CheckedVoice, ...] = ()
    effects: tuple[CheckedMusic, ...] = ()
    loudness: float | None = None
    """LUFS; None leaves the levels as they are."""


@dataclass(frozen=True, slots=True)
class CheckedVersion:
    """The same film in another shape."""

    name: str
    size: Size
    reframe: Reframe = "crop"
    captions: Literal["burned", "track", "files"] | None = None
    """None: as in the film."""
    safe: Literal["title", "phone"] | None = None
    """None: by its shape."""


@dataclass(frozen=True, slots=True)
class CheckedSeam:
    """What is done where two shots meet."""

    match_color: bool = False
    bridge: int = 0
    """Frames that are drawn between the shots."""


def versions(written: Mapping[str, Version]) -> tuple[CheckedVersion, ...]:
    """The film's other shapes."""
    return tuple(
        CheckedVersion(name, one.size, one.reframe, one.captions, one.safe)
        for name, one in written.items()
    )


def card_words(written: Iterable[CardWords], card: Duration) -> tuple[CheckedWords, ...]:
    """Words on a card of this length: from its start, and to its end, unless they say so."""
    return tuple(_same(CheckedWords, one.model_copy(update=_timed(one, card))) for one in written)


def _timed(one: CardWords, card: Duration) -> dict[str, Duration]:
    return {"at": one.at or Duration(Fraction(0)), "duration": one.duration or card}


def words(written: Iterable[Title | Caption]) -> tuple[CheckedWords, ...]:
    """Titles or captions."""
    return tuple(_same(CheckedWords, one) for one in written)


def audio(written: Audio | None) -> CheckedAudio:
    """The sound; silence where nothing is written."""
    if written is None:
        return CheckedAudio()
    return CheckedAudio(
        music=tuple(_same(CheckedMusic, piece) for piece in written.music),
        voiceover=tuple(_same(CheckedVoice, voice) for voice in written.voiceover),
        effects=tuple(_same(CheckedMusic, effect) for effect in written.effects),
        loudness=written.loudness,
    )


def own_sound(written: OwnSound | None) -> CheckedSound:
    """What becomes of a take's sound; it is kept where nothing is written."""
    return _same(CheckedSound, written) if written else CheckedSound()


def seam(written: Seam | None) -> CheckedSeam:
    """What is done at a seam: nothing, where nothing is written."""
    return _same(CheckedSeam, written) if written else CheckedSeam()


def ending(written: Ending | None) -> Opening:
    """How the film ends: by a cut, where nothing is written."""
    if written is None:
        return Opening()
    return Opening(written.type, written.duration, written.color)


def opening(written: Transition | None) -> Opening:
    """How the film comes into a scene: by a cut, where nothing is written."""
    return _same(Opening, written) if written else Opening()


def cut_list(
    written: Iterable[CutShot] | None, names: Mapping[int, str] = _NONE
) -> tuple[CutEntry, ...] | None:
    """The order of the film; None where it is that of the keyframes.

    `names` are those of what only the cut shows, by its place in there.
    """
    if written is None:
        return None
    return tuple(_cut_shot(entry, names.get(i, "")) for i, entry in enumerate(written))


def _cut_shot(written: CutShot, inserted: str) -> CutEntry:
    transition = opening(written.transition) if written.transition else None
    return CutEntry(
        shot=inserted or written.shot or "",
        take=INSERTED if inserted else written.take,
        start=written.start,
        duration=written.duration,
        speed=written.speed,
        hold=written.hold,
        transition=transition,
    )


def _same(kind: type[Block], written: Any) -> Block:
    """A value with the fields of the block that it is named like."""
    names: Any = fields(kind)  # type: ignore[arg-type]
    return kind(**{one.name: getattr(written, one.name) for one in names})
