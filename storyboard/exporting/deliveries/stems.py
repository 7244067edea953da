"""Stems: the film's voices, music, effects and takes' own sound, each a Broadcast Wave file.

Each is as long as the film and finished as its mix is (levels, fades, music under the voice,
loudness), so that laid at the start, or at its time stamp, all together are the mix. 48 kHz in
32-bit floats, because a part may be louder than the whole. The time stamp is the record timecode,
in samples since midnight (EBU Tech 3285, `bext`, TimeReference).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.audio.layers import sample_of
from storyboard.audio.mix import stems
from storyboard.audio.sound_files import SAMPLE_RATE, write_wave
from storyboard.errors import MediaError
from storyboard.events import Encoding
from storyboard.safe_text import in_one_line

if TYPE_CHECKING:
    from storyboard.audio.sound_files import Samples
    from storyboard.exporting.deliveries.delivery import HandOver
    from storyboard.timeline import Timeline

NEEDS_MEDIA = False
ENDINGS = {"voice": "voice", "music": "music", "effect": "effects", "take": "takes"}
"""What a stem is called, by the role of its sounds."""
_MADE = 1
"""Raised whenever the same sounds would give other files."""


def make(delivery: HandOver) -> list[Path]:
    """A file for each role of the film's sounds; none for a silent film."""
    about, told = _about(delivery), partial(_tell, delivery, "stems")
    return [
        delivery.file(
            f"_{ENDINGS[role]}.wav",
            f"{about} {role}",
            partial(
                write_wave,
                blocks=_counted(delivery, ENDINGS[role], blocks),
                stamp=_stamp(delivery, role),
            ),
        )
        for role, blocks in stems(delivery.timeline, told=told)
    ]


def _counted(delivery: HandOver, name: str, blocks: Iterator[Samples]) -> Iterator[Samples]:
    """The same samples, and how far the stem is."""
    done = 0
    for block in blocks:
        yield block
        done += len(block)
        _tell(delivery, name, "written", done)


def _tell(delivery: HandOver, name: str, what: str, samples: int) -> None:
    timeline = delivery.timeline
    done = min(timeline.frames, round(samples * timeline.rate / SAMPLE_RATE))
    delivery.listener(Encoding(done, timeline.frames, f"frames {what}", name))


def losses(timeline: Timeline) -> Iterator[str]:
    """That a silent film has none."""
    if not timeline.sounds:
        yield "the film has no sound, and so no stems"


def _stamp(delivery: HandOver, role: str) -> dict[str, str]:
    """The `bext` chunk; no date, so that the same sound is the same file."""
    start = sample_of(delivery.clock.start, delivery.timeline.rate)
    title = in_one_line(delivery.timeline.title).encode("ascii", "replace").decode()
    return {
        "description": f"{title}: {ENDINGS[role]}"[:256],
        "originator": "storyboard",
        "time_reference": str(start),
        "coding_history": f"A=PCM,F={SAMPLE_RATE},W=32,M=stereo,T=storyboard",
    }


def _about(delivery: HandOver) -> str:
    """All that decides the samples."""
    timeline = delivery.timeline
    facts = [_MADE, timeline.rate, timeline.frames, timeline.loudness, delivery.clock.start]
    sounds = [{**asdict(one), "path": _digest(one.path)} for one in timeline.sounds]
    return f"{facts} {sounds} {timeline.title}"


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest()
    except OSError as cause:
        raise MediaError(f"{path} can't be read: {cause.strerror}") from cause
