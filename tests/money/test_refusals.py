"""The service says no, or is not there: what was not queued is not paid, and says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from storyboard.errors import Charged, KeyProblem, NotSent, Refused
from storyboard.generating.scheduler import Stop
from storyboard.testing import Fault, acts
from storyboard.testing.acts import Act
from tests.money.runs import Set, delivered, failure

QUEUE = "queue.fal.run"


@pytest.mark.parametrize(
    "act", [acts.refuse(), acts.refuse_tunnel(), acts.distrust()], ids=["host", "proxy", "TLS"]
)
def test_a_service_that_is_not_there_is_tried_again(one: Set, act: Act) -> None:
    """No connection: nothing was sent, so sending again is safe."""
    one.wrong("connect", act, times=2, host=QUEUE)
    assert delivered(one.render())
    assert one.paid == 1
    # One row for the request, however often it was sent
    assert one.states() == ["KEPT"]


@pytest.mark.parametrize(
    "act", [acts.refuse(), acts.refuse_tunnel(), acts.distrust()], ids=["host", "proxy", "TLS"]
)
def test_a_service_that_stays_away_got_nothing(one: Set, act: Act) -> None:
    """After some tries: "nothing was sent", not charged, nothing reserved."""
    fault = one.service.inject(_always(act))
    made = one.render()
    assert isinstance(failure(made), NotSent)
    assert "nothing was sent" in str(failure(made))
    assert made.failures[0].charged is Charged.NO
    assert one.store.ledger.sums().total == 0
    # And the next run pays once
    fault.withdraw()
    assert delivered(one.render())
    assert one.paid == 1


def _always(act: Act) -> Fault:
    return Fault("connect", act, times=None, host=QUEUE)


def test_too_many_requests_are_sent_again_when_the_service_says(one: Set) -> None:
    """429 queued nothing: it waits as long as asked, and pays once."""
    one.wrong("submit", acts.too_many(retry_after=100), times=2)
    assert delivered(one.render())
    assert one.paid == 1
    assert one.states() == ["KEPT"]
    first, second, *_ = one.service.requests(place="submit")
    assert second.at - first.at >= 100 * 0.002


def test_too_many_requests_for_ever_cost_nothing(one: Set) -> None:
    """429 and 429 again: given up, not charged."""
    one.wrong("submit", acts.too_many(), times=None)
    made = one.render()
    assert isinstance(failure(made), Refused)
    assert made.failures[0].charged is Charged.NO
    assert one.paid == 0
    assert one.store.ledger.sums().total == 0


@pytest.mark.parametrize(
    ("act", "kind", "words"),
    [
        (acts.bad_key(), KeyProblem, "does not take the key"),
        (acts.no_credit(), Refused, "Payment required"),
        (acts.locked(), Refused, "Exhausted balance"),
    ],
    ids=["401", "402", "403"],
)
def test_a_refused_account_stops_all_new_requests_and_collects_the_rest(
    stage: Callable[..., Set], act: Act, kind: type[Exception], words: str
) -> None:
    """The first is on its way, the second is refused: no third POST, and the first comes home."""
    # Given an account that is refused from its second request on
    many = stage(keyframes=6)
    many.wrong("submit", act, times=None, skip=1)
    # When five shots are rendered
    made = many.render(jobs=2)
    # Then nothing was sent any more after the refusal, but for what already was being sent
    assert many.paid == 1
    assert len(many.service.requests(place="submit")) <= 3
    assert len(made.clips) == 1
    # And each shot that is missing says why
    assert len(made.failures) == 4
    assert isinstance(made.failures[0].error, kind)
    assert all(words in str(one.error) for one in made.failures)
    assert all(one.charged is Charged.NO for one in made.failures)
    assert many.store.ledger.sums().total == 252_000


@pytest.mark.parametrize("place", ["token", "upload"])
def test_a_bad_key_at_the_upload_stops_before_anything_is_paid(one: Set, place: str) -> None:
    """The first thing that is sent is a picture: a bad key shows there."""
    one.wrong(place, acts.bad_key(), times=None)  # type: ignore[arg-type]
    made = one.render()
    assert isinstance(failure(made), KeyProblem)
    assert one.service.requests(place="submit") == []


@pytest.mark.parametrize(
    "act",
    [
        acts.answer(500, "down"),
        acts.nginx(502),
        acts.too_many(),
        acts.drop(),
        acts.answer(200, "?"),
    ],
    ids=["500", "502", "429", "dropped", "no JSON"],
)
@pytest.mark.parametrize("place", ["token", "upload"])
def test_an_upload_that_fails_is_repeated(one: Set, place: str, act: Act) -> None:
    """Uploads are free."""
    one.wrong(place, act, times=2)  # type: ignore[arg-type]
    assert delivered(one.render())
    assert one.paid == 1


@pytest.mark.parametrize(
    ("names", "line"),
    [
        ("prompt", "The ball rolls on to 1"),
        ("start_image_url", "image: 0.png"),
        ("end_image_url", "image: 1.png"),
        ("duration", "defaults: {duration: 3}"),
        ("seed", "The ball rolls on to 1"),
    ],
)
@pytest.mark.parametrize("when", ["at once", "later"])
def test_a_refusal_points_at_the_storyboards_line(
    three: Set, names: str, line: str, when: str
) -> None:
    """A 422 shows the line for what it names, with the service's reason; the others go on."""
    act = acts.moderated(names) if when == "at once" else acts.fail_moderated(names)
    three.wrong("submit", act)
    made = three.render(jobs=1)
    (refused,) = made.failures
    assert refused.shot == "sh010"
    assert line in refused.place.text
    assert f"{names}: The content could not be processed" in str(refused.error)
    # Refused at once costs nothing; once a runner has worked on it, it may
    assert refused.charged is (Charged.NO if when == "at once" else Charged.POSSIBLY)
    assert len(made.clips) == 2
    # It was not tried again
    assert len(three.service.requests(place="submit")) == 3


@pytest.mark.parametrize("status", [400, 404, 413])
def test_other_refusals_are_final_and_free(one: Set, status: int) -> None:
    """The service said no: not charged, not repeated, bought again only with a new yes."""
    one.wrong("submit", acts.answer(status, {"detail": "no such thing"}))
    made = one.render()
    assert "no such thing" in str(failure(made))
    assert made.failures[0].charged is Charged.NO
    assert len(one.service.requests(place="submit")) == 1
    assert one.states() == ["REFUSED"]
    assert one.plan().price_microusd == 252_000


def test_a_stopped_run_sends_nothing(one: Set) -> None:
    """Stopped before it began."""
    from storyboard.errors import Interrupted

    stop = Stop()
    stop.wish()
    with pytest.raises(Interrupted, match="nothing is on its way"):
        one.render(stop=stop)
    assert one.service.requests() == []
