"""moviepy, imported when it is first needed and without what its import does on the side.

moviepy reads the nearest `.env` file into the environment when it is imported. A library must not
bring someone's keys into a process that way, so the environment is put back as it was.
"""

from __future__ import annotations

import os
import sys
from threading import Lock
from types import ModuleType

_IMPORTING = Lock()
_SWITCH = "PYTHON_DOTENV_DISABLED"
"""What python-dotenv looks at; versions that don't know it are undone by the restoring."""


def moviepy() -> ModuleType:
    """The moviepy module."""
    with _IMPORTING:
        if "moviepy" not in sys.modules:
            _import_quietly()
    return sys.modules["moviepy"]


def _import_quietly() -> None:
    before = dict(os.environ)
    os.environ[_SWITCH] = "1"
    try:
        import moviepy  # noqa: F401
    finally:
        for name in set(os.environ) - set(before):
            del os.environ[name]
        os.environ.update(before)
