"""XML as text: elements in one line each, and only letters that XML may hold."""

from __future__ import annotations

from xml.etree import ElementTree as Tree

from storyboard.safe_text import in_xml

Element = Tree.Element


def element(tag: str, *inside: Element | str | int, **attributes: object) -> Element:
    """An element with its attributes and what is inside: elements, or one text."""
    made = Element(tag, {name: in_xml(str(value)) for name, value in attributes.items()})
    for part in inside:
        if isinstance(part, Element):
            made.append(part)
        else:
            made.text = in_xml(str(part))
    return made


def document(root: Element, *, doctype: str = "") -> str:
    """The whole file, indented; `doctype` is the name after `<!DOCTYPE`."""
    Tree.indent(root)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    kind = f"<!DOCTYPE {doctype}>\n" if doctype else ""
    return head + kind + Tree.tostring(root, encoding="unicode") + "\n"
