"""The JSON schema of the file format, made from the same models that validate it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from storyboard.fileformat.written import Storyboard

DRAFT = "http://json-schema.org/draft-07/schema#"
FILE = "storyboard.schema.json"
VARIABLE = {"$ref": "#/definitions/variable"}


def schema() -> dict[str, Any]:
    """The schema as plain data: draft-07, for editors and independent validators."""
    made = Storyboard.model_json_schema(ref_template="#/definitions/{model}")
    parts = {name: _tidy(part) for name, part in made.pop("$defs").items()}
    parts["variable"] = {
        "type": "string",
        "pattern": r"\$\{[A-Za-z_][A-Za-z0-9_]*\}",
        "description": "A variable, ${name}, which stands for a value of the right kind.",
    }
    return {
        "$schema": DRAFT,
        "title": "storyboard, version 1",
        **_tidy(made),
        "definitions": dict(sorted(parts.items())),
    }


def schema_file() -> Path | None:
    """The file of the schema that came with this package; None where there is none."""
    inside = Path(__file__).with_name(FILE)
    beside = Path(__file__).parents[2] / "schemas" / FILE  # in a checkout
    return next((path for path in (inside, beside) if path.is_file()), None)


def schema_text() -> str:
    """The schema as the text of `schemas/storyboard.schema.json`."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _tidy(part: dict[str, Any]) -> dict[str, Any]:
    """One block: its fields as an author thinks of them, each of which may be a variable."""
    fields = {name: _field(made) for name, made in part.get("properties", {}).items()}
    plain = {key: value for key, value in part.items() if key not in ("title", "properties")}
    return plain | ({"properties": fields} if fields else {})


def _field(made: dict[str, Any]) -> dict[str, Any]:
    """A field without pydantic's title and without defaults that say nothing.

    What stands beside a `$ref` is not read in draft-07, so a field never is one itself.
    """
    kept = {key: value for key, value in made.items() if key != "title"}
    if not isinstance(kept.get("default"), (str, int, float)):
        kept.pop("default", None)
    about: dict[str, Any] = {}
    for key in ("description", "default"):
        if key in kept:
            about[key] = kept.pop(key)
    choices = kept.get("anyOf", [kept] if kept else [])
    if any(_needs_variable(choice) for choice in choices):
        return {**about, "anyOf": [*choices, VARIABLE]}
    if "$ref" in kept:
        return {**about, "allOf": [kept]}
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    return {**about, **kept}


def _needs_variable(choice: dict[str, Any]) -> bool:
    """Whether a plain value of this kind would keep `${name}` out."""
    if choice.get("type") in ("number", "integer", "boolean"):
        return "const" not in choice
    return choice.get("type") == "string" and bool({"enum", "pattern"} & choice.keys())
