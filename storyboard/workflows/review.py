"""A page of the film to be looked at: takes, seams, prices and notes, from a disk or in a mail."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard import files
from storyboard.errors import MediaError
from storyboard.events import Began, Encoding
from storyboard.generating.terms import USUAL_RUN
from storyboard.ledger import disk
from storyboard.page import sheet
from storyboard.page.document import document
from storyboard.page.shelf import NAME, make
from storyboard.workers import each
from storyboard.workflows.preflight import guarded, kept_from
from storyboard.workflows.showing import gathered, shelf_of, with_numbers
from storyboard.workflows.source import StoryboardFile

if TYPE_CHECKING:
    from storyboard.generating.terms import Run
    from storyboard.page.shelf import PageFile, Shelf
    from storyboard.workflows.source import AnyFile

PAGE, MEDIA = "index.html", "media"


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A page that was written."""

    path: Path
    files: int
    """How many files it shows."""
    bytes: int
    """All of it together."""


def review_document(
    storyboard: AnyFile, *, draft: bool = False, run: Run = USUAL_RUN
) -> dict[str, Any]:
    """What `review_page` shows, as plain data that JSON can have: `review --json` below.

    Shots, takes and what was measured of them, seams, money, notes. Makes no film, spends nothing.
    With `draft`, shots that are not there are drawn.
    """
    source = StoryboardFile.of(storyboard)
    board, store = source.storyboard(draft=True), source.store
    found = gathered(board, store, draft=draft, run=run)
    return document(with_numbers(found, store, run=run))[0]


def review_page(
    storyboard: AnyFile,
    output: Path | str | None = None,
    *,
    draft: bool = False,
    run: Run = USUAL_RUN,
) -> ReviewPage:
    """Write a page of the film to look at: into a folder, or into one file that ends with `.html`.

    It works from a disk and can be mailed. Spends nothing. With `draft`, shots that are not there
    are drawn. MediaError where it can't be written there.
    """
    source = StoryboardFile.of(storyboard)
    board, store = source.checked(draft=True), source.store
    place = Path(output) if output else board.path.with_name(f"{board.path.stem}.review")
    alone = place.suffix.lower() in (".html", ".htm")
    _refuse(place, alone=alone, taken=kept_from(board, store))
    run.listener(Began())
    found = gathered(board, store, draft=draft, run=run)
    shown, named = document(with_numbers(found, store, run=run))
    shelf = shelf_of(store)
    with guarded(board, store):
        _make(shelf, named, run)
        if alone:
            page = sheet.whole(shown, shelf, [file.name for file in named]).encode()
            files.write_whole(place, page)
            return ReviewPage(place, len(named), len(page))
        return _folder(place, shown, shelf, named)


def _refuse(place: Path, *, alone: bool, taken: set[Path]) -> None:
    disk.refuse_inside(place)
    if alone:
        files.refuse_overwrite(place, taken)
    elif place.exists() and not place.is_dir():
        raise MediaError(f"{place} is a file; name a folder, or a file that ends with .html")
    elif place.is_dir() and any(place.iterdir()) and not (place / PAGE).exists():
        raise MediaError(f"{place} has other files in it; name a folder of its own")


def _make(shelf: Shelf, named: tuple[PageFile, ...], run: Run) -> None:
    """Make what is not there yet; the film first, which uses all workers itself."""
    waiting = [one for one in named if not shelf.has(one.name)]
    films = [one for one in waiting if one.name.startswith("film-")]
    for film in films:
        make(shelf.folder / film.name, film, run=run)
    others = [one for one in waiting if one not in films]

    def told(done: int, total: int) -> None:
        run.listener(Encoding(done, total, "files"))

    each(run.executor, make, ((shelf.folder / one.name, one) for one in others), told=told)


def _folder(
    place: Path, shown: dict[str, Any], shelf: Shelf, named: tuple[PageFile, ...]
) -> ReviewPage:
    media = place / MEDIA
    try:
        media.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise files.trouble(error) from error
    wanted = {file.name for file in named}
    for old in media.iterdir():
        if NAME.fullmatch(old.name) and old.name not in wanted:
            old.unlink()
    total = 0
    for file in named:
        data = (shelf.folder / file.name).read_bytes()
        total += len(data)
        if not (media / file.name).is_file():
            files.write_whole(media / file.name, data)
    page = sheet.beside(shown, media=f"{MEDIA}/").encode()
    files.write_whole(place / PAGE, page)
    return ReviewPage(place / PAGE, len(named), total + len(page))
