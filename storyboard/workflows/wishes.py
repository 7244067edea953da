"""What a page asks to be written: into the storyboard, or into its notes. Nothing here pays.

Each wish is a function of the storyboard and plain data that come from a browser, and gives what
the page is to say of it.
"""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storyboard.annotating.notes_file import add_line
from storyboard.annotating.review_note import Approval, NoNote, Removal, ReviewNote, made
from storyboard.clock import REAL, moment
from storyboard.errors import InvalidStoryboard, StoryboardError
from storyboard.loading import reading
from storyboard.loading.edits import REMOVE
from storyboard.units.money import dollars
from storyboard.units.timing import counted
from storyboard.workflows.pick import pick as pick_
from storyboard.workflows.rewriting import opened, rewriting
from storyboard.workflows.take import take as take_

if TYPE_CHECKING:
    from storyboard.clock import Clockwork
    from storyboard.workflows.source import StoryboardFile

Given = Mapping[str, Any]
Answer = dict[str, Any]

MOST_HELD = 9999
"""Frames."""


@dataclass(frozen=True, slots=True)
class PageWish:
    """A wish: of which storyboard, with what, and when."""

    source: StoryboardFile
    given: Given
    worded: Callable[[str], str] = str
    """Makes commands in backticks such that they can be pasted."""
    clock: Clockwork = REAL

    def text(self, name: str) -> str:
        """A text among what was given."""
        found: str = self._of(name, str, "a text")
        return found

    def number(self, name: str) -> int:
        """A whole number, from 0."""
        found: int = self._of(name, int, "a whole number")
        if found < 0:
            raise StoryboardError(f"`{name}` can't be less than 0")
        return found

    def _of(self, name: str, kind: type[Any], words: str) -> Any:
        found = self.given.get(name)
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            raise StoryboardError(f"`{name}` has to be {words}")
        return found

    @property
    def author(self) -> str:
        """Who says so; nobody need say."""
        return str(self.given.get("author") or "")[:200]

    @property
    def now(self) -> str:
        """The date and time, UTC."""
        return moment(self.clock)


def pick(asked: PageWish) -> Answer:
    """Another take of a shot into the film."""
    shot = asked.text("shot")
    done = pick_(asked.source, shot, asked.number("take"))
    return {"message": f"{shot}: take {done.take} is picked, take {done.was} was"}


def take(asked: PageWish) -> Answer:
    """One more take of a shot: a number in the storyboard, its price, and who buys it."""
    shot = asked.text("shot")
    done = take_(asked.source, shot)
    price = dollars(done.planned.price_microusd)
    buys = "`storyboard render --only SHOT`".replace("SHOT", shlex.quote(shot))
    return {
        "message": f"take {done.planned.number} of {shot} is in the storyboard. This command asks, "
        f"and pays {price} for it:",
        "command": asked.worded(buys).strip("`"),
        "price_microusd": done.planned.price_microusd,
    }


def hold(asked: PageWish) -> Answer:
    """A shot's last picture, held for so many frames."""
    shot, frames = asked.text("shot"), asked.number("frames")
    if frames > MOST_HELD:
        raise StoryboardError(f"a picture is held for at most {MOST_HELD} frames from here")
    here = opened(asked.source)
    path = (*here.was.shot(shot).path, "hold")
    rewriting(here, {path: f"{frames}f" if frames else REMOVE}).write()
    words = f"its last picture is held for {counted(frames, 'frame')}" if frames else "no hold"
    return {"message": f"{shot}: {words}"}


def order(asked: PageWish) -> Answer:
    """The order of the shots in the film, as `cut:`; none, where it is that of the keyframes."""
    wanted = asked.given.get("shots")
    if not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
        raise StoryboardError("`shots` has to be a list of shots")
    here = opened(asked.source)
    entries = _entries(here.before, here.was.cut, [shot.id for shot in here.was.shots], asked)
    if sorted(wanted) != sorted(entries):
        raise StoryboardError("the film's shots are others by now; look at them once more")
    natural = [shot.id for shot in here.was.shots]
    plain = all(isinstance(entry, str) for entry in entries.values())
    cut = REMOVE if wanted == natural and plain else [entries[shot] for shot in wanted]
    rewriting(here, {("cut",): cut}).write()
    return {
        "message": "the order is that of the keyframes" if cut is REMOVE else "`cut:` is written"
    }


def _entries(text: bytes, cut: Any, shots: list[str], asked: PageWish) -> dict[str, Any]:
    """What the storyboard says of each shot in the film, by shot."""
    if cut is None:
        return {shot: shot for shot in shots}
    root = reading.read(text, file=str(asked.source.file)).root
    written = root["cut"] if isinstance(root, dict) else []
    found = {entry.shot: raw for entry, raw in zip(cut, written, strict=True)}
    if len(found) < len(cut):
        raise StoryboardError("`cut:` shows a shot twice: put it in order in the file itself")
    return found


def approve(asked: PageWish) -> Answer:
    """A take that somebody likes, or no longer does. It is bound to the take's key."""
    liked = asked.given.get("approved")
    if not isinstance(liked, bool):
        raise StoryboardError("`approved` has to be true or false")
    shot, number = asked.text("shot"), asked.number("take")
    line = Approval(shot, asked.text("key"), number, liked, asked.author, asked.now)
    add_line(asked.source.file, line)
    return {"message": f"{shot} take {number}: {'approved' if liked else 'no longer approved'}"}


def note(asked: PageWish) -> Answer:
    """A new note, or a known one (by its `id`) with another text or state."""
    data = {"id": secrets.token_hex(6), "at": asked.now, **asked.given, "author": asked.author}
    try:
        line = made(ReviewNote, data)
    except NoNote as error:
        raise StoryboardError(f"this can't be noted: {error}") from error
    add_line(asked.source.file, line)
    return {"message": "noted"}


def unnote(asked: PageWish) -> Answer:
    """A note is taken back."""
    add_line(asked.source.file, Removal(asked.text("id"), asked.author, asked.now))
    return {"message": "taken back"}


WISHES: dict[str, Callable[[PageWish], Answer]] = {
    wish.__name__: wish for wish in (pick, take, hold, order, approve, note, unnote)
}
"""By the name that the page calls them."""


def granted(
    source: StoryboardFile,
    what: str,
    given: Given,
    *,
    worded: Callable[[str], str] = str,
    clock: Clockwork = REAL,
) -> Answer:
    """Write what a page asks for; KeyError where there is no such wish.

    `StoryboardError` says why it can't be; then nothing is written.
    """
    wish = WISHES[what]
    try:
        return wish(PageWish(source, given, worded, clock))
    except InvalidStoryboard as error:
        raise StoryboardError(f"nothing is written: {error.mistakes[0]}") from error
