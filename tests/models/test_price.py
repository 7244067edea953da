"""What a request costs, by tariff and by the service's list."""

from __future__ import annotations

from fractions import Fraction

import pytest

from storyboard.models.price import (
    Sold,
    Tariff,
    by_list,
    by_option,
    free,
    in_force,
    in_words,
    minimum,
    per_block,
    per_second,
    per_take,
    rose,
    today,
)

GRADED = by_option("resolution", {"480p": per_second(50_000), "720p": per_second(100_000)})


def sold(seconds: int | Fraction, **options: str | bool) -> Sold:
    """So many seconds, with these options."""
    return Sold(Fraction(seconds), options)


@pytest.mark.parametrize(
    ("tariff", "what", "micro"),
    [
        (per_second(84_000), sold(5), 420_000),
        (per_second(1), sold(Fraction(1, 3)), 1),
        (per_second(50_000, base=100_000), sold(4), 300_000),
        (per_take(480_000), sold(6), 480_000),
        (per_block(5, 150_000), sold(5), 150_000),
        (per_block(5, 150_000), sold(6), 300_000),
        (minimum(5, per_second(70_000)), sold(3), 350_000),
        (minimum(5, per_second(70_000)), sold(10), 700_000),
        (GRADED, sold(5, resolution="720p"), 500_000),
    ],
)
def test_a_price(tariff: Tariff, what: Sold, micro: int) -> None:
    """In whole micro-dollars, rounded up: a cap that holds is never one short."""
    assert tariff.price(what).micro == micro


def test_options_without_a_price() -> None:
    """Nothing is made up."""
    with pytest.raises(LookupError, match="no price is known for resolution 8k"):
        GRADED.price(sold(5, resolution="8k"))


def test_tariffs_of_two_units() -> None:
    """The service's list has one number: it would have to be for both."""
    with pytest.raises(ValueError, match="the same unit"):
        by_option("resolution", {"480p": per_second(1), "720p": per_take(1)})


@pytest.mark.parametrize(
    ("tariff", "what", "listed", "reserved", "billed"),
    [
        (per_second(84_000), sold(5), None, 420_000, 420_000),
        (per_second(84_000), sold(5), 80_000, 420_000, 400_000),
        (per_second(84_000), sold(5), 90_000, 450_000, 450_000),
        (per_take(480_000), sold(6), 500_000, 500_000, 500_000),
        (per_second(50_000, base=100_000), sold(4), 60_000, 340_000, 340_000),
        # One number of the list for several rates: which of them it is nobody can say ...
        (GRADED, sold(5, resolution="720p"), 50_000, 500_000, 500_000),
        (GRADED, sold(5, resolution="480p"), 100_000, 250_000, 250_000),
        # ... unless it is above them all.
        (GRADED, sold(5, resolution="480p"), 120_000, 600_000, 600_000),
    ],
)
def test_what_the_list_makes_of_it(
    tariff: Tariff, what: Sold, listed: int | None, reserved: int, billed: int
) -> None:
    """The dearer price is reserved; what is billed is billed at the price in force."""
    assert today(tariff, what, listed).micro == reserved
    assert by_list(tariff, what, listed).micro == billed


def test_what_was_reserved_above_the_table_stays() -> None:
    """A list that has come down since does not make the books cheaper than the payment was."""
    price = in_force(per_second(84_000), sold(5), 84_000, reserved=450_000)
    assert price.billed(5) == 450_000


@pytest.mark.parametrize(
    ("tariff", "units", "fits"),
    [
        (per_second(84_000), 5, True),
        (per_second(84_000), 5.4, True),
        (per_second(84_000), 1, False),
        (per_take(480_000), 1, True),
        (per_take(480_000), 5, False),
        (per_block(5, 150_000), 5, False),
    ],
)
def test_units_that_can_be_the_tariffs(tariff: Tariff, units: float, fits: bool) -> None:
    """A service that counts something else says nothing about the money."""
    assert tariff.price(sold(5)).fits(units) is fits


@pytest.mark.parametrize(
    ("tariff", "words"),
    [
        (per_second(84_000), "$0.084 a second"),
        (GRADED, "$0.05 to $0.10 a second"),
        (per_take(480_000), "$0.48 a take"),
        (per_block(5, 150_000), "$0.15 for 5 s"),
    ],
)
def test_a_tariff_in_words(tariff: Tariff, words: str) -> None:
    """For people who choose."""
    assert in_words(tariff) == words


def test_a_list_that_rose() -> None:
    """It has to be above every price that the table knows."""
    assert rose(GRADED, 100_001)
    assert not rose(GRADED, 100_000)
    assert not rose(GRADED, None)
    assert free(per_second(0))
    assert not free(GRADED)
