"""Reading other programs' `.otio`: understood exactly, refused by name, or noted as not read."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from storyboard.errors import MediaError
from storyboard.fileformat.cut_list import CutShot
from storyboard.loading.blocks import cut_list
from storyboard.reimport.changes import Changes, changes
from storyboard.reimport.readers.kinds import read_edited
from storyboard.reimport.readers.otio_fields import exact_rate
from storyboard.reimport.rewrite import apply
from storyboard.reimport.sequence import Known
from storyboard.timeline import Timeline
from storyboard.timeline.recut import recut
from tests.exporting.cuts import plain_film, written
from tests.reimport.desk import found_in

Json = dict[str, Any]
RATES = [Fraction(24), Fraction(24000, 1001)]


def after(folder: Path, edit: Callable[[Json], object], *, film: Timeline | None = None) -> Changes:
    """What is found in the plain film's `.otio` after an edit of its JSON."""
    timeline = film or plain_film()
    root = json.loads(written(timeline))
    edit(root)
    path = folder / "edited.otio"
    path.write_text(json.dumps(root))
    shots = {clip.shot for clip in timeline.clips}
    return found_in(timeline, read_edited(path, Known(shots)))


def picture(root: Json) -> list[Json]:
    """The items of the picture track."""
    items = root["tracks"]["children"][0]["children"]
    assert isinstance(items, list)
    return items


def on_clip(number: int, **fields: object) -> Callable[[Json], None]:
    """Exchange fields of one clip."""
    return lambda root: picture(root)[number].update(fields)


def with_effect(number: int, schema: str, **fields: object) -> Callable[[Json], None]:
    """Put one effect on a clip."""
    return on_clip(number, effects=[{"OTIO_SCHEMA": schema, "name": "theirs", **fields}])


def time(value: object, rate: object = 24.0) -> Json:
    """A RationalTime."""
    return {"OTIO_SCHEMA": "RationalTime.1", "value": value, "rate": rate}


def span(start: object, frames: object) -> Json:
    """A TimeRange at 24."""
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": time(start), "duration": time(frames)}


def trimmed(number: int, *, by: int) -> Callable[[Json], None]:
    """Move a clip's first frame; its length stays."""

    def edit(root: Json) -> None:
        picture(root)[number]["source_range"]["start_time"]["value"] += by

    return edit


def second_track(item: Json) -> Json:
    """A picture track with one clip."""
    return {"OTIO_SCHEMA": "Track.1", "kind": "Video", "name": "V2", "children": [item]}


def above(root: Json) -> None:
    """Lay the third shot over a part of the second one, on a track of its own."""
    item = picture(root)[2]
    gap = {"OTIO_SCHEMA": "Gap.1", "source_range": span(0, 60)}
    upper = second_track(gap)
    upper["children"].append(item | {"source_range": trimmed_span(item, 10)})
    root["tracks"]["children"].append(upper)


def trimmed_span(item: Json, frames: int) -> Json:
    """The first frames of a clip's range."""
    return {**item["source_range"], "duration": time(frames)}


def nested(root: Json) -> None:
    """Wrap the second shot in a stack."""
    item = picture(root)[1]
    picture(root)[1] = {"OTIO_SCHEMA": "Stack.1", "name": "comp", "children": [item]}


def relinked(root: Json) -> None:
    """Let the first shot's clip show the second one's file."""
    first, second = picture(root)[:2]
    first["media_references"] = second["media_references"]


def no_ranges(root: Json) -> None:
    """Take every range out."""
    for item in picture(root):
        item["source_range"] = None
        item["media_references"] = {}


def foreign(root: Json) -> None:
    """Make it a cut of something else."""
    for item in picture(root):
        item.update(name="INTERVIEW_A", metadata={}, media_references={})


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (with_effect(1, "LinearTimeWarp.1", time_scalar=-1.0), "'sh020' runs backwards"),
        (with_effect(1, "LinearTimeWarp.1", time_scalar=float("nan")), "'sh020'.* is nan"),
        (with_effect(1, "LinearTimeWarp.1", time_scalar="2"), "'sh020'.* is no number"),
        (with_effect(1, "LinearTimeWarp.1", time_scalar=0.001), "sh020 runs 0.001 times"),
        (with_effect(1, "LinearTimeWarp.1", time_scalar=1e9), "sh020 runs 1e[+]09 times"),
        (on_clip(0, source_range=span(0, float("inf"))), "'sh010': `value` is inf"),
        (on_clip(0, source_range=span(0, -5)), "'sh010' is -5 frames long"),
        (on_clip(0, source_range=span(0, 0)), "'sh010' is 0 frames long"),
        (on_clip(0, source_range=span(0, 1e300)), "'sh010': `value` is 1e[+]300"),
        (on_clip(0, source_range=span(None, 5)), "'sh010': `value` is no number"),
        (on_clip(0, source_range=span(True, 5)), "'sh010': `value` is no number"),
        (on_clip(0, source_range=[1]), "'sh010': `source_range` is no block"),
        (on_clip(0, effects={}), "'sh010': `effects` is no list"),
        (on_clip(0, source_range={"duration": time(5, 0)}), "'sh010': its rate is 0"),
        (no_ranges, "none of its clips has a range"),
        (trimmed(1, by=-5), "sh020 needs 5 frames before its take begins"),
        (nested, "'comp' is a compound clip"),
        (relinked, "'sh010' is marked as sh010 and shows 'sh020_v001.mov'"),
        (foreign, "none of its clips is a shot of this storyboard"),
        (lambda root: picture(root).clear(), "it has no picture in it"),
        (lambda root: root["tracks"].update(children=7), "`children` is no list"),
        (
            lambda root: root["tracks"]["children"][0].update(source_range=span(0, 10)),
            "'V1' is trimmed as a whole",
        ),
        (
            lambda root: root["tracks"]["children"][0].update(enabled=False),
            "it has no picture in it",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    edit: Callable[[Json], object], message: str, tmp_path: Path
) -> None:
    """One sentence that names the clip; no number, type or range breaks the reader."""
    with pytest.raises(MediaError, match=message):
        after(tmp_path, edit)


@pytest.mark.parametrize(
    ("edit", "note"),
    [
        (with_effect(1, "TimeEffect.1"), "'sh020' changes its speed on the way"),
        (with_effect(1, "TimeWarp.1"), "'sh020' changes its speed on the way"),
        (with_effect(1, "Effect.1"), "the effect 'theirs' on 'sh020' is not read"),
        (
            lambda root: root["tracks"]["children"].append(
                second_track({"OTIO_SCHEMA": "Clip.2", "name": "logo", "source_range": span(0, 9)})
            ),
            "'logo', on a track above the film's, is not read",
        ),
    ],
)
def test_what_is_not_read_is_said(
    edit: Callable[[Json], object], note: str, tmp_path: Path
) -> None:
    """The cut is as it was, and the note says what else there is."""
    found = after(tmp_path, edit)
    assert not found
    assert note in " ".join(found.notes)


@pytest.mark.parametrize(
    "fields",
    [
        {"enabled": False},
        {"metadata": {"Resolve_OTIO": {"Effect Name": "Transform", "Enabled": True}}},
        {"metadata": {"Resolve_OTIO": {"Enabled": True, "Parameters": []}}},
        {"metadata": {"Resolve_OTIO": {"Enabled": False, "Parameters": [{"Parameter ID": "x"}]}}},
    ],
)
def test_an_effect_that_does_nothing_is_none(fields: dict[str, object], tmp_path: Path) -> None:
    """Resolve has such on every clip, which is no loss to speak of."""
    found = after(tmp_path, with_effect(1, "Effect.1", **fields))
    assert not found
    assert not found.notes
    moved = {"Enabled": True, "Parameters": [{"Parameter ID": "zoomX"}]}
    set_ = with_effect(1, "Effect.1", metadata={"Resolve_OTIO": moved})
    assert "the effect 'theirs' on 'sh020' is not read" in after(tmp_path, set_).notes


@pytest.mark.parametrize(
    ("written_as", "meant"),
    [
        (23.976, Fraction(24000, 1001)),
        (23.98, Fraction(24000, 1001)),
        (23.976024627685547, Fraction(24000, 1001)),
        (29.97, Fraction(30000, 1001)),
        (29.97002983093262, Fraction(30000, 1001)),
        (59.94, Fraction(60000, 1001)),
        (119.88, Fraction(120000, 1001)),
        (24.0000019, Fraction(24)),
        (12.5, Fraction(25, 2)),
        (25, Fraction(25)),
    ],
)
def test_rates_are_what_is_meant(written_as: float, meant: Fraction) -> None:
    """Decimals and single precision are read as the rate they stand for."""
    assert exact_rate(Fraction(str(written_as))) == meant


@pytest.mark.parametrize("rate", [23.976, 23.98, 23.976024627685547])
def test_a_cut_at_a_rounded_rate_is_the_same_cut(rate: float, tmp_path: Path) -> None:
    """No cut is moved by the way a program writes 24000/1001."""

    def edit(root: Json) -> None:
        for item in picture(root):
            for part in item["source_range"].values():
                if isinstance(part, dict):
                    part["rate"] = rate

    assert not after(tmp_path, edit, film=plain_film(RATES[1]))


@pytest.mark.parametrize("effect", ["FreezeFrame.1", "LinearTimeWarp.1"])
def test_a_freeze_frame_is_the_frozen_frame(effect: str, tmp_path: Path) -> None:
    """The first frame of the clip's range stands, not the take's last one."""

    def edit(root: Json) -> None:
        with_effect(1, effect, time_scalar=0.0)(root)
        trimmed(1, by=20)(root)

    timeline = plain_film()
    text = apply(b"version: 1\n", after(tmp_path, edit), file="film.yaml")
    made = recut(
        timeline,
        cut_list(CutShot.model_validate(e) for e in yaml.safe_load(text)["cut"]) or (),
    )
    own = [clip for clip in made.clips if clip.shot == "sh020"]
    assert {c.media_frame(i) for c in own for i in range(c.frames)} == {20}
    assert made.frames == timeline.frames


def test_a_clip_is_known_by_its_own_name(tmp_path: Path) -> None:
    """Offline media and lost metadata: a clip called as a shot is that shot."""

    def edit(root: Json) -> None:
        for item in picture(root):
            item.update(metadata={}, media_references={})

    assert not after(tmp_path, edit)


def test_footage_that_is_not_there_is_said_and_leaves_its_place(tmp_path: Path) -> None:
    """A clip of something else among the shots does not refuse the whole cut."""

    def edit(root: Json) -> None:
        other = {"name": "abc_comp_v003.mov", "target_url": "abc_comp_v003.mov"}
        picture(root)[1].update(name="x", metadata={}, media_references={"DEFAULT_MEDIA": other})

    found = after(tmp_path, edit)
    assert found.said == ("sh020 is dropped", "black is put in")
    assert found.notes == ("'x' is no shot, and no movie that is there: black stands there",)
    assert [(line.shot, line.frames) for line in found.lines] == [
        ("sh010", 48),
        ("black", 48),
        ("sh030", 49),
    ]


@pytest.mark.parametrize("depth", [100, 100_000])
def test_deep_nesting_is_one_sentence(depth: int, tmp_path: Path) -> None:
    """A file that nests for ever is refused, not followed."""
    path = tmp_path / "deep.otio"
    path.write_text('{"a":' * depth + "1" + "}" * depth)
    with pytest.raises(MediaError, match=r"OpenTimelineIO|breaks off"):
        read_edited(path)


def test_a_swapped_take_is_listed(tmp_path: Path) -> None:
    """Where the shot does not have it; see test_taken_takes for one that it has."""

    def swapped(root: Json) -> None:
        reference = picture(root)[0]["media_references"]["DEFAULT_MEDIA"]
        reference["target_url"] = reference["target_url"].replace("_v001", "_v002")

    found = after(tmp_path, swapped)
    assert not found
    assert found.notes == ("sh010 shows take 2, which is not there; its own is used",)


def test_a_shot_that_the_cut_left_out_may_come_back(tmp_path: Path) -> None:
    """Also through a program that keeps neither our metadata nor where its file begins."""
    whole = plain_film()
    root = json.loads(written(whole))
    for item in picture(root):
        item["metadata"] = {}
        item["media_references"]["DEFAULT_MEDIA"].update(metadata={}, available_range=None)
    path = tmp_path / "edited.otio"
    path.write_text(json.dumps(root))
    short = recut(whole, cut_list([CutShot(shot="sh010"), CutShot(shot="sh020")]) or ())
    found = changes(short, read_edited(path, Known({"sh010", "sh020", "sh030"})), uncut=whole)
    assert found.said == ("sh030 comes back",)
    assert found.lines == ()


def test_what_lies_on_top_is_seen(tmp_path: Path) -> None:
    """A shot on a second track hides what is below it, and what is below goes on behind it."""
    timeline = plain_film()
    text = apply(b"version: 1\n", after(tmp_path, above), file="film.yaml")
    made = recut(
        timeline,
        cut_list(CutShot.model_validate(e) for e in yaml.safe_load(text)["cut"]) or (),
    )
    found = [(c.shot, c.first, c.frames) for c in made.clips]
    assert found == [
        ("sh010", 0, 48),
        ("sh020", 0, 12),
        ("sh030", 0, 10),
        ("sh020", 22, 26),
        ("sh030", 0, 49),
    ]
