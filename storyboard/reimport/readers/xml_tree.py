"""XML of strangers as a tree: nothing is fetched, no entity is made, and depth is bounded."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING
from xml.etree.ElementTree import TreeBuilder
from xml.parsers import expat

from storyboard.reimport.sequence import Unclear
from storyboard.safe_text import in_message

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DEEPEST = 100
_LARGEST = 10**12


def parsed(data: bytes) -> Element:
    """The outermost element; Unclear where it is no XML, or makes entities of its own."""
    builder, parser = TreeBuilder(), expat.ParserCreate()
    depth = 0

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise Unclear("it is nested too deeply to be a sequence")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def refuse(*_said: object) -> None:
        raise Unclear("it declares entities, which no sequence needs; save it again")

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = parser.UnparsedEntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = parser.SkippedEntityHandler = refuse  # type: ignore[assignment]
    try:
        parser.Parse(data, True)  # noqa: FBT003  expat's own way to say the end
        return builder.close()
    except (expat.ExpatError, ValueError, LookupError) as cause:
        raise Unclear(f"it is damaged, or breaks off ({cause}); save the sequence again") from cause


def text(holder: Element, path: str) -> str:
    """The text of the element at a path; empty where there is none."""
    return (holder.findtext(path) or "").strip()


def titled(element: Element) -> str:
    """What an element is called, for a sentence."""
    return in_message(element.get("name") or text(element, "name") or element.tag)


def number(written: str, owner: str) -> Fraction:
    """A number as it is written: `24`, `-1.5`, `1001/24000`; Unclear where it is none."""
    try:
        found = Fraction(written.strip())
    except (ValueError, ZeroDivisionError, OverflowError) as cause:
        raise Unclear(f"{owner}: {in_message(written)} is no number") from cause
    if not -_LARGEST <= found <= _LARGEST:
        raise Unclear(f"{owner}: {in_message(written)} can't be")
    return found


def children(holder: Element, *tags: str) -> Iterator[Element]:
    """The elements right inside of one that have one of these names."""
    return (child for child in holder if child.tag in tags)
