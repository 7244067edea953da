"""Where the eye is to stay, and what a crop keeps."""

from __future__ import annotations

import pytest

from storyboard.units.focus import CENTER, Focus, Window


@pytest.mark.parametrize(
    ("written", "point"),
    [
        ("top", Focus(0.5, 0.0)),
        ("center", CENTER),
        ("bottom-left", Focus(0.0, 1.0)),
        ([0.3, 0.2], Focus(0.3, 0.2)),
        ((1, 0), Focus(1.0, 0.0)),
    ],
)
def test_names_and_points(written: object, point: Focus) -> None:
    """Parts of a picture by name, or x and y."""
    assert Focus.parse(written) == point


@pytest.mark.parametrize("written", ["middle", [0.3], [0.3, 2], [True, False], 5, None, ["a", "b"]])
def test_what_is_no_focus(written: object) -> None:
    """Anything else is said, with what to write."""
    with pytest.raises(ValueError, match="must be top, bottom, left, right, center"):
        Focus.parse(written)


def test_a_window_stays_in_the_picture() -> None:
    """A wide picture for an upright frame: only x counts, and the edge stops it."""
    window = Window.of((1600, 900), (900, 1600), Focus(0.0, 0.9))
    assert (window.left, window.top, window.height) == (0.0, 0.0, 1.0)
    assert window.width == pytest.approx(900 * 900 / 1600 / 1600)
    assert Window.of((1600, 900), (900, 1600), Focus(0.4, 0.5)).middle.x == pytest.approx(0.4)


def test_a_point_is_found_again_in_what_is_kept() -> None:
    """The middle of a window is its middle; what is cut off lies at its edge."""
    window = Window.of((200, 100), (100, 100), Focus(0.25, 0.5))
    assert window.inside(Focus(0.25, 0.5)) == CENTER
    assert window.inside(Focus(0.9, 0.5)) == Focus(1.0, 0.5)
