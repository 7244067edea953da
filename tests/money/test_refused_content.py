"""What the service would not make is not asked for again, until the user changes it or says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyboard.errors import Charged
from storyboard.takes.holding import Standing
from storyboard.testing import FakeService, Fault, acts
from storyboard.testing.acts import Act
from tests.boards import board
from tests.cli.running import storyboard
from tests.money.runs import Set, delivered, failure

NO = "The content could not be processed"


@pytest.mark.parametrize("act", [acts.moderated(), acts.fail_moderated()], ids=["at once", "later"])
def test_a_refused_request_is_sent_once(one: Set, act: Act) -> None:
    """However often the same is rendered: the second run costs nothing and says why."""
    one.wrong("submit", act, times=None)
    one.render()
    take = one.plan().shots[0].picked
    assert (take.standing, take.price_microusd, take.buys) == (Standing.REFUSED, 0, False)
    assert NO in take.holding.detail
    for _ in range(3):
        made = one.render()
        assert NO in str(failure(made))
        assert "`retry=True`" in str(failure(made))
        assert ".." not in str(failure(made))
        assert made.failures[0].charged is Charged.NO
        assert "prompt" in made.failures[0].place.text
    assert len(one.service.requests(place="submit")) == 1


def test_a_refused_request_is_sent_again_when_asked(one: Set) -> None:
    """`retry` prices it, and pays once."""
    one.wrong("submit", acts.moderated())
    one.render()
    assert one.plan(retry=True).price_microusd == 252_000
    assert delivered(one.render(retry=True))
    assert one.paid == 1
    assert one.plan(retry=True).price_microusd == 0


def test_another_prompt_is_another_request(one: Set) -> None:
    """What was refused is not in its way."""
    one.wrong("submit", acts.moderated())
    one.render()
    one.film.write_text(one.film.read_text().replace("rolls", "glides"))
    assert one.plan().price_microusd == 252_000
    assert delivered(one.render())


def test_what_failed_at_the_service_is_bought_again(one: Set) -> None:
    """A failure that says nothing about the content is no refusal of it."""
    one.wrong("submit", acts.fail(500, "out of memory"), times=None)
    one.render()
    assert one.plan().shots[0].picked.standing is Standing.FAILED
    assert one.plan().price_microusd == 252_000


def test_on_the_command_line(tmp_path: Path) -> None:
    """`render --yes` again and again sends one request; plan says why, and what can be done."""
    film = board(tmp_path, keyframes=2)
    with FakeService() as service:
        service.inject(Fault("submit", acts.moderated(), times=None))
        codes = [
            storyboard("render", film, "--yes", environment=service.environment).code
            for _ in range(2)
        ]
        assert codes == [6, 6]
        assert len(service.requests(place="submit")) == 1
        said = " ".join(storyboard("plan", film).out.split())
        assert "refused" in said
        assert NO in said
        assert "on_fail: hold" in said
        assert "to pay now: $0.00" in said
        assert storyboard("plan", film, "--retry", "--json").data["price_microusd"] == 252_000
