"""The plan as a table that a stranger can read."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from storyboard.cli.screen import text
from storyboard.models import dollars
from storyboard.plan import AFTER_REFUSAL, Plan, PlannedShot, Standing, transition_frames
from storyboard.timing import decimal

STYLES = {
    Standing.DONE: "green",
    Standing.DRAW: "cyan",
    Standing.FLYING: "cyan",
    Standing.BUY: "yellow",
    Standing.FAILED: "red",
    Standing.REFUSED: "red",
    Standing.UNKNOWN: "bold red",
    Standing.LOST: "bold red",
}


def plan_table(made: Plan) -> RenderableType:
    """The whole plan: shots, transitions, notes, and the price."""
    return Group(_heading(made), Text(), _shots(made), *_remarks(made), Text(), _price(made))


def _heading(made: Plan) -> Text:
    seconds = decimal(made.frames / made.rate, 2)
    rate = decimal(made.rate) + (" (or the takes' own)" if made.rate_assumed else "")
    shots = len(made.shots)
    line = text(made.storyboard.title, "bold")
    line.append(
        f"   {shots} shot{'s' * (shots != 1)}, {seconds} s, "
        f"{made.frames} frames at {rate} frames per second"
    )
    return line


def _shots(made: Plan) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("shot", "from", "to", "model"):
        table.add_column(name, overflow="fold")
    for name in ("sold", "film", "frames"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("price", justify="right", no_wrap=True)
    table.add_column("state", no_wrap=True)
    for scene in made.scenes:
        if len(made.scenes) > 1:
            table.add_row(_scene_line(made, scene.scene.id, scene), *[""] * 8)
        for shot in scene.shots:
            table.add_row(*_row(made, shot))
    return table


def _scene_line(made: Plan, name: str, scene: object) -> Text:
    planned = next(s for s in made.scenes if s is scene)
    length, lost = transition_frames(planned.scene, made.rate)
    line = text(name, "bold")
    if length:
        kind = planned.scene.transition.type
        line.append(f" {kind} {length}f" + (f" (-{lost}f)" if lost else ""), style="dim")
    return line


def _row(made: Plan, shot: PlannedShot) -> Iterator[Text]:
    film = decimal(shot.frames / made.rate, 2)
    wanted = made.only is None or shot.id in made.only
    yield text(shot.id)
    yield text(shot.shot.start.still.id)
    yield text(shot.shot.end.still.id if shot.shot.end else "(open)")
    yield text(shot.model.alias)
    yield text(f"{decimal(shot.sold)} s")
    yield text(f"{film} s")
    yield text(shot.frames)
    yield text(dollars(shot.price) if shot.price and wanted else "-")
    yield _states(shot) if wanted else text("left out", "dim")


def _states(shot: PlannedShot) -> Text:
    line = Text()
    for i, take in enumerate(shot.takes):
        if i:
            line.append(", ")
        name = f"take {take.number} " if len(shot.takes) > 1 else ""
        state = f"same as {take.same_as}" if take.same_as else take.standing.value
        line.append(name + state, style=STYLES[take.standing])
    return line


def _remarks(made: Plan) -> Iterator[Text]:
    for shot in made.shots:
        for trouble in _troubles(shot):
            yield text(f"{shot.id}: {trouble}", "red")
        found = [*([shot.renewed] if shot.renewed else []), *shot.notes]
        for remark in found:
            yield text(f"{shot.id}: {remark}", "dim")
    for warning in made.storyboard.warnings:
        yield text(f"only for drafts: {warning}", "yellow")


def _troubles(shot: PlannedShot) -> Iterator[str]:
    """What came of takes that came to nothing, and what can be done."""
    for take in shot.takes:
        name = f"take {take.number}: " if len(shot.takes) > 1 else ""
        if take.standing is Standing.REFUSED and not take.buys:
            yield f"{name}{take.holding.detail}. Not sent again; {AFTER_REFUSAL}"
        elif take.standing in (Standing.FAILED, Standing.REFUSED) and take.holding.detail:
            yield f"{name}{take.holding.detail}"


def _price(made: Plan) -> Text:
    line = Text("to pay now: ")
    line.append(dollars(made.price), style="bold yellow" if made.price else "bold green")
    budget = made.storyboard.board.budget
    if budget is not None and made.price:
        line.append(f" of a budget of {dollars(budget)}")
    return line
