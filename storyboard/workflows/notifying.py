"""Telling somebody how a command ended: an address of the web, or a program of the user's own.

Only the command line and its environment can name one, never a storyboard, which may be a
stranger's.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import Any

from storyboard.safe_text import inert
from storyboard.webfetch import FetchError
from storyboard.webfetch.posting import post, target

About = Mapping[str, Any]
"""What is told, as plain data."""

TIMEOUT = 10.0
"""Seconds in which an address has to answer."""
PATIENCE = 60.0
"""Seconds in which a program has to end."""
GRACE = 1.0
"""Seconds in which the last words of a program that has ended come."""
LAST = 4096
"""Bytes of what it complains of that are kept."""
LONGEST = 8000
"""Letters of a variable: more than a few such are more than a system hands over."""
_KEYS = ("FAL_KEY", "FAL_KEY_ID", "FAL_KEY_SECRET", "FAL_KEY_FILE")
"""What such a program has no use for."""
_VARIABLES = ("command", "state", "exit_code", "message", "text")
"""What it is told in variables besides; all of it is on its stdin."""


@dataclass(frozen=True, slots=True)
class Notified:
    """Who is told: an address, or a program with its arguments."""

    address: str = ""
    program: tuple[str, ...] = ()

    @classmethod
    def parse(cls, written: str) -> Notified:
        """`https://...`, or a command that is split as a shell does, and run without one.

        ValueError where nobody can be told so.
        """
        if "://" in written.partition(" ")[0]:
            try:
                target(written, allow_private=True)
            except FetchError as error:
                raise ValueError(f"can't be told: {error}") from None
            return cls(address=written)
        words = shlex.split(written, posix=os.name == "posix")
        if not words:
            raise ValueError("is empty; write an address, or a command")
        if shutil.which(words[0]) is None:
            raise ValueError(f"names no program: {inert(words[0])} can't be run")
        return cls(program=tuple(words))


def refuse_unreachable(who: Notified, *, allow_private: bool) -> None:
    """FetchError where its address would be refused, whatever it leads to."""
    if who.address:
        target(who.address, allow_private=allow_private)


def tell(who: Notified, about: About, *, allow_private: bool = False) -> str:
    """Tell it; gives why that was not possible, in one line, or nothing. Never raises."""
    try:
        if who.address:
            post(who.address, _json(about), allow_private=allow_private, timeout=TIMEOUT)
            return ""
        return _run(who.program, about)
    except FetchError as error:
        return str(error)
    except KeyboardInterrupt:
        return "interrupted"
    except Exception as error:  # whatever it is: what was made is made
        return f"{type(error).__name__}: {error}"


def _json(about: About) -> bytes:
    return json.dumps(dict(about)).encode()


def _run(program: tuple[str, ...], about: About) -> str:
    """Run it with all of it on its stdin; what it prints is shown only where it fails."""
    told = {
        f"STORYBOARD_NOTIFY_{name.upper()}": str(about.get(name, ""))[:LONGEST]
        for name in _VARIABLES
    }
    here = {name: value for name, value in os.environ.items() if name not in _KEYS}
    name = inert(program[0])
    try:
        running = subprocess.Popen(
            program,
            env=here | told,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        return f"{name} can't be run: {error.strerror or error}"
    heard = _Heard(running, _json(about))
    try:
        code = running.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        return f"{name} did not end within {PATIENCE:g} s"
    finally:
        _end(running)
    said = heard.last_line()
    return f"{name} ended with {code}" + (f": {said}" if said else "") if code else ""


class _Heard:
    """Hands a program what it is told, and keeps the end of what it complains of, however much
    that is. What it leaves running behind it may keep both open: nobody waits for that."""

    def __init__(self, running: subprocess.Popen[bytes], told: bytes) -> None:
        self._running, self._told, self._end = running, told, b""
        self._threads = [Thread(target=work, daemon=True) for work in (self._tell, self._hear)]
        for thread in self._threads:
            thread.start()

    def _tell(self) -> None:
        assert self._running.stdin is not None
        with suppress(OSError), self._running.stdin as pipe:  # it need not listen
            pipe.write(self._told)

    def _hear(self) -> None:
        assert self._running.stderr is not None
        with self._running.stderr as pipe:
            while part := os.read(pipe.fileno(), LAST):
                self._end = (self._end + part)[-LAST:]

    def last_line(self) -> str:
        """The last thing it said before it ended."""
        self._threads[1].join(GRACE)
        lines = self._end.decode(errors="replace").strip().splitlines()
        return inert(lines[-1])[:200] if lines else ""


def _end(running: subprocess.Popen[bytes]) -> None:
    """End what did not end by itself, with all that it has begun."""
    if running.poll() is None:
        if hasattr(os, "killpg"):
            os.killpg(running.pid, signal.SIGKILL)
        else:
            running.kill()
        running.wait()
