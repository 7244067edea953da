"""What will be written: whether it can be called so, can lie there, and has room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import files
from storyboard.errors import MediaError
from storyboard.ledger import disk
from storyboard.rendering.poster import unfit

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from storyboard.loading.checked import CheckedStoryboard
    from storyboard.planning.planned import Plan
    from storyboard.store import Store
    from storyboard.workflows.finish import Delivery, Finish

_SPARE = 20_000_000
"""Bytes that are left in any case."""


def refuse_outputs(
    storyboard: CheckedStoryboard,
    films: Sequence[Delivery],
    *,
    store: Store | None = None,
    new_folders: bool = False,
) -> None:
    """MediaError where a film, or a file beside it, can't be written under its name.

    That is a name of another kind of file, a folder that is missing or may not be written to, a
    folder in the place of a file, a place in a store, and a file that the film is made from or
    that was paid for. With `new_folders`, missing folders are made later.
    """
    taken = kept_from(storyboard, store)
    stores = () if store is None else (store.folder,)
    for film in films:
        poster, pictures = film.finish.poster, film.finish.pictures
        wrong = film.finish.recipe.unfit(film.path) or (unfit(poster) if poster else "")
        wrong = wrong or _lost(film)
        if wrong:
            raise MediaError(wrong)
        for path in (film.path, *film.finish.beside(film.path)):
            disk.refuse_inside(path, *stores)
            files.refuse_overwrite(path, taken, new_folder=new_folders)
            taken.add(path)
        if pictures is not None:
            disk.refuse_inside(pictures, *stores)
            files.refuse_folder(pictures)


def _lost(film: Delivery) -> str:
    """What of the film would be lost in a file of its kind; empty where nothing would."""
    if film.finish.recipe.for_web and film.finish.captions == "track":
        return f"{film.path} has no track for captions; take `captions` burned or files"
    return ""


def kept_from(storyboard: CheckedStoryboard, store: Store | None) -> set[Path]:
    """What no output may take the place of: what the film is made from, and what was paid for."""
    taken = () if store is None else store.takes.files()
    return {*storyboard.inputs, *taken}


def guarded(storyboard: CheckedStoryboard, store: Store) -> AbstractContextManager[None]:
    """While it is open, nothing that is written takes the place of an input or of a take."""
    return files.guarded(kept_from(storyboard, store))


def refuse_full_disk(
    made: Plan,
    store: Store,
    films: Sequence[tuple[Plan, Sequence[Delivery]]],
    *,
    free: Callable[[Path], int] = disk.free_bytes,
) -> None:
    """MediaError where the disks have no room for the takes, the films' pieces and the films.

    `made` is what is generated, for all of the films; each of them has a plan and files.
    """
    sizes = [
        (one.path.absolute().parent, _film_bytes(plan, one.finish))
        for plan, own in films
        for one in own
    ]
    takes = sum(take.buys for shot in made.wanted for take in shot.takes) * disk.ROOM
    needs = Counter({store.folder: takes + sum(size for _, size in sizes)})
    for folder, size in sizes:
        needs[folder] += size
    if len({_disk(folder) for folder in needs}) == 1:
        needs = Counter({store.folder: needs.total()})
    what = "the film" if len(films) == 1 else f"{len(films)} films"
    for folder, needed in needs.items():
        left = free(folder)
        if needed + _SPARE > left:
            raise MediaError(
                f"{what} may need {needed / 1e6:.0f} MB on the disk of {folder}, which has "
                f"{left / 1e6:.0f} MB left; make room, or choose another place"
            )


def _film_bytes(made: Plan, finish: Finish) -> int:
    size = finish.size or made.size
    pixels = size.width * size.height
    if finish.preview:
        pixels = min(pixels, 640 * 640)
    return int(made.frames * pixels * finish.recipe.bits / 8)


def _disk(folder: Path) -> int:
    """The disk that a folder lies on, also where the folder is not made yet."""
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder.stat().st_dev
