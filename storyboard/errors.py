"""What can go wrong, as types: one class and one exit code for each kind of failure.

    StoryboardError         2  what is named is not there
    ├── NoStoryboard        2  none is named, and none is meant (`storyboard.cli.finding`)
    ├── InvalidStoryboard   3  the file has mistakes, each at its line and column
    ├── KeyProblem          4  no key, or a key the service does not take
    ├── NotAllowed          5  over budget, or not confirmed
    │   ├── OverBudget      5  it costs more than a cap, or the budget
    │   └── PriceRose       5  the service asks for more than the plan said
    ├── ServiceError        6  the service refused or failed
    │   ├── NotSent         6  nothing reached the service
    │   │   └── NoWayOut    6  the proxies lead nowhere (`storyboard.webfetch.proxies`)
    │   ├── Refused         6  the service said no
    │   │   └── Failed      6  it accepted the request, and says that nothing came of it
    │   ├── LostAnswer      6  sent, but the answer never came: it may have been accepted
    │   ├── NoNews          6  an answer, or none, from which nothing follows: asked again
    │   ├── Expired         6  the service says that it does not have it, or no more
    │   └── NoTake          6  a shot could not be had (`storyboard.workflows.conform`)
    ├── FileTrouble         8  a file can't be read, written or used
    │   ├── StoreError      8  the store can't be read or written
    │   ├── MediaError      8  a clip, a sound or a film can't be read or made
    │   │   ├── Unlike      8  a film is decoded to other pictures (`storyboard.rendering.verify`)
    │   │   ├── Unclear     8  an edited cut is not clear (`storyboard.reimport.sequence`)
    │   │   ├── Undone      8  nobody has done the work (`storyboard.crews.crew`)
    │   │   │   ├── OtherVersions  8  a worker would make other pictures (`storyboard.crews.errand`)
    │   │   │   └── NotCarried  8  files did not get there (`storyboard.crews.errand`)
    │   │   └── WorkerLost  8  who was to do the work is gone (`storyboard.workers`)
    │   ├── Uneditable      8  a text can't be edited safely (`storyboard.loading.edits`)
    │   ├── PictureError    8  a picture can't be used (`storyboard.images.parts`)
    │   └── FetchError      8  an address can't be fetched (`storyboard.webfetch.guard`)
    ├── Unforeseen          1  a mistake of this program's in one take; the others went on
    └── Interrupted       130  stopped by the user; what was paid for is recorded

In brackets, the module of those that only one room raises; a test holds this picture.

Exit codes 7 (film made but incomplete) and 9 (a seam that was not to be) are results, not
exceptions. Anything that is not a `StoryboardError` is a bug and shows its traceback (exit code 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Self

from storyboard.safe_text import under_caret


class Charged(Enum):
    """Whether money was spent on the request that failed."""

    NO = "not charged"
    POSSIBLY = "possibly charged"
    YES = "charged"


class StoryboardError(Exception):
    """Anything this package reports on purpose. The text is one line: what is wrong, what to do.

    Raised as it is where something is named that is not there: wrong usage.
    """

    exit_code: ClassVar[int] = 2

    def __reduce__(self) -> tuple[object, ...]:
        """Whatever it was made with: so it comes whole out of a worker, and can be copied."""
        return _again, (type(self), self.args), self.__dict__


def _again(kind: type[StoryboardError], args: tuple[object, ...]) -> StoryboardError:
    error = kind.__new__(kind)
    error.args = args
    return error


WIDTH = 100
"""How much of a long source line is shown with a mistake."""


@dataclass(frozen=True, slots=True)
class Place:
    """A position in the storyboard file; line and column count from 1.

    In a storyboard that was given in code nothing has a line (0): there it is a field.
    """

    file: str
    line: int
    column: int
    text: str = ""
    """The source line, without its end of line."""
    field: str = ""
    """Where there is no file: the field, as in `keyframes[1].shot`; empty for all of it."""

    @classmethod
    def inside(cls, field: str) -> Place:
        """A field of a storyboard that has no file."""
        return cls("", 0, 0, field=field)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.field or "storyboard"

    @property
    def named(self) -> str:
        """The place for a sentence about another one: `on line 12`, `at keyframes[0].shot`."""
        return f"on line {self.line}" if self.line else f"at {self}"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong in a storyboard, and where."""

    place: Place
    path: str
    """The field, as in `scenes[0].keyframes[2].shot.duration`; empty for the whole file."""
    message: str

    def __str__(self) -> str:
        said = not self.path or f".{self.place.field}".endswith(f".{self.path}")
        return (
            f"{self.place}: {self.message}"
            if said
            else f"{self.place}: {self.path}: {self.message}"
        )

    def drawn(self) -> str:
        """The mistake with its source line and a caret below the column; safe for a terminal."""
        if not self.place.text:
            return str(self)
        at = self.place.column - 1
        cut = max(0, at - WIDTH // 2) if len(self.place.text) > WIDTH else 0
        shown = under_caret(self.place.text[cut : cut + WIDTH])
        caret = " " * _cells(under_caret(self.place.text[cut:at])) + "^"
        return f"{self}\n    {shown}\n    {caret}"


def _cells(text: str) -> int:
    """How many columns of a terminal the text takes."""
    from rich.cells import cell_len  # not for those who never see a mistake

    return cell_len(text)


class InvalidStoryboard(StoryboardError):
    """A storyboard with mistakes: all of them, in the order of the file."""

    exit_code = 3

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        in_order = sorted(mistakes, key=lambda m: (m.place.line, m.place.column))
        self.mistakes: tuple[Mistake, ...] = tuple(in_order)
        super().__init__("\n".join(map(str, self.mistakes)))

    def drawn(self) -> str:
        """Every mistake with its source line and caret."""
        return "\n".join(mistake.drawn() for mistake in self.mistakes)


class KeyProblem(StoryboardError):
    """No key, or one that the service does not accept."""

    exit_code = 4


class NotAllowed(StoryboardError):
    """The work costs more than a cap allows, or nobody said yes to its price."""

    exit_code = 5


class OverBudget(NotAllowed):
    """The work costs more than what may be spent, by this run or for this storyboard."""


class PriceRose(NotAllowed):
    """The service's price list has gone above the plan's price, which is what was agreed to."""


class ServiceError(StoryboardError):
    """The service refused or failed. `charged` says whether money may be gone."""

    exit_code = 6

    def __init__(self, message: str, *, charged: Charged = Charged.NO) -> None:
        super().__init__(message)
        self.charged = charged


class NotSent(ServiceError):
    """Nothing reached the service; trying again is safe."""


class Refusal(Enum):
    """What a service says no to."""

    KEY = "the key"
    ACCOUNT = "the account"
    """It is locked, or has no credit."""
    HURRY = "so many at once"
    """Nothing was queued; the same may be accepted in a while."""
    CONTENT = "what was asked for"
    """The same words and pictures get the same no."""
    REQUEST = "this request"
    CANCELLED = "a request that was given up"


class Refused(ServiceError):
    """The service said no, definitely.

    `of` is what it said no to, `names` the arguments that its reasons name, `unread` those of
    them whose file it could not fetch or read, `retry_after` the seconds after which it may be
    asked again, where it says so.
    """

    def __init__(
        self,
        message: str,
        *,
        of: Refusal = Refusal.REQUEST,
        names: Sequence[str] = (),
        unread: Sequence[str] = (),
        charged: Charged = Charged.NO,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, charged=charged)
        self.of = of
        self.names: tuple[str, ...] = tuple(names)
        self.unread: tuple[str, ...] = tuple(unread)
        self.retry_after = retry_after

    def adding(self, words: str) -> Self:
        """The same, with more words."""
        made = copy(self)
        made.args = (f"{self}; {words}",)
        made.__cause__ = self.__cause__
        return made

    @property
    def stops_all(self) -> bool:
        """Whether every other request would be refused as well: a bad key, no credit."""
        return self.of in (Refusal.KEY, Refusal.ACCOUNT)


class Failed(Refused):
    """The service accepted the request, and says that nothing came of it."""


class NoNews(ServiceError):
    """Nothing follows from what came, or nothing came: the request is as it was, ask again.

    `is_error` tells whether the service answered, with an error.
    """

    def __init__(
        self,
        message: str,
        *,
        is_error: bool = False,
        retry_after: float | None = None,
        charged: Charged = Charged.POSSIBLY,
    ) -> None:
        super().__init__(message, charged=charged)
        self.is_error = is_error
        self.retry_after = retry_after


class LostAnswer(ServiceError):
    """The request was sent and the answer was lost: it may or may not have been accepted."""

    def __init__(self, message: str) -> None:
        super().__init__(message, charged=Charged.POSSIBLY)


class Expired(ServiceError):
    """One source of the service's says that it does not have what was asked for.

    That is a testimony, not a conclusion: see `storyboard.service`.
    """


class FileTrouble(StoryboardError):
    """A file can't be read, written or used. The text is one line: what is wrong; what to do."""

    exit_code = 8


class StoreError(FileTrouble):
    """The store can't be read or written, or holds something it should not."""


class MediaError(FileTrouble):
    """A clip, a sound or the film can't be read or made."""


class Unforeseen(StoryboardError):
    """A mistake of this program's in the middle of one take, which is held; the others go on."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Going:
    """A request that goes on at the service, whether anybody waits for it or not."""

    shot: str
    take: int
    request_id: str
    """Empty where the answer was lost, and it may not have been accepted at all."""
    cost_microusd: int


class Interrupted(StoryboardError):
    """Stopped on the user's wish. What was paid for is recorded and can be collected.

    `going` is what goes on at the service.
    """

    exit_code = 130

    def __init__(self, message: str, *, going: Sequence[Going] = ()) -> None:
        super().__init__(message)
        self.going: tuple[Going, ...] = tuple(going)
