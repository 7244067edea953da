"""From keyframes to a finished film, in one YAML file.

    import storyboard

    film = storyboard.render("film.yaml", draft=True)            # free, offline
    film = storyboard.render("film.yaml", max_cost="$2.00")      # paid: two dollars at most

Each stage can be used alone; data flows one way:

    board = storyboard.load("film.yaml")                         # checked, or every mistake
    store = storyboard.Store(".storyboard")                      # takes, and what they cost
    plan = storyboard.plan(board, held=store.held())             # pure: keys and prices
    takes = storyboard.generate(plan, store, max_cost="$2.00")   # reuse, pick up, buy
    timeline = storyboard.conform(plan, store)                   # the cut, in whole frames
    clip = storyboard.film(timeline)                             # a moviepy clip to go on with
    storyboard.assemble(timeline, "cut.mp4", cache=store.segments)  # or the finished file
    storyboard.export(timeline, "cut/", formats=["resolve"])     # or what an editor opens
    report = storyboard.review(timeline)                         # its seams, measured

    footage = storyboard.footage(plan, store)                    # `conform`, in two steps
    timeline = storyboard.cut(plan, footage, repeats=storyboard.repeats)

A storyboard can be made in code, and written down:

    made = storyboard.Storyboard(
        keyframes=[
            storyboard.Keyframe("a.png", shot=storyboard.Shot("The fox runs on", duration=3)),
            storyboard.Keyframe("b.png"),
        ]
    )
    film = storyboard.render(storyboard.load(made, base="frames/"), draft=True)
    made.write("frames/fox.yaml")

`await storyboard.render_async(...)` is `render` for `asyncio`. `storyboard.errors` is the tree of
what can go wrong, `storyboard.events` what a listener hears, and the package `storyboard.testing` a
fake service for your own tests; docs/api.md lists it all. Nothing in the library prints.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from storyboard import errors as errors
    from storyboard import events as events
    from storyboard.cutting.cut import Footage as Footage
    from storyboard.cutting.cut import cut as cut
    from storyboard.errors import InvalidStoryboard as InvalidStoryboard
    from storyboard.errors import StoryboardError as StoryboardError
    from storyboard.exporting.package import export as export
    from storyboard.fal import Fal as Fal
    from storyboard.fileformat.cut_list import CutShot as CutShot
    from storyboard.fileformat.sound import Audio as Audio
    from storyboard.fileformat.sound import Music as Music
    from storyboard.fileformat.sound import OwnSound as OwnSound
    from storyboard.fileformat.sound import Voice as Voice
    from storyboard.fileformat.transition import Transition as Transition
    from storyboard.fileformat.words import Caption as Caption
    from storyboard.fileformat.words import Title as Title
    from storyboard.fileformat.written import Defaults as Defaults
    from storyboard.fileformat.written import Keyframe as Keyframe
    from storyboard.fileformat.written import Scene as Scene
    from storyboard.fileformat.written import Seam as Seam
    from storyboard.fileformat.written import Shot as Shot
    from storyboard.fileformat.written import Storyboard as Storyboard
    from storyboard.fileformat.written import Trim as Trim
    from storyboard.generating.backoff import Pace as Pace
    from storyboard.generating.generate import Generated as Generated
    from storyboard.generating.scheduler import Stop as Stop
    from storyboard.generating.terms import Run as Run
    from storyboard.loading.checked import CheckedScene as CheckedScene
    from storyboard.loading.checked import CheckedShot as CheckedShot
    from storyboard.loading.checked import CheckedStoryboard as CheckedStoryboard
    from storyboard.loading.load import load as load
    from storyboard.models import MODELS as MODELS
    from storyboard.planning.plan import plan as plan
    from storyboard.planning.planned import Plan as Plan
    from storyboard.rendering.assembling import assemble as assemble
    from storyboard.rendering.film import film as film
    from storyboard.rendering.moviepy_clip import MoviepyClip as MoviepyClip
    from storyboard.reviewing.repeat import repeats as repeats
    from storyboard.reviewing.report import Report as Report
    from storyboard.reviewing.seams import review as review
    from storyboard.store import Store as Store
    from storyboard.timeline import Timeline as Timeline
    from storyboard.units.sizes import Size as Size
    from storyboard.workflows.awaited import render_async as render_async
    from storyboard.workflows.conform import conform as conform
    from storyboard.workflows.conform import footage as footage
    from storyboard.workflows.finish import Finish as Finish
    from storyboard.workflows.render import Film as Film
    from storyboard.workflows.render import generate as generate
    from storyboard.workflows.render import render as render

_HOMES = {
    "Audio": "fileformat.sound",
    "Caption": "fileformat.words",
    "CheckedScene": "loading.checked",
    "CheckedShot": "loading.checked",
    "CheckedStoryboard": "loading.checked",
    "CutShot": "fileformat.cut_list",
    "Defaults": "fileformat.written",
    "Fal": "fal",
    "Film": "workflows.render",
    "Finish": "workflows.finish",
    "Footage": "cutting.cut",
    "Generated": "generating.generate",
    "InvalidStoryboard": "errors",
    "Keyframe": "fileformat.written",
    "MODELS": "models",
    "MoviepyClip": "rendering.moviepy_clip",
    "Music": "fileformat.sound",
    "OwnSound": "fileformat.sound",
    "Pace": "generating.backoff",
    "Plan": "planning.planned",
    "Report": "reviewing.report",
    "Run": "generating.terms",
    "Scene": "fileformat.written",
    "Seam": "fileformat.written",
    "Shot": "fileformat.written",
    "Size": "units.sizes",
    "Stop": "generating.scheduler",
    "Store": "store",
    "Storyboard": "fileformat.written",
    "StoryboardError": "errors",
    "Timeline": "timeline",
    "Title": "fileformat.words",
    "Transition": "fileformat.transition",
    "Trim": "fileformat.written",
    "Voice": "fileformat.sound",
    "assemble": "rendering.assembling",
    "conform": "workflows.conform",
    "cut": "cutting.cut",
    "errors": "errors",
    "events": "events",
    "export": "exporting.package",
    "film": "rendering.film",
    "footage": "workflows.conform",
    "generate": "workflows.render",
    "load": "loading.load",
    "plan": "planning.plan",
    "render": "workflows.render",
    "render_async": "workflows.awaited",
    "repeats": "reviewing.repeat",
    "review": "reviewing.seams",
}
"""Each public name's module, imported when the name is first used: `--help` stays quick. A name
that its module does not have is the module itself."""

__all__ = [*sorted(_HOMES), "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"storyboard has no {name}")
    home = import_module(f"storyboard.{_HOMES[name]}")
    return getattr(home, name, home)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """Keeps `storyboard.load` the function: importing a module of that name would replace it."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
