"""`storyboard resolve`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from storyboard import workflows
from storyboard.cli import screen
from storyboard.cli.options import JSON, MEDIA, STORE, log_options, the_storyboard
from storyboard.errors import NotAllowed

if TYPE_CHECKING:
    from storyboard.accounting.resolving import Resolved
    from storyboard.cli.reporting import Reporting


@click.command("resolve")
@click.argument("names", nargs=-1, required=True, metavar="[FILE] SHOT")
@click.option("--take", type=click.IntRange(1), help="This take alone. Default: all that need it.")
@click.option("--resubmit", "decision", flag_value="resubmit", help="Allow another payment for it.")
@click.option("--abandon", "decision", flag_value="abandon", help="Give it up, and never buy it.")
@click.option(
    "--id", "request_id", metavar="ID", help="It is the request with this id: collect that one."
)
@click.option(
    "--clip",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Take this file, downloaded from your account, as the take.",
)
@click.option(
    "--take-over", is_flag=True, help="Another machine is buying it, and is gone: wait no longer."
)
@click.option("--even-so", is_flag=True, help="Decide also where paying twice can't be ruled out.")
@STORE
@MEDIA
@log_options
@JSON
def command(
    *,
    names: tuple[str, ...],
    take: int | None,
    decision: str | None,
    request_id: str | None,
    clip: Path | None,
    take_over: bool,
    even_so: bool,
    store: Path | None,
    media: str | None,
    reporting: Reporting,
    as_json: bool,
) -> int:
    """Decide about a SHOT of FILE whose request is unknown or lost, or does not come.

    It is looked for in the account's history once more. While that can't be asked, or is too
    early to tell, nothing is decided: --even-so is the second yes, to the price and the risk that
    are shown. Nothing is sent: after --resubmit, the next render shows its price and asks.
    """
    reporting.file, shot = _meant(names)
    if [decision, request_id, clip, take_over or None].count(None) != 3:
        raise click.UsageError(
            "say what is to become of it, one of --resubmit, --abandon, --id ID, --clip FILE, "
            "--take-over"
        )
    source = workflows.source.StoryboardFile(reporting.file, store_folder=store, media=media)
    ways = workflows.resolve
    if take_over:
        done = ways.taken_over(source, shot, take=take, even_so=even_so)
    elif clip is not None:
        done = ways.brought(source, shot, clip, take=take)
    elif request_id is not None:
        done = ways.adopted(source, shot, request_id, take=take, even_so=even_so)
    else:
        done = ways.decided(source, shot, str(decision), take=take, even_so=even_so)
    return _said(done, as_json=as_json)


def _said(done: list[Resolved], *, as_json: bool) -> int:
    """Print what was decided; the exit code says whether a second yes is wanted."""
    code = NotAllowed.exit_code if any(one.undecided for one in done) else 0
    if as_json:
        screen.data(
            [
                {
                    "shot": one.shot,
                    "covers": list(one.covers),
                    "take": one.take,
                    "outcome": one.outcome,
                    "request_id": one.request_id or None,
                    "undecided": one.undecided,
                }
                for one in done
            ]
        )
        return code
    for one in done:
        screen.out().print(screen.text(f"{', '.join(one.covers)} take {one.take}: {one.outcome}"))
    return code


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
