"""What a round has in it, drawn from its seed. Values; nothing happens here."""

from __future__ import annotations

import random
from dataclasses import dataclass

from storyboard.testing import Listing
from tests.money.chaos.lies import Lie, drawn
from tests.money.client import POINTS

PRICE = 252_000
"""Micro-dollars of one take by the table: three seconds."""
MINUTE = 60.0
HOUR = 3600.0

HIDDEN = ("unlisted", "altered", "doubled")
"""What a history may do to one request for as long as it is asked: not list it, list it with
other words, list it under two ids."""

DAMAGES = ("deleted", "torn", "emptied", "none")
"""What befalls the ledger's file before it is rebuilt."""

BACKUPS = ("store", "ledger", "second store")
"""What comes back from a backup: all of the store, its ledger alone, or a second store beside the
first, which goes on as well."""


@dataclass(frozen=True, slots=True)
class Start:
    """One program that is started."""

    verb: str
    """`render`, `resume` or `cancel`."""
    film: int
    jobs: int
    die: str = ""
    """At which point it dies."""
    nth: int = 1
    """When it gets there for the so-manieth time."""
    signal: str = ""
    """Which signal it gets, `after` so many seconds of the wall's clock."""
    after: float = 0.0
    max_cost: int | None = None
    name: str = "absolute"
    """How it calls the store: absolute, relative, by a link, or with detours."""
    wrong: float = 0.0
    """By how many seconds its clock is wrong."""


@dataclass(frozen=True, slots=True)
class Between:
    """What happens between two acts."""

    what: str
    film: int = 0
    detail: str = ""
    amount: float = 0.0


@dataclass(frozen=True, slots=True)
class Act:
    """Programs that run together, what happens meanwhile, and what happens after them."""

    starts: tuple[Start, ...]
    meanwhile: tuple[Between, ...]
    then: tuple[Between, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """A round."""

    seed: int
    shots: int
    takes: tuple[int, ...]
    """Of each shot."""
    films: int
    """Storyboards with one store; the second asks for some of the same."""
    same_stills: bool
    """Whether all shots lie between the same two stills."""
    run: float
    """Seconds that a job runs, by the service's clock."""
    concurrency: int | None
    listing: Listing
    hidden: str
    budget: int | None
    strangers: int
    """Requests that somebody else sends with the same account, in each act."""
    lies: tuple[Lie, ...]
    acts: tuple[Act, ...]

    @property
    def ingredients(self) -> set[str]:
        """What it stands on, in the words that are counted; what happens on it is counted there."""
        about = {
            "several takes": max(self.takes) > 1,
            "two films, one store": self.films > 1,
            "shots between the same stills": self.same_stills and self.shots > 1,
            "a late history": self.listing.delay > 0,
            "a history in pages": self.listing.page < 5,
            "a history of what is finished alone": not self.listing.unfinished,
            "strangers' requests": self.strangers > 0,
            "a budget": self.budget is not None,
        }
        return {name for name, there in about.items() if there}


def script(seed: int) -> Script:
    """The round of this seed."""
    dice = random.Random(seed)
    shots = dice.randint(1, 3)
    films = 1 + (dice.random() < 0.3)
    many = dice.randint(2, 5)
    acts = [_act(dice, films) for _ in range(many)]
    if dice.random() < 0.3 and many > 2:
        acts = _with_backup(dice, acts)
    return Script(
        seed=seed,
        shots=shots,
        takes=tuple(dice.choice((1, 1, 1, 2)) for _ in range(shots)),
        films=films,
        same_stills=dice.random() < 0.25,
        run=dice.choice((0.0, 20.0, 90.0)),
        concurrency=dice.choice((None, None, 2)),
        listing=Listing(
            delay=dice.choice((0.0, 0.0, 30.0, 3 * MINUTE, 20 * MINUTE)),
            unfinished=dice.random() < 0.5,
            page=dice.choice((1, 2, 4, 100)),
        ),
        hidden=dice.choice(HIDDEN) if dice.random() < 0.1 else "",
        budget=PRICE * dice.randint(0, 4) + 100_000 if dice.random() < 0.25 else None,
        strangers=dice.choice((0, 0, 1, 2)),
        lies=drawn(dice),
        acts=tuple(acts),
    )


def _act(dice: random.Random, films: int) -> Act:
    starts = tuple(_start(dice, films) for _ in range(dice.choice((1, 1, 2))))
    meanwhile = _meanwhile(dice, films) if dice.random() < 0.2 else ()
    return Act(starts, meanwhile, _then(dice, films))


def _start(dice: random.Random, films: int) -> Start:
    fate = dice.random()
    point = dice.choice(POINTS) if fate < 0.45 else ""
    signals = ("SIGKILL", "SIGKILL", "SIGTERM", "SIGINT")
    return Start(
        verb=dice.choices(("render", "resume", "cancel"), (12, 3, 1))[0],
        film=dice.randrange(films),
        jobs=dice.randint(1, 4),
        die=point,
        nth=dice.choice((1, 1, 2, 3)),
        signal=dice.choice(signals) if 0.45 <= fate < 0.75 else "",
        after=dice.random() * 0.4,
        max_cost=PRICE * dice.randint(0, 3) + 50_000 if dice.random() < 0.2 else None,
        name=dice.choice(("absolute", "absolute", "relative", "link", "detour")),
        wrong=dice.choice((-2, 3, 40)) * 24 * HOUR if dice.random() < 0.04 else 0.0,
    )


def _meanwhile(dice: random.Random, films: int) -> tuple[Between, ...]:
    film = dice.randrange(films)
    return (
        dice.choice(
            (
                Between("price changed meanwhile", amount=dice.choice((0.5, 1.5, 2.0))),
                Between("budget edited meanwhile", film, amount=PRICE * dice.randint(0, 3)),
                Between("resolve meanwhile", film),
                Between("rebuild meanwhile", film, "none"),
            )
        ),
    )


def _then(dice: random.Random, films: int) -> tuple[Between, ...]:
    film = dice.randrange(films)
    possible = (
        (6, Between("time passes", amount=dice.choice((1, 5, 20)) * MINUTE)),
        (2, Between("hours pass", amount=dice.choice((2, 7, 30)) * HOUR)),
        (2, Between("words edited", film)),
        (4, Between("resolve", film)),
        (3, Between("rebuild", film, dice.choice(DAMAGES))),
        (2, Between("price changed", amount=dice.choice((0.5, 1.5, 2.0)))),
        (2, Between("budget edited", film, amount=PRICE * dice.randint(0, 4))),
        (1, Between("take deleted", film)),
        (1, Between("abandon", film)),
        (1, Between("link made", film)),
    )
    weights = [weight for weight, _ in possible]
    many = dice.choice((0, 1, 1, 2))
    return tuple(between for _, between in dice.choices(possible, weights, k=many))


def _with_backup(dice: random.Random, acts: list[Act]) -> list[Act]:
    """A backup is made after one act, and comes back after a later one."""
    first = dice.randrange(len(acts) - 1)
    later = dice.randrange(first + 1, len(acts))
    kind = dice.choice(BACKUPS)
    acts[first] = _more(acts[first], Between("backup made"))
    acts[later] = _more(acts[later], Between("backup brought back:", detail=kind))
    return acts


def _more(act: Act, between: Between) -> Act:
    return Act(act.starts, act.meanwhile, (*act.then, between))
