"""`storyboard models`: all of them, one of them, and what the service says of them now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.columns import Column, fitting
from storyboard.cli.options import JSON
from storyboard.cli.screen import text

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from storyboard.models.model import Model

DIFFERENT = 9
"""Exit code where a row is not what the service says any more."""

_COLUMNS = (
    Column("model"),
    Column("lengths", missed=2, cut=True),
    Column("sizes", missed=4, cut=True),
    Column("sound", missed=3),
    Column("end frame", missed=5),
    Column("5 s cost", right=True),
    Column("seen", missed=1),
)


@click.group("models", invoke_without_command=True)
@JSON
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> None:
    """Show the models: lengths, sizes, sound, end frame, and what five seconds cost.

    Prices are those of a take without any options; a `?` marks a model whose life or price is not
    established, which `models show` explains. Asks nobody, and needs no key.
    """
    if context.invoked_subcommand is not None:
        return
    found = workflows.models.all_of_them()
    if as_json:
        screen.data([workflows.models.as_data(model) for model in found])
    else:
        out = screen.out()
        out.print(_table(found, out.width))


def _table(found: Sequence[Model], width: int) -> Table:
    return fitting(_COLUMNS, [list(_row(model)) for model in found], width)


def _row(model: Model) -> Iterator[Text]:
    doubtful = workflows.models.is_doubtful(model)
    yield text(f"{model.alias}{' ?' if doubtful else ''}", "yellow" if doubtful else "")
    yield text(str(model.lengths).removesuffix(", whole seconds"))
    yield text(workflows.models.sizes_of(model) or "-")
    yield text(workflows.models.sound_of(model))
    yield text(workflows.models.end_frame_of(model))
    yield text(str(workflows.models.price_of(model)))
    yield text(workflows.models.evidence_of(model).get("read_on", "-"), "dim")


@command.command("show")
@click.argument("name")
@JSON
def show_command(*, name: str, as_json: bool) -> None:
    """Show everything about one model: options, limits, price, and where it is from."""
    model = workflows.models.found(name)
    if as_json:
        screen.data(workflows.models.as_data(model))
        return
    lines = list(_lines(model))
    wide = max(len(label) for label, _ in lines) + 2
    for label, words in lines:
        line = text(f"{label:{wide}}", "dim")
        line.append_text(text(words, "yellow" if label == "doubt" else ""))
        screen.out().print(line)


def _lines(model: Model) -> Iterator[tuple[str, str]]:
    facts = workflows.models.as_data(model)
    yield "model", model.alias
    yield "endpoint", ", ".join(model.endpoints)
    yield "lengths", str(model.lengths)
    yield "sound", facts["sound"]
    yield "end frame", facts["end_frame"]
    yield "price", f"{facts['price']}; 5 s: {workflows.models.price_of(model)}"
    for name, option in facts["options"].items():
        default = option["default"]
        usual = "" if default is None else f"; usually {_said(default)}"
        if option["argument"]:
            yield f"  {name}", f"{option['takes']}{usual}"
    if facts.get("shapes"):
        yield "shapes", f"{', '.join(facts['shapes'])}: the nearest to the still's is asked for"
    if facts.get("prompt_limit"):
        yield "prompt", f"at most {facts['prompt_limit']} {facts['prompt_counted_in']}"
    if facts.get("arguments"):
        always = ", ".join(f"{n}={_said(v)}" for n, v in facts["arguments"]["always"].items())
        stills = " and ".join(
            filter(None, (facts["arguments"]["start"], facts["arguments"]["end"]))
        )
        yield "stills", f"{stills}, at most {facts['stills']['max_bytes'] // 1_000_000} MB"
        if always:
            yield "always", always
    for note in facts["notes"]:
        yield "note", note
    if not model.tariff.rates:
        yield "doubt", f"its price is not established; {workflows.models.way_out(model.alias)}"
    if model.doubt:
        yield "doubt", f"{model.doubt}; `render` buys it where `--accept {model.alias}` says so"
    evidence = facts["evidence"]
    if evidence:
        yield "seen", f"{evidence['read_on']}: {evidence['source']}"


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@command.command("check")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@JSON
def check_command(*, names: tuple[str, ...], as_json: bool) -> int:
    """Compare rows with the schemas that fal.ai publishes now: all, or those of NAMEs.

    Says which arguments are gone or new, and whose choices or defaults have changed. Needs the
    network and no key, and spends nothing. Leaves with 9 where something differs.
    """
    found = workflows.models.check(names)
    if as_json:
        screen.data(
            [
                {
                    "model": one.alias,
                    "endpoint": one.endpoint,
                    "differences": list(one.differences),
                    "unknown": one.unknown,
                }
                for one in found
            ]
        )
    else:
        for one in found:
            words = "; ".join(one.differences) or one.unknown or "as its row says"
            style = "red" if one.differences else "yellow" if one.unknown else "green"
            line = text(f"{one.alias}: ", "bold")
            line.append_text(text(words, style))
            screen.out().print(line)
    return DIFFERENT if any(one.differences for one in found) else 0
