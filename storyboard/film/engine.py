"""moviepy, imported when it is first needed and without what its import does on the side.

moviepy reads the nearest `.env` file into the environment when it is imported, and then runs the
programs that `FFMPEG_BINARY` and `FFPLAY_BINARY` name. A `.env` beside a storyboard may be a
stranger's, and one beside a script may hold keys that nobody meant this process to have: so it is
not read. What the environment really holds counts as always.
"""

from __future__ import annotations

import sys
from threading import Lock
from types import ModuleType

_IMPORTING = Lock()


def moviepy() -> ModuleType:
    """The moviepy module."""
    with _IMPORTING:
        if "moviepy" not in sys.modules:
            _import_quietly()
    return sys.modules["moviepy"]


def _import_quietly() -> None:
    """Import moviepy while the function that it calls to read a `.env` reads none."""
    try:
        import dotenv
    except ImportError:  # then moviepy reads none either
        import moviepy

        return
    reads, dotenv.load_dotenv = dotenv.load_dotenv, _reads_nothing
    try:
        import moviepy  # noqa: F401
    finally:
        dotenv.load_dotenv = reads


def _reads_nothing(*_: object, **__: object) -> bool:
    """What python-dotenv answers where there was nothing to read."""
    return False
