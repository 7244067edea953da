"""How quickly this machine draws and encodes: gauged while it does, and asked before the next film.

Kept beside the user's record of requests, so that each store knows what any other has learnt. A
help and no condition: where it can't be kept, nobody is told how long work here takes.
"""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from storyboard.clock import REAL
from storyboard.errors import StoryboardError
from storyboard.events import Encoding, State, TakeChanged
from storyboard.files import write_whole
from storyboard.generating.drafts import drawing
from storyboard.ledger.user_record import usual_folder
from storyboard.models.table import DRAFT
from storyboard.takes.holding import Standing
from storyboard.workflows.finish import USUAL

if TYPE_CHECKING:
    from storyboard.events import Event, Listener
    from storyboard.generating.terms import Run
    from storyboard.planning.planned import Plan
    from storyboard.workflows.finish import Finish

FILE = "speeds.json"
KEPT = 20
"""So many are remembered of each kind of work."""
DRAWING = "drawing"
_SMALL = 640 * 640
"""Pixels of a frame of a preview, at most."""

Speeds = Mapping[str, Sequence[float]]
"""By kind of work, seconds for a million pixels, as they were gauged."""


def known(folder: Path | None = None) -> Speeds:
    """What was gauged on this machine; empty where nothing was, or it can't be read."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        said = json.loads(((folder or usual_folder()) / FILE).read_bytes())
        return {str(work): [float(one) for one in ones] for work, ones in said.items()}
    return {}


def seconds_here(
    made: Plan, films: Sequence[tuple[Plan, Finish]] = (), *, speeds: Speeds
) -> float | None:
    """How long drawing and encoding take at most; None where nobody knows, or all takes are there.

    At most, since pieces of a film may be there, and are made while takes are on their way. `films`
    are the files that are written, each with its plan; left out, the film as it usually is.
    """
    work = Counter({DRAWING: sum(one.pixels for one in _drawn(made).values())})
    usual = replace(USUAL, quick=made.draft)  # as an animatic is
    for plan, finish in films or [(made, usual)]:
        if any(one.holding.standing is not Standing.DONE for one in plan.purchases):
            work[_encoding(plan, finish)] += plan.frames * _pixels(plan, finish)
    work = +work
    if not work or any(not speeds.get(kind) for kind in work):
        return None
    return sum(statistics.median(speeds[kind]) * pixels / 1e6 for kind, pixels in work.items())


@contextmanager
def gauged(made: Plan, finish: Finish, run: Run) -> Iterator[Run]:
    """The run, whose listener learns how quickly work is done here; of other workers, nothing."""
    if run.executor is not None:
        yield run
        return
    clock = run.clock or REAL
    gauge = _Gauge(run.listener, clock.monotonic, _drawn(made), _pixels(made, finish))
    yield replace(run, listener=gauge)
    _remember({DRAWING: gauge.drawing, _encoding(made, finish): gauge.encoding})


@dataclass(slots=True)
class _Written:
    """A film that is encoded: how many of its frames were there when that was first heard of."""

    begun: float
    first: int
    ended: float = 0.0
    total: int = 0


@dataclass(slots=True)
class _Gauge:
    """Hears what is drawn and encoded."""

    listener: Listener
    now: Callable[[], float]
    drafts: Mapping[tuple[str, int], _Drawn]
    """Those that are to be drawn, by shot and take."""
    frame: int
    """The pixels of a frame of the film."""
    _begun: float | None = None
    _ended: float = 0.0
    """When drawing began, and when the last draft was there."""
    _there: list[_Drawn] = field(default_factory=list)
    _films: dict[str, _Written] = field(default_factory=dict)

    def __call__(self, event: Event) -> None:
        """Hear of an event, and pass it on."""
        if isinstance(event, TakeChanged):
            self._hear(event)
        elif isinstance(event, Encoding) and event.unit == "frames":
            film = self._films.setdefault(event.film, _Written(self.now(), event.done))
            film.ended, film.total = self.now(), event.total
        self.listener(event)

    def _hear(self, event: TakeChanged) -> None:
        draft = self.drafts.get((event.shot, event.take))
        if draft is not None and event.state is State.DRAWING and self._begun is None:
            self._begun = self.now()
        elif draft is not None and event.state is State.DONE:
            self._ended = self.now()
            self._there.append(draft)

    @property
    def drawing(self) -> float | None:
        """Seconds for a million pixels of drafts."""
        pixels = sum(one.pixels for one in self._there)
        return None if self._begun is None else _speed(self._ended - self._begun, pixels)

    @property
    def encoding(self) -> float | None:
        """Seconds for a million pixels of films, besides the time in which drafts were drawn.

        Of a film whose drafts are new, their pieces are; some were made while others were drawn.
        """
        films = self._films.values()
        if not self._there or not films:
            frames = sum(one.total - one.first for one in films)
            return _speed(sum(one.ended - one.begun for one in films), frames * self.frame)
        drawn = sum(one.frames for one in self._there) * len(films)
        frames = min(drawn, sum(one.total for one in films))
        seconds = max(one.ended for one in films) - self._ended
        return _speed(max(0.0, seconds), frames * self.frame)


def _speed(seconds: float, pixels: int) -> float | None:
    return seconds / pixels * 1e6 if pixels > 0 else None


class _Drawn(NamedTuple):
    """How much there is to a draft."""

    frames: int
    pixels: int


def _drawn(made: Plan) -> dict[tuple[str, int], _Drawn]:
    """Each draft that is to be drawn, by shot and take."""
    found = {}
    for purchase in made.purchases:
        if purchase.model.maker == DRAFT.maker and purchase.holding.standing is Standing.DRAW:
            asked = drawing(purchase.request, Path())
            pixels = asked.frames * asked.size.width * asked.size.height
            found[purchase.made_for, purchase.number] = _Drawn(asked.frames, pixels)
    return found


def _pixels(made: Plan, finish: Finish) -> int:
    """The pixels of a frame of the film."""
    size = finish.size or made.size
    pixels = size.width * size.height
    return min(pixels, _SMALL) if finish.preview else pixels


def _encoding(made: Plan, finish: Finish) -> str:
    """What kind of encoding it is: takes keep their packets where they can."""
    how = "quick" if finish.quick else "preview" if finish.preview else finish.encoder
    return f"encoding {finish.codec}, {how}, {'kept' if finish.keeps and not made.draft else 'all'}"


def _remember(gauged: Mapping[str, float | None]) -> None:
    new = {kind: speed for kind, speed in gauged.items() if speed is not None}
    if not new:
        return
    folder, before = usual_folder(), known()
    after = dict(before) | {
        kind: [*before.get(kind, ()), round(speed, 6)][-KEPT:] for kind, speed in new.items()
    }
    with suppress(OSError, StoryboardError):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / FILE, json.dumps(after, indent=1).encode() + b"\n")
