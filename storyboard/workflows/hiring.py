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
from storyboard.errors import StoryboardError
from storyboard.events import Noticed, log

if TYPE_CHECKING:
    from storyboard.crews.crew import Crew
    from storyboard.events import Listener

MOST_PROCESSES = 256
DASK_PORT = 8786
_SCHEMES = {"dask": "tcp", "dask+tls": "tls"}
_CALLABLE = re.compile(r"([A-Za-z_][\w.]*):([A-Za-z_][\w.]*)")
USAGE = "write a number of processes, dask://HOST:8786, or MODULE:CALLABLE"


@dataclass(frozen=True, slots=True)
class Hired:
    """Workers, as they are named."""

    name: str
    hire: Callable[[], Crew]
    """Finds them; StoryboardError says why they can't be had."""


def parsed(named: str) -> Hired:
    """What a name means: `4`, `dask://host:8786`, `module:callable`; ValueError says what to write.

    Nobody is asked yet.
    """
    text = named.strip()
    if text.isdecimal():
        return Hired(f"{text} processes", partial(processes, _count(text)))
    if "://" in text:
        return Hired(text, partial(_cluster, _address(text)))
    found = _CALLABLE.fullmatch(text)
    if found is None:
        raise ValueError(f"is nobody; {USAGE}")
    return Hired(text, partial(_called, found[1], found[2]))


@contextmanager
def crew(named: str | Hired, listener: Listener = log) -> Iterator[Executor]:
    """An executor of these workers, for the block, to be given to a `Run`.

        with storyboard.crew("dask://render1:8786") as executor:
            storyboard.render("film.yaml", draft=True, executor=executor)

    `named` is a number of processes (`"4"`), a Dask cluster (`"dask://host:8786"`, or `dask+tls`),
    or a callable that gives an executor (`"module:callable"`). They have to see the same folders
    as this machine. A worker that dies is another try; where all are gone, what is left is done by
    threads here, and `listener` hears of it. Nothing is ever paid by a worker. StoryboardError
    where they can't be had.
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


def _cluster(address: str) -> Crew:
    """Dask is loaded when it is named."""
    made: Crew = import_module("storyboard.crews.cluster").Cluster(address)
    return made


def _called(module: str, name: str) -> Crew:
    """What somebody's callable gives. Its module may lie in the working directory."""
    sys.path.append(str(Path.cwd()))  # behind everything: it takes no module's place
    try:
        found = import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
        executor = found()  # type: ignore[operator]
    except Exception as error:  # whatever somebody's code does
        words = " ".join(f"{type(error).__name__}: {error}".split())
        raise StoryboardError(f"workers {module}:{name} can't be had: {words}") from error
    finally:
        sys.path.remove(str(Path.cwd()))
    if not isinstance(executor, Executor):
        kind = type(executor).__name__
        raise StoryboardError(
            f"workers {module}:{name} gives a {kind}, and no concurrent.futures.Executor"
        )
    return PlainCrew(executor)
