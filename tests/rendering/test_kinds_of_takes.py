"""Takes as other encoders and muxers make them: kept bit for bit, or encoded for a reason."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np
import pytest
from av.bitstream import BitStreamFilterContext

from storyboard.rendering.assembling import WrittenFilm
from storyboard.testing import codes
from storyboard.timeline import Media, Timeline
from storyboard.units.sizes import Size
from storyboard.video.h264 import IDR, ParameterSets, kind, units
from storyboard.video.probing import probe
from storyboard.video.reader import Reader
from tests.film_makers import (
    clip,
    in_order,
    joined,
    planned,
    reasons,
    reordered,
    seen_in,
    take,
)

FRAMES = 36
TALL = Size(160, 100)
"""Not whole in blocks of 16, so that encoders store more than is seen."""


def beside(media: Media, folder: Path) -> Timeline:
    """The take whole, cut at both ends, and cut at its end, behind and before one of ours."""
    ours = reordered(take(folder, 9, size=media.size))
    cut = clip(media, first=5, last=media.frames - 6)
    return in_order(
        [clip(ours), clip(media), cut, clip(ours, last=20), clip(media, last=media.frames - 2)],
        size=media.size,
    )


def filmed(media: Media, folder: Path) -> WrittenFilm:
    """The film of a take of shot 1, every frame in its place, here and in another FFmpeg."""
    timeline = beside(media, folder)
    film = joined(timeline, folder)
    plan = planned(timeline, [9, 1, 1, 9, 1])
    assert seen_in(film.path) == plan
    assert keyframes(film.path) == standing_alone(film.path)
    shown = by_ffmpeg(film.path, media.size)
    assert [codes.read(picture[: media.size.height]) for picture in shown] == [
        codes.Code(*each) for each in plan
    ]
    kept = [piece for piece in film.pieces if piece.media == media]
    own = by_ffmpeg(media.path, media.size) if kept else shown
    for piece in kept:
        if piece.run:
            run, begin = piece.run, piece.stretch.start
            there = shown[begin : begin + run.frames]
            assert np.array_equal(there, own[run.first : run.first + run.frames])
    return film


def keyframes(path: Path) -> list[int]:
    """The places of the packets that the file calls keyframes: browsers fail at other ones."""
    data = path.read_bytes()
    begin = data.index(b"stss") + 8
    (count,) = struct.unpack_from(">I", data, begin)
    return [place - 1 for place in struct.unpack_from(f">{count}I", data, begin + 4)]


def standing_alone(path: Path) -> list[int]:
    """The places of the packets with a picture that nothing before is needed for."""
    with av.open(str(path)) as container:
        packets = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    kinds = [{kind(unit) for unit in units(packet, by_length=True)} for packet in packets]
    return [place for place, found in enumerate(kinds) if IDR in found]


def by_ffmpeg(path: Path, size: Size) -> np.ndarray:
    """A file's frames in planes, by the program ffmpeg, which decodes several at a time."""
    program = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "warning", "-threads", "4", "-i", str(path)]
    raw = ["-map", "0:v:0", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-fps_mode", "passthrough"]
    done = subprocess.run([*program, *raw, "-"], capture_output=True, timeout=60, check=True)
    assert done.stderr == b""
    return np.frombuffer(done.stdout, np.uint8).reshape(-1, size.height * 3 // 2, size.width)


def kept_of(film: WrittenFilm, media: Media) -> int:
    """How many frames of the film are this take's packets."""
    return sum(piece.stretch.frames for piece in film.pieces if piece.media == media)


ENCODED_AS = {
    "open groups": "open-gop=1:keyint=12:min-keyint=12:bframes=3:b-adapt=0",
    "no keyframes but a moving column": "intra-refresh=1:keyint=12:bframes=2",
    "slices": "slices=4",
    "slices of so many bytes": "slice-max-size=300",
    "pyramids": "bframes=8:b-adapt=0:b-pyramid=normal:ref=6",
    "strict pyramids": "bframes=5:b-adapt=0:b-pyramid=strict",
    "weights": "weightp=2:weightb=1:bframes=5",
    "many references": "ref=16:bframes=4:b-adapt=0",
    "headers again and again": "repeat-headers=1:keyint=12",
    "delimiters": "aud=1",
    "filler": "nal-hrd=cbr:bitrate=900:vbv-maxrate=900:vbv-bufsize=900",
    "a buffer's times": "nal-hrd=vbr:vbv-maxrate=900:vbv-bufsize=900:pic-struct=1",
    "discs": "bluray-compat=1:bframes=3:vbv-maxrate=900:vbv-bufsize=900:keyint=12:level=4.1",
    "scaling lists": "cqm=jvt",
    "no arithmetic coding": "cabac=0:8x8dct=0",
    "keyframes alone": "keyint=1",
    "the last number of sets": "sps-id=31",
    "two pictures in one": "frame-packing=3",
}
"""Parameters of x264, by what is special about what it makes."""


@pytest.mark.parametrize("params", ENCODED_AS.values(), ids=ENCODED_AS)
def test_whatever_an_encoder_does_within_its_frames_is_kept(tmp_path: Path, params: str) -> None:
    """As long as the frames are whole and in BT.709."""
    media = reordered(take(tmp_path, 1, frames=FRAMES, size=TALL), **{"x264-params": params})
    film = filmed(media, tmp_path)
    assert kept_of(film, media) >= 2 * FRAMES - 12


FIELDS = {
    "fields": "interlaced=1:tff=1",
    "fields without arithmetic coding": "interlaced=1:bff=1:cabac=0",
    "frames that are called fields": "fake-interlaced=1",
}


@pytest.mark.parametrize("params", FIELDS.values(), ids=FIELDS)
def test_what_is_stored_as_fields_is_encoded(tmp_path: Path, params: str) -> None:
    """Players may show each field by itself."""
    media = reordered(take(tmp_path, 1, frames=FRAMES), **{"x264-params": params})
    film = filmed(media, tmp_path)
    assert kept_of(film, media) == 0
    assert "interlaced" in reasons(film)


def test_a_profile_for_studios_is_encoded(tmp_path: Path) -> None:
    """Few players know it; FFmpeg, where it decodes several frames at a time, shows other ones."""
    media = reordered(take(tmp_path, 1, frames=FRAMES), crf="0", profile="high444", bf="0")
    film = filmed(media, tmp_path)
    assert kept_of(film, media) == 0
    assert "profile of H.264 that few players know" in reasons(film)


def again(
    media: Media,
    *,
    name: str = "again.mp4",
    tag: str = "",
    filters: str = "",
    options: dict[str, str] | None = None,
    tracks: int = 1,
) -> Media:
    """The same packets in another file, through FFmpeg's filters of bit streams."""
    path = media.path.with_name(name)
    with av.open(str(media.path)) as given, av.open(str(path), "w", options=options or {}) as made:
        source = given.streams.video[0]
        streams = [made.add_stream_from_template(source) for _ in range(tracks)]
        if tag:
            streams[0].codec_context.codec_tag = tag
        change = BitStreamFilterContext(filters or "null", source, streams[0])
        for packet in [*given.demux(source), None]:
            if packet is not None and not packet.size:
                continue
            for changed in change.filter(packet):
                data = bytes(changed)
                for stream in streams:
                    copied = av.Packet(data)
                    copied.pts, copied.dts = changed.pts, changed.dts
                    copied.time_base, copied.duration = changed.time_base, changed.duration
                    copied.is_keyframe = changed.is_keyframe
                    copied.stream = stream
                    made.mux_one(copied)
    return replace(media, path=path, key=f"again{name}{media.key}", size=probe(path).size)


def renamed(media: Media, box: bytes) -> Media:
    """The same file without one of its boxes: players skip what is called `free`."""
    data = media.path.read_bytes()
    assert box in data
    path = media.path.with_name(f"without-{box.decode()}.mp4")
    path.write_bytes(data.replace(box, b"free"))
    return replace(media, path=path, key=f"{box!r}{media.key}")


STORED_AS: dict[str, Callable[[Media], Media]] = {
    "fragments": lambda media: again(media, options={"movflags": "frag_keyframe+empty_moov"}),
    "a fragment for each frame": lambda media: again(
        media, options={"movflags": "dash+frag_every_frame+default_base_moof+empty_moov"}
    ),
    "negative times": lambda media: again(media, options={"movflags": "negative_cts_offsets"}),
    "no list of edits": lambda media: again(media, options={"use_editlist": "0"}),
    "edits that are lost": lambda media: renamed(media, b"edts"),
    "no list of keyframes": lambda media: renamed(media, b"stss"),
    "QuickTime": lambda media: again(media, name="again.mov"),
    "two tracks": lambda media: again(media, tracks=2),
    "another tag": lambda media: again(media, tag="avc3"),
    "delimiters": lambda media: again(media, filters="h264_metadata=aud=insert"),
    "a level above its own": lambda media: again(media, filters="h264_metadata=level=5.2"),
    "a level that is too low": lambda media: again(media, filters="h264_metadata=level=1"),
    "wrong times inside": lambda media: again(media, filters="h264_metadata=tick_rate=7/3"),
    "nothing beside its pictures": lambda media: again(
        media, filters="filter_units=remove_types=6"
    ),
}


@pytest.mark.parametrize("made", STORED_AS.values(), ids=STORED_AS)
def test_whatever_a_file_is_like_its_packets_are_kept(
    tmp_path: Path, made: Callable[[Media], Media]
) -> None:
    """Frames are told by their order in time, not by what the file says of them."""
    media = made(reordered(take(tmp_path, 1, frames=FRAMES, size=TALL), crf="20"))
    film = filmed(media, tmp_path)
    assert kept_of(film, media) >= 2 * FRAMES - 12


def test_what_is_cut_off_at_the_left_is_cut_off_and_encoded(tmp_path: Path) -> None:
    """FFmpeg's library leaves there what its memory likes to begin with, unless it is told."""
    wide = reordered(take(tmp_path, 1, size=Size(320, 192)))
    whole = by_ffmpeg(wide.path, wide.size)
    media = again(wide, filters="h264_metadata=crop_left=160")
    assert media.size == Size(160, 192)
    film = joined(in_order([clip(reordered(take(tmp_path, 2, size=media.size))), clip(media)],
                           size=media.size), tmp_path)  # fmt: skip
    assert kept_of(film, media) == 0
    assert "cut off at its left" in reasons(film)
    shown = by_ffmpeg(film.path, media.size)[24:, :192].astype(int)
    assert max(np.abs(shown - whole[:, :192, 160:]).mean(axis=(1, 2))) < 4


def with_two_sets(one: Media, two: Media) -> Media:
    """Two takes of which somebody made one file; its header lists the sets of both."""
    path = one.path.with_name("both.mp4")
    with av.open(str(one.path)) as first, av.open(str(two.path)) as second:
        sources = first.streams.video[0], second.streams.video[0]
        sets = [ParameterSets.of(bytes(each.codec_context.extradata or b"")) for each in sources]
        with av.open(str(path), "w") as made:
            stream = made.add_stream_from_template(sources[0], opaque=True)
            stream.codec_context.extradata = sets[0].joined(sets[1]).header()
            for given, source, frames in ((first, sources[0], 0), (second, sources[1], one.frames)):
                for packet in given.demux(source):
                    if packet.size and packet.pts is not None and packet.dts is not None:
                        later = round(frames / one.rate / packet.time_base)
                        packet.pts, packet.dts = packet.pts + later, packet.dts + later
                        packet.stream = stream
                        made.mux_one(packet)
    return replace(one, path=path, key=f"both{two.key}", frames=one.frames + two.frames)


def test_a_take_with_sets_of_two_encoders_is_kept(tmp_path: Path) -> None:
    """Where its pictures stay as they are."""
    one = reordered(take(tmp_path, 1))
    two = reordered(take(tmp_path, 2), bf="0", **{"x264-params": "sps-id=4"})
    media = with_two_sets(one, two)
    film = joined(in_order([clip(media), clip(media, last=40)]), tmp_path)
    assert film.kept == 48 + 41
    plan = [(1, frame) for frame in range(24)] + [(2, frame) for frame in range(24)]
    assert seen_in(film.path) == plan + plan[:41]


@pytest.mark.parametrize("other", ["size", "colours"])
def test_a_take_that_changes_on_the_way_is_encoded(tmp_path: Path, other: str) -> None:
    """Another size, other colours: one track can't have both."""
    size = Size(320, 192) if other == "size" else Size(1280, 64)
    one = reordered(take(tmp_path, 1, size=Size(160, 96) if other == "size" else size))
    bsf = "h264_metadata=colour_primaries=6:transfer_characteristics=6:matrix_coefficients=6"
    two = reordered(take(tmp_path, 2, size=size), **{"x264-params": "sps-id=4"})
    media = with_two_sets(one, again(two, filters="null" if other == "size" else bsf))
    film = joined(in_order([clip(media)], size=one.size), tmp_path)
    assert film.kept == 0
    assert "changes on the way" in reasons(film)
    plan = [(1, frame) for frame in range(24)] + [(2, frame) for frame in range(24)]
    assert seen_in(film.path) == plan


def test_frames_of_which_no_time_is_said_are_seen_in_their_order(tmp_path: Path) -> None:
    """Some muxers write no times beside those of decoding: then the decoder's order counts."""
    keyed = reordered(take(tmp_path, 1, frames=FRAMES), g="12", keyint_min="12")
    media = renamed(renamed(keyed, b"edts"), b"ctts")
    film = filmed(media, tmp_path)
    assert kept_of(film, media) == 0
    assert "in which order its frames are seen" in reasons(film)
    with Reader(media.path) as reader:
        wanted = [5, 30, 3, 35, 0, 12, 13, 11]
        assert [codes.read(reader.picture(one)) for one in wanted] == [
            codes.Code(1, one) for one in wanted
        ]
