"""Money as people write it."""

from __future__ import annotations

import pytest

from storyboard.money import parse_dollars


@pytest.mark.parametrize(
    ("written", "micro"),
    [
        (2, 2_000_000),
        (0.084, 84_000),
        ("2", 2_000_000),
        ("$2", 2_000_000),
        ("$ 2.50", 2_500_000),
        ("2.50 USD", 2_500_000),
        ("US$0.000001", 1),
        ("0", 0),
    ],
)
def test_dollars(written: object, micro: int) -> None:
    """With or without their sign, exact."""
    assert parse_dollars(written) == micro


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2,50", r"write 2\.50, with a point"),
        ("$2,50", r"write \$2\.50, with a point"),
        ("€2", "US dollars"),
        ("-1", "between 0 and 1000000"),
        (-0.01, "between 0 and 1000000"),
        ("nan", "between 0 and 1000000"),
        (float("nan"), "between 0 and 1000000"),
        (1e999, "between 0 and 1000000"),
        ("1000001", "between 0 and 1000000"),
        ("0.00000001", "US dollars"),
        (0.00000001, "six decimals"),
        ("two", "US dollars"),
        ("", "US dollars"),
        (True, "US dollars"),
        (None, "US dollars"),
        ([2], "US dollars"),
    ],
)
def test_no_dollars(written: object, said: str) -> None:
    """Said with what to write."""
    with pytest.raises(ValueError, match=said):
        parse_dollars(written)
