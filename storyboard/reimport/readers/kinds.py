"""Which reader an edited cut needs: told by what is in the file, not by how it is called."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from storyboard import files
from storyboard.errors import MediaError
from storyboard.reimport.edited import understood
from storyboard.reimport.readers import edl_file, fcpxml_file, mlt_file, otio_file, xmeml_file
from storyboard.reimport.sequence import NOTHING, Unclear

if TYPE_CHECKING:
    from storyboard.reimport.edited import Edited
    from storyboard.reimport.sequence import Known, Sequence

_LIMIT = 100_000_000
_HEAD = 20_000
BUNDLE = "Info.fcpxml"
"""What a `.fcpxmld`, which is a folder, has the sequence in."""


INSIDE = "content.otio"
"""What an `.otioz`, which is zipped, has the sequence in."""
ZIPPED = b"PK\x03\x04"


class CutReader(NamedTuple):
    """A format that comes back."""

    sign: re.Pattern[bytes]
    """What its files begin with."""
    read: Callable[[bytes, Known], Sequence]


def _xml(root: bytes) -> re.Pattern[bytes]:
    """A document with this outermost element, behind whatever may stand before it."""
    return re.compile(rb"\s*(<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>[]*>\s*)*<" + root, re.DOTALL)


KINDS: dict[str, CutReader] = {
    "otio": CutReader(re.compile(rb"\s*\{"), otio_file.read),
    "fcpxml": CutReader(_xml(rb"fcpxml\b"), fcpxml_file.read),
    "xml": CutReader(_xml(rb"xmeml\b"), xmeml_file.read),
    "otioz": CutReader(re.compile(rb"(?!)"), otio_file.read),
    "mlt": CutReader(_xml(rb"mlt\b"), mlt_file.read),
    "edl": CutReader(re.compile(rb"\s*(TITLE:|FCM:|\d+\s+\S+\s+\S+\s+[CDWK])"), edl_file.read),
}


def read_edited(path: Path, known: Known = NOTHING) -> Edited:
    """The cut in an edited file of any kind; MediaError says what is wrong with the file."""
    return read_kind(path, known)[1]


def read_kind(path: Path, known: Known) -> tuple[str, Edited]:
    """The same, and what kind of file it is."""
    data, kind = contents(path)
    if not kind:
        raise MediaError(
            f"{path} is no cut that can be read: {_what(data)}; save the sequence as {_KNOWN}"
        )
    try:
        return kind, understood(KINDS[kind].read(data, known), known)
    except Unclear as cause:
        raise Unclear(f"{path}: {cause}") from cause


def contents(path: Path) -> tuple[bytes, str]:
    """The bytes of the sequence in an edited file, and its kind; no kind where it is none."""
    inside = path / BUNDLE
    data = files.read(inside if inside.is_file() else path, limit=_LIMIT)
    if data.startswith(ZIPPED):
        return unzipped(data, path)
    return data, kind_of(data)


def unzipped(data: bytes, path: Path) -> tuple[bytes, str]:
    """The sequence in an `.otioz`; what else is in there is left alone."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(INSIDE) as file:
            found = file.read(_LIMIT + 1)
    except KeyError:
        return b"PK", ""
    except (
        zipfile.BadZipFile,
        OSError,
        RuntimeError,
        ValueError,
        zlib.error,
        NotImplementedError,
    ) as cause:
        raise MediaError(f"{path} is damaged, or breaks off; save the sequence again") from cause
    if len(found) > _LIMIT:
        raise MediaError(f"{path} holds a sequence of more than {_LIMIT} bytes")
    return found, "otioz"


def kind_of(data: bytes) -> str:
    """The kind of an edited file; empty where it is none."""
    head = data.removeprefix(b"\xef\xbb\xbf")[:_HEAD]
    return next((name for name, kind in KINDS.items() if kind.sign.match(head)), "")


_KNOWN = ".otio, .xml (Final Cut Pro 7), .fcpxml, .edl or .mlt"


def _what(data: bytes) -> str:
    """What a file that is no cut is."""
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    signs = {b"PK": "it is zipped", b"<": "it is XML of another kind", b"": "it is something else"}
    found = next(what for sign, what in signs.items() if head.startswith(sign))
    return found if head else "it is empty"
