"""Words for whoever gets a page: commands that name the storyboard, and nothing of this machine."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

_COMMAND = re.compile(r"`storyboard (\w+)(?= --|`)")
_PATH = re.compile(r"""(?<![\w/:.~])~?/(?:[^\s/:;,'"]+/)+([^\s/:;,'"]+)""")
"""Of a file of this machine, as messages have it; no web address is one."""


def for_others(storyboard: Path) -> Callable[[str], str]:
    """Puts the file's name into commands, and leaves of paths the last name alone."""
    name, folder = storyboard.name, f"{storyboard.absolute().parent}/"
    named = shlex.quote(f"./{name}" if name.startswith("-") else name)

    def worded(words: str) -> str:
        said = _COMMAND.sub(lambda found: f"{found[0]} {named}", words).replace(folder, "")
        return _PATH.sub(r"\1", said)

    return worded
