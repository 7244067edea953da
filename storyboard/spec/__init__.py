"""The file format, version 1, as pydantic models; each field carries its meaning.

The models check the shape of a file and nothing else: what a model of the table can do, which
files exist and whether names are unique is for `storyboard.load`.
"""

from storyboard.spec.board import (
    DEFAULT_MODEL,
    VERSION,
    Defaults,
    Keyframe,
    Scene,
    Seam,
    Shot,
    Storyboard,
    Trim,
)
from storyboard.spec.cut import Cut, CutShot
from storyboard.spec.schema import fields, schema, schema_file, schema_text
from storyboard.spec.sound import Audio, Music, OwnSound, Voice
from storyboard.spec.transition import Transition
from storyboard.spec.values import OnFail, Part
from storyboard.spec.words import Caption, Lettering, Title
from storyboard.units.sizes import Fit, Size

__all__ = [
    "DEFAULT_MODEL",
    "VERSION",
    "Audio",
    "Caption",
    "Cut",
    "CutShot",
    "Defaults",
    "Fit",
    "Keyframe",
    "Lettering",
    "Music",
    "OnFail",
    "OwnSound",
    "Part",
    "Scene",
    "Seam",
    "Shot",
    "Size",
    "Storyboard",
    "Title",
    "Transition",
    "Trim",
    "Voice",
    "fields",
    "schema",
    "schema_file",
    "schema_text",
]
