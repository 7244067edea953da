"""What is said of a take that is not there: what happened, what it costs, what can be done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from storyboard.accounting import outlook
from storyboard.accounting.summary import status
from storyboard.page.document import document
from storyboard.testing import acts
from storyboard.workflows.showing import at_first_sight
from storyboard.workflows.source import StoryboardFile
from tests.cli.running import storyboard
from tests.money.runs import Set


def unknown(one: Set) -> None:
    """The answer is lost, and the history does not know of it."""
    one.wrong("submit", acts.drop(accepted=True))
    one.wrong("history", acts.empty_page(), times=None)
    one.render()


def in_flight(one: Set) -> None:
    """It is sent, and nothing can be learned of it."""
    one.outage()
    one.render()


def unusable(one: Set) -> None:
    """It is paid, and what is fetched can't be read."""
    one.wrong("download", acts.corrupt(), times=None)
    one.render()


def failed(one: Set) -> None:
    """The service fails."""
    one.wrong("submit", acts.fail(500, "out of memory"))
    one.render()


def refused(one: Set) -> None:
    """The service would not make this."""
    one.wrong("submit", acts.moderated())
    one.render()


SAID: dict[Callable[[Set], None], tuple[str, ...]] = {
    in_flight: ("; $0.252 is reserved, and paid once it comes.", "`storyboard resume`"),
    unusable: ("$0.252 is paid, and the clip is not here", "nothing is paid again"),
    unknown: (
        "the answer was lost: $0.252 may have been charged",
        "`storyboard resume` looks for it",
        "`storyboard resolve --resubmit sh010` lets it be paid again",
        "`storyboard resolve --abandon sh010` gives it up",
    ),
    failed: ("out of memory.", "Nothing was charged. The next render sends it again, for $0.252"),
    refused: (
        "flagged by a content checker.",
        "Nothing was charged. The same is not sent again by itself",
        "`storyboard render --retry --only sh010`",
    ),
}


@pytest.mark.parametrize("happen", SAID, ids=lambda one: one.__name__)
def test_each_state_says_what_happened_what_it_costs_and_what_to_do(
    one: Set, happen: Callable[[Set], None]
) -> None:
    """Given a take to which that happened, then a stranger knows all three."""
    happen(one)
    (shot,) = one.plan().shots
    said = " ".join(outlook.of_take(shot.takes[0]))
    for words in SAID[happen]:
        assert words in said
    buys = "`storyboard render --only sh010` asks, and pays $0.252 for 1 take."
    assert outlook.of_shot(shot) == (buys if happen is failed else "")


def test_what_is_paid_is_not_called_reserved(one: Set) -> None:
    """Given a clip that is paid and did not come, then `status` says that it is paid."""
    unusable(one)
    (line,) = status(one.plan(), one.store).lines
    assert (line.standing.value, line.paid) == ("in flight", True)
    assert "$0.252 paid" in storyboard("status", one.film).out


def test_a_budget_that_ends_it_is_said_before(three: Set) -> None:
    """Given less left than there is to pay, then both sums are said."""
    three.film.write_text("budget: 0.30\n" + three.film.read_text())
    three.render()
    (said,) = outlook.of_all(three.plan(), status(three.plan(), three.store))
    assert said == (
        "There are $0.504 to pay, and $0.048 of the budget of $0.30 are left: a render stops "
        "there. Raise `budget:` to have all."
    )


def test_what_is_under_way_for_nobody_is_said(one: Set) -> None:
    """Given a request in flight for a prompt that was changed since, then it is not forgotten."""
    in_flight(one)
    one.film.write_text(one.film.read_text().replace("rolls", "glides"))
    (said,) = outlook.of_all(one.plan(), status(one.plan(), one.store))
    assert "sh010 take 1, of an earlier version of the shot, is in flight: $0.252 reserved" in said


def test_a_page_names_the_file_and_nothing_of_this_machine(one: Set, tmp_path: Path) -> None:
    """Given a page for others, then its commands have the file's name; no folder is in it."""
    unknown(one)
    source = StoryboardFile(one.film)
    found = document(at_first_sight(source.storyboard(), source.store))[0]
    (take,) = found["shots"][0]["takes"]
    assert "`storyboard resume film.yaml` looks for it once more." in take["outlook"]
    assert (take["paid_microusd"], take["reserved_microusd"]) == (0, 252_000)
    assert str(tmp_path) not in str(found)
    assert one.service.key not in str(found)
