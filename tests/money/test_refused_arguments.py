"""A refusal that names any argument of any model comes home to the storyboard's line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from storyboard.errors import Charged
from storyboard.models.choices import NumberOption, Option, Setting
from storyboard.models.request import Request
from storyboard.models.row import ModelRow
from storyboard.models.table import MODELS
from storyboard.testing import FakeService, Fault, acts
from storyboard.testing.acts import Act, Proceed
from storyboard.testing.visits import Visit
from storyboard.testing.wire import Reply
from tests.boards import still
from tests.money.runs import Set
from tests.money.test_every_model import SOLD, WIDE

WHY = "Input should be something else"


@dataclass(frozen=True, slots=True)
class Asked:
    """One argument of a request, the line that it stands on, and what has to be said besides."""

    name: str
    line: str
    said: str = ""


def settings(row: ModelRow) -> dict[str, Setting]:
    """A value for every option that is sent."""
    found: dict[str, Setting] = {}
    for name, option in row.options.items():
        sized = row.frame_size is not None and name == "resolution"
        if isinstance(option, Option) and (option.argument or sized):
            found[name] = option.choices[0] if option.default is None else option.default
        elif isinstance(option, NumberOption):
            found[name] = 1
        elif option.argument:
            found[name] = "snow"
    return found


def scene(row: ModelRow, number: int) -> str:
    """A scene in which every field has a line of its own; its words are its own."""
    lines = [f"  - id: number{number}", "    keyframes:"]
    length = row.lengths_with(settings(row)).offered[0]
    for shot in range(min(row.covers, 2)):
        lines += [
            f"      - image: {shot}.png",
            "        shot:",
            f"          prompt: On {number} to {shot}",
            f"          duration: {length}",
        ]
    lines.append(f"      - image: {min(row.covers, 2)}.png")
    return "\n".join(lines) + "\n"


def board(folder: Path, row: ModelRow, scenes: int, *, chosen: bool = True) -> Path:
    """So many scenes by a model, with all its options, or with none."""
    for number in range(3):
        still(folder / f"{number}.png", number, size=WIDE)
    options = [f"  {name}: {str(value).lower()}\n" for name, value in settings(row).items()]
    head = f"version: 1\nsize: 480x320\nmodel: {row.alias}\n"
    head += "".join(["options:\n", *options]) if options and chosen else ""
    path = folder / "film.yaml"
    path.write_text(f"{head}scenes:\n" + "".join(scene(row, n) for n in range(scenes)))
    return path


def named(value: object, name: str) -> Iterator[str]:
    """The argument, and all that is in it."""
    yield name
    inner: Iterator[tuple[object, object]] = iter(())
    if isinstance(value, Mapping):
        inner = iter(value.items())
    elif isinstance(value, list):
        inner = iter(enumerate(value))
    for step, part in inner:
        yield from named(part, f"{name}.{step}")


def arguments(row: ModelRow, request: Request) -> Iterator[Asked]:
    """Everything that is sent, and a part of each; then something that is not."""
    sent = request.filled(dict.fromkeys(request.pictures, "https://v3.fal.media/a.png"))
    for top, value in sent.items():
        for name in named(value, top):
            yield home(row, request, name, value)
    yield Asked("style_code", f"model: {row.alias}", f"`storyboard models check {row.alias}` tells")


def home(row: ModelRow, request: Request, name: str, value: object) -> Asked:
    """Where an argument stands, by the row's own names for its arguments."""
    top, _, below = name.partition(".")
    shot, _, field = below.partition(".")
    if top == "transitions":
        field = field or ("prompt" if shot else "duration")
        word = f"to {shot or 0}" if field == "prompt" else "duration: "
        return Asked(name, word)
    if top in ("keyframes", "keyframe_indexes", "image_urls"):
        return Asked(name, f"image: {shot or 0}.png")
    if name in request.pictures:
        return Asked(name, f"image: {request.pictures[name].still.name}")
    if top == row.prompt:
        return Asked(name, "to 0", "say together" if row.covers > 1 else "")
    if top == row.lengths.argument:
        return Asked(name, "duration: ")
    if row.shapes and top == row.shapes.argument:
        return Asked(name, "image: 0.png", f'{top} "{value}" is the shape of {row.alias}\'s')
    if row.frame_size and top == row.frame_size.argument:
        return Asked(name, "resolution: ")
    if top in row.fixed:
        return Asked(name, f"model: {row.alias}", f"every request of {row.alias} has {top} ")
    (option,) = (name for name, own in row.options.items() if own.argument == top)
    return Asked(name, f"{option}: ")


def refusing(wanted: list[Asked], *, later: bool) -> Act:
    """Each request is refused by the argument whose turn it is, as its words tell."""

    def act(visit: Visit, proceed: Proceed) -> Reply:
        sent = visit.request.json
        words = sent.get("prompt") or sent["transitions"][0]["prompt"]
        steps: list[Any] = wanted[int(words.split()[1])].name.split(".")
        loc = ["body", *(int(step) if step.isdigit() else step for step in steps)]
        detail = [{"loc": loc, "msg": WHY, "type": "value_error"}]
        how = acts.fail(422, detail) if later else acts.answer(422, {"detail": detail})
        return how(visit, proceed)

    return act


@pytest.mark.parametrize("row", SOLD, ids=[row.alias for row in SOLD])
def test_a_refusal_of_any_argument_is_shown_at_its_line(
    tmp_path: Path, service: FakeService, row: ModelRow
) -> None:
    """In the first run, and in the next one, which sends nothing; what no line says is told."""
    # Given a request for each argument that this model is sent, and one for one that it is not
    (one,) = Set(board(tmp_path, row, 1), service, tmp_path).plan().purchases
    wanted = list(arguments(row, one.request))
    made = Set(board(tmp_path, row, len(wanted)), service, tmp_path / ".storyboard")
    # When the service refuses each because of that argument
    service.inject(Fault("submit", refusing(wanted, later=False), times=None))
    failures = made.render(accept=[row.alias]).failures
    # Then each is shown at its line, and costs nothing
    found = {told.shot: told for told in failures}
    for asked, first in zip(wanted, firsts(made), strict=True):
        told = found[first]
        assert asked.line in told.place.text, (asked, told.place.text)
        assert f"{asked.name}: {WHY}" in str(told.error)
        assert asked.said in str(told.error)
        assert ("; " in str(told.error)) is bool(asked.said)
        assert told.charged is Charged.NO
    # And so it is by the next run, which asks nobody
    again = {told.shot: told.place for told in made.render(accept=[row.alias]).failures}
    assert again == {shot: told.place for shot, told in found.items()}
    assert len(service.requests(place="submit")) == len(wanted)


def firsts(made: Set) -> list[str]:
    """The first shot of each scene."""
    return [scene.shots[0].id for scene in made.plan().scenes]


@pytest.mark.parametrize("alias", ["wan-3", "seedance-1.5-pro", "pikaframes"])
def test_a_default_that_is_refused_says_whose_it_is(
    tmp_path: Path, service: FakeService, alias: str
) -> None:
    """It is shown at the shot, since no line says it. A runner has worked on it: it may cost."""
    row = MODELS.find(alias)
    assert isinstance(row, ModelRow)
    sent = {own.argument: own.default for own in row.options.values() if own.default is not None}
    wanted = [Asked(name, "prompt: ") for name in sent if name]
    made = Set(board(tmp_path, row, len(wanted), chosen=False), service, tmp_path / ".storyboard")
    service.inject(Fault("submit", refusing(wanted, later=True), times=None))
    found = {told.shot: told for told in made.render().failures}
    for asked, first in zip(wanted, firsts(made), strict=True):
        value = json.dumps(sent[asked.name])
        words = (
            f"{asked.name} {value} is what {alias} is asked for where `options` say nothing else"
        )
        assert words in str(found[first].error)
        assert asked.line in found[first].place.text
        assert found[first].charged is Charged.POSSIBLY
