"""The whole path from Python: what is reused, what is mixed, what is said, what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import storyboard
from storyboard.errors import FileTrouble, InvalidStoryboard, MediaError, NotAllowed
from storyboard.events import Encoding, Event, Noticed, State, TakeChanged
from storyboard.generating.backoff import Pace
from storyboard.testing import FakeService, codes
from storyboard.video.probing import VideoFacts, probe
from storyboard.video.reader import read
from storyboard.workflows.film_steps import outputs_for
from storyboard.workflows.finish import Finish
from storyboard.workflows.source import plan_with
from tests.boards import board, rated, still

QUICK = Pace(scale=0.01)
SMALL = Finish(preview=True)
PLENTY = 10_000_000
"""Ten dollars."""


def test_one_call_makes_a_film_and_tells_what_happens(tmp_path: Path) -> None:
    """`storyboard.render` from a file: states of each take in order, then the encoding."""
    heard: list[Event] = []
    film = board(tmp_path, keyframes=2)
    with FakeService() as service, service.applied():
        made = storyboard.render(film, max_cost=PLENTY, listener=heard.append, pace=QUICK)
    assert made.complete
    assert made.cost_microusd == 252_000
    assert probe(made.path).frames == made.timeline.frames == 73
    states = [e.state for e in heard if isinstance(e, TakeChanged)]
    order = [State.WAITING, State.UPLOADING, State.SENDING, State.QUEUED, State.DONE]
    assert [states.index(state) for state in order] == sorted(states.index(s) for s in order)
    assert any(isinstance(e, Encoding) and e.done == e.total for e in heard)


def test_nothing_is_paid_without_an_answer(tmp_path: Path) -> None:
    """Neither a cap nor an approval: `NotAllowed`, and no request."""
    with FakeService() as service, service.applied():
        with pytest.raises(NotAllowed, match="Nothing was spent"):
            storyboard.render(board(tmp_path))
        assert service.requests() == []


def test_who_approves_sees_the_price(tmp_path: Path) -> None:
    """`approve` is given the plan before anything is sent."""
    asked: list[int] = []

    def no(plan: storyboard.Plan) -> bool:
        asked.append(plan.price_microusd)
        return False

    with FakeService() as service, service.applied(), pytest.raises(NotAllowed):
        storyboard.render(board(tmp_path), approve=no)
    assert asked == [504_000]


def test_a_model_in_doubt_has_to_be_accepted(tmp_path: Path) -> None:
    """`accept` names it, in `Run` or as a keyword; a cap alone sends nothing, nor does `generate`
    without it, and a draft needs none."""
    film = board(tmp_path, keyframes=2, extra=["model: wan-2.2-turbo"])
    loaded = storyboard.load(film)
    store = storyboard.Store(tmp_path / ".storyboard")
    with FakeService() as service, service.applied():
        with pytest.raises(NotAllowed, match=r"wan-2\.2-turbo: .* `accept` wan-2\.2-turbo buys it"):
            storyboard.render(film, max_cost=PLENTY, pace=QUICK)
        with pytest.raises(NotAllowed, match=r"`accept` wan-2\.2-turbo"):
            storyboard.generate(storyboard.plan(loaded), store, accept=["veo-3.1"], pace=QUICK)
        assert service.requests() == []
        assert storyboard.render(film, draft=True, finish=SMALL).cost_microusd == 0
        run = storyboard.Run(accept=["wan-2.2-turbo"], max_cost="$1.00", pace=QUICK)
        assert storyboard.render(film, run=run, finish=SMALL).complete
        assert len(service.paid) == 1


def test_a_draft_shows_paid_takes_where_they_are(tmp_path: Path) -> None:
    """With one shot paid and one not, the animatic mixes the take and a drawing, for nothing."""
    film = board(tmp_path, keyframes=3)
    with FakeService() as service, service.applied():
        storyboard.render(film, only=["sh020"], max_cost=PLENTY, pace=QUICK, finish=SMALL)
        paid = len(service.paid)
    made = storyboard.render(film, draft=True, finish=SMALL)
    assert paid == 1
    assert [clip.media.kind for clip in made.timeline.clips] == ["take", "take"]
    assert made.timeline.burn_in == ("sh010",)
    seen = [codes.read(picture) for picture in read(made.path)]
    assert [code.frame for code in seen if code][-73:] == [*range(73)]


def test_an_editorial_change_costs_nothing(tmp_path: Path) -> None:
    """Captions, speed, holds and titles change the film and no key: the second render is free."""
    film = board(tmp_path, keyframes=3)
    with FakeService() as service, service.applied():
        storyboard.render(film, max_cost=PLENTY, pace=QUICK, finish=SMALL)
        board(
            tmp_path,
            keyframes=3,
            extra=["titles: [{at: 0, duration: 1, text: Rolling}]"],
            shot="speed: 2, hold: 6f, captions: [{at: 0, duration: 1, text: on}]",
        )
        made = storyboard.render(film, pace=QUICK, finish=SMALL)
        assert len(service.paid) == 2
    # Each shot keeps all 73 frames (what it holds is its own last one), at twice the speed.
    assert made.timeline.frames == 2 * (37 + 6)
    assert {words.text for words in made.timeline.words} == {"Rolling", "on"}


def test_only_changed_pieces_are_encoded_again(tmp_path: Path) -> None:
    """A caption in the second shot leaves the first one's piece of the film as it was."""
    film = board(tmp_path, keyframes=3)
    storyboard.render(film, draft=True, finish=SMALL)
    segments = tmp_path / ".storyboard" / "segments"
    before = {path: path.stat().st_mtime_ns for path in segments.glob("*.mp4")}
    text = film.read_text()
    film.write_text(text.replace("to 2}", 'to 2, captions: [{at: 1, duration: 1, text: "now"}]}'))
    storyboard.render(film, draft=True, finish=SMALL)
    new = {path for path in segments.glob("*.mp4") if path not in before}
    assert len(before) >= 2
    assert 1 <= len(new) <= 3


def test_the_film_is_for_moviepy_to_go_on_with(tmp_path: Path) -> None:
    """`storyboard.film` gives a moviepy clip of the finished cut."""
    made = storyboard.render(board(tmp_path, keyframes=2), draft=True, finish=SMALL)
    clip = storyboard.film(made.timeline)
    try:
        assert clip.size == (320, 320)
        assert clip.get_frame(0).shape == (320, 320, 3)
        assert round(clip.duration * clip.fps) == made.timeline.frames
    finally:
        clip.close()


def test_files_beside_the_film(tmp_path: Path) -> None:
    """Captions as files, a poster, and pictures of the seams, each where it was asked for."""
    film = board(tmp_path, keyframes=3, shot='captions: [{at: 0, duration: 1, text: "Hello"}]')
    finish = replace(
        SMALL, captions="files", poster=tmp_path / "poster.jpg", pictures=tmp_path / "seams"
    )
    made = storyboard.render(film, draft=True, finish=finish)
    names = {path.name for path in made.beside}
    assert names == {"film.draft.srt", "film.draft.vtt", "poster.jpg"}
    assert "Hello" in (tmp_path / "film.draft.srt").read_text()
    assert len(list((tmp_path / "seams").glob("*.png"))) == 1
    assert made.timeline.words == ()


def test_prompts_in_another_order_keep_every_take(tmp_path: Path) -> None:
    """`cut:` shows the shots in another order; nothing is drawn or bought again."""
    film = board(tmp_path, keyframes=4)
    storyboard.render(film, draft=True, finish=SMALL)
    board(tmp_path, keyframes=4, extra=["cut: [sh030, {shot: sh010, duration: 1}]"])
    heard: list[Event] = []
    made = storyboard.render(film, draft=True, finish=SMALL, listener=heard.append)
    assert {e.state for e in heard if isinstance(e, TakeChanged)} == {State.REUSED}
    assert [clip.shot for clip in made.timeline.clips] == ["sh030", "sh010"]
    assert made.timeline.frames == 73 + 24


def test_the_plan_knows_what_the_store_has(tmp_path: Path) -> None:
    """A rendered shot is done and free; changing its keyframe says why it is not any more."""
    film = board(tmp_path, keyframes=2)
    with FakeService() as service, service.applied():
        storyboard.render(film, max_cost=PLENTY, pace=QUICK, finish=SMALL)
    store = storyboard.Store(tmp_path / ".storyboard")
    assert plan_with(storyboard.load(film), store).price_microusd == 0
    still(tmp_path / "0.png", 50)
    renewed = plan_with(storyboard.load(film), store)
    assert renewed.price_microusd == 252_000
    assert renewed.shots[0].renewed == "start keyframe 0 changed"


def test_a_rating_renews_nothing(tmp_path: Path) -> None:
    """What a picture's file says about it is neither sent nor named: nothing to pay."""
    film = board(tmp_path, keyframes=3)
    with FakeService() as service, service.applied():
        storyboard.render(film, max_cost=PLENTY, pace=QUICK, finish=SMALL)
    rated(tmp_path / "1.png")
    made = plan_with(storyboard.load(film), storyboard.Store(tmp_path / ".storyboard"))
    assert made.price_microusd == 0
    assert [shot.renewed for shot in made.shots] == ["", ""]


def test_a_picture_may_be_rated_between_plan_and_upload(tmp_path: Path) -> None:
    """It is the picture that was planned; another picture stops the run before it is paid."""
    loaded = storyboard.load(board(tmp_path, keyframes=2))
    first = next(loaded.shots).start.still
    rated(tmp_path / "0.png")
    assert first.read() == (tmp_path / "0.png").read_bytes()
    still(tmp_path / "0.png", 9)
    with pytest.raises(MediaError, match="has changed since it was read"):
        first.read()


def test_the_plan_counts_frames_as_the_cut_does(tmp_path: Path) -> None:
    """Each scene keeps the frame that it ends on; trims, holds and speed count, too."""
    film = board(tmp_path, keyframes=4, shot="hold: 6f, speed: 2")
    made = plan_with(storyboard.load(film), storyboard.Store(tmp_path / ".storyboard"), draft=True)
    done = storyboard.render(film, draft=True, finish=SMALL)
    assert made.frames == done.timeline.frames


def test_only_shows_drafts_of_the_others(tmp_path: Path) -> None:
    """A shot that is not asked for shows its draft; where it has none, its still, which is said."""
    film = board(tmp_path, keyframes=3)
    heard: list[Event] = []
    with FakeService() as service, service.applied():
        bare = storyboard.render(
            film, only=["sh020"], max_cost=PLENTY, pace=QUICK, finish=SMALL, listener=heard.append
        )
        storyboard.render(film, draft=True, finish=SMALL)
        shown = storyboard.render(film, only=["sh020"], pace=QUICK, finish=SMALL)
    assert bare.held == ("sh010",)
    assert [e.message for e in heard if isinstance(e, Noticed)] == [
        "was not asked for; its still is held instead"
    ]
    assert (shown.held, shown.timeline.burn_in) == ((), ("sh010",))


def test_a_film_never_takes_the_place_of_its_storyboard(tmp_path: Path) -> None:
    """The output may be none of the inputs, by whatever name."""
    loaded = storyboard.load(board(tmp_path))
    for name in ("0.png", "film.yaml"):
        with pytest.raises(FileTrouble):
            outputs_for(loaded, [tmp_path / "." / name])


def test_all_mistakes_are_one_error(tmp_path: Path) -> None:
    """Two mistakes, one exception, nothing made."""
    film = board(tmp_path, shot="duration: -1, pick: 9")
    with pytest.raises(InvalidStoryboard) as caught:
        storyboard.render(film, draft=True)
    assert len(caught.value.mistakes) >= 2


def test_drawing_is_told_in_parts(tmp_path: Path) -> None:
    """How far each draft is, up to the whole of it, and never back."""
    heard: list[Event] = []
    storyboard.render(board(tmp_path, keyframes=2), draft=True, finish=SMALL, listener=heard.append)
    drawing = [e for e in heard if isinstance(e, TakeChanged) and e.state is State.DRAWING]
    told = [e.fraction for e in drawing if e.fraction is not None]
    assert drawing[0].fraction is None
    assert len(told) > 20
    assert told == sorted(told)
    assert told[-1] == 1


def drafts(film: Path) -> dict[str, VideoFacts]:
    """The drafts of a store, by key."""
    found = (film.parent / ".storyboard" / "takes").glob("*.mp4")
    return {path.stem: probe(path) for path in found}


def test_a_preview_draws_small_drafts_with_keys_of_their_own(tmp_path: Path) -> None:
    """They don't pass for drafts of the usual size, which are drawn when they are wanted."""
    film = board(tmp_path, keyframes=2, extra=["size: 640x640"])
    first = storyboard.render(film, draft=True, finish=SMALL)
    small = drafts(film)
    storyboard.render(film, draft=True)
    both = drafts(film)
    assert [str(facts.size) for facts in small.values()] == ["240x240"]
    assert sorted(str(facts.size) for facts in both.values()) == ["240x240", "640x640"]
    assert (first.timeline.frames, str(first.timeline.size)) == (73, "640x640")


def test_a_preview_uses_the_usual_drafts_that_are_there(tmp_path: Path) -> None:
    """Nothing is drawn again."""
    film = board(tmp_path, keyframes=2, extra=["size: 640x640"])
    storyboard.render(film, draft=True)
    before = drafts(film)
    storyboard.render(film, draft=True, finish=SMALL)
    assert drafts(film) == before


def test_a_preview_without_a_size_is_as_large_as_with_one(tmp_path: Path) -> None:
    """The film's size is its stills', however small its drafts are drawn."""
    made = storyboard.render(board(tmp_path, keyframes=2), draft=True, finish=SMALL)
    assert str(made.timeline.size) == "320x320"
    assert [str(facts.size) for facts in drafts(tmp_path / "film.yaml").values()] == ["120x120"]
