"""The table for AYON's CSV Ingest: its default columns take every row."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from storyboard.exporting.package import export
from storyboard.video.probing import probe
from tests.exporting.cuts import film, take

PATTERNS = {
    "File Path": r"^([a-zA-Z\:\ 0-9#\-\._\\/]*)$",
    "Folder Path": r"^([a-zA-Z0-9_\/]*)$",
    "Task Name": r"^(.+)$",
    "Product Type": r"^(.*)$",
    "Variant": r"^(.*)$",
    "Version": r"^(\d{1,3})$",
    "Version Comment": r"^(.*)$",
    "Frame Start": r"^(\d{1,8})$",
    "Frame End": r"^(\d{1,8})$",
    "Handle Start": r"^(\d)$",
    "Handle End": r"^(\d)$",
    "FPS": r"^[0-9]*\.[0-9]+$|^[0-9]+$",
    "Slate Exists": r"(True|False)",
    "Representation": r"^(preview|exr|edit|review|nuke)$",
    "Representation Tags": r"^(.*)$",
    "Shot Width": r"^(\d*)$",
    "Shot Height": r"^(\d*)$",
}
"""The preset `Default` of ayon-traypublisher's server settings, at e6d5b7c."""
REQUIRED = {
    *("File Path", "Folder Path", "Task Name", "Frame Start", "Frame End"),
    *("Handle Start", "Handle End", "FPS"),
}


def test_every_take_is_a_version_that_ayon_takes(tmp_path: Path) -> None:
    """Required columns are there, patterns hold, and a row's frames are the file's."""
    made = film(tmp_path, Fraction(24000, 1001))
    first = made.clips[0]
    others = {first.shot: {1: first.media, 2: take(tmp_path, 9, rate=made.rate)}}
    done = export(made, tmp_path / "to", formats=["ayon"], takes=others)
    [table] = [path for path in done.files if path.suffix == ".csv"]
    assert table.name == "Dammerung_1_ayon.csv"
    rows = list(csv.DictReader(table.read_text("utf-8").splitlines()))
    assert REQUIRED <= rows[0].keys() <= PATTERNS.keys()
    for row in rows:
        for column, value in row.items():
            assert re.match(PATTERNS[column], value), (column, value)
        length = int(row["Frame End"]) - int(row["Frame Start"]) + 1
        assert length == probe(table.parent / row["File Path"]).frames
        assert row["Slate Exists"] == "False"
        assert row["FPS"] == "23.976"
    assert [(row["Folder Path"], row["Version"]) for row in rows] == [
        ("/day/sh010", "1"),
        ("/day/sh010", "2"),
        ("/day/sh020", "1"),
        ("/night/sh030", "1"),
        ("/night/sh040", "1"),
    ]
    comments = [row["Version Comment"] for row in rows]
    assert comments[1].startswith("not in the cut; ")
    assert comments[2].startswith("in the cut: 1003-1042; The rider")


def test_no_two_shots_share_a_folder(tmp_path: Path) -> None:
    """Letters that AYON does not take are exchanged, and names stay apart."""
    made = film(tmp_path, Fraction(24))
    names = {"sh010": "a-1", "sh020": "a.1", "sh030": "a_1", "sh040": "b"}
    clips = tuple(replace(c, shot=names[c.shot], scene="s-1") for c in made.clips)
    made = replace(made, clips=clips, shots=(), sounds=(), transitions=())
    done = export(made, tmp_path / "to", formats=["ayon"])
    [table] = [path for path in done.files if path.suffix == ".csv"]
    rows = list(csv.DictReader(table.read_text("utf-8").splitlines()))
    folders = [row["Folder Path"] for row in rows]
    assert folders == ["/s_1/a_1", "/s_1/a_1_2", "/s_1/a_1_3", "/s_1/b"]
