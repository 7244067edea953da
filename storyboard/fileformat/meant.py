"""What was probably meant by a field or a word that is not known where it stands."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from storyboard.fileformat.guess import guess
from storyboard.units.sizes import Size

_FIELDS = {
    "size": "aspect_ratio aspect ratio resolution dimensions format width height shape",
    "color": "colour font_color text_color fill",
    "duration": "length len seconds secs time dur",
    "fps": "framerate frame_rate rate frames_per_second",
    "prompt": "description action motion movement text",
    "image": "picture img still photo path src source url file",
    "file": "path src source url sound track",
    "keyframes": "frames stills images pictures photos shots",
    "voiceover": "voice voice_over voices narration narrator speech vo dialogue",
    "volume": "gain level db loudness",
    "audio": "sound sounds soundtrack",
    "captions": "subtitles subtitle caption subs",
    "font": "font_file typeface font_family font_path",
    "titles": "title_cards text texts overlays",
    "text": "title caption words label",
    "at": "start start_time begin offset from time t",
    "media": "media_place shared bucket cache storage",
    "budget": "max_cost cap price cost limit",
    "model": "engine endpoint provider",
    "style": "look mood",
    "background": "bg background_color background_colour backdrop",
    "fit": "crop scale resize scaling object_fit",
    "focus": "focal_point anchor gravity object_position focal center centre",
    "versions": "formats outputs deliverables variants renditions",
    "reframe": "crop_mode fill",
    "speed": "pace slowmo slow_motion playback_rate",
    "hold": "freeze pause",
    "smooth": "interpolate interpolation optical_flow slow_motion frame_blending",
    "takes": "count versions variants variations",
    "pick": "choose choice take use",
    "loudness": "lufs normalize",
    "duck": "ducking sidechain",
    "loop": "repeat",
    "variables": "vars variable params",
    "on_fail": "on_error on_failure fallback",
    "cut": "edit order timeline sequence",
    "music": "song track soundtrack",
    "card": "title_card black slate title_screen intro outro",
    "words": "title text caption label",
    "effects": "sfx sound_effects fx foley ambience",
    "fade_in": "fadein fade",
    "fade_out": "fadeout fade",
    "id": "name label",
    "title": "name",
    "transition": "transitions",
    "ending": "end fade_out fadeout outro closing end_transition",
    "shot": "video clip",
    "seam": "seams",
    "match_color": "match_colour color_match",
    "type": "kind name",
}
"""Other words for fields, as other programs and people have them."""

_WORDS = {
    "dissolve": "crossfade cross-fade cross-dissolve xfade mix blend crossdissolve",
    "fade": "dip dip-to-black fade-to-black fade-in fadein fade-out",
    "wipe": "swipe",
    "slide": "push",
    "cut": "none hard-cut straight",
    "cover": "crop zoom fill",
    "contain": "letterbox pad fit bars pillarbox",
    "blur": "blurred blur-bars",
    "stretch": "squeeze distort scale fill",
    "hold": "still freeze skip continue ignore",
    "error": "fail stop abort raise",
    "mute": "off none silent silence remove no",
    "keep": "on yes original use",
    "center": "centre middle centered",
    "bottom": "bottom-center bottom-centre below lower",
    "top": "top-center top-centre above upper",
    "bottom-left": "lower-third left-bottom lower-left",
    "bottom-right": "right-bottom lower-right",
    "top-left": "left-top upper-left",
    "top-right": "right-top upper-right",
    "left": "left-center right-to-left to-left leftwards",
    "right": "right-center left-to-right to-right rightwards",
    "up": "upwards bottom-to-top",
    "down": "downwards top-to-bottom",
}
"""Other words for the values that are chosen from a few."""

OPTIONS = (
    *("bitrate_mode", "camera_fixed", "cfg_scale", "end_strength", "guide_scale", "loop"),
    *("movement", "negative_prompt", "prompt_expansion", "resolution", "safety_tolerance", "seed"),
    *("shift", "sound", "start_strength", "steps", "thinking", "video_quality"),
)
"""What models are asked for under `options:`, but for names that fields have, too."""

_PLACES = {
    "Storyboard": "at the top of the file",
    "Defaults": "in defaults",
    "Scene": "in a scene",
    "Keyframe": "in a keyframe",
    "Shot": "in a shot",
    "CutShot": "in cut",
    "Title": "in titles",
    "Caption": "in a shot's captions",
    "Audio": "in audio",
    "Music": "in audio: music",
    "Voice": "in audio: voiceover",
    "OwnSound": "in audio: takes",
    "Transition": "in a transition's block",
    "Trim": "in a shot's trim",
    "Seam": "in seam",
}
"""Where the blocks are written, from the outside in."""

_MOST_PLACES = 3


def field(name: str, part: type[BaseModel]) -> str:
    """The field of this block that was probably meant; empty where it has none like it."""
    plain, own = _plain(name), part.model_fields
    if plain in own:
        return plain
    also = [known for known in own if plain in _FIELDS.get(known, "").split()]
    if also:
        return also[0]
    return "" if _elsewhere(plain, part) else guess(plain, own) or _misspelt(plain, own)


def advice(name: str, value: Any, part: type[BaseModel]) -> str:
    """What to write in place of a field that this block does not have."""
    if name.startswith("-"):
        return f"a dash needs a space after it; write - {name.lstrip('-')}:"
    if value is None and name.isdigit():
        return "a comma ends the number before it; write decimals with a point"
    if value is None and " " in name:
        return _torn(name, part)
    if option := _option(_plain(name), value, part):
        return f"what a model is asked for is written under options: {{{option}: ...}}"
    meant = field(name, part)
    if meant == "size" and meant != _plain(name):
        return f"write size: {_size(value)}"
    if meant:
        return f"did you mean {meant}?"
    for known in [_plain(name), *_also(_plain(name))]:
        places = _elsewhere(known, part)
        if places:
            which = "it" if known == name else known
            return (
                f"{which} belongs {', '.join(places[:-1])}{' or ' * (len(places) > 1)}{places[-1]}"
            )
    return "the fields are " + ", ".join(known for known in part.model_fields if known != "notes")


def _option(plain: str, value: Any, part: type[BaseModel]) -> str:
    """The option of a model that this is, in a block that has options; empty where it is none."""
    if plain not in OPTIONS or "options" not in part.model_fields:
        return ""
    if plain == "resolution" and part.__name__ == "Storyboard":
        return ""  # the film's is its size
    if plain == "sound" and value not in (True, False, "true", "false"):
        return ""  # a file of one's own
    return plain


def word(value: str, choices: list[str]) -> str:
    """The choices that were probably meant, joined by "or"; empty where none is like it."""
    plain = re.sub(r"[\s_]+", "-", value.strip().casefold())
    also = [known for known in choices if plain == known or plain in _WORDS.get(known, "").split()]
    return " or ".join(also) or guess(plain, choices)


def _plain(name: str) -> str:
    """A name in this format's spelling: `fadeIn`, `Fade-In` and `FADE IN` are `fade_in`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[\s-]+", "_", spaced).casefold()


def _misspelt(plain: str, own: typing.Container[str]) -> str:
    """The field that goes by another word, where that word is misspelt."""
    also = {other: known for known, words in _FIELDS.items() for other in words.split()}
    near = guess(plain, [other for other, known in also.items() if known in own])
    return also.get(near, "")


def _also(plain: str) -> list[str]:
    return [known for known, others in _FIELDS.items() if plain in others.split()]


def _elsewhere(name: str, part: type[BaseModel]) -> list[str]:
    """Where a field of this name is written, in the format that this block belongs to."""
    blocks = {block.__name__: block for block in _blocks(part)}
    found = [place for kind, place in _PLACES.items() if name in blocks[kind].model_fields]
    most = 1 if name == "size" else _MOST_PLACES  # the letters' size is hardly ever meant
    return [] if name == "notes" else found[:most]


def _either(places: list[str]) -> str:
    *others, last = places
    return f"{', '.join(others)} or {last}" if others else last


def _torn(name: str, part: type[BaseModel]) -> str:
    """Between braces: a field without its colon, or text that a comma has torn apart."""
    first, _, rest = name.partition(" ")
    if _elsewhere(first, part):
        return f"it has no colon; write {first}: {rest}"
    return "a comma ends the text before it; put text with a comma in quotes"


def _size(value: Any) -> str:
    try:
        return str(Size.parse(value))
    except ValueError:
        return "1920x1080"


def _blocks(part: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """All blocks of the format: everything that is made as this one is."""
    *_, ground = (kind for kind in part.__mro__ if BaseModel in kind.__bases__)
    waiting = [ground]
    while waiting:
        yield (found := waiting.pop())
        waiting += found.__subclasses__()


def block(annotation: Any) -> type[BaseModel] | None:
    """The block inside `list[Block]`, `Block | None`, `Annotated[Block, ...]` and the like."""
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return annotation
    inner = (block(argument) for argument in typing.get_args(annotation))
    return next((found for found in inner if found is not None), None)
