"""What a request costs. Nothing else computes a price; all money is in whole micro-dollars.

A tariff is a small value:

    per_second(84_000)                     $0.084 for each second
    minimum(5, per_second(70_000))         at least five of them
    measured(per_second(60_000), Fraction(1, 2))  the clip that comes, half a second longer
    per_take(480_000)                      one price, however long it is
    per_block(5, 150_000)                  for each five seconds that are begun
    per_megapixel(1800)                    for each million pixels of all its frames
    by_option(("resolution", "sound"), {   another one for each choice; "seconds" is the length
        ("720p", False): per_second(100_000),
        ("720p", True): per_second(150_000),
    })
    listed(..., 140_000, "second")         and what the service's price list said of it then
    unknown("its price per second")        nobody knows

The service's price list has one number for an endpoint. A tariff with one rate goes by it. One
with several knows better which of them is meant, unless the list is above them all. What `listed`
wraps knows what the list's number was when the tariff was read: the list's unit is a unit of
billing, so that its number is no price, but times the billed units it is the charge, and where it
rises the price does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any, Literal, Protocol

from storyboard.models.choices import shown
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from storyboard.models.choices import Setting

Unit = Literal["second", "take", "block", "megapixel"]
"""What a price is for."""

WHOLE = 0.9
"""The share of what was ordered that billed seconds have to come to, to be taken for seconds."""
MORE = 1.25
"""How many times as many they may be, and one more: beyond that they are something else."""
HALF = 0.5
"""The share of a price that is only known as a bound that a charge has to come to."""


@dataclass(frozen=True, slots=True)
class Sold:
    """What of a request its price hangs on."""

    seconds: Fraction
    options: Mapping[str, Setting] = field(default_factory=dict)
    frames: int = 0
    """Where the endpoint is asked for so many; else 0."""
    pixels: int = 0
    """Of one frame, where the endpoint is asked for a size; else 0."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one request costs: so many units, at so much each."""

    units: Fraction
    each: Fraction
    """Micro-dollars."""
    unit: Unit = "second"
    base: int = 0
    """Micro-dollars for any request at all."""
    bound: bool = False
    """Whether it is the most that it can be: the charge hangs on what comes."""
    by_list: Fraction | None = None
    """What the service's list says of its unit of billing, where that is another one."""

    @property
    def micro(self) -> int:
        """Micro-dollars, rounded up: a cap that holds is never one short."""
        return ceil(self.units * self.each) + self.base

    def billed(self, units: float) -> int:
        """Micro-dollars that so many units come to."""
        if self.by_list is not None:
            return round(units * float(self.by_list))
        return round(units * float(self.each)) + self.base

    def fits(self, units: float) -> bool:
        """Whether billed units can be this price's: seconds may be more than were ordered."""
        ordered = float(self.units)
        if self.by_list is not None:
            least = HALF if self.bound else WHOLE
            return least * self.micro <= self.billed(units) <= MORE * self.micro
        if self.unit in ("second", "megapixel"):
            least = HALF if self.bound else WHOLE
            return least * ordered <= units <= MORE * ordered + 1
        return units == self.units

    def dearer(self, reserved: int) -> Price:
        """This price, or the one by which so much was reserved where that is more."""
        if not self.units:
            return self
        return replace(self, each=max(self.each, Fraction(reserved - self.base) / self.units))


@dataclass(frozen=True, slots=True)
class ListPrice:
    """What the service's price list said of an endpoint when its tariff was read."""

    micro: int
    """Micro-dollars."""
    unit: str
    """As the list has it, in the singular."""


class Tariff(Protocol):
    """How an endpoint charges."""

    @property
    def unit(self) -> Unit:
        """What it counts."""

    @property
    def rates(self) -> tuple[int, ...]:
        """Every price of a unit that it knows, in micro-dollars, ascending; empty: none."""

    @property
    def listing(self) -> ListPrice | None:
        """What the list said of it, where that is no price of it."""

    def price(self, sold: Sold) -> Price:
        """What this costs; LookupError where it has no price for these options."""

    def of_unit(self, micro: int) -> str:
        """So much for a unit, in words: `$0.084/s`."""


@dataclass(frozen=True, slots=True)
class Metered:
    """One price for each unit."""

    each: int
    unit: Unit = "second"
    block: int = 1
    """Seconds in a block."""
    least: int = 0
    """Seconds that are charged for at least."""
    base: int = 0
    """Micro-dollars for any request at all."""
    longer: Fraction = Fraction(0)
    """Seconds by which the clip that comes, and is charged, may be longer than the ordered one."""
    bound: bool = False
    """Whether it is the most that it can be."""

    @property
    def rates(self) -> tuple[int, ...]:
        """Its one price."""
        return (self.each,)

    @property
    def listing(self) -> None:
        """The list's number is its price."""
        return

    def price(self, sold: Sold) -> Price:
        """Its price for each unit of this."""
        each, bound = Fraction(self.each), self.bound or self.longer > 0
        return Price(self._units(sold), each, self.unit, self.base, bound)

    def _units(self, sold: Sold) -> Fraction:
        if self.unit == "megapixel":
            return Fraction(sold.frames * sold.pixels, 1_000_000)
        charged = max(sold.seconds, Fraction(self.least)) + self.longer
        if self.unit == "second":
            return charged
        return Fraction(1 if self.unit == "take" else ceil(charged / self.block))

    def of_unit(self, micro: int) -> str:
        """So much for a unit, in words."""
        names = {"second": "s", "take": "take", "block": f"{self.block} s", "megapixel": "MP"}
        return f"{dollars(micro)}/{names[self.unit]}"


@dataclass(frozen=True, slots=True)
class ByOption:
    """Another tariff for each choice of options."""

    names: tuple[str, ...]
    """Of options, or `seconds`."""
    tariffs: Mapping[tuple[Setting, ...], Metered] = field(hash=False)

    @property
    def unit(self) -> Unit:
        """What all of them count."""
        return self._first.unit

    @property
    def rates(self) -> tuple[int, ...]:
        """All prices of a unit."""
        return tuple(sorted({rate for tariff in self.tariffs.values() for rate in tariff.rates}))

    def price(self, sold: Sold) -> Price:
        """What the tariff for these options says; LookupError where there is none."""
        hangs_on = {**sold.options, "seconds": _plain(sold.seconds)}
        chosen = tuple(hangs_on.get(name, "") for name in self.names)
        if chosen not in self.tariffs:
            told = ", ".join(
                f"{name} {shown(value)}" for name, value in zip(self.names, chosen, strict=True)
            )
            raise LookupError(f"no price is known for {told}")
        return self.tariffs[chosen].price(sold)

    def of_unit(self, micro: int) -> str:
        """So much for a unit, in words."""
        return self._first.of_unit(micro)

    @property
    def listing(self) -> None:
        """The list's number is one of its prices."""
        return

    @property
    def _first(self) -> Metered:
        return next(iter(self.tariffs.values()))


@dataclass(frozen=True, slots=True)
class OnList:
    """A tariff of which is known what the list said when it was read."""

    tariff: Metered | ByOption
    listing: ListPrice

    @property
    def unit(self) -> Unit:
        """What the tariff counts."""
        return self.tariff.unit

    @property
    def rates(self) -> tuple[int, ...]:
        """The tariff's."""
        return self.tariff.rates

    def price(self, sold: Sold) -> Price:
        """What the tariff says; billed by the list's number."""
        return replace(self.tariff.price(sold), by_list=Fraction(self.listing.micro))

    def of_unit(self, micro: int) -> str:
        """So much for a unit of the tariff's, in words."""
        return self.tariff.of_unit(micro)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A tariff that nobody knows: nothing can be bought by it."""

    what: str
    """What is known of it instead."""
    unit: Unit = "second"
    rates: tuple[int, ...] = ()
    listing: None = None

    def price(self, sold: Sold) -> Price:
        """LookupError."""
        raise LookupError(f"its price is not established ({self.what})")

    def of_unit(self, micro: int) -> str:
        """So much for a unit, in words."""
        return dollars(micro)


def per_second(micro: int, *, base: int = 0) -> Metered:
    """So much for each second, and `base` for any request at all."""
    return Metered(micro, base=base)


def per_take(micro: int) -> Metered:
    """One price for a take, however long it is."""
    return Metered(micro, "take")


def per_block(seconds: int, micro: int) -> Metered:
    """So much for each block of so many seconds that is begun."""
    return Metered(micro, "block", block=seconds)


def minimum(seconds: int, tariff: Metered) -> Metered:
    """The tariff, which charges for so many seconds at least."""
    return replace(tariff, least=seconds)


def measured(tariff: Metered, longer: Fraction) -> Metered:
    """The tariff, charged by the clip that comes: so many seconds longer, at the most."""
    return replace(tariff, longer=longer)


def at_most(tariff: Metered) -> Metered:
    """The tariff, of which is known that it is not less than what is charged."""
    return replace(tariff, bound=True)


def per_megapixel(micro: int) -> Metered:
    """So much for each million pixels, counted over all frames."""
    return Metered(micro, "megapixel")


def listed(tariff: Metered | ByOption, micro: int, unit: str) -> OnList:
    """The tariff, when the list said so many micro-dollars for a unit called so."""
    return OnList(tariff, ListPrice(micro, unit))


def unknown(what: str) -> Unknown:
    """A tariff that is not established; `what` is known instead."""
    return Unknown(what)


def by_option(names: str | tuple[str, ...], tariffs: Mapping[Any, Metered]) -> ByOption:
    """Another tariff for each choice of these options (a choice, or a tuple of choices); they all
    count the same unit."""
    if len({tariff.unit for tariff in tariffs.values()}) != 1:
        raise ValueError("tariffs by option have to count the same unit")
    keyed = {key if isinstance(key, tuple) else (key,): own for key, own in tariffs.items()}
    return ByOption((names,) if isinstance(names, str) else names, keyed)


def free(tariff: Tariff) -> bool:
    """Whether nothing of it costs anything."""
    return tariff.rates[-1:] == (0,)


def asked_for(tariff: Tariff) -> str:
    """The unit whose price the service's list is asked for."""
    return tariff.listing.unit if tariff.listing else tariff.unit


def rose(tariff: Tariff, listed: int | None) -> bool:
    """Whether the list is above every price that the tariff knows, or above what it said then."""
    if listed is None:
        return False
    known = tariff.listing.micro if tariff.listing else tariff.rates[-1]
    return listed > known


def by_list(tariff: Tariff, sold: Sold, listed: int | None) -> Price:
    """The price in force, where the service's list says so much for a unit."""
    known = tariff.price(sold)
    if tariff.listing and listed is not None:
        risen = max(Fraction(1), Fraction(listed, tariff.listing.micro))
        base = ceil(known.base * risen)
        return replace(known, each=known.each * risen, base=base, by_list=Fraction(listed))
    if listed is None or (len(tariff.rates) > 1 and not rose(tariff, listed)):
        return known
    return replace(known, each=Fraction(listed))


def today(tariff: Tariff, sold: Sold, listed: int | None) -> Price:
    """What is to be reserved: the dearer of the tariff's price and the list's."""
    return by_list(tariff, sold, listed if rose(tariff, listed) else None)


def in_force(tariff: Tariff, sold: Sold, listed: int | None, *, reserved: int) -> Price:
    """The price by the list, and not less than was reserved above the tariff's own."""
    own, now = tariff.price(sold), by_list(tariff, sold, listed)
    if tariff.listing:
        return now  # what is billed times what the list says is the charge itself
    held = own.dearer(reserved)
    return replace(now, each=max(now.each, held.each)) if held.each > own.each else now


def compared(tariff: Tariff, listed: int) -> tuple[str, str]:
    """What the list says, and what was known, in words of the same unit."""
    if tariff.listing:
        unit = tariff.listing.unit
        return f"{dollars(listed)} for a {unit}", f"{dollars(tariff.listing.micro)}"
    return tariff.of_unit(listed), tariff.of_unit(tariff.rates[-1])


def in_words(tariff: Tariff) -> str:
    """What a unit costs, for people: `$0.084 a second`, `$0.05 to $0.16 a second`."""
    if not tariff.rates:
        return "price not established"
    low, high = tariff.rates[0], tariff.rates[-1]
    amount, _, unit = tariff.of_unit(high).partition("/")
    span = amount if low == high else f"{dollars(low)} to {amount}"
    return f"{span} {UNITS.get(unit, f'for {unit}')}"


def way_out(alias: str) -> str:
    """What somebody does who wants to buy what this model has no price for."""
    own = f"my-{alias}: {{like: {alias}, price: {{per: take, dollars: 1.00, at_most: true}}}}"
    return f"say what you pay at most in a row of your own, `models: {{{own}}}`, and ask for that"


UNITS = {"s": "a second", "take": "a take", "MP": "a megapixel"}
"""What follows a price in a sentence."""


def _plain(seconds: Fraction) -> Setting:
    return int(seconds) if seconds.denominator == 1 else float(seconds)
