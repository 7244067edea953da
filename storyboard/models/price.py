"""What a request costs. Nothing else computes a price; all money is in whole micro-dollars.

A tariff is a small value:

    per_second(84_000)                     $0.084 for each second
    minimum(5, per_second(70_000))         at least five of them
    per_take(480_000, base=0)              one price, however long it is
    per_block(5, 150_000)                  for each five seconds that are begun
    by_option(("resolution", "sound"), {   another one for each choice
        ("720p", False): per_second(100_000),
        ("720p", True): per_second(150_000),
    })

The service's price list has one number for an endpoint. A tariff with one rate goes by it. One
with several knows better which of them is meant, unless the list is above them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Literal, Protocol

from storyboard.models.choices import shown
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from storyboard.models.choices import Setting

Unit = Literal["second", "take", "block"]
"""What a price is for."""

WHOLE = 0.9
"""The share of what was ordered that billed seconds have to come to, to be taken for seconds."""


@dataclass(frozen=True, slots=True)
class Sold:
    """What of a request its price hangs on."""

    seconds: Fraction
    options: Mapping[str, Setting] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Price:
    """What one request costs: so many units, at so much each."""

    units: Fraction
    each: Fraction
    """Micro-dollars."""
    unit: Unit = "second"
    base: int = 0
    """Micro-dollars for any request at all."""

    @property
    def micro(self) -> int:
        """Micro-dollars, rounded up: a cap that holds is never one short."""
        return ceil(self.units * self.each) + self.base

    def billed(self, units: float) -> int:
        """Micro-dollars that so many units come to."""
        return round(units * float(self.each)) + self.base

    def fits(self, units: float) -> bool:
        """Whether billed units can be this price's: seconds may be more than were ordered."""
        if self.unit == "second":
            return units >= WHOLE * float(self.units)
        return units == self.units

    def dearer(self, reserved: int) -> Price:
        """This price, or the one by which so much was reserved where that is more."""
        if not self.units:
            return self
        return replace(self, each=max(self.each, Fraction(reserved - self.base) / self.units))


class Tariff(Protocol):
    """How an endpoint charges."""

    @property
    def unit(self) -> Unit:
        """What it counts."""

    @property
    def rates(self) -> tuple[int, ...]:
        """Every price of a unit that it knows, in micro-dollars, ascending."""

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

    @property
    def rates(self) -> tuple[int, ...]:
        """Its one price."""
        return (self.each,)

    def price(self, sold: Sold) -> Price:
        """Its price for each unit of this."""
        return Price(self._units(sold.seconds), Fraction(self.each), self.unit, self.base)

    def _units(self, seconds: Fraction) -> Fraction:
        charged = max(seconds, Fraction(self.least))
        if self.unit == "second":
            return charged
        return Fraction(1 if self.unit == "take" else ceil(charged / self.block))

    def of_unit(self, micro: int) -> str:
        """So much for a unit, in words."""
        names = {"second": "s", "take": "take", "block": f"{self.block} s"}
        return f"{dollars(micro)}/{names[self.unit]}"


@dataclass(frozen=True, slots=True)
class ByOption:
    """Another tariff for each choice of options."""

    names: tuple[str, ...]
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
        chosen = tuple(sold.options.get(name, "") for name in self.names)
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
    def _first(self) -> Metered:
        return next(iter(self.tariffs.values()))


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


def by_option(
    names: str | tuple[str, ...], tariffs: Mapping[Setting | tuple[Setting, ...], Metered]
) -> ByOption:
    """Another tariff for each choice of these options; they all count the same unit."""
    if len({tariff.unit for tariff in tariffs.values()}) != 1:
        raise ValueError("tariffs by option have to count the same unit")
    keyed = {key if isinstance(key, tuple) else (key,): own for key, own in tariffs.items()}
    return ByOption((names,) if isinstance(names, str) else names, keyed)


def free(tariff: Tariff) -> bool:
    """Whether nothing of it costs anything."""
    return tariff.rates[-1] == 0


def rose(tariff: Tariff, listed: int | None) -> bool:
    """Whether the service's list is above every price that the tariff knows."""
    return listed is not None and listed > tariff.rates[-1]


def by_list(tariff: Tariff, sold: Sold, listed: int | None) -> Price:
    """The price in force, where the service's list says so much for a unit."""
    known = tariff.price(sold)
    if listed is None or (len(tariff.rates) > 1 and not rose(tariff, listed)):
        return known
    return replace(known, each=Fraction(listed))


def today(tariff: Tariff, sold: Sold, listed: int | None) -> Price:
    """What is to be reserved: the dearer of the tariff's price and the list's."""
    return by_list(tariff, sold, listed if rose(tariff, listed) else None)


def in_force(tariff: Tariff, sold: Sold, listed: int | None, *, reserved: int) -> Price:
    """The price by the list, and not less than was reserved above the tariff's own."""
    own, now = tariff.price(sold), by_list(tariff, sold, listed)
    held = own.dearer(reserved)
    return replace(now, each=max(now.each, held.each)) if held.each > own.each else now


def in_words(tariff: Tariff) -> str:
    """What a unit costs, for people: `$0.084 a second`, `$0.05 to $0.16 a second`."""
    low, high = tariff.rates[0], tariff.rates[-1]
    amount, _, unit = tariff.of_unit(high).partition("/")
    span = amount if low == high else f"{dollars(low)} to {amount}"
    return f"{span} {UNITS.get(unit, f'for {unit}')}"


UNITS = {"s": "a second", "take": "a take"}
"""What follows a price in a sentence."""
