"""The proof of the cut: another program renders our `.mlt`, and shows the same frames."""

from __future__ import annotations

import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from storyboard.exporting.package import export
from storyboard.reimport.changes import changes
from storyboard.reimport.readers.kinds import read_edited
from storyboard.reimport.sequence import Known
from storyboard.rendering.assembling import assemble
from storyboard.rendering.compose import compose
from storyboard.rendering.reels import Reels
from storyboard.testing.codes import read
from storyboard.timeline import PlacedTransition, Timeline
from storyboard.units.timing import Rate
from tests.exporting.cuts import RATES, Reel, expected, film, take

pytestmark = pytest.mark.skipif(shutil.which("melt") is None, reason="melt is not installed")

Seen = list[tuple[str, int] | None]


FIVE = tuple(Fraction(rate) for rate in ("24", "24000/1001", "25", "30000/1001", "60"))

TRIES = 5
"""On a busy machine melt now and then waits for ever before its first frame, or writes none."""


def melted(timeline: Timeline, folder: Path) -> Path:
    """What melt makes of the export of a timeline."""
    exported = export(timeline, folder, formats=["mlt"])
    made = folder / "melted.mkv"
    command = ["melt", exported.files[0].name, "-consumer", f"avformat:{made.name}"]
    command += ["vcodec=ffv1", "acodec=pcm_s16le", "real_time=-1", "progress=0"]
    for _ in range(TRIES):
        if _runs(command, folder) and made.stat().st_size:
            return made
    raise AssertionError("melt rendered nothing")


def _runs(command: list[str], folder: Path) -> bool:
    """Whether the program came to its end within two minutes."""
    nothing, log = subprocess.DEVNULL, subprocess.PIPE
    try:
        subprocess.run(
            command, cwd=folder, check=True, timeout=120, stdin=nothing, stdout=log, stderr=log
        )
    except subprocess.TimeoutExpired:
        return False
    return True


def pictures(path: Path) -> list[np.ndarray]:
    """Every frame of a video."""
    with av.open(str(path), "r") as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def seen(shown: list[np.ndarray], timeline: Timeline) -> Seen:
    """The shot and media frame on every picture, by its painted code."""
    shots = {int(clip.media.key, 16): clip.shot for clip in timeline.clips}
    codes = [read(picture) for picture in shown]
    return [None if code is None else (shots[code.shot], code.frame) for code in codes]


def loud(path: Path) -> tuple[int, list[int]]:
    """How many samples there are, and which of them are loud."""
    with av.open(str(path), "r") as container:
        blocks = [frame.to_ndarray().reshape(-1, 2) for frame in container.decode(audio=0)]
    left = np.concatenate(blocks)[:, 0].astype(int)
    return len(left), [int(at) for at in np.flatnonzero(np.abs(left) > 200)]


def loudest(path: Path) -> int:
    """The loudest sample."""
    with av.open(str(path), "r") as container:
        resampler = av.AudioResampler(format="s16", layout="stereo", rate=48_000)
        blocks = [
            part.to_ndarray().reshape(-1, 2)
            for frame in container.decode(audio=0)
            for part in resampler.resample(frame)
        ]
    return int(np.abs(np.concatenate(blocks)[:, 0].astype(int)).argmax())


@pytest.mark.parametrize("rate", FIVE, ids=str)
def test_every_frame_and_every_sound_is_the_films(rate: Rate, tmp_path: Path) -> None:
    """Cuts, a dropped seam frame, a hold and a dissolve come out frame by frame; music and voice
    are laid to the sample, and the sound is as long as the picture.
    """
    timeline = film(tmp_path, rate)
    made = melted(timeline, tmp_path / "to")
    shown = pictures(made)
    assert len(shown) == timeline.frames
    wanted = expected(timeline)
    got = seen(shown, timeline)
    assert [g if w else None for g, w in zip(got, wanted, strict=True)] == wanted
    length, bangs = loud(made)
    voice, music = timeline.sounds
    starts = [music.start / rate + 1, voice.start / rate + Fraction(1, 2)]
    assert length == round(timeline.frames * 48_000 / rate)
    assert bangs == [round(start * 48_000) for start in sorted(starts)]


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_the_film_and_the_timeline_agree(rate: Rate, tmp_path: Path) -> None:
    """The film as it is written and the timeline as melt renders it: one cut, picture and sound.

    Captions are burnt into the film alone; they stand in the lower half of the picture.
    """
    timeline = film(tmp_path, rate)
    written = assemble(timeline, tmp_path / "film.mp4", cache=tmp_path / "cache", jobs=1).path
    rendered = melted(timeline, tmp_path / "to")
    ours, theirs = pictures(written), pictures(rendered)
    assert len(ours) == len(theirs) == timeline.frames
    mixed = {frame for over in timeline.transitions for frame in range(over.start, over.end)}
    pure = [frame for frame in range(timeline.frames) if frame not in mixed]
    assert [seen(ours, timeline)[f] for f in pure] == [seen(theirs, timeline)[f] for f in pure]
    worst = max(np.abs(ours[f][:90].astype(int) - theirs[f][:90]).mean() for f in pure)
    assert worst < 3
    # The film's AAC smears a single loud sample, but its loudest place stays.
    assert abs(loudest(written) - loudest(rendered)) <= 2


def test_a_fade_at_the_end_is_the_films(tmp_path: Path) -> None:
    """It ends on the colour, as long as before, and as dark as the film on the way."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1), frames=30)
    timeline = reel.timeline(transitions=(PlacedTransition("fade", 30, 8, 0, "#204060"),))
    shown = pictures(melted(timeline, tmp_path / "to"))
    with Reels() as reels:
        ours = [compose(timeline, frame, reels=reels) for frame in range(timeline.frames)]
    assert len(shown) == 30
    assert (ours[-1] == (0x20, 0x40, 0x60)).all()
    assert max(map(_apart, shown, ours)) < 5  # one step is 10; MLT shows colours a little otherwise


def _apart(one: np.ndarray, other: np.ndarray) -> float:
    """How far two pictures are from each other, in levels."""
    return float(np.abs(one.astype(int) - other).mean())


@pytest.mark.parametrize("kind", ["dissolve", "fade", "wipe"])
def test_inside_a_transition_each_picture_is_the_films(kind: str, tmp_path: Path) -> None:
    """Its first share, its last, and where a colour is seen alone."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1), frames=12)
    reel.lay("sh020", take(tmp_path, 1000), first=10, frames=12)
    timeline = reel.timeline(transitions=(PlacedTransition(kind, 12, 4, 3, direction="right"),))
    shown = pictures(melted(timeline, tmp_path / "to"))
    with Reels() as reels:
        ours = [compose(timeline, frame, reels=reels) for frame in range(timeline.frames)]
    assert max(map(_apart, shown, ours)) < 2


@pytest.mark.parametrize("direction", ["left", "right", "up", "down"])
def test_a_wipe_goes_where_the_films_does(direction: str, tmp_path: Path) -> None:
    """The edge is at most one step behind the film's, and moves the same way."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1), frames=30)
    reel.lay("sh020", take(tmp_path, 1000), first=10, frames=30)
    over = PlacedTransition("wipe", 30, 6, 6, direction=direction)  # type: ignore[arg-type]
    timeline = reel.timeline(transitions=(over,))
    shown = pictures(melted(timeline, tmp_path / "to"))
    with Reels() as reels:
        for frame in range(over.start, over.end):
            wanted = compose(timeline, frame, reels=reels).astype(int)
            assert np.abs(shown[frame][40:] - wanted[40:]).mean() < 8


def test_a_dissolve_mixes_both_sides(tmp_path: Path) -> None:
    """Inside a dissolve each picture lies between the two that it mixes, moving to the later."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1), frames=30)
    reel.lay("sh020", take(tmp_path, 1000), first=10, frames=30)
    over = PlacedTransition("dissolve", 30, 5, 5)
    shown = pictures(melted(reel.timeline(transitions=(over,)), tmp_path / "to"))
    # The first cell is black on shot 1 and white on shot 1000.
    corner = [int(picture[2, 4, 0]) for picture in shown[over.start - 1 : over.end + 1]]
    assert corner == sorted(corner)
    assert len(set(corner)) >= over.frames


def test_a_fade_goes_through_its_colour(tmp_path: Path) -> None:
    """A fade needs no handles: the last frames go into the colour, the first come out of it."""
    reel = Reel(Fraction(24))
    reel.lay("sh010", take(tmp_path, 1))
    reel.lay("sh020", take(tmp_path, 2))
    fade = PlacedTransition("fade", 49, 6, 6, color="#ff0000")
    timeline = reel.timeline(transitions=(fade,))
    shown = pictures(melted(timeline, tmp_path / "to"))
    assert len(shown) == timeline.frames
    middle = shown[49][90, 160].astype(int)
    assert middle[0] > 200
    assert middle[1:].max() < 60
    outside = expected(timeline)
    assert [
        g if w else None for g, w in zip(seen(shown, timeline), outside, strict=True)
    ] == outside


@pytest.mark.parametrize("speed", [Fraction(2), Fraction(1, 2), Fraction(5, 4)], ids=str)
def test_a_changed_speed_is_at_most_a_frame_off(speed: Fraction, tmp_path: Path) -> None:
    """Another program rounds its own way, and never drifts."""
    reel = Reel(Fraction(24))
    frames = int(40 / speed)
    reel.lay("sh010", take(tmp_path, 1), first=4, frames=frames, speed=speed)
    reel.lay("sh020", take(tmp_path, 2))
    timeline = reel.timeline()
    got = seen(pictures(melted(timeline, tmp_path / "to")), timeline)
    assert len(got) == timeline.frames
    for code, want in zip(got, expected(timeline), strict=True):
        assert code is not None
        assert want is not None
        assert code[0] == want[0]
        assert abs(code[1] - want[1]) <= 1


def test_what_melt_saves_is_read_back(tmp_path: Path) -> None:
    """Clips of the export, trimmed and joined by melt itself and saved as its XML: the same cut."""
    reel = Reel(Fraction(24))
    for number, shot in enumerate(("sh010", "sh020"), 1):
        reel.lay(shot, take(tmp_path, number))
    timeline = reel.timeline()
    folder = tmp_path / "to"
    export(timeline, folder, formats=["mlt"])
    command = ["melt", "-profile", "atsc_720p_24", "media/sh020_v001.mov", "in=3", "out=17"]
    command += ["media/sh010_v001.mov", "in=4", "out=20", "-consumer", "xml:saved.mlt"]
    assert any(_runs(command, folder) for _ in range(TRIES))
    read_back = read_edited(folder / "saved.mlt", Known(timeline.order, timeline.rate))
    found = changes(timeline, read_back)
    assert [(line.shot, line.start, line.frames) for line in found.lines] == [
        ("sh020", 3, 15),
        ("sh010", 4, 17),
    ]
