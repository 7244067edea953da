"""Count how often what is wrong with takes is found, and how often sound ones are accused.

Run `python benchmarks/takes.py ~/photographs` with folders of pictures; the examples' keyframes are
looked at in any case. Sound clips are those of `take_clips`, encoded well or poorly; `take_faults`
has what is painted into every third of them. `--every` tries all variants of each picture, `--kept
FILE` goes on where it was broken off, `--numbers` prints what was measured instead. Limits are
chosen on the clips of every second picture (*chosen*), and counted on the others (*reported*).
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from take_clips import Clip, Frames, clips, closer
from take_faults import FAULTS, FOLLOWERS, SEAM_FAULTS

from storyboard.cutting.cut import Footage
from storyboard.reviewing.judging import Keyframes, judged
from storyboard.reviewing.keyframe_places import AROUND, place_of
from storyboard.reviewing.limits import told
from storyboard.reviewing.measure import Picture
from storyboard.reviewing.oddities import SAMPLED, Glance, glance, odd_in
from storyboard.reviewing.ranking import joined
from storyboard.reviewing.seams import review
from storyboard.reviewing.take_limits import LIMITS, SEAM
from storyboard.timeline import Clip as CutClip
from storyboard.timeline import Media, SeamMark, Timeline
from storyboard.video.reader import Reader
from storyboard.video.recipes import RECIPES
from storyboard.video.writer import write

CRFS = ("18", "30")
FAULTY = 3
"""Faults are painted into every so many clips."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured of a clip, sound or with a fault."""

    table: str
    clip: str
    kind: str
    """How the clip was made."""
    chosen: bool
    """Whether limits may be chosen on it."""
    crf: str
    fault: str = ""
    """Empty for a sound one."""
    said: tuple[str, ...] = ()
    """What it was called when it was measured."""
    numbers: dict[str, float] = field(default_factory=dict)

    @property
    def calls(self) -> set[str]:
        """What it is called, by today's limits."""
        if self.table == "glances":
            return set(_words(odd_in(Glance(SAMPLED, **self.numbers))))  # type: ignore[arg-type]
        known = {str(limit.kind): limit for limit in (*LIMITS, SEAM)}
        odd = {n for n, v in self.numbers.items() if n in known and known[n].is_odd(v)}
        return odd if self.table in ("takes", "followers") else set(self.said)


@dataclass(frozen=True, slots=True)
class Trial:
    """A clip in one quality, and the files that are made of it."""

    clip: Clip
    crf: str
    folder: Path

    written: list[tuple[Frames, str, Media]] = field(default_factory=list)

    def encoded(self, frames: Frames, *, crf: str = "") -> Media:
        """A file of these frames, written once."""
        crf = crf or self.crf
        for one, quality, media in self.written:
            if one is frames and quality == crf:
                return media
        path, size = self.folder / f"{len(self.written)}.mp4", self.clip.size
        recipe = RECIPES["h264"].having(crf=crf)
        write(path, iter(frames), rate=self.clip.rate, size=size, recipe=recipe)
        made = Media(path, path.stem, len(frames), self.clip.rate, size)
        self.written.append((frames, crf, made))
        return made

    def found(self, table: str, fault: str, calls: Iterable[str], **numbers: float | None) -> Found:
        """What was measured."""
        known = {name: round(float(v), 4) for name, v in numbers.items() if v is not None}
        even = self.clip.number % 2 == 0
        about = self.clip.name, self.clip.kind, even, self.crf
        return Found(table, *about, fault, tuple(calls), known)


def tried(clip: Clip, crf: str, *, faulty: bool) -> list[Found]:
    """Encode and measure one clip in every way."""
    cv2.setNumThreads(1)
    frames, stranger = clip.frames(), clip.stranger()
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(clip, crf, Path(folder))
        return [
            found
            for measured in (takes, glances, followers, seams, keyframes)
            for found in measured(trial, frames, stranger, faulty=faulty)
        ]


# What is tried with a clip, a function for each table.


def takes(trial: Trial, frames: Frames, stranger: Picture, *, faulty: bool) -> Iterator[Found]:
    """A take by itself, against its keyframes."""
    ends = Keyframes(frames[0], frames[-1])
    made = {"": frames}
    if faulty:
        made |= {name: one(frames, stranger, trial.clip.rate) for name, (one, _) in FAULTS.items()}
    for name, one in made.items():
        numbers = judged(trial.encoded(one).path, ends)
        values = {str(limit.kind): limit.value(numbers) for limit in LIMITS}
        yield trial.found("takes", name, (), **values)


def glances(trial: Trial, frames: Frames, _stranger: Picture, *, faulty: bool) -> Iterator[Found]:
    """What a take is told to be when it lands: black, one still picture, one flat colour."""
    random = np.random.default_rng(5)

    def noisy(one: Picture) -> Frames:
        return [
            np.clip(one + random.normal(0, 2, one.shape), 0, 255).astype(np.uint8) for _ in frames
        ]

    made = {"": frames}
    if faulty:
        flat = np.full_like(frames[0], frames[0].mean(axis=(0, 1)))
        made |= {"black": noisy(frames[0] * 0), "still": noisy(frames[0]), "flat": noisy(flat)}
    for name, one in made.items():
        with Reader(trial.encoded(one).path) as reader:
            seen = glance(reader)
        yield trial.found(
            "glances", name, _words(odd_in(seen)),
            black=seen.black, moved=seen.moved, contrast=seen.contrast,
        )  # fmt: skip


def _words(odd: Sequence[str]) -> list[str]:
    known = ("black", "still", "flat")
    return [next(word for word in known if word in line) for line in odd]


def followers(trial: Trial, frames: Frames, stranger: Picture, *, faulty: bool) -> Iterator[Found]:
    """The way back from a take's last picture, in the other quality, as the next take."""
    back = frames[::-1]
    made = {"": back}
    if faulty:
        made |= {name: one(back, stranger, trial.clip.rate) for name, one in FOLLOWERS.items()}
    earlier = Footage(trial.encoded(frames))
    for name, one in made.items():
        later = Footage(trial.encoded(one, crf=CRFS[1 - CRFS.index(trial.crf)]))
        value = joined(earlier, later)
        yield trial.found("followers", name, (), seam=value)


def seams(trial: Trial, frames: Frames, stranger: Picture, *, faulty: bool) -> Iterator[Found]:
    """A clip as two takes, each encoded on its own: what the film shows where they meet."""
    half, rate = len(frames) // 2, trial.clip.rate
    made = {"": frames}
    if faulty:
        made |= {name: one(frames, stranger, rate) for name, (one, _) in SEAM_FAULTS.items()}
    earlier = trial.encoded(frames[:half])
    for name, one in made.items():
        (seam,) = review(_film(earlier, trial.encoded(one[half:])), executor=None).seams
        values = {str(row["name"]): row["value"] for row in told(seam.numbers)}
        yield trial.found("seams", name, map(str, seam.kinds), **values, still=seam.numbers.still)


def _film(earlier: Media, later: Media) -> Timeline:
    one = CutClip("sh010", "day", 1, earlier, 0, earlier.frames, 0, earlier.frames, earlier.frames)
    two = CutClip(
        "sh020", "day", 1, later, earlier.frames, later.frames, 0, later.frames, later.frames
    )
    seam = SeamMark(earlier.frames, "sh010", "sh020", match_color=False, bridge=0)
    return Timeline("Ride", earlier.rate, earlier.size, (one, two), seams=(seam,))


def keyframes(trial: Trial, frames: Frames, stranger: Picture, *, faulty: bool) -> Iterator[Found]:
    """A keyframe in the middle of a take, that is there early, late, too late, or not at all."""
    rate, place = trial.clip.rate, len(frames) // 2
    around = round(AROUND * rate)
    wanted = {"": frames[place]}
    if faulty:
        wanted |= {
            "a sixth of a second late": frames[place + round(rate / 6)],
            "a third of a second early": frames[place - round(rate / 3)],
            "0.7 s late": frames[place + round(rate * Fraction(7, 10))],
            "not in it": stranger,
            "25 % closer": closer(frames[place], 1.25),
        }
    near = range(place - around, place + around + 1)
    with Reader(trial.encoded(frames).path) as reader:
        for name, picture in wanted.items():
            seen = place_of(picture, place, near, reader)
            calls = ["unseen"] * seen.unseen + ["beyond"] * seen.farthest
            calls += ["seen"] * (not seen.unseen and _same(frames[seen.seen], picture))
            yield trial.found("keyframes", name, calls, likeness=seen.likeness)


def _same(one: Picture, other: Picture) -> bool:
    """Whether nobody sees that it is another frame."""
    return float(np.abs(one.astype(np.int16) - other).mean()) < 1


CALLED: dict[str, dict[str, tuple[str, ...]]] = {
    "takes": {name: (kind,) for name, (_, kind) in FAULTS.items()},
    "glances": {name: (name,) for name in ("black", "still", "flat")},
    "followers": dict.fromkeys(FOLLOWERS, ("seam",)),
    "seams": {name: kinds for name, (_, kinds) in SEAM_FAULTS.items()},
    "keyframes": {
        "": ("seen",),
        "a sixth of a second late": ("seen",),
        "a third of a second early": ("seen",),
        "0.7 s late": ("beyond", "unseen"),
        "not in it": ("unseen",),
        "25 % closer": ("unseen",),
    },
}
"""By table: what each fault has to be called, one of these."""
SOUND = ("seen",)
"""What a sound one may be called."""


# What is printed.


def main() -> None:
    """Try everything and print what was found."""
    os.nice(10)
    folders, kept = _arguments()
    work = list(clips(folders, every="--every" in sys.argv))
    known = _kept(kept)
    done = {(one.clip, one.crf) for one in known}
    with ProcessPoolExecutor(2) as pool:
        coming = [
            pool.submit(tried, clip, CRFS[place % 2], faulty=place % FAULTY == 0)
            for place, clip in enumerate(work)
            if (clip.name, CRFS[place % 2]) not in done
        ]
        for one in coming:
            known += (found := one.result())
            if kept:
                with kept.open("a") as file:
                    file.writelines(json.dumps(asdict(each)) + "\n" for each in found)
    show: Callable[[str, list[Found]], None] = _numbers if "--numbers" in sys.argv else _table
    for table in CALLED:
        show(table, [one for one in known if one.table == table])


def _arguments() -> tuple[list[Path], Path | None]:
    words = sys.argv[1:]
    kept = words.pop(words.index("--kept") + 1) if "--kept" in words else ""
    return [Path(w) for w in words if not w.startswith("-")], Path(kept) if kept else None


def _kept(path: Path | None) -> list[Found]:
    lines = path.read_text().splitlines() if path and path.exists() else []
    return [Found(**{**_read(line), "said": tuple(_read(line)["said"])}) for line in lines]


def _read(line: str) -> dict[str, Any]:
    return dict(json.loads(line))


def _table(table: str, found: Sequence[Found]) -> None:
    print(f"\n## {table}\n\n| made fault | called | chosen | reported |\n| --- | --- | --: | --: |")
    for name, kinds in CALLED[table].items():
        own = [one for one in found if one.fault == name]
        hits = [one for one in own if one.calls & set(kinds)]
        called = " or ".join(f"`{kind}`" for kind in kinds)
        print(f"| {name or 'sound'} | {called} | {_halves(hits, own)} |")
        if missed := [f"{o.clip} ({o.crf})" for o in own if o not in hits]:
            print(f"<!-- not found: {'; '.join(missed)} -->")
    print("\n| sound, and accused of | chosen | reported |\n| --- | --: | --: |")
    sound = [one for one in found if not one.fault]
    for kind in sorted({kind for one in found for kind in one.calls} - set(SOUND)):
        accused = [one for one in sound if kind in one.calls]
        print(f"| `{kind}` | {_halves(accused, sound)} |")
        if accused:
            print(f"<!-- {'; '.join(f'{one.clip} ({one.crf})' for one in accused)} -->")


def _halves(some: Sequence[Found], of: Sequence[Found]) -> str:
    halves = [
        f"{sum(one.chosen is half for one in some)} of {sum(one.chosen is half for one in of)}"
        for half in (True, False)
    ]
    return " | ".join(halves)


def _numbers(table: str, found: Sequence[Found]) -> None:
    """Of each fault, and of sound clips, what was measured on the half for choosing."""
    print(f"\n## {table}")
    for name in dict.fromkeys(one.fault for one in found):
        own = [one for one in found if one.fault == name and one.chosen]
        for number in dict.fromkeys(n for one in own for n in one.numbers):
            if name and table == "takes" and number not in CALLED[table][name]:
                continue
            values = sorted((o.numbers[number], o.clip, o.crf) for o in own if number in o.numbers)
            shown = [*values[:4], *values[len(values) // 2 :][:1], *values[-4:]]
            print(
                f"{name or 'sound'}: {number}: "
                + "; ".join(f"{v:.3f} {c} {q}" for v, c, q in shown)
            )


if __name__ == "__main__":
    main()
