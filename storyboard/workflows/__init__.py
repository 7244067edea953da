"""What each command does: from a storyboard to a result, without a terminal. A module a command.

source      the storyboard that is meant: where it is, how it is read, its store, its plan
account     the account at the service, for the length of a command
certificates those of a company, by whatever name
validate    whether a storyboard has mistakes
plan        what a render does, and what it costs
render      from the file to the film: plan, generate, cut, assemble
batch       the same for each row of a table: one plan, one payment
models      the models there are, and whether the service still says so
animatic    the same from drafts
watch       the animatic, again at each save
pick        which take of a shot is in the film
take        one more take of a shot
noting      what people say of takes: read, said, closed
adopt       a clip of one's own in place of a shot's takes
status      how every take stands, and the money
resume      what was sent before, brought home
cancel      what is still queued, given up
resolve     what becomes of a request that only the user can decide about
ledger      what was paid; whether all is there; the books made again
store       whether its takes are whole, what takes how much room, and what may go
doctor      whether this machine, this store and this key are fit to make a film
qc          the film's seams and takes, measured
review      a page of the film, to be looked at from a disk or in a mail
serve       the same page to work with: it follows, and writes what is wished
hand_over   the cut, for an editor's program
take_back   an editor's cut, tried in the storyboard before a byte of it is written
farm        a job for a render farm, and what its tasks do
new         a first storyboard from folders of pictures

and what several of them need:

preflight   what can be known before paying, and is said then
rewriting   edits of the storyboard's file, tried before they are written
media_of    a take's file, and the shot's part of it
moved_keyframes  keyframes within takes that came early or late
retakes     one more take where one is measured broken: how many there are, and buying them
choosing    `pick: best` made a number
judge       what was measured of the takes, kept in their notes
neighbours  takes' seams to those that their neighbours show, kept there as well
conform     what there is of each shot, and the cut made of it
hiring      workers by name, as an executor
foreseen    how long what is bought will take
notifying   telling somebody how it ended
codecs      what a film can be encoded in
film_steps  from a storyboard to its film, step by step: the same of one film and of many
finish      from a timeline to the file that people watch
changed_files  looking at files until one is another
sight       what was seen of files and store, so that a change is known
remarked    what people said of takes, under the names that shots have now
wishes      what a page asks to be written
showing     what a page shows, gathered: the cut, every take, the money, what was said
head_start  encodes pieces of the film while other takes are still to come

A workflow is loaded when it is first used (`workflows.render` loads `render`), and everything that
it needs with it: the one place where anything is loaded late.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storyboard.workflows import adopt as adopt
    from storyboard.workflows import animatic as animatic
    from storyboard.workflows import batch as batch
    from storyboard.workflows import cancel as cancel
    from storyboard.workflows import certificates as certificates
    from storyboard.workflows import choosing as choosing
    from storyboard.workflows import codecs as codecs
    from storyboard.workflows import conform as conform
    from storyboard.workflows import doctor as doctor
    from storyboard.workflows import farm as farm
    from storyboard.workflows import finish as finish
    from storyboard.workflows import foreseen as foreseen
    from storyboard.workflows import hand_over as hand_over
    from storyboard.workflows import hiring as hiring
    from storyboard.workflows import judge as judge
    from storyboard.workflows import ledger as ledger
    from storyboard.workflows import media_of as media_of
    from storyboard.workflows import models as models
    from storyboard.workflows import moved_keyframes as moved_keyframes
    from storyboard.workflows import neighbours as neighbours
    from storyboard.workflows import new as new
    from storyboard.workflows import notifying as notifying
    from storyboard.workflows import noting as noting
    from storyboard.workflows import pick as pick
    from storyboard.workflows import plan as plan
    from storyboard.workflows import qc as qc
    from storyboard.workflows import render as render
    from storyboard.workflows import resolve as resolve
    from storyboard.workflows import resume as resume
    from storyboard.workflows import retakes as retakes
    from storyboard.workflows import review as review
    from storyboard.workflows import rewriting as rewriting
    from storyboard.workflows import serve as serve
    from storyboard.workflows import source as source
    from storyboard.workflows import status as status
    from storyboard.workflows import store as store
    from storyboard.workflows import take as take
    from storyboard.workflows import take_back as take_back
    from storyboard.workflows import validate as validate
    from storyboard.workflows import watch as watch
    from storyboard.workflows import wishes as wishes


def __getattr__(name: str) -> Any:
    try:
        return import_module(f"storyboard.workflows.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"storyboard.workflows.{name}":
            raise
        raise AttributeError(f"there is no workflow {name}") from error
