"""Running the command line as a user does: a process of its own, with its own environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

QUICK = {"STORYBOARD_PACE": "0.01"}
"""Waits of the engine at a hundredth."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of the command line left."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Its stdout as JSON."""
        return json.loads(self.out)


def storyboard(
    *arguments: str | Path, environment: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Outcome:
    """Run `storyboard` with these arguments; without a key unless the environment has one."""
    here = {name: value for name, value in os.environ.items() if not name.startswith("FAL_")}
    here |= QUICK | {"HOME": str(cwd or Path.cwd()), **(environment or {})}
    done = subprocess.run(
        [sys.executable, "-m", "storyboard", *map(str, arguments)],
        env=here,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)
