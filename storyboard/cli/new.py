"""`storyboard new`."""

from __future__ import annotations

from pathlib import Path

import click

from storyboard import workflows
from storyboard.cli import advice, screen
from storyboard.units.timing import counted


@click.command("new")
@click.argument("images", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--from",
    "shots",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A shot list in place of IMAGES: .csv, .storyboarder, or an .otio of stills. Where the "
    "storyboard is there, its prompts and durations become the list's.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("film.yaml"),
    show_default=True,
    help="The storyboard to write; one that exists is never overwritten.",
)
def command(*, images: tuple[Path, ...], shots: Path | None, output: Path) -> None:
    """Write a storyboard from IMAGES: pictures in order, or folders of them.

    Pictures of a folder come in natural order (2 before 10), told by their content; what is passed
    over is said. What is written is commented and ready for `storyboard animatic`.
    """
    if bool(images) == bool(shots):
        raise click.UsageError("name pictures, or a shot list with --from")
    if shots:
        _listed(shots, output)
    else:
        _gathered(images, output)
    advice.remember(file=output)
    screen.err().print(screen.text(f"next: {advice.command('animatic')}", "dim"))


def _gathered(images: tuple[Path, ...], output: Path) -> None:
    made = workflows.new.begun(images, output)
    count = len(made.gathered.pictures)
    shots = f"{count - 1} shot{'s' * (count != 2)}"
    screen.out().print(screen.text(f"{output}: {count} keyframes, {shots}"))
    for line in made.gathered.passed:
        screen.err().print(screen.text(f"passed over: {line}", "yellow"))


def _listed(shots: Path, output: Path) -> None:
    made = workflows.new.begun_from(shots, output)
    done = "changed" if made.updated else "written"
    screen.out().print(screen.text(f"{output}: {counted(len(made.shots), 'shot')} {done}"))
    for line in made.notes:
        screen.err().print(screen.text(line, "yellow"))
