"""Telling somebody how a command ended: an address of the web, or a program of the user's own.

Only the command line and its environment can name one, never a storyboard, which may be a
stranger's.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
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
    told = {f"STORYBOARD_NOTIFY_{name.upper()}": str(about.get(name, "")) for name in _VARIABLES}
    here = {name: value for name, value in os.environ.items() if name not in _KEYS}
    name = inert(program[0])
    try:
        done = subprocess.run(
            program,
            input=_json(about),
            env=here | told,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"{name} did not end within {PATIENCE:g} s"
    except OSError as error:
        return f"{name} can't be run: {error.strerror or error}"
    if done.returncode == 0:
        return ""
    said = done.stderr.decode(errors="replace").strip().splitlines()
    return f"{name} ended with {done.returncode}" + (f": {inert(said[-1])[:200]}" if said else "")
