"""Words and sounds that are lost in the film: said at their line, before anything is paid."""

from __future__ import annotations

import json
import wave
from dataclasses import replace
from pathlib import Path

import pytest

from storyboard.cutting.clashes import clashes, cut_lengths, foreseen
from storyboard.errors import Mistake
from storyboard.loading.load import load
from storyboard.planning.planned import CutLengths
from storyboard.planning.planner import plan
from tests.boards import board
from tests.cli.running import storyboard


def voice(path: Path, seconds: float) -> Path:
    """A sound of this length."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(round(seconds * 8000) * 2))
    return path


def found(
    folder: Path, *extra: str, keyframes: int = 3, shot: str = "", draft: bool = True
) -> tuple[Mistake, ...]:
    """What is said of a film of three-second shots with these lines on top."""
    path = board(folder, keyframes=keyframes, extra=["fps: 24", "model: draft", *extra], shot=shot)
    return clashes(plan(load(path, draft=draft), draft=draft))


def said(*arguments: object, **options: object) -> list[str]:
    """The same in words."""
    return [mistake.message for mistake in found(*arguments, **options)]  # type: ignore[arg-type]


def test_the_foreseen_film_is_as_long_as_the_real_one(tmp_path: Path) -> None:
    """Two shots of three seconds: each ends on the picture that the next one begins on."""
    path = board(tmp_path, keyframes=3, extra=["fps: 24", "model: draft"])
    assert foreseen(plan(load(path))).frames == 145


def test_each_shots_length_is_its_part_of_the_film(tmp_path: Path) -> None:
    """The last one shows its end frame, too; one that is not in the cut is not counted."""
    path = board(tmp_path, keyframes=3, extra=["fps: 24", "model: draft"])
    assert cut_lengths(plan(load(path))) == CutLengths(145, {"sh010": 72, "sh020": 73})
    path = board(tmp_path, keyframes=3, extra=["fps: 24", "model: draft", "cut: [sh020]"])
    made = plan(load(path))
    made = replace(made, counted=cut_lengths(made))
    assert [made.shown(shot) for shot in made.shots] == [0, made.frames] == [0, 73]


def test_voices_that_speak_at_once(tmp_path: Path) -> None:
    """Said at the later one's time, with from when to when."""
    voice(tmp_path / "vo1.wav", 2.4)
    voice(tmp_path / "vo2.wav", 2.4)
    pieces = "[{file: vo1.wav, at: 0.5}, {file: vo2.wav, at: 1.5}]"
    (mistake,) = found(tmp_path, f"audio: {{voiceover: {pieces}}}")
    assert mistake.message == "vo1 and vo2 speak at once from 1.5 to 2.9 s"
    assert (mistake.place.line, mistake.place.column) == (5, 67)


def test_a_voice_that_is_cut_off(tmp_path: Path) -> None:
    """With how much of it is heard."""
    voice(tmp_path / "vo1.wav", 2.4)
    assert said(tmp_path, "audio: {voiceover: {file: vo1.wav, at: 5}}") == [
        "vo1 is cut off after 1.0 of 2.4 s, at the film's end"
    ]


@pytest.mark.parametrize("at", ["0", "0.5", "3", "3.6"])
def test_a_voice_that_fits(tmp_path: Path, at: str) -> None:
    """Nothing is said, nor of the last tenth of a second."""
    voice(tmp_path / "vo1.wav", 2.4)
    assert said(tmp_path, f"audio: {{voiceover: {{file: vo1.wav, at: {at}}}}}") == []


def test_voices_one_after_the_other(tmp_path: Path) -> None:
    """They may follow each other without a pause; the same file may speak twice."""
    voice(tmp_path / "vo1.wav", 2.4)
    pieces = "[vo1.wav, {file: vo1.wav, at: 2.4}]"
    assert said(tmp_path, f"audio: {{voiceover: {pieces}}}") == []


def test_a_cut_that_leaves_words_and_sounds_behind(tmp_path: Path) -> None:
    """Whatever lies behind the new end is said: title, voice and music."""
    voice(tmp_path / "vo.wav", 1)
    lines = [
        "titles: [{at: 5, duration: 1, text: The end}]",
        "audio: {music: {file: vo.wav, at: 4}, voiceover: [{file: vo.wav, at: 5.5}]}",
    ]
    assert said(tmp_path, *lines, "cut: [sh010, sh020]") == [
        "vo is cut off after 0.5 of 1.0 s, at the film's end"
    ]
    assert said(tmp_path, *lines, "cut: [sh010]") == [
        'the title "The end" at 5 s lies behind the film\'s end (3 s)',
        "the music at 4 s lies behind the film's end (3 s)",
        "the voice vo at 5.5 s lies behind the film's end (3 s)",
    ]


def test_music_and_effects_at_their_times(tmp_path: Path) -> None:
    """Each piece is looked at; an effect that is cut off is said, unless it is meant to be."""
    voice(tmp_path / "bell.wav", 2)
    effects = [
        "{file: bell.wav, at: 5}",
        "{file: bell.wav, at: 5, duration: 3}",
        "{file: bell.wav, at: 5, loop: true}",
    ]
    audio = (
        f"audio: {{music: [bell.wav, {{file: bell.wav, at: 3}}], effects: [{', '.join(effects)}]}}"
    )
    assert said(tmp_path, audio) == ["bell is cut off after 1.0 of 2.0 s, at the film's end"]
    assert said(tmp_path, audio, "cut: [sh010]") == [
        "the music at 3 s lies behind the film's end (3 s)",
        *["the effect bell at 5 s lies behind the film's end (3 s)"] * 3,
    ]


def test_a_title_longer_than_the_film(tmp_path: Path) -> None:
    """It is cut off."""
    assert said(tmp_path, "titles: [{at: 5, duration: 2, text: The end}]") == [
        'the title "The end" is cut off after 1.0 of 2.0 s, at the film\'s end'
    ]


def test_titles_over_each_other(tmp_path: Path) -> None:
    """Where they stand at one place at one time; one after the other, or elsewhere, is fine."""
    first, after = "{at: 0, duration: 2, text: One}", "{at: 2, duration: 2, text: Three}"
    above = "{at: 1, duration: 2, text: Two, position: top}"
    assert said(tmp_path, f"titles: [{first}, {above}, {after}]") == []
    assert said(tmp_path, f"titles: [{first}, {above.replace(', position: top', '')}]") == [
        'the title "One" and the title "Two" stand over each other at the center '
        "from 1.0 to 2.0 s; they are stacked"
    ]


def test_captions_over_each_other(tmp_path: Path) -> None:
    """Also with those of the next shot, and with titles at the bottom."""
    captions = "captions: [{at: 0, duration: 2, text: One}, {at: 1, duration: 2, text: Two}]"
    (mistake,) = found(tmp_path, keyframes=2, shot=captions)
    assert "stand over each other at the bottom from 1.0 to 2.0 s; they are" in mistake.message
    assert mistake.path == "sh010.captions[1]"
    title = "titles: [{at: 1, duration: 1, text: Below, position: bottom}]"
    assert len(said(tmp_path, title, keyframes=2, shot=captions)) == 3


def test_a_caption_longer_than_its_shot(tmp_path: Path) -> None:
    """It ends with the shot, which is said; one as long as the shot is whole."""
    long = "captions: [{at: 1, duration: 3, text: Hello}]"
    assert said(tmp_path, keyframes=2, shot=long) == [
        'the caption "Hello" is cut off after 2.0 of 3.0 s, at sh010\'s end'
    ]
    assert said(tmp_path, keyframes=2, shot=long.replace("at: 1", "at: 0")) == []


def test_a_caption_under_a_dissolve(tmp_path: Path) -> None:
    """What the transition shows of its shot is the shot."""
    text = (
        "version: 1\nmodel: draft\ndefaults: {duration: 3, transition: dissolve}\nscenes:\n"
        "  - keyframes:\n      - image: 0.png\n        shot: {prompt: On, captions: "
        "[{at: 0, duration: 3, text: Hello}]}\n      - image: 1.png\n"
        "  - keyframes: [{image: 1.png, shot: On}, {image: 0.png}]\n"
    )
    board(tmp_path)
    (tmp_path / "two.yaml").write_text(text)
    assert clashes(plan(load(tmp_path / "two.yaml"))) == ()


def test_a_cut_that_its_takes_cannot_fill(tmp_path: Path) -> None:
    """It is known before the takes are paid for."""
    cut = "cut: [sh010, {shot: sh020, duration: 1, transition: {type: dissolve, duration: 2}}]"
    (mistake,) = found(tmp_path, cut)
    assert "make it shorter" in mistake.message
    assert mistake.place.line == 5


def test_the_import_of_a_shorter_cut_says_it(tmp_path: Path) -> None:
    """What the editor's cut leaves behind its end is said, and validate says it from then on."""
    voice(tmp_path / "vo.wav", 1)
    path = board(
        tmp_path,
        extra=[
            "fps: 24",
            "titles: [{at: 5, duration: 1, text: The end}]",
            "audio: {voiceover: [{file: vo.wav, at: 4}]}",
        ],
    )
    edited = tmp_path / "edited.otio"
    edited.write_text(json.dumps(only("sh010", frames=72)))
    commands: list[list[str | Path]] = [["import", edited, path], ["validate", path]]
    for command in commands:
        done = storyboard(*command)
        assert done.code == 0, done.err
        assert 'the title "The end" at 5 s lies behind the film\'s end (3 s)' in done.err
        assert "the voice vo at 4 s lies behind the film's end (3 s)" in done.err
    assert "cut:" in path.read_text()


def only(shot: str, *, frames: int) -> dict[str, object]:
    """An edited cut that shows one shot."""
    begin = {"OTIO_SCHEMA": "RationalTime.1", "value": 0, "rate": 24}
    length = begin | {"value": frames}
    shown = {"OTIO_SCHEMA": "TimeRange.1", "start_time": begin, "duration": length}
    clip = {"OTIO_SCHEMA": "Clip.2", "name": f"{shot}_v001", "source_range": shown}
    track = {"OTIO_SCHEMA": "Track.1", "kind": "Video", "children": [clip]}
    stack = {"OTIO_SCHEMA": "Stack.1", "children": [track]}
    return {"OTIO_SCHEMA": "Timeline.1", "name": "edited", "tracks": stack}


def test_validate_and_plan_say_it(tmp_path: Path) -> None:
    """On stderr with its line, and as data; the storyboard is valid all the same."""
    voice(tmp_path / "vo1.wav", 9)
    path = board(tmp_path, extra=["audio: {voiceover: vo1.wav}"])
    for command in ("validate", "plan"):
        done = storyboard(command, path)
        assert done.code == 0
        assert "film.yaml:3:20: audio.voiceover[0]: vo1 is cut off after 6.0 of 9.0 s" in done.err
        assert "\n                       ^\n" in done.err
        data = storyboard(command, path, "--json").data
        assert len(data["warnings"]) == 1
    assert ", 1 warning; 2 shots" in storyboard("validate", path).out


def test_render_says_it_before_anything_is_paid(tmp_path: Path) -> None:
    """The price is asked for after the warning."""
    voice(tmp_path / "vo1.wav", 9)
    path = board(tmp_path, extra=["audio: {voiceover: vo1.wav}"])
    done = storyboard("render", path)
    assert done.code == 5
    assert done.err.index("vo1 is cut off") < done.err.index("to pay now")
