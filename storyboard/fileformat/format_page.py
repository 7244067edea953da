"""The reference of the file format, made from the schema: `docs/format.md`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from storyboard.fileformat.json_schema import schema

HEAD = """\
# The file format, version 1

Made from the models that check the file; a test fails when it is stale
(`python -m storyboard.fileformat.format_page > docs/format.md`).

Every block may also have `notes` (anything) and keys that begin with `x-`; other unknown keys are
mistakes. Any value may be a variable, `${name}`.

- Times are seconds (`2.5`, `5s`, `500ms`), frames (`"12f"`), or a clock's (`1:05`, `00:01:05.5`:
  minutes and seconds, hours before them).
- Colours are `"#rrggbb"`, `"#rgb"` or a name of CSS (`red`). A `#` that is not in quotes starts a
  comment.
- Sizes are pixels (`1920x1080`), lines of a 16:9 picture (`720p`, `1080p`, `4k`), or a shape
  (`9:16`, `1:1`, `2.39:1`) whose shorter side gets 1080 pixels.
- Money is US dollars (`5.00`, `$5`).
- Files are named from the storyboard's folder on; `~/` is your home folder.
"""

ORDER = (
    *("Storyboard", "Defaults", "Scene", "Card", "CardWords", "Transition", "Ending"),
    *("Keyframe", "Shot", "Trim", "Caption", "Title", "Version", "Seam", "CutShot"),
    *("Audio", "Music", "Voice", "Effect", "OwnSound"),
    *("OwnModel", "OwnPrice", "OwnOption"),
)
"""Blocks from the outside in; others follow."""

_NAMES = {
    "Storyboard": "The whole file",
    "CutShot": "An entry of cut",
    "Version": "A version",
    "Ending": "The ending",
    "CardWords": "Words on a card",
    "OwnSound": "A take's own sound",
}


def text() -> str:
    """The whole reference as Markdown."""
    made = schema()
    blocks = {"Storyboard": made, **made["definitions"]}
    blocks.pop("variable")
    names = [*ORDER, *(name for name in blocks if name not in ORDER)]
    return "\n".join([HEAD, *(_page(name, blocks[name]) for name in names)])


def _page(name: str, block: dict[str, Any]) -> str:
    title = _NAMES.get(name, name)
    about = " ".join(block["description"].split())
    rows = "\n".join(_rows(block))
    head = "| field | what it takes | meaning |\n| --- | --- | --- |"
    return f"## {title}\n\n{about}\n\n{head}\n{rows}\n"


def _rows(block: dict[str, Any]) -> Iterator[str]:
    needed = block.get("required", [])
    for name, field in block["properties"].items():
        if name == "notes":
            continue
        wanted = "**required**. " if name in needed else ""
        default = f" Default: `{field['default']}`." if "default" in field else ""
        about = " ".join(field["description"].split())
        yield f"| `{name}` | {_kind(field)} | {wanted}{about}{default} |"


def _kind(field: dict[str, Any]) -> str:
    """What may be written, in a few words."""
    parts = field.get("anyOf") or field.get("allOf") or [field]
    choices = [_one(part) for part in parts]
    return ", or ".join(dict.fromkeys(choice for choice in choices if choice)) or "anything"


def _one(made: dict[str, Any]) -> str:
    if "$ref" in made:
        block = made["$ref"].rsplit("/", 1)[1]
        name = _NAMES.get(block, block)
        anchor = name.lower().replace(" ", "-").replace("'", "")
        return "" if block == "variable" else f"[{name}](#{anchor})"
    if "const" in made:
        return f"`{made['const']}`"
    if "enum" in made:
        return " \\| ".join(f"`{word}`" for word in made["enum"])
    if "anyOf" in made:
        return _kind(made)
    if made.get("type") == "array":
        return f"list of {_kind(made['items'])}"
    if isinstance(made.get("type"), list):
        return _kind({"anyOf": [{"type": kind} for kind in made["type"]]})
    return {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "`true` \\| `false`",
        "object": "names and values",
    }.get(made.get("type", ""), "")


if __name__ == "__main__":
    print(text(), end="")
