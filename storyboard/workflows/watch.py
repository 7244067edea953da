"""The animatic, made again at each save of the storyboard, a picture or a sound. Never spends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.clock import REAL
from storyboard.errors import StoryboardError
from storyboard.generating.scheduler import Stop
from storyboard.generating.terms import USUAL_RUN
from storyboard.loading.blocks import FILM
from storyboard.planning.remarks import Shown, renewed
from storyboard.units.money import dollars
from storyboard.workflows.changed_files import stamp, until_changed
from storyboard.workflows.film_steps import Film, outputs_for, warn
from storyboard.workflows.finish import USUAL
from storyboard.workflows.render import make
from storyboard.workflows.source import plan_with

if TYPE_CHECKING:
    from storyboard.generating.terms import Run
    from storyboard.planning.planned import Plan
    from storyboard.workflows.changed_files import Stamp
    from storyboard.workflows.finish import Finish
    from storyboard.workflows.source import StoryboardFile

MOST_FOLDERS, MOST_FILES = 50, 2000
"""How much is watched while the storyboard can't be read."""
MENDABLE = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".wav", ".mp3", ".m4a", ".flac", ".ogg")

Requests = dict[str, dict[str, Any]]
"""By shot, all that the key of its picked take is made of."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The files were looked at, and the film is going to be made."""


@dataclass(frozen=True, slots=True)
class News:
    """What the plan says that it did not say before, a line each."""

    lines: tuple[str, ...]


Told = Saved | News | Film | StoryboardError
"""What a watch tells in turn: that it looked, what is new, and the film, or why there is none."""


def watched(
    source: StoryboardFile,
    output: Path | None = None,
    *,
    finish: Finish = USUAL,
    once: bool = False,
    run: Run = USUAL_RUN,
) -> Iterator[Told]:
    """Keep the animatic up to date until the run's `stop`, or make it once."""
    run = replace(run, stop=Stop() if run.stop is None else run.stop)
    clock = run.clock or REAL
    look = _Watch(source, output, finish.quicker, run)
    seen: Stamp = stamp([source.file])
    while not run.stop:
        # What is saved while the film is being made has to be seen, too: the stamps are older.
        before = stamp({*seen, *_around(source.file)})
        yield Saved()
        yield from look.tried()
        seen = before
        if look.fresh:
            seen = look.fresh | {path: old for path, old in before.items() if path in look.fresh}
        if once:
            return
        until_changed(seen, stop=lambda: bool(run.stop), clock=clock)


@dataclass(slots=True)
class _Watch:
    """What is watched, how its film is made, and what is known of it."""

    source: StoryboardFile
    output: Path | None
    finish: Finish
    run: Run
    fresh: Stamp | None = None
    """The files that the last film came from; none where it could not be made."""
    keys: Requests | None = None

    def tried(self) -> Iterator[Told]:
        """Check, plan, make the film; or say why it can't be made."""
        self.fresh = None
        try:
            yield from self._made()
        except StoryboardError as error:
            yield error

    def _made(self) -> Iterator[Told]:
        storyboard, store = self.source.checked(draft=True), self.source.store
        fresh = stamp(storyboard.inputs)
        paid = plan_with(storyboard, store)
        now = {shot.id: shot.request.canonical(shot.shot.pick) for shot in paid.shots}
        yield News(tuple(news(paid, self.keys or {}, now)))
        plan = plan_with(storyboard, store, draft=True, small=self.finish.preview)
        warn(plan, self.run.listener)
        films = outputs_for(
            storyboard,
            [self.output] if self.output else [],
            draft=True,
            finish=self.finish,
            versions=[FILM],
            store=store,
        )
        yield make(plan, store, films, run=self.run)
        self.fresh, self.keys = fresh, now


def _around(file: Path) -> frozenset[Path]:
    """The storyboard's folder, those in it, and the files there, of which one may be mended."""
    inner = [p for p in file.parent.iterdir() if p.is_dir() and not p.name.startswith(".")]
    folders = [file.parent, *inner[:MOST_FOLDERS]]
    found = (p for folder in folders for p in islice(folder.iterdir(), MOST_FILES))
    return frozenset({file, *folders, *(p for p in found if p.suffix.lower() in MENDABLE)})


def news(paid: Plan, before: Requests, now: Requests) -> Iterable[str]:
    """What the plan says that it did not say at the last save."""
    shown = Shown.of(paid.storyboard, before)
    if before:
        for shot in paid.shots:
            was = before.get(shot.id)
            if was is None:
                yield f"{shot.id}: new shot"
            elif was != now[shot.id]:
                why = renewed(shot.request, was, shown=shown)
                yield f"{shot.id}: {why or 'another take is picked'}"
        yield from (f"{name}: gone" for name in before if name not in now)
    yield f"a paid render costs {dollars(paid.price_microusd)} now"
