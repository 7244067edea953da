"""`storyboard new`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("new")
@click.argument("images", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("film.yaml"),
    show_default=True,
    help="The storyboard to write; one that exists is never overwritten.",
)
def command(*, images: tuple[Path, ...], output: Path) -> None:
    """Write a storyboard from IMAGES: pictures in order, or folders of them.

    Pictures of a folder come in natural order (2 before 10). What is written is commented and
    ready for `storyboard animatic`.
    """
    from storyboard import files, pictures
    from storyboard.cli import screen
    from storyboard.errors import MediaError
    from storyboard.load.storyboard import MAX_STILL_BYTES
    from storyboard.new import commented, pictures_in

    if output.exists():
        raise MediaError(f"{output} is there already; name another with -o")
    found = pictures_in(images)
    shapes = set()
    for picture in found:
        try:
            facts = pictures.inspect(files.read(picture, limit=MAX_STILL_BYTES))
        except ValueError as error:
            raise MediaError(f"{picture}: {error}") from error
        shapes.add(round(facts.width / facts.height, 2))
    text = commented(found, output, same_shape=len(shapes) == 1)
    files.write_whole(output, text.encode())
    screen.out().print(screen.text(f"{output}: {len(found)} keyframes, {len(found) - 1} shots"))
    screen.err().print(screen.text(f"next: storyboard animatic {output}", "dim"))
