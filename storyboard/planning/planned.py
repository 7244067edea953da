"""The plan as values: takes, shots and scenes, with what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from storyboard import notebook
from storyboard.loading.own_clip import OWN_CLIP
from storyboard.models.table import DRAFT
from storyboard.planning.briefs import draft_size
from storyboard.planning.remarks import about_models
from storyboard.takes.holding import Standing
from storyboard.units.money import dollars, usd
from storyboard.units.timing import counted, decimal

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from storyboard.errors import Mistake, Place
    from storyboard.images.still import PreparedStill
    from storyboard.loading.checked import CheckedScene, CheckedShot, CheckedStoryboard
    from storyboard.models.model import Model
    from storyboard.models.request import Request
    from storyboard.takes.holding import Holding
    from storyboard.units.sizes import Size
    from storyboard.units.timing import Rate

_AS_THEY_ARE = (Standing.DONE, Standing.LOST)
"""Nothing is done for these: each shot shows them as they are."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """One request for one take, and the shots that it covers.

    It stands between shots and takes: several shots may be made by one request, each with its own
    range of what comes, and several may ask for the very same.
    """

    request: Request
    number: int
    """Which of the takes with this request it is, from 1: what the key counts."""
    key: str
    canonical: Mapping[str, Any] = field(repr=False)
    """What the key is made of."""
    holding: Holding
    price_microusd: int
    """Micro-dollars that a render pays for it; 0 where it is there."""
    buys: bool
    """Whether a render sends a new, paid request for it."""
    covers: tuple[str, ...]
    """The shots, in the order of the film."""
    made_for: str
    """The first of them that is wanted: it pays for all."""
    model: Model
    """The one that makes it."""
    single_microusd: int
    """Micro-dollars that as many requests for one shot each would cost."""
    places: Mapping[str, Place] = field(repr=False)
    """Where the parts of its request are written: `start`, `prompt`, of a later shot `1.end`."""


@dataclass(frozen=True, slots=True)
class PlannedTake:
    """One take of a shot: its share of a purchase."""

    shot: str
    purchase: Purchase
    number: int = 1
    """Which take of the shot it is, from 1."""
    part: int = 0
    """Which of the shots that its request brings it is for."""

    @property
    def model(self) -> Model:
        """The one that makes it: the storyboard's, or `draft`."""
        return self.purchase.model

    @property
    def request(self) -> Request:
        """What is asked for."""
        return self.purchase.request

    @property
    def span(self) -> tuple[Fraction, Fraction]:
        """Where the shot lies in it, as ordered: from one keyframe to the next, in seconds."""
        return self.request.marks[self.part], self.request.marks[self.part + 1]

    @property
    def key(self) -> str:
        """What the store calls it."""
        return self.purchase.key

    @property
    def canonical(self) -> Mapping[str, Any]:
        """What the key is made of."""
        return self.purchase.canonical

    @property
    def holding(self) -> Holding:
        """What the store knows of it."""
        return self.purchase.holding

    @property
    def price(self) -> Decimal:
        """US dollars that a render pays for it."""
        return usd(self.price_microusd)

    @property
    def standing(self) -> Standing:
        """How things stand with it."""
        return self.holding.standing

    @property
    def state(self) -> str:
        """How things stand with it, in a word; `adopted` for a clip of one's own that is there."""
        adopted = self.number == OWN_CLIP and self.standing is Standing.DONE
        return "adopted" if adopted else self.standing.value

    @property
    def own(self) -> bool:
        """Whether it is made for this shot, and for others only because they are covered, too."""
        return self.purchase.made_for == self.shot

    @property
    def price_microusd(self) -> int:
        """Micro-dollars that a render pays for it; what several shots share, the first pays."""
        return self.purchase.price_microusd if self.own else 0

    @property
    def buys(self) -> bool:
        """Whether a render sends a new, paid request for it, and for this shot."""
        return self.purchase.buys and self.own

    @property
    def same_as(self) -> str:
        """The earlier shot that it is made for: one take serves both, made once."""
        return "" if self.own or self.standing in _AS_THEY_ARE else self.purchase.made_for

    @property
    def shared(self) -> str:
        """The same in words: `same as sh010`, or, where each shows its part, `with sh010`."""
        how = "same as" if len(self.request.marks) <= 2 else "with"
        return f"{how} {self.same_as}" if self.same_as else ""


@dataclass(frozen=True, slots=True)
class PlannedShot:
    """A shot with its request and its takes."""

    shot: CheckedShot
    frames: int
    """Film frames, as asked."""
    takes: tuple[PlannedTake, ...]
    notes: tuple[str, ...] = ()
    """What is worth knowing before paying."""
    renewed: str = ""
    """Why it has to be made again."""

    def __repr__(self) -> str:
        takes = ", ".join(take.standing.value for take in self.takes)
        return f"<PlannedShot {self.id}, {decimal(self.sold)} s, {takes}>"

    @property
    def id(self) -> str:
        """The shot's name."""
        return self.shot.id

    @property
    def drawn(self) -> bool:
        """Whether a draft stands in for it."""
        return self.model.maker == DRAFT.maker

    @property
    def model(self) -> Model:
        """The one that makes its picked take: the storyboard's, or `draft`."""
        return self.picked.model

    @property
    def request(self) -> Request:
        """What is asked for its picked take."""
        return self.picked.request

    @property
    def span(self) -> tuple[Fraction, Fraction]:
        """Where it lies in its picked take, as ordered."""
        return self.picked.span

    @property
    def sold(self) -> Fraction:
        """Seconds asked from the model for it."""
        return self.span[1] - self.span[0]

    @property
    def picked(self) -> PlannedTake:
        """The take that is cut in."""
        if self.shot.clip is not None:
            return self.takes[0]
        if self.shot.best:
            return next((t for t in self.takes if t.standing is Standing.DONE), self.takes[0])
        return next((t for t in self.takes if t.number == self.shot.pick), self.takes[0])

    @property
    def price_microusd(self) -> int:
        """Micro-dollars that a render pays for it."""
        return sum(take.price_microusd for take in self.takes)

    @property
    def price(self) -> Decimal:
        """US dollars that a render pays for it."""
        return usd(self.price_microusd)

    @property
    def retakes_microusd(self) -> int:
        """Micro-dollars that it may cost besides: for takes that are measured broken."""
        shot, last = self.shot, self.takes[-1]
        if shot.settled or shot.clip is not None or self.drawn:
            return 0
        return (shot.retakes - shot.extra) * last.model.price(last.request.arguments).micro


@dataclass(frozen=True, slots=True)
class PlannedScene:
    """A scene with its planned shots."""

    scene: CheckedScene
    shots: tuple[PlannedShot, ...]


@dataclass(frozen=True, slots=True)
class CutLengths:
    """How many frames a cut has."""

    film: int
    shots: Mapping[str, int]
    """Of each shot that is in it, up to the middle of its transitions: they add up to the film."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a render does, decided and priced before anything happens."""

    storyboard: CheckedStoryboard
    scenes: tuple[PlannedScene, ...]
    rate: Rate
    rate_assumed: bool
    """Whether the rate will follow the takes; frames are counted at 24 until then."""
    only: frozenset[str] | None = None
    """The shots to generate; None for all."""
    draft: bool = False
    counted: CutLengths | None = None
    """What the cut counts, if every take is as long as ordered."""
    warnings: tuple[Mistake, ...] = ()
    """What is worth knowing before paying, each at its line; nothing of it stops a render."""

    def __repr__(self) -> str:
        shots, price = counted(len(self.shots), "shot"), dollars(self.price_microusd)
        return f"<Plan {shots}, {decimal(self.frames / self.rate, 2)} s, {price}>"

    def _repr_html_(self) -> str:
        """The plan as a notebook's table."""
        columns = ("shot", "from", "to", "model", "film", "price", "state")
        title = f"{self.storyboard.title}: {dollars(self.price_microusd)} to pay"
        notes = [
            *(f"{shot.id}: {note}" for shot in self.shots for note in (shot.renewed, *shot.notes)),
            *self.about_models,
            *map(str, self.warnings),
        ]
        return notebook.table(
            title, columns, map(self._cells, self.shots), [n for n in notes if not n.endswith(": ")]
        )

    def _cells(self, shot: PlannedShot) -> tuple[str, ...]:
        start, end = shot.shot.start.still.id, shot.shot.end.still.id if shot.shot.end else "(open)"
        length = f"{decimal(self.shown(shot) / self.rate, 2)} s"
        wanted = shot in self.wanted or shot in self.along
        states = (t.shared or t.state for t in shot.takes)
        state = ", ".join(states) if wanted else "left out"
        price = dollars(shot.price_microusd) if shot.price and wanted else "-"
        return shot.id, start, end, shot.model.alias, length, price, state

    @property
    def shots(self) -> tuple[PlannedShot, ...]:
        """All shots in the order of the film."""
        return tuple(shot for scene in self.scenes for shot in scene.shots)

    def of_shots(self, wanted: Callable[[PlannedShot], bool]) -> Plan:
        """The same with those shots alone."""
        scenes = (replace(s, shots=tuple(filter(wanted, s.shots))) for s in self.scenes)
        return replace(self, scenes=tuple(scenes))

    @property
    def drafts(self) -> tuple[str, ...]:
        """The shots for which drafts stand in: their pictures say so."""
        return tuple(shot.id for shot in self.shots if shot.drawn)

    @property
    def wanted(self) -> tuple[PlannedShot, ...]:
        """The shots that a render generates."""
        return tuple(s for s in self.shots if self.only is None or s.id in self.only)

    @property
    def along(self) -> tuple[PlannedShot, ...]:
        """Other shots, which come with a wanted one: one request brings both."""
        keys = {purchase.key for purchase in self.purchases}
        return tuple(
            shot
            for shot in self.shots
            if self.only is not None
            and shot.id not in self.only
            and any(take.key in keys and not take.own for take in shot.takes)
        )

    @property
    def price_microusd(self) -> int:
        """Micro-dollars that a render pays. What several shots ask for is paid once."""
        return sum(purchase.price_microusd for purchase in self.purchases)

    @property
    def most_microusd(self) -> int:
        """Micro-dollars that a render pays at most: with every retake that there may be."""
        more: dict[str, int] = {}
        for shot in self.wanted:  # shots that show the very same take have the same retakes
            key = shot.takes[-1].key
            more[key] = max(more.get(key, 0), shot.retakes_microusd)
        return self.price_microusd + sum(more.values())

    @property
    def price(self) -> Decimal:
        """US dollars that a render pays."""
        return usd(self.price_microusd)

    @property
    def purchases(self) -> tuple[Purchase, ...]:
        """What the wanted shots need, each once."""
        takes = (take for shot in self.wanted for take in shot.takes)
        return tuple(take.purchase for take in takes if take.own)

    @property
    def about_models(self) -> tuple[str, ...]:
        """What is worth knowing of the models that a render buys from."""
        return about_models(self.wanted)

    @property
    def doubts(self) -> dict[str, str]:
        """Why the life or price of models is not established from which a render buys, by alias."""
        return {
            take.model.alias: take.model.doubt
            for shot in self.wanted
            for take in shot.takes
            if take.model.doubt and take.buys
        }

    @property
    def size(self) -> Size:
        """The film's size: the storyboard's, or the one that drafts are drawn at."""
        return self.storyboard.size or draft_size(self.storyboard)

    @property
    def overlap(self) -> int:
        """Film frames that transitions take from the film's length."""
        return sum(transition_frames(scene.scene, self.rate)[1] for scene in self.scenes)

    @property
    def pictures(self) -> tuple[PreparedStill, ...]:
        """Every picture once for each way in which it is prepared, in the order of the film."""
        found = {
            (prepared.still.name, prepared.recipe): prepared
            for shot in self.shots
            for prepared in (shot.shot.start, shot.shot.end)
            if prepared
        }
        return tuple(found.values())

    @property
    def frames(self) -> int:
        """Length of the film in frames: as the cut counts where that is known, else as asked."""
        if self.counted is not None:
            return self.counted.film
        cards = (scene.scene.card for scene in self.scenes)
        standing = sum(card.asked(self.rate) for card in cards if card)
        return sum(shot.frames for shot in self.shots) + standing - self.overlap

    def shown(self, shot: PlannedShot) -> int:
        """Frames that the film shows of a shot: as the cut counts where that is known, else as
        asked. 0 where a `cut:` leaves it out."""
        return shot.frames if self.counted is None else self.counted.shots.get(shot.id, 0)


def transition_frames(scene: CheckedScene, rate: Rate) -> tuple[int, int]:
    """How long the film takes to come into this scene, and how much shorter that makes it."""
    return scene.arrival(rate)
