"""Hardware encoders: used where they have proved themselves, and never otherwise."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from storyboard.cli import options
from storyboard.errors import MediaError
from storyboard.rendering.assembling import assemble
from storyboard.units.sizes import Size
from storyboard.video import encoders
from storyboard.video.encoders import ENCODERS, HARDWARE, proved, recipe_of, why_not
from storyboard.video.probing import check
from storyboard.video.recipes import H264
from storyboard.video.writer import write
from storyboard.workflows.finish import Finish
from tests.film_makers import QUICK, clip, in_order, planned, seen_in, take


def broken(_name: str) -> str:
    """No hardware works."""
    return "there is no such chip"


def test_auto_takes_what_works_else_x264() -> None:
    """In the order of the table."""
    assert recipe_of("auto", tried=broken).encoder == "libx264"
    assert recipe_of("auto", crf=20, tried=broken).options == H264.having(crf="20").options
    works = recipe_of("auto", tried=lambda name: "" if name in ("qsv", "amf") else "no chip")
    assert works.encoder == "h264_qsv"


def test_one_that_is_named_and_does_not_work_is_an_error() -> None:
    """With the reason, and what would work; so is a name that nobody knows."""
    with pytest.raises(MediaError, match="nvenc can't encode here: there is no such chip; x264"):
        recipe_of("nvenc", tried=broken)
    with pytest.raises(MediaError, match="there is no encoder 'gpu'; choose from auto, x264"):
        recipe_of("gpu", tried=broken)


@pytest.mark.parametrize("name", HARDWARE)
def test_hardware_is_tried_by_encoding(name: str) -> None:
    """Whatever this machine has: either it makes a film, or there is a reason in words."""
    why = why_not(name)
    if why:
        with pytest.raises(MediaError, match=f"{name} can't encode here"):
            recipe_of(name)
    else:
        assert recipe_of(name).encoder == HARDWARE[name].encoder


def test_what_encodes_other_pictures_is_not_used() -> None:
    """Proof is by what is read back, not by the absence of errors."""
    assert proved(QUICK.having(crf="20")) == ""
    assert proved(QUICK.having(crf="51", qmin="51")) == "what it encodes is not what it was given"
    assert proved(replace(QUICK, encoder="h264_none")) != ""


def test_films_are_made_in_the_layout_that_hardware_wants(tmp_path: Path) -> None:
    """Half of it takes NV12, which x264 takes as well."""
    recipe = replace(QUICK, pix_fmt="nv12", reorder=0).having(bf="0")
    timeline = in_order([clip(take(tmp_path, shot)) for shot in (1, 2)])
    film = assemble(timeline, tmp_path / "f.mp4", recipe=recipe, join="encode")
    assert check(film.path, frames=48, rate=Fraction(24)).colour.bt709
    assert seen_in(film.path) == planned(timeline, [1, 2])


def test_hardware_goes_with_h264_and_a_uniform_film(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its parameter sets can't be numbered, so takes can't keep their packets beside it."""
    monkeypatch.setattr(encoders, "why_not", lambda _name: "")
    assert Finish(encoder="nvenc", quality=20).recipe.options[-2:] == (("cq", "20"), ("bf", "0"))
    assert not Finish(encoder="nvenc").keeps
    assert Finish(encoder="x264").keeps
    with pytest.raises(MediaError, match="nvenc is for h264; leave it out with prores"):
        _ = Finish(encoder="nvenc", codec="prores").recipe


def test_the_command_line_knows_every_encoder() -> None:
    """Without importing FFmpeg for its help."""
    assert options.ENCODERS == ENCODERS


def test_x264_makes_the_same_packets_of_the_same_pictures_each_time(tmp_path: Path) -> None:
    """In threads side by side, so in other processes and on other machines, too."""
    noise = np.random.default_rng(1).normal(0, 1, (330, 340, 3))
    field = np.clip(np.cumsum(np.cumsum(noise, 0), 1) / 20 + 128, 0, 255).astype(np.uint8)
    frames = [field[n : n + 320, 2 * n : 2 * n + 320].copy() for n in range(8)] * 4

    def encoded(number: int) -> bytes:
        path = tmp_path / f"{number}.mp4"
        write(path, frames, rate=Fraction(24), size=Size(320, 320), recipe=H264)
        return path.read_bytes()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(encoded, range(16)))) == 1
