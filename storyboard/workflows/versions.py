"""What one render writes: the film, its versions, and the same film under other names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.errors import MediaError, StoryboardError
from storyboard.files import same_file
from storyboard.loading.blocks import FILM
from storyboard.workflows.finish import Delivery

if TYPE_CHECKING:
    from storyboard.loading.blocks import CheckedVersion
    from storyboard.loading.checked import CheckedStoryboard
    from storyboard.workflows.finish import Finish


def deliveries(
    storyboard: CheckedStoryboard,
    outputs: Sequence[Path],
    *,
    finish: Finish,
    draft: bool,
    versions: Collection[str] | None = None,
) -> tuple[Delivery, ...]:
    """Every file of a render, the film's own first.

    `outputs` are names for the film; none: the storyboard's. `versions` are the names of those
    that are wanted, `film` for the film itself; None: the film and all that the storyboard has,
    or, where the finish asks for a size, the film alone. A version stands beside the film, with
    its name in it. `StoryboardError` for a version that is not there,
    `MediaError` where two files would have one name.
    """
    known = {version.name: version for version in storyboard.versions}
    names = _wanted(known, versions, finish)
    paths = list(outputs) or [_usual(storyboard, finish, draft=draft)]
    found = [Delivery(FILM, path, finish) for path in paths if FILM in names]
    others = [name for name in names if name != FILM]
    alone = not found and len(others) == 1 and bool(outputs)
    for name in others:
        path = paths[0] if alone else beside(paths[0], name)
        found.append(Delivery(name, path, _finish(known[name], finish)))
    return tuple(_plain([replace(one, finish=one.finish.named(one.path)) for one in found]))


def shaped(storyboard: CheckedStoryboard, finish: Finish, version: str | None) -> Finish:
    """How one of the storyboard's versions is finished; as it is where None is named."""
    known = {one.name: one for one in storyboard.versions}
    if version is None or not _wanted(known, [version], finish) or version == FILM:
        return finish
    return _finish(known[version], finish)


def beside(film: Path, name: str) -> Path:
    """The file of a version, or a picture of one, beside the film's: `film.tall.mp4`."""
    return film.with_name(f"{film.stem}.{name}{film.suffix}")


def _wanted(
    known: Collection[str], versions: Collection[str] | None, finish: Finish
) -> tuple[str, ...]:
    if versions is None:
        return (FILM,) if finish.size else (FILM, *known)
    for name in versions:
        if name != FILM and name not in known:
            there = ", ".join((FILM, *known))
            raise StoryboardError(f"no version is called {name}; there are {there}")
    if finish.size and set(versions) - {FILM}:
        raise StoryboardError("a version has its own size; give `size` or `versions`, not both")
    return tuple(name for name in (FILM, *known) if name in versions)


def _usual(storyboard: CheckedStoryboard, finish: Finish, *, draft: bool) -> Path:
    """The film's name where none is given."""
    shape = f".{finish.size}" if finish.size else ""
    kind = ".draft" if draft else ".preview" if finish.preview else ""
    return storyboard.path.with_suffix(f"{shape}{kind}.{finish.recipe.container}")


def _finish(version: CheckedVersion, finish: Finish) -> Finish:
    """How a version is finished: as the film, in its own shape. Pictures are written of the film
    alone."""
    return replace(
        finish,
        size=version.size,
        reframe=version.reframe,
        safe=version.safe,
        captions=version.captions or finish.captions,
        poster=None,
        pictures=None,
    )


def _plain(found: Sequence[Delivery]) -> Iterator[Delivery]:
    """The same, of which no two have one name; pictures are written once."""
    for i, one in enumerate(found):
        if any(same_file(one.path, other.path) for other in found[:i]):
            raise MediaError(f"{one.path} would be written twice; give each film its own name")
        again = i > 0 and one.name == FILM
        yield replace(one, finish=replace(one.finish, poster=None, pictures=None)) if again else one
