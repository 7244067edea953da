"""`storyboard resolve`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from storyboard.cli.options import JSON, STORE, the_storyboard


@click.command("resolve")
@click.argument("names", nargs=-1, required=True, metavar="[FILE] SHOT")
@click.option("--take", type=click.IntRange(1), help="This take alone. Default: all that need it.")
@click.option("--resubmit", "decision", flag_value="resubmit", help="Allow another payment for it.")
@click.option("--abandon", "decision", flag_value="abandon", help="Give it up, and never buy it.")
@STORE
@JSON
def command(
    *,
    names: tuple[str, ...],
    take: int | None,
    decision: str | None,
    store: Path | None,
    as_json: bool,
) -> None:
    """Decide about a SHOT of FILE whose request is unknown or lost.

    An unknown request is looked for in the account's history once more, where there is a key,
    and only decided about when it is nowhere. Nothing is sent: after --resubmit, the next render
    shows its price and asks.
    """
    from storyboard.books import Decision, resolve
    from storyboard.cli import screen
    from storyboard.cli.account import account_if_any
    from storyboard.pipeline import store_for

    file, shot = _meant(names)
    if decision is None:
        raise click.UsageError("say what is to become of it: --resubmit or --abandon")
    with account_if_any() as fal:
        done = resolve(store_for(file, store), file, shot, Decision(decision), take=take, fal=fal)
    if as_json:
        screen.data(
            [
                {
                    "shot": one.shot,
                    "take": one.take,
                    "outcome": one.outcome,
                    "request_id": one.request_id or None,
                }
                for one in done
            ]
        )
        return
    for one in done:
        screen.out().print(screen.text(f"{one.shot} take {one.take}: {one.outcome}"))


def _meant(names: tuple[str, ...]) -> tuple[Path, str]:
    """The storyboard and the shot; with one name it is the shot's."""
    *files, shot = names
    if len(files) > 1:
        raise click.UsageError("name a storyboard and one shot")
    if not files and Path(shot).suffix.lower() in (".yaml", ".yml"):
        raise click.UsageError(
            f"name the shot, too; `storyboard status {shlex.quote(shot)}` shows what is undecided"
        )
    return the_storyboard(Path(files[0]) if files else None), shot
