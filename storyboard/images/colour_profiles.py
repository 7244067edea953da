"""Colours as the file means them, turned into sRGB."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageCms

from storyboard.images.parts import PictureError

_NEAR = 2
"""Levels of 255 by which profiles that call themselves sRGB differ from each other."""

_PIXELS = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}
_DEVICES = {"mntr", "scnr", "prtr", "spac"}
"""Profiles that describe pictures: of displays, scanners, printers and colour spaces."""


class Profile(NamedTuple):
    """An ICC profile that was read and understood."""

    name: str
    """Its own description, at most 60 printable characters."""
    mode: str
    """The pixels it is for: `RGB`, `L` or `CMYK`."""
    srgb: bool
    """Whether it means what sRGB means, whatever it is called."""
    icc: bytes


@lru_cache(maxsize=32)
def profile(icc: bytes) -> Profile:
    """The profile in `icc`; PictureError for a broken one, or one that is not for pictures."""
    try:
        read = ImageCms.ImageCmsProfile(BytesIO(icc))
        space, device = read.profile.xcolor_space, read.profile.device_class
        name = "".join(filter(str.isprintable, ImageCms.getProfileDescription(read))).strip()[:60]
    except Exception as cause:  # the reader raises nearly anything on broken profiles
        raise PictureError("has a damaged colour profile; save it again as sRGB") from cause
    if space not in _PIXELS or device not in _DEVICES:
        raise PictureError(
            f"has a colour profile of a kind that is not read ({space.strip()} {device}); "
            "save it again as sRGB"
        )
    found = Profile(name or "unnamed", _PIXELS[space], srgb=False, icc=icc)
    return found._replace(srgb=found.mode == "RGB" and _is_srgb(found))


def to_srgb(image: Image.Image, source: Profile | None) -> Image.Image:
    """An 8-bit `L`, `RGB` or `CMYK` image as sRGB `RGB`.

    With a profile: relative colorimetric with black point compensation, as print shops and
    browsers do. Without one, grey and RGB are taken for sRGB and CMYK is converted by the
    complement, as viewers do.
    """
    if source is None or source.srgb:
        return image.convert("RGB")
    if image.mode == "L" and source.mode == "RGB":
        image = image.convert("RGB")
    if image.mode != source.mode:
        raise PictureError(
            f"has {image.mode} pixels but a colour profile for {source.mode} ones; "
            "save it again as sRGB"
        )
    return _converted(image, source)


def _converted(image: Image.Image, source: Profile) -> Image.Image:
    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(BytesIO(source.icc)),
            ImageCms.createProfile("sRGB"),
            source.mode,
            "RGB",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        converted = ImageCms.applyTransform(image, transform)
    except ImageCms.PyCMSError as cause:
        raise PictureError(
            "has a colour profile that can't be applied; save it again as sRGB"
        ) from cause
    assert converted is not None  # None is the answer of an in-place transform only
    return converted


def _is_srgb(source: Profile) -> bool:
    """Whether colours all over the cube come out as they went in."""
    levels = np.linspace(0, 255, 9).round().astype(np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(27, 27, 3)
    came_out = np.asarray(_converted(Image.fromarray(cube), source)).astype(int)
    return bool(np.abs(came_out - cube).max() <= _NEAR)
