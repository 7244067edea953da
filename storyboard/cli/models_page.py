"""The models as the README's table, made from the rows: `python -m storyboard.cli.models_page`
writes it there, between its two marks."""

from __future__ import annotations

from pathlib import Path

from storyboard.models.facts import is_doubtful, price_of, sizes_of, sound_of
from storyboard.models.table import MODELS

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- models -->\n", "<!-- end -->\n"
COLUMNS = ("model", "lengths", "sizes, the usual one first", "sound", "5 s")
HEAD = f"| {' | '.join(COLUMNS)} |\n{'| --- ' * len(COLUMNS)}|\n"


def table() -> str:
    """The table as Markdown; a `?` marks what is not established."""
    return HEAD + "".join(_row(alias) for alias in MODELS)


def _row(alias: str) -> str:
    model = MODELS[alias]
    doubt = " ?" if is_doubtful(model) else ""
    lengths = str(model.lengths).removesuffix(", whole seconds")
    cells = (f"`{alias}`{doubt}", lengths, sizes_of(model) or "-", sound_of(model), price_of(model))
    return f"| {' | '.join(map(str, cells))} |\n"


def put(text: str) -> str:
    """A text with the table of today between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table()}{END}{after}"


if __name__ == "__main__":
    README.write_text(put(README.read_text("utf-8")), "utf-8")
