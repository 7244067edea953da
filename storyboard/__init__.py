"""From keyframes to a finished film, in one YAML file.

    import storyboard

    film = storyboard.render("film.yaml", draft=True)       # free, offline
    film = storyboard.render("film.yaml", max_cost=2_000_000)  # at most $2.00, in micro-dollars

Each stage can be used alone; data flows one way:

    board = storyboard.load("film.yaml")                    # checked, or every mistake at once
    store = storyboard.Store(".storyboard")
    plan = storyboard.plan(board, held=store.held())        # pure: keys and prices
    made = storyboard.generate(plan, store, service=...)    # reuse, pick up, buy
    timeline = storyboard.cut(plan, footage, repeats=...)   # pure: whole frames
    clip = storyboard.film(timeline)                        # a moviepy clip to go on with
    storyboard.assemble(timeline, "film.mp4", cache=...)    # or the finished file
    storyboard.export(timeline, "cut/", formats=["resolve"])

`storyboard.errors` is the tree of what can go wrong, `storyboard.events` what a listener hears,
`storyboard.testing` a fake service for your own tests. Nothing in the library prints.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from storyboard.assemble import assemble as assemble
    from storyboard.cut import Footage as Footage
    from storyboard.cut import cut as cut
    from storyboard.errors import InvalidStoryboard as InvalidStoryboard
    from storyboard.errors import StoryboardError as StoryboardError
    from storyboard.export import export as export
    from storyboard.fal import Fal as Fal
    from storyboard.film import film as film
    from storyboard.generate import Generated as Generated
    from storyboard.generate import generate as generate
    from storyboard.load import CheckedScene as CheckedScene
    from storyboard.load import CheckedShot as CheckedShot
    from storyboard.load import CheckedStoryboard as CheckedStoryboard
    from storyboard.load import load as load
    from storyboard.models import MODELS as MODELS
    from storyboard.plan import Plan as Plan
    from storyboard.plan import plan as plan
    from storyboard.review import review as review
    from storyboard.spec import Audio as Audio
    from storyboard.spec import Caption as Caption
    from storyboard.spec import CutShot as CutShot
    from storyboard.spec import Defaults as Defaults
    from storyboard.spec import Keyframe as Keyframe
    from storyboard.spec import Music as Music
    from storyboard.spec import OwnSound as OwnSound
    from storyboard.spec import Scene as Scene
    from storyboard.spec import Seam as Seam
    from storyboard.spec import Shot as Shot
    from storyboard.spec import Size as Size
    from storyboard.spec import Storyboard as Storyboard
    from storyboard.spec import Title as Title
    from storyboard.spec import Transition as Transition
    from storyboard.spec import Trim as Trim
    from storyboard.spec import Voice as Voice
    from storyboard.store import Store as Store
    from storyboard.timeline import Timeline as Timeline
    from storyboard.workflows.render import Film as Film
    from storyboard.workflows.render import render as render

_HOMES = {
    "Audio": "spec",
    "Caption": "spec",
    "CheckedScene": "load",
    "CheckedShot": "load",
    "CheckedStoryboard": "load",
    "CutShot": "spec",
    "Defaults": "spec",
    "Fal": "fal",
    "Film": "workflows.render",
    "Footage": "cut",
    "Generated": "generate",
    "InvalidStoryboard": "errors",
    "Keyframe": "spec",
    "MODELS": "models",
    "Music": "spec",
    "OwnSound": "spec",
    "Plan": "plan",
    "Scene": "spec",
    "Seam": "spec",
    "Shot": "spec",
    "Size": "spec",
    "Store": "store",
    "Storyboard": "spec",
    "StoryboardError": "errors",
    "Timeline": "timeline",
    "Title": "spec",
    "Transition": "spec",
    "Trim": "spec",
    "Voice": "spec",
    "assemble": "assemble",
    "cut": "cut",
    "export": "export",
    "film": "film",
    "generate": "generate",
    "load": "load",
    "plan": "plan",
    "render": "workflows.render",
    "review": "review",
}
"""Each public name's module, imported when the name is first used: `--help` stays quick."""

__all__ = [*sorted(_HOMES), "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"storyboard has no {name}")
    return getattr(import_module(f"storyboard.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """Keeps `storyboard.load` the function: importing a module of that name would replace it."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
