"""Sound files as a stream of samples: stereo, 48 kHz, float32, in pieces of shape (count, 2).

Everything is decoded and resampled by PyAV. A file is opened by us and only ever as itself: one
that names others (a playlist) can't make them be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from storyboard.errors import MediaError
from storyboard.units.timing import whole
from storyboard.video.sound_length import only_itself

Samples = NDArray[np.float32]
"""Stereo sound, (count, 2), 1.0 at full scale."""

SAMPLE_RATE = 48_000

_LEAST_TEMPO, _MOST_TEMPO = 0.5, 2.0
"""What one stretcher can do well; more is done by several in a row."""


def decoded(
    path: Path, *, since: Fraction = Fraction(0), rate: int = SAMPLE_RATE
) -> Iterator[Samples]:
    """The file's first sound track from `since` seconds of its picture (or of itself) on.

    `rate` is for those who need another than the film's. MediaError when there is no sound in
    the file or it can't be read.
    """
    with _opened(path) as container:
        yield from _after(_pieces(container, rate), whole(since * rate))


def write_wave(
    path: Path, blocks: Iterable[Samples], *, stamp: Mapping[str, str] | None = None
) -> None:
    """Write samples as they come into a WAV file of 32-bit floats.

    With `stamp`, its fields of a `bext` chunk, a Broadcast Wave file. MediaError when it can't be
    written.
    """
    options = {"rf64": "auto"}
    if stamp is not None:
        options |= {"write_bext": "1", "fflags": "+bitexact"}
    try:
        with av.open(str(path), "w", format="wav", options=options) as container:
            container.metadata.update(stamp or {})
            stream = container.add_stream("pcm_f32le", rate=SAMPLE_RATE, layout="stereo")
            at = 0
            for block in blocks:
                frame = AudioFrame.from_ndarray(
                    np.ascontiguousarray(block).reshape(1, -1), format="flt", layout="stereo"
                )
                frame.sample_rate, frame.pts = SAMPLE_RATE, at
                at += len(block)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    except (av.error.FFmpegError, OSError) as error:
        raise MediaError(f"{path} can't be written: {error.strerror or error}") from error


def own_rate(path: Path) -> int:
    """Samples a second in the file itself. MediaError as for `decoded`."""
    with _opened(path) as container:
        return container.streams.audio[0].rate


def resampled(pieces: Iterable[Samples], rate: int) -> Iterator[Samples]:
    """A stream of this many samples a second, at the film's."""
    if rate == SAMPLE_RATE:
        yield from pieces
        return
    resampler = AudioResampler(format="fltp", layout="stereo", rate=SAMPLE_RATE)
    at = 0
    for piece in pieces:
        for ready in resampler.resample(_frame(piece, at, rate)):
            yield _array(ready)
        at += len(piece)
    for ready in resampler.resample(None) if at else ():
        yield _array(ready)


def stretched(pieces: Iterable[Samples], tempo: Fraction) -> Iterator[Samples]:
    """The sound `tempo` times as fast at the same pitch, so that voices stay voices.

    Done by FFmpeg's `atempo`, inside PyAV: it repeats or leaves out whole waves.
    """
    if tempo == 1:
        yield from pieces
        return
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        sample_rate=SAMPLE_RATE, format="fltp", layout="stereo", time_base=Fraction(1, SAMPLE_RATE)
    )
    stages = [graph.add("atempo", f"{factor:.9f}") for factor in _factors(float(tempo))]
    planar = graph.add("aformat", "sample_fmts=fltp")
    graph.link_nodes(source, *stages, planar, graph.add("abuffersink")).configure()
    at = 0
    for piece in pieces:
        graph.push(_frame(piece, at))
        at += len(piece)
        yield from _pulled(graph)
    graph.push(None)
    yield from _pulled(graph)


def count(path: Path) -> int:
    """How many samples the file's sound has, by decoding it."""
    return sum(len(piece) for piece in decoded(path))


@contextmanager
def _opened(path: Path) -> Iterator[av.container.InputContainer]:
    """The file, which has sound; what goes wrong with it in here is a MediaError."""
    try:
        with path.open("rb") as file, av.open(file, "r", io_open=only_itself) as container:
            if not container.streams.audio:
                raise MediaError(f"{path} has no sound; name a file that has, or leave it out")
            yield container
    except (av.error.FFmpegError, OSError) as error:
        raise MediaError(f"{path} can't be heard: {error.strerror or error}") from error


def _pieces(container: av.container.InputContainer, rate: int) -> Iterator[Samples]:
    """Every sample, placed by its time: silence before a late start, nothing before an early."""
    stream = container.streams.audio[0]
    resampler = AudioResampler(format="fltp", layout="stereo", rate=rate)
    begun = False
    for frame in container.decode(stream):
        if not begun:
            yield from _late(container, frame, rate)
            begun = True
        for ready in resampler.resample(frame):
            yield _array(ready)
    for ready in resampler.resample(None) if begun else ():
        yield _array(ready)


def _late(
    container: av.container.InputContainer, frame: AudioFrame, rate: int
) -> Iterator[Samples]:
    """The silence before a track that starts after the file's picture."""
    if not container.streams.video or frame.pts is None or frame.time_base is None:
        return
    picture = container.streams.video[0]
    begin = Fraction(picture.start_time or 0) * (picture.time_base or 0)
    late = whole((frame.pts * Fraction(frame.time_base) - begin) * rate)
    if 0 < late < 60 * rate:
        yield np.zeros((late, 2), np.float32)


def _after(pieces: Iterable[Samples], skipped: int) -> Iterator[Samples]:
    for piece in pieces:
        if len(piece) > skipped:
            yield piece[skipped:]
        skipped = max(skipped - len(piece), 0)


def _factors(tempo: float) -> list[float]:
    factors = []
    while not _LEAST_TEMPO <= tempo <= _MOST_TEMPO:
        factors.append(_MOST_TEMPO if tempo > 1 else _LEAST_TEMPO)
        tempo /= factors[-1]
    return [*factors, tempo]


def _array(frame: AudioFrame) -> Samples:
    return np.ascontiguousarray(frame.to_ndarray().T, dtype=np.float32)


def _frame(piece: Samples, at: int, rate: int = SAMPLE_RATE) -> AudioFrame:
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(piece.T), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts = rate, at
    frame.time_base = Fraction(1, rate)
    return frame


def _pulled(graph: av.filter.Graph) -> Iterator[Samples]:
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        assert isinstance(frame, AudioFrame)
        yield _array(frame)
