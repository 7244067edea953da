"""What a picture is, told from its headers: nothing is decoded here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from PIL import AvifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from storyboard.images import avif, exif, jpeg, png, webp
from storyboard.images.colour_profiles import profile
from storyboard.images.parts import PictureError, check_size, damaged

if TYPE_CHECKING:
    from PIL import Image

    from storyboard.images.colour_profiles import Profile
    from storyboard.images.parts import Parts


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """A picture as its file describes it."""

    format: str
    """`PNG`, `JPEG`, `WebP` or `AVIF`, told from the content, never from a name."""
    width: int
    height: int
    """Pixels, after turning the picture upright."""
    mode: str
    """Pillow's name for the channels it decodes to: `RGB`, `L`, `P`, `CMYK`, `RGBA`, ..."""
    orientation: int
    """The EXIF orientation, 1 (upright) to 8."""
    alpha: bool
    """Whether any pixel may be transparent."""
    profile: str | None
    """The name of the ICC profile; None without one."""
    frames: int
    """1 for a still."""
    bits: int
    """Bits per channel as stored; of a palette picture, bits per pixel."""
    srgb: bool
    """Whether the colours need no conversion: untagged, or with sRGB's own profile."""
    located: bool
    """Whether the file says where on Earth the picture was taken."""
    content: str = ""
    """Names the picture: SHA-256 (hex) of its coded pixels, colour profile and orientation, as they
    stand in the file. What else the file says of it, and how it is laid out, makes no difference.
    """


class Opened(NamedTuple):
    """A picture whose headers are read and whose pixels are not."""

    facts: PictureFacts
    image: Image.Image
    """Pillow's view of the stripped file; decodes on `load()`."""
    profile: Profile | None
    parts: Parts


class _Format(NamedTuple):
    name: str
    magic: re.Pattern[bytes]
    parts: Callable[[bytes], Parts]
    image: Callable[[BytesIO], Image.Image]


# The decoder classes are named here because `Image.open` tries every format it knows (EPS starts
# Ghostscript) and warns of big pictures instead of refusing them.
_FORMATS = [
    _Format("PNG", re.compile(rb"\x89PNG\r\n\x1a\n"), png.parts, PngImagePlugin.PngImageFile),
    _Format("JPEG", re.compile(rb"\xff\xd8\xff"), jpeg.parts, JpegImagePlugin.JpegImageFile),
    _Format("WebP", re.compile(rb"RIFF....WEBP", re.S), webp.parts, WebPImagePlugin.WebPImageFile),
]
if AvifImagePlugin.SUPPORTED:
    _FORMATS.append(
        _Format(
            "AVIF",
            re.compile(rb"....ftyp(avi[fs]|m[is]f1.{4,48}?avi[fs])", re.S),
            avif.parts,
            AvifImagePlugin.AvifImageFile,
        )
    )

_READ = ", ".join(known.name for known in _FORMATS[:-1]) + " or " + _FORMATS[-1].name

_FOREIGN = (
    (rb"....ftyp(hei|hev|mif1|msf1)", "a HEIC picture"),
    (rb"....ftypavi", "an AVIF picture"),
    (rb"....ftyp|\x1aE\xdf\xa3", "a video"),
    (rb"GIF8", "a GIF picture"),
    (rb"II\*\0|MM\0\*", "a TIFF or raw camera picture"),
    (rb"BM", "a BMP picture"),
    (rb"8BPS", "a Photoshop file"),
    (rb"v/1\x01", "an OpenEXR picture"),
    (rb"\xff\x0a|\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (rb"\0\0\0\x0cjP", "a JPEG 2000 picture"),
    (rb"%PDF", "a PDF document"),
    (rb"%!PS|\xc5\xd0\xd3\xc6", "a PostScript (EPS) file"),
    (
        rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.{0,200}-->\s*)?(<!DOCTYPE svg|<svg)",
        "an SVG drawing",
    ),
    (rb"(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body)", "a web page, not a picture"),
)


READ = frozenset(known.name for known in _FORMATS)
"""The formats that are read."""


def kind(data: bytes) -> str:
    """What a file's first bytes say it is: one of `READ`, or `HEIC picture`, `video` and the like.

    Empty for what is no picture.
    """
    known = next((known.name for known in _FORMATS if known.magic.match(data)), "")
    if known or _NO_PICTURE.match(data):
        return known
    return re.sub("^an? ", "", _foreign(data))


def inspect(data: bytes) -> PictureFacts:
    """What the picture is, from its headers; PictureError says what to do with a bad one."""
    return opened(data).facts


def opened(data: bytes) -> Opened:
    """The picture taken apart and ready to be decoded; PictureError as for `inspect`."""
    known = next((known for known in _FORMATS if known.magic.match(data)), None)
    if known is None:
        raise PictureError(_not_read(data))
    try:
        parts = known.parts(data)
        image = known.image(BytesIO(parts.still))
        check_size(*image.size)
        frames = getattr(image, "n_frames", 1)
    except PictureError:
        raise
    except Exception as cause:  # decoders raise nearly anything on broken files
        raise damaged("its header can't be read") from cause
    colors = profile(parts.icc) if parts.icc else None
    tags = exif.read(parts.exif)
    width, height = image.size if tags.orientation < 5 else image.size[::-1]
    facts = PictureFacts(
        format=known.name,
        width=width,
        height=height,
        mode=image.mode,
        orientation=tags.orientation,
        alpha="A" in image.mode or "transparency" in image.info,
        profile=colors.name if colors else None,
        frames=frames,
        bits=parts.bits,
        srgb=colors.srgb if colors else image.mode != "CMYK",
        located=tags.located or b"GPSLatitude" in parts.xmp,
        content=_content(known.name, parts, tags.orientation),
    )
    return Opened(facts, image, colors, parts)


def _content(kind: str, parts: Parts, orientation: int) -> str:
    digest = hashlib.sha256()
    for piece in (kind.encode(), b"%d" % orientation, parts.icc, *parts.picture):
        digest.update(len(piece).to_bytes(8, "big"))
        digest.update(piece)
    return digest.hexdigest()


_NO_PICTURE = re.compile(
    rb"....ftyp(M4[AB]|F4A)|%PDF|%!PS|(\xef\xbb\xbf)?\s*<(!doctype html|html)", re.S | re.I
)
"""Sound, documents and web pages: nobody takes them for pictures of a film."""


def _not_read(data: bytes) -> str:
    if not data:
        return "is empty; save the picture again"
    name = _foreign(data)
    if name:
        return f"is {name}; save it as PNG or JPEG"
    return f"is not a picture of a known kind; use {_READ}"


def _foreign(data: bytes) -> str:
    """What a file is that is not read, with its article; empty where that is not known."""
    found = (name for magic, name in _FOREIGN if re.match(magic, data[:1024], re.S | re.I))
    return next(found, "")
