"""Advice that can be pasted: commands in messages are completed for the storyboard at hand.

The library says `` `storyboard resume` ``; what a user can paste names the file, and the store and
variables that it was read with. It says `` `max_cost` ``; on the command line that is an option.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_COMMAND = re.compile(
    r"`storyboard (validate|plan|animatic|watch|render|status|resume|cancel|resolve|qc"
    r"|ledger costs|ledger verify|ledger rebuild|store verify|store push|store pull)(?= --|`)"
)
OPTIONS = {
    "max_cost": "--max-cost",
    "accept": "--accept",
    "only": "--only",
    "draft=True": "--draft",
    "retry=True": "--retry",
    "even_so=True": "--even-so",
    "request_id": "--id",
    "take": "--take",
    "slate=True": "--slate",
    "store": "--store",
    "media": "--media",
    "take_over=True": "--take-over",
    "jobs": "--jobs",
    "variables": "--var",
}
"""What the library's arguments are called on the command line."""

_ARGUMENT = re.compile(f"`({'|'.join(map(re.escape, OPTIONS))})`")
_WITHOUT_VARIABLES = (
    "resolve",
    "ledger costs",
    "ledger verify",
    "store verify",
    "store push",
    "store pull",
)


@dataclass
class _Given:
    """What this run of the command line was called with. One process runs one command."""

    file: Path | None = None
    store: Path | None = None
    media: str | None = None
    variables: Sequence[str] = ()


_given = _Given()


def forget() -> None:
    """Begin a run: nothing is given yet."""
    _given.file, _given.store, _given.media, _given.variables = None, None, None, ()


def remember(
    *,
    file: Path | None = None,
    store: Path | None = None,
    media: str | None = None,
    variables: Sequence[str] | None = None,
) -> None:
    """Note what the command was called with."""
    _given.file = file or _given.file
    _given.store = store or _given.store
    _given.media = media or _given.media
    _given.variables = _given.variables if variables is None else variables


def command(name: str, *words: str) -> str:
    """The command with the storyboard at hand and these words behind it, as it has to be typed."""
    return f"storyboard {name}{_rest(name)}" + "".join(f" {shlex.quote(word)}" for word in words)


def pasteable(message: str) -> str:
    """The message with its commands and options as they have to be typed, quoted for a shell."""
    said = _COMMAND.sub(lambda found: f"{found[0]}{_rest(found[1])}", message)
    return _ARGUMENT.sub(lambda found: OPTIONS[found[1]], said)


def _rest(command: str) -> str:
    words = [_named(_given.file)] if _given.file else []
    words += ["--store", str(_given.store)] if _given.file and _given.store else []
    words += ["--media", _given.media] if _given.file and _given.media else []
    if _given.file and command not in _WITHOUT_VARIABLES:
        words += [word for pair in _given.variables for word in ("--var", pair)]
    return "".join(f" {shlex.quote(word)}" for word in words)


def _named(file: Path) -> str:
    """A name that begins with a dash is written so that it is no option."""
    return f"./{file}" if str(file).startswith("-") else str(file)
