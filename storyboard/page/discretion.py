"""Words for whoever gets a page: commands that name the storyboard, and nothing of this machine."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

_COMMAND = re.compile(r"`storyboard (\w+)(?= --|`)")


def for_others(storyboard: Path) -> Callable[[str], str]:
    """Puts the file's name into commands, and takes the storyboard's folder out of other words."""
    name, folder = storyboard.name, f"{storyboard.parent}/"
    named = shlex.quote(f"./{name}" if name.startswith("-") else name)

    def worded(words: str) -> str:
        return _COMMAND.sub(lambda found: f"{found[0]} {named}", words).replace(folder, "")

    return worded
