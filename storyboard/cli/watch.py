"""`storyboard watch`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from storyboard.cli.options import finish_options, storyboard_options

if TYPE_CHECKING:
    from storyboard.finish import Finish
    from storyboard.generate import Stop
    from storyboard.plan import Plan

LOOK_EVERY = 0.4
"""Seconds between looks at the files."""

Stamp = dict[Path, tuple[int, int]]


@click.command("watch")
@storyboard_options
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The draft film.")
@finish_options
@click.option("--once", is_flag=True, help="Make the film once, and end.")
def command(*, output: Path | None, once: bool, **rest: Any) -> None:
    """Keep FILE's animatic up to date while it is being written. Never spends.

    On each save of the storyboard, a picture or a sound: check, plan (what changed, what it would
    cost), draw what is new, and write the film again. Ctrl-C ends it.
    """
    from dataclasses import fields

    from storyboard.cli.reading import Reading
    from storyboard.cli.stopping import stoppable
    from storyboard.finish import Finish

    finish = Finish(**{f.name: rest.pop(f.name) for f in fields(Finish)})
    with stoppable() as stop:
        _watch(Reading(**rest), output, finish, stop, once=once)


def _watch(read: Any, output: Path | None, finish: Finish, stop: Stop, *, once: bool) -> None:
    seen: Stamp = {}
    keys: dict[str, str] = {}
    while not stop:
        inputs, keys = _pass(read, output, finish, stop, keys)
        seen = stamp(inputs)
        if once:
            return
        until_changed(inputs, seen, stop=lambda: bool(stop))


def _pass(
    read: Any, output: Path | None, finish: Finish, stop: Stop, keys: dict[str, str]
) -> tuple[frozenset[Path], dict[str, str]]:
    """One look at the storyboard: its mistakes, or its plan and its film; gives what to watch."""
    from storyboard import pipeline
    from storyboard.cli import screen
    from storyboard.cli.progress import progress
    from storyboard.errors import Interrupted, InvalidStoryboard, StoryboardError

    err = screen.err()
    err.print(screen.text(time.strftime("%H:%M:%S"), "bold"))
    try:
        storyboard = read.storyboard(draft=True)
        paid = pipeline.plan_with(storyboard, read.shelf)
        now = {shot.id: shot.request.key(shot.shot.pick) for shot in paid.shots}
        for line in news(paid, keys, now):
            err.print(screen.text(line))
        plan = pipeline.plan_with(storyboard, read.shelf, draft=True)
        path = pipeline.output_for(storyboard, output, draft=True, finish=finish)
        with progress() as display:
            film = pipeline.make(plan, read.shelf, path, finish=finish, listener=display, stop=stop)
        screen.out().print(screen.text(f"{film.path}  {film.timeline.frames} frames"))
        return storyboard.inputs, now
    except Interrupted:
        return frozenset({read.file}), keys
    except InvalidStoryboard as error:
        err.print(screen.text(error.drawn(), lines=True))
    except StoryboardError as error:
        err.print(screen.text(error, "red"))
    return frozenset({read.file, *_folders(read.file.parent)}), keys


def _folders(parent: Path) -> Iterable[Path]:
    """The storyboard's folder and those in it: they change when a missing picture appears."""
    yield parent
    yield from (p for p in parent.iterdir() if p.is_dir() and not p.name.startswith("."))


def news(paid: Plan, before: dict[str, str], now: dict[str, str]) -> Iterable[str]:
    """What the plan says that it did not say at the last save."""
    from storyboard.models import dollars

    if before:
        for shot in paid.shots:
            if before.get(shot.id) != now[shot.id]:
                yield f"{shot.id}: {shot.renewed or 'new request'}"
        yield from (f"{name}: gone" for name in before if name not in now)
    yield f"a paid render costs {dollars(paid.price)} now"


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


def until_changed(paths: Iterable[Path], seen: Stamp, *, stop: Callable[[], bool]) -> None:
    """Wait until a file is other than `seen` and has stayed so for one look."""
    last = seen
    while not stop():
        time.sleep(LOOK_EVERY)
        now = stamp(paths)
        if now == last and now != seen:
            return
        last = now
