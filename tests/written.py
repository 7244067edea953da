"""Storyboards as strategies: any that hold together, and edits that must not matter."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from storyboard.loading.checked import CheckedStoryboard
from storyboard.loading.load import parse
from storyboard.planning.planned import Plan
from storyboard.planning.planner import plan
from tests.boards import still

Written = dict[str, Any]
"""A storyboard as it is written, as plain data."""

STILLS = 12


def draw_stills(folder: Path) -> Path:
    """A folder with stills `0.png`, `1.png`, ... to choose from."""
    for number in range(STILLS):
        still(folder / f"{number}.png", number)
    return folder


def loaded(written: Written, folder: Path) -> CheckedStoryboard:
    """The storyboard, as if it were a file in this folder."""
    return parse(json.dumps(written, ensure_ascii=False).encode(), folder / "film.yaml")


def planned(written: Written, folder: Path) -> Plan:
    """Its plan."""
    return plan(loaded(written, folder))


PROMPTS = st.sampled_from(["The ball rolls on", "It rests", "Slow pan, left to right", "雪が降る"])
LENGTHS = st.integers(3, 10) | st.integers(72, 160).map("{}f".format) | st.just(4.5)


@st.composite
def _shots(draw: st.DrawFn) -> Written:
    shot: Written = {"prompt": draw(PROMPTS), "takes": 2}
    if draw(st.booleans()):
        shot["duration"] = draw(LENGTHS)
    if draw(st.integers(0, 4)) == 0:
        shot["model"] = "kling-o1-pro"
    return shot


@st.composite
def boards(draw: st.DrawFn) -> Written:
    """One to three scenes of two to four keyframes, no still used twice."""
    numbers = iter(range(STILLS))
    scenes = []
    for length in draw(st.lists(st.integers(2, 4), min_size=1, max_size=3)):
        keyframes: list[Written] = [{"image": f"{next(numbers)}.png"} for _ in range(length)]
        for keyframe in keyframes[: None if draw(st.booleans()) else -1]:
            keyframe["shot"] = draw(_shots())
        scenes.append({"keyframes": keyframes})
    return {"version": 1, "fps": 24, "scenes": scenes}


Edit = Callable[[Written], None]


def shots(written: Written) -> Iterator[Written]:
    """All shots, in order."""
    return (k["shot"] for scene in written["scenes"] for k in scene["keyframes"] if "shot" in k)


def _each(name: str, value: Any) -> Edit:
    def edit(written: Written) -> None:
        for shot in shots(written):
            shot[name] = value

    return edit


def _top(name: str, value: Any) -> Edit:
    return lambda written: written.update({name: value})


def _transitions(written: Written) -> None:
    for scene in written["scenes"][1:]:
        scene["transition"] = {"type": "dissolve", "duration": "6f"}


def _names(written: Written) -> None:
    for number, shot in enumerate(shots(written)):
        shot["id"] = f"shot-{number}"
    for number, scene in enumerate(written["scenes"]):
        scene.update(id=f"act{number}", title="An act")
        for i, keyframe in enumerate(scene["keyframes"]):
            keyframe["id"] = f"frame{number}.{i}"


def _cut(written: Written) -> None:
    first = next(shots(written)).get("id", "sh010")
    written["cut"] = [first, {"shot": first, "start": 1}]


FREE_EDITS: dict[str, Edit] = {
    "captions": _each("captions", [{"at": 0, "duration": 1, "text": "Hello"}]),
    "pick": _each("pick", 2),
    "speed": _each("speed", 1.25),
    "trim": _each("trim", {"start": "2f", "end": 0.5}),
    "hold": _each("hold", 1),
    "seam": _each("seam", {"match_color": True, "bridge": 2}),
    "on_fail": _each("on_fail", "hold"),
    "sound of takes": _each("audio", "mute"),
    "shot notes": _each("notes", ["anything"]),
    "x- keys": _each("x-grade", {"warm": True}),
    "fit": _each("fit", "blur"),
    "title": _top("title", "Another"),
    "titles": _top("titles", [{"at": 0, "duration": 2, "text": "Morning"}]),
    "loudness": _top("audio", {"loudness": -14, "takes": "mute"}),
    "budget": _top("budget", 5.0),
    "notes": _top("notes", "anything"),
    "background": _top("defaults", {"background": "#102030"}),
    "transitions": _transitions,
    "names": _names,
    "cut": _cut,
}
"""What an editor does to a storyboard: none of it is in a request."""


def edited(written: Written, *names: str) -> Written:
    """A copy with these free edits."""
    made = copy.deepcopy(written)
    for name, edit in FREE_EDITS.items():
        if name in names:
            edit(made)
    return made
