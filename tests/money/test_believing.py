"""What is believed, and when: a failure, a silence, an end of a list, a decision that comes late.

Neighbours of what is tried elsewhere, counted at the service: nothing is paid twice over a
testimony that another source does not give.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from storyboard.accounting.resolving import Decision, resolve
from storyboard.events import State
from storyboard.fal import Fal
from storyboard.generating.backoff import Pace
from storyboard.generating.verdicts import HOURS
from storyboard.takes.holding import Standing
from storyboard.testing import Clock, FakeService, Fault, Reply, acts
from storyboard.testing.acts import Act
from tests.money.runs import SMALL, Set, delivered, patient

SAID = {"detail": "flagged"}


@pytest.fixture
def timed(stage: Callable[..., Set]) -> Iterator[Set]:
    """A storyboard of one shot, and a service, by a clock that is moved by whoever sleeps."""
    clock = Clock()
    with FakeService(footage=SMALL, clock=clock) as service:
        scene = stage(keyframes=2)
        scene.service, scene.clock = service, clock
        yield scene


def decide(scene: Set, decision: Decision, *, even_so: bool = False) -> tuple[bool, str]:
    """Whether it stays undecided, and what is said."""
    with scene.service.applied():
        fal = Fal(scene.service.key)
        (done,) = resolve(scene.store, scene.film, "sh010", decision, service=fal, even_so=even_so)
        fal.close()
    return done.undecided, done.outcome


# a failure

LAGGING: dict[str, Act] = {
    "lists nothing": acts.empty_page(),
    "lists it without its end": acts.edit(lambda page: unfinished(page)),
    "is down": acts.nginx(503),
    "may not be asked": acts.bad_key(),
    "hangs up": acts.drop(reset=True),
    "is no JSON": acts.answer(200, "hello"),
}
FAILING: dict[str, tuple[Act, Act]] = {
    "422": (acts.put(), acts.answer(422, SAID)),
    "422 with a list": (acts.put(), acts.answer(422, {"detail": [{"msg": "no", "type": "x"}]})),
    "an error": (acts.put(status="COMPLETED", error="it broke"), acts.answer(500, SAID)),
    "FAILED": (acts.put(status="FAILED"), acts.nginx(503)),
    "ERROR and 404": (acts.put(status="ERROR", error="x"), acts.answer(404, SAID)),
    "CANCELLED": (acts.put(status="CANCELLED"), acts.answer(400, SAID)),
}


def unfinished(page: dict[str, Any]) -> object:
    """List everything as still running."""
    for item in page["items"]:
        item |= {"ended_at": None, "status_code": None, "json_output": None}
    return page


@pytest.mark.parametrize("lagging", LAGGING)
@pytest.mark.parametrize("how", FAILING)
def test_a_failure_is_not_believed_while_the_history_lags(
    timed: Set, how: str, lagging: str
) -> None:
    """Said for a whole run, and denied by nobody: held, not bought again, and it comes."""
    status, result = FAILING[how]
    faults = [
        timed.service.inject(Fault("status", status, times=None)),
        timed.service.inject(Fault("result", result, times=None)),
        timed.service.inject(Fault("history", LAGGING[lagging], times=None)),
    ]
    for _ in range(2):
        (left,) = timed.render(pace=patient()).failures
        assert left.state is State.HELD
    assert timed.states() == ["SENT"]
    for fault in faults:
        fault.withdraw()
    assert delivered(timed.render(pace=patient()))
    assert timed.paid == 1


def test_a_failure_that_is_not_listed_is_believed_when_it_is_old(timed: Set) -> None:
    """Said for hours; a history that never lists it does not hold it for ever."""
    timed.wrong("result", acts.answer(422, SAID), times=None)
    timed.wrong("history", acts.empty_page(), times=None)
    timed.render(pace=patient())
    timed.clock.sleep(HOURS)
    timed.render(pace=patient())
    assert timed.states() == ["FAILED"]
    assert timed.plan().shots[0].takes[0].standing is Standing.REFUSED
    assert timed.paid == 1


def test_a_failure_that_is_told_slowly_is_believed_all_the_same(timed: Set) -> None:
    """However little is heard in a run, it asks often enough to learn what the history knows."""
    timed.wrong("submit", acts.fail(500, "it broke"))
    timed.render(pace=Pace(scale=1.0, patience=0.0))
    assert timed.states() == ["FAILED"]
    assert timed.paid == 1


@pytest.mark.parametrize("times", [1, 3, 7])
@pytest.mark.parametrize("status", [404, 410, 422, 499, 500])
def test_an_answer_that_is_wrong_for_a_while(timed: Set, status: int, times: int) -> None:
    """Once, thrice, again and again: in the same run the clip comes."""
    body = {**SAID, "error_type": "client_cancelled"}
    timed.wrong("result", acts.answer(status, body), times=times)
    timed.wrong("history", acts.empty_page(), times=None)
    assert delivered(timed.render(pace=patient()))
    assert timed.paid == 1


def test_what_failed_is_asked_about_by_a_clock_that_is_months_ahead(timed: Set) -> None:
    """How old a request is says this machine; whether it is there says the service."""

    def broken(page: dict[str, Any]) -> object:
        for item in page["items"]:
            item |= {"status_code": 500, "json_output": SAID}
        return page

    faults = [
        timed.service.inject(Fault("result", acts.answer(500, SAID), times=None)),
        timed.service.inject(Fault("history", acts.edit(broken), times=None)),
    ]
    timed.render(pace=patient())
    assert timed.states() == ["FAILED"]
    for fault in faults:
        fault.withdraw()
    timed.clock = Clock(timed.clock.monotonic(), wrong=90 * 86_400.0)
    assert delivered(timed.render(pace=patient()))
    assert timed.paid == 1


# answers that are hard to read

CLIP = b'{"video": {"url": "URL", "file_size": 1e400}, '
HARD: dict[str, bytes] = {
    "very deep in it": CLIP + b'"x": ' + b'[{"a":' * 50_000 + b"1" + b"}]" * 50_000 + b"}",
    "deep, and a bracket in a text": CLIP + b'"y": "]}", "x": ' + b"[" * 90 + b"]" * 90 + b"}",
    "a number of thousands of digits": CLIP + b'"seed": ' + b"9" * 9_000 + b"}",
    "bytes that are no text": CLIP + b'"x": "\xff\xfe\xed\xa0\x80"}',
    "a mark in front": b"\xef\xbb\xbf" + CLIP + b'"x": 1}',
    "no number": CLIP + b'"x": [NaN, Infinity, -Infinity]}',
    "a text of ten megabytes": CLIP + b'"x": "' + b"a" * 10_000_000 + b'"}',
    "twice": b'{"video": 1, ' + CLIP[1:] + b'"x": 1}',
    "NUL": CLIP + b'"x\\u0000": "\\u0000"}',
}


@pytest.mark.parametrize("how", HARD)
def test_a_clips_address_is_found_in_whatever_is_around_it(one: Set, how: str) -> None:
    """What the rest of the answer is keeps nothing from coming."""

    def hard(_: object, proceed: Callable[[], Reply]) -> Reply:
        url = json.loads(proceed().body)["video"]["url"].encode()
        return Reply(200, {"Content-Type": "application/json"}, HARD[how].replace(b"URL", url))

    one.wrong("result", hard, times=None)
    one.wrong("history", acts.empty_page(), times=None)
    assert delivered(one.render())
    assert one.paid == 1
    assert one.states() == ["KEPT"]
    assert one.store.note(one.rows()[0].key)["bytes"] > 0


# a history that does not come to its end


def again(page: dict[str, Any]) -> object:
    """The same page for ever."""
    return {**page, "items": [], "has_more": True, "next_cursor": "Mg=="}


ENDLESS: dict[str, Act] = {
    "the same page again and again": acts.edit(again),
    "more, and not where": acts.put(items=[], has_more=True, next_cursor=None),
    "more, and an odd place": acts.put(items=[], has_more="yes", next_cursor={"a": 1}),
}


@pytest.mark.parametrize("how", ENDLESS)
def test_a_history_without_an_end_proves_nothing(one: Set, how: str) -> None:
    """Nothing that fits was read, and not all was read: undecided; asked a few times, no more."""
    one.wrong("submit", acts.drop(accepted=True))
    endless = one.service.inject(Fault("history", ENDLESS[how], times=None))
    one.render()
    assert len(one.service.requests(place="history")) < 60
    undecided, said = decide(one, Decision.RESUBMIT)
    assert undecided
    assert "does not come to its end" in said
    endless.withdraw()
    assert delivered(one.render())
    assert one.paid == 1


@pytest.mark.parametrize("then", [acts.nginx(503), acts.drop(), acts.answer(200, "")])
def test_a_page_that_does_not_come_hides_nothing_that_came(one: Set, then: Act) -> None:
    """It is on the first page, with addresses of its own; the second page is broken for ever."""
    one.wrong("submit", acts.drop(accepted=True))
    one.wrong("history", acts.put(has_more=True, next_cursor="Mg=="), times=None)
    second = Fault(
        "history", then, times=None, when=lambda visit: visit.request.asked("cursor") != ""
    )
    one.service.inject(second)
    one.service._injections.reverse()
    assert delivered(one.render())
    assert one.paid == 1


ODD_ENTRIES: dict[str, dict[str, object]] = {
    "no time": {"sent_at": None},
    "a time that is none": {"sent_at": "yesterday"},
    "a time that is a number": {"sent_at": 17},
    "no arguments": {"json_input": None},
    "a list of arguments": {"json_input": ["prompt"]},
    "an id that is a number": {"request_id": 7},
    "an id that is a way": {"request_id": "../../x"},
    "no endpoint's name but another": {"endpoint_id": "fal-ai/other"},
}


@pytest.mark.parametrize("how", ODD_ENTRIES)
def test_an_entry_that_is_not_whole_is_nobodys(one: Set, how: str) -> None:
    """Fields that are missing, or of another kind: held, nothing adopted, nothing sent again."""

    def odd(page: dict[str, Any]) -> object:
        return {**page, "items": [item | ODD_ENTRIES[how] for item in page["items"]]}

    one.wrong("submit", acts.drop(accepted=True))
    fault = one.service.inject(Fault("history", acts.edit(odd), times=None))
    (lost,) = one.render().failures
    assert (lost.state, one.states()) == (State.UNKNOWN, ["SENDING"])
    fault.withdraw()
    assert delivered(one.render())
    assert one.paid == 1


def test_a_request_from_elsewhere_that_has_no_clip_yet_is_not_bought_again(
    one: Set, tmp_path: Any
) -> None:
    """The history lists it as ended, and its answer without a clip (yet): collected."""

    def bare(page: dict[str, Any]) -> object:
        return {**page, "items": [item | {"json_output": {}} for item in page["items"]]}

    one.render()
    one.folder = tmp_path / "another"
    one.wrong("history", acts.edit(bare), times=None)
    assert delivered(one.render())
    assert one.paid == 1


# a decision


def test_a_decision_that_comes_too_late_is_none(one: Set) -> None:
    """Another program finds the request while the history is being asked: it goes on."""
    one.wrong("submit", acts.drop(accepted=True))
    nothing = one.service.inject(Fault("history", acts.empty_page(), times=None))
    one.render()
    (row,) = one.rows()
    other = one.store

    def found(_: object) -> None:
        other.ledger.sent(row.intent, one.service.paid[0].request_id, {})

    one.service.on("answered", found)
    undecided, said = decide(one, Decision.RESUBMIT, even_so=True)
    assert undecided
    assert "went on" in said
    assert one.states() == ["SENT"]
    other.close()
    nothing.withdraw()
    assert delivered(one.render())
    assert one.paid == 1


def stuck(scene: Set) -> None:
    """A request that is said to be complete, and never has an answer."""
    scene.wrong("result", acts.answer(500, SAID), times=None)
    scene.wrong("history", acts.empty_page(), times=None)
    scene.render(pace=patient())
    assert scene.states() == ["SENT"]


def test_what_is_held_for_ever_is_decided_by_a_second_yes(timed: Set) -> None:
    """Without it nothing; with it one more payment, though nobody knows of the first."""
    stuck(timed)
    undecided, said = decide(timed, Decision.RESUBMIT)
    assert undecided
    assert "another $0.252 would be paid" in said
    timed.render(pace=patient())
    assert (timed.states(), timed.paid) == (["SENT"], 1)
    undecided, _ = decide(timed, Decision.RESUBMIT, even_so=True)
    assert not undecided
    timed.render(pace=patient())
    assert timed.states() == ["RELEASED", "SENT"]
    assert timed.paid == 2


def test_what_was_released_and_is_there_after_all_is_collected(timed: Set) -> None:
    """Before the second payment it is looked at once more."""
    stuck(timed)
    decide(timed, Decision.RESUBMIT, even_so=True)
    timed.service._injections.clear()
    assert delivered(timed.render(pace=patient()))
    assert (timed.states(), timed.paid) == (["KEPT"], 1)


def test_what_is_held_for_ever_can_be_given_up(timed: Set) -> None:
    """Neither looked for nor bought, and its price stays in the books as possible."""
    stuck(timed)
    decide(timed, Decision.ABANDON, even_so=True)
    assert timed.states() == ["ABANDONED"]
    assert timed.plan().price_microusd == 0
    assert timed.store.sums(timed.film).possible == 252_000


def test_what_runs_is_not_released_by_the_way(one: Set) -> None:
    """In the queue, healthy: a decision says that it is there, and decides nothing."""
    outage = one.outage()
    one.render()
    outage.withdraw()
    undecided, said = decide(one, Decision.RESUBMIT)
    assert undecided
    assert "storyboard resume" in said
    assert one.states() == ["SENT"]


def test_a_clip_that_can_not_be_used_is_decided_about(timed: Set) -> None:
    """Paid, and no clip; another one is bought on a second yes, and the first left alone."""
    rubbish = timed.service.inject(Fault("download", acts.swap(acts.PORTAL), times=None))
    timed.render(pace=patient())
    assert timed.states() == ["DONE"]
    undecided, said = decide(timed, Decision.RESUBMIT)
    assert undecided
    assert "can't be used" in said
    decide(timed, Decision.RESUBMIT, even_so=True)
    rubbish.withdraw()
    assert delivered(timed.render(pace=patient()))
    assert (timed.states(), timed.paid) == (["RELEASED", "KEPT"], 2)
