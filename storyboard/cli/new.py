"""`storyboard new`."""

from __future__ import annotations

from pathlib import Path

import click

from storyboard import workflows
from storyboard.cli import advice, screen


@click.command("new")
@click.argument("images", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("film.yaml"),
    show_default=True,
    help="The storyboard to write; one that exists is never overwritten.",
)
def command(*, images: tuple[Path, ...], output: Path) -> None:
    """Write a storyboard from IMAGES: pictures in order, or folders of them.

    Pictures of a folder come in natural order (2 before 10), told by their content; what is passed
    over is said. What is written is commented and ready for `storyboard animatic`.
    """
    made = workflows.new.begun(images, output)
    count = len(made.gathered.pictures)
    shots = f"{count - 1} shot{'s' * (count != 2)}"
    screen.out().print(screen.text(f"{output}: {count} keyframes, {shots}"))
    for line in made.gathered.passed:
        screen.err().print(screen.text(f"passed over: {line}", "yellow"))
    advice.remember(file=output)
    screen.err().print(screen.text(f"next: {advice.command('animatic')}", "dim"))
