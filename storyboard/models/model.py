"""The door to a model: what a shot asks for, and what a model has to answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from storyboard.units.sizes import BACKGROUND
from storyboard.units.timing import Rate

if TYPE_CHECKING:
    from storyboard.images.still import PreparedStill
    from storyboard.models.choices import Choosable, Setting
    from storyboard.models.lengths import Lengths
    from storyboard.models.price import Price, Sold, Tariff
    from storyboard.models.request import Request
    from storyboard.units.sizes import Fit, Size

FILM_RATE = Rate(24)
"""What a film has while nothing says another."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What a shot asks of the model that makes it."""

    prompt: str
    """With its style."""
    seconds: Fraction
    start: PreparedStill | None = None
    """None where it could not be read: then there is nothing to send."""
    end: PreparedStill | None = None
    closed: bool = True
    """Whether it ends on a keyframe."""
    options: Mapping[str, Setting] = field(default_factory=dict)
    """What the storyboard asks for beyond the usual: `resolution`, `sound`, ..."""
    size: Size | None = None
    """The film's, as it is drawn."""
    rate: Rate = FILM_RATE
    """The film's."""
    fit: Fit = "contain"
    background: str = BACKGROUND
    eases_in: bool = False
    """Whether motion begins with it: it is the first of its scene."""
    eases_out: bool = False
    """Whether motion ends with it."""
    words: str = ""
    """The prompt without its style; empty where nobody says what of it is which."""

    @property
    def style(self) -> str:
        """What the prompt says besides its words: what follows them, as a sentence."""
        own = self.words and self.prompt.startswith(self.words)
        return self.prompt[len(self.words) :].lstrip(". ") if own else ""


class Problem(NamedTuple):
    """What a model can't do of what a shot asks for."""

    part: str
    """The part of the shot that asks for it: `duration`, `prompt`, `shot`, `options.sound`."""
    words: str


@dataclass(frozen=True, slots=True)
class StillLimits:
    """What a start or end frame has to be."""

    max_bytes: int = 10_000_000
    min_side: int = 300
    max_side: int = 8000
    min_aspect: Fraction = Fraction(2, 5)
    max_aspect: Fraction = Fraction(5, 2)


class Model(Protocol):
    """What makes shots: as a rule a row of the table."""

    @property
    def alias(self) -> str:
        """What storyboards call it."""

    @property
    def endpoint(self) -> str:
        """What the service calls it."""

    @property
    def endpoints(self) -> tuple[str, ...]:
        """Where its requests may go to: `endpoint`, and others that it has for some of them."""

    @property
    def maker(self) -> str:
        """Who makes its takes on this machine; empty where the service does, and is paid."""

    @property
    def lengths(self) -> Lengths:
        """The lengths that it sells."""

    @property
    def options(self) -> Mapping[str, Choosable]:
        """What a storyboard can choose of it, by the storyboard's names."""

    @property
    def stills(self) -> StillLimits:
        """What it takes for pictures."""

    @property
    def tariff(self) -> Tariff:
        """How it charges."""

    @property
    def doubt(self) -> str:
        """Why its life or its price is not established; empty where they are."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth knowing of it before paying."""

    def problems(self, brief: Brief) -> Iterable[Problem]:
        """What it can't do of this."""

    def fits(self, briefs: Sequence[Brief]) -> bool:
        """Whether one request can bring all of these shots of one scene."""

    def request(self, briefs: Sequence[Brief]) -> Request:
        """What is sent for these shots of one scene, one behind the other."""

    def sold(self, arguments: Mapping[str, Any]) -> Sold:
        """What of these arguments the price hangs on."""

    def price(self, arguments: Mapping[str, Any], listed: int | None = None) -> Price:
        """What a request with these arguments costs.

        `listed` is what the service's list says of a unit; the dearer of the two counts.
        """
