"""`storyboard store`: push, pull, verify, du, clean."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.columns import Column, fitting
from storyboard.cli.ledger import DAMAGED
from storyboard.cli.options import (
    JSON,
    WORKERS,
    log_options,
    place_options,
    reporting_options,
)
from storyboard.cli.screen import text
from storyboard.cli.working import Work
from storyboard.units.timing import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storyboard.accounting.cleaning import Cleaned
    from storyboard.accounting.exchanging import Exchanged
    from storyboard.accounting.inventory import Room
    from storyboard.cli.reporting import Reporting
    from storyboard.store import Store
    from storyboard.workflows.hiring import Hired


@click.group("store")
def command() -> None:
    """A store of takes: share them, whether they are whole, how large they are, what may go."""


def _free_media(command: Any) -> Any:
    """Whether what can be made anywhere is exchanged as well."""
    for name, what in (("--segments", "Pieces of films as well."), ("--drafts", "Drafts as well.")):
        command = click.option(name, is_flag=True, help=what)(command)
    return command


@command.command("push")
@place_options
@_free_media
@reporting_options
@JSON
def push_command(*, store: Store, reporting: Reporting, as_json: bool, **free: bool) -> int:
    """Put what is only in the store into its media place, for the other machines.

    Takes and clips of your own; drafts and pieces of films, which can be made anywhere, where you
    ask for them. The place is that of --media, STORYBOARD_MEDIA, or the file's `media`. What was
    bought with such a place is there already.
    """
    with Work(reporting, words="") as work:
        done = workflows.store.push(store, run=work.run(), **free)
    return _exchanged(done, "put into", as_json=as_json)


@command.command("pull")
@place_options
@_free_media
@reporting_options
@JSON
def pull_command(*, store: Store, reporting: Reporting, as_json: bool, **free: bool) -> int:
    """Bring all that is only in the media place into the store, to work without it.

    A film's own takes are fetched when they are needed; this is for all of them at once. Each is
    checked by its SHA-256.
    """
    with Work(reporting, words="") as work:
        done = workflows.store.pull(store, run=work.run(), **free)
    return _exchanged(done, "fetched from", as_json=as_json)


def _exchanged(done: Exchanged, what: str, *, as_json: bool) -> int:
    if as_json:
        about = {"media": done.where, "keys": list(done.keys), "bytes": done.bytes}
        screen.data({**about, "left": list(done.left)})
    else:
        for words in done.left:
            screen.err().print(text(words, "red"))
        many = counted(len(done.keys), "file")
        screen.out().print(text(f"{many} {what} {done.where}, {_size(done.bytes)}"))
    return DAMAGED if done.left else 0


@command.command("verify")
@place_options
@WORKERS
@reporting_options
@JSON
def verify_command(
    *, store: Store, workers: Hired | None, reporting: Reporting, as_json: bool
) -> int:
    """Decode every take of a store, and compare it with its note and the ledger.

    The store is that of FILE, or the folder that --store names. Reads every byte, changes nothing;
    `storyboard ledger verify --mend` fetches damaged clips again.
    """
    with Work(reporting, workers=workers, words="") as work:
        damaged = workflows.store.verify(store, run=work.run())
    if as_json:
        screen.data({"damaged": [{"path": one.where, "what": one.what} for one in damaged]})
    else:
        for one in damaged:
            screen.out().print(text(f"{one.where} {one.what}", "red"))
        if not damaged:
            screen.out().print(text("every take is as it was kept, and can be decoded", "green"))
    return DAMAGED if damaged else 0


@command.command("du")
@place_options
@JSON
def du_command(*, store: Store, as_json: bool) -> None:
    """Show what takes how much room in a store: by kind, by storyboard, paid or free."""
    found = workflows.store.du(store)
    if as_json:
        screen.data(found.as_data())
        return
    width = screen.out().width
    screen.out().print(_table("kind", found.kinds, found.total, width))
    if found.storyboards:
        screen.out().print()
        screen.out().print(_table("takes of", found.storyboards, None, width))
    if found.there:
        screen.out().print()
        screen.out().print(_table("in the media place", found.there, None, width))


def _table(first: str, rooms: Iterable[Room], total: Room | None, width: int) -> Any:
    feet = (str(total.files), _size(total.bytes), _size(total.paid_bytes)) if total else ("",) * 3
    columns = (
        Column(first, cut=True, footer="total" if total else ""),
        Column("files", right=True, missed=1, footer=feet[0]),
        Column("size", right=True, footer=feet[1]),
        Column("of that paid", right=True, footer=feet[2]),
    )
    rows = [
        [text(one.name), text(one.files), text(_size(one.bytes)), text(_paid(one))] for one in rooms
    ]
    return fitting(columns, rows, width)


def _paid(one: Room) -> str:
    return _size(one.paid_bytes) if one.paid_bytes else "-"


def _size(count: int) -> str:
    """Bytes as people compare them."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} B"


def _age(context: click.Context, parameter: click.Parameter, written: str) -> float:
    try:
        return float(workflows.store.age(written))
    except ValueError as error:
        raise click.BadParameter(f"{written!r} {error}", context, parameter) from error


@command.command("clean")
@place_options
@click.option("--segments", is_flag=True, help="Pieces of films, and what pages show, alone.")
@click.option("--drafts", is_flag=True, help="Drafts alone.")
@click.option(
    "--older",
    default="1h",
    show_default=True,
    callback=_age,
    metavar="AGE",
    help="What was not used for so long: 12h, 30d, 8w. An hour at least.",
)
@click.option(
    "--place", is_flag=True, help="In the media place instead, also what went to workers."
)
@click.option("--dry-run", is_flag=True, help="List what would go, and remove nothing.")
@click.option("--even-so", is_flag=True, help="Also right after something was made in it.")
@log_options
@JSON
def clean_command(*, store: Store, reporting: Reporting, as_json: bool, **how: Any) -> int:
    """Remove what is made again, free and by itself: drafts, pieces of films, what pages show.

    What was paid is never touched: takes, the ledger, receipts, what is on its way or was set
    aside; nor clips of your own, or fetched pictures. What a run may be using stays.
    """
    with Work(reporting, words="") as work:
        done = workflows.store.clean(store, listener=work, **how)
    if as_json:
        screen.data(_data(done, dry_run=how["dry_run"]))
    else:
        _tell(done, dry_run=how["dry_run"])
    return DAMAGED if done.left else 0


def _tell(done: Cleaned, *, dry_run: bool) -> None:
    if dry_run:
        for one in done.files:
            screen.out().print(text(f"{_size(one.bytes):>9}  {one.kind.value:<10}  {one.path}"))
    for words in done.left:
        screen.err().print(text(words, "red"))
    what = "would be removed" if dry_run else "removed"
    size, files = _size(done.bytes), counted(len(done.files), "file")
    screen.out().print(text(f"{files} {what}, {size}{_kinds(done)}"))


def _kinds(done: Cleaned) -> str:
    found: Counter[str] = Counter()
    for one in done.files:
        found[one.kind.value] += one.bytes
    return "".join(f"; {kind}: {_size(size)}" for kind, size in found.items())


def _data(done: Cleaned, *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "bytes": done.bytes,
        "files": [
            {"path": str(one.path), "kind": one.kind.value, "bytes": one.bytes}
            for one in done.files
        ],
        "left": list(done.left),
    }
