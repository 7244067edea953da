"""A row beside the schema that the service publishes of its endpoint: what differs, in words.

fal.ai publishes an OpenAPI document for each endpoint. Its `$ref`s are followed, and its names are
not relied on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from storyboard.models.choices import NumberOption, Option, TextOption, same

if TYPE_CHECKING:
    from storyboard.models.choices import Choosable
    from storyboard.models.row import ModelRow

_GONE = ("deprecated", "ignored")
"""Words in an argument's description that say that it has no effect."""


def differences(row: ModelRow, document: Mapping[str, Any]) -> list[str]:
    """What the service says now of the row's endpoint, and the row does not.

    ValueError where the document is not the schema of an endpoint.
    """
    body = _input(document)
    known: Mapping[str, Mapping[str, Any]] = {
        name: _resolved(document, part) for name, part in body.get("properties", {}).items()
    }
    sent = _sent(row)
    found = [f"{name} is not an argument any more" for name in sent if name not in known]
    required = body.get("required", [])
    found += [f"{name} is required, and not sent" for name in required if name not in sent]
    found += _stills(row, known)
    found += _prompt(row, known)
    found += _length(row, known)
    for option in row.options.values():
        found += _option(option, known.get(option.argument, {}))
    if row.shapes:
        found += _gone(row.shapes.argument, list(row.shapes.offered), known)
    found += _answer(document)
    return found


def _sent(row: ModelRow) -> list[str]:
    """The arguments that it may send."""
    options = [own.argument for own in row.options.values()]
    other = [row.shapes.argument if row.shapes else ""]
    other += [row.frame_size.argument if row.frame_size else ""]
    other += row.further
    names = (row.prompt, row.start, row.end, row.lengths.argument, *options, *row.fixed, *other)
    return list(dict.fromkeys(filter(None, names)))


def _stills(row: ModelRow, known: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    words = str(known.get(row.end, {}).get("description", "")).casefold()
    if any(word in words for word in _GONE):
        yield f"{row.end} has no effect any more: {words[:120]}"
    most = known.get(row.start, {}).get("maxItems")
    if row.covers > 1 and most is not None and most != row.covers + 1:
        yield f"{row.start} takes {most} pictures, and was {row.covers + 1}"


def _prompt(row: ModelRow, known: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    most, counts = known.get(row.prompt, {}).get("maxLength"), row.prompt_counted_in
    if counts == "characters" and most is not None and most < (row.prompt_limit or most + 1):
        yield f"{row.prompt} takes {most} characters"


def _length(row: ModelRow, known: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    name, part = row.lengths.argument, known.get(row.lengths.argument, {})
    written = [row.lengths.written(Fraction(length)) for length in row.lengths.offered]
    if name:
        yield from _misfits(name, written, part)
        if "enum" in part and name == "duration":
            new = [one for one in part["enum"] if one not in (*written, *row.lengths.others)]
            if new:
                yield f"{name} may be {_listed(new)} as well"


def _option(option: Choosable, part: Mapping[str, Any]) -> Iterator[str]:
    if not option.argument or not part:
        return
    if isinstance(option, Option):
        written = [option.written(choice) for choice in option.choices]
        yield from _misfits(option.argument, written, part)
        new = [one for one in part.get("enum", ()) if not any(same(one, own) for own in written)]
        if new:
            yield f"{option.argument} may be {_listed(new)} as well"
        theirs = part.get("default")
        if option.theirs is not None and not same(theirs, option.theirs):
            was = _listed([option.theirs])
            yield f"the default of {option.argument} is {_listed([theirs])} now, and was {was}"
    elif isinstance(option, NumberOption):
        ends = [part.get("minimum", option.least), part.get("maximum", option.most)]
        if ends[0] > option.least or ends[1] < option.most:
            yield f"{option.argument} goes from {ends[0]:g} to {ends[1]:g}"
    elif isinstance(option, TextOption) and part.get("maxLength", option.limit) != option.limit:
        yield f"{option.argument} takes {part['maxLength']} characters"


def _misfits(name: str, written: list[Any], part: Mapping[str, Any]) -> Iterator[str]:
    """Values that would be refused: none of the choices, out of bounds, or of another type."""
    if "enum" in part:
        gone = [one for one in written if not any(same(one, own) for own in part["enum"])]
        if gone:
            yield f"{name} can't be {_listed(gone)} any more; it takes {_listed(part['enum'])}"
        return
    kind = _TYPES.get(str(part.get("type", "")))
    wrong = [one for one in written if kind and not isinstance(one, kind)]
    if wrong:
        yield f"{name} is {part['type']} now, and {_listed(wrong[:1])} is sent"
    numbers = [one for one in written if isinstance(one, (int, float))]
    least, most = part.get("minimum"), part.get("maximum")
    out = [n for n in numbers if (least is not None and n < least) or (most or n) < n]
    if out:
        yield f"{name} can't be {_listed(out)}: it goes from {least} to {most}"


def _gone(name: str, written: list[str], known: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    part = known.get(name, {})
    if "enum" in part:
        yield from _misfits(name, list(written), part)


_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


def _input(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of what is posted."""
    for path, item in _paths(document).items():
        if "/requests/" not in path and isinstance(item, dict) and "post" in item:
            return _resolved(document, _content(item["post"].get("requestBody", {})))
    raise ValueError("it is no schema of an endpoint")


def _answer(document: Mapping[str, Any]) -> Iterator[str]:
    """That the clip is not where it is looked for."""
    for path, item in _paths(document).items():
        if path.rstrip("/").endswith("}") and "get" in item:
            answer = item["get"].get("responses", {}).get("200", {})
            made = _resolved(document, _content(answer))
            video = _resolved(document, made.get("properties", {}).get("video", {}))
            if made and "url" not in video.get("properties", {}):
                yield "its answer has no video.url any more"


def _paths(document: Mapping[str, Any]) -> dict[str, Any]:
    found = document.get("paths")
    if not isinstance(found, dict):
        raise ValueError("it is no schema of an endpoint")
    return found


def _content(part: Mapping[str, Any]) -> Mapping[str, Any]:
    found = part.get("content", {}).get("application/json", {}).get("schema", {})
    return found if isinstance(found, dict) else {}


def _resolved(document: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    """A part with its references followed; of a choice with nothing, the other one."""
    for _ in range(8):
        if "$ref" in part:
            found: Any = document
            for step in str(part["$ref"]).removeprefix("#/").split("/"):
                found = found.get(step, {})
            part = found
        elif "anyOf" in part:
            inner = [one for one in part["anyOf"] if one.get("type") != "null"]
            beside = {name: value for name, value in part.items() if name != "anyOf"}
            if len(inner) != 1:
                return beside
            part = {**inner[0], **beside}
        elif len(part.get("allOf", ())) == 1:
            part = {**part["allOf"][0], **{n: v for n, v in part.items() if n != "allOf"}}
        else:
            break
    return part


def _listed(values: list[Any]) -> str:
    return ", ".join(f'"{one}"' if isinstance(one, str) else str(one) for one in values)
