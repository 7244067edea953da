"""Printing: results on stdout, progress on stderr, everything from outside shown inert."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.text import Text

from storyboard.cli import prelude
from storyboard.cli.advice import pasteable
from storyboard.safe_text import inert

if TYPE_CHECKING:
    from storyboard.errors import Mistake


def out() -> Console:
    """Where results go. A pipe gets wide lines: nothing is folded there."""
    prelude.end()
    console = Console(highlight=False, markup=False, emoji=False)
    return (
        console
        if console.is_terminal
        else Console(highlight=False, markup=False, emoji=False, width=200)
    )


def err() -> Console:
    """Where progress goes."""
    prelude.end()
    return Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


def text(words: object, style: str = "", *, lines: bool = False) -> Text:
    """Words as they are: no markup, no control characters; line breaks only with `lines`.

    Commands in them are completed, so that they can be pasted.
    """
    return Text(inert(pasteable(str(words)), lines=lines), style=style)


def warn(warnings: Iterable[Mistake]) -> None:
    """Say on stderr what stops nothing, each with its line and a caret."""
    for warning in warnings:
        err().print(text(f"warning: {warning.drawn()}", "yellow", lines=True))


def plain(words: str) -> None:
    """Text on stdout as it is, for people and for programs."""
    prelude.end()
    click.echo(words, nl=not words.endswith("\n"))


def data(found: Any) -> None:
    """Plain data, for programs; in ASCII, so that it does nothing to a terminal either."""
    prelude.end()
    click.echo(json.dumps(found, indent=2))
