"""The command line: arguments to one library call, and its outcome to an exit code.

0 done                    5 over budget, or not confirmed
1 a bug                   6 the service refused or failed
2 wrong usage             7 film made but incomplete
3 storyboard invalid      8 the store, a file or a film can't be read or written
4 no key, or a bad one    9 a seam has what `--fail-on` names
                        130 interrupted
"""

from __future__ import annotations

import errno
import json
import os
import shlex
import sqlite3
import sys
from contextlib import suppress
from dataclasses import asdict
from difflib import get_close_matches
from importlib import import_module
from keyword import iskeyword
from pathlib import Path

import click

from storyboard import __version__, workflows
from storyboard.cli import advice
from storyboard.errors import Interrupted, InvalidStoryboard, StoryboardError
from storyboard.files import trouble
from storyboard.safe_text import inert

_COMMANDS = {
    "new": "Write a storyboard from a folder of pictures.",
    "validate": "Say every mistake in a storyboard, or that there is none.",
    "plan": "Show what a render does and what it costs. Spends nothing.",
    "models": "Show the models: lengths, sizes, sound, prices. Asks nobody.",
    "animatic": "Make the film from drafts: free, offline.",
    "watch": "Keep the animatic up to date while you write. Never spends.",
    "render": "Make the film. Asks before anything is paid.",
    "batch": "Make a film for each row of a table. Asks before anything is paid.",
    "pick": "Put another take of a shot into the film. Free.",
    "take": "Ask for one more take of a shot. Shows the price, buys nothing.",
    "adopt": "Put a clip of your own into the film in place of a shot's takes. Free.",
    "status": "Show how every take stands, and the money.",
    "resume": "Bring home what was sent before. Buys nothing.",
    "cancel": "Give up what is still queued at the service.",
    "resolve": "Decide about a request that is unknown or lost.",
    "ledger": "Show what was paid, verify the store, rebuild the ledger.",
    "store": "Look after a store: verify its takes, show its sizes, clean it.",
    "doctor": "Check the key, the store, the disk, the encoder, the clock.",
    "qc": "Measure the film's seams and its takes.",
    "review": "Write a page of the film: takes, seams, prices, notes.",
    "serve": "Open that page to work with: pick, order, note. Never pays.",
    "export": "Hand the cut over to an editor's program.",
    "farm": "Write a job for a render farm: draw, encode, join. Never pays.",
    "import": "Bring an edited cut back into the storyboard.",
    "schema": "Print the JSON schema of the file format.",
}
"""Name and what it is for; each is a module of this package, loaded when it is called."""


UNWRITTEN = 8
"""Exit code where what was to be printed could not be."""


class _Commands(click.Group):
    """Loads a command when it is called, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command = import_module(f"storyboard.cli.{module}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named; one that is not there is told from its neighbours."""
        if args[0] not in _COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(_unknown(args[0]), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


def _unknown(name: str) -> str:
    if Path(name).suffix.lower() in (".yaml", ".yml"):
        return f"name a command first: storyboard animatic {shlex.quote(name)}"
    near = get_close_matches(name, _COMMANDS, n=1)
    meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(_COMMANDS)}"
    return f"there is no command {name!r}; {meant}"


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="storyboard")
def group() -> None:
    """From keyframes to a finished film, in one YAML file."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    _adopt_certificates()
    code = run(sys.argv[1:] if arguments is None else arguments)
    try:
        sys.stdout.flush()
    except OSError as error:
        code = _unprinted(error)
    sys.exit(code)


def _adopt_certificates() -> None:
    """A company's certificates, by whatever name other programs know them."""
    if any(os.environ.get(name) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")):
        workflows.certificates.adopt(os.environ)


def run(arguments: list[str]) -> int:
    """Run the command line; gives its exit code."""
    as_json = "--json" in arguments
    advice.forget()
    try:
        code = group.main(arguments, prog_name="storyboard", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130
    except StoryboardError as error:
        _tell(error, as_json=as_json)
        return error.exit_code
    except (OSError, sqlite3.Error) as error:
        return _broken(error, as_json=as_json)


def _broken(error: Exception, *, as_json: bool) -> int:
    """What the system does not let us do is no bug: a full disk, a folder that is not ours."""
    told = trouble(error)
    try:
        _tell(told, as_json=as_json)
    except OSError as silent:
        return _unprinted(silent)
    return told.exit_code


def _unprinted(error: OSError) -> int:
    """Stdout is full, or nobody reads it: said on stderr, and nothing more is printed."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno != errno.EPIPE:
        with suppress(OSError):
            click.echo(f"storyboard: stdout can't be written: {error.strerror}", err=True)
    return UNWRITTEN


def _tell(error: StoryboardError, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"error": _data(error)}, indent=2))
    text = error.drawn() if isinstance(error, InvalidStoryboard) else f"storyboard: {error}"
    click.echo(inert(advice.pasteable(text), lines=True), err=True)


def _data(error: StoryboardError) -> dict[str, object]:
    found: dict[str, object] = {
        "kind": type(error).__name__,
        "message": advice.pasteable(str(error)),
    }
    if isinstance(error, InvalidStoryboard):
        found["mistakes"] = [
            {
                "file": mistake.place.file,
                "line": mistake.place.line,
                "column": mistake.place.column,
                "path": mistake.path,
                "message": advice.pasteable(mistake.message),
            }
            for mistake in error.mistakes
        ]
    if isinstance(error, Interrupted):
        found["going"] = [asdict(one) for one in error.going]
    charged = getattr(error, "charged", None)
    return found | ({"charged": charged.value} if charged else {})
