"""A fake service, and the real client pointed at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from storyboard.testing import FakeService
from tests.testing.caller import Caller

Running = Callable[..., FakeService]


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """Start a service with any settings and point this process at it."""
    services: list[FakeService] = []

    def start(**settings: Any) -> FakeService:
        service = FakeService(**settings).start()
        services.append(service)
        for name, value in service.environment.items():
            monkeypatch.setenv(name, value)
        return service

    yield start
    for service in services:
        service.close()


@pytest.fixture
def service(running: Running) -> FakeService:
    """A service that answers at once."""
    return running()


@pytest.fixture
def caller(service: FakeService) -> Iterator[Caller]:
    """The real client, pointed at `service`."""
    caller = Caller()
    yield caller
    caller.close()
