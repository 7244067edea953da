"""`storyboard resolve`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storyboard.cli.options import FILE, JSON, STORE

if TYPE_CHECKING:
    from pathlib import Path


@click.command("resolve")
@FILE
@click.argument("shot")
@click.option("--take", type=click.IntRange(1), help="This take alone. Default: all that need it.")
@click.option("--resubmit", "decision", flag_value="resubmit", help="Allow another payment for it.")
@click.option("--abandon", "decision", flag_value="abandon", help="Give it up, and never buy it.")
@STORE
@JSON
def command(
    *,
    file: Path,
    shot: str,
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
