"""Loading a storyboard: from the YAML file to checked, resolved values, or all its mistakes.

`load` reads the file and the pictures it names, and nothing else. What comes out needs no
further checking.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from storyboard import files
from storyboard.errors import InvalidStoryboard, Mistake, Place
from storyboard.load import shape, tree
from storyboard.load.remote import fetcher
from storyboard.load.scenes import ASSUMED_RATE, Desk, scenes
from storyboard.load.stills import Fetch, Shelf
from storyboard.load.storyboard import Plate, Scene, Shot, Still, Storyboard
from storyboard.load.variables import fill
from storyboard.spec import Board

__all__ = ["ASSUMED_RATE", "Plate", "Scene", "Shot", "Still", "Storyboard", "load"]

_KEY = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}:[0-9a-f]{32}\b")
"""The look of a fal.ai key."""


def load(
    path: Path | str,
    *,
    variables: Mapping[str, str] | None = None,
    draft: bool = False,
    confine: Path | None = None,
    fetch: Fetch | None = None,
) -> Storyboard:
    """The storyboard in this file, with its pictures read and every rule checked.

    `variables` override the file's own (`--var`). With `draft`, what only the paid models can't
    do is a warning instead of a mistake. `confine` is a folder that no named file may lie
    outside of. `fetch` brings https pictures to disk; by default they are kept in
    `.storyboard/web` beside the file.

    Raises `InvalidStoryboard` with all mistakes, each at its line and column.
    """
    path = Path(path)
    try:
        data = files.read(path, limit=tree.MAX_BYTES)
    except ValueError as error:
        raise InvalidStoryboard([Mistake(Place(str(path), 1, 1), "", str(error))]) from error
    return parse(data, path, variables=variables, draft=draft, confine=confine, fetch=fetch)


def parse(
    data: bytes,
    path: Path,
    *,
    variables: Mapping[str, str] | None = None,
    draft: bool = False,
    confine: Path | None = None,
    fetch: Fetch | None = None,
) -> Storyboard:
    """The storyboard in these bytes, as if they were read from `path`; see `load`."""
    written = tree.read(data, file=str(path))
    _refuse_keys(written)
    fill(written, variables or {})
    board = shape.board(written)
    if board is None:
        raise InvalidStoryboard(written.mistakes)
    root = path.parent
    shelf = Shelf(written, root, confine, fetch or fetcher(root / ".storyboard" / "web"))
    desk = Desk(written, board, shelf)
    made = scenes(desk)
    sounds = _sounds(written, board, root, confine)
    if written.mistakes or (desk.limits and not draft):
        raise InvalidStoryboard([*written.mistakes, *([] if draft else desk.limits)])
    return Storyboard(
        path=path,
        board=board,
        scenes=made,
        size=board.size,
        rate=board.fps,
        background=board.defaults.background,
        sounds=sounds,
        warnings=tuple(desk.limits),
    )


def _refuse_keys(written: tree.Tree) -> None:
    """A key in a storyboard is one commit away from the public."""
    for number, line in enumerate(written.lines, start=1):
        found = _KEY.search(line)
        if found:
            message = "looks like a service key; keep it in FAL_KEY, and get a new one"
            raise InvalidStoryboard(
                [Mistake(Place(written.file, number, found.start() + 1), "", message)]
            )


def _sounds(
    written: tree.Tree, board: Board, root: Path, confine: Path | None
) -> Mapping[str, Path]:
    """Where the named sound files are; missing ones become mistakes."""
    if board.audio is None:
        return {}
    named: list[tuple[str, tree.Path]] = [
        (voice.file, ("audio", "voiceover", i, "file"))
        for i, voice in enumerate(board.audio.voiceover)
    ]
    if board.audio.music:
        named.append((board.audio.music.file, ("audio", "music", "file")))
    found: dict[str, Path] = {}
    for name, path in named:
        try:
            found[name] = files.resolve(root, name, confine=confine)
            if not found[name].is_file():
                raise ValueError("there is no such file")
        except ValueError as error:
            written.say(path, str(error))
    return found
