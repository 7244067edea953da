"""Cutting: whole frames, both keyframes, no seam twice, nothing lost and nothing made up."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from storyboard.cutting.cut import Footage, cut
from storyboard.cutting.ordered_places import ONE_TO_ONE
from storyboard.errors import InvalidStoryboard, MediaError
from storyboard.planning.planned import Plan, PlannedScene
from storyboard.rendering import lettering
from storyboard.timeline import Media, Timeline
from storyboard.timeline.joins import Opening, check
from storyboard.units.sizes import Size
from storyboard.units.timing import Duration, Rate, whole
from tests.written import Written, boards, draw_stills, edited, planned, shots

QUICK = settings(max_examples=80, deadline=None, derandomize=True)

RATES = [Fraction(n) for n in (16, 24, 25, 30, 48, 50, 60)] + [
    Fraction(n * 1000, 1001) for n in (24, 30, 60)
]
EDITS = ["captions", "speed", "trim", "hold", "seam", "titles", "transitions", "fit", "names"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stills."""
    return draw_stills(tmp_path_factory.mktemp("cut"))


def take(name: str, frames: int, rate: Rate, *, sound: bool = False) -> Media:
    """A take that nobody has to look at."""
    return Media(Path(f"{name}.mp4"), name, frames, rate, Size(320, 320), sound=sound)


def filmed(plan: Plan, rate: Rate, *, extra: int = 1) -> dict[str, Footage]:
    """Footage as models deliver it: the seconds that were sold, and `extra` frames."""
    return {
        shot.id: Footage(take(shot.id, int(shot.sold * rate) + extra, rate)) for shot in plan.shots
    }


def always(before: Media, after: Media) -> bool:
    """Every take starts with its neighbour's last frame."""
    return True


def never(before: Media, after: Media) -> bool:
    """No take does."""
    return False


def at_rate(written: Written, rate: Rate | None) -> Written:
    """The storyboard with this rate, or none."""
    made = copy.deepcopy(written)
    made.pop("fps")
    return made | ({"fps": str(rate)} if rate else {})


def timeline(
    written: Written,
    folder: Path,
    rate: Rate,
    *,
    extra: int = 1,
    repeats: Callable[[Media, Media], bool] = always,
) -> tuple[Plan, Timeline]:
    """The cut of a storyboard whose takes came as ordered; too long transitions don't count."""
    try:
        plan = planned(written, folder)
        return plan, cut(plan, filmed(plan, rate, extra=extra), repeats=repeats)
    except (InvalidStoryboard, MediaError) as error:
        assume("make it shorter" not in str(error))
        raise


MANY = (
    boards(),
    st.sets(st.sampled_from(EDITS)),
    st.sampled_from(RATES),
    st.sampled_from([None, *RATES]),
    st.integers(-1, 3),
    st.sampled_from([always, never]),
)


@QUICK
@given(*MANY)
def test_any_cut_is_whole(
    folder: Path,
    written: Written,
    edits: set[str],
    made_at: Rate,
    film: Rate | None,
    extra: int,
    repeats: Callable[[Media, Media], bool],
) -> None:
    """Clips follow each other without a gap, and show only frames that their takes have."""
    board = at_rate(edited(written, *edits), film)
    _, made = timeline(board, folder, made_at, extra=extra, repeats=repeats)
    assert made.rate == (film or made_at)
    at = 0
    for clip in made.clips:
        assert clip.start == at
        assert clip.frames >= 1
        at = clip.end
        exact = [clip.first + Fraction(o) * clip.speed for o in (0, clip.frames - 1)]
        assert all(-Fraction(1, 2) <= frame < clip.media.frames - Fraction(1, 2) for frame in exact)
    assert made.frames == at == sum(clip.frames for clip in made.clips)
    assert [made.clip_at(c.start) for c in made.clips] == list(made.clips)


@QUICK
@given(*MANY)
def test_what_lies_over_the_cut(
    folder: Path,
    written: Written,
    edits: set[str],
    made_at: Rate,
    film: Rate | None,
    extra: int,
    repeats: Callable[[Media, Media], bool],
) -> None:
    """Scenes, words and transitions lie inside the film; seams are where shots meet."""
    board = at_rate(edited(written, *edits), film)
    _, made = timeline(board, folder, made_at, extra=extra, repeats=repeats)
    starts = {clip.start for clip in made.clips}
    for words in made.words:
        assert 0 <= words.start < words.start + words.frames <= made.frames
        assert words.fade_in + words.fade_out <= words.frames
    for transition in made.transitions:
        assert transition.at in starts
        assert 0 <= transition.start < transition.end <= made.frames
    for seam in made.seams:
        before, after = made.clip_at(seam.at - 1), made.clip_at(seam.at)
        assert (before.shot, after.shot) == (seam.before, seam.after)
        assert before.scene == after.scene
    marks = [(mark.start, mark.start + mark.frames) for mark in made.scenes]
    assert marks[0][0] == 0
    assert marks[-1][1] == made.frames


@QUICK
@given(boards(), st.sampled_from(RATES), st.integers(-ONE_TO_ONE, ONE_TO_ONE), st.data())
def test_a_take_of_the_asked_length_is_shown_as_it_is(
    folder: Path, written: Written, rate: Rate, off: int, data: st.DataObject
) -> None:
    """Within two frames nothing is resampled; a frame that is seen again is left out."""
    plan = planned(at_rate(written, rate), folder)
    footage = {
        shot.id: Footage(take(shot.id, max(2, shot.shot.duration.frames(rate) + off), rate))
        for shot in plan.shots
    }
    repeats = data.draw(st.sampled_from([always, never]))
    made = cut(plan, footage, repeats=repeats)
    for clip in made.clips:
        assert clip.one_to_one
        assert clip.first == 0
        assert [clip.media_frame(o) for o in range(clip.frames)] == list(range(clip.frames))
        assert clip.frames == clip.media.frames - clip.drops
    dropped = {(seam.before) for seam in made.seams} if repeats is always else set()
    assert {clip.shot for clip in made.clips if clip.drops} == dropped


@QUICK
@given(boards(), st.sampled_from(RATES), st.sampled_from(RATES), st.integers(3, 40))
def test_any_other_take_is_retimed_to_the_asked_length(
    folder: Path, written: Written, film: Rate, made_at: Rate, off: int
) -> None:
    """Both keyframes are reached: the first frame is the take's first, the last its last."""
    plan = planned(at_rate(written, film), folder)
    asked = {shot.id: shot.shot.duration.frames(film) for shot in plan.shots}
    footage = {name: Footage(take(name, n + off, made_at)) for name, n in asked.items()}
    made = cut(plan, footage, repeats=never)
    for clip in made.clips:
        natural = (2 * clip.media.frames * film + made_at) // (2 * made_at)
        if made_at == film and abs(natural - asked[clip.shot]) <= ONE_TO_ONE:
            continue
        assert clip.frames == asked[clip.shot]
        assert clip.media_frame(0) == 0
        assert clip.media_frame(clip.frames - 1) == clip.media.frames - 1


@QUICK
@given(boards(), st.sampled_from(RATES), st.integers(0, 1))
def test_every_keyframe_is_seen_once(
    folder: Path, written: Written, rate: Rate, extra: int
) -> None:
    """At a seam the later take's first frame follows the earlier one's last but one."""
    _, made = timeline(at_rate(written, rate), folder, rate, extra=extra)
    for seam in made.seams:
        before, after = made.clip_at(seam.at - 1), made.clip_at(seam.at)
        assert before.drops == 1
        assert before.media_frame(before.frames - 1) < before.media.frames - 1
        assert after.media_frame(0) == 0
    for scene in made.scenes:
        last = made.clip_at(scene.start + scene.frames - 1)
        assert last.media_frame(last.frames - 1) == last.media.frames - 1


@QUICK
@given(boards(), st.sampled_from(["dissolve", "wipe", "slide", "fade"]), st.integers(1, 40))
def test_a_transition_takes_its_length(
    folder: Path, written: Written, kind: str, length: int
) -> None:
    """A dissolve shows two scenes at once, so the film is shorter by it; a fade does not."""
    assume(len(written["scenes"]) > 1)
    rate = Fraction(24)
    plain = timeline(written, folder, rate)[1]
    other = copy.deepcopy(written)
    for scene in other["scenes"][1:]:
        scene["transition"] = {"type": kind, "duration": f"{length}f"}
    made = timeline(other, folder, rate)[1]
    joins = len(written["scenes"]) - 1
    lost = 0 if kind == "fade" else joins * length
    assert made.frames == plain.frames - lost
    assert [t.frames for t in made.transitions] == [length] * joins


@QUICK
@given(boards(), st.sets(st.sampled_from(["speed", "hold", "transitions", "captions"])))
def test_the_plan_knows_the_films_length(folder: Path, written: Written, edits: set[str]) -> None:
    """Of takes as long as asked, the film has exactly the frames that the plan says."""
    plan = planned(edited(written, *edits), folder)
    rate = Fraction(24)
    footage = {
        shot.id: Footage(take(shot.id, shot.shot.duration.frames(rate), rate))
        for shot in plan.shots
    }
    assert cut(plan, footage, repeats=never).frames == plan.frames


ONE: Written = {
    "version": 1,
    "fps": 24,
    "scenes": [
        {
            "keyframes": [
                {"image": "0.png", "shot": {"prompt": "On", "duration": 4}},
                {"image": "1.png", "shot": {"prompt": "On", "duration": 4}},
                {"image": "2.png"},
            ]
        }
    ],
}


def one(
    folder: Path, repeats: Callable[[Media, Media], bool] = always, **first: object
) -> Timeline:
    """Two shots of 97 frames each; these fields are the first shot's."""
    written = copy.deepcopy(ONE)
    next(shots(written)).update(first)
    return timeline(written, folder, Fraction(24), repeats=repeats)[1]


def test_two_shots(folder: Path) -> None:
    """96 frames of the first, all 97 of the second."""
    made = one(folder)
    assert [(c.shot, c.start, c.frames, c.drops) for c in made.clips] == [
        ("sh010", 0, 96, 1),
        ("sh020", 96, 97, 0),
    ]


def test_a_hold_is_a_clip_of_its_own(folder: Path) -> None:
    """And keeps the last frame, which is then not left out."""
    made = one(folder, hold="12f")
    assert [(c.shot, c.frames, c.held) for c in made.clips] == [
        ("sh010", 97, False),
        ("sh010", 12, True),
        ("sh020", 97, False),
    ]
    assert {made.clips[1].media_frame(o) for o in range(12)} == {96}


def test_a_trim(folder: Path) -> None:
    """Takes film frames off the take's ends, and with its end the seam."""
    made = one(folder, trim={"start": "10f", "end": 1})
    first = made.clips[0]
    assert (first.first, first.frames, first.drops) == (10, 97 - 10 - 24, 0)
    assert (first.head, first.tail) == (10, 24)


def test_double_speed(folder: Path) -> None:
    """Every second frame, and half the time."""
    first = one(folder, never, speed=2).clips[0]
    assert first.frames == 49
    assert [first.media_frame(o) for o in (0, 1, 48)] == [0, 2, 96]


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.25, 1.7, 2])
def test_a_speed_is_what_the_file_says(folder: Path, speed: float) -> None:
    """A take that came as ordered runs at the very speed that is written, inside its frames."""
    first = one(folder, never, speed=speed).clips[0]
    assert first.speed == Fraction(str(speed))
    assert first.frames == whole(97 / Fraction(str(speed)))
    assert first.beyond == 0
    assert first.media_frame(0) == 0


TWO: Written = {
    "version": 1,
    "fps": 24,
    "scenes": [
        {"keyframes": [{"image": f"{n}.png", "shot": {"prompt": "On"}}, {"image": f"{n + 1}.png"}]}
        for n in (0, 2)
    ],
}


@pytest.mark.parametrize("made_at", [16, 24, 25, 30, 48, 60], ids=str)
def test_what_overlaps_has_its_handles(folder: Path, made_at: int) -> None:
    """Whatever rates, speeds and lengths: what a dissolve takes off a shot is there as handles."""
    written = planned(TWO, folder)
    speeds = [Fraction(n, 20) for n in (5, 10, 16, 20, 25, 34, 40, 60)]
    for film, before, after in product(
        [Fraction(24), Fraction(25), Fraction(30000, 1001)], speeds, speeds
    ):
        board = replace(written.storyboard, rate=film)
        for length, extra in ((1, 0), (7, 1), (8, 1)):
            over = Opening("dissolve", Duration.parse(f"{length}f"))
            scenes = (_at(written.scenes[0], before), _at(written.scenes[1], after, over))
            plan = replace(written, storyboard=board, scenes=scenes)
            made = cut(plan, filmed(plan, Fraction(made_at), extra=extra), repeats=never)
            check(made)


def _at(scene: PlannedScene, speed: Fraction, opening: Opening | None = None) -> PlannedScene:
    """The scene of one shot at another speed, come into in another way."""
    [shot] = scene.shots
    own = replace(shot.shot, speed=speed)
    opened = replace(scene.scene, transition=opening or scene.scene.transition)
    return replace(scene, scene=opened, shots=(replace(shot, shot=own),))


def test_trims_that_leave_nothing_of_a_short_take(folder: Path) -> None:
    """Are found by the loader as asked, and here as delivered."""
    written = copy.deepcopy(ONE)
    next(shots(written)).update(trim={"start": "94f"})
    plan = planned(written, folder)
    footage = filmed(plan, Fraction(24)) | {"sh010": Footage(take("a", 94, Fraction(24)))}
    with pytest.raises(MediaError, match="sh010: its trims leave nothing of a take of 94 frames"):
        cut(plan, footage, repeats=never)


def test_a_still_in_place_of_a_take(folder: Path) -> None:
    """It is held for as long as the shot was asked for."""
    plan = planned(ONE, folder)
    still = Media(Path("0.png"), "s", 1, Fraction(24), Size(320, 320), kind="still")
    made = cut(plan, filmed(plan, Fraction(24)) | {"sh010": Footage(still)}, repeats=always)
    assert (made.clips[0].frames, made.clips[0].drops) == (96, 0)
    assert {made.clips[0].media_frame(o) for o in range(96)} == {0}


def test_the_highest_rate_and_the_largest_size(folder: Path) -> None:
    """Unless the storyboard says otherwise, nothing is thrown away."""
    plan = planned(at_rate(ONE, None), folder)
    small = Media(Path("a"), "a", 97, Fraction(24), Size(320, 180))
    large = Media(Path("b"), "b", 121, Fraction(30), Size(1281, 721))
    footage: Mapping[str, Footage] = {"sh010": Footage(small), "sh020": Footage(large)}
    made = cut(plan, footage, repeats=never)
    assert made.rate == 30
    assert made.size == Size(1280, 720)


def test_captions_move_with_their_shot(folder: Path) -> None:
    """And end with it."""
    written = copy.deepcopy(ONE)
    *_, second = shots(written)
    second["captions"] = [{"at": 1, "duration": 60, "text": "Late"}]
    made = timeline(written, folder, Fraction(24))[1]
    (words,) = made.words
    assert (words.start, words.start + words.frames) == (96 + 24, made.frames)


def test_words_keep_clear_of_what_a_phone_covers(folder: Path) -> None:
    """In a film of a phone's shape; where another size is asked for, that decides."""
    written = copy.deepcopy(ONE)
    first, second = shots(written)
    places = ("top", "bottom", "bottom-right")
    for shot, place in product((first, second), places[:1]):
        shot["captions"] = [{"at": 0, "duration": 1, "text": "Up", "position": place}]
    first["captions"] += [
        {"at": at, "duration": 1, "text": "The rider steps out into the street", "position": place}
        for at, place in enumerate(places[1:], 1)
    ]
    upright = written | {"size": "270x480", "defaults": {"fit": "cover"}}
    made = timeline(upright, folder, Fraction(24))[1]
    assert [words.safe for words in made.words] == ["phone"] * 4
    for words in made.words:
        rows, columns = np.nonzero(lettering.draw(words, made.size)[..., 3] > 250)
        assert 0.14 * 480 - 4 < rows.min() < rows.max() < 0.80 * 480 + 4
        assert 0.12 * 270 - 4 < columns.min() < columns.max() < 0.88 * 270 + 4
    wide = written | {"size": "480x270", "defaults": {"fit": "cover"}}
    assert {words.safe for words in timeline(wide, folder, Fraction(24))[1].words} == {"title"}


def test_own_sound_follows_its_clip(folder: Path) -> None:
    """From the same frame on, at the same speed; a mute shot has none."""
    written = copy.deepcopy(ONE)
    next(shots(written)).update(trim={"start": "12f"}, speed=2)
    *_, second = shots(written)
    second["audio"] = "mute"
    plan = planned(written, folder)
    footage = {s.id: Footage(take(s.id, 97, Fraction(24), sound=True)) for s in plan.shots}
    (sound,) = cut(plan, footage, repeats=never).sounds
    assert (sound.role, sound.start, sound.first) == ("take", 0, 12)
    assert sound.speed == 2
