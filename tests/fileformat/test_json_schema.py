"""The JSON schema: made from the models, and true to what is loaded."""

from __future__ import annotations

import json
import typing
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from storyboard.errors import InvalidStoryboard
from storyboard.fileformat.fields import Part
from storyboard.fileformat.json_schema import schema, schema_text
from storyboard.fileformat.written import Storyboard
from storyboard.loading import reading
from storyboard.loading.load import load, parse
from tests.loading.stills import lay_out

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*/film.yaml"))
BAD = ROOT / "tests" / "loading" / "bad"
VALID = Draft7Validator(schema())


def written(path: Path) -> Any:
    """A storyboard as plain data, read by this format's own rules."""
    return reading.read(path.read_bytes(), file=path.name).root


def test_the_file_is_up_to_date() -> None:
    """`storyboard schema > schemas/storyboard.schema.json` was run after the last change."""
    assert (ROOT / "schemas" / "storyboard.schema.json").read_text() == schema_text()


def test_it_is_a_schema() -> None:
    """It keeps to draft-07."""
    Draft7Validator.check_schema(json.loads(schema_text()))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.parent.name)
def test_an_example(example: Path) -> None:
    """Every example validates, and tells editors where the schema is."""
    line = example.read_text().partition("\n")[0]
    address = line.removeprefix("# yaml-language-server: $schema=")
    assert (example.parent / address).resolve() == ROOT / "schemas" / "storyboard.schema.json"
    assert not list(VALID.iter_errors(written(example)))


@pytest.mark.parametrize("block", [*sorted(schema()["definitions"]), "the storyboard"])
def test_every_field_is_described(block: str) -> None:
    """An editor can show what each field means."""
    found = schema() if block == "the storyboard" else schema()["definitions"][block]
    assert found.get("description")
    for name, field in found.get("properties", {}).items():
        assert len(field.get("description", "")) > 10, name
        assert "$ref" not in field, f"{name}: what stands beside a $ref is not read"


@pytest.mark.parametrize("block", [*sorted(schema()["definitions"]), "the storyboard"])
def test_every_block_refuses_unknown_fields(block: str) -> None:
    """Only the fields there are, notes, and x- keys."""
    found = schema() if block == "the storyboard" else schema()["definitions"][block]
    if found["type"] == "object":
        assert found["additionalProperties"] is False
        assert "notes" in found["properties"]
        assert found["patternProperties"] == {"^x-": {}}


@pytest.mark.parametrize("name", [p.stem for p in sorted(BAD.glob("*.yaml"))])
def test_whatever_the_schema_finds_is_refused(name: str) -> None:
    """An editor underlines nothing that a render would take."""
    try:
        found = written(BAD / f"{name}.yaml")
    except InvalidStoryboard:
        return
    if list(VALID.iter_errors(found)):
        assert (BAD / f"{name}.txt").exists()


def test_every_field_at_once(tmp_path: Path) -> None:
    """A storyboard that uses all there is loads, and validates."""
    path = lay_out(tmp_path) / "film.yaml"
    path.write_bytes((ROOT / "tests" / "loading" / "good" / "everything.yaml").read_bytes())
    board = load(path).board
    assert not list(VALID.iter_errors(written(path)))
    assert used(board) == {name: set() for name in used(board)}


def used(block: Part) -> dict[str, set[str]]:
    """For this block and all inside: the fields that the file does not write."""
    found = {type(block).__name__: set(type(block).model_fields) - block.model_fields_set}
    found[type(block).__name__] -= {"notes", "keyframes"}
    for name in block.model_fields_set:
        inside = getattr(block, name)
        for item in inside if isinstance(inside, (list, tuple)) else [inside]:
            if isinstance(item, Part):
                for kind, unused in used(item).items():
                    found[kind] = found.get(kind, unused) & unused
    return found


def shot(**fields: Any) -> dict[str, Any]:
    """A storyboard with one shot that has these fields."""
    shot = {"prompt": "The ball rolls on", **fields}
    return {"version": 1, "keyframes": [{"image": "a.png", "shot": shot}]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": 2},
        {"version": 1, "titel": "x"},
        {"version": 1, "keyframes": []},
        {"version": 1, "variables": {"a b": 1}},
        {"version": 1, "variables": {"a": [1]}},
        {"version": 1, "size": "16:0"},
        {"version": 1, "fps": "24/0"},
        {"version": 1, "cut": [{"shot": "sh010", "lenght": 1}]},
        shot(tames=2),
        shot(duration="5 beats"),
        shot(duration=0),
        shot(duration="0f"),
    ],
    ids=str,
)
def test_what_an_editor_underlines(wrong: dict[str, Any]) -> None:
    """The schema refuses what loading refuses, where a schema can say it."""
    assert list(VALID.iter_errors(wrong))
    with pytest.raises(InvalidStoryboard):
        parse(json.dumps(wrong).encode(), Path("nowhere/film.yaml"))


def test_a_block_is_a_block_of_the_format() -> None:
    """Every block of the models is in the schema."""
    there = {block.__name__ for block in blocks(Storyboard)}
    assert there - {"Storyboard"} <= set(schema()["definitions"])


def blocks(kind: type[Part]) -> set[type[Part]]:
    """The blocks that a block is made of, itself included."""

    def inside(annotation: Any) -> set[type[Part]]:
        if isinstance(annotation, type) and issubclass(annotation, Part):
            return blocks(annotation)
        return set().union(*(inside(a) for a in typing.get_args(annotation)))

    return {kind}.union(*(inside(f.annotation) for f in kind.model_fields.values()))
