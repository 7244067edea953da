"""`storyboard watch`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storyboard.cli.options import finish_options, loudness_options, storyboard_options

if TYPE_CHECKING:
    from storyboard.cli.progress import ProgressTable
    from storyboard.cli.sources import Reading
    from storyboard.generating.scheduler import Stop
    from storyboard.planning.planned import Plan
    from storyboard.workflows.finish import Finish

LOOK_EVERY = 0.4
"""Seconds between looks at the files."""

MOST_FOLDERS, MOST_FILES = 50, 2000
"""How much is watched while the storyboard can't be read."""
MENDABLE = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".wav", ".mp3", ".m4a", ".flac", ".ogg")

Stamp = dict[Path, tuple[int, int]]
Requests = dict[str, dict[str, Any]]
"""By shot, all that the key of its picked take is made of."""


@click.command("watch")
@storyboard_options
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The draft film.")
@finish_options
@click.option("--once", is_flag=True, help="Make the film once, and end.")
@loudness_options
def command(*, output: Path | None, once: bool, quiet: bool, verbose: bool, **rest: Any) -> int:
    """Keep FILE's animatic up to date while it is being written. Never spends.

    On each save of the storyboard, a picture or a sound: check, plan (what changed, what it would
    cost), draw what is new, and write the film again. Ctrl-C ends it. With --once, the exit code
    is that of what went wrong, as `validate` gives it.
    """
    from dataclasses import fields

    from storyboard.cli.progress import progress
    from storyboard.cli.sources import Reading
    from storyboard.cli.stopping import FREE, stoppable
    from storyboard.workflows.finish import Finish

    finish = Finish(**{f.name: rest.pop(f.name) for f in fields(Finish)} | {"quick": True})
    look = Watched(Reading(**rest), output, finish, lambda: progress(quiet=quiet, verbose=verbose))
    with stoppable(FREE) as stop:
        return _watch(look, stop, once=once)


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched, and how its film is made and shown."""

    read: Reading
    output: Path | None
    finish: Finish
    progress: Callable[[], ProgressTable]


def _watch(look: Watched, stop: Stop, *, once: bool) -> int:
    read = look.read
    seen: Stamp = stamp([read.file])
    keys: Requests = {}
    while not stop:
        # What is saved while the film is being made has to be seen, too: the stamps are older.
        before = stamp({*seen, *_around(read.file)})
        fresh, keys, code = _film(look, stop, keys)
        if fresh:
            seen = fresh | {path: old for path, old in before.items() if path in fresh}
        else:
            seen = before
        if once:
            return code
        until_changed(seen, stop=lambda: bool(stop))
    return 0


def _film(look: Watched, stop: Stop, keys: Requests) -> tuple[Stamp, Requests, int]:
    """Check, plan, make the film; gives the files it came from, as they were, the keys, and an
    exit code.

    No files where it could not be made: what was watched before is watched on.
    """
    from storyboard.cli import screen
    from storyboard.errors import InvalidStoryboard, StoryboardError

    err = screen.err()
    err.print(screen.text(time.strftime("%H:%M:%S"), "bold"))
    try:
        fresh, now = _made(look, stop, keys)
        return fresh, now, 0
    except InvalidStoryboard as error:
        err.print(screen.text(error.drawn(), lines=True))
        return {}, keys, error.exit_code
    except StoryboardError as error:
        if not stop:
            err.print(screen.text(error, "red"))
        return {}, keys, error.exit_code


def _made(look: Watched, stop: Stop, keys: Requests) -> tuple[Stamp, Requests]:
    """Make the film; gives the files it came from, and the keys."""
    from storyboard.cli import screen
    from storyboard.generating.terms import Run
    from storyboard.workflows import render as pipeline

    read, finish = look.read, look.finish
    storyboard = read.checked(draft=True)
    fresh = stamp(storyboard.inputs)
    paid = pipeline.plan_with(storyboard, read.shelf)
    now = {shot.id: shot.request.canonical(shot.shot.pick) for shot in paid.shots}
    for line in news(paid, keys, now):
        screen.err().print(screen.text(line))
    plan = pipeline.plan_with(storyboard, read.shelf, draft=True, small=finish.preview)
    screen.warn(plan.warnings)
    path = pipeline.output_for(
        storyboard, look.output, draft=True, finish=finish, store=look.read.shelf
    )
    with look.progress() as display:
        film = pipeline.make(
            plan, read.shelf, path, finish=finish, run=Run(listener=display, stop=stop)
        )
    screen.out().print(screen.text(f"{film.path}  {film.timeline.frames} frames"))
    return fresh, now


def _around(file: Path) -> frozenset[Path]:
    """The storyboard's folder, those in it, and the files there, of which one may be mended."""
    inner = [p for p in file.parent.iterdir() if p.is_dir() and not p.name.startswith(".")]
    folders = [file.parent, *inner[:MOST_FOLDERS]]
    found = (p for folder in folders for p in islice(folder.iterdir(), MOST_FILES))
    return frozenset({file, *folders, *(p for p in found if p.suffix.lower() in MENDABLE)})


def news(paid: Plan, before: Requests, now: Requests) -> Iterable[str]:
    """What the plan says that it did not say at the last save."""
    from storyboard.models import dollars
    from storyboard.planning.remarks import renewed

    if before:
        for shot in paid.shots:
            was = before.get(shot.id)
            if was is None:
                yield f"{shot.id}: new shot"
            elif was != now[shot.id]:
                yield f"{shot.id}: {renewed(shot.request, was) or 'another take is picked'}"
        yield from (f"{name}: gone" for name in before if name not in now)
    yield f"a paid render costs {dollars(paid.price_microusd)} now"


def stamp(paths: Iterable[Path]) -> Stamp:
    """When each file was written, and how long it is; missing files are left out."""
    found: Stamp = {}
    for path in paths:
        try:
            about = path.stat()
        except OSError:
            continue
        found[path] = (about.st_mtime_ns, about.st_size)
    return found


def until_changed(seen: Stamp, *, stop: Callable[[], bool]) -> None:
    """Wait until a file is other than it was seen, and has stayed so for one look."""
    last = seen
    while not stop():
        now = stamp(seen)
        if now == last and now != seen:
            return
        last = now
        time.sleep(LOOK_EVERY)
