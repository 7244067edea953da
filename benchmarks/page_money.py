"""Films to which something happened that costs money, each at a fake service of its own.

What a page shows of them is what a ledger has: nothing is written into a document.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from storyboard.depot.on_disk import FolderDepot
from storyboard.testing import FakeClip, FakeService, Fault, acts
from storyboard.testing.faults import Injection
from storyboard.workflows.source import StoryboardFile
from tests.money.runs import Set

PICTURES = Path(__file__).parents[1] / "examples" / "morning-ride" / "frames"
SAID = (
    "The rider steps out of the blue door and looks down the steep street, the camera drifts back",
    "She rides down towards the river, past the tram, washing lines swing between the houses",
    "The bicycle rolls to a stop at the bridge",
)
PAID = 420_000


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happens to a film of three shots, of one take each."""

    name: str
    happen: Callable[[Set], Injection | None]
    extra: str = ""


@contextmanager
def happened(trouble: Trouble, folder: Path) -> Iterator[StoryboardFile]:
    """The storyboard, for as long as it is so."""
    with FakeService(footage=FakeClip(width=480)) as service:
        os.environ["STORYBOARD_STATE"] = service.environment["STORYBOARD_STATE"]
        here, there = (_set(folder / name, trouble.extra, service) for name in ("here", "there"))
        held = trouble.happen(there if trouble.name == "claimed" else here)
        yield StoryboardFile(here.film)
        if held is not None:
            held.release()
            next(one for one in threading.enumerate() if one.name == "render").join()


def written(folder: Path, extra: str = "", *, takes: tuple[int, ...] = (1, 1, 1)) -> Path:
    """A storyboard of an example's pictures, so many takes of each of its shots."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"version: 1\ntitle: Morning ride\nsize: 480x270\nfps: 24\n{extra}keyframes:\n"]
    shots = [
        f', shot: {{prompt: "{said}", takes: {n}}}' for said, n in zip(SAID, takes, strict=True)
    ]
    pictures = sorted(PICTURES.glob("*.png"))
    for picture, shot in zip(pictures, [*shots, ""], strict=False):
        shutil.copy(picture, folder)
        lines.append(f"  - {{image: {picture.name}{shot}}}\n")
    file = folder / "film.yaml"
    file.write_text("".join(lines))
    return file


def _set(home: Path, extra: str, service: FakeService) -> Set:
    shared = f"media: {home.parent / 'shared'}\n"
    film, place = written(home, extra or shared), home / ".storyboard"
    media = None if extra else FolderDepot(home.parent / "shared")
    return Set(film, service, place, media=media, state=home / "state")


def _wrong(place: str, act: acts.Act) -> Callable[[Set], None]:
    def happen(film: Set) -> None:
        film.wrong(place, act)  # type: ignore[arg-type]
        film.render(jobs=1)

    return happen


def _unknown(film: Set) -> None:
    film.wrong("history", acts.empty_page(), times=None)
    _wrong("submit", acts.drop(accepted=True))(film)


def _in_flight(film: Set) -> None:
    film.outage()
    film.render()


def _not_fetched(film: Set) -> None:
    film.wrong("download", acts.corrupt(), times=None)
    film.render()


def _stopped(film: Set) -> None:
    film.render(jobs=1, max_cost=PAID)


def _changed(film: Set) -> None:
    going = film.outage()
    film.render(jobs=1)
    going.withdraw()
    film.film.write_text(film.film.read_text().replace("The rider", "A fox"))


def _elsewhere(film: Set) -> Injection:
    """A render that has one take, and waits for two."""
    held = film.service.inject(Fault("result", acts.hold(), times=None, skip=1))
    threading.Thread(target=film.render, name="render", daemon=True).start()
    held.met.wait()
    while "KEPT" not in film.states():
        threading.Event().wait(0.05)
    return held


OWN = "budget: 5.00\n"
TROUBLES = (
    Trouble("rendered elsewhere", _elsewhere, OWN),
    Trouble("in flight", _in_flight, OWN),
    Trouble("paid, not fetched", _not_fetched, OWN),
    Trouble("unknown", _unknown, OWN),
    Trouble("failed", _wrong("submit", acts.fail(500, "out of memory")), OWN),
    Trouble("refused", _wrong("submit", acts.moderated()), OWN),
    Trouble("no credit", _wrong("submit", acts.locked()), OWN),
    Trouble("stopped at a price", _stopped, OWN),
    Trouble("over budget", _stopped, "budget: 1.00\n"),
    Trouble("an earlier version", _changed, OWN),
    Trouble("claimed", _in_flight),
)
