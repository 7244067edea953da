"""A first storyboard from a folder of pictures: commented, valid, ready for an animatic."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from storyboard.errors import MediaError
from storyboard.spec import VERSION

ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".avif")
PROMPT = "The camera moves slowly on"

_HEAD = """\
# A storyboard: each picture is a keyframe, each `shot` is what happens on the way to the next.
#   storyboard plan {name}        what it costs; spends nothing
#   storyboard animatic {name}    the film from drafts; free, offline
#   storyboard render {name}      the film; asks before anything is paid
version: {version}
title: {title}
# size: 1920x1080              # left out: the takes' own size
# fps: 24                      # left out: the takes' own rate
# budget: 5.00                 # US dollars, all renders together
defaults:
  duration: 5                  # seconds of each shot; "120f" counts frames
  {fit}
  # style: 35mm film, soft light   # appended to every prompt

keyframes:
"""


def natural_order(paths: Iterable[Path]) -> list[Path]:
    """Paths as people count: `2.png` before `10.png`."""
    return sorted(paths, key=lambda path: [_counted(part) for part in _parts(path)])


def _parts(path: Path) -> list[str]:
    return re.split(r"(\d+)", path.as_posix().casefold())


def _counted(part: str) -> tuple[int, int, str]:
    return (0, int(part), part) if part.isascii() and part.isdigit() else (1, 0, part)


def pictures_in(places: Sequence[Path]) -> list[Path]:
    """The pictures that are named, and those in the folders that are named, in natural order.

    What is named one by one keeps its order. MediaError where there are fewer than two.
    """
    found: list[Path] = []
    for place in places:
        inside = place.iterdir() if place.is_dir() else ()
        own = [p for p in inside if p.suffix.lower() in ENDINGS and not p.name.startswith(".")]
        found += natural_order(own) if place.is_dir() else [place]
    if len(found) < 2:
        raise MediaError("a film needs at least two pictures; name them, or a folder of them")
    return found


def commented(pictures: Sequence[Path], target: Path, *, same_shape: bool) -> str:
    """The text of a storyboard at `target` that shows these pictures in this order."""
    fit = "fit: cover                   # contain, blur and stretch do without cropping"
    head = _HEAD.format(
        name=target.name,
        version=VERSION,
        title=json.dumps(target.stem, ensure_ascii=False),
        fit=f"# {fit}" if same_shape else fit,
    )
    lines = [head]
    for number, picture in enumerate(pictures):
        name = os.path.relpath(picture, target.parent or ".")
        lines.append(f"  - image: {_scalar(Path(name).as_posix())}\n")
        if number < len(pictures) - 1:
            lines.append(f"    shot: {PROMPT}\n")
    return "".join(lines)


def _scalar(text: str) -> str:
    """A name as YAML: plain where that is safe, else in double quotes."""
    plain = re.fullmatch(r"[A-Za-z_./][A-Za-z0-9_./ -]*[A-Za-z0-9_]", text)
    return text if plain else json.dumps(text, ensure_ascii=False)
