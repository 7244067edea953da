"""The request was sent and the answer never came: it is looked for, and never sent again."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from storyboard.errors import Charged, LostAnswer
from storyboard.events import Event, State, TakeChanged
from storyboard.takes.holding import Standing
from storyboard.testing import FakeService, Fault, Listing, acts
from storyboard.testing.acts import Act, Proceed
from storyboard.testing.visits import Visit
from storyboard.testing.wire import Reply
from tests.money.runs import SHORT, SMALL, Set, delivered, quick

LOST: dict[str, Act] = {
    "the connection breaks": acts.drop(accepted=True),
    "the connection is reset": acts.drop(accepted=True, reset=True),
    "nginx says 502": acts.nginx(502, accepted=True),
    "nginx says 503": acts.nginx(503, accepted=True),
    "nginx says 504": acts.nginx(504, accepted=True),
    "the service says 500": acts.answer(500, {"detail": "oops"}, accepted=True),
    "the service says 503": acts.unavailable(accepted=True),
    "the service says 408": acts.answer(408, {"detail": "slow"}, accepted=True),
    "the service says 409": acts.answer(409, {"detail": "conflict"}, accepted=True),
    "a redirect": acts.answer(302, "", headers={"Location": "https://fal.run/"}, accepted=True),
    "an empty answer": acts.answer(200, "", accepted=True),
    "an answer that is not JSON": acts.answer(200, "<html>hello</html>", accepted=True),
    "an answer that is a list": acts.answer(200, [], accepted=True),
    "an answer without an id": acts.without("request_id"),
    "an id that can be none": acts.put(request_id="../../x"),
}


@pytest.mark.parametrize("how", LOST)
def test_a_lost_answer_is_found_in_the_history(one: Set, how: str) -> None:
    """Whatever the answer was lost to: one payment, and the clip."""
    # Given a service whose first answer is lost on its way
    one.wrong("submit", LOST[how])
    # When the storyboard is rendered
    made = one.render()
    # Then the request was found again, and everything is there
    assert delivered(made)
    assert one.paid == 1
    assert one.states() == ["KEPT"]
    assert any("looking for it" in notice for notice in one.notices)


@pytest.mark.parametrize(
    "act",
    [
        acts.without("status_url"),
        acts.without("status_url", "response_url", "cancel_url"),
        acts.put(status_url="https://evil.example/status"),
        acts.put(response_url="http://queue.fal.run/x/requests/1"),
        acts.put(cancel_url="https://queue.fal.run/x/requests/another/cancel"),
    ],
    ids=["one missing", "all missing", "somebody else's", "not encrypted", "another request's"],
)
def test_an_id_in_hand_is_kept_whatever_the_addresses(one: Set, act: Act) -> None:
    """The id is written down, and addresses are built from it by the documented rule."""
    one.wrong("submit", act)
    one.wrong("history", acts.nginx(503), times=None)
    assert delivered(one.render())
    assert one.paid == 1
    (row,) = one.rows()
    assert row.request_id == one.service.paid[0].request_id
    assert all(url.startswith("https://queue.fal.run/") for url in row.urls.values())


def test_an_answer_that_is_too_slow_is_lost(one: Set) -> None:
    """A read timeout after the POST: looked for, not repeated."""
    from storyboard.fal import Fal, Limits
    from storyboard.generating.generate import generate

    held = one.service.inject(Fault("submit", acts.hold(accepted=True)))
    with one.service.applied():
        fal = Fal(one.service.key, limits=Limits(submit=0.3))
        made = generate(one.plan(), one.store, service=fal, pace=quick())
        fal.close()
    held.release()
    assert delivered(made)
    assert one.paid == 1


def test_a_request_that_is_nowhere_is_held(one: Set) -> None:
    """Nothing in the history: the shot is unknown, with its time and its price."""
    # Given an answer that is lost and a history that knows nothing
    one.wrong("submit", acts.drop(accepted=True))
    one.wrong("history", acts.empty_page(), times=None)
    # When it is rendered
    (lost,) = one.render().failures
    # Then it is told as what it is
    assert isinstance(lost.error, LostAnswer)
    assert lost.state is State.UNKNOWN
    assert lost.charged is Charged.POSSIBLY
    assert "for $0.252" in str(lost.error)
    assert time.strftime("%Y-%m-%d") in str(lost.error)
    assert "storyboard resolve" in str(lost.error)
    # And the plan neither buys it again nor prices it
    take = one.plan().shots[0].takes[0]
    assert take.standing is Standing.UNKNOWN
    assert take.price_microusd == 0
    assert one.plan().price_microusd == 0


def test_a_held_request_is_not_sent_again_by_any_run(one: Set) -> None:
    """Run it as often as you like: one payment."""
    one.wrong("submit", acts.drop(accepted=True))
    one.wrong("history", acts.empty_page(), times=None)
    for _ in range(3):
        one.render()
    assert one.paid == 1
    assert len(one.service.requests(place="submit")) == 1
    assert one.states() == ["SENDING"]


def test_a_later_run_finds_what_the_first_did_not(one: Set) -> None:
    """The history was late: the second run collects it, without a payment."""
    one.wrong("submit", acts.drop(accepted=True))
    late = one.service.inject(Fault("history", acts.empty_page(), times=None))
    one.render()
    late.withdraw()
    assert delivered(one.render())
    assert one.paid == 1


def test_the_other_shots_go_on(three: Set) -> None:
    """One lost answer does not keep the others."""
    three.wrong("submit", acts.drop(accepted=True), skip=1)
    three.wrong("history", acts.empty_page(), times=None)
    made = three.render(jobs=1)
    assert [failure.state for failure in made.failures] == [State.UNKNOWN]
    assert len(made.clips) == 2
    assert three.paid == 3


@pytest.mark.parametrize(
    ("how", "act"),
    [
        ("each is listed twice", acts.twins()),
        ("nothing is said about what was sent", acts.unreadable()),
        ("the key may not look", acts.bad_key()),
        ("it is down", acts.answer(500, "down")),
        ("it is not JSON", acts.answer(200, "hello")),
        ("it is odd JSON", acts.answer(200, {"items": [None, 3, {"request_id": 7}, {}]})),
    ],
)
def test_a_history_that_is_no_use_is_never_guessed_from(one: Set, how: str, act: Act) -> None:
    """Doubt is for people: held, not sent again, nothing adopted."""
    one.wrong("submit", acts.drop(accepted=True))
    one.wrong("history", act, times=None)
    (lost,) = one.render().failures
    assert lost.state is State.UNKNOWN
    assert one.paid == 1
    assert one.states() == ["SENDING"]


def test_a_history_in_many_pages_is_read_to_its_end(
    tmp_path_factory: pytest.TempPathFactory, stage: Callable[..., Set]
) -> None:
    """The request is on the last of several pages."""
    with FakeService(footage=SMALL, listing=Listing(page=1)) as service:
        several = stage(keyframes=5)
        several.service = service
        # Given requests that came after the one whose answer was lost
        several.wrong("submit", acts.drop(accepted=True))
        made = several.render(jobs=1)
        assert delivered(made)
        assert len(service.paid) == 4


def test_a_request_that_is_listed_only_when_it_is_finished(stage: Callable[..., Set]) -> None:
    """fal.ai may list what is finished alone: it is looked for long enough."""
    with FakeService(footage=SMALL, run=0.6) as service:
        slow = stage(keyframes=2)
        slow.service = service
        slow.wrong("submit", acts.drop(accepted=True))
        assert delivered(slow.render())
        assert len(service.paid) == 1


def listed_as(**other: object) -> Act:
    """List each request as if these arguments had been sent."""

    def change(page: dict[str, list[dict[str, dict[str, object]]]]) -> object:
        for item in page["items"]:
            item["json_input"] = item["json_input"] | other
        return page

    return acts.edit(change)


@pytest.mark.parametrize(
    "other",
    [
        {"prompt": "The  ball rolls on\nto 1 "},
        {"duration": 3},
        {"cfg_scale": 0.5},
    ],
)
def test_what_a_service_tidies_up_does_not_hide_a_request(
    one: Set, other: dict[str, object]
) -> None:
    """Space around words, a number's kind, a default that is filled in: it is the same request."""
    one.wrong("submit", acts.drop(accepted=True))
    one.wrong("history", listed_as(**other), times=None)
    assert delivered(one.render())
    assert one.paid == 1


@pytest.mark.parametrize(
    "other",
    [
        {"prompt": "The ball rolls off"},
        {"duration": "5"},
        {"start_image_url": "https://v3.fal.media/files/b/one/other.png"},
        {"end_image_url": None},
        {"tail_image_url": "https://v3.fal.media/files/b/one/other.png"},
    ],
)
def test_a_request_that_differs_in_anything_is_another(one: Set, other: dict[str, object]) -> None:
    """One other argument, and it is not taken for the lost one: held, and not sent again."""
    one.wrong("submit", acts.drop(accepted=True))
    one.wrong("history", listed_as(**other), times=None)
    (lost,) = one.render().failures
    assert lost.state is State.UNKNOWN
    assert one.paid == 1
    assert one.states() == ["SENDING"]


def test_what_is_listed_in_part_is_in_doubt(one: Set) -> None:
    """Its own pictures with other words: nobody takes it, and nobody says that it was not there."""
    one.wrong("submit", acts.drop(accepted=True))
    one.wrong("history", listed_as(prompt="other words"), times=None)
    one.render()
    store = one.store
    doubts = [line["detail"] for line in store.ledger.journal() if "vain" in line["event"]]
    store.close()
    assert doubts
    assert all("with its pictures, not as it was sent" in doubt for doubt in doubts)


def test_two_equal_requests_that_are_lost_are_both_found(stage: Callable[..., Set]) -> None:
    """Two takes of a shot are sent alike: each lost one gets one of the two."""
    twice = stage(keyframes=2, shot="takes: 2")
    twice.wrong("submit", acts.drop(accepted=True), times=2)
    made = twice.render()
    assert delivered(made)
    assert len(made.clips) == 2
    assert twice.paid == 2
    assert len({row.request_id for row in twice.rows()}) == 2


def test_one_id_for_two_requests_stops_everything(three: Set) -> None:
    """The service gives an id twice: nothing more is sent, and the real one is found later."""
    three.wrong("submit", acts.repeat(), times=2)
    made = three.render(jobs=1)
    # Two were paid, and the third was not sent
    assert three.paid == 2
    assert [failure.charged for failure in made.failures] == [Charged.YES, Charged.NO]
    assert "belongs to another request" in str(made.failures[0].error)
    # The next run finds the second under its own id, and sends the third
    assert delivered(three.render())
    assert three.paid == 3


def test_an_id_that_was_given_twice_brings_no_clip_to_another_shot(three: Set) -> None:
    """Two are sent at once, and the answer of the first reaches the second before its own: whoever
    writes the id down first, each shot gets the clip that it asked for."""
    three.wrong("submit", acts.repeat(), times=2)
    outage = three.outage()
    three.render(jobs=3)
    outage.withdraw()
    for _ in range(2):
        three.render()
    assert delivered(three.render())
    assert three.paid == 3
    assert at_their_own_shots(three)


@dataclass(slots=True)
class Crossed:
    """Two are sent at once: the second gets the first one's answer, and is at home by it before
    the first gets the same."""

    _first: Reply | None = None
    _home: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, _: Visit, proceed: Proceed) -> Reply:
        """Answer so."""
        with self._lock:
            is_first, reply = self._first is None, proceed()
            self._first = self._first or reply
        self._home.wait(30.0 if is_first else 0.0)
        return self._first

    def hear(self, event: Event) -> None:
        """Whether one is at home."""
        if isinstance(event, TakeChanged) and event.state is State.DONE:
            self._home.set()


def test_a_clip_that_came_home_by_anothers_id_is_given_back(three: Set) -> None:
    """The history says whose the id is: the clip does not stay at the wrong shot, in this run or
    after it, and both that were paid come home to their own shots."""
    crossed = Crossed()
    three.wrong("submit", crossed, times=2)
    three.render(jobs=2, hear=crossed.hear)
    assert at_their_own_shots(three)
    assert delivered(three.render())
    assert three.paid == 3
    assert at_their_own_shots(three)


def test_where_the_history_can_not_say_neither_has_the_id(three: Set) -> None:
    """As long as it lists neither, both are unknown, and the clip is at neither shot."""
    crossed = Crossed()
    three.wrong("submit", crossed, times=2)
    silent = three.service.inject(Fault("history", acts.empty_page(), times=None))
    three.patience = SHORT
    made = three.render(jobs=2, hear=crossed.hear)
    unknown = three.render(jobs=2)
    assert not set(made.clips) & {row.key for row in three.rows() if row.state == "SENDING"}
    assert three.states().count("SENDING") == 2
    assert sum("sent at" in str(one.error) for one in unknown.failures) == 2
    silent.withdraw()
    assert delivered(three.render())
    assert three.paid == 3
    assert at_their_own_shots(three)


def test_the_first_ones_answer_never_comes_and_the_second_is_at_home_by_its_id(three: Set) -> None:
    """Nobody but the history knows that the id was another's: found by its addresses, the first
    takes it, and the second is looked for."""
    three.wrong("submit", acts.drop(accepted=True))
    renamed = acts.edit(lambda page: {**page, **named_as(three.service.paid[0].request_id)})
    three.wrong("submit", renamed, skip=1)
    silent = three.service.inject(Fault("history", acts.empty_page(), times=None))
    three.patience = SHORT
    three.render(jobs=1)
    assert "KEPT" in three.states()
    silent.withdraw()
    for _ in range(2):
        made = three.render()
    assert delivered(made)
    assert three.paid == 3
    assert at_their_own_shots(three)


def test_a_take_that_was_at_home_before_keeps_its_id(three: Set) -> None:
    """An id that was known before a request was sent is not that request's, whoever says so."""
    three.render()
    kept = three.rows()[0]
    three.film.write_text(three.film.read_text().replace("rolls on to 2", "leaps on to 2"))
    three.wrong("submit", acts.put(**named_as(kept.request_id or "")))
    three.wrong("history", acts.empty_page(), times=2)
    three.render()
    assert three.store.has(kept.key)
    assert delivered(three.render())
    assert three.paid == 4
    assert at_their_own_shots(three)


def test_the_id_of_a_strangers_request_is_not_believed(three: Set, tmp_path: Path) -> None:
    """The history listed it before, with other addresses: it can't be this request."""
    three.render()
    strange = three.service.paid[0].request_id
    three.folder = tmp_path / "another machine" / ".storyboard"
    three.film.write_text(three.film.read_text().replace("rolls on to", "leaps on to"))
    three.wrong("submit", acts.put(**named_as(strange)))
    three.render()
    assert delivered(three.render())
    assert three.paid == 6
    assert at_their_own_shots(three)


def test_a_strangers_id_is_given_back_when_the_history_lists_it_later(
    three: Set, tmp_path: Path
) -> None:
    """Listed only after it was asked: the clip that came by it is set aside, and the shot gets its
    own, in the same run."""
    three.render()
    strange = three.service.paid[0].request_id
    three.other_machine()
    three.folder = tmp_path / "another machine" / ".storyboard"
    three.film.write_text(three.film.read_text().replace("rolls on to", "leaps on to"))
    three.wrong("submit", acts.put(**named_as(strange)))
    three.wrong("history", acts.edit(lambda page: {**page, "items": without(page, strange)}))
    assert delivered(three.render())
    assert three.paid == 6
    assert at_their_own_shots(three)
    assert any("is another request's" in words for words in three.notices)


def test_resume_looks_for_what_it_has_taken_a_clip_from(three: Set) -> None:
    """One shot's id is found to be the one by which another came home: both end with their own."""
    three.render()
    first, second = three.rows()[:2]
    three.tamper(
        "UPDATE requests SET request_id = NULL, urls = NULL, result = NULL, state = 'SENDING'"
        " WHERE intent = ?",
        first.intent,
    )
    three.tamper(
        "UPDATE requests SET request_id = ? WHERE intent = ?", first.request_id, second.intent
    )
    note = three.folder / "takes" / f"{second.key}.json"
    about = json.loads(note.read_text()) | {"request_id": first.request_id}
    note.write_text(json.dumps(about))
    for path in (three.folder / "takes").glob(f"{first.key}.*"):
        path.unlink()
    three.other_machine()
    assert not three.collect().failures
    assert three.paid == 3
    assert [row.state for row in three.rows()] == ["KEPT"] * 3
    assert at_their_own_shots(three)


def without(page: dict[str, list[dict[str, str]]], request_id: str) -> list[dict[str, str]]:
    """A page of the history that does not list this one yet."""
    return [item for item in page["items"] if item["request_id"] != request_id]


def named_as(request_id: str) -> dict[str, str]:
    """What an answer to a payment has that names another request."""
    url = f"https://queue.fal.run/fal-ai/kling-video/requests/{request_id}"
    return {
        "request_id": request_id,
        "response_url": url,
        "status_url": f"{url}/status",
        "cancel_url": f"{url}/cancel",
    }


# whose request it is


def equal_stills(scene: Set) -> None:
    """All shots between pictures of the same bytes."""
    folder = scene.film.parent
    for path in folder.glob("*.png"):
        path.write_bytes((folder / "0.png").read_bytes())


def at_their_own_shots(scene: Set) -> bool:
    """Whether each clip is of the request that its shot asked for, by the service's word."""
    asked = {paid.request_id: paid.arguments for paid in scene.service.paid}
    rows = [row for row in scene.rows() if row.state == "KEPT"]
    return all(
        asked[row.request_id or ""]["prompt"] == row.canonical["arguments"]["prompt"]
        for row in rows
    )


@pytest.mark.parametrize("turned", [False, True])
def test_shots_between_the_same_stills_get_their_own_clips(three: Set, *, turned: bool) -> None:
    """All answers lost, and the history in either order: each clip at its own shot."""
    equal_stills(three)
    three.wrong("submit", acts.drop(accepted=True), times=3)
    if turned:
        three.wrong("history", acts.edit(lambda page: page | {"items": page["items"][::-1]}))
    assert delivered(three.render())
    assert three.paid == 3
    assert at_their_own_shots(three)


def test_an_edited_shot_never_gets_the_clip_of_its_old_words(one: Set) -> None:
    """Lost, edited, rendered: the old request stays the old request's."""
    one.wrong("submit", acts.drop(accepted=True))
    nothing = one.service.inject(Fault("history", acts.empty_page(), times=None))
    one.render()
    nothing.withdraw()
    one.film.write_text(one.film.read_text().replace("rolls on", "flies"))
    one.wrong("submit", acts.drop(accepted=True))
    assert delivered(one.render())
    assert one.paid == 2
    assert at_their_own_shots(one)
    # And the old one is collected as what it is
    assert not one.collect().failures
    assert one.states() == ["KEPT", "KEPT"]
    assert at_their_own_shots(one)


def test_a_request_to_another_endpoint_is_never_adopted(one: Set) -> None:
    """The history lists the application's other endpoint: the same arguments, another model."""

    def elsewhere(page: dict[str, list[dict[str, str]]]) -> object:
        for item in page["items"]:
            item["endpoint_id"] = item["endpoint_id"].replace("standard/", "")
        return page

    one.wrong("submit", acts.drop(accepted=True))
    one.wrong("history", acts.edit(elsewhere), times=None)
    (lost,) = one.render().failures
    assert lost.state is State.UNKNOWN
    assert one.paid == 1


def test_a_listener_that_fails_leaves_nothing_unknown(one: Set) -> None:
    """What is told of the sending is told before anything is written down or sent."""

    def deaf(event: object) -> None:
        if isinstance(event, TakeChanged) and event.state is State.SENDING:
            raise ValueError("a bug of the caller's")

    with pytest.raises(ValueError, match="a bug of the caller's"):
        one.render(hear=deaf)
    assert one.rows() == []
    assert one.paid == 0


@pytest.mark.parametrize("act", [acts.refuse(), acts.distrust()])
def test_a_connection_that_can_not_be_made_leaves_nothing_unknown(one: Set, act: Act) -> None:
    """Nothing is written down before the connection stands."""
    one.wrong("connect", act, times=None, host="queue.fal.run")
    one.wrong("connect", act, times=None, host="queue.falrun.com")
    assert len(one.render().failures) == 1
    assert one.rows() == []
