"""Which pictures there are in some folders, told by their content, and what was passed over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import files
from storyboard.errors import FileTrouble, MediaError
from storyboard.images.picture_facts import READ, inspect
from storyboard.images.picture_facts import kind as kind_
from storyboard.images.still import MAX_STILL_BYTES
from storyboard.safe_text import inert

if TYPE_CHECKING:
    from storyboard.images.picture_facts import PictureFacts

ENDINGS = (".png", ".jpg", ".jpeg", ".jfif", ".webp", ".avif")
"""What pictures that are read are usually called; what is called so and is none is said."""

_HEAD = 4096
_MOST = 1000
"""Names in a folder below that are looked at."""
_PHOTOGRAPHS = ("HEIC", "JPEG XL", "JPEG 2000", "TIFF or raw camera")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that can be a keyframe."""

    path: Path
    facts: PictureFacts


@dataclass(frozen=True, slots=True)
class Gathered:
    """The pictures in their order, and what was passed over, one sentence a kind."""

    pictures: tuple[Picture, ...]
    passed: tuple[str, ...] = ()


def gather(places: Sequence[Path]) -> Gathered:
    """The pictures that are named, and those in the folders that are named, in natural order.

    What is named one by one keeps its order, and has to be a picture: MediaError otherwise. In a
    folder, other pictures and damaged ones are passed over, and said.
    """
    found: list[Picture] = []
    kinds: Counter[str] = Counter()
    broken: list[str] = []
    for place in places:
        if not place.is_dir():
            found.append(_named(place))
            continue
        inside = _inside(place)
        broken += _unopened(inside)
        for path in natural_order(path for path in inside if path.is_file()):
            try:
                kind = kind_(_head(path))
                if kind in READ:
                    found.append(_picture(path))
                elif kind:
                    kinds[kind] += 1
                elif path.suffix.lower() in ENDINGS:
                    found.append(_picture(path))
            except FileTrouble as error:
                broken.append(f"{inert(path.name)} {_without_name(error)}")
    return Gathered(tuple(found), (*_passed(kinds), *broken))


def _inside(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError as error:
        raise MediaError(f"{folder} can't be looked into: {error.strerror or error}") from error


def _unopened(entries: Iterable[Path]) -> Iterator[str]:
    """Folders with pictures, and links that lead to none, which somebody may have meant."""
    for path in natural_order(entries):
        if path.is_dir():
            with suppress(MediaError):  # not ours to look into
                below = islice(_inside(path), _MOST)
                if any(one.suffix.lower() in ENDINGS for one in below):
                    yield f"the folder {inert(path.name)} is not looked into; name it, too"
        elif path.is_symlink() and not path.exists() and path.suffix.lower() in ENDINGS:
            yield f"{inert(path.name)} is a link that leads nowhere; copy the picture itself"


def _named(path: Path) -> Picture:
    try:
        return _picture(path)
    except FileTrouble as error:
        raise MediaError(f"{path}: {_without_name(error)}") from error


def _picture(path: Path) -> Picture:
    facts = inspect(files.read(path, limit=MAX_STILL_BYTES))
    if not path.as_posix().isprintable() and "\udc80" <= max(path.as_posix()) <= "\udcff":
        raise FileTrouble("has a name that is not text; give it another")
    return Picture(path, facts)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError as error:
        raise FileTrouble(f"can't be read: {error.strerror or error}") from error


def _without_name(error: FileTrouble) -> str:
    """The message without the name in quotes that it may begin with."""
    return re.sub(r"^'[^']*' ", "", str(error))


def _passed(kinds: Counter[str]) -> Iterator[str]:
    """`2 HEIC pictures, which are not read; save them as JPEG`."""
    for kind, count in sorted(kinds.items()):
        one = count == 1
        what = kind if one else f"{kind}s"
        advice = "save it" if one else "save them"
        target = "JPEG" if kind.removesuffix(" picture") in _PHOTOGRAPHS else "PNG"
        if kind == "video":
            advice, target = ("save a still of it" if one else "save stills of them"), "PNG"
        yield f"{count} {what}, which {'is' if one else 'are'} not read; {advice} as {target}"


def natural_order(paths: Iterable[Path]) -> list[Path]:
    """Paths as people count: `2.png` before `10.png`."""
    return sorted(paths, key=lambda path: [_counted(part) for part in _parts(path)])


def _parts(path: Path) -> list[str]:
    return re.split(r"(\d+)", path.as_posix().casefold())


def _counted(part: str) -> tuple[int, int, str]:
    number = part.isascii() and part.isdigit() and len(part) < 1000
    return (0, int(part), part) if number else (1, 0, part)
