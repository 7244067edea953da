"""One request for many keyframes: one purchase, several shots, each its own range of the take."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import storyboard
from storyboard import fal
from storyboard.accounting.decisions import cancel
from storyboard.accounting.resolving import Decision, resolve
from storyboard.errors import Interrupted, StoryboardError
from storyboard.events import Event, State, TakeChanged
from storyboard.generating.backoff import Pace
from storyboard.generating.scheduler import Stop
from storyboard.loading.checked import CheckedStoryboard
from storyboard.loading.load import load
from storyboard.models.evidence import Evidence
from storyboard.models.keyframes import AtFrames
from storyboard.models.lengths import Lengths, number
from storyboard.models.model import StillLimits
from storyboard.models.price import per_second
from storyboard.models.row import ModelRow
from storyboard.models.table import MODELS
from storyboard.planning.data import as_data
from storyboard.planning.planner import plan
from storyboard.reimport.changes import changes
from storyboard.reimport.known import known_of
from storyboard.reimport.readers.kinds import read_edited
from storyboard.testing import FakeClip, FakeService, Fault, acts, codes
from storyboard.video.reader import read
from storyboard.workflows.conform import all_takes
from storyboard.workflows.finish import Finish
from storyboard.workflows.source import plan_with, store_for
from tests.boards import still

QUICK = Pace(scale=0.01)
SMALL = Finish(preview=True)

MANY = ModelRow(
    alias="many",
    endpoint="owner/many/keyframes-to-video",
    start="keyframes",
    end="",
    lengths=Lengths(tuple(range(5, 21)), written=number),
    stills=StillLimits(),
    tariff=per_second(100_000),
    evidence=Evidence("2026-11-26", "made for a test"),
    prompt_limit=2000,
    covers=2,
    compose=AtFrames(rate=24),
)
"""A model that takes up to three keyframes, each at a frame of its own."""


def board(folder: Path, *, lengths: tuple[int, ...] = (2, 4), extra: str = "") -> Path:
    """A scene whose shots are so long."""
    lines = ["version: 1", "model: many", *([extra] if extra else []), "keyframes:"]
    for i, length in enumerate(lengths):
        still(folder / f"{i}.png", i)
        lines.append(f"  - image: {i}.png")
        lines.append(f"    shot: {{prompt: It rolls on to {i + 1}, duration: {length}}}")
    still(folder / f"{len(lengths)}.png", len(lengths))
    lines.append(f"  - image: {len(lengths)}.png")
    path = folder / "film.yaml"
    path.write_text("\n".join(lines) + "\n")
    return path


def loaded(path: Path) -> CheckedStoryboard:
    """The storyboard, with the model that takes many keyframes."""
    return load(path, models=MODELS.having(MANY))


def seen(film: Path) -> list[tuple[int, int]]:
    """Which request's and which frame each frame of the film is, by the codes painted in it."""
    found = [codes.read(picture) for picture in read(film)]
    return [(code.shot, code.frame) for code in found if code]


def test_two_shots_are_one_purchase(tmp_path: Path) -> None:
    """One key, one price, each keyframe at its moment; every shot knows its own part."""
    made = plan(loaded(board(tmp_path)))
    (purchase,) = made.purchases
    assert purchase.covers == ("sh010", "sh020")
    assert made.price_microusd == purchase.price_microusd == 600_000
    assert [shot.price_microusd for shot in made.shots] == [600_000, 0]
    assert [shot.picked.same_as for shot in made.shots] == ["", "sh010"]
    assert [tuple(map(int, shot.span)) for shot in made.shots] == [(0, 2), (2, 6)]
    assert purchase.request.arguments == {
        "prompt": "It rolls on to 1 Then: It rolls on to 2",
        "duration": 6,
        "keyframes": [{"frame_index": 0}, {"frame_index": 48}, {"frame_index": 144}],
    }
    assert list(purchase.request.pictures) == [f"keyframes.{i}.image_url" for i in range(3)]
    assert as_data(made)["shots"][1]["takes"][0]["same_as"] == "sh010"


def test_as_few_requests_as_the_model_allows(tmp_path: Path) -> None:
    """Neighbours share their keyframe; a run stops at the model's limits."""
    made = plan(loaded(board(tmp_path, lengths=(5, 5, 5, 18))))
    assert [purchase.covers for purchase in made.purchases] == [
        ("sh010", "sh020"),
        ("sh030",),
        ("sh040",),
    ]


def test_a_run_stops_where_its_words_are_too_many(tmp_path: Path) -> None:
    """Each prompt is short enough; together they are not."""
    terse = MODELS.having(replace(MANY, prompt_limit=25))
    made = plan(load(board(tmp_path), models=terse))
    assert [purchase.covers for purchase in made.purchases] == [("sh010",), ("sh020",)]


def test_one_keyframe_renews_its_purchase_alone(tmp_path: Path) -> None:
    """Whichever of its pictures changes, and no other's."""
    path = board(tmp_path, lengths=(5, 5, 5))
    before = plan(loaded(path))
    earlier = {shot.id: shot.request.canonical() for shot in before.shots}
    still(tmp_path / "1.png", 7)
    after = plan(loaded(path), earlier=earlier)
    same = [a.picked.key == b.picked.key for a, b in zip(before.shots, after.shots, strict=True)]
    assert same == [False, False, True]
    assert after.shots[1].renewed == "end keyframe 1 changed"


def test_the_film_shows_each_shots_own_frames(tmp_path: Path) -> None:
    """Paid once; all frames of the take in their order, and the shared keyframe once."""
    heard: list[Event] = []
    with FakeService() as service, service.applied():
        film = storyboard.render(
            loaded(board(tmp_path)),
            max_cost="$1.00",
            listener=heard.append,
            pace=QUICK,
            finish=SMALL,
        )
        (request,) = service.paid
    clips = film.timeline.clips
    assert seen(film.path) == [(0, frame) for frame in range(145)]
    assert [(clip.shot, clip.start, clip.first, clip.frames) for clip in clips] == [
        ("sh010", 0, 0, 48),
        ("sh020", 48, 48, 97),
    ]
    assert all(clip.one_to_one for clip in clips)
    sent = request.arguments["keyframes"]
    assert [part["frame_index"] for part in sent] == [0, 48, 144]
    assert len({part["image_url"] for part in sent}) == 3
    reused = [e.shot for e in heard if isinstance(e, TakeChanged) and e.state is State.REUSED]
    assert reused == ["sh020"]
    assert film.cost_microusd == 600_000
    assert [film.timeline.note(shot).cost_microusd for shot in ("sh010", "sh020")] == [600_000, 0]


def test_a_second_run_pays_nothing(tmp_path: Path) -> None:
    """Both shots find their take, and another cut of it is free."""
    path = board(tmp_path)
    with FakeService() as service, service.applied():
        storyboard.render(loaded(path), max_cost="$1.00", pace=QUICK, finish=SMALL)
        path.write_text(path.read_text() + "cut: [sh020]\n")
        film = storyboard.render(loaded(path), pace=QUICK, finish=SMALL)
        assert len(service.paid) == 1
    assert seen(film.path) == [(0, frame) for frame in range(48, 145)]


def test_a_take_of_another_length_keeps_its_keyframes_in_proportion(tmp_path: Path) -> None:
    """Three seconds come for six: the middle keyframe is looked for at a third."""
    with FakeService(footage=FakeClip(seconds=3.0)) as service, service.applied():
        film = storyboard.render(
            loaded(board(tmp_path)), max_cost="$1.00", pace=QUICK, finish=SMALL
        )
    first, second = film.timeline.clips
    assert [first.first, first.media_frame(first.frames), second.first] == [0, 24, 24]
    assert second.media_frame(second.frames - 1) == 72


def test_a_draft_is_drawn_shot_by_shot(tmp_path: Path) -> None:
    """The animatic needs no request at all."""
    film = storyboard.render(loaded(board(tmp_path)), draft=True, finish=SMALL)
    assert [clip.shot for clip in film.timeline.clips] == ["sh010", "sh020"]
    assert film.timeline.frames == 145


def test_only_one_of_its_shots(tmp_path: Path) -> None:
    """The whole purchase is bought for it, and the other shot has its part as well."""
    path = board(tmp_path)
    with FakeService() as service, service.applied():
        board_ = loaded(path)
        storyboard.render(board_, only=["sh020"], max_cost="$1.00", pace=QUICK, finish=SMALL)
        assert len(service.paid) == 1
        assert plan_with(board_, store_for(path)).price == 0


def test_a_refusal_stands_at_its_keyframes_line(tmp_path: Path) -> None:
    """The third keyframe is the second shot's end: line 8 of the file."""
    refused = {"loc": ["body", "keyframes", 2, "image_url"], "msg": "no", "type": "x", "input": ""}
    with FakeService() as service, service.applied():
        service.inject(Fault("submit", acts.answer(422, {"detail": [refused]})))
        with pytest.raises(StoryboardError, match=r"film.yaml:8:\d+: sh010: .*no"):
            storyboard.render(loaded(board(tmp_path)), max_cost="$1.00", pace=QUICK)


def interrupted(path: Path, at: State) -> None:
    """Render it, and wish to stop once its take has reached a state."""
    stop = Stop()

    def listen(event: Event) -> None:
        if isinstance(event, TakeChanged) and event.state is at:
            stop.wish()

    with pytest.raises(Interrupted):
        storyboard.render(loaded(path), max_cost="$1.00", pace=QUICK, stop=stop, listener=listen)


def test_what_two_shots_share_is_cancelled_by_either_name(tmp_path: Path) -> None:
    """Queued, and given up for both."""
    path = board(tmp_path)
    with FakeService(queue=1000) as service, service.applied():
        interrupted(path, State.QUEUED)
        with closing(fal.Fal(fal.key.find())) as account:
            (done,) = cancel(store_for(path), path, account, shots=["sh020"])
    assert (done.cancelled, done.covers) == (True, ("sh010", "sh020"))


def test_what_two_shots_share_is_decided_by_either_name(tmp_path: Path) -> None:
    """Its answer was lost: the second shot's name finds it, and says that both are in it."""
    path = board(tmp_path)
    with FakeService() as service, service.applied():
        service.inject(Fault("submit", acts.drop(accepted=False)))
        with pytest.raises(StoryboardError):
            storyboard.render(loaded(path), max_cost="$1.00", pace=Pace(scale=0))
    found = resolve(store_for(path), path, "sh020", Decision.RESUBMIT, even_so=True)
    assert [(one.shot, one.covers) for one in found] == [("sh010", ("sh010", "sh020"))]


def test_an_export_writes_a_shared_take_once(tmp_path: Path) -> None:
    """One file, called after its shots; each clip has its own range of it, and comes back."""
    path = board(tmp_path)
    with FakeService() as service, service.applied():
        film = storyboard.render(loaded(path), max_cost="$1.00", pace=QUICK, finish=SMALL)
    store = store_for(path)
    takes = all_takes(plan_with(loaded(path), store), store)
    made = storyboard.export(film.timeline, tmp_path / "cut", formats=["all"], takes=takes)
    movies = [file for file in made.files if file.suffix == ".mov"]
    assert [file.name for file in movies] == ["sh010-sh020_v001.mov"]
    for ending in (".otio", ".xml", ".fcpxml", ".edl", ".mlt"):
        (cut,) = (file for file in made.files if file.suffix == ending)
        read_back = read_edited(cut, known_of(film.timeline, ("sh010", "sh020")))
        assert [(clip.shot, clip.frames) for clip in read_back.clips] == [
            ("sh010", 48),
            ("sh020", 97),
        ]
        assert read_back.notes == ()
        assert not changes(film.timeline, read_back)
