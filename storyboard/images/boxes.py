"""Boxes in boxes, as AVIF files are made of: each a length, a name of four letters and a body."""

from __future__ import annotations

from collections.abc import Iterator

from storyboard.images.parts import damaged


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Names and bodies of the boxes that lie beside each other; PictureError where one is cut."""
    at = 0
    while at + 8 <= len(data):
        length, name = number(data[at : at + 4]), data[at + 4 : at + 8]
        length = length or len(data) - at  # 0: to the end of the file
        if length < 8:
            return  # a 64-bit length: the media data, which comes last
        if at + length > len(data):
            raise damaged("it breaks off")
        yield name, data[at + 8 : at + length]
        at += length


def first(data: bytes, name: bytes) -> bytes:
    """The body of the first box with this name; empty where there is none."""
    return next((body for found, body in boxes(data) if found == name), b"")


def number(digits: bytes) -> int:
    """Bytes as a whole number, the highest first."""
    return int.from_bytes(digits, "big")
