"""Names of exported files: after the title in whatever script, and never one for two things.

What timelines link to is named in plain letters, because programs write others in several ways.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyboard.timeline import Timeline

_MOST_LETTERS, _MOST_BYTES = 80, 160
_DEVICES = {"con", "prn", "aux", "nul", *(f"{n}{i}" for n in ("com", "lpt") for i in range(10))}


def safe(text: str, otherwise: str = "") -> str:
    """A file name of plain letters: accents and spaces gone. `otherwise` where none is left."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return _joined(r"[^A-Za-z0-9.-]+", plain.encode("ascii", "ignore").decode()) or otherwise


def titled(title: str, otherwise: str) -> str:
    """A file name after a title: plain letters where its script has them, else its own.

    `otherwise` names the storyboard's file, for a title without any letter; it is never empty.
    """
    for text in (title, otherwise):
        plain = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
        if all(letter.isascii() for letter in plain if letter.isalnum()):
            found = safe(text)
        else:
            found = _joined(r"\s+", _named(text))
        if found:
            return found
    return "film"


def is_device(name: str) -> bool:
    """Whether Windows takes a file's name for that of a device, whatever its ending."""
    return name.partition(".")[0].strip().casefold() in _DEVICES


def one_name(name: str) -> str:
    """The same for names that are one on some disc: in another case, or another Unicode form."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def sound_stems(timeline: Timeline) -> dict[Path, str]:
    """A name of its own for each file of music or voice-over; no shot has the same."""
    taken = {one_name(clip.shot) for clip in timeline.clips}
    found: dict[Path, str] = {}
    for sound in timeline.sounds:
        if sound.role == "take" or sound.path in found:
            continue
        wanted = stem = safe(sound.path.stem, sound.role)
        number = 1
        while one_name(stem) in taken:
            number += 1
            stem = f"{wanted}_{number}"
        taken.add(one_name(stem))
        found[sound.path] = stem
    return found


def _named(text: str) -> str:
    """The text with its letters, digits and the marks on them; what is neither becomes a gap."""
    kept = ("L", "M", "N")
    return "".join(
        letter if letter in ".-" or unicodedata.category(letter)[0] in kept else " "
        for letter in unicodedata.normalize("NFC", text)
    )


def _joined(gaps: str, text: str) -> str:
    """The text with one line for each gap, no longer than names may be, and no device's name."""
    name = re.sub(gaps, "_", text).strip("._-")[:_MOST_LETTERS]
    while len(name.encode()) > _MOST_BYTES:
        name = name[:-1]
    name = name.rstrip("._-")
    first, dot, rest = name.partition(".")
    return f"{first}_{dot}{rest}" if is_device(name) else name
