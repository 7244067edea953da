"""From a stranger's picture to the film's: upright, sRGB, opaque, 8 bits, at the wanted size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from storyboard.images.colour_profiles import to_srgb
from storyboard.images.fitting import fit
from storyboard.images.parts import PictureError, damaged
from storyboard.images.picture_facts import opened

if TYPE_CHECKING:
    import numpy.typing as npt

    from storyboard.images.picture_facts import Opened, PictureFacts
    from storyboard.images.recipe import PictureRecipe

MOST_DECODED = 1_000_000_000
"""Pixels decoded to reach a frame of an animation, which needs all frames before it."""

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def develop(data: bytes, recipe: PictureRecipe) -> Image.Image:
    """The picture as `RGB` pixels, sRGB, without metadata; PictureError for one that is broken."""
    return developed(opened(data), recipe)


def developed(picture: Opened, recipe: PictureRecipe) -> Image.Image:
    """`develop` for a picture that is already opened."""
    image = _decoded(picture, _frame(picture.facts, recipe))
    if picture.facts.orientation in _UPRIGHT:
        image = image.transpose(_UPRIGHT[picture.facts.orientation])
    color, alpha = _channels(image, picture.facts.bits)
    # Colours are converted before they are mixed: the background is sRGB, the picture may not be.
    flat = _over(to_srgb(color, picture.profile), alpha, recipe.background)
    flat.info.clear()
    if recipe.size is None or recipe.fit is None:
        return flat
    return fit(flat, recipe.size, recipe.fit, background=recipe.background, focus=recipe.focus)


def _frame(facts: PictureFacts, recipe: PictureRecipe) -> int:
    frame = recipe.frame or 0
    if facts.frames > 1 and recipe.frame is None:
        raise PictureError(
            f"is an animation of {facts.frames} frames; choose one with `frame: 0` "
            f"to `frame: {facts.frames - 1}`, or save a still"
        )
    if frame >= facts.frames:
        raise PictureError(f"has {facts.frames} frames, counted from 0; there is no {frame}")
    if frame and (frame + 1) * facts.width * facts.height > MOST_DECODED:
        raise PictureError(f"takes too long to reach frame {frame}; save that frame as a still")
    return frame


def _decoded(picture: Opened, frame: int) -> Image.Image:
    try:
        if frame:
            picture.image.seek(frame)
        picture.image.load()
    except Exception as cause:  # decoders raise nearly anything on broken files
        raise damaged("its pixels can't be decoded") from cause
    return picture.image


def _channels(image: Image.Image, bits: int) -> tuple[Image.Image, Image.Image | None]:
    """The colours as 8-bit `L`, `RGB` or `CMYK`, and what is opaque as `L`."""
    alpha = _keyed_alpha(image, bits)
    if image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    elif image.mode == "PA":
        image = image.convert("RGBA")
    if image.mode in ("RGBA", "LA"):
        return image.convert(image.mode[:-1]), image.getchannel("A")
    if image.mode.startswith("I"):
        return _eight_bits(image), alpha
    if image.mode == "1":
        return image.convert("L"), alpha
    if image.mode in ("L", "RGB", "CMYK"):
        return image, alpha
    raise PictureError(f"has channels of a kind that is not read ({image.mode}); save it as RGB")


def _keyed_alpha(image: Image.Image, bits: int) -> Image.Image | None:
    """Of a PNG that calls one colour transparent: what is opaque."""
    key = image.info.get("transparency")
    if key is None or image.mode not in ("1", "L", "RGB", "I;16"):
        return None
    wanted = np.atleast_1d(np.asarray(key, dtype=np.int64))
    if bits < 8:  # decoding spread the few levels over 0 to 255
        wanted = wanted * 255 // (2**bits - 1)
    elif bits == 16 and image.mode == "RGB":  # decoding kept the upper half
        wanted = wanted >> 8
    pixels = np.asarray(image.convert("L") if image.mode == "1" else image)
    same = pixels.reshape(*pixels.shape[:2], -1) == wanted
    opaque: npt.NDArray[np.uint8] = np.where(same.all(axis=-1), 0, 255).astype(np.uint8)
    return Image.fromarray(opaque)


def _eight_bits(image: Image.Image) -> Image.Image:
    """16-bit grey, scaled so that 65535 becomes 255; Pillow's own conversion would clip."""
    levels = np.asarray(image).astype(np.uint32)
    return Image.fromarray(((levels * 255 + 32767) // 65535).astype(np.uint8))


def _over(color: Image.Image, alpha: Image.Image | None, background: str) -> Image.Image:
    if alpha is None:
        return color
    ground = Image.new("RGB", color.size, background)
    ground.paste(color, mask=alpha)
    return ground
