"""The table of models."""

from __future__ import annotations

from fractions import Fraction

import pytest

from storyboard.models import DRAFT, MODELS, Lengths, Price, dollars, find


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_a_row_is_whole(model: object) -> None:
    """Found by alias and by endpoint; limits that make sense."""
    row = find(model.alias)  # type: ignore[attr-defined]
    assert find(row.endpoint) is row
    assert row.stills.min_side < row.stills.max_side
    assert row.stills.min_aspect < 1 < row.stills.max_aspect
    assert row.prompt_limit > 0
    assert row.local == (row.price.per_second == 0)
    assert row.start != row.end


@pytest.mark.parametrize("alias", ["kling-o1-standard", "kling-o1-pro"])
def test_what_kling_o1_is_sent(alias: str) -> None:
    """A prompt and a duration as text, nothing else."""
    assert find(alias).arguments("It rolls", Fraction(5)) == {"prompt": "It rolls", "duration": "5"}


@pytest.mark.parametrize(
    ("wanted", "sold"),
    [(1, 3), (3, 3), (Fraction(301, 100), 4), (Fraction(9999, 1000), 10), (10, 10)],
)
def test_the_nearest_length_that_is_not_shorter(wanted: Fraction, sold: int) -> None:
    """A film can be cut shorter, but not longer."""
    assert find("kling-o1-standard").lengths.nearest(Fraction(wanted)) == sold


def test_too_long() -> None:
    """There is none."""
    assert find("kling-o1-standard").lengths.nearest(Fraction(1001, 100)) is None
    assert DRAFT.lengths.nearest(Fraction(601)) is None


@pytest.mark.parametrize(
    ("lengths", "text"),
    [
        (Lengths((3, 4, 5)), "3 to 5 s, whole seconds"),
        (Lengths((5, 10)), "5, 10 s"),
        (Lengths(longest=600), "up to 600 s"),
    ],
)
def test_lengths_in_words(lengths: Lengths, text: str) -> None:
    """For people."""
    assert str(lengths) == text


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("kling-o1-standrad", "did you mean kling-o1-standard"),
        ("fal-ai/kling-video/o1/image-to-vidoe", "did you mean fal-ai/kling-video/o1"),
        ("x", "there are kling-o1-standard, kling-o1-pro, draft"),
    ],
)
def test_an_unknown_model(name: str, hint: str) -> None:
    """Said with the one that was meant, or all there are."""
    with pytest.raises(LookupError, match=hint):
        find(name)


def test_a_price_is_rounded_up() -> None:
    """A cap that holds is never a micro-dollar short."""
    assert Price(84_000, "", "").of(Fraction(5)) == 420_000
    assert Price(1, "", "").of(Fraction(1, 3)) == 1


@pytest.mark.parametrize(
    ("micro", "text"), [(0, "$0.00"), (420_000, "$0.42"), (1_000_000, "$1.00"), (84_500, "$0.0845")]
)
def test_dollars(micro: int, text: str) -> None:
    """Cents, and more decimals only where they count."""
    assert dollars(micro) == text
