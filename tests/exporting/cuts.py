"""Cuts for the tests of the export: real clips with a code on every frame, and their timeline."""

from __future__ import annotations

import wave
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image

from storyboard.exporting.formats.choice import FORMATS
from storyboard.exporting.media.files_of import MediaMap
from storyboard.exporting.media.pulls import Options, pull
from storyboard.exporting.timecodes import Timecodes
from storyboard.testing.clips import write_clip
from storyboard.timeline import (
    Clip,
    Media,
    PlacedTransition,
    SceneMark,
    SeamMark,
    ShotNote,
    Sound,
    Timeline,
    Words,
)
from storyboard.units.sizes import Size
from storyboard.units.timing import Rate

SIZE = Size(320, 180)
RATES = (Fraction(24), Fraction(24000, 1001), Fraction(30))
FRAMES = 49
"""Of every take: two seconds at 24, and the frame that its neighbour shows again."""


def take(
    folder: Path, number: int, *, rate: Rate = RATES[0], frames: int = FRAMES, name: str = ""
) -> Media:
    """A clip on the disc whose frames say `number` and count from 0."""
    path = folder / f"{name or f'take{number}'}.mp4"
    if not path.exists():
        write_clip(path, frames=frames, size=(SIZE.width, SIZE.height), rate=rate, shot=number)
    return Media(path, f"{number:064x}", frames, rate, SIZE)


def still(folder: Path) -> Media:
    """A grey still of the film's size."""
    path = folder / "still.png"
    Image.new("RGB", (SIZE.width, SIZE.height), "#808080").save(path)
    return Media(path, "5" * 64, 1, Fraction(24), SIZE, kind="still")


def bang(path: Path, *, seconds: float, at: float, samples: int = 48_000) -> Path:
    """A WAV file, silent but for one loud sample at `at` seconds."""
    heard = np.zeros((round(seconds * samples), 2), "<i2")
    heard[round(at * samples)] = 30_000
    with wave.open(str(path), "wb") as made:
        made.setparams((2, 2, samples, 0, "NONE", ""))
        made.writeframes(heard.tobytes())
    return path


@dataclass
class Reel:
    """Lays clips one after the other."""

    rate: Rate
    clips: list[Clip] = field(default_factory=list)

    def lay(
        self,
        shot: str,
        media: Media,
        *,
        scene: str = "day",
        first: int = 0,
        frames: int | None = None,
        drops: int = 0,
        speed: Fraction = Fraction(1),
        held: bool = False,
        number: int = 1,
    ) -> Clip:
        """Append a clip: from `first`, `frames` long, or to the media's end less `drops`."""
        count = media.frames - first - drops if frames is None else frames
        still = held or media.kind == "still"
        steps = 0 if still else speed.numerator
        clip = Clip(
            shot=shot,
            scene=scene,
            take=number,
            media=media,
            start=self.clips[-1].end if self.clips else 0,
            frames=count,
            first=first,
            last=first + steps,
            span=1 if still else speed.denominator,
            held=held,
            drops=drops,
        )
        self.clips.append(clip)
        return clip

    def timeline(self, **more: object) -> Timeline:
        """The cut of all clips."""
        shots = dict.fromkeys(clip.shot for clip in self.clips)
        notes = tuple(
            ShotNote(shot, f'The rider "steps" out & <waves>, {shot}', "kling-o1", "r-1", 420_000)
            for shot in shots
        )
        made = Timeline("Dämmerung #1", self.rate, SIZE, tuple(self.clips), shots=notes)
        return replace(made, **more)  # type: ignore[arg-type]


def film(folder: Path, rate: Rate) -> Timeline:
    """A cut with everything: a dropped seam frame, a hold, a dissolve, captions and music."""
    reel = Reel(rate)
    first = reel.lay("sh010", take(folder, 1, rate=rate), drops=1)
    second = reel.lay("sh020", take(folder, 2, rate=rate), first=2, frames=40)
    held = reel.lay("sh020", second.media, first=41, frames=10, held=True)
    third = reel.lay("sh030", take(folder, 3, rate=rate), first=5, frames=30, scene="night")
    dissolve_at = third.start
    fourth = reel.lay("sh040", take(folder, 4, rate=rate), first=6, frames=36, scene="night")
    music = bang(folder / 'Thème #1 100% "ü".wav', seconds=float(9 * 24 / rate), at=1.0)
    voice = bang(folder / "vo.wav", seconds=1.0, at=0.5)
    return reel.timeline(
        transitions=(PlacedTransition("dissolve", dissolve_at, 4, 4),),
        words=(Words("caption", "Lisbon, 7 a.m.", 10, 30, "bottom", 4.5, "#ffffff"),),
        sounds=(
            Sound("voice", voice, start=second.start, frames=None),
            Sound("music", music, start=12, frames=None, gain=-6, fade_out=12),
        ),
        scenes=(
            SceneMark("day", "Day", 0, held.end),
            SceneMark("night", None, held.end, fourth.end - held.end),
        ),
        seams=(SeamMark(first.end, "sh010", "sh020"),),
    )


def loud_film(folder: Path) -> Timeline:
    """Two shots, of which the first is heard, with music below that comes in and goes out."""
    path = folder / "loud.mp4"
    write_clip(path, frames=20, size=(SIZE.width, SIZE.height), rate=RATES[0], shot=1, audio=True)
    reel = Reel(RATES[0])
    heard = reel.lay("sh010", Media(path, "1" * 64, 20, RATES[0], SIZE, sound=True))
    reel.lay("sh020", take(folder, 2), frames=10)
    music = bang(folder / "music.wav", seconds=1.25, at=1.0)
    return reel.timeline(
        sounds=(
            Sound("take", path, 0, None, gain=-3).under(heard),
            Sound("music", music, start=0, frames=None, gain=-12, fade_in=6, fade_out=4),
        )
    )


def expected(timeline: Timeline) -> list[tuple[str, int] | None]:
    """The shot and media frame seen on each film frame; None inside transitions."""
    mixed = {f for over in timeline.transitions for f in range(over.start, over.end)}
    return [
        None if frame in mixed else (clip.shot, clip.media_frame(frame - clip.start))
        for frame in range(timeline.frames)
        for clip in [timeline.clip_at(frame)]
    ]


def plain_film(rate: Rate = RATES[0]) -> Timeline:
    """Three shots one after the other, of takes that need not be on the disc."""
    reel = Reel(rate)
    for number in (1, 2, 3):
        media = Media(Path(f"take{number}.mp4"), f"{number:064x}", FRAMES, rate, SIZE)
        reel.lay(f"sh0{number}0", media, drops=1 if number < 3 else 0)
    return reel.timeline()


def written(timeline: Timeline, name: str = "otio") -> str:
    """The timeline in a format, without its files."""
    options = Options()
    pulled = pull(timeline, {}, taken={}, missing=frozenset(), options=options)
    media = MediaMap(Path("/cut"), pulled.clips, (), pulled.others)
    return FORMATS[name].write(timeline, media, clock=Timecodes.at("01:00:00:00", timeline.rate))
