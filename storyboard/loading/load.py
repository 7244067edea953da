"""Loading a storyboard: from the YAML file to checked, resolved values, or all its mistakes.

`load` reads the storyboard and the pictures it names, and nothing else. What comes out needs no
further checking.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import files
from storyboard.errors import FileTrouble, InvalidStoryboard
from storyboard.fileformat.findings import field_path
from storyboard.loading import blocks, shape
from storyboard.loading.brought import with_own
from storyboard.loading.checked import CheckedStoryboard, InFile
from storyboard.loading.context import Context
from storyboard.loading.hints import remarks, unused
from storyboard.loading.inserts import inserts
from storyboard.loading.remote import fetcher
from storyboard.loading.scenes import scenes
from storyboard.loading.sources import from_bytes, opened
from storyboard.loading.stills import StillCache, inspected, is_address
from storyboard.loading.variables import fill
from storyboard.models.installed import installed

if TYPE_CHECKING:
    from storyboard.errors import Place
    from storyboard.fileformat.findings import Path as FieldPath
    from storyboard.loading import tree
    from storyboard.loading.checked import CheckedScene
    from storyboard.loading.inserts import Inserts
    from storyboard.loading.sources import OpenedSource, Source
    from storyboard.loading.stills import Facts, Fetch
    from storyboard.models.table import Table


def load(
    given: Source,
    *,
    base: Path | str | None = None,
    variables: Mapping[str, str] | None = None,
    draft: bool = False,
    confine: Path | str | None = None,
    fetch: Fetch | None = None,
    models: Table | None = None,
) -> CheckedStoryboard:
    """The storyboard that is given, with its pictures read and every rule checked.

    `given` is the path of its file, a `Storyboard` made in code, its fields as a dict, or a stream
    of its text. It names files from the folder `base` on: its file's own folder, or the current
    one. A storyboard without a file is called after its title, as if that were a file in `base`.

    `variables` override its own. With `draft`, what only the paid models can't
    do is a warning instead of a mistake. `confine` is a folder that no named file may lie
    outside of. `fetch` brings https pictures to disk; by default they are kept in
    `.storyboard/web` in the base folder. `models` are those that shots may name, besides
    the storyboard's own: the table with the rows that are installed here (`installed()`), or one
    with rows of one's own (`MODELS.having(row)`).

    Raises `InvalidStoryboard` with all mistakes, each at its line and column, or, where there is
    no text, at its field: `keyframes[1].shot.duration: ...`.
    """
    source, about = opened(given, base), dict(variables or {})
    return _checked(
        source,
        variables=about,
        draft=draft,
        confine=None if confine is None else Path(confine),
        fetch=fetch,
        models=models,
    )


def parse(
    data: bytes,
    path: Path,
    *,
    variables: Mapping[str, str] | None = None,
    draft: bool = False,
    confine: Path | None = None,
    fetch: Fetch | None = None,
    facts: Facts = inspected,
) -> CheckedStoryboard:
    """The storyboard in these bytes, as if they were read from `path`; see `load`.

    `facts` tells what a picture is, where that may be known already.
    """
    source = from_bytes(data, path)
    return _checked(
        source, variables=variables, draft=draft, confine=confine, fetch=fetch, facts=facts
    )


def _checked(
    source: OpenedSource,
    *,
    variables: Mapping[str, str] | None,
    draft: bool,
    confine: Path | None,
    fetch: Fetch | None,
    models: Table | None = None,
    facts: Facts = inspected,
) -> CheckedStoryboard:
    written = source.tree
    fill(written, variables or {})
    fetch = fetch or fetcher(source.base / ".storyboard" / "web")
    pictures = StillCache(written, source.base, confine, fetch, facts)
    board = shape.board(written)
    if board is None:
        _look_around(written, pictures)
        raise InvalidStoryboard(written.mistakes)
    context = Context(written, board, pictures, with_own(written, board, models or installed()))
    made = scenes(context)
    sounds, inserted = _sounds(written, pictures), inserts(context)
    if written.mistakes or (context.limits and not draft):
        raise InvalidStoryboard([*written.mistakes, *([] if draft else context.limits)])
    return _result(source, context, made, sounds, inserted, dict(variables or {}))


def _result(
    source: OpenedSource,
    context: Context,
    made: tuple[CheckedScene, ...],
    sounds: Mapping[str, Path],
    inserted: Inserts,
    given: Mapping[str, str],
) -> CheckedStoryboard:
    """The storyboard, when all of it has been checked."""
    board, written = context.board, source.tree
    return CheckedStoryboard(
        path=source.path,
        board=board,
        scenes=made,
        size=board.size,
        rate=board.fps,
        background=board.defaults.background,
        sounds=sounds,
        titles=blocks.words(board.titles),
        audio=blocks.audio(board.audio),
        ending=blocks.ending(board.ending),
        font=sounds.get(board.font or ""),
        versions=blocks.versions(board.versions),
        cut=blocks.cut_list(board.cut, inserted.names),
        inserts=inserted.parts,
        warnings=tuple(context.limits),
        places=_spoken_of(written),
        given=given,
        remarks=(*unused(written), *remarks(made)),
        written=_places(written),
        on_disk=source.on_disk,
        models=context.models,
    )


def _spoken_of(written: tree.Tree) -> dict[str, Place]:
    """Where all is written that a plan has something to say of, besides shots."""
    parts = (("titles",), ("audio",), ("cut",), ("versions",), ("ending",), ("font",))
    return {field_path(p): written.place(p) for p in written.values if p[:1] in parts}


def _look_around(written: tree.Tree, pictures: StillCache) -> None:
    """In a file that is wrong otherwise: say which files are missing, too."""
    for path, name in _named(written, _is_picture):
        if name and not is_address(name):
            pictures.look(name, path)
    _sounds(written, pictures)


def _sounds(written: tree.Tree, pictures: StillCache) -> Mapping[str, Path]:
    """Where the named sound files, and the font, are; missing ones become mistakes."""
    found: dict[str, Path] = {}
    for path, name in _named(written, lambda path: path == ("font",) or _is_sound(path)):
        try:
            found[name] = files.resolve(pictures.root, name, confine=pictures.confine)
            if not os.path.isfile(found[name]):  # noqa: PTH113 - not Path's, which may raise
                files.read(found[name], limit=1)  # says what it is instead
        except FileTrouble as error:
            written.say(path, str(error))
    return found


def _named(
    written: tree.Tree, wanted: Callable[[FieldPath], bool]
) -> Iterator[tuple[FieldPath, str]]:
    """The names of files at the wanted places of the tree."""
    for path in [path for path in written.values if wanted(path)]:
        value = written.root
        for step in path:
            value = value[step]
        if isinstance(value, str) and path not in written.unfilled:
            yield path, value


def _places(written: tree.Tree) -> dict[str, InFile]:
    """Where sounds are named, and words to be shown are written."""
    sounds = {path: InFile(written.place(path), file=n) for path, n in _named(written, _is_sound)}
    words = {path: InFile(written.place(path), words=t) for path, t in _named(written, _is_words)}
    return {field_path(path): found for path, found in (sounds | words).items()}


def _is_words(path: FieldPath) -> bool:
    if path[2:4] == ("card", "words"):
        return path[4:] in ((), ("text",)) or (path[5:] in ((), ("text",)) and path[4] != "text")
    return path[-1:] == ("text",) and (path[0] == "titles" or "captions" in path[-3:-2])


def _is_picture(path: FieldPath) -> bool:
    match path:
        case ("keyframes", int(), "image") | ("scenes", int(), "keyframes", int(), "image"):
            return True
        case ("scenes", int(), "card", "image"):
            return True
    return False


def _is_sound(path: FieldPath) -> bool:
    match path:
        case ("audio", "music" | "voiceover" | "effects", *rest):
            return rest in ([], ["file"]) or (
                isinstance(rest[0], int) and rest[1:] in ([], ["file"])
            )
    return False
