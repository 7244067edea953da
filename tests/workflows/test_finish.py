"""How a film is finished: what is asked for is done, or refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyboard.errors import MediaError
from storyboard.video.recipes import PREVIEW, QUICK
from storyboard.workflows.finish import Finish


def crf(finish: Finish) -> str:
    """The quality that its recipe asks for."""
    return dict(finish.recipe.options)["crf"]


def test_a_name_says_how_a_film_is_encoded_where_nothing_else_does() -> None:
    """A codec that is asked for is never replaced by another one."""
    web = Path("film.webm")
    assert Finish().named(web).recipe.codec == "vp9"
    assert Finish(codec="av1").named(web).recipe.codec == "av1"
    assert Finish(codec="h264").named(web).recipe.unfit(web)
    assert Finish(quick=True).named(Path("film.gif")).recipe.codec == "gif"


def test_what_is_asked_for_together_is_done_together() -> None:
    """A preview, or a quick film, of another quality; a preview in another codec."""
    assert Finish(preview=True).recipe == PREVIEW
    assert crf(Finish(preview=True, quality=10)) == "10"
    assert Finish(preview=True, quality=10).recipe == PREVIEW.having(crf="10")
    assert Finish(quick=True, quality=30).recipe == QUICK.having(crf="30")
    assert Finish(preview=True, codec="prores").recipe.codec == "prores"
    assert Finish(codec="hevc").quicker.recipe.codec == "hevc"


@pytest.mark.parametrize("codec", ["hevc", "prores", "dnxhr", "vp9", "av1", "gif"])
def test_what_is_of_h264_alone_is_refused_of_others(codec: str) -> None:
    """It would do nothing."""
    with pytest.raises(MediaError, match=f"`quick` is for h264; leave it out with {codec}"):
        _ = Finish(quick=True, codec=codec).recipe
    with pytest.raises(MediaError, match=f"nvenc is for h264; leave it out with {codec}"):
        _ = Finish(encoder="nvenc", codec=codec).recipe
