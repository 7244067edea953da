"""The service's key: found where the client looks, checked before it is used, never shown."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

from storyboard.errors import KeyProblem

HOW = "set FAL_KEY (see fal.ai/dashboard/keys), or use `draft=True`, which needs none"
_LOOKS_RIGHT = re.compile(r"[\x21-\x7e]{8,512}")


def find(environment: Mapping[str, str] | None = None) -> str | None:
    """The key, or None where the client's own login (`fal auth login`) is to be used.

    Looked for in `FAL_KEY`, `FAL_KEY_ID` with `FAL_KEY_SECRET`, and the file named by
    `FAL_KEY_FILE`, in this order. White space around it is dropped: a newline from a paste is
    not part of a key. Raises `KeyProblem` where there is none, or where it can't be one.
    """
    here = os.environ if environment is None else environment
    found = here.get("FAL_KEY", "").strip()
    if not found and here.get("FAL_KEY_ID") and here.get("FAL_KEY_SECRET"):
        found = f"{here['FAL_KEY_ID'].strip()}:{here['FAL_KEY_SECRET'].strip()}"
    if not found and here.get("FAL_KEY_FILE"):
        found = _from_file(Path(here["FAL_KEY_FILE"]))
    if found:
        return checked(found)
    if _logged_in(here):
        return None
    raise KeyProblem(f"no key: {HOW}")


def checked(key: str) -> str:
    """The key, if it can be one; `KeyProblem` without showing it if not."""
    if not _LOOKS_RIGHT.fullmatch(key):
        raise KeyProblem(f"the key has characters that no key has, or a wrong length; {HOW}")
    return key


def _from_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyProblem(f"FAL_KEY_FILE {path} can't be read ({type(error).__name__})") from error


def _logged_in(here: Mapping[str, str]) -> bool:
    """Whether the client's own login left its tokens (its default folder is ~/.fal)."""
    home = Path(here.get("FAL_HOME_DIR") or Path.home() / ".fal")
    return (home / "auth0_token").exists()


def fingerprint(key: str | None, salt: str) -> str:
    """16 hex digits that tell one account's key from another's, and nothing else about it.

    Made of the key's public half, so that a new secret is still the same account. Empty where
    the client's own login is used, or without a salt.
    """
    if not key or not salt:
        return ""
    return hashlib.sha256(f"{salt} {key.split(':')[0]}".encode()).hexdigest()[:16]
