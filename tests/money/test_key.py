"""The key: found where it may be, checked before it is used, and nowhere else afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyboard.errors import KeyProblem
from storyboard.fal import Fal, key
from storyboard.testing import acts
from tests.cli.running import storyboard
from tests.money.runs import Set, failure, nothing_leaked

GOOD = "12345678-abcd:0123456789abcdef"


@pytest.mark.parametrize("written", [GOOD, f" {GOOD}\n", f"{GOOD}\r\n", f"\t{GOOD} "])
def test_white_space_around_a_key_is_not_part_of_it(written: str) -> None:
    """A newline from a paste does no harm."""
    assert key.find({"FAL_KEY": written}) == GOOD


def test_a_key_in_two_parts() -> None:
    """FAL_KEY_ID and FAL_KEY_SECRET, as the client takes them."""
    assert key.find({"FAL_KEY_ID": "12345678 ", "FAL_KEY_SECRET": " secret"}) == "12345678:secret"


def test_a_key_in_a_file(tmp_path: Path) -> None:
    """FAL_KEY_FILE, for secrets that are mounted."""
    (tmp_path / "key").write_text(f"{GOOD}\n")
    assert key.find({"FAL_KEY_FILE": str(tmp_path / "key")}) == GOOD


def test_a_login_of_the_client_is_used(tmp_path: Path) -> None:
    """`fal auth login` leaves tokens; then no key is needed."""
    (tmp_path / "auth0_token").write_text("token")
    assert key.find({"FAL_HOME_DIR": str(tmp_path)}) is None


@pytest.mark.parametrize(
    "environment",
    [{}, {"FAL_KEY": ""}, {"FAL_KEY": "  \n"}, {"FAL_KEY_ID": "only-half"}],
    ids=["nothing", "empty", "blank", "half"],
)
def test_no_key_says_what_to_do(environment: dict[str, str], tmp_path: Path) -> None:
    """One line: where to get one, and what works without."""
    with pytest.raises(KeyProblem, match=r"set FAL_KEY .*`draft=True`"):
        key.find(environment | {"FAL_HOME_DIR": str(tmp_path)})


BAD = (f"{GOOD} {GOOD}", "ключ-от-квартиры", "secret\nkey" * 9, "short", "x" * 999)


@pytest.mark.parametrize("bad", BAD)
def test_what_can_be_no_key_is_refused_without_being_shown(bad: str) -> None:
    """Never in a message, not even when it is wrong."""
    with pytest.raises(KeyProblem) as refused:
        key.find({"FAL_KEY": bad})
    assert bad not in str(refused.value)
    assert bad.split()[0] not in str(refused.value)


def test_a_missing_key_file_is_named(tmp_path: Path) -> None:
    """The file, not its contents."""
    with pytest.raises(KeyProblem, match=r"FAL_KEY_FILE .*key can't be read"):
        key.find({"FAL_KEY_FILE": str(tmp_path / "key")})


@pytest.mark.parametrize("shown", [GOOD, "0123456789abcdef", "12345678-abcd"])
def test_a_service_that_repeats_the_key_does_not_get_it_shown(shown: str) -> None:
    """Whole, or either half of it."""
    assert shown not in Fal(GOOD).hidden(f"no such key: {shown}!")


def test_a_service_that_echoes_the_key_in_its_refusal(one: Set) -> None:
    """The message, the ledger and the events are without it; the fixture looks at every file."""
    echo = {"detail": f"bad key {one.service.key}"}
    one.wrong("submit", acts.answer(422, echo))
    assert "bad key <key>" in str(failure(one.render()))
    assert one.service.key not in repr(one.events)


def test_a_service_that_echoes_the_key_in_everything(three: Set) -> None:
    """A lost answer, a status, a result that repeat it: nothing is kept of it."""
    three.wrong("submit", acts.answer(500, {"detail": three.service.key}, accepted=True))
    three.wrong("submit", acts.fail(422, f"for {three.service.key}"), skip=1)
    three.wrong("status", acts.answer(500, {"detail": three.service.key}), times=3)
    three.wrong("status", acts.put(status=three.service.key), times=2, skip=3)
    made = three.render(jobs=1)
    assert three.service.key not in repr(made)
    assert three.service.key not in repr(three.events)


def test_a_run_of_the_command_line_leaves_no_key_anywhere(one: Set, tmp_path: Path) -> None:
    """With DEBUG logs on and a failing service: neither printed nor written."""
    one.wrong("submit", acts.answer(500, {"detail": one.service.key}, accepted=True))
    loud = {"PYTHONWARNINGS": "default", "HTTPX_LOG_LEVEL": "debug"}
    environment = one.service.environment | loud
    found = storyboard("render", one.film, "--yes", "--json", environment=environment, cwd=tmp_path)
    assert found.code == 0, found.err
    assert one.paid == 1
    nothing_leaked(tmp_path, one.service, found.out + found.err)


@pytest.mark.parametrize("where", ["fal_key: abc", "key: abc", "x-key: 1\nFAL_KEY: abc"])
def test_a_key_in_the_storyboard_is_refused(one: Set, where: str) -> None:
    """The file is for everybody to read; keys are not."""
    one.film.write_text(one.film.read_text() + where + "\n")
    found = storyboard("validate", one.film)
    assert found.code == 3


def test_a_key_as_an_argument_is_no_option(one: Set) -> None:
    """Arguments are seen by every program on the machine."""
    found = storyboard("render", one.film, "--key", "abc", "--yes")
    assert found.code == 2
