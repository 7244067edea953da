"""The plan as a table that a stranger can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from storyboard import workflows
from storyboard.cli import advice
from storyboard.cli.columns import Column, fitting
from storyboard.cli.screen import text
from storyboard.takes.holding import Standing
from storyboard.units.money import dollars
from storyboard.units.timing import decimal

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from storyboard.planning.planned import Plan, PlannedShot

STYLES = {
    Standing.DONE: "green",
    Standing.DRAW: "cyan",
    Standing.ADOPT: "cyan",
    Standing.FLYING: "cyan",
    Standing.CLAIMED: "cyan",
    Standing.BUY: "yellow",
    Standing.FAILED: "red",
    Standing.REFUSED: "red",
    Standing.UNKNOWN: "bold red",
    Standing.LOST: "bold red",
}


def plan_table(made: Plan, *, width: int) -> RenderableType:
    """The whole plan in so many cells: shots, transitions, notes, and the price."""
    return Group(_heading(made), Text(), _shots(made, width), *_remarks(made), Text(), _price(made))


def _heading(made: Plan) -> Text:
    seconds = decimal(made.frames / made.rate, 2)
    rate = decimal(made.rate)
    own = ", or the takes' own" if made.rate_assumed else ""
    size = "" if made.storyboard.size else " in drafts"
    shots = len(made.shots)
    line = text(made.storyboard.title, "bold")
    line.append(
        f"   {shots} shot{'s' * (shots != 1)}, {seconds} s, "
        f"{made.frames} frames, {made.size}{size} at {rate} frames per second{own}"
    )
    return line


_COLUMNS = (
    Column("shot"),
    Column("from", missed=3, cut=True),
    Column("to", missed=2, cut=True),
    Column("model", missed=4, cut=True),
    Column("bought", missed=5, right=True),
    Column("film", missed=1, right=True),
    Column("frames", missed=6, right=True),
    Column("price", right=True),
    Column("state"),
)


def _shots(made: Plan, width: int) -> Table:
    rows: list[list[Text]] = []
    for scene in made.scenes:
        if len(made.scenes) > 1:
            rows.append([_scene_line(made, scene.scene.id, scene), *[Text()] * 8])
        rows += [list(_row(made, shot)) for shot in scene.shots]
    return fitting(_COLUMNS, rows, width)


def _scene_line(made: Plan, name: str, scene: object) -> Text:
    planned = next(s for s in made.scenes if s is scene)
    length, lost = workflows.plan.transition_frames(planned.scene, made.rate)
    line = text(name, "bold")
    if (card := planned.scene.card) is not None:
        line.append(f" card {decimal(card.asked(made.rate) / made.rate, 2)} s", style="dim")
    if length:
        kind = planned.scene.transition.type
        line.append(f" {kind} {length}f" + (f" (-{lost}f)" if lost else ""), style="dim")
    return line


def _row(made: Plan, shot: PlannedShot) -> Iterator[Text]:
    frames = made.shown(shot)
    wanted = shot in made.wanted or shot in made.along
    yield text(shot.id)
    yield text(shot.shot.start.still.id)
    yield text(shot.shot.end.still.id if shot.shot.end else "(open)")
    yield text(f"{shot.model.alias}{' ?' if shot.model.doubt else ''}")
    yield text(f"{decimal(shot.sold)} s")
    yield text(f"{decimal(frames / made.rate, 2)} s" if frames else "-")
    yield text(frames or "-")
    yield text(dollars(shot.price_microusd) if shot.price and wanted else "-")
    yield _states(shot) if wanted else text("left out", "dim")


def _states(shot: PlannedShot) -> Text:
    line = Text()
    for i, take in enumerate(shot.takes):
        if i:
            line.append(", ")
        name = f"take {take.number} " if len(shot.takes) > 1 and take.number else ""
        name += f"({take.model.alias}) " if _several(shot) else ""
        state = take.shared or take.state
        line.append(name + state, style=STYLES[take.standing])
    return line


def _several(shot: PlannedShot) -> bool:
    """Whether its takes are made by several models."""
    return len({take.model.alias for take in shot.takes}) > 1


def _remarks(made: Plan) -> Iterator[Text]:
    for shot in made.shots:
        for trouble in _troubles(shot):
            yield text(f"{shot.id}: {trouble}", "red")
        for note in [*([shot.renewed] if shot.renewed else []), *shot.notes]:
            yield text(f"{shot.id}: {note}", "dim")
    for one in workflows.plan.shared(made):
        yield from (text(line, "dim") for line in one.in_words)
    for words in made.about_models:
        style = "yellow" if words.partition(": ")[0] in made.doubts else "dim"
        yield text(advice.pasteable(words), style)
    for prepared in made.pictures:
        if prepared.notes:
            yield text(f"{prepared.still.name}: {'; '.join(prepared.notes)}", "dim")
    for line in workflows.plan.versions(made):
        yield text(line, "dim")
    for warning in made.storyboard.warnings:
        yield text(f"only for drafts: {warning}", "yellow")


def _troubles(shot: PlannedShot) -> Iterator[str]:
    """What came of takes that came to nothing, and what can be done."""
    for take in shot.takes:
        name = f"take {take.number}: " if len(shot.takes) > 1 else ""
        if take.standing is Standing.REFUSED and not take.buys:
            reason = take.holding.detail.rstrip(".")
            yield f"{name}{reason}. Not sent again; {workflows.plan.AFTER_REFUSAL}"
        elif take.standing in (Standing.FAILED, Standing.REFUSED) and take.holding.detail:
            yield f"{name}{take.holding.detail}"


def _price(made: Plan) -> Text:
    line = Text("to pay now: ")
    line.append(dollars(made.price_microusd), style="bold yellow" if made.price else "bold green")
    if made.most_microusd > made.price_microusd:
        retakes = dollars(made.most_microusd - made.price_microusd)
        line.append(f", at most {dollars(made.most_microusd)} with retakes ({retakes})")
    budget = made.storyboard.budget
    if budget is not None and made.price:
        line.append(f" of a budget of {dollars(budget)}")
    return line
