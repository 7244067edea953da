"""Assembling: the film has every frame in its place, is whole, and is there only when it is."""

from __future__ import annotations

import sys
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import pytest

from storyboard.errors import MediaError
from storyboard.events import Encoding, Event
from storyboard.rendering.assembling import assemble
from storyboard.rendering.segments import Segments
from storyboard.timeline import Clip, PlacedTransition, Timeline, Words
from storyboard.units.sizes import Size
from storyboard.video.probing import check, probe
from storyboard.video.recipes import RECIPES, Codec
from tests.film_makers import QUICK, SMALL, clip, in_order, planned, seen_in, take

if TYPE_CHECKING:
    from storyboard.video.colour import Picture

RATES = [16, Fraction(24000, 1001), 24, 25, Fraction(30000, 1001), 30, 60]


@pytest.mark.parametrize("extra", [0, 1])
@pytest.mark.parametrize("rate", RATES, ids=str)
def test_every_frame_is_in_its_place(tmp_path: Path, rate: int | Fraction, extra: int) -> None:
    """At every rate, for takes of 24 and 24 + 1 frames, the repeated one left out or not."""
    exact = Fraction(rate)
    takes = [take(tmp_path, shot, frames=24 + extra, rate=exact) for shot in range(4)]
    timeline = in_order([clip(each, last=23) for each in takes[:3]] + [clip(takes[3])], rate=exact)

    film = assemble(timeline, tmp_path / "film.mp4", cache=tmp_path / "cache", recipe=QUICK)

    facts = check(film.path, frames=timeline.frames, rate=exact, size=SMALL)
    assert seen_in(film.path) == planned(timeline, range(4))
    assert facts.colour.bt709
    assert facts.steady


def test_sizes_rates_and_sounds_may_be_mixed(tmp_path: Path) -> None:
    """The timeline decides which frame is seen; the takes' own clocks don't matter."""
    timeline = in_order(
        [
            clip(take(tmp_path, 0, rate=Fraction(30), size=Size(320, 192), sound=True)),
            clip(take(tmp_path, 1, rate=Fraction(24000, 1001))),
            replace(clip(take(tmp_path, 2, size=Size(160, 128))), fit="stretch"),
        ]
    )

    film = assemble(timeline, tmp_path / "film.mp4", cache=tmp_path / "cache", recipe=QUICK)

    assert seen_in(film.path) == planned(timeline, range(3))


def test_speed_and_holds_are_exact(tmp_path: Path) -> None:
    """Faster, slower and standing still, as the timeline says."""
    media = take(tmp_path, 5, frames=25)
    clips = [
        Clip("a", "s", 1, media, 0, 13, first=0, last=24, span=12),
        Clip("b", "s", 1, media, 0, 20, first=3, last=8, span=15),
        Clip("c", "s", 1, media, 0, 6, first=24, last=24, span=1, held=True),
    ]
    timeline = in_order(clips)

    film = assemble(timeline, tmp_path / "film.mp4", cache=tmp_path / "cache", recipe=QUICK)

    assert seen_in(film.path) == planned(timeline, [5, 5, 5])


@pytest.mark.parametrize("kind", ["dissolve", "fade", "wipe", "slide"])
def test_transitions_take_no_frame_from_their_neighbours(tmp_path: Path, kind: Any) -> None:
    """The frames before and after it are the takes' own, one after the other."""
    timeline = in_order([clip(take(tmp_path, 1), last=15), clip(take(tmp_path, 2), first=8)])
    timeline = replace(timeline, transitions=(PlacedTransition(kind, 16, 2, 2, direction="up"),))

    film = assemble(timeline, tmp_path / "film.mp4", cache=tmp_path / "cache", recipe=QUICK)

    seen, plan = seen_in(film.path), planned(timeline, [1, 2])
    assert (film.frames, film.segments) == (32, 3)
    assert seen[:14] == plan[:14]
    assert seen[18:] == plan[18:]
    assert kind == "wipe" or seen[15:17] != plan[15:17]


def test_an_edit_encodes_only_what_it_changes(tmp_path: Path) -> None:
    """Again: nothing. Other words: their stretch. Another order: nothing. A new shot: it."""
    takes = [take(tmp_path, shot) for shot in range(4)]
    words = Words("caption", "Hello", 30, 10, "bottom", 6, "#ffffff")
    timeline = replace(in_order(map(clip, takes[:3])), words=(words,))

    def rendered(edited: Timeline) -> int:
        cache = tmp_path / "cache"
        film = tmp_path / "film.mp4"
        return assemble(edited, film, cache=cache, recipe=QUICK, join="encode").rendered

    assert rendered(timeline) == 5
    assert rendered(timeline) == 0
    assert rendered(replace(timeline, words=(replace(words, text="Goodbye"),))) == 1
    assert rendered(replace(timeline, words=())) == 1
    assert rendered(in_order(map(clip, reversed(takes[:3])))) == 0
    assert rendered(in_order(map(clip, takes))) == 1
    assert seen_in(tmp_path / "film.mp4") == planned(in_order(map(clip, takes)), range(4))


def test_segments_can_be_encoded_while_takes_are_still_missing(tmp_path: Path) -> None:
    """When the last take lands, only its own stretch is left to encode."""
    takes = [take(tmp_path, shot) for shot in range(3)]
    timeline = in_order(map(clip, takes))
    last = takes[2].path.read_bytes()
    takes[2].path.unlink()
    with Segments(tmp_path, recipe=QUICK) as segments:
        segments.start(timeline, shots=["take0"])
        segments.start(timeline, shots=["take0", "take1"])
        early = segments.rendered
        takes[2].path.write_bytes(last)

        film = assemble(timeline, tmp_path / "film.mp4", cache=tmp_path, segments=segments)

    assert (early, film.rendered) == (2, 3)
    assert seen_in(film.path) == planned(timeline, range(3))


def test_what_failed_early_is_tried_again(tmp_path: Path) -> None:
    """A stretch that was begun too soon does not spoil the film."""
    media = take(tmp_path, 1)
    data = media.path.read_bytes()
    media.path.write_bytes(data[:-10])
    timeline = in_order([clip(media)])
    with Segments(tmp_path, recipe=QUICK) as segments:
        segments.start(timeline)
        with pytest.raises(MediaError):
            segments.wait()
        media.path.write_bytes(data)

        film = assemble(timeline, tmp_path / "film.mp4", cache=tmp_path, segments=segments)

    assert seen_in(film.path) == planned(timeline, [1])


def test_a_transition_waits_for_both_its_sides(tmp_path: Path) -> None:
    """It is not begun while one of its takes is missing."""
    timeline = in_order([clip(take(tmp_path, 1), last=15), clip(take(tmp_path, 2), first=8)])
    timeline = replace(timeline, transitions=(PlacedTransition("dissolve", 16, 2, 2),))
    with Segments(tmp_path / "cache", recipe=QUICK) as segments:
        (tmp_path / "cache").mkdir()

        segments.start(timeline, shots=["take1"])

        assert segments.rendered == 1


def test_any_executor_will_do(tmp_path: Path) -> None:
    """Jobs are plain data: they run in other processes as well."""
    timeline = in_order([clip(take(tmp_path, 1)), clip(take(tmp_path, 2))])
    timeline = replace(timeline, words=(Words("title", "Hi", 2, 4, "center", 9, "#ffffff"),))
    with ProcessPoolExecutor(1) as pool:
        film = assemble(
            timeline, tmp_path / "film.mp4", cache=tmp_path / "c", recipe=QUICK, executor=pool
        )

    assert seen_in(film.path)[8:] == planned(timeline, [1, 2])[8:]


def test_progress_is_told_in_frames(tmp_path: Path) -> None:
    """What was kept from before counts as done."""
    timeline = in_order([clip(take(tmp_path, 1)), clip(take(tmp_path, 2))])
    events: list[Event] = []
    for name in ("film.mp4", "again.mp4"):
        assemble(
            timeline,
            tmp_path / name,
            cache=tmp_path / "c",
            recipe=QUICK,
            join="encode",
            listener=events.append,
        )

    told = [event for event in events if isinstance(event, Encoding)]
    assert {event.total for event in told} == {48}
    assert [event.done for event in told if event.unit == "frames joined"] == [24, 48, 24, 48]
    done = [event.done for event in told if event.unit == "frames"]
    assert done == sorted(done)
    assert done[0] < 48
    assert done[-2:] == [48, 48]


def test_the_film_moves_on_within_a_shot(tmp_path: Path) -> None:
    """One long take is told in many steps, not only when it is encoded to its end."""
    frames = 240
    size = Size(640, 360)
    events: list[Event] = []
    assemble(
        in_order([clip(take(tmp_path, 1, frames=frames, size=size))], size=size),
        tmp_path / "film.mp4",
        cache=tmp_path / "c",
        join="encode",
        listener=events.append,
    )

    told = [event for event in events if isinstance(event, Encoding)]
    done = [event.done for event in told if event.unit == "frames"]
    assert any(0 < step < frames for step in done)
    assert done[-1] == frames


@dataclass(frozen=True)
class Gate:
    """A look that lets a frame through for each token."""

    tokens: SimpleQueue[None]
    shot: str
    start: int = 0
    end: int = 12
    key: str = "gate"

    def __call__(self, picture: Picture, frame: int) -> Picture:
        """The same picture, once it is let through."""
        self.tokens.get(timeout=300)
        return picture


def test_frames_are_told_while_those_behind_them_wait(tmp_path: Path) -> None:
    """Each that is told lets one more through, so nothing may be told only at the end."""
    timeline = in_order([clip(take(tmp_path, 1, frames=12))])
    gate = Gate(SimpleQueue(), timeline.clips[0].shot)
    told: list[int] = []

    def hear(event: Event) -> None:
        if isinstance(event, Encoding) and event.unit == "frames" and event.done not in told:
            told.append(event.done)
            gate.tokens.put(None)

    for _ in range(3):
        gate.tokens.put(None)
    given: dict[str, Any] = {"recipe": QUICK, "looks": (gate,), "listener": hear}
    assemble(timeline, tmp_path / "film.mp4", cache=tmp_path / "c", **given)
    assert told[-1] == 12
    assert max(after - before for before, after in pairwise(told)) <= 4


@pytest.mark.parametrize("codec", ["hevc", "prores", "dnxhr"])
def test_every_codec_joins(tmp_path: Path, codec: Codec) -> None:
    """Bodies and transitions of one recipe have the same headers."""
    size = Size(256, 144)
    takes = [take(tmp_path, shot, size=size) for shot in (1, 2)]
    timeline = in_order([clip(takes[0], last=15), clip(takes[1], first=8)], size=size)
    timeline = replace(timeline, transitions=(PlacedTransition("dissolve", 16, 2, 2),))
    recipe = RECIPES[codec]
    if codec == "hevc":
        recipe = recipe.having(preset="ultrafast")
    output = tmp_path / f"film.{recipe.container}"

    assemble(timeline, output, cache=tmp_path / "c", recipe=recipe)

    seen = seen_in(output)
    assert seen[:14] + seen[18:] == [
        *planned(timeline, [1, 2])[:14],
        *planned(timeline, [1, 2])[18:],
    ]
    assert probe(output).pix_fmt == recipe.pix_fmt


def test_a_name_that_the_codec_can_not_have_is_refused(tmp_path: Path) -> None:
    """The message says which name would do, and nothing is encoded."""
    timeline = in_order([clip(take(tmp_path, 1))])
    with pytest.raises(MediaError, match=r"name the film \*\.mov"):
        assemble(
            timeline,
            tmp_path / "film.mp4",
            cache=tmp_path / "c",
            recipe=RECIPES["prores"],
        )

    assert not (tmp_path / "c").exists()


def test_an_empty_timeline_is_an_error(tmp_path: Path) -> None:
    """There is no film of no frames."""
    with pytest.raises(MediaError, match="no clips"):
        assemble(in_order([]), tmp_path / "film.mp4", cache=tmp_path / "c")


def test_a_take_that_is_cut_off_makes_no_film(tmp_path: Path) -> None:
    """The film that was there before stays, and nothing half-made is left."""
    media = take(tmp_path, 1)
    media.path.write_bytes(media.path.read_bytes()[:-2000])
    film, cache = tmp_path / "film.mp4", tmp_path / "c"
    film.write_text("yesterday's")

    with pytest.raises(MediaError, match=r"take1\.mp4 is cut off"):
        assemble(in_order([clip(media)]), film, cache=cache, recipe=QUICK)

    assert film.read_text() == "yesterday's"
    assert not list(cache.iterdir())


def test_a_take_with_fewer_frames_than_planned_makes_no_film(tmp_path: Path) -> None:
    """It is never padded or frozen silently."""
    media = take(tmp_path, 1)
    longer = clip(replace(media, frames=30))

    with pytest.raises(MediaError, match="has 24 frames, not 30"):
        assemble(in_order([longer]), tmp_path / "film.mp4", cache=tmp_path / "c", recipe=QUICK)

    assert not (tmp_path / "film.mp4").exists()


def test_a_damaged_segment_is_encoded_again(tmp_path: Path) -> None:
    """What was kept from before is looked at before it is used."""
    timeline = in_order([clip(take(tmp_path, 1)), clip(take(tmp_path, 2))])
    cache = tmp_path / "c"
    assemble(timeline, tmp_path / "film.mp4", cache=cache, recipe=QUICK, join="encode")
    damaged = next(cache.glob("*.mp4"))
    damaged.write_bytes(damaged.read_bytes()[:-100])

    film = assemble(timeline, tmp_path / "film.mp4", cache=cache, recipe=QUICK, join="encode")

    assert film.rendered == 1


class Losing(Executor):
    """Its work is done, and the newest piece of it removed so many times."""

    def __init__(self, folder: Path, times: int) -> None:
        self.folder, self.times = folder, times

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Done at once."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        if self.times:
            self.times -= 1
            max(self.folder.iterdir(), key=lambda path: path.stat().st_mtime_ns).unlink()
        return future


@pytest.mark.parametrize("join", ["auto", "encode"])
def test_a_segment_that_is_removed_meanwhile_is_made_again(tmp_path: Path, join: Any) -> None:
    """Somebody cleans the cache while the film is made: it is the same film."""
    timeline = in_order([clip(take(tmp_path, 1)), clip(take(tmp_path, 2))])
    cache = tmp_path / "c"
    losing = Losing(cache, 1)

    film = assemble(
        timeline, tmp_path / "film.mp4", cache=cache, recipe=QUICK, join=join, executor=losing
    )

    assert seen_in(film.path) == planned(timeline, [1, 2])
    assert losing.times == 0


def test_segments_that_are_never_there_make_no_film(tmp_path: Path) -> None:
    """As where workers of another machine see another folder of this name."""
    timeline = in_order([clip(take(tmp_path, 1))])
    cache = tmp_path / "c"

    with pytest.raises(MediaError, match="sees another folder of this name"):
        assemble(
            timeline,
            tmp_path / "film.mp4",
            cache=cache,
            recipe=QUICK,
            join="encode",
            executor=Losing(cache, 10),
        )


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit on file sizes")
@pytest.mark.parametrize("missing", ["a byte", "half", "nearly all"])
@pytest.mark.parametrize("stage", ["segments", "film"])
def test_a_full_disk_makes_no_film(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], stage: str, missing: str
) -> None:
    """Wherever the disk fills up: in a segment, in the film, in its index or its labels."""
    timeline = in_order([clip(take(tmp_path, shot)) for shot in range(3)])
    film, cache = tmp_path / "film.mp4", tmp_path / "c"
    assemble(timeline, film, cache=cache, recipe=QUICK, join="encode")
    full = film.stat().st_size
    if stage == "segments":
        full = max(segment.stat().st_size for segment in cache.iterdir())
        for segment in cache.iterdir():
            segment.unlink()
    film.unlink()
    room = {"a byte": full - 1, "half": full // 2, "nearly all": 100}[missing]

    with _no_file_above(room), pytest.raises(MediaError, match="can't be written"):
        assemble(timeline, film, cache=cache, recipe=QUICK, join="encode")

    assert not film.exists()
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(".")]
    assert capfd.readouterr().err == ""


class Dying(Executor):
    """An executor whose process dies on the way."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A future that broke."""
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool("a process was terminated abruptly"))
        return future


def test_an_encoder_that_dies_makes_no_film(tmp_path: Path) -> None:
    """A killed process is an error of the film, not a traceback of the pool."""
    timeline = in_order([clip(take(tmp_path, 1))])
    film = tmp_path / "film.mp4"

    with pytest.raises(MediaError, match="died"):
        assemble(timeline, film, cache=tmp_path / "c", recipe=QUICK, executor=Dying())

    assert not film.exists()


def test_closing_stops_what_is_being_encoded(tmp_path: Path) -> None:
    """Between two frames; what was half-made is gone."""
    media = take(tmp_path, 1)
    still = Clip("a", "s", 1, media, 0, 5_000, first=0, last=0, span=1)
    timeline = in_order([still])
    cache = tmp_path / "c"
    cache.mkdir()
    segments = Segments(cache, recipe=QUICK)
    segments.start(timeline)

    segments.close()

    assert not list(cache.iterdir())


class _no_file_above:
    """Let this process write no file beyond a size, as a disk does that is almost full."""

    def __init__(self, size: int) -> None:
        self._size = size

    def __enter__(self) -> None:
        import resource
        import signal

        self._handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        self._before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self._size, self._before[1]))

    def __exit__(self, *error: object) -> None:
        import resource
        import signal

        resource.setrlimit(resource.RLIMIT_FSIZE, self._before)
        signal.signal(signal.SIGXFSZ, self._handler)
