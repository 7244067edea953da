"""The seams as a table: only the odd ones, with limits and remedies."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest
import yaml

from storyboard.reviewing.limits import KINDS, REMEDIES, Kind, Numbers, verdict
from storyboard.reviewing.listing import table
from storyboard.reviewing.report import Report, SeamReport

GOOD = Numbers(
    difference=1.0,
    difference_inside=1.0,
    levels=0.5,
    likeness=0.98,
    likeness_inside=0.98,
    colour=0.1,
    colour_inside=0.1,
    sharpness=1.0,
    flow=1.0,
    flow_inside=1.0,
    jumping=0.0,
    still=4,
)


def report(*kinds: tuple[Kind, ...]) -> Report:
    """A film whose seams have these kinds."""
    seams = (
        SeamReport(24 * (n + 1), f"sh{n}", f"sh{n + 1}", GOOD, kind) for n, kind in enumerate(kinds)
    )
    return Report(Fraction(24), tuple(seams))


def test_only_the_odd_seams_are_listed_and_the_others_counted() -> None:
    """One bad seam of forty is one row."""
    lines = table(report(*[()] * 20, ("jump",), *[()] * 19))
    (odd,) = (line.split() for line in lines if line.startswith("00:"))
    assert odd == [
        "00:00:21:00",
        "sh20",
        "|",
        "sh21",
        "jump",
        "0.98",
        "0.00",
        "1.00",
        "1.00",
        "1.00",
    ]
    assert lines[-1] == "39 other seams good"


def test_all_can_be_listed() -> None:
    """Each with its numbers."""
    lines = table(report((), ("jump",), ()), shown="all")
    assert [line.split()[0] for line in lines if line.startswith("00:")] == [
        "00:00:01:00",
        "00:00:02:00",
        "00:00:03:00",
    ]


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_a_row_is_one_line_where_there_is_room_for_its_verdict(width: int) -> None:
    """Numbers are left out before a line would fold, the least telling first."""
    heading, row, *_ = table(report(("jump", "soft")), width=width)
    assert row.startswith("00:00:01:00  sh0 | sh1  jump, soft")
    assert max(len(heading), len(row)) <= max(width, 36)
    assert ("likeness" in heading, "inside" in heading) == (width >= 60, width >= 80)


@pytest.mark.parametrize(
    ("seams", "said"),
    [
        ((), "no seams: nothing is joined without a transition"),
        (((),), "1 seam measured, all good"),
        (((), ()), "2 seams measured, all good"),
    ],
)
def test_good_films_are_one_line(seams: tuple[tuple[Kind, ...], ...], said: str) -> None:
    """Without a table."""
    assert table(report(*seams)) == (said,)


def test_a_seam_that_cannot_be_told_is_said_and_not_counted_as_good() -> None:
    """It is not odd, either: `--fail-on` has no word for it."""
    seams = report((), (), ()).seams
    lines = table(Report(Fraction(24), (seams[0], replace(seams[1], untold=True), seams[2])))
    assert lines[0].startswith("sh1 | sh2: can't tell: ")
    assert "`trim: {end: 1f}` at sh1" in lines[0]
    assert lines[1:] == ("2 other seams good",)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_remedy_that_names_its_shot(kind: Kind) -> None:
    """Under the table, as it is written into the storyboard."""
    (line,) = (line for line in table(report((kind,))) if line.startswith("sh0 |"))
    assert line.startswith(f"sh0 | sh1: {kind}: ")
    assert set(REMEDIES) == set(get_args(Kind))
    for written in line.split("`")[1::2]:
        assert isinstance(yaml.safe_load(written), dict)


def test_a_jump_is_mended_by_a_bridge() -> None:
    """Which is free."""
    assert any("`seam: {bridge: 4}` at sh0" in line for line in table(report(("jump",))))


def test_the_documentation_has_every_verdict_and_every_limit() -> None:
    """docs/seams.md explains what the table says."""
    text = (Path(__file__).parents[2] / "docs" / "seams.md").read_text()
    assert all(f"`{kind}`" in text for kind in KINDS)
    assert all(limit in text for limit in ("0.5", "0.25", "1.8", "0.6", "1.6"))


def test_a_mended_seam_is_neither_jump_nor_duplicate() -> None:
    """Whatever its numbers are; other faults are said all the same."""
    bad = replace(GOOD, flow=9.0, colour=3.0, still=0)
    assert verdict(bad, repeats=True) == ("duplicate", "jump", "colour")
    assert verdict(bad, repeats=True, mended=True) == ("colour",)
