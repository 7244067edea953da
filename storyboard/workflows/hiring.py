"""Workers by name: a number of processes, a Dask cluster, or a callable that gives an executor."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from storyboard.crews.crew import PlainCrew
from storyboard.crews.lasting import LastingExecutor
from storyboard.crews.processes import processes
from storyboard.depot.address import depot_at
from storyboard.errors import StoreError, StoryboardError
from storyboard.events import Noticed, log

if TYPE_CHECKING:
    from storyboard.crews.crew import Crew
    from storyboard.depot.protocol import Depot
    from storyboard.events import Listener

MOST_PROCESSES = 256
DASK_PORT = 8786
_SCHEMES = {"dask": "tcp", "dask+tls": "tls"}
_CALLABLE = re.compile(r"([A-Za-z_][\w.]*):([A-Za-z_][\w.]*)")
APART = "?media="
"""Behind a name: the place through which files go to workers that see other folders."""
USAGE = "write a number of processes, dask://HOST:8786, or MODULE:CALLABLE"


@dataclass(frozen=True, slots=True)
class Hired:
    """Workers, as they are named."""

    name: str
    hire: Callable[[], Crew]
    """Finds them; StoryboardError says why they can't be had."""


def parsed(named: str) -> Hired:
    """What a name means: `4`, `dask://host:8786`, `module:callable`, the latter two with
    `?media=PLACE` where they see no folder of here; ValueError says what to write.

    Nobody is asked yet.
    """
    text, apart, place = named.strip().partition(APART)
    if text.isdecimal() and not apart:
        return Hired(f"{text} processes", partial(processes, _count(text)))
    media = _place(place) if apart else None
    if "://" in text:
        return Hired(text, partial(_cluster, _address(text), media))
    found = _CALLABLE.fullmatch(text)
    if found is None:
        raise ValueError(f"is nobody; {USAGE}")
    return Hired(text, partial(_called, found[1], found[2], media))


@contextmanager
def crew(named: str | Hired, listener: Listener = log) -> Iterator[Executor]:
    """An executor of these workers, for the block, to be given to a `Run`.

        with storyboard.crew("dask://render1:8786") as executor:
            storyboard.render("film.yaml", draft=True, executor=executor)

    `named` is a number of processes (`"4"`), a Dask cluster (`"dask://host:8786"`, or `dask+tls`),
    or a callable that gives an executor (`"module:callable"`). They have to see the same folders
    as this machine; or a media place, named behind them (`"dask://host:8786?media=s3://bucket"`),
    through which files then go by what they are, and not by their paths. A worker that dies is
    another try; where all are gone, what is left is done by threads here, and `listener` hears of
    it. Nothing is ever paid by a worker. StoryboardError where they can't be had.
    """
    try:
        wanted = parsed(named) if isinstance(named, str) else named
    except ValueError as error:
        raise StoryboardError(f"workers {named!r} {error}") from None
    first = wanted.hire()
    if isinstance(first.executor, ThreadPoolExecutor):  # threads of this process don't get lost
        try:
            yield first.executor
        finally:
            first.leave()
        return
    ready = [first]
    lasting = LastingExecutor(
        lambda: ready.pop() if ready else wanted.hire(),
        name=wanted.name,
        tell=lambda words: listener(Noticed(words)),
    )
    try:
        yield lasting
    finally:
        lasting.shutdown(cancel_futures=True)


def _count(text: str) -> int:
    count = int(text[:9])
    if not 1 <= count <= MOST_PROCESSES:
        raise ValueError(f"is no number of processes; write 1 to {MOST_PROCESSES}")
    return count


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        scheme, host, port = _SCHEMES[parts.scheme], parts.hostname, parts.port or DASK_PORT
    except (KeyError, ValueError):
        raise ValueError(f"is no address of a cluster; {USAGE}") from None
    if not host or parts.path.strip("/") or parts.query or parts.username:
        raise ValueError(f"is no address of a cluster; {USAGE}")
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _place(written: str) -> Depot:
    if not written:
        raise ValueError(f"names no place behind {APART}; write a folder, or s3://bucket/path")
    try:
        return depot_at(written, Path.cwd())
    except StoreError as error:
        raise ValueError(f"has a place that can't be: {error}") from None


def _cluster(address: str, media: Depot | None) -> Crew:
    """Dask is loaded when it is named."""
    made: Crew = import_module("storyboard.crews.cluster").Cluster(address, media=media)
    return made


def _called(module: str, name: str, media: Depot | None) -> Crew:
    """What somebody's callable gives. Its module may lie in the working directory."""
    sys.path.append(str(Path.cwd()))  # behind everything: it takes no module's place
    try:
        found = import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
        executor = found()  # type: ignore[operator]
    except (Exception, SystemExit) as error:  # whatever somebody's code does
        words = " ".join(f"{type(error).__name__}: {error}".split())
        raise StoryboardError(f"workers {module}:{name} can't be had: {words}") from error
    finally:
        sys.path.remove(str(Path.cwd()))
    if not isinstance(executor, Executor):
        kind = type(executor).__name__
        raise StoryboardError(
            f"workers {module}:{name} gives a {kind}, and no concurrent.futures.Executor"
        )
    return PlainCrew(executor if media is None else _carrying(executor, media))


def _carrying(executor: Executor, media: Depot) -> Executor:
    """What makes pictures is loaded for it, to compare its versions."""
    made: Executor = import_module("storyboard.crews.carrying").Carrying(executor, media)
    return made
