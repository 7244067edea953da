"""Shot lists: a table, a Storyboarder file or a timeline of stills, as keyframes and shots.

A row goes from its picture to the next row's, or to its own `end image`; after that a new keyframe
begins. `.storyboarder` is what Wonder Unit's Storyboarder saves
(https://github.com/wonderunit/storyboarder): boards in order, their pictures in `images`.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard import files
from storyboard.errors import MediaError
from storyboard.safe_text import in_message, in_spreadsheet
from storyboard.units.timing import Duration
from storyboard.workflows.new.listed_shots import NAME, ListedShot, ShotList
from storyboard.workflows.new.still_timeline import stills

if TYPE_CHECKING:
    from storyboard.loading.checked import CheckedShot, CheckedStoryboard

COLUMNS = ("scene", "shot", "image", "end image", "prompt", "duration", "model", "notes")
_LIMIT = 50_000_000


def listed(path: Path) -> ShotList:
    """The shots of a list; MediaError, with the row, where one can't be."""
    data = files.read(path, limit=_LIMIT)
    kind = path.suffix.lower()
    found = stills(path, data) if kind == ".otio" else ShotList(tuple(_read(path, kind, data)))
    if not found.shots:
        raise MediaError(f"{path} lists no shot")
    for shot in found.shots:
        _check_length(path, shot)
    return found


def _read(path: Path, kind: str, data: bytes) -> Iterator[ListedShot]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise MediaError(f"{path} is not UTF-8; save it as CSV in UTF-8") from cause
    if kind == ".storyboarder":
        return _boards(path, text)
    return (_row(path, number, row) for number, row in enumerate(_rows(path, text), 2))


def _check_length(path: Path, shot: ListedShot) -> None:
    try:
        Duration.parse(shot.duration or 1)
    except ValueError as cause:
        named = shot.shot or shot.image.name
        raise MediaError(f"{path}, {named}: its duration {cause}") from cause


def _rows(path: Path, text: str) -> Iterator[dict[str, str]]:
    """The rows by column; the columns may stand in any order, and be written in any case."""
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    table = csv.DictReader(io.StringIO(text), delimiter=mark)
    names = [" ".join(name.split()).casefold() for name in table.fieldnames or ()]
    if "image" not in names:
        raise MediaError(f"{path} has no column `image`; it takes {', '.join(COLUMNS)}")
    table.fieldnames = names
    for row in table:
        cells = {name: (cell or "").strip() for name, cell in row.items() if isinstance(name, str)}
        if any(cells.values()):
            yield cells


def _row(path: Path, number: int, row: dict[str, str]) -> ListedShot:
    def cell(name: str) -> str:
        text = row.get(name, "")
        return text[1:] if re.match("'[=+@-]", text) else text

    for name in ("shot", "scene"):
        if cell(name) and not NAME.fullmatch(cell(name)):
            raise MediaError(
                f"{path}, row {number}: {in_message(cell(name))} is no name of a {name}; take "
                "letters, digits, _ . and -"
            )
    if not cell("image"):
        raise MediaError(f"{path}, row {number}: it has no image")
    return ListedShot(
        image=path.parent / cell("image"),
        prompt=cell("prompt"),
        shot=cell("shot"),
        scene=cell("scene"),
        end=path.parent / cell("end image") if cell("end image") else None,
        duration=cell("duration"),
        model=cell("model"),
        notes=cell("notes"),
    )


def _boards(path: Path, text: str) -> Iterator[ListedShot]:
    try:
        root = json.loads(text)
        boards = root["boards"]
        usual = root.get("defaultBoardTiming") or 2000
        for board in boards:
            yield _board(path, board, usual)
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise MediaError(f"{path} is no Storyboarder file, or a damaged one") from cause


def _board(path: Path, board: dict[str, Any], usual: float) -> ListedShot:
    """A board; its picture is the flattened one, where Storyboarder kept it."""
    name = Path(str(board["url"])).name
    flat = path.parent / "images" / f"{Path(name).stem}-posterframe.jpg"
    image = flat if flat.is_file() else path.parent / "images" / name
    uid = re.sub(r"[^A-Za-z0-9_.-]", "", str(board.get("uid", "")))
    seconds = float(board.get("duration") or usual) / 1000
    words = [str(board.get(part) or "").strip() for part in ("action", "dialogue")]
    return ListedShot(
        image=image,
        prompt=" ".join(filter(None, words)),
        shot=f"b{uid}" if uid else "",
        duration=f"{seconds:.3f}".rstrip("0").rstrip("."),
        notes=str(board.get("notes") or "").strip(),
    )


def as_csv(board: CheckedStoryboard, folder: Path) -> str:
    """A storyboard's shots as such a table that lies in a folder: pictures are named from there."""
    made = io.StringIO()
    table = csv.writer(made, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for shot in board.shots:
        table.writerow(map(in_spreadsheet, _cells(shot, folder)))
    return made.getvalue()


def _cells(shot: CheckedShot, folder: Path) -> tuple[str, ...]:
    ends = (shot.start, shot.end)
    image, end = (_from(folder, one.still.path) if one else "" for one in ends)
    model = shot.model.alias
    return (shot.scene, shot.id, image, end, shot.prompt, _length(shot.duration), model, "")


def _from(folder: Path, picture: Path) -> str:
    try:
        return Path(os.path.relpath(picture, folder)).as_posix()
    except ValueError:  # on another drive
        return picture.as_posix()


def _length(duration: Duration) -> str:
    """As a storyboard has it: seconds as a number, or frames."""
    return str(duration).removesuffix(" s")
