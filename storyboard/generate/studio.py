"""What all jobs of one run share: plan, store, service, caps, listener; and what came of them."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storyboard import video
from storyboard.errors import Charged, MediaError, Place, ServiceError, StoryboardError
from storyboard.events import Event, Listener, Noticed, State, TakeChanged
from storyboard.fal import Fal
from storyboard.generate.engine import Brake
from storyboard.generate.pace import Pace
from storyboard.plan import Plan, PlannedShot, PlannedTake
from storyboard.store import Caps, Store


@dataclass(frozen=True, slots=True)
class Failure:
    """A take that could not be had in this run."""

    shot: str
    take: int
    error: StoryboardError
    charged: Charged
    place: Place
    """The storyboard's line for it."""
    state: State = State.FAILED

    def __str__(self) -> str:
        return f"{self.place}: {self.shot}: {self.error} ({self.charged.value})"


@dataclass(slots=True)
class Studio:
    """One run of a plan."""

    plan: Plan
    store: Store
    fal: Fal | None
    caps: Caps
    listener: Listener
    pace: Pace
    brake: Brake
    run: str = field(default_factory=lambda: uuid.uuid4().hex)
    failures: list[Failure] = field(default_factory=list)
    landed: dict[str, list[Path]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _uploads: dict[str, threading.Lock] = field(default_factory=dict)

    @property
    def service(self) -> Fal:
        """The service; a plan without paid shots has none, and asks for none."""
        if self.fal is None:
            raise ServiceError("this run has no service to talk to")
        return self.fal

    @property
    def storyboard(self) -> str:
        """The storyboard's name in the store."""
        return self.store.name_of(self.plan.storyboard.path)

    def tell(self, event: Event) -> None:
        """Let the listener know; one event at a time."""
        with self._lock:
            self.listener(event)

    def say(self, shot: PlannedShot, take: PlannedTake, state: State, **more: Any) -> None:
        """A take reached a state."""
        self.tell(TakeChanged(shot.id, take.number, state, **more))

    def notice(self, message: str, shot: str = "") -> None:
        """Something that the user should know."""
        self.tell(Noticed(message, shot))

    def fail(
        self,
        shot: PlannedShot,
        take: PlannedTake,
        error: StoryboardError,
        *,
        charged: Charged | None = None,
        field: str = "shot",
        state: State = State.FAILED,
    ) -> None:
        """A take can't be had in this run; the others go on."""
        known = error.charged if isinstance(error, ServiceError) else Charged.NO
        place = shot.shot.places.get(field) or shot.shot.places["shot"]
        failure = Failure(shot.id, take.number, error, charged or known, place, state)
        with self._lock:
            self.failures.append(failure)
        self.say(shot, take, state, detail=f"{error} ({failure.charged.value})")

    @contextmanager
    def uploading(self, digest: str) -> Iterator[None]:
        """One upload of a picture at a time, so that nobody uploads it twice."""
        with self._lock:
            lock = self._uploads.setdefault(digest, threading.Lock())
        with lock:
            yield

    def keep(
        self, shot: PlannedShot, take: PlannedTake, part: Path, note: Mapping[str, Any]
    ) -> list[str]:
        """Check a finished clip and take it into the store; gives what is odd about it.

        `MediaError` where it can't be decoded from the first frame to the last.
        """
        facts = video.check(part)
        odd = oddities(shot, facts)
        measured = {
            "frames": facts.frames,
            "rate": str(facts.rate),
            "size": str(facts.size),
            "sound": facts.sound,
        }
        about = {
            "key": take.key,
            "shot": shot.id,
            "take": take.number,
            "storyboard": self.storyboard,
            "model": shot.model.alias,
            "request": shot.request.canonical(take.number),
            "prompt": shot.shot.prompt,
            "made_at": time.time(),
            "bytes": part.stat().st_size,
            "measured": measured,
            "odd": odd,
            **note,
        }
        self.store.keep(take.key, part, about)
        return odd


def oddities(shot: PlannedShot, facts: video.Facts) -> list[str]:
    """What is not as it was asked for. The take is kept all the same: it was paid."""
    found = []
    seconds = facts.frames / facts.rate
    if abs(seconds - shot.sold) > max(2 / facts.rate, shot.sold / 50):
        found.append(f"{float(seconds):.2f} s instead of {float(shot.sold):g} s")
    start = shot.shot.start
    wanted = start.recipe.size or (start.still.facts.width, start.still.facts.height)
    if abs((facts.size.width / facts.size.height) / (wanted[0] / wanted[1]) - 1) > 0.05:
        found.append(f"{facts.size} is of another shape than {wanted[0]}x{wanted[1]}")
    if not 10 <= facts.rate <= 120:
        found.append(f"{float(facts.rate):g} frames per second")
    return found


def broken(error: MediaError) -> ServiceError:
    """A clip that was paid for and can't be used as it came."""
    return ServiceError(f"the clip that came can't be used: {error}", charged=Charged.YES)
