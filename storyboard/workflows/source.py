"""The storyboard that is meant: where it is, how it is read, its store, its plan."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import files
from storyboard.clock import REAL
from storyboard.cutting.clashes import clashes, cut_lengths
from storyboard.depot.address import NONE, VARIABLE, depot_at
from storyboard.errors import FileTrouble, StoreError
from storyboard.loading.load import parse
from storyboard.loading.media_field import media_of
from storyboard.loading.remote import fetcher
from storyboard.loading.sources import read_text
from storyboard.planning import shapes
from storyboard.planning.planner import plan
from storyboard.safe_text import inert
from storyboard.store import Store
from storyboard.workflows.moved_keyframes import with_moved
from storyboard.workflows.preflight import Seen, StillFacts, looked_over
from storyboard.workflows.retakes import with_retakes

if TYPE_CHECKING:
    from storyboard.clock import Clockwork
    from storyboard.depot.protocol import Depot
    from storyboard.loading.checked import CheckedStoryboard
    from storyboard.planning.planned import Plan
    from storyboard.takes.holding import Earlier, Held

STORE = "STORYBOARD_STORE"
"""Environment variable that names the store's folder."""

USUAL_STORE = ".storyboard"

_MOST_BYTES = 100_000_000
"""Of a file that is compared with what was read: more than any storyboard has."""


@dataclass(frozen=True, slots=True)
class StoryboardFile:
    """A storyboard's file, and how it is read. Goes wherever its path would go.

        film = StoryboardFile(Path("film.yaml"), variables={"city": "Lisbon"}, media="/mnt/takes")
        storyboard.status(film)

    What is not said is as it is where there is only the path.
    """

    file: Path
    variables: Mapping[str, str] = field(default_factory=dict, hash=False)
    store_folder: Path | None = None
    """The folder of takes and ledger; None: `STORYBOARD_STORE`, else `.storyboard` beside it."""
    confine: Path | None = None
    """A folder that every file has to lie in."""
    allow_private_hosts: bool = False
    """Whether pictures may come from this network's hosts, too."""
    refetch: bool = False
    """Whether pictures from the web are fetched anew."""
    media: str | None = None
    """The place for takes that several machines share; None: the one that is named elsewhere."""
    told: Callable[[int, int], None] | None = field(default=None, compare=False)
    """Hears how many of its stills have been looked at, of how many."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "file", Path(self.file))

    @classmethod
    def of(cls, given: object) -> StoryboardFile:
        """As it is, or the file at this path; TypeError for a storyboard that is no file."""
        if isinstance(given, StoryboardFile):
            return given
        if isinstance(given, (str, os.PathLike)):
            return cls(Path(given))
        kind = type(given).__name__
        raise TypeError(f"this is done to a storyboard's file: give its path, not a {kind}")

    @property
    def store(self) -> Store:
        """The storyboard's store, opened anew."""
        told = None
        if self.media is None and not os.environ.get(VARIABLE):
            told = media_of(self.file, self.variables)
        if told is not None and self.confine is not None:
            raise StoreError(
                f"{self.file} names a media place, {inert(told)}, which `confine` leaves to you: "
                "give it as `media`, or `media` none"
            )
        return store_for(self.file, self.store_folder, media=self.media, told=told)

    def text(self) -> bytes:
        """The storyboard's bytes, or `InvalidStoryboard`."""
        return read_text(files.as_on_disk(self.file))

    def exchange(self, before: bytes, after: bytes) -> None:
        """Put a new text in the place of `before`; FileTrouble where another is there by now.

        It is there whole or not at all. A link stays a link, and a file that may not be written
        is left as it is. Who may read and write it stays as it was.
        """
        target = Path(os.path.realpath(files.as_on_disk(self.file)))
        if not os.access(target, os.W_OK):
            raise FileTrouble(
                f"{self.file} may not be written; change its permissions, and run again"
            )
        with files.alone(target):
            if files.read(target, limit=_MOST_BYTES) != before:
                raise FileTrouble(f"{self.file} was changed meanwhile; run the command again")
            files.exchange(target, after)

    def storyboard(self, *, draft: bool = False) -> CheckedStoryboard:
        """The storyboard, or `InvalidStoryboard`."""
        return self.parsed(self.text(), draft=draft)

    def parsed(self, text: bytes, *, draft: bool = False) -> CheckedStoryboard:
        """The storyboard in these bytes, as if they were the file's, or `InvalidStoryboard`."""
        store = self.store.folder
        fetch = fetcher(store / "web", allow_private=self.allow_private_hosts, again=self.refetch)
        return parse(
            text,
            files.as_on_disk(self.file),
            variables=self.variables,
            draft=draft,
            confine=self.confine,
            fetch=fetch,
            facts=StillFacts(store),
        )

    def checked(self, *, draft: bool = False) -> CheckedStoryboard:
        """The storyboard, with everything about it that can be known before paying."""
        return looked_over(self.storyboard(draft=draft), Seen(self.store.folder), told=self.told)


AnyFile = StoryboardFile | str | os.PathLike[str]
"""A storyboard's file: its path, or how it is read."""


def store_for(
    storyboard: Path,
    folder: Path | str | None = None,
    *,
    media: Path | str | None = None,
    told: Path | str | None = None,
    clock: Clockwork = REAL,
) -> Store:
    """The store of a storyboard: the folder given, or `STORYBOARD_STORE`, or `.storyboard`.

    A relative name in the variable is relative to the storyboard's own folder, wherever the
    program is started; `StoreError` where a store lies only at the other place it could mean.
    Its media place is `media`, or `STORYBOARD_MEDIA`, or what the storyboard has `told`; there, a
    relative folder is relative to the storyboard.
    """
    home = files.true(storyboard).parent
    place = _media(media, home, told)
    return Store(_folder(storyboard, home, folder), media=place, clock=clock)


def _media(media: Path | str | None, home: Path, told: Path | str | None) -> Depot | None:
    given = str(media) if media is not None else os.environ.get(VARIABLE) or str(told or NONE)
    if given == NONE:
        return None
    return depot_at(given, Path.cwd() if media is not None else home)


def _folder(storyboard: Path, home: Path, folder: Path | str | None) -> Path:
    if folder:
        return Path(folder)
    named = os.environ.get(STORE)
    if not named:
        beside = storyboard.parent / USUAL_STORE
        # A link beside which there is a store, and none beside the file: that one was paid into.
        return (
            beside
            if beside.exists() and not (home / USUAL_STORE).exists()
            else (home / USUAL_STORE)
        )
    wanted, other = home / Path(named).expanduser(), Path(named).absolute()
    if other.exists() and not wanted.exists() and not other.samefile(home):
        raise StoreError(
            f"{STORE}={named} is relative to the storyboard, so it names {wanted}; the store is "
            f"{other}. Write its whole path"
        )
    return wanted


@dataclass(frozen=True, slots=True)
class StoreContents:
    """What a store has, asked once for several plans."""

    held: Held
    earlier: Earlier

    @classmethod
    def of(cls, store: Store, storyboard: Path) -> StoreContents:
        """All that it has, and what it has of this storyboard."""
        return cls(store.held(), store.earlier(storyboard))


def plan_with(
    storyboard: CheckedStoryboard,
    store: Store,
    *,
    draft: bool = False,
    only: Collection[str] | None = None,
    retry: bool = False,
    small: bool = False,
    known: StoreContents | None = None,
) -> Plan:
    """The plan of a storyboard, with what this store has of it; see `plan`.

    `known` is that, where it was asked before.
    """
    if any(shot.retakes for shot in storyboard.shots):
        storyboard = with_retakes(storyboard, store)
    known = known or StoreContents.of(store, storyboard.path)
    held, earlier = known.held, known.earlier
    made = plan(
        storyboard, held=held, earlier=earlier, draft=draft, only=only, retry=retry, small=small
    )
    warnings = (*storyboard.remarks, *made.warnings, *shapes.remarks(made), *clashes(made))
    return with_moved(replace(made, warnings=warnings, counted=cut_lengths(made)), store)
