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

What is done to a file, its takes and its store has the words of the commands:

    storyboard.pick("film.yaml", "sh010", 1)                     # which take is in the film
    storyboard.edit("film.yaml", {("title",): "Fox"})            # comments stay
    storyboard.review_page("film.yaml", "film.html")             # to be looked at
    storyboard.export_cut("film.yaml", "resolve/", formats=["resolve"])  # with notes and all takes

`await storyboard.render_async(...)` is `render` for `asyncio`. `storyboard.errors` is the tree of
what can go wrong, `storyboard.events` what a listener hears, and the package `storyboard.testing` a
fake service for your own tests; docs/api.md lists it all. Nothing in the library prints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyboard import api

if TYPE_CHECKING:
    from storyboard.api import *  # noqa: F403

__version__ = "0.1.0"

__all__ = [*sorted(api.HOMES), "__version__"]


def __getattr__(name: str) -> Any:
    return api.found(name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
