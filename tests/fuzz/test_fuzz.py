"""A little of the fuzzing in every run of the tests; `python -m tests.fuzz` does more."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.inputs import ANSWERS, CUTS, STORYBOARDS
from tests.fuzz.targets import cuts, loader, responses
from tests.loading.stills import lay_out

SOME = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures, good and bad."""
    return lay_out(tmp_path_factory.mktemp("fuzz"))


@SOME
@given(STORYBOARDS)
def test_any_storyboard(folder: Path, data: bytes) -> None:
    """Any bytes are a storyboard, or mistakes at places of the file."""
    loader(folder, data)


@SOME
@given(ANSWERS)
def test_any_answer(folder: Path, data: bytes) -> None:
    """No answer breaks its reader."""
    responses(folder, data)


@SOME
@given(CUTS)
def test_any_cut(folder: Path, data: bytes) -> None:
    """Any bytes are a cut that can be written and cut, or one clear sentence."""
    cuts(folder, data)
