"""Settings of the whole suite: property tests are the same each time, and are never timed.

`pytest -m pure` runs what needs no film, no process and no service: it answers in seconds. Every
test is pure but those in the places below, and one that is no longer pure fails and says so.
"""

from __future__ import annotations

import itertools
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

TESTS = Path(__file__).parent
COSTLY = (
    "annotating",
    "audio",
    "cli",
    "crews",
    "depot/test_azure.py",
    "depot/test_bucket.py",
    "depot/test_google.py",
    "draft",
    "exporting",
    "fal/test_proxies.py",
    "fal/test_uploading.py",
    "rendering",
    "fuzz",
    "loading/test_remote.py",
    "money",
    "page",
    "reimport",
    "reviewing",
    "test_adding.py",
    "cutting/test_clashes.py",
    "test_events.py",
    "test_examples.py",
    "test_safe_text.py",
    "test_notebook.py",
    "test_package.py",
    "test_security.py",
    "video",
    "webfetch",
    "test_wheel.py",
    "testing",
    "workflows",
)
"""Folders and modules whose tests make films, start processes or talk to a service."""

_PROCESSES = {"subprocess.Popen", "os.exec", "os.fork", "os.posix_spawn"}
_NETWORKS = {socket.AF_INET, socket.AF_INET6}
_pure = threading.local()
_numbers = itertools.count()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the pure tests."""
    for item in items:
        place = item.path.relative_to(TESTS).as_posix()
        if not place.startswith(COSTLY):
            item.add_marker(pytest.mark.pure)


def _look(event: str, given: tuple[object, ...]) -> None:
    """Refuse a pure test processes and services."""
    served = event == "socket.bind" and getattr(given[0], "family", None) in _NETWORKS
    if (served or event in _PROCESSES) and getattr(_pure, "now", False):
        raise RuntimeError(f"a pure test may not use {event}; name its module in {__file__}")


sys.addaudithook(_look)


@pytest.fixture(autouse=True)
def _no_users_record(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Nothing is written into the record of whoever runs the tests, each test has its own, and
    nobody is told of films that tests make."""
    monkeypatch.delenv("STORYBOARD_NOTIFY", raising=False)
    folder = tmp_path_factory.getbasetemp() / f"state-{next(_numbers)}"
    monkeypatch.setenv("STORYBOARD_STATE", str(folder))


@pytest.fixture(autouse=True)
def _no_fonts_of_this_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What is drawn does not depend on the fonts that happen to be installed."""
    monkeypatch.setenv("STORYBOARD_FONT_FOLDERS", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture(autouse=True)
def _held_to_it(request: pytest.FixtureRequest) -> Iterator[None]:
    """A pure test is watched: by its thread, because services of other tests may still close."""
    _pure.now = request.node.get_closest_marker("pure") is not None
    yield
    _pure.now = False
