"""Pictures from strangers: told what they are, made fit for the film, and sent without gossip.

Pure functions over bytes and Pillow images; nothing here opens a file or a connection.

    inspect    what a picture is, from its headers
    develop    its pixels: upright, sRGB, opaque, 8 bits, at the wanted size
    fit        any image at a size, also the frames of takes
    payload    the exact bytes that are uploaded
    notes      what is converted, in plain words
    refusals   why a model would not take it

One module for each format takes files apart (`png`, `jpeg`, `webp`, `avif`); a new format is one
more such module and one row in `facts`.
"""

from storyboard.pictures.developing import develop
from storyboard.pictures.facts import READ, Facts, inspect, kind
from storyboard.pictures.fitting import fit, fit_frame
from storyboard.pictures.parts import PictureError
from storyboard.pictures.payloads import Payload, payload
from storyboard.pictures.recipe import Fit, Recipe
from storyboard.pictures.wording import notes, refusals

__all__ = [
    "READ",
    "Facts",
    "Fit",
    "Payload",
    "PictureError",
    "Recipe",
    "develop",
    "fit",
    "fit_frame",
    "inspect",
    "kind",
    "notes",
    "payload",
    "refusals",
]
