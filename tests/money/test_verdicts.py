"""What was paid is not bought again because of an answer: whatever comes, the clip is collected.

Counted at the service. A table that concluded more than the documented one would pay twice, and
that is tried as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from storyboard.errors import Unforeseen
from storyboard.events import State
from storyboard.fal import Fal, conclusions
from storyboard.fal.conclusions import TABLE, Conclusion, Rule, Step
from storyboard.generating.generate import generate
from storyboard.generating.verdicts import HOURS
from storyboard.testing import Clock, FakeService, Fault, Place, acts
from storyboard.testing.acts import Act
from storyboard.testing.faults import Injection
from tests.money.runs import SMALL, Set, delivered, patient

IN_PROGRESS = {"detail": "Request is still in progress"}
SAID = {"detail": "not now"}
VIDEO = {"video": {"url": "https://v3.fal.media/other.mp4"}}

RESULTS: dict[str, Act] = {
    "400": acts.answer(400, IN_PROGRESS),
    "302 with JSON": acts.answer(302, VIDEO),
    **{str(status): acts.answer(status, SAID) for status in (405, 409, 423, 425, 451, 500, 504)},
    "422 of nginx": acts.nginx(422),
    "422 about another": acts.answer(422, {**SAID, "request_id": "another"}),
    "499 that is no cancelling": acts.answer(499, {"detail": "x", "error_type": "other"}),
    "nothing": acts.answer(200, ""),
    "no video": acts.answer(200, {"seed": 1}),
    "another's": acts.answer(200, {**VIDEO, "request_id": "another"}),
    "a list": acts.answer(200, [SAID]),
    "deep": acts.answer(200, b"[" * 100_000),
}  # fmt: skip


@pytest.fixture
def timed(stage: Callable[..., Set]) -> Iterator[Set]:
    """A storyboard of one shot, and a service, by a clock that is moved by whoever sleeps."""
    clock = Clock()
    with FakeService(footage=SMALL, clock=clock) as service:
        scene = stage(keyframes=2)
        scene.service, scene.clock = service, clock
        yield scene


def late(scene: Set) -> None:
    """The history lists nothing."""
    scene.wrong("history", acts.empty_page(), times=None)


@pytest.mark.parametrize("how", RESULTS)
def test_a_result_that_can_not_be_had_is_no_failure(timed: Set, how: str) -> None:
    """For a while, or for a whole run, while the history lags: one payment, and the clip."""
    late(timed)
    fault = timed.service.inject(Fault("result", RESULTS[how], times=None))
    (left,) = timed.render(pace=patient()).failures
    assert left.state is State.HELD
    assert timed.states() == ["SENT"]
    fault.withdraw()
    assert delivered(timed.render(pace=patient()))
    assert timed.paid == 1


def test_a_failure_is_said_twice_before_it_is_believed(timed: Set) -> None:
    """The documented one, once: asked again, and it was a mistake."""
    timed.wrong("result", acts.answer(422, {"detail": "flagged"}))
    assert delivered(timed.render(pace=patient()))
    assert timed.paid == 1


def test_a_failure_that_the_history_denies_is_none(timed: Set) -> None:
    """The queue says 422 for ever, and the history has the clip."""
    timed.wrong("result", acts.answer(422, {"detail": "flagged"}), times=None)
    assert delivered(timed.render(pace=patient()))
    assert timed.paid == 1


def failed_entry(page: dict[str, list[dict[str, object]]]) -> object:
    """List everything as ended in an error."""
    for item in page["items"]:
        item |= {"status_code": 500, "json_output": SAID}
    return page


def said_to_have_failed(scene: Set) -> list[Injection]:
    """Status, result and history say so, all of them, until this is withdrawn."""
    faults = (
        Fault("status", acts.put(status="COMPLETED", error="it broke"), times=None),
        Fault("result", acts.answer(500, SAID), times=None),
        Fault("history", acts.edit(failed_entry), times=None),
    )
    return [scene.service.inject(fault) for fault in faults]


def test_what_failed_is_looked_at_once_more_before_it_is_paid_again(timed: Set) -> None:
    """Each source said that it failed, and it is there after all: collected, not bought."""
    faults = said_to_have_failed(timed)
    timed.render(pace=patient())
    assert timed.states() == ["FAILED"]
    for fault in faults:
        fault.withdraw()
    assert delivered(timed.render(pace=patient()))
    assert (timed.paid, timed.states()) == (1, ["KEPT"])


def test_what_failed_is_not_paid_again_while_nobody_can_say(timed: Set) -> None:
    """The look before the payment tells nothing: then nothing is sent."""
    faults = said_to_have_failed(timed)
    timed.render(pace=patient())
    assert timed.states() == ["FAILED"]
    for fault in faults:
        fault.withdraw()
    timed.outage()
    (held,) = timed.render(pace=patient()).failures
    assert held.state is State.HELD
    assert timed.paid == 1


ANY_ERROR = Rule(
    Step.RESULT, "any error", lambda answer, _: answer.status >= 400, Conclusion.FAILED, "failed"
)
NO_VIDEO = Rule(
    Step.RESULT, "no clip", lambda answer, _: answer.status == 200, Conclusion.FAILED, "failed"
)


@pytest.mark.parametrize(("rule", "how"), [(ANY_ERROR, "405"), (NO_VIDEO, "a list")])
def test_a_table_that_concludes_more_pays_twice(timed: Set, rule: Rule, how: str) -> None:
    """So the tests above would notice one."""
    late(timed)
    timed.wrong("result", RESULTS[how], times=None)
    for _ in range(3):
        timed.clock.sleep(HOURS)
        with timed.service.applied():
            fal = Fal(timed.service.key, table=(*TABLE, rule))
            generate(timed.plan(), timed.store, service=fal, pace=patient())
            fal.close()
    assert timed.paid >= 2


def test_an_answer_is_bounded_and_what_was_paid_comes_all_the_same(timed: Set) -> None:
    """Packed answers that unpack to gigabytes, at every exchange but the download."""
    timed.wrong("status", acts.bomb(), times=2)
    timed.wrong("result", acts.bomb(), times=2)
    assert delivered(timed.render(pace=patient()))
    assert timed.paid == 1


def test_a_receipt_that_is_a_bomb_is_a_lost_answer(timed: Set) -> None:
    """Found in the history; one payment."""
    timed.wrong("submit", acts.bomb(accepted=True))
    assert delivered(timed.render(pace=patient()))
    assert timed.paid == 1


@pytest.mark.parametrize("place", ["submit", "result", "status", "history"])
def test_half_a_character_breaks_nothing(timed: Set, place: str) -> None:
    """A lone surrogate in the service's JSON: stored and shown as a mark."""
    odd = acts.edit(lambda body: {**body, "odd": "\ud83d", "error_type": "\udc00"})
    timed.wrong(place, odd, times=None)  # type: ignore[arg-type]
    assert delivered(timed.render(pace=patient()))


def test_half_a_character_in_a_refusal(timed: Set) -> None:
    """Said, kept, and no traceback."""
    timed.wrong("submit", acts.answer(422, {"detail": "no \ud83d"}))
    (refused,) = timed.render(pace=patient()).failures
    assert "no \ufffd" in str(refused.error)
    assert timed.states() == ["REFUSED"]


@pytest.mark.parametrize("place", ["submit", "result", "status", "history", "upload", "token"])
def test_the_key_comes_back_in_anything(timed: Set, place: str) -> None:
    """In an answer's fields and names: it reaches no file and no screen."""
    key = timed.service.key
    secret = key.split(":")[1]
    echo = acts.edit(lambda body: {**body, "echo": key, secret: [secret]})
    timed.wrong(place, echo, times=None)  # type: ignore[arg-type]
    assert delivered(timed.render(pace=patient()))
    texts = [path.read_bytes() for path in timed.folder.rglob("*") if path.is_file()]
    assert not any(secret.encode() in text for text in texts)


def test_one_takes_mishap_does_not_end_the_others(stage: Callable[..., Set]) -> None:
    """A mistake of the program's: that take is held with one line, and the log says where."""
    clock = Clock()
    with FakeService(footage=SMALL, clock=clock) as service:
        scene = stage(keyframes=4)
        scene.service, scene.clock = service, clock

        class Clumsy(Fal):
            """Stumbles over the second request's status."""

            def progress(self, receipt):  # type: ignore[no-untyped-def]
                if receipt.request_id in [sent.request_id for sent in service.paid[1:2]]:
                    raise ZeroDivisionError(f"stumbled with {service.key}")
                return super().progress(receipt)

        with service.applied():
            fal = Clumsy(service.key)
            made = generate(scene.plan(), scene.store, service=fal, jobs=1, pace=patient())
            fal.close()
        (held,) = made.failures
        assert isinstance(held.error, Unforeseen)
        assert held.state is State.HELD
        assert len(made.clips) == 2
        log = (scene.folder / "mistakes.log").read_text()
        assert "ZeroDivisionError: stumbled with <key>" in log
        assert delivered(scene.render(pace=patient()))
        assert len(service.paid) == 3


def test_a_blip_at_the_cancelling_is_not_believed(timed: Set) -> None:
    """404 to the wish and to the result, while it is still queued: it goes on."""
    from storyboard.accounting.decisions import cancel

    clock = Clock()
    with FakeService(footage=SMALL, queue=9e6, clock=clock) as service:
        timed.service, timed.clock = service, clock
        places: tuple[Place, ...] = ("status", "history")
        faults = [service.inject(Fault(place, acts.nginx(503), times=None)) for place in places]
        timed.render(pace=patient())
        for fault in faults:
            fault.withdraw()
        timed.wrong("cancel", acts.answer(404, {"status": "NOT_FOUND"}))
        timed.wrong("result", acts.answer(404, {"detail": "Request not found"}))
        with service.applied():
            fal = Fal(service.key)
            (found,) = cancel(timed.store, timed.film, fal, running=True)
            fal.close()
        assert not found.cancelled
        assert timed.states() == ["SENT"]


@pytest.mark.parametrize("size", [1, -1])
@pytest.mark.parametrize("kind", ["application/x-mp4", "text/plain", ""])
def test_odd_paperwork_keeps_nothing_from_coming(timed: Set, size: int, kind: str) -> None:
    """The announced size is wrong by one, and the announced kind is none: it decodes."""

    def off(body: dict[str, dict[str, int]]) -> object:
        video = {**body["video"], "file_size": body["video"]["file_size"] + size}
        return {**body, "video": video}

    timed.wrong("result", acts.edit(off), times=None)
    timed.wrong("download", acts.labelled(kind), times=None)
    made = timed.render(pace=patient())
    assert delivered(made)
    assert any("the result says" in notice for notice in timed.notices)
    assert timed.paid == 1


def test_the_table_is_printed_whole() -> None:
    """One line for each of its rows, and one for all else."""
    assert conclusions.as_markdown().count("\n") == len(TABLE) + 3
