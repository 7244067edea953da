"""How far the sound is, while a film waits for nothing else."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from threading import Event as Flag

import pytest

from storyboard.audio.sound_files import SAMPLE_RATE
from storyboard.errors import Interrupted
from storyboard.events import Encoding, Event
from storyboard.rendering.segments import SoundOnItsWay
from storyboard.rendering.soundtrack import Soundtrack, SoundWatch, soundtrack
from storyboard.timeline import Sound
from tests.exporting.cuts import bang
from tests.film_makers import clip, in_order, take


def test_each_pass_over_the_sound_is_told(tmp_path: Path) -> None:
    """Mixed, measured, encoded, in this order; and a wish to stop ends it."""
    music = Sound("music", bang(tmp_path / "music.wav", seconds=0.5, at=0.1), 0, None)
    timeline = replace(in_order([clip(take(tmp_path, 1))]), sounds=(music,), loudness=-16.0)
    heard: list[tuple[str, int]] = []
    given = (timeline, tmp_path)
    made = soundtrack(*given, container="mp4", told=lambda done, at: heard.append((done, at)))
    assert made
    assert list(dict(heard)) == ["mixed", "measured", "encoded"]
    assert all(0 <= at < timeline.seconds * SAMPLE_RATE for _, at in heard)
    made.path.unlink()
    stop = Flag()
    stop.set()
    with pytest.raises(Interrupted):
        soundtrack(*given, container="mp4", told=SoundWatch(stop))
    assert not made.path.exists()


def test_the_wait_for_the_sound_is_told_in_seconds() -> None:
    """As long as it lasts, and only what is new."""
    made: Future[Soundtrack | None] = Future()
    heard: list[Event] = []

    def listener(event: Event) -> None:
        heard.append(event)
        made.set_result(None)

    watch = SoundWatch(Flag(), "measured", 2 * SAMPLE_RATE + 1)
    assert SoundOnItsWay(made, 5, watch).wait(listener) is None
    assert heard == [Encoding(2, 5, "seconds of sound measured")]
