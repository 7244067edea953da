"""What docs/editors.md says is proved: each cell names a test, or says that there is none."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "editors.md"
UNPROVED = {"rules", "no"}


def rows(heading: str) -> list[list[str]]:
    """The cells of the table that begins with this heading."""
    table = PAGE.read_text("utf-8").split(f"| {heading} |")[1].split("\n\n")[0]
    lines = table.splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_cell_is_a_test_or_says_that_there_is_none() -> None:
    """No letter without a test, and no test that nothing stands on."""
    cells = [cell for _, *own in rows("program and file") for cell in own]
    assert all(cells)
    said = {word for cell in cells for word in cell.split()} - UNPROVED
    assert said == {letter for letter, _ in rows("test")}
    for cell in cells:
        assert not UNPROVED & {*cell.split()} or cell in UNPROVED


def test_every_test_is_there() -> None:
    """In the file that is named, as a function of that name."""
    for _, place in rows("test"):
        file, name = place.strip("`").split("::")
        assert re.search(rf"^def {name}\(", (HERE / file).read_text("utf-8"), re.M), place
