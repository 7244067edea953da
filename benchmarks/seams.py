"""Count how often the picture that two clips share is found, and how often falsely.

Run `python benchmarks/seams.py` for the 840 painted pairs (eight minutes of one core's time), or
`python benchmarks/seams.py --set photographs --every 11 FOLDER...` for those of pictures of your
own. `--every 20` tries every twentieth pair only. With `--kept FILE` each outcome is written down
at once: a run that was broken off goes on there, until a rule is changed. Every pair is two clips,
encoded on their own: the earlier one ends on the picture that the later one begins with. Its
control begins one frame on instead, and must not be taken for it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from itertools import islice, pairwise
from pathlib import Path

import cv2
import numpy as np
from seam_pairs import FRAMES, KINDS, Canvas, Pair, clip, made, painted, photograph

from storyboard.reviewing import measure
from storyboard.reviewing.repeat import LOOKED_AT, repeat, small
from storyboard.units.sizes import Size
from storyboard.video.reader import Reader

VISIBLE = 5.0
"""Levels of 255 by which a step has to change half a percent of a picture 320 wide, both as it is
painted and as it is encoded, for one frame on to count: nobody sees less."""
_MOST = 99.5
_SETS = "painted", "photographs"
_ROOM = Path(measure.__file__).parent


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a pair."""

    kind: str
    motion: str
    crf: int
    name: str
    found: bool
    untold: bool
    """Whether it was said that it can't be told."""
    counts: bool
    """Whether its control is another picture that can be seen."""
    falsely: bool
    """Whether the control was taken for the shared picture."""
    untold_next: bool
    """Whether it was said of the control that it can't be told."""


def tried(number: int, kinds: Sequence[str]) -> Outcome:
    """Encode, decode and measure one pair of those of these kinds."""
    cv2.setNumThreads(1)
    pair = next(islice(made(kinds), number, None))
    painting = photograph(Path(pair.kind)) if pair.kind not in KINDS else None
    ending = _shown(pair, 1 - FRAMES, range(FRAMES - LOOKED_AT, FRAMES), painting, later=False)
    beginning = _shown(pair, 0, range(LOOKED_AT), painting, later=True)
    control, counts = [], False
    if pair.motion.told:
        control = _shown(pair, 1, range(LOOKED_AT), painting, later=True)
        counts = _visible(pair, painting, [*pairwise(ending), *pairwise(control)])
    return judged(pair, ending, beginning, control, counts=counts)


def judged(
    pair: Pair,
    ending: Sequence[measure.Picture],
    beginning: Sequence[measure.Picture],
    control: Sequence[measure.Picture],
    *,
    counts: bool,
) -> Outcome:
    """What is said of a pair and of its control, which may be empty."""
    shared = repeat(ending, beginning)
    following = repeat(ending, control) if control else None
    kind = pair.kind if pair.kind in KINDS else "photographs and drawings"
    return Outcome(
        kind, pair.motion.name, pair.crf, pair.name,
        found=shared.found,
        untold=not shared.told,
        counts=counts,
        falsely=following is not None and following.found,
        untold_next=following is not None and not following.told,
    )  # fmt: skip


def _shown(
    pair: Pair, first: int, numbers: range, painting: Canvas | None, *, later: bool
) -> list[measure.Picture]:
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        file.write(clip(pair, first, later=later, painting=painting))
        file.flush()
        with Reader(Path(file.name)) as reader:
            return [reader.picture(number, size=small(Size(*pair.size))) for number in numbers]


def _visible(
    pair: Pair,
    painting: Canvas | None,
    steps: Iterable[tuple[measure.Picture, measure.Picture]],
) -> bool:
    size = small(Size(*pair.size))
    one, other = (
        cv2.resize(
            painted(pair, number, painting=painting),
            (size.width, size.height),
            interpolation=cv2.INTER_AREA,
        )
        for number in (0, 1)
    )
    encoded = float(np.median([_step(*step) for step in steps]))
    return min(_step(one, other), encoded) >= VISIBLE


def _step(one: measure.Picture, other: measure.Picture) -> float:
    return float(np.percentile(np.abs(measure.luma(other) - measure.luma(one)), _MOST))


def table(outcomes: Sequence[Outcome], row: Callable[[Outcome], str]) -> list[str]:
    """Hits and false alarms, a row for each of something."""
    lines = ["| | pairs | found | not told | missed | controls seen | not told | taken for it |"]
    lines.append("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name in dict.fromkeys(map(row, outcomes)):
        lines.append(_row(name, [one for one in outcomes if row(one) == name]))
    return [*lines, _row("**all**", outcomes)]


def _row(name: str, own: Sequence[Outcome]) -> str:
    found, untold = sum(one.found for one in own), sum(one.untold for one in own)
    counted = [one for one in own if one.counts]
    return (
        f"| {name} | {len(own)} | {100 * found / len(own):.1f} % | {untold} "
        f"| {len(own) - found - untold} | {len(counted)} "
        f"| {sum(one.untold_next for one in counted)} | {sum(one.falsely for one in counted)} |"
    )


def outcomes_of(kinds: Sequence[str], chosen: range, kept: Path | None) -> list[Outcome]:
    """Try every pair that isn't written down yet, as many at a time as there are cores."""
    names = {number: pair.name for number, pair in enumerate(made(kinds)) if number in chosen}
    known = _known(kept)
    missing = [number for number, name in names.items() if name not in known]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        trying = [pool.submit(tried, number, kinds) for number in missing]
        for count, done in enumerate(as_completed(trying), 1):
            outcome = known[done.result().name] = done.result()
            if kept is not None:
                with kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"rules": _rules(), **asdict(outcome)}) + "\n")
            print(f"\r{count} of {len(missing)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return [known[name] for name in names.values()]


def _known(kept: Path | None) -> dict[str, Outcome]:
    """What is written down of the rules of now."""
    if kept is None or not kept.exists():
        return {}
    rows = (json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines())
    own = [row for row in rows if row.pop("rules") == _rules()]
    return {row["name"]: Outcome(**row) for row in own}


def _rules() -> str:
    """A name for everything that is measured with, and for the pairs."""
    files = [*sorted(_ROOM.glob("*.py")), Path(__file__).with_name("seam_pairs.py")]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _kinds(chosen: str, folders: Sequence[Path]) -> list[str]:
    """The paintings, or the picture files of these folders."""
    if chosen == "painted":
        return list(KINDS)
    files = (path for folder in folders for path in sorted(folder.rglob("*")))
    return [str(path) for path in files if path.suffix.lower() in (".png", ".jpg", ".jpeg")]


def report(outcomes: Sequence[Outcome]) -> None:
    """Print the tables, and every pair that went wrong."""
    tables: tuple[tuple[str, Callable[[Outcome], str]], ...] = (
        ("By picture", lambda one: one.kind),
        ("By motion", lambda one: one.motion),
        ("By quality", lambda one: f"CRF {one.crf}"),
    )
    for title, row in tables:
        print(f"### {title}", "", *table(outcomes, row), "", sep="\n")
    for one in outcomes:
        if not one.found:
            print("not told:" if one.untold else "missed:", one.name)
        if one.counts and one.falsely:
            print("taken for it:", one.name)


def main() -> None:
    """Try the pairs that were asked for."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("folders", nargs="*", type=Path, help="pictures, for --set photographs")
    asked.add_argument("--set", choices=_SETS, default="painted", dest="chosen")
    asked.add_argument("--every", type=int, default=1, help="try every so many pairs only")
    asked.add_argument("--from", type=int, default=0, dest="first", help="begin with this pair")
    asked.add_argument("--kept", type=Path, help="a file of outcomes, to go on from")
    given = asked.parse_args()
    kinds = _kinds(given.chosen, given.folders)
    if not kinds:
        asked.error("no pictures: name folders of .png or .jpg files")
    total = sum(1 for _ in made(kinds))
    report(outcomes_of(kinds, range(given.first, total, given.every), given.kept))


if __name__ == "__main__":
    main()
