"""The text of a new storyboard: commented, and with every name written so that it is read back."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.fileformat.json_schema import schema_file
from storyboard.fileformat.written import VERSION
from storyboard.loading.hints import PLACEHOLDER
from storyboard.loading.scalars import scalar
from storyboard.safe_text import inert

if TYPE_CHECKING:
    from storyboard.workflows.new.gathering import Picture
    from storyboard.workflows.new.listed_shots import ListedShot

_HEAD = """\
# A storyboard: each picture is a keyframe, each `shot` is what happens on the way to the next.
#   storyboard plan {name}        what it costs; spends nothing
#   storyboard animatic {name}    the film from drafts; free, offline
#   storyboard render {name}      the film; asks before anything is paid
version: {version}
title: {title}
{size}
# fps: 24                      # left out: the takes' own rate
# budget: 5.00                 # US dollars, all renders together
defaults:
  duration: 5                  # seconds of each shot; "120f" counts frames
  {fit}
  # style: 35mm film, soft light   # appended to every prompt

"""

_NO_SIZE = "# size: 1920x1080              # left out: the takes' own size"

_FITS = {
    "": "# fit: cover                 # contain, blur and stretch do without cropping",
    "cover": "fit: cover                   # contain, blur and stretch do without cropping",
    "blur": "fit: blur                    # other shapes get blurred bars; cover would crop them",
}


def commented(pictures: Sequence[Picture], target: Path, *, fit: str = "", size: str = "") -> str:
    """The text of a storyboard at `target` that shows these pictures in this order."""
    lines = [_modeline(), _head(target, fit=fit, size=size), "keyframes:\n"]
    for number, picture in enumerate(pictures):
        lines.append(f"  - image: {_name(picture.path, target)}\n")
        if picture.facts.frames > 1:
            lines.append("    frame: 0\n")
        if number < len(pictures) - 1:
            lines.append(f"    shot: {PLACEHOLDER}\n")
    return "".join(lines)


def of_list(shots: Sequence[ListedShot], target: Path, *, fit: str = "", size: str = "") -> str:
    """The text of a storyboard at `target` with these shots, scene by scene."""
    lines = [_modeline(), _head(target, fit=fit, size=size), "scenes:\n"]
    for number, (scene, own) in enumerate(groupby(shots, key=lambda shot: shot.scene), 1):
        lines.append(f"  - id: {_quoted(scene or f'scene{number}')}\n    keyframes:\n")
        lines += _keyframes(list(own), target)
    return "".join(lines)


def _keyframes(shots: Sequence[ListedShot], target: Path) -> Iterator[str]:
    """A scene's keyframes: each shot's picture, and its end where the next one's is another."""
    for shot, following in zip(shots, (*shots[1:], None), strict=True):
        yield f"      - image: {_name(shot.image, target)}\n"
        if following or shot.end or shot.prompt:
            yield "        shot:\n"
            yield from (f"          {line}\n" for line in _fields(shot))
        if shot.end and (following is None or following.image != shot.end):
            yield f"      - image: {_name(shot.end, target)}\n"


def _fields(shot: ListedShot) -> Iterator[str]:
    named = {"id": shot.shot, "prompt": shot.prompt or PLACEHOLDER, "model": shot.model}
    yield from (f"{name}: {_quoted(text)}" for name, text in named.items() if text)
    if shot.duration:
        yield f"duration: {_quoted(shot.duration)}"
    if shot.notes:
        yield f"notes: {_quoted(shot.notes)}"


def _head(target: Path, *, fit: str, size: str) -> str:
    return _HEAD.format(
        name=shlex.quote(inert(target.name)),
        version=VERSION,
        title=_quoted("".join(filter(str.isprintable, target.stem)) or "film"),
        size=f"size: {size}"
        if size
        else "# size: 1920x1080              # left out: the takes' own",
        fit=_FITS[fit],
    )


def _modeline() -> str:
    """What tells an editor which fields there are, and what they mean."""
    schema = schema_file()
    return f"# yaml-language-server: $schema={schema.as_uri()}\n" if schema else ""


def _name(picture: Path, target: Path) -> str:
    """The picture's name from the storyboard's folder on, as YAML."""
    base, there = os.path.realpath(target.parent), os.path.realpath(picture.parent)
    path = Path(there) / picture.name
    try:
        name = Path(os.path.relpath(path, base)).as_posix()
    except ValueError:  # on another drive
        name = path.as_posix()
    return _scalar(name.replace("${", "$${"))


def _scalar(text: str) -> str:
    """A name as YAML: plain where that is safe, else in double quotes."""
    plain = re.fullmatch(r"[A-Za-z_./][A-Za-z0-9_./ -]*[A-Za-z0-9_]", text)
    return text if plain and scalar(text) == text else _quoted(text)


def _quoted(text: str) -> str:
    return '"' + "".join(_escaped(letter) for letter in text) + '"'


def _escaped(letter: str) -> str:
    """A letter between double quotes; what is not seen, or not allowed, by its number."""
    if letter in '"\\':
        return f"\\{letter}"
    if letter.isprintable():
        return letter
    code = ord(letter)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
