"""Takes that keep their packets: bit for bit their own frames, in one film with encoded ones."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from storyboard.events import Event, Explained, Noticed
from storyboard.rendering.assembling import Join, WrittenFilm, assemble
from storyboard.rendering.pieces import pieces
from storyboard.testing import codes
from storyboard.timeline import Clip, Media, PlacedTransition, Words
from storyboard.units.sizes import Size
from storyboard.video.probing import probe
from storyboard.video.reader import read
from storyboard.video.recipes import H264
from storyboard.video.writer import write
from tests.film_makers import (
    QUICK,
    SMALL,
    clip,
    in_order,
    joined,
    planned,
    reasons,
    reordered,
    seen_in,
    take,
)


def plan(film: WrittenFilm) -> list[tuple[int, int, bool]]:
    """Start, frames and whether it is kept, for each piece."""
    return [(piece.stretch.start, piece.stretch.frames, piece.kept) for piece in film.pieces]


def test_whole_takes_are_copied(tmp_path: Path) -> None:
    """Nothing is encoded where nothing has to be."""
    timeline = in_order([clip(reordered(take(tmp_path, shot))) for shot in range(3)])
    film = joined(timeline, tmp_path)
    assert (film.kept, film.rendered) == (72, 0)
    assert seen_in(film.path) == planned(timeline, range(3))


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(30000, 1001), Fraction(16)], ids=str)
def test_only_what_is_behind_the_cut_is_encoded(tmp_path: Path, rate: Fraction) -> None:
    """With B-frames a take's last frame can't be left out: the few before it are encoded."""
    takes = [reordered(take(tmp_path, shot, frames=25, rate=rate)) for shot in range(3)]
    timeline = in_order([clip(media, last=23) for media in takes], rate=rate)
    film = joined(timeline, tmp_path)
    assert [kept for _, _, kept in plan(film)] == [True, False] * 3
    assert film.kept >= 3 * 20
    assert seen_in(film.path) == planned(timeline, range(3))


def test_takes_with_and_without_reordering_are_joined(tmp_path: Path) -> None:
    """Each with its own sets where their numbers differ, as of two models."""
    plain = take(tmp_path, 0, frames=25)
    other = reordered(take(tmp_path, 1, frames=25), **{"x264-params": "sps-id=3"})
    clips = [clip(plain, last=23), clip(other, last=23), clip(plain), clip(other)]
    timeline = in_order(clips)
    film = joined(timeline, tmp_path)
    assert film.kept >= 24 + 20 + 25 + 25
    assert seen_in(film.path) == planned(timeline, [0, 1, 0, 1])


def test_a_take_is_kept_from_a_picture_inside_that_stands_alone(tmp_path: Path) -> None:
    """What is before it is encoded."""
    media = reordered(take(tmp_path, 1, frames=40), g="12", keyint_min="12")
    timeline = in_order([clip(media, first=5, last=34)])
    film = joined(timeline, tmp_path)
    assert plan(film)[:2] == [(0, 7, False), (7, 23, True)] or film.kept >= 20
    assert [kept for _, _, kept in plan(film)][:2] == [False, True]
    assert seen_in(film.path) == planned(timeline, [1])


def test_open_groups_are_not_begun_with(tmp_path: Path) -> None:
    """A keyframe whose followers look back is none to begin with, and is kept inside a run."""
    params = {"x264-params": "open-gop=1:keyint=12:min-keyint=12:bframes=3:b-adapt=0"}
    media = reordered(take(tmp_path, 1, frames=40), **params)
    whole = joined(in_order([clip(media)]), tmp_path)
    late = joined(in_order([clip(media, first=2)]), tmp_path)
    assert whole.kept == 40
    assert late.kept == 0
    assert "no picture in it stands alone" in reasons(late)


def test_words_and_transitions_are_composed_between_kept_packets(tmp_path: Path) -> None:
    """Up to the first composed frame a take is its own; behind it, from the next picture alone."""
    takes = [reordered(take(tmp_path, shot, frames=48), g="16") for shot in range(2)]
    timeline = replace(
        in_order([clip(takes[0], last=43), clip(takes[1], first=4)]),
        words=(Words("caption", "Hi", 10, 4, "bottom", 6, "#ffffff"),),
        transitions=(PlacedTransition("dissolve", 44, 4, 4),),
    )
    film = joined(timeline, tmp_path)
    assert film.kept > 40
    assert {"words lie over it", "a dissolve"} <= {piece.why for piece in film.pieces}


def test_an_edit_encodes_only_what_it_changes(tmp_path: Path) -> None:
    """Again: nothing. Other words: their stretch. Another order: nothing."""
    takes = [reordered(take(tmp_path, shot, frames=25)) for shot in range(3)]
    words = Words("caption", "Hello", 30, 10, "bottom", 6, "#ffffff")
    timeline = replace(in_order([clip(each, last=23) for each in takes]), words=(words,))
    first = joined(timeline, tmp_path).rendered
    assert first >= 3
    assert joined(timeline, tmp_path).rendered == 0
    assert joined(replace(timeline, words=(replace(words, text="Bye"),)), tmp_path).rendered == 1
    other = in_order([clip(each, last=23) for each in (takes[2], takes[0])])
    assert joined(other, tmp_path).rendered == 0


WIDE = Size(1280, 64)
"""As wide as HD: without tags, players take it for BT.709."""


def bare(folder: Path, shot: int, *, size: Size, tags: str = "2:2:2") -> Media:
    """A take whose colours are tagged with these numbers of H.273; 2 says nothing."""
    media = take(folder, shot, size=size)
    path = folder / f"bare{shot}.mp4"
    matrix, primaries, transfer = map(int, tags.split(":"))
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = size.width, size.height, "yuv420p"
        context = stream.codec_context
        context.colorspace, context.color_primaries, context.color_trc = matrix, primaries, transfer
        for number, picture in enumerate(read(media.path)):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame = frame.reformat(format="yuv420p", dst_colorspace=matrix if matrix == 1 else 5)
            frame.pts, frame.time_base = number, Fraction(1, 24)
            frame.colorspace, frame.color_primaries, frame.color_trc = matrix, primaries, transfer
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return replace(media, path=path, key=f"{tags}{media.key}")


def test_takes_without_tags_are_tagged_and_not_encoded(tmp_path: Path) -> None:
    """In the film's header and in its parameter sets; the pictures are the same."""
    media = bare(tmp_path, 1, size=WIDE)
    assert not probe(media.path).colour.bt709
    film = joined(in_order([clip(media)], size=WIDE), tmp_path)
    assert film.kept == 24
    with av.open(str(film.path)) as container:
        frame = next(container.decode(video=0))
        container.seek(0)
        packet = next(container.demux(video=0))
        decoder = av.CodecContext.create("h264", "r")
        decoder.extradata = container.streams.video[0].codec_context.extradata
        alone = [*decoder.decode(packet), *decoder.decode(None)][0]
    assert (frame.colorspace, frame.color_primaries, frame.color_trc) == (1, 1, 1)
    assert (alone.colorspace, alone.color_primaries, alone.color_trc) == (1, 1, 1)


def obstacles(folder: Path) -> dict[str, Clip]:
    """Clips that can't be kept, by what is said of them."""
    hevc = folder / "hevc.mp4"
    source = take(folder, 1, size=Size(256, 144))
    fast = replace(H264, codec="hevc", encoder="libx265", tag="hvc1").having(preset="ultrafast")
    x265 = replace(fast, options=(("preset", "ultrafast"), ("x265-params", "log-level=error")))
    write(hevc, read(source.path), rate=Fraction(24), size=source.size, recipe=x265)
    turned = interlaced(folder)
    return {
        "its take is hevc": clip(replace(source, path=hevc, key="hevc")),
        "its take has 25 frames per second": clip(take(folder, 2, rate=Fraction(25))),
        "its take is 320x192": clip(take(folder, 3, size=Size(320, 192))),
        "not BT.709": clip(bare(folder, 4, size=SMALL)),
        "retimed or held": replace(clip(take(folder, 5)), frames=46, span=46),
        "interlaced": clip(turned),
    }


def interlaced(folder: Path) -> Media:
    """A take that is stored as fields."""
    media = take(folder, 6)
    params = {"x264-params": "interlaced=1:tff=1"}
    return reordered(media, **params)


def test_what_is_in_the_way_is_encoded_and_said(tmp_path: Path) -> None:
    """Beside a take that keeps its packets, each with its reason."""
    good = reordered(take(tmp_path, 0))
    for why, other in obstacles(tmp_path).items():
        told: list[Event] = []
        size = other.media.size if "hevc" in why else SMALL
        beside = reordered(take(tmp_path, 9, size=size)) if size != SMALL else good
        timeline = in_order([clip(beside), other], size=size)
        film = assemble(
            timeline,
            tmp_path / "film.mp4",
            cache=tmp_path / f"c{len(why)}",
            recipe=QUICK,
            listener=told.append,
        )
        said = [event.message for event in told if isinstance(event, Explained)]
        assert film.kept == 24, why
        assert said[0] == "frames 0 to 23 its take's own packets"
        assert why in said[1]
        assert probe(film.path).frames == timeline.frames


def test_sets_that_collide_are_encoded_where_less_is_lost(tmp_path: Path) -> None:
    """Two kinds of takes with the same numbers: the one with more frames keeps its packets."""
    one, two = (reordered(take(tmp_path, shot)) for shot in range(2))
    other = reordered(take(tmp_path, 2), refs="1", bf="0")
    timeline = in_order([clip(other), clip(one), clip(two)])
    film = joined(timeline, tmp_path)
    assert plan(film) == [(0, 24, False), (24, 24, True), (48, 24, True)]
    assert "the number of another take's" in reasons(film)
    assert seen_in(film.path) == planned(timeline, [2, 0, 1])


def test_a_take_with_damage_is_encoded(tmp_path: Path) -> None:
    """Players may each show it differently."""
    media = reordered(take(tmp_path, 1, frames=48), bf="0")
    with av.open(str(media.path)) as container:
        packet = [each for each in container.demux(video=0) if each.size > 40][10]
        middle = (packet.pos or 0) + packet.size // 2
    data = bytearray(media.path.read_bytes())
    data[middle : middle + 8] = bytes(255 - each for each in data[middle : middle + 8])
    media.path.write_bytes(data)
    good = reordered(take(tmp_path, 2), bf="0")
    film = assemble(
        in_order([clip(good), clip(media)]), tmp_path / "f.mp4", cache=tmp_path / "c", recipe=QUICK
    )
    assert plan(film) == [(0, 24, True), (24, 48, False)]
    assert "damaged" in reasons(film)


def test_a_film_that_decodes_to_other_pictures_is_encoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The film is looked at across its joins; it is never given away with other pictures."""
    takes = [reordered(take(tmp_path, shot, frames=25)) for shot in range(2)]
    timeline = in_order([clip(media, last=23) for media in takes])
    monkeypatch.setattr("storyboard.rendering.verify.checksum", lambda frame: frame.width)
    told: list[Event] = []
    film = assemble(timeline, tmp_path / "f.mp4", recipe=QUICK, listener=told.append)
    assert film.kept == 0
    assert any("can't keep" in event.message for event in told if isinstance(event, Noticed))
    assert seen_in(film.path) == planned(timeline, range(2))


def test_a_film_that_was_looked_at_is_not_decoded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same packets under the same header; another film is looked at."""
    takes = [reordered(take(tmp_path, shot, frames=25)) for shot in range(2)]
    timeline = in_order([clip(media, last=23) for media in takes])
    kept = joined(timeline, tmp_path).kept
    monkeypatch.setattr("storyboard.rendering.verify.checksum", lambda frame: frame.width)
    (tmp_path / "film.mp4").unlink()
    assert joined(timeline, tmp_path).kept == kept
    assert joined(in_order([clip(media) for media in takes]), tmp_path).kept == 0


def test_what_is_encoded_is_as_fine_as_the_take(tmp_path: Path) -> None:
    """By the take's own quantizer; never coarser than the film's usual quality."""
    fine = reordered(take(tmp_path, 0, frames=25), crf="12")
    coarse = reordered(take(tmp_path, 1, frames=25), crf="35")
    film = assemble(
        in_order([clip(fine, last=23), clip(coarse, last=23)]), tmp_path / "f.mp4", recipe=H264
    )
    grades = [int(dict(piece.recipe.options)["crf"]) for piece in film.pieces if not piece.kept]
    assert grades[0] < 18
    assert grades[1] == 18


def test_the_bytes_of_a_segment_are_the_same_however_much_runs_beside_it(tmp_path: Path) -> None:
    """x264's packets depend on its threads; how many it has is decided by the piece alone."""
    timeline = in_order([clip(take(tmp_path, shot, frames=130)) for shot in range(2)])
    found = []
    for jobs in (1, 4):
        cache = tmp_path / f"c{jobs}"
        assemble(timeline, tmp_path / "f.mp4", cache=cache, recipe=QUICK, join="encode", jobs=jobs)
        found.append({path.name: path.read_bytes() for path in cache.glob("*.mp4")})
    assert found[0] == found[1]


def test_codes_survive_encoding_next_to_kept_packets(tmp_path: Path) -> None:
    """The encoded frames are the takes' too, within the encoder's noise."""
    media = reordered(take(tmp_path, 3, frames=25))
    film = assemble(in_order([clip(media, last=23)]), tmp_path / "f.mp4", recipe=QUICK)
    shown, own = list(read(film.path)), list(read(media.path))
    assert max(np.abs(a.astype(int) - b).mean() for a, b in zip(shown, own, strict=False)) < 4
    assert codes.read(shown[23]) == codes.Code(3, 23)


def test_what_stands_still_is_encoded_with_less_work_and_as_well(tmp_path: Path) -> None:
    """Its first picture is as fine as elsewhere, and the others repeat it; the header is one."""
    media = reordered(take(tmp_path, 1), crf="10")
    held = Clip("b", "s", 1, media, 0, 40, first=12, last=12, span=1, held=True)
    timeline = in_order([clip(media), held, clip(media, first=4)])
    ways: tuple[Join, ...] = ("auto", "encode")
    for join in ways:
        film = assemble(timeline, tmp_path / "f.mp4", recipe=H264, join=join)
        shown = list(read(film.path))
        own = list(read(media.path))[12].astype(int)
        assert seen_in(film.path) == planned(timeline, [1, 1, 1])
        noise = [np.abs(picture - own).mean() for picture in shown[24:64]]
        assert max(noise) < 1.5
        piece = next(piece for piece in film.pieces if piece.stretch.start == 24)
        assert "ipratio" in dict(piece.recipe.options)["x264-params"]


def test_words_that_fade_do_not_stand_still(tmp_path: Path) -> None:
    """Nor do burn-ins with their timecode."""
    media = take(tmp_path, 1)
    held = Clip("b", "s", 1, media, 0, 40, first=12, last=12, span=1, held=True)
    plain = in_order([held])
    words = Words("title", "Hi", 0, 40, "center", 9, "#ffffff")
    fading = replace(words, fade_in=4)
    for timeline, stands in (
        (plain, True),
        (replace(plain, words=(words,)), True),
        (replace(plain, words=(fading,)), False),
        (replace(plain, burn_in=("b",)), False),
    ):
        (piece,) = pieces(timeline, recipe=H264)
        assert ("ipratio" in dict(piece.recipe.options)["x264-params"]) is stands


def test_a_take_that_goes_on_from_shot_to_shot_is_one_run(tmp_path: Path) -> None:
    """A take may cover several shots; where one ends and the next begins in it, nothing is cut."""
    media = reordered(take(tmp_path, 1, frames=61))
    one, two, three = (clip(media, first=at, last=at + 19) for at in (0, 20, 40))
    timeline = in_order([one, replace(two, shot="b"), replace(three, shot="c")])
    film = joined(timeline, tmp_path)
    assert plan(film)[0][2]
    assert len(film.pieces) == 2
    assert film.kept >= 57
    assert seen_in(film.path) == planned(timeline, [1, 1, 1])
    turned = joined(in_order([replace(three, shot="c"), one]), tmp_path)
    assert [kept for _, _, kept in plan(turned)][:2] == [False, True]
