"""The public names, each with its module, which is loaded when the name is first used.

So `storyboard --help` needs none of the heavy packages, and no module hides behind a function.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storyboard import errors as errors
    from storyboard import events as events
    from storyboard.cutting.cut import Footage as Footage
    from storyboard.cutting.cut import cut as cut
    from storyboard.errors import InvalidStoryboard as InvalidStoryboard
    from storyboard.errors import StoryboardError as StoryboardError
    from storyboard.exporting.package import export as export
    from storyboard.fal import Fal as Fal
    from storyboard.fileformat.card import Card as Card
    from storyboard.fileformat.card import CardWords as CardWords
    from storyboard.fileformat.cut_list import CutShot as CutShot
    from storyboard.fileformat.framing import Version as Version
    from storyboard.fileformat.own_models import OwnModel as OwnModel
    from storyboard.fileformat.own_models import OwnOption as OwnOption
    from storyboard.fileformat.own_models import OwnPrice as OwnPrice
    from storyboard.fileformat.sound import Audio as Audio
    from storyboard.fileformat.sound import Effect as Effect
    from storyboard.fileformat.sound import Music as Music
    from storyboard.fileformat.sound import OwnSound as OwnSound
    from storyboard.fileformat.sound import Voice as Voice
    from storyboard.fileformat.transition import Ending as Ending
    from storyboard.fileformat.transition import Transition as Transition
    from storyboard.fileformat.words import Caption as Caption
    from storyboard.fileformat.words import Title as Title
    from storyboard.fileformat.written import Defaults as Defaults
    from storyboard.fileformat.written import Keyframe as Keyframe
    from storyboard.fileformat.written import Scene as Scene
    from storyboard.fileformat.written import Seam as Seam
    from storyboard.fileformat.written import Shot as Shot
    from storyboard.fileformat.written import Storyboard as Storyboard
    from storyboard.fileformat.written import Take as Take
    from storyboard.fileformat.written import Trim as Trim
    from storyboard.generating.backoff import Pace as Pace
    from storyboard.generating.generate import Generated as Generated
    from storyboard.generating.scheduler import Stop as Stop
    from storyboard.generating.terms import Run as Run
    from storyboard.loading.checked import CheckedScene as CheckedScene
    from storyboard.loading.checked import CheckedShot as CheckedShot
    from storyboard.loading.checked import CheckedStoryboard as CheckedStoryboard
    from storyboard.loading.load import load as load
    from storyboard.models.table import MODELS as MODELS
    from storyboard.planning.planned import Plan as Plan
    from storyboard.planning.planner import plan as plan
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
    from storyboard.workflows.batch import Batch as Batch
    from storyboard.workflows.batch import BatchFilm as BatchFilm
    from storyboard.workflows.batch import BatchPlan as BatchPlan
    from storyboard.workflows.batch import plan_batch as plan_batch
    from storyboard.workflows.batch import render_batch as render_batch
    from storyboard.workflows.conform import conform as conform
    from storyboard.workflows.conform import footage as footage
    from storyboard.workflows.film_steps import Film as Film
    from storyboard.workflows.finish import Finish as Finish
    from storyboard.workflows.hiring import crew as crew
    from storyboard.workflows.render import generate as generate
    from storyboard.workflows.render import render as render

HOMES = {
    "Audio": "fileformat.sound",
    "Batch": "workflows.batch",
    "BatchFilm": "workflows.batch",
    "BatchPlan": "workflows.batch",
    "Caption": "fileformat.words",
    "Card": "fileformat.card",
    "CardWords": "fileformat.card",
    "CheckedScene": "loading.checked",
    "CheckedShot": "loading.checked",
    "CheckedStoryboard": "loading.checked",
    "CutShot": "fileformat.cut_list",
    "Defaults": "fileformat.written",
    "Effect": "fileformat.sound",
    "Ending": "fileformat.transition",
    "Fal": "fal",
    "Film": "workflows.film_steps",
    "Finish": "workflows.finish",
    "Footage": "cutting.cut",
    "Generated": "generating.generate",
    "InvalidStoryboard": "errors",
    "Keyframe": "fileformat.written",
    "MODELS": "models.table",
    "MoviepyClip": "rendering.moviepy_clip",
    "Music": "fileformat.sound",
    "OwnModel": "fileformat.own_models",
    "OwnOption": "fileformat.own_models",
    "OwnPrice": "fileformat.own_models",
    "OwnSound": "fileformat.sound",
    "Pace": "generating.backoff",
    "Plan": "planning.planned",
    "Report": "reviewing.report",
    "Run": "generating.terms",
    "Scene": "fileformat.written",
    "Seam": "fileformat.written",
    "Shot": "fileformat.written",
    "Take": "fileformat.written",
    "Size": "units.sizes",
    "Stop": "generating.scheduler",
    "Store": "store",
    "Storyboard": "fileformat.written",
    "StoryboardError": "errors",
    "Timeline": "timeline",
    "Title": "fileformat.words",
    "Transition": "fileformat.transition",
    "Trim": "fileformat.written",
    "Version": "fileformat.framing",
    "Voice": "fileformat.sound",
    "assemble": "rendering.assembling",
    "conform": "workflows.conform",
    "crew": "workflows.hiring",
    "cut": "cutting.cut",
    "errors": "errors",
    "events": "events",
    "export": "exporting.package",
    "film": "rendering.film",
    "footage": "workflows.conform",
    "generate": "workflows.render",
    "load": "loading.load",
    "plan": "planning.planner",
    "plan_batch": "workflows.batch",
    "render": "workflows.render",
    "render_async": "workflows.awaited",
    "render_batch": "workflows.batch",
    "repeats": "reviewing.repeat",
    "review": "reviewing.seams",
}


def found(name: str) -> Any:
    """What a public name stands for; AttributeError where it is none."""
    if name not in HOMES:
        raise AttributeError(f"storyboard has no {name}")
    home = import_module(f"storyboard.{HOMES[name]}")
    return home if HOMES[name] == name else getattr(home, name)
