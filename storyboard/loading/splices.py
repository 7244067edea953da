"""One value of a YAML text put in, exchanged or taken out, at the parser's marks.

Everything around it stays as it is, byte for byte. How the text is laid out is told from its
nodes; what is made is only ever proposed: `edits` reads it again before it is taken.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from storyboard.fileformat.findings import part
from storyboard.fileformat.written import Storyboard
from storyboard.fileformat.yaml_text import block_lines, flow
from storyboard.loading.scalars import scalar

if TYPE_CHECKING:
    from storyboard.fileformat.findings import Path

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_BREAK_BEFORE_TEXT = re.compile(rf"(?:{_BREAK.pattern})(?=[^\r\n\x85\u2028\u2029])")
"""Lines that are moved: an empty one has no indentation."""
_STEP = 2
"""Columns by which a new block stands in."""


class _Splice(NamedTuple):
    """A piece of the text, and what comes in its place."""

    start: int
    end: int
    new: str


def put(text: str, path: Path, value: Any) -> Iterator[str]:
    """Texts that may be the one with this value at the path, the most usual first.

    Blocks that are missing on the way are made; a text that stands for a block becomes one.
    """
    page = _Page(text)
    there, holder, node = page.reached(path)
    if len(there) == len(path):
        yield page.with_(page.exchanged(holder, path[-1], node, value))
        yield page.with_(page.exchanged(holder, path[-1], node, value, anew=True))
        return
    step, value = path[len(there)], _nested(path[len(there) + 1 :], value)
    if isinstance(node, yaml.MappingNode):
        names = _order(there)
        if not node.value:
            yield page.with_(page.exchanged(holder, _last(there), node, {step: value}))
        elif node.flow_style:
            yield page.with_(page.flow_entry(node, f"{page.key(step)}: {page.flow(value)}"))
        else:
            yield from map(page.with_, page.block_field(node, str(step), value, names))
    elif isinstance(node, yaml.SequenceNode):
        if not node.value:
            yield page.with_(page.exchanged(holder, _last(there), node, [value]))
        elif node.flow_style:
            yield page.with_(page.flow_entry(node, page.flow(value)))
        else:
            yield page.with_(page.block_entry(node, value))
    elif node.value == "" and not node.style:
        made = [value] if isinstance(step, int) else {step: value}
        yield page.with_(page.exchanged(holder, _last(there), node, made))
    else:
        alone = getattr(part(there, Storyboard), "alone", "")
        yield page.with_(page.opened(holder, _last(there), node, alone, {step: value}))


def taken_out(text: str, path: Path) -> Iterator[str]:
    """Texts that may be the one without what stands at the path."""
    page = _Page(text)
    _, holder, node = page.reached(path)
    entries = len(holder.value)
    if entries == 1:
        _, above, _ = page.reached(path[:-1])
        empty: Any = {} if isinstance(holder, yaml.MappingNode) else []
        yield page.with_(page.exchanged(above, _last(path[:-1]), holder, empty))
    elif holder.flow_style:
        yield page.with_(page.without_flow_entry(holder, path[-1]))
    else:
        yield page.with_(page.without_lines(holder, path[-1], node))


def place(text: str, path: Path) -> tuple[int, int]:
    """Line and column, from 1, of what is nearest to the path."""
    _, _, node = _Page(text).reached(path)
    return node.start_mark.line + 1, node.start_mark.column + 1


def whole(text: str, path: Path) -> Path:
    """The part of the path whose value would have to be written anew by hand."""
    there, _, node = _Page(text).reached(path)
    opened = not isinstance(node, (yaml.MappingNode, yaml.SequenceNode))
    return there if len(there) == len(path) or opened else path[: len(there) + 1]


def _last(path: Path) -> str | int:
    return path[-1] if path else ""


def _nested(steps: Path, value: Any) -> Any:
    for step in reversed(steps):
        value = [value] if isinstance(step, int) else {step: value}
    return value


def _order(path: Path) -> list[str]:
    """The fields of the block at a path, as the format has them in a row."""
    block = part(path, Storyboard)
    return sorted(block.model_fields, key=lambda name: name == "notes") if block else []


@dataclass(frozen=True)
class _Page:
    """A YAML text, and its nodes."""

    text: str

    @property
    def root(self) -> Any:
        """Its outermost node."""
        return yaml.compose(self.text, Loader=_LOADER)

    def reached(self, path: Path) -> tuple[Path, Any, Any]:
        """How far a path leads, the node that holds the last one, and that node."""
        holder, node = None, self.root
        for number, step in enumerate(path):
            inner = _child(node, step)
            if inner is None:
                return path[:number], holder, node
            holder, node = node, inner
        return path, holder, node

    def with_(self, splices: Sequence[_Splice]) -> str:
        """The text with these pieces exchanged."""
        text = self.text
        for start, end, new in sorted(splices, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def key(self, name: str | int) -> str:
        """A field's name as this text would write it."""
        return flow(str(name), quoted=self.is_json)

    def flow(self, value: Any) -> str:
        """A value on one line, as this text would write it."""
        return flow(value, quoted=self.is_json)

    @property
    def is_json(self) -> bool:
        """Whether it is written like JSON."""
        return self.text.lstrip()[:1] in ("{", "[")

    # Where things end.

    def end(self, node: Any) -> int:
        """Where what a node says ends: without comments and lines that follow."""
        start, end = node.start_mark.index, node.end_mark.index
        if not isinstance(node, yaml.ScalarNode):
            if node.flow_style or not node.value:
                return int(end)
            last = node.value[-1]
            return self.end(last[1] if isinstance(node, yaml.MappingNode) else last)
        if node.style not in ("|", ">"):
            return int(end)
        kept = "+" in _BREAK.split(self.text[start:end])[0].partition("#")[0]
        return int(end) if kept else int(start + len(self.text[start:end].rstrip()))

    def header_comment(self, node: Any) -> str:
        """The comment beside the sign that begins a text of several lines."""
        if not isinstance(node, yaml.ScalarNode) or node.style not in ("|", ">"):
            return ""
        header = _BREAK.split(self.text[node.start_mark.index : node.end_mark.index])[0]
        return f" {header[header.index('#') :]}" if "#" in header else ""

    @cached_property
    def breaks(self) -> list[tuple[int, str]]:
        """Where each line that is ended begins anew, and the sign that ended it."""
        return [(found.end(), found[0]) for found in _BREAK.finditer(self.text)]

    def line_start(self, index: int) -> int:
        """Where the line of this place begins."""
        number = bisect_right(self.breaks, index, key=_begins)
        return self.breaks[number - 1][0] if number else 0

    def next_line(self, index: int) -> int:
        """Where the line after this place begins; the text's end where there is none."""
        if index and index == self.line_start(index):
            return index  # a text that ends with its line: `|+`
        number = bisect_right(self.breaks, index, key=_begins)
        return self.breaks[number][0] if number < len(self.breaks) else len(self.text)

    def newline(self, index: int) -> str:
        """How the line before this one ends, or else the first one."""
        number = bisect_right(self.breaks, index, key=_begins)
        return self.breaks[max(0, number - 1)][1] if self.breaks else "\n"

    def lines_at(self, index: int, lines: Sequence[str]) -> _Splice:
        """Whole lines put in where a line begins, or where the text ends."""
        newline = self.newline(index)
        if index == self.line_start(index):
            return _Splice(index, index, "".join(f"{line}{newline}" for line in lines))
        return _Splice(index, index, "".join(f"{newline}{line}" for line in lines))

    def colon(self, holder: Any, name: str | int) -> int:
        """The place after a field's colon."""
        key, value = next(pair for pair in holder.value if pair[0].value == name)
        return int(self.text.index(":", key.end_mark.index, value.start_mark.index + 1)) + 1

    # What is put in.

    def flow_entry(self, node: Any, entry: str) -> list[_Splice]:
        """One more entry between brackets, laid out as the first one."""
        first, last = node.value[0], node.value[-1]
        if isinstance(node, yaml.MappingNode):
            first, last = first[0], last[1]
        before = self.text[node.start_mark.index + 1 : first.start_mark.index]
        broken = _BREAK.search(before)
        apart = before[before.rindex(broken[0]) :] if broken and before.isspace() else " "
        end = self.end(last)
        return [_Splice(end, end, f",{apart}{entry}")]

    def block_field(
        self, node: Any, name: str, value: Any, order: Sequence[str]
    ) -> Iterator[list[_Splice]]:
        """One more field on lines of its own: after the one that the format has before it, or
        before all others.
        """
        column = node.value[0][0].start_mark.column
        lines = block_lines(f"{' ' * column}{self.key(name)}:", value, column + _STEP)
        before = order[: order.index(name)] if name in order else order
        earlier = [pair for pair in node.value if pair[0].value in before]
        if earlier or name not in order:
            last = max(earlier or node.value, key=lambda pair: _rank(pair[0].value, before))
            at = self.below_comments(self.next_line(self.end(last[1])), column)
            yield [self.lines_at(at, lines)]
        first = node.value[0][0].start_mark.index
        newline = self.newline(first)
        yield [_Splice(first, first, newline.join([*lines, " " * column]).lstrip(" "))]

    def below_comments(self, index: int, column: int) -> int:
        """Where the comments end that stand further in than this column: they belong above."""
        end = at = index
        while found := _BREAK.search(self.text, at):
            line = self.text[at : found.start()]
            comment = line.lstrip(" ")
            if comment.strip() and not (
                comment.startswith("#") and len(line) - len(comment) > column
            ):
                break
            at = found.end()
            end = at if comment.strip() else end
        return end

    def block_entry(self, node: Any, value: Any) -> list[_Splice]:
        """One more entry of a list with dashes."""
        line = f"{' ' * node.start_mark.column}- {self.flow(value)}"
        return [self.lines_at(self.next_line(self.end(node)), [line])]

    def exchanged(
        self, holder: Any, name: str | int, node: Any, value: Any, *, anew: bool = False
    ) -> list[_Splice]:
        """A value in place of another. Of a list, entries that stay keep their lines unless
        `anew`.
        """
        in_lines = isinstance(holder, yaml.MappingNode) and not holder.flow_style
        as_lines = in_lines and isinstance(value, (list, dict)) and bool(value)
        start, end = node.start_mark.index, self.end(node)
        if not in_lines or (not as_lines and isinstance(node, yaml.ScalarNode)):
            new = f"{' ' * (start == end)}{self.flow(value)}{self.header_comment(node)}"
            return [_Splice(start, end, new)]
        colon = self.colon(holder, name)
        column = holder.value[0][0].start_mark.column
        head, *lines = block_lines("", value, column + _STEP)
        if not _BREAK.search(self.text, colon, start):
            below = [self.lines_at(self.next_line(end), lines)] if lines else []
            return [_Splice(colon, end, head), *below]
        begin, after = self.line_start(start), self.next_line(end)
        newline = self.newline(start)
        if isinstance(value, list) and _is_block_list(node) and not anew:
            lines = self._relisted(node, value, lines)
        new = newline.join(lines) + newline * (after > end or not lines)
        return [_Splice(colon, colon, head), _Splice(begin, after, new if lines else "")]

    def _relisted(self, node: Any, value: list[Any], lines: list[str]) -> list[str]:
        """A list's new lines, in which each entry that was there before keeps its own lines and the
        comments above it; comments of those that are gone stay where the next one is.
        """
        starts = [self.text.rindex("-", 0, one.start_mark.index) for one in node.value]
        begins = [self.line_start(start) for start in starts]
        ends = [self.next_line(self.end(one)) for one in node.value]
        above = [begins[0], *ends[:-1]]
        kept = [
            (self._said(one), self.text[a:begin], self.text[begin:end])
            for one, a, begin, end in zip(node.value, above, begins, ends, strict=True)
        ]
        made: list[str] = []
        for entry, line in zip(value, lines, strict=True):
            at = next((n for n, one in enumerate(kept) if one[0] == flow(entry)), None)
            if at is None:
                made.append(line)
                continue
            _, comments, own = kept.pop(at)
            made += _lines(comments + own)
        return [*(c for _, above_, _ in kept for c in _lines(above_) if c.strip()), *made]

    def _said(self, node: Any) -> str:
        """What an entry says, on one line."""
        return flow(_data(node))

    def opened(
        self, holder: Any, name: str | int, node: Any, alone: str, more: dict[Any, Any]
    ) -> list[_Splice]:
        """A text that stands for a block, made into it: its own words move as they are."""
        start, end = node.start_mark.index, self.end(node)
        own = self.text[start:end]
        fields = "".join(f", {self.key(k)}: {self.flow(v)}" for k, v in more.items())
        if not isinstance(holder, yaml.MappingNode) or holder.flow_style:
            plain = holder.flow_style or node.style in ("'", '"')
            words = own if plain else self.flow(node.value)
            new = f"{{{self.key(alone)}: {words}{fields}}}{self.header_comment(node)}"
            return [_Splice(start, end, new)]
        colon = self.colon(holder, name)
        indent = " " * (holder.value[0][0].start_mark.column + _STEP)
        lines = [
            one
            for k, v in more.items()
            for one in block_lines(f"{indent}{k}:", v, len(indent) + _STEP)
        ]
        further = " " * _STEP
        moved = _BREAK_BEFORE_TEXT.sub(lambda found: found[0] + further, self.text[colon:end])
        return [
            _Splice(colon, end, f"{self.newline(start)}{indent}{alone}:{moved}"),
            self.lines_at(self.next_line(end), lines),
        ]

    # What is taken out.

    def without_flow_entry(self, holder: Any, name: str | int) -> list[_Splice]:
        """An entry between brackets, with one comma."""
        spans = [self._span(entry) for entry in holder.value]
        number = _index(holder, name)
        start, end = spans[number]
        if number + 1 < len(spans):
            following = spans[number + 1][0]
            comma = self.text.index(",", end, following) + 1
            bare = not self.text[comma:following].strip()
            return [_Splice(start, following if bare else comma, "")]
        comma = self.text.index(",", spans[number - 1][1], start)
        between = self.text[comma + 1 : start]
        if between.isspace():
            return [_Splice(comma, end, "")]
        return [_Splice(comma, comma + 1, ""), _Splice(start, end, "")]

    def _span(self, entry: Any) -> tuple[int, int]:
        key, value = entry if isinstance(entry, tuple) else (entry, entry)
        return int(key.start_mark.index), self.end(value)

    def without_lines(self, holder: Any, name: str | int, node: Any) -> list[_Splice]:
        """A field or an entry of a list, with its lines."""
        number = _index(holder, name)
        start, end = self._span(holder.value[number])
        if isinstance(holder, yaml.SequenceNode):
            start = self.text.rindex("-", 0, start)
        begin = self.line_start(start)
        if not self.text[begin:start].strip():
            return [_Splice(begin, self.next_line(end), "")]
        following, _ = self._span(holder.value[number + 1])
        if isinstance(holder, yaml.SequenceNode):
            following = self.text.rindex("-", 0, following)
        return [_Splice(start, following, "")]


def _begins(line: tuple[int, str]) -> int:
    return line[0]


def _lines(text: str) -> list[str]:
    """Its lines; one that is not ended is one, too."""
    lines = _BREAK.split(text)
    return lines if lines[-1] else lines[:-1]


def _is_block_list(node: Any) -> bool:
    return isinstance(node, yaml.SequenceNode) and not node.flow_style and bool(node.value)


def _data(node: Any) -> Any:
    """What a node says, as plain data."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: _data(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_data(one) for one in node.value]
    return node.value if node.style else scalar(node.value)


def _child(node: Any, step: str | int) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


def _index(holder: Any, name: str | int) -> int:
    if isinstance(holder, yaml.SequenceNode):
        return int(name)
    return [key.value for key, _ in holder.value].index(name)


def _rank(name: str, before: Sequence[str]) -> int:
    return before.index(name) if name in before else -1
