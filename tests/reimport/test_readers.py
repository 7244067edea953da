"""Files as other programs save them: told by content, understood, refused or noted by name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest

from storyboard.errors import MediaError
from storyboard.reimport.changes import Changes, changes
from storyboard.reimport.edited import Edited
from storyboard.reimport.readers.kinds import read_kind
from storyboard.reimport.sequence import Known
from storyboard.timeline import Media, PlacedTransition, Timeline
from tests.exporting.cuts import SIZE, Reel, plain_film, written
from tests.reimport import desk
from tests.reimport.desk import WRITERS, opened

RATE = Fraction(24)
SHOTS = ("sh010", "sh020", "sh030")
FORMATS = {"xml": "xml", "fcpxml": "fcpxml", "edl": "edl", "mlt": "mlt", "otio": "otio"}


def found_in(text: str, folder: Path, *, film: Timeline | None = None) -> Changes:
    """What is found in a file of this text."""
    return desk.found_in(film or plain_film(), read(text, folder)[1])


def read(text: str | bytes, folder: Path, *, rate: Fraction = RATE) -> tuple[str, Edited]:
    """The kind of a file of this text, and the cut in it."""
    path = folder / "edited"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_kind(path, Known(SHOTS, rate))


def everything() -> Timeline:
    """Each kind of transition, and an ending."""
    reel = Reel(RATE)
    media = [Media(Path(f"take{n}.mp4"), f"{n:064x}", 49, RATE, SIZE) for n in range(7)]
    for number, shot in enumerate(("sh010", "sh020", "sh030", "sh040", "sh050"), 1):
        reel.lay(shot, media[number], first=6, frames=36)
    kinds = ("dissolve", "wipe", "slide", "fade")
    over = [
        PlacedTransition(kind, 36 * n, 4, 4, color="#102030", direction="up")
        for n, kind in enumerate(kinds, 1)
    ]
    ending = PlacedTransition("fade", 180, 9, 0, color="#102030")
    return reel.timeline(transitions=(*over, ending))


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_exported_is_no_change(name: str, tmp_path: Path) -> None:
    """Though formats lose colours and directions, and wipes and slides arrive as something else."""
    film = everything()
    path = tmp_path / "edited"
    path.write_text(written(film, name))
    kind, edited = read_kind(path, Known([clip.shot for clip in film.clips], RATE))
    found = changes(film, edited)
    assert (kind, found.said, found.notes) == (name, (), ())


def test_an_otioz_is_the_otio_in_it(tmp_path: Path) -> None:
    """One file that is the whole hand-over, whatever it is called."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("content.otio", written(plain_film()))
        archive.writestr("version.txt", "1.0.0")
    kind, edited = read(held.getvalue(), tmp_path)
    assert kind == "otioz"
    assert not changes(plain_film(), edited)


def test_a_bundle_is_the_fcpxml_in_it(tmp_path: Path) -> None:
    """Final Cut's newer versions save a folder."""
    bundle = tmp_path / "edited.fcpxmld"
    bundle.mkdir()
    (bundle / "Info.fcpxml").write_text(written(plain_film(), "fcpxml"))
    kind, edited = read_kind(bundle, Known(SHOTS, RATE))
    assert kind == "fcpxml"
    assert not changes(plain_film(), edited)


@pytest.mark.parametrize("adapter", ["fcp_xml", "cmx_3600"])
def test_what_opentimelineios_adapters_save_is_read(adapter: str, tmp_path: Path) -> None:
    """Our `.otio`, opened and saved by the official library as something else."""
    path = tmp_path / "cut.otio"
    path.write_text(written(plain_film()))
    timeline = otio.adapters.read_from_file(str(path))
    more = {"rate": 24} if adapter == "cmx_3600" else {}
    text = otio.adapters.write_to_string(timeline, adapter, **more)
    assert not found_in(text, tmp_path)


@pytest.mark.parametrize("program", WRITERS)
def test_a_cut_of_another_film_is_refused(program: str, tmp_path: Path) -> None:
    """In every format, with what it shows."""
    path = tmp_path / "cut.otio"
    path.write_text(written(plain_film()))
    text = WRITERS[program](opened(path))
    for number in (1, 2, 3):
        text = text.replace(f"sh0{number}0_v001", f"INTERVIEW_{number}")
    with pytest.raises(MediaError, match="none of its clips is a shot of this storyboard"):
        found_in(text, tmp_path)


ENTITY = '<?xml version="1.0"?><!DOCTYPE {0} [<!ENTITY a "b">]><{0} version="5">&a;</{0}>'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ENTITY.format("xmeml"), "no cut that can be read: it is XML of another kind"),
        ('<!DOCTYPE xmeml SYSTEM "http://127.0.0.1:1/x.dtd"><xmeml>&a;</xmeml>', "entities"),
        ("<xmeml>" + "<a>" * 2000, "nested too deeply"),
        ("<xmeml><sequence>", "it is damaged, or breaks off"),
        ("<xmeml/>", "it holds no sequence"),
        ("<xmeml><sequence/></xmeml>", "does not say its frame rate"),
        ("<fcpxml/>", "it holds no project"),
        ("<fcpxml><project><sequence/></project></fcpxml>", "does not say its frame rate"),
        ("<mlt/>", "does not say its frame rate"),
        ('<mlt><profile frame_rate_num="0" frame_rate_den="0"/></mlt>', "no frame rate"),
        ('<mlt><profile frame_rate_num="x" frame_rate_den="1"/></mlt>', "is no number"),
        ('<mlt><profile frame_rate_num="24" frame_rate_den="1"/></mlt>', "no tracks in it"),
        ("TITLE: x\n", "no picture in it"),
        (
            "TITLE: x\n001  A V C 01:00:00:28 01:00:01:00 01:00:00:00 01:00:01:00\n",
            "an EDL does not say its rate",
        ),
        ("<html/>", "it is XML of another kind"),
    ],
)
def test_what_is_no_sequence_is_one_sentence(text: str, message: str, tmp_path: Path) -> None:
    """Broken, hostile or something else: never a traceback, and nothing is fetched."""
    with pytest.raises(MediaError, match=message):
        read(text, tmp_path)


def xmeml(old: str, new: str) -> str:
    """The plain film's `.xml` with a text in it exchanged, once."""
    text = written(plain_film(), "xml")
    assert old in text
    return text.replace(old, new, 1)


def fcpxml(old: str, new: str) -> str:
    """The plain film's `.fcpxml` with a text in it exchanged, once."""
    text = written(plain_film(), "fcpxml")
    assert old in text
    return text.replace(old, new, 1)


TITLE = '<title name="Names" lane="1" offset="4200s" duration="1s"/><note>'
LOGO = (
    "<track><clipitem><name>logo</name><start>5</start><end>9</end><in>0</in><out>4</out></clipitem>"
    "</track>"
)
BACKWARDS = (
    '<timeMap><timept time="4200s" value="4202s" interp="linear"/>'
    '<timept time="4202s" value="4200s" interp="linear"/></timeMap><note>'
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (lambda: fcpxml("<note>", BACKWARDS), "'sh010_v001' runs backwards"),
        (lambda: fcpxml("<asset-clip ", "<ref-clip "), "is damaged"),
        (lambda: xmeml("<start>0</start>", "<start>-1</start>"), "has no place on its track"),
        (lambda: xmeml("<in>0</in>", "<in>x</in>"), "`in` of 'sh010_v001': 'x' is no number"),
        (lambda: xmeml("<end>48</end>", "<end>0</end>"), "'sh010_v001' is 0 frames long"),
        (
            lambda: xmeml('<file id="file-1">', '<sequence id="s2"/><file id="file-1">'),
            "'sh010_v001' is a compound clip",
        ),
    ],
)
def test_what_cannot_be_understood_is_refused_by_name(
    text: Callable[[], str], message: str, tmp_path: Path
) -> None:
    """One sentence that names the clip."""
    with pytest.raises(MediaError, match=message):
        found_in(text(), tmp_path)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (lambda: fcpxml("<note>", TITLE), "'Names', on a track above the film's, is not read"),
        (
            lambda: fcpxml("<note>", '<adjust-transform scale="2 2"/><note>'),
            "the effect 'adjust-transform' on 'sh010_v001' is not read",
        ),
        (
            lambda: xmeml(
                "<logginginfo>",
                "<filter><effect><name>Blur</name><effectid>Gaussian</effectid></effect></filter>"
                "<logginginfo>",
            ),
            "the effect 'Blur' on 'sh010_v001' is not read",
        ),
        (
            lambda: xmeml("</video>\n      <audio>", f"{LOGO}</video><audio>"),
            "'logo', on a track above the film's, is not read",
        ),
    ],
)
def test_what_is_not_read_is_said(text: Callable[[], str], note: str, tmp_path: Path) -> None:
    """The cut is as it was, and the note says what else there is."""
    found = found_in(text(), tmp_path)
    assert not found
    assert note in " ".join(found.notes)


MELT = """<?xml version="1.0" encoding="utf-8"?>
<mlt LC_NUMERIC="C" version="7.12.0" root="/cut" title="sh020_v001.mov">
  <profile width="320" height="180" frame_rate_num="24" frame_rate_den="1"/>
  <producer id="producer0" in="5" out="24">
    <property name="resource">media/sh020_v001.mov</property>
    <property name="mlt_service">avformat</property></producer>
  <producer id="producer1" in="4" out="40">
    <property name="resource">media/sh010_v001.mov</property>
    <property name="mlt_service">avformat</property></producer>
  <producer id="producer2" in="10" out="45">
    <property name="resource">media/sh030_v001.mov</property>
    <property name="mlt_service">avformat</property></producer>
  <tractor id="tractor0" in="0" out="7">
    <track producer="producer1" in="29" out="36"/><track producer="producer2" in="0" out="7"/>
    <transition id="transition0" out="7"><property name="mlt_service">luma</property></transition>
  </tractor>
  <playlist id="playlist0"><entry producer="producer0" in="0" out="19"/><blank length="6"/>
    <entry producer="producer1" in="0" out="28"/><entry producer="tractor0" in="0" out="7"/>
    <entry producer="producer2" in="8" out="35"/></playlist>
  <tractor id="tractor1" in="0" out="90"><track producer="playlist0"/></tractor>
</mlt>
"""
"""What melt itself saves of three trimmed clips, a gap, and a dissolve of eight frames."""


def test_what_melt_itself_saves_counts_from_where_its_producers_begin(tmp_path: Path) -> None:
    """Its entries are counted from each producer's own first frame, so are its transitions."""
    found = found_in(MELT, tmp_path)
    assert [(line.shot, line.start, line.frames) for line in found.lines] == [
        ("sh020", 5, 20),
        ("black", 0, 6),
        ("sh010", 4, 37),
        ("sh030", 10, 36),
    ]
    over = found.lines[-1].opening
    assert over is not None
    assert (over.kind, over.frames, found.notes) == ("dissolve", 8, ())


def test_a_project_inside_of_a_project_is_refused_by_name(tmp_path: Path) -> None:
    """As melt saves one that it was given whole."""
    text = MELT.replace(
        'media/sh010_v001.mov</property>\n    <property name="mlt_service">avformat',
        'Case.mlt</property><property name="mlt_service">xml',
    )
    with pytest.raises(MediaError, match=r"'Case\.mlt' is a project of its own"):
        found_in(text, tmp_path)
