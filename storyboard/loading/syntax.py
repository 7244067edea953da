"""What was probably meant where a file is not YAML: the parser only sees where it stumbled.

Each finding looks at the lines around that place for one kind of slip, and says it where the slip
is. They are tried in order; what none of them knows is said in the parser's own words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from storyboard.fileformat.written import field_names

KNOWN = field_names()
"""The names of all fields of the format."""

_NAME = r"[A-Za-z_][A-Za-z0-9_-]*"
_PAIR = re.compile(rf"(?P<dashes>(?:- +)*)(?P<name>{_NAME}) *:(?: +(?P<value>.*))?$")
_ITEM = re.compile(r"- +(?P<text>[^\s\"'{\[#|>&*!-][^:]*)$")
_HASH = re.compile(r"(?<=[:,\[{] )(#[^\s,}\]]+)")
_QUOTED = re.compile(
    r""": +(?P<all>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')"""
    r"(?P<rest>[^\s,}\]#].*| +[^\s,}\]#].*)"
)
_FIRST_FIELDS = {"start": "shot", "speed": "shot", "hold": "shot", "transition": "shot"}
"""Of a list's entry, by a field that follows: what its first line names; else it is a picture."""

_SIGNED = (
    "alphabetic or numeric",  # the name of an alias or anchor
    "expected comment or line break",
    "mapping keys are not allowed",
    "block sequence entries are not allowed",
)
"""Parts of the parser's words where a sign at a text's beginning was taken for one of its own."""

_MOST = 2000
"""Characters of a line that are looked at."""


class Slip(NamedTuple):
    """What was probably meant, and where, counted from 1."""

    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the parser stumbled, and over what."""

    lines: list[str]
    line: int
    column: int
    problem: str
    opened: tuple[int, int] | None
    """Where the block or bracket that it was in begins."""

    def near(self) -> Iterator[tuple[int, str]]:
        """The line before it that is not empty, this line, and the one before both."""
        above = [number for number in range(self.line - 1, 0, -1) if _content(self.text(number))]
        for number in [*above[:1], self.line, *above[1:2]]:
            yield number, self.text(number)

    def text(self, number: int) -> str:
        """A line's text."""
        return self.lines[number - 1][:_MOST] if 0 < number <= len(self.lines) else ""


def explain(spot: Spot) -> Slip | None:
    """The slip that made the parser stumble; None where none is known.

    An escape that YAML has not is no slip of the lines around it.
    """
    if "escape" in spot.problem:
        return None
    return next(filter(None, (look(spot) for look in _LOOKS)), None)


def _fence(spot: Spot) -> Slip | None:
    for number, text in enumerate(spot.lines[: spot.line], start=1):
        if text.startswith("```"):
            return Slip(number, 1, "``` belongs to Markdown, not to YAML; remove the line")
    return None


def _tab(spot: Spot) -> Slip | None:
    for number, text in spot.near():
        found = re.match(r"[ -]*\t", text)
        if found and _content(text):
            return Slip(number, found.end(), "a tab; use spaces for indentation")
    return None


def _strange(spot: Spot) -> Slip | None:
    """Spaces and colons that look like those of YAML."""
    for number, text in spot.near():
        found = re.match(rf"[ -]*{_NAME}\s*([：﹕︓])", text)
        if found:
            message = f"{found[1]} is not YAML's colon; write : and a space"
            return Slip(number, found.start(1) + 1, message)
        for place, letter in enumerate(text):
            if letter != " " and unicodedata.category(letter) == "Zs":
                message = f"a space of another kind (U+{ord(letter):04X}); write a plain one"
                return Slip(number, place + 1, message)
    return None


def _comment(spot: Spot) -> Slip | None:
    """A # inside brackets that swallows the rest of its line, and the closing bracket with it."""
    if "expected ','" in spot.problem and spot.opened is not None:
        first = spot.opened[0]
    elif "expected node content" in spot.problem:  # the text ends before the bracket is closed
        first = spot.line - 1
    else:
        return None
    for number in range(first, spot.line + 1):
        found = _HASH.search(spot.text(number))
        if found:
            message = f'# starts a comment; put "{found[1][:40]}" in quotes'
            return Slip(number, found.start() + 1, message)
    return None


def _no_colon(spot: Spot) -> Slip | None:
    """`image k.jpg`, `image:k.jpg`, `fps = 24` and `// a comment`."""
    for number, text in spot.near():
        body = text.lstrip(" -")
        column = len(text) - len(body) + 1
        if body.startswith("//"):
            return Slip(number, column, "a comment starts with #")
        found = re.match(rf"({_NAME})( *= *|:(?! |$)| +|$)(.*)", body)
        if found is None or found[1].lower() not in KNOWN or re.search(r": |:$", found[3]):
            continue
        written, value = f"write {found[1]}: {found[3][:40].strip()}".rstrip(), found[2].strip()
        what = {":": "needs a space after its colon", "=": "has = in place of a colon"}
        return Slip(number, column, f"line {number} {what.get(value, 'has no colon')}; {written}")
    return None


def _bare_item(spot: Spot) -> Slip | None:
    """`- k1.jpg` and more of the entry below it."""
    (above, text), *_ = [*spot.near()] if spot.line > 1 else [(0, "")]
    item, below = _ITEM.match(text.strip()), _PAIR.match(spot.text(spot.line).strip())
    if item is None or below is None or below["dashes"]:
        return None
    value, name = item["text"].strip(), _FIRST_FIELDS.get(below["name"], "image")
    if below["name"] in ("at", "duration", "volume"):
        name = "file" if re.search(r"\.\w{2,4}$", value) else "text"
    kind = {"image": "a keyframe", "shot": "a shot of the cut"}.get(name, "an entry")
    message = f"{kind} is `- {name}: {value[:60]}`"
    return Slip(above, len(text) - len(text.lstrip()) + 1, message)


def _quotes(spot: Spot) -> Slip | None:
    """Text that goes on after its quotes are closed."""
    found = _QUOTED.search(spot.text(spot.line))
    if found is None or "expected" not in spot.problem:
        return None
    inside = "write '' for an apostrophe" if found["all"][0] == "'" else 'write \\" for a quote'
    message = f"the quotes end before this; {inside} inside, or put all of the text in quotes"
    return Slip(spot.line, found.start("rest") + 1, message)


def _indentation(spot: Spot) -> Slip | None:
    """A line that stands between the columns of those it could belong to."""
    own = _level(spot.text(spot.line), spot.line)
    if own is None:
        return None
    levels = _open_levels(spot)
    same = [level for level in levels if level.dash == own[0].dash]
    if not same or any(level.column == own[0].column for level in same):
        return None
    like = min(same, key=lambda level: (abs(level.column - own[0].column), -level.column))
    message = (
        f"indentation differs from line {like.line}: {_spaces(own[0].column)} here, "
        f"{like.column} there"
    )
    return Slip(spot.line, own[0].column + 1, message)


class _Level(NamedTuple):
    """Fields, or a list's dashes, that begin at one column."""

    column: int
    line: int
    dash: bool = False


def _open_levels(spot: Spot) -> list[_Level]:
    """What a line could go on with, from the outside in."""
    levels: list[_Level] = []
    for number in range(1, spot.line):
        new = _level(spot.text(number), number)
        if new is None:
            continue
        first = new[0]
        levels = [
            level
            for level in levels
            if level.column < first.column
            or (level.column == first.column and (level.dash == first.dash or not level.dash))
        ]
        known = {(level.column, level.dash) for level in levels}
        levels += [level for level in new if (level.column, level.dash) not in known]
    return levels


def _level(text: str, number: int) -> list[_Level] | None:
    """The levels that a line begins: those of its dashes, and of its field."""
    body = text.strip(" ")
    if not body or body.startswith("#"):
        return None
    column, found = len(text) - len(text.lstrip(" ")), []
    while dash := re.match(r"- +|-$", body):
        found.append(_Level(column, number, dash=True))
        column, body = column + dash.end(), body[dash.end() :]
    if _PAIR.match(body):
        found.append(_Level(column, number))
    return found or None


def _spaces(count: int) -> str:
    return f"{count} space{'s' * (count != 1)}"


def _sign(spot: Spot) -> Slip | None:
    """Text that begins with a sign that means something to YAML."""
    text = spot.text(spot.line)
    if "cannot start any token" in spot.problem:
        column = spot.column - 1
    elif any(words in spot.problem for words in _SIGNED):
        found = re.search(r"(?<=: )[*&>|?-](?= ?\S)", text)
        column = found.start() if found else -1
    else:
        column = -1
    sign = text[column : column + 1] if column >= 0 else ""
    if not sign.strip():
        return None
    return Slip(spot.line, column + 1, f"put text that starts with {sign} in quotes")


def _folded(spot: Spot) -> Slip | None:
    """Text below | or > that is not indented."""
    if "could not find expected ':'" not in spot.problem:
        return None
    for number in range(spot.line - 1, max(spot.line - 4, 0), -1):
        if re.search(r": +[|>][+-]?$", spot.text(number - 1).rstrip()):
            message = f"indent the text further than line {number - 1}, which begins it"
            return Slip(number, 1, message)
    return None


def _bracket(spot: Spot) -> Slip | None:
    """A bracket that is still open lines below."""
    if "expected ','" not in spot.problem or spot.opened is None or spot.opened[0] == spot.line:
        return None
    line, column = spot.opened
    sign = spot.text(line)[column - 1 : column]
    if sign not in ("{", "["):
        return None
    close = "}" if sign == "{" else "]"
    message = (
        f"this {sign} is not closed; write {close} where it ends, and commas between its values"
    )
    return Slip(line, column, message)


def _content(text: str) -> bool:
    return bool(text.strip()) and not text.lstrip().startswith("#")


_LOOKS = (
    *(_fence, _tab, _strange, _comment, _no_colon, _bare_item, _quotes),
    *(_indentation, _sign, _folded, _bracket),
)
