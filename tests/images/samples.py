"""Pictures and colour profiles to test with, built from nothing."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[Any]


def photo(width: int = 64, height: int = 48) -> Image.Image:
    """Every corner has its own colour, so that turning and cutting show."""
    x = np.linspace(0, 1, width)[None, :, None]
    y = np.linspace(0, 1, height)[:, None, None]
    red, green, blue, white = (
        np.array(c) for c in ((220, 30, 40), (30, 200, 60), (40, 50, 210), (250,) * 3)
    )
    mixed = (red * (1 - x) + green * x) * (1 - y) + (blue * (1 - x) + white * x) * y
    return Image.fromarray(mixed.round().astype(np.uint8))


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The image as the bytes of a file."""
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png(image: Image.Image, **options: Any) -> bytes:
    """As PNG."""
    return saved(image, "PNG", **options)


def jpeg(image: Image.Image, **options: Any) -> bytes:
    """As a JPEG of high quality."""
    return saved(image, "JPEG", **{"quality": 95, "subsampling": 0, **options})


def pixels(data: bytes) -> Pixels:
    """What a plain decoder sees in the file: no turning, no colour conversion."""
    with Image.open(BytesIO(data)) as image:
        return np.asarray(image).copy()


def exif(*, orientation: int | None = None, located: bool = False) -> bytes:
    """An EXIF block as cameras write it."""
    tags = Image.Exif()
    tags[0x010F] = "A camera"
    if orientation is not None:
        tags[0x0112] = orientation
    if located:
        tags.get_ifd(0x8825).update({1: "N", 2: (38.0, 42.0, 49.0), 3: "W", 4: (9.0, 8.0, 22.0)})
    return tags.tobytes()


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """The image as a camera held that way stores it, so that `orientation` turns it upright."""
    transpose = Image.Transpose
    stored = {
        1: None,
        2: transpose.FLIP_LEFT_RIGHT,
        3: transpose.ROTATE_180,
        4: transpose.FLIP_TOP_BOTTOM,
        5: transpose.TRANSPOSE,
        6: transpose.ROTATE_90,
        7: transpose.TRANSVERSE,
        8: transpose.ROTATE_270,
    }[orientation]
    return image if stored is None else image.transpose(stored)


def chunk(name: bytes, body: bytes) -> bytes:
    """One PNG chunk, with its checksum."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def raw_png(samples: Pixels, *, bits: int, kind: int, extra: bytes = b"") -> bytes:
    """A PNG with exactly these samples (height x width [x channels]) and color type `kind`.

    `extra` are whole chunks, put before the pixels.
    """
    height, width = samples.shape[:2]
    rows = samples.reshape(height, -1)
    if bits == 16:
        packed = [row.astype(">u2").tobytes() for row in rows]
    elif bits == 8:
        packed = [row.astype(np.uint8).tobytes() for row in rows]
    else:
        spread = (rows[:, :, None] >> np.arange(bits)[::-1]) & 1
        packed = [np.packbits(row.reshape(-1).astype(np.uint8)).tobytes() for row in spread]
    header = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)
    coded = zlib.compress(b"".join(b"\0" + row for row in packed))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", coded)
        + chunk(b"IEND", b"")
    )


P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))
ADOBE = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
"""Red, green and blue as XYZ under D50, as their profiles hold them."""


def rgb_profile(name: str, colors: tuple[tuple[float, ...], ...], *, gamma: float | None) -> bytes:
    """A display profile; without `gamma` it has sRGB's curve."""
    curve = _gamma(gamma) if gamma else _srgb_curve()
    tags = {b"rXYZ": _xyz(colors[0]), b"gXYZ": _xyz(colors[1]), b"bXYZ": _xyz(colors[2])}
    tags |= {b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    return _profile(name, b"mntr", b"RGB ", tags)


def grey_profile(name: str, gamma: float) -> bytes:
    """A profile for grey pictures."""
    return _profile(name, b"mntr", b"GRAY", {b"kTRC": _gamma(gamma)})


def cmyk_profile(name: str, inks: dict[tuple[int, ...], tuple[float, float, float]]) -> bytes:
    """A printer's profile: the Lab colour of each of the 16 mixtures of whole inks.

    Mixtures that are not given are as black as the darkest one.
    """
    darkest = min(inks.values())
    mixtures = [tuple(n >> bit & 1 for bit in (3, 2, 1, 0)) for n in range(16)]
    table = b"".join(_lab(inks.get(mixture, darkest)) for mixture in mixtures)
    straight = bytes(range(256))
    identity = struct.pack(">9i", *(65536 * (i % 4 == 0) for i in range(9)))
    lut = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + identity + straight * 4 + table + straight * 3
    return _profile(name, b"prtr", b"CMYK", {b"A2B0": lut}, space=b"Lab ")


def _lab(color: tuple[float, float, float]) -> bytes:
    lightness, a, b = color
    return bytes([round(lightness * 2.55), round(a + 128), round(b + 128)])


def _xyz(value: tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(part * 65536) for part in value))


def _gamma(gamma: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)


def _srgb_curve() -> bytes:
    levels = linear(np.linspace(0, 1, 1024))
    values = (levels * 65535).round().astype(">u2").tobytes()
    return b"curv" + bytes(4) + struct.pack(">I", 1024) + values


def _profile(
    name: str, kind: bytes, pixels: bytes, tags: dict[bytes, bytes], space: bytes = b"XYZ "
) -> bytes:
    text = name.encode("ascii") + b"\0"
    described = b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(4 + 4 + 2 + 1 + 67)
    all_tags = {b"desc": described, b"wtpt": _xyz((0.9642, 1.0, 0.8249)), **tags}
    at, directory, bodies = 128 + 4 + 12 * len(all_tags), b"", b""
    for tag, body in all_tags.items():
        directory += struct.pack(">4sII", tag, at + len(bodies), len(body))
        bodies += body + bytes(-len(body) % 4)
    header = struct.pack(">I4sI4s4s4s", at + len(bodies), bytes(4), 0x02400000, kind, pixels, space)
    header += struct.pack(">6H", 2025, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    header += struct.pack(">3i", 63190, 65536, 54061)  # D50
    return header.ljust(128, b"\0") + struct.pack(">I", len(all_tags)) + directory + bodies


def linear(encoded: Pixels) -> Pixels:
    """sRGB's curve: light from signal, both 0 to 1."""
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def encoded(light: Pixels) -> Pixels:
    """sRGB's curve: signal from light, both 0 to 1."""
    clipped = np.clip(light, 0, 1)
    return np.where(clipped <= 0.0031308, clipped * 12.92, 1.055 * clipped ** (1 / 2.4) - 0.055)


def meant(
    image: Pixels, colors: tuple[tuple[float, ...], ...], *, gamma: float | None = None
) -> Pixels:
    """The sRGB levels of what RGB levels mean under a profile, worked out from its definition."""
    signal = image / 255
    light = signal**gamma if gamma else linear(signal)
    xyz = light @ np.array(colors)
    return encoded(xyz @ np.linalg.inv(np.array(SRGB))) * 255
