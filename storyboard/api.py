"""The public names, each with its module, which is loaded when the name is first used.

So `storyboard --help` needs none of the heavy packages, and no module hides behind a function.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storyboard import errors as errors
    from storyboard import events as events
    from storyboard.accounting.cleaning import Cleaned as Cleaned
    from storyboard.accounting.exchanging import Exchanged as Exchanged
    from storyboard.accounting.verifying import Damage as Damage
    from storyboard.annotating.notes_file import Said as Said
    from storyboard.annotating.review_note import ReviewNote as ReviewNote
    from storyboard.cutting.cut import Footage as Footage
    from storyboard.cutting.cut import cut as cut
    from storyboard.errors import InvalidStoryboard as InvalidStoryboard
    from storyboard.errors import StoryboardError as StoryboardError
    from storyboard.event_log import EventLog as EventLog
    from storyboard.exporting.package import Exported as Exported
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
    from storyboard.loading.edits import REMOVE as REMOVE
    from storyboard.loading.load import load as load
    from storyboard.models.table import MODELS as MODELS
    from storyboard.planning.planned import Plan as Plan
    from storyboard.planning.planner import plan as plan
    from storyboard.rendering.assembling import assemble as assemble
    from storyboard.rendering.film import film as film
    from storyboard.rendering.moviepy_clip import MoviepyClip as MoviepyClip
    from storyboard.reviewing.judgement import Judgement as Judgement
    from storyboard.reviewing.repeat import repeats as repeats
    from storyboard.reviewing.report import Report as Report
    from storyboard.reviewing.seams import review as review
    from storyboard.store import Store as Store
    from storyboard.timeline import Timeline as Timeline
    from storyboard.units.sizes import Size as Size
    from storyboard.workflows.adopt import Adopted as Adopted
    from storyboard.workflows.adopt import adopt as adopt
    from storyboard.workflows.awaited import render_async as render_async
    from storyboard.workflows.batch import Batch as Batch
    from storyboard.workflows.batch import BatchFilm as BatchFilm
    from storyboard.workflows.batch import BatchPlan as BatchPlan
    from storyboard.workflows.batch import plan_batch as plan_batch
    from storyboard.workflows.batch import render_batch as render_batch
    from storyboard.workflows.conform import conform as conform
    from storyboard.workflows.conform import footage as footage
    from storyboard.workflows.farm import WrittenJob as WrittenJob
    from storyboard.workflows.farm import farm_job as farm_job
    from storyboard.workflows.film_steps import Film as Film
    from storyboard.workflows.finish import Finish as Finish
    from storyboard.workflows.foreseen import expected_wait as expected_wait
    from storyboard.workflows.hand_over import export_cut as export_cut
    from storyboard.workflows.hiring import crew as crew
    from storyboard.workflows.noting import add_note as add_note
    from storyboard.workflows.noting import close_note as close_note
    from storyboard.workflows.noting import notes as notes
    from storyboard.workflows.pick import Pick as Pick
    from storyboard.workflows.pick import pick as pick
    from storyboard.workflows.plan import plan_film as plan_film
    from storyboard.workflows.qc import Measured as Measured
    from storyboard.workflows.qc import qc as qc
    from storyboard.workflows.render import generate as generate
    from storyboard.workflows.render import render as render
    from storyboard.workflows.review import ReviewPage as ReviewPage
    from storyboard.workflows.review import review_document as review_document
    from storyboard.workflows.review import review_page as review_page
    from storyboard.workflows.rewriting import Rewriting as Rewriting
    from storyboard.workflows.rewriting import edit as edit
    from storyboard.workflows.source import StoryboardFile as StoryboardFile
    from storyboard.workflows.status import Standings as Standings
    from storyboard.workflows.status import status as status
    from storyboard.workflows.store import Stock as Stock
    from storyboard.workflows.store import clean as clean
    from storyboard.workflows.store import du as du
    from storyboard.workflows.store import pull as pull
    from storyboard.workflows.store import push as push
    from storyboard.workflows.store import verify as verify
    from storyboard.workflows.take import OneMore as OneMore
    from storyboard.workflows.take import take as take
    from storyboard.workflows.take_back import TakenBack as TakenBack
    from storyboard.workflows.take_back import import_cut as import_cut

HOMES = {
    "Adopted": "workflows.adopt",
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
    "Cleaned": "accounting.cleaning",
    "CutShot": "fileformat.cut_list",
    "Damage": "accounting.verifying",
    "Defaults": "fileformat.written",
    "Effect": "fileformat.sound",
    "Ending": "fileformat.transition",
    "EventLog": "event_log",
    "Exchanged": "accounting.exchanging",
    "Exported": "exporting.package",
    "Fal": "fal",
    "Film": "workflows.film_steps",
    "Finish": "workflows.finish",
    "Footage": "cutting.cut",
    "Generated": "generating.generate",
    "InvalidStoryboard": "errors",
    "Judgement": "reviewing.judgement",
    "Keyframe": "fileformat.written",
    "MODELS": "models.table",
    "Measured": "workflows.qc",
    "MoviepyClip": "rendering.moviepy_clip",
    "Music": "fileformat.sound",
    "OneMore": "workflows.take",
    "OwnModel": "fileformat.own_models",
    "OwnOption": "fileformat.own_models",
    "OwnPrice": "fileformat.own_models",
    "OwnSound": "fileformat.sound",
    "Pace": "generating.backoff",
    "Pick": "workflows.pick",
    "Plan": "planning.planned",
    "REMOVE": "loading.edits",
    "Report": "reviewing.report",
    "ReviewNote": "annotating.review_note",
    "ReviewPage": "workflows.review",
    "Rewriting": "workflows.rewriting",
    "Run": "generating.terms",
    "Said": "annotating.notes_file",
    "Scene": "fileformat.written",
    "Seam": "fileformat.written",
    "Shot": "fileformat.written",
    "Size": "units.sizes",
    "Standings": "workflows.status",
    "Stock": "workflows.store",
    "Stop": "generating.scheduler",
    "Store": "store",
    "Storyboard": "fileformat.written",
    "StoryboardError": "errors",
    "StoryboardFile": "workflows.source",
    "Take": "fileformat.written",
    "TakenBack": "workflows.take_back",
    "Timeline": "timeline",
    "Title": "fileformat.words",
    "Transition": "fileformat.transition",
    "Trim": "fileformat.written",
    "Version": "fileformat.framing",
    "Voice": "fileformat.sound",
    "WrittenJob": "workflows.farm",
    "add_note": "workflows.noting",
    "adopt": "workflows.adopt",
    "assemble": "rendering.assembling",
    "clean": "workflows.store",
    "close_note": "workflows.noting",
    "conform": "workflows.conform",
    "crew": "workflows.hiring",
    "cut": "cutting.cut",
    "du": "workflows.store",
    "edit": "workflows.rewriting",
    "errors": "errors",
    "events": "events",
    "expected_wait": "workflows.foreseen",
    "export": "exporting.package",
    "export_cut": "workflows.hand_over",
    "farm_job": "workflows.farm",
    "film": "rendering.film",
    "footage": "workflows.conform",
    "generate": "workflows.render",
    "import_cut": "workflows.take_back",
    "load": "loading.load",
    "notes": "workflows.noting",
    "pick": "workflows.pick",
    "plan": "planning.planner",
    "plan_batch": "workflows.batch",
    "plan_film": "workflows.plan",
    "pull": "workflows.store",
    "push": "workflows.store",
    "qc": "workflows.qc",
    "render": "workflows.render",
    "render_async": "workflows.awaited",
    "render_batch": "workflows.batch",
    "repeats": "reviewing.repeat",
    "review": "reviewing.seams",
    "review_document": "workflows.review",
    "review_page": "workflows.review",
    "status": "workflows.status",
    "take": "workflows.take",
    "verify": "workflows.store",
}


def found(name: str) -> Any:
    """What a public name stands for; AttributeError where it is none."""
    if name not in HOMES:
        raise AttributeError(f"storyboard has no {name}")
    home = import_module(f"storyboard.{HOMES[name]}")
    return home if HOMES[name] == name else getattr(home, name)
