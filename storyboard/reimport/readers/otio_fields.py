"""Values in somebody else's `.otio`: each is what it has to be, or a sentence says what it is.

Programs write NaN, rates in single precision, texts where numbers belong, and leave ranges out.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from storyboard.exporting.formats import resolve_otio
from storyboard.exporting.formats.otio import NAMESPACE
from storyboard.reimport.sequence import Unclear, file_name
from storyboard.safe_text import in_message
from storyboard.units.timing import FASTEST, LONGEST, Rate, whole

Json = dict[str, Any]

_LARGEST = 10**12
"""No time in a film's file is larger, in whatever unit."""
_INTEGER, _DECIMAL = Fraction(1, 10_000), Fraction(13, 2000)
"""How far a written rate lies from the one that is meant: single precision, 23.98 for 23.976."""
_SLOWEST, _SLOWEST_NTSC = Fraction(1, 1000), 12
_LONGEST = LONGEST * FASTEST


def kind(item: Json) -> str:
    """The schema's name without its version: `Clip`."""
    written = item.get("OTIO_SCHEMA")
    return written.partition(".")[0] if isinstance(written, str) else ""


def name(item: Json) -> str:
    """What an item is called, for a sentence."""
    written = item.get("name")
    return in_message(written if isinstance(written, str) and written else kind(item))


def block(holder: Json, field: str) -> Json:
    """The block at a field; empty where there is none."""
    found = holder.get(field)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise Unclear(f"{name(holder)}: `{field}` is no block of fields")
    return found


def blocks(holder: Json, field: str) -> list[Json]:
    """The list of blocks at a field; empty where there is none."""
    found = holder.get(field)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Unclear(f"{name(holder)}: `{field}` is no list of items")
    return found


def number(holder: Json, field: str, owner: str) -> Fraction:
    """The number at a field, exact."""
    found = holder.get(field)
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        raise Unclear(f"{owner}: `{field}` is no number")
    if not -_LARGEST <= found <= _LARGEST:  # NaN is not, either
        shown = f"{found:.6g}" if isinstance(found, float) else "a huge number"
        raise Unclear(f"{owner}: `{field}` is {shown}, which can't be")
    return Fraction(str(found))


def rate(time: Json, owner: str) -> Rate:
    """The rate of a time. 23.976 and 23.98 are 24000/1001, however a program rounds them."""
    written = number(time, "rate", owner)
    if written < _SLOWEST:
        raise Unclear(f"{owner}: its rate is {float(written):g}, which can't be")
    return exact_rate(written)


def exact_rate(written: Fraction) -> Rate:
    """The rate that is meant by a decimal, or by a number of single precision."""
    near = whole(written)
    if abs(written - near) < _INTEGER:
        return Rate(near)
    ntsc = Rate(whole(written * 1001 / 1000) * 1000, 1001)
    meant = _SLOWEST_NTSC <= written <= FASTEST and abs(written - ntsc) < _DECIMAL
    return ntsc if meant else written.limit_denominator(1001)


def frames(time: Json, film: Rate, owner: str) -> int:
    """A time in frames of the film."""
    return whole(number(time, "value", owner) / rate(time, owner) * film)


def length(span: Json, film: Rate, owner: str) -> int:
    """How long a range is, in frames of the film; a range without a length is refused."""
    duration = block(span, "duration")
    if not duration:
        raise Unclear(f"{owner} has no range; save the sequence again with its media online")
    found = frames(duration, film, owner)
    if found < 0:
        raise Unclear(f"{owner} is {found} frames long, which can't be")
    if found > _LONGEST:
        raise Unclear(f"{owner} is {found} frames long, more than a day")
    return found


def ours(item: Json) -> Json:
    """Our own metadata on an item, where a program kept it."""
    metadata = item.get("metadata")
    found = metadata.get(NAMESPACE) if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


def is_idle(effect: Json) -> bool:
    """Whether an effect does nothing: switched off, or one that Resolve has on every clip and that
    nobody has set."""
    own = block(block(effect, "metadata"), resolve_otio.BLOCK)
    return effect.get("enabled") is False or (
        bool(own) and (own.get("Enabled") is False or not own.get("Parameters"))
    )


def reference(item: Json) -> Json:
    """The media that a clip shows."""
    key = item.get("active_media_reference_key") or "DEFAULT_MEDIA"
    found = block(item, "media_references").get(key) if isinstance(key, str) else None
    return found if isinstance(found, dict) else block(item, "media_reference")


def address(media: Json) -> str:
    """Where a file is, however that is written; else what it is called."""
    found = media.get("target_url") or media.get("name") or ""
    return found if isinstance(found, str) else ""


def file_named(item: Json) -> str:
    """The name of the file that a clip shows."""
    return file_name(address(reference(item)))
