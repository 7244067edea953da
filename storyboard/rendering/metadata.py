"""What the film says about itself: title, models, chapters, and that a model made its pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from storyboard.safe_text import in_one_line, in_picture
from storyboard.timeline.stretches import covered
from storyboard.units.sizes import Size

if TYPE_CHECKING:
    from storyboard.timeline import Timeline, Words

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""The IPTC's vocabulary of where a picture comes from."""

_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
"""The box that holds XMP in an MP4 file (XMP specification, part 3)."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Text on the film's subtitle track; times in film frames."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Labels:
    """What is written into the film beside picture and sound."""

    metadata: Mapping[str, str] = field(default_factory=dict)
    chapters: Sequence[tuple[str, int, int]] = ()
    """Title, first film frame, film frame after the last one."""
    cues: Sequence[Cue] = ()
    size: Size = field(default_factory=lambda: Size(0, 0))


def labels(timeline: Timeline, *, subtitles: Sequence[Words] = ()) -> Labels:
    """The film's labels; `subtitles` are words for a track that the viewer switches on."""
    about = f"digitalSourceType: {source_type(timeline)}"
    if models := models_of(timeline):
        about = f"models: {', '.join(models)}; {about}"
    return Labels(
        metadata={"title": timeline.title, "comment": about},
        chapters=_chapters(timeline),
        cues=_cues(timeline, subtitles),
        size=timeline.size,
    )


def models_of(timeline: Timeline) -> tuple[str, ...]:
    """The models that made the film's shots, each once, in the order of the film."""
    return tuple(dict.fromkeys(note.model for note in timeline.shots if note.model))


def source_type(timeline: Timeline) -> str:
    """The IPTC term for the film's pictures: made by a trained model, or by the free draft only."""
    models = set(models_of(timeline))
    trained = bool(models - {"draft", "clip"})
    if "clip" in models:
        return "compositeWithTrainedAlgorithmicMedia" if trained else "composite"
    return "trainedAlgorithmicMedia" if trained else "algorithmicMedia"


def xmp(timeline: Timeline) -> bytes:
    """The film's XMP packet."""
    models = "".join(f"<rdf:li>{escape(model)}</rdf:li>" for model in models_of(timeline))
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
   <dc:title><rdf:Alt>
     <rdf:li xml:lang="x-default">{escape(in_one_line(in_picture(timeline.title)))}</rdf:li>
   </rdf:Alt></dc:title>
   <dc:contributor><rdf:Bag>{models}</rdf:Bag></dc:contributor>
   <xmp:CreatorTool>storyboard</xmp:CreatorTool>
   <Iptc4xmpExt:DigitalSourceType>{SOURCE_TYPES}{source_type(timeline)}</Iptc4xmpExt:DigitalSourceType>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>""".encode()


def append_xmp(path: Path, packet: bytes) -> None:
    """Put an XMP packet into a finished film, behind everything else in it."""
    with path.open("ab") as file:
        file.write((24 + len(packet)).to_bytes(4, "big") + b"uuid" + _XMP + packet)


def _chapters(timeline: Timeline) -> tuple[tuple[str, int, int], ...]:
    if len(timeline.scenes) < 2:
        return ()
    starts = [0, *(scene.start for scene in timeline.scenes[1:]), timeline.frames]
    names = [scene.title or scene.id for scene in timeline.scenes]
    return tuple(zip(names, starts, starts[1:], strict=False))


def _cues(timeline: Timeline, subtitles: Sequence[Words]) -> tuple[Cue, ...]:
    """One text at a time: where words overlap, they are shown under each other."""
    said = replace(timeline, words=tuple(subtitles), burn_in=())
    return tuple(
        Cue("\n".join(words.text for words in stretch.words), stretch.start, stretch.end)
        for stretch in covered(said)
        if stretch.words
    )
