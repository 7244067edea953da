"""A service, and storyboards to run against it. Whatever a test does, the key stays put."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storyboard.ledger.user_record import VARIABLE
from storyboard.testing import FakeService
from tests.boards import board
from tests.money.runs import SMALL, Set, nothing_leaked


@pytest.fixture
def service(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[FakeService]:
    """A service that makes small clips at once, and the record of a user who has sent nothing."""
    with FakeService(footage=SMALL) as made:
        monkeypatch.setenv(VARIABLE, made.environment[VARIABLE])
        yield made
    gc.collect()  # connections of runs that were broken off
    printed = capfd.readouterr()
    nothing_leaked(tmp_path, made, printed.out + printed.err + caplog.text)


@pytest.fixture
def one(tmp_path: Path, service: FakeService) -> Set:
    """A storyboard of one shot."""
    return Set(board(tmp_path, keyframes=2), service, tmp_path / ".storyboard")


@pytest.fixture
def three(tmp_path: Path, service: FakeService) -> Set:
    """A storyboard of three shots."""
    return Set(board(tmp_path, keyframes=4), service, tmp_path / ".storyboard")


@pytest.fixture
def stage(tmp_path: Path, service: FakeService) -> Callable[..., Set]:
    """Storyboards with whatever `tests.boards.board` can make."""

    def made(**about: object) -> Set:
        return Set(board(tmp_path, **about), service, tmp_path / ".storyboard")  # type: ignore[arg-type]

    return made
