"""The books on the command line: status, resume, cancel, resolve, ledger, doctor."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyboard.testing import acts
from storyboard.workflows.doctor import loses_commits
from tests.cli.running import Outcome, storyboard
from tests.money.runs import Set, delivered


def said(scene: Set, *arguments: str | Path, key: bool = False) -> Outcome:
    """Run `storyboard`, with the service and its key only where that is asked for."""
    environment = scene.service.environment if key else {}
    return storyboard(*arguments, environment=environment, cwd=scene.film.parent)


@pytest.fixture
def flying(three: Set) -> Set:
    """Three shots that were sent, and an outage since."""
    outage = three.outage()
    three.render()
    outage.withdraw()
    return three


def test_status_needs_no_key_and_shows_what_is_on_its_way(flying: Set) -> None:
    """Each take with its request, the sums, and the command that collects."""
    found = said(flying, "status", flying.film)
    assert found.code == 0, found.err
    for submission in flying.service.paid:
        assert submission.request_id in found.out
    assert found.out.count("in flight") == 3 + 1
    assert "reserved $0.756" in found.out
    assert "storyboard resume" in found.out
    data = said(flying, "status", flying.film, "--json").data
    assert data["counts"] == {"in flight": 3}
    assert data["reserved_microusd"] == 756_000


def test_resume_brings_home_and_buys_nothing(flying: Set) -> None:
    """Paid before, collected now; a second time there is nothing to do."""
    found = said(flying, "resume", flying.film, "--json", key=True)
    assert found.code == 0, found.err
    assert len(found.data["collected"]) == 3
    assert "nothing to collect" in said(flying, "resume", flying.film, key=True).out
    assert flying.paid == 3
    assert delivered(flying.render())


def test_resume_without_a_key_says_what_to_do(flying: Set) -> None:
    """Exit code 4."""
    found = said(flying, "resume", flying.film)
    assert found.code == 4
    assert "set FAL_KEY" in found.err


def test_cancel_says_what_became_of_each(flying: Set) -> None:
    """Complete already: nothing is cancelled, and it is collected."""
    found = said(flying, "cancel", flying.film, "--only", "sh020", key=True)
    assert found.out == (
        f"sh020 take 1: is running and paid; it is collected by `storyboard resume {flying.film}`\n"
    )
    data = said(flying, "cancel", flying.film, "--running", "--json", key=True).data
    assert [one["cancelled"] for one in data] == [False, False, False]


def test_resolve_decides_about_what_is_unknown(one: Set) -> None:
    """Without a decision it is a wrong use; with one, the next plan prices it again."""
    one.wrong("submit", acts.drop(accepted=True))
    one.wrong("history", acts.answer(200, {"items": []}), times=None)
    one.render()
    assert said(one, "resolve", one.film, "sh010").code == 2
    # Without the history's word there is a second question, with price and risk
    found = said(one, "resolve", one.film, "sh010", "--resubmit")
    assert found.code == 5
    assert "nothing decided: the account's history was not asked" in found.out
    assert "$0.252 would be paid a second time. --even-so" in found.out
    assert one.states() == ["SENDING"]
    # With it, or a second yes, it is decided
    found = said(one, "resolve", one.film, "sh010", "--resubmit", "--even-so")
    assert (found.code, found.out) == (
        0,
        "sh010 take 1: the next render prices and sends it again\n",
    )
    assert said(one, "resolve", one.film, "sh010", "--abandon").code == 2
    assert said(one, "plan", one.film, "--json").data["price_microusd"] == 252_000
    # And the bill says what it was
    found = said(one, "ledger", "correct", one.film, "sh010", "--cost", "0")
    assert "cost $0.00, as you say" in found.out
    assert said(one, "status", one.film, "--json").data["possibly_charged_microusd"] == 0


def test_the_ledger_on_the_command_line(one: Set) -> None:
    """Costs in three forms, verifying, mending, rebuilding."""
    clip = next(iter(one.render().clips.values()))
    table = said(one, "ledger", "costs", one.film)
    assert "$0.252" in table.out
    assert said(one, "ledger", "costs", one.film, "--json").data["total_usd"] == 0.252
    assert said(one, "ledger", "costs", one.film, "--csv").out.count("\n") == 2
    # All is well
    assert said(one, "ledger", "verify", one.film).code == 0
    # A byte has changed
    content = clip.read_bytes()
    clip.write_bytes(content[:-1] + b"?")
    assert said(one, "ledger", "verify", one.film, "--mend").code == 4
    found = said(one, "ledger", "verify", one.film, "--mend", "--json", key=True)
    assert found.code == 8
    assert len(found.data["mended"]) == 1
    assert delivered(one.render())
    # The ledger is gone
    (one.folder / "ledger.sqlite3").unlink()
    assert said(one, "ledger", "rebuild", one.film, "--offline", "--json").data == {
        "old": None,
        "salvaged": 0,
        "from_receipts": 0,
        "from_notes": 1,
        "from_the_users_record": 0,
        "found_at_the_service": [],
        "may_have_gaps": True,
    }
    assert one.paid == 1


def test_rebuilding_with_a_key_finds_what_was_in_flight(flying: Set) -> None:
    """By words and pictures, in the account's history."""
    for path in (flying.folder / "receipts").iterdir():
        path.unlink()
    flying.other_machine()
    (flying.folder / "ledger.sqlite3").unlink()
    found = said(flying, "ledger", "rebuild", flying.film, key=True)
    assert "found at the service: sh010, sh020, sh030" in found.out, found.err
    assert said(flying, "resume", flying.film, key=True).code == 0
    assert flying.paid == 3


def test_the_doctor_finds_a_sound_machine_and_never_shows_the_key(one: Set) -> None:
    """Everything it looks at, and the service's word about the key."""
    found = said(one, "doctor", one.film, "--online", "--json", key=True)
    assert found.code == 0, found.out
    grades = {finding["name"]: finding["grade"] for finding in found.data}
    grades.pop("sqlite", None)  # said of versions that can lose a commit
    assert grades == dict.fromkeys(
        ["python", "storyboard", "packages", "key", "store", "ledger", "record", "disk", "encoder",
         "clock", "service"],
        "good",
    )  # fmt: skip
    assert one.service.key not in found.out
    assert not one.folder.exists()


def test_the_doctor_finds_what_is_wrong(one: Set) -> None:
    """No key is a warning, a broken ledger is not fit."""
    one.render()
    (one.folder / "ledger.sqlite3").write_bytes(b"hello " * 1000)
    found = said(one, "doctor", one.film)
    assert found.code == 8
    assert "storyboard ledger rebuild" in found.out
    assert "set FAL_KEY" in found.out


@pytest.mark.parametrize("how", ["a mistake", "a missing still", "no storyboard"])
def test_resume_needs_the_ledger_alone(flying: Set, how: str) -> None:
    """Clips do not wait until the storyboard is in order."""
    if how == "a mistake":
        flying.film.write_text("version: 1\nkeyframes: 3\n")
    elif how == "a missing still":
        (flying.film.parent / "1.png").unlink()
    else:
        flying.film.unlink()
    found = said(flying, "resume", flying.film, "--json", key=True)
    assert found.code == 0, found.err
    assert len(found.data["collected"]) == 3
    assert "collected all the same" in found.err
    assert flying.paid == 3


def test_a_clip_that_will_soon_be_gone_is_said(flying: Set) -> None:
    """The service keeps clips for a month."""
    assert "at the longest" not in said(flying, "status", flying.film).out
    flying.tamper("UPDATE requests SET sent_at = sent_at - 25 * 86400")
    assert said(flying, "status", flying.film).out.count("at the longest") == 3


def test_the_costs_as_csv_command_nothing(flying: Set) -> None:
    """Neither a terminal nor a spreadsheet, whatever an id or a name is."""
    flying.tamper("UPDATE requests SET request_id = '=cmd|' || char(27) || char(7) || rowid")
    found = said(flying, "ledger", "costs", flying.film, "--csv").out
    assert "\x1b" not in found
    assert "\x07" not in found
    assert found.count("'=cmd|") == 3


@pytest.mark.parametrize(
    ("version", "loses"),
    [((3, 40, 1), True), ((3, 44, 6), False), ((3, 50, 6), True), ((3, 50, 7), False),
     ((3, 51, 2), True), ((3, 51, 3), False), ((3, 52, 0), False), ((3, 6, 0), False)],
)  # fmt: skip
def test_the_doctor_knows_which_sqlite_can_lose_a_commit(
    version: tuple[int, ...], loses: bool
) -> None:
    """By its number, with the lines that were mended."""
    assert loses_commits(version) is loses
