"""There and back: an editor's changes become the storyboard's cut, and the cut is the editor's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
import yaml

from storyboard.errors import MediaError
from storyboard.exporting.package import export
from storyboard.fileformat.cut_list import CutShot
from storyboard.loading.blocks import cut_list
from storyboard.reimport.changes import Changes, changes
from storyboard.reimport.readers.kinds import read_edited
from storyboard.reimport.rewrite import apply as apply_to
from storyboard.timeline import PlacedTransition, Timeline
from storyboard.timeline.recut import CutEntry, recut
from tests.exporting.cuts import RATES, Reel, film, take

TEXT = """\
# the film
version: 1
keyframes:   # four of them
  - image: a.png
    shot: "cut: it out"

# audio comes last
audio: {loudness: -14}
"""

Edit = Callable[[otio.schema.Track], None]


def edited(timeline: Timeline, folder: Path, edit: Edit) -> Changes:
    """What is found after exporting, editing with OpenTimelineIO's library, and reading back."""
    path = export(timeline, folder / "to", formats=["otio"]).files[0]
    opened = otio.adapters.read_from_file(str(path))
    edit(opened.tracks[0])
    theirs = folder / "edited.otio"
    otio.adapters.write_to_file(opened, str(theirs))
    return changes(timeline, read_edited(theirs))


def apply(text: str, found: Changes) -> str:
    """The text with the new cut."""
    return apply_to(text.encode(), found, file="film.yaml").decode()


def entries(text: str) -> tuple[CutEntry, ...]:
    """The `cut:` list of a storyboard's text."""
    return cut_list(map(CutShot.model_validate, yaml.safe_load(text)["cut"])) or ()


def shown(timeline: Timeline) -> list[tuple[str, int]]:
    """The shot and the media frame on every film frame."""
    frames = range(timeline.frames)
    clips = [timeline.clip_at(frame) for frame in frames]
    return [(c.shot, c.media_frame(f - c.start)) for f, c in zip(frames, clips, strict=True)]


def trimmed(clip: otio.schema.Clip, *, head: int = 0, tail: int = 0) -> None:
    """Take frames off a clip's ends."""
    rate = clip.source_range.duration.rate
    start = clip.source_range.start_time + otio.opentime.RationalTime(head, rate)
    duration = clip.source_range.duration - otio.opentime.RationalTime(head + tail, rate)
    clip.source_range = otio.opentime.TimeRange(start, duration)


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_an_untouched_cut_changes_nothing(rate: Fraction, tmp_path: Path) -> None:
    """Reading back what was exported finds no change, and the text stays as it is."""
    found = edited(film(tmp_path, rate), tmp_path, lambda track: None)
    assert not found
    assert apply(TEXT, found) == TEXT


def test_a_fade_at_the_end_is_no_change(tmp_path: Path) -> None:
    """The film's ending comes back as it went, and stays where the film is recut."""
    timeline = film(tmp_path, RATES[0])
    over = PlacedTransition("fade", timeline.frames, 9, 0)
    ending = replace(timeline, transitions=(*timeline.transitions, over))
    assert not edited(ending, tmp_path, lambda track: None)
    order = [CutEntry("sh020"), CutEntry("sh010")]
    made = recut(ending, order)
    assert made.transition_over(made.frames) == replace(over, at=made.frames)


def test_a_new_order_is_a_list_of_shots(tmp_path: Path) -> None:
    """Swapping two shots writes their names, and nothing else of the text changes."""
    reel = Reel(Fraction(24))
    for number in (1, 2, 3):
        reel.lay(f"sh0{number}0", take(tmp_path, number))

    def swap(track: otio.schema.Track) -> None:
        track.append(track.pop(0))

    found = edited(reel.timeline(), tmp_path, swap)
    text = apply(TEXT, found)
    assert found.said == ("the order is sh020, sh030, sh010",)
    cut = "cut:\n  - sh020\n  - sh030\n  - sh010\n"
    assert text == TEXT.replace("\n# audio", f"{cut}\n# audio")
    assert [c.shot for c in recut(reel.timeline(), entries(text)).clips] == [
        "sh020",
        "sh030",
        "sh010",
    ]


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_reordered_trimmed_and_retimed(rate: Fraction, tmp_path: Path) -> None:
    """The recut timeline shows, frame by frame, what the edited file says."""
    timeline = film(tmp_path, rate)

    def edit(track: otio.schema.Track) -> None:
        first = track[0]
        trimmed(first, head=7, tail=5)
        first.effects.append(otio.schema.LinearTimeWarp(time_scalar=2.0))
        last = track.pop()
        trimmed(last, tail=3)
        track.insert(0, last)

    found = edited(timeline, tmp_path, edit)
    made = recut(timeline, entries(apply(TEXT, found)))
    assert made.order == ("sh040", "sh010", "sh020", "sh030")
    assert [clip.frames for clip in made.of("sh010", "sh020") if clip.held] == [15, 10]
    assert made.frames == timeline.frames - 12 - 3
    assert shown(made)[:33] == [("sh040", 6 + frame) for frame in range(33)]
    assert (
        shown(made)[33:69]
        == [("sh010", 7 + 2 * frame) for frame in range(21)] + [("sh010", 48)] * 15
    )
    assert made.transitions[0].frames == 8
    assert made.transitions[0].at == timeline.transitions[0].at - 12 - 3 + 36


def test_the_recut_exports_what_was_edited(tmp_path: Path) -> None:
    """Exporting the recut film gives the edited cut back: same clips, ranges and transitions."""
    timeline = film(tmp_path, Fraction(24))

    def edit(track: otio.schema.Track) -> None:
        trimmed(track[1], head=3, tail=4)
        del track[-1]

    found = edited(timeline, tmp_path, edit)
    made = recut(timeline, entries(apply(TEXT, found)))
    again = changes(made, read_edited(tmp_path / "edited.otio"), uncut=timeline)
    assert not again
    assert found.said == (
        "sh040 is dropped",
        "sh020 comes 2 times",  # once trimmed, and once as the still that the editor left
    )


def test_a_pulled_back_seam_frame(tmp_path: Path) -> None:
    """The frame that was dropped at a seam is a handle, and may be shown again."""
    timeline = film(tmp_path, Fraction(24))
    found = edited(timeline, tmp_path, lambda track: trimmed(track[0], tail=-1))
    made = recut(timeline, entries(apply(TEXT, found)))
    assert shown(made)[48] == ("sh010", 48)


def test_a_split_shot_comes_twice(tmp_path: Path) -> None:
    """A shot cut in two with another between them is two entries."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1))
    reel.lay("sh020", take(tmp_path, 2))

    def split(track: otio.schema.Track) -> None:
        second = track[0].deepcopy()
        trimmed(track[0], tail=29)
        trimmed(second, head=20)
        track.append(second)

    found = edited(reel.timeline(), tmp_path, split)
    made = recut(reel.timeline(), entries(apply(TEXT, found)))
    assert shown(made) == (
        [("sh010", frame) for frame in range(20)]
        + [("sh020", frame) for frame in range(49)]
        + [("sh010", frame) for frame in range(20, 49)]
    )
    assert "sh010 comes 2 times" in found.said


def test_a_longer_hold_and_no_dissolve(tmp_path: Path) -> None:
    """A hold that was stretched is a hold; a removed dissolve is a cut."""
    timeline = film(tmp_path, Fraction(24))

    def edit(track: otio.schema.Track) -> None:
        del track[3]
        trimmed(track[2], tail=-6)

    found = edited(timeline, tmp_path, edit)
    text = apply(TEXT, found)
    made = recut(timeline, entries(text))
    assert made.transitions == ()
    assert [clip.frames for clip in made.clips] == [48, 40, 16, 30, 36]
    assert "hold: 16f" in text
    assert "transition: cut" in text


def test_shots_are_known_by_their_files(tmp_path: Path) -> None:
    """A program that loses our metadata and names clips its own way is understood all the same."""
    timeline = film(tmp_path, Fraction(24))

    def strip(track: otio.schema.Track) -> None:
        for number, item in enumerate(track):
            item.metadata.clear()
            if isinstance(item, otio.schema.Clip):
                item.name = f"Clip {number}"
                item.media_reference.target_url = f"file:///C:/a%20b/{item.media_reference.name}"
                item.media_reference.metadata.clear()

    assert not edited(timeline, tmp_path, strip)


def test_writing_a_second_time_replaces_the_list(tmp_path: Path) -> None:
    """An older list goes; everything around it stays byte for byte."""
    timeline = film(tmp_path, Fraction(24))
    found = edited(timeline, tmp_path, lambda track: track.append(track.pop(0)))
    old = "cut:\n  - sh010\n  # inside\n\n# below\n"
    text = TEXT.replace("# audio comes", old + "# audio comes")
    wanted = TEXT.replace("# audio comes", "NEW  # inside\n\n# below\n# audio comes")
    head, tail = wanted.split("NEW")
    made = apply(text, found)
    assert made.startswith(head + "cut:\n  - sh020\n")
    assert made.endswith("  - sh010\n" + tail)


def test_going_back_takes_the_list_out(tmp_path: Path) -> None:
    """A cut that is the storyboard's own again needs no list."""
    timeline = film(tmp_path, Fraction(24))
    other = recut(timeline, [CutEntry("sh020"), CutEntry("sh010")])
    export(timeline, tmp_path / "to", formats=["otio"])
    own = read_edited(next((tmp_path / "to").glob("*.otio")))
    found = changes(other, own, uncut=timeline)
    assert found
    assert apply(TEXT + "cut: [sh020, sh010]\n", found) == TEXT


def test_windows_line_ends_and_a_last_line_without_one(tmp_path: Path) -> None:
    """Line ends stay what they are, and a last line without one gets one."""
    timeline = film(tmp_path, Fraction(24))
    found = edited(timeline, tmp_path, lambda track: track.append(track.pop(0)))
    text = apply("version: 1\r\ntitle: x", found)
    assert text.startswith("version: 1\r\ntitle: x\r\ncut:\r\n  - sh020\r\n")
    assert text.count("\n") == text.count("\r\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "it is damaged, or breaks off"),
        ("[]", "it is something else"),
        ('{"OTIO_SCHEMA": "Clip.2"}', "holds no timeline"),
        (
            '{"OTIO_SCHEMA": "Timeline.1", "tracks": {"children": []}}',
            "has no picture in it",
        ),
    ],
)
def test_what_is_no_timeline_is_said(content: str, message: str, tmp_path: Path) -> None:
    """A broken or other file is one clear line, never a traceback."""
    path = tmp_path / "broken.otio"
    path.write_text(content)
    with pytest.raises(MediaError, match=message):
        read_edited(path)


def test_a_strange_shot_is_named(tmp_path: Path) -> None:
    """Footage that the film does not have is an error that names it."""
    timeline = film(tmp_path, Fraction(24))

    def rename(track: otio.schema.Track) -> None:
        track[0].metadata["storyboard"]["shot"] = "sh999"

    with pytest.raises(MediaError, match="sh999, which the film does not have"):
        edited(timeline, tmp_path, rename)


def test_another_rate_is_refused(tmp_path: Path) -> None:
    """Frames of another rate can't be the film's."""
    path = export(film(tmp_path, Fraction(24)), tmp_path / "to", formats=["otio"]).files[0]
    with pytest.raises(MediaError, match="set the sequence to the film's rate"):
        changes(film(tmp_path, Fraction(25)), read_edited(path))


def test_a_take_whose_file_has_another_number_is_still_that_take(tmp_path: Path) -> None:
    """A take that was made anew is the next version of its file; nothing was swapped."""
    timeline = film(tmp_path, Fraction(24))
    media = tmp_path / "to" / "media"
    media.mkdir(parents=True)
    (media / "sh010_v001.mov").write_text("older")
    found = edited(timeline, tmp_path, lambda track: None)
    assert (media / "sh010_v002.mov").is_file()
    assert (bool(found), found.notes) == (False, ())
