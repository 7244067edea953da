"""What Apple's DTD can't say of an `.fcpxml`: grid, order, references, ranges, handles."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as Tree

from storyboard.timeline import Timeline

ON_THE_GRID = ("offset", "start", "duration", "tcStart", "time", "frameDuration")
"""What counts whole frames, wherever it stands."""


def check(path: Path, timeline: Timeline) -> Tree.Element:
    """Assert the rules of a file, and that its links lead to files."""
    root = Tree.parse(path).getroot()
    for source in root.iter("media-rep"):
        assert (path.parent / source.attrib["src"]).is_file()
    check_tree(root, timeline)
    return root


def check_tree(root: Tree.Element, timeline: Timeline) -> None:
    """Assert the rules of what is in it."""
    assert root.get("version") == "1.10"
    frame = 1 / timeline.rate
    for node in root.iter():
        for name in ON_THE_GRID:
            if name in node.attrib:
                assert seconds(node.attrib[name]) % frame == 0, (node.tag, node.attrib)
    named = [node for node in root.iter() if node.get("id")]
    ids = {node.attrib["id"]: node for node in named}
    assert len(ids) == len(named)
    for node in root.iter():
        if node.get("ref"):
            assert ids[node.attrib["ref"]].tag == ("effect" if "filter" in node.tag else "asset")
        if node.get("format"):
            assert ids[node.attrib["format"]].tag == "format"
    check_order(root, timeline)
    for clip in root.iter("asset-clip"):
        check_range(clip, ids[clip.attrib["ref"]])


def check_order(root: Tree.Element, timeline: Timeline) -> None:
    """Assert that the clips of the spine follow each other, with each transition over a cut."""
    begins = at = seconds(next(root.iter("sequence")).attrib["tcStart"])
    cuts = set()
    for clip in spine(root):
        assert seconds(clip.attrib["offset"]) == at
        at += seconds(clip.attrib["duration"])
        cuts.add(at)
    assert at - begins == timeline.seconds == seconds(next(root.iter("sequence")).get("duration"))
    for over in root.iter("transition"):
        start = seconds(over.attrib["offset"])
        assert any(start <= cut <= start + seconds(over.attrib["duration"]) for cut in cuts)


def spine(root: Tree.Element) -> Iterator[Tree.Element]:
    """The clips of the spine; of an audition, the one that the film uses."""
    for node in next(root.iter("spine")):
        if node.tag != "transition":
            yield node[0] if node.tag == "audition" else node


def check_range(clip: Tree.Element, asset: Tree.Element) -> None:
    """Assert that a clip shows only what its file has, also where its speed changes."""
    start, length = seconds(clip.attrib["start"]), seconds(clip.attrib["duration"])
    begins, lasts = seconds(asset.attrib["start"]), seconds(asset.attrib["duration"])
    assert length > 0
    assert lasts > 0
    assert start >= begins
    points = [
        (seconds(p.get("time")), seconds(p.get("value"))) for p in clip.iterfind("timeMap/timept")
    ]
    assert start + length <= (max(points)[0] if points else begins + lasts)
    assert points == sorted(points)
    assert all(begins <= value <= begins + lasts for _, value in points)
    for marker in clip.iterfind("marker"):
        assert start <= seconds(marker.attrib["start"]) < start + length


def seconds(text: str | None) -> Fraction:
    """A time of the format as an exact number."""
    assert text is not None
    assert text.endswith("s")
    return Fraction(text[:-1])
