"""Reading frames by their number: in order without seeking, anywhere by keyframe."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from storyboard.errors import MediaError
from storyboard.video.colour import to_rgb
from storyboard.video.containers import reading, wrapped
from storyboard.video.probing import facts_of, index, picture_stream, untold

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    from storyboard.units.sizes import Size
    from storyboard.video.colour import Picture
    from storyboard.video.probing import Moment, VideoFacts


_HURRIED = ("h264", "hevc")
"""Decoders that leave out what is asked of them, and nothing else."""
_NEAR = 36
"""Frames: twice the most by which a decoder may be ahead of what it shows (16), and a few."""


class Reader:
    """A video file's frames by number, from 0. Opens at the first use; close it after the last.

    Frames that are passed over on the way to one that is asked for are decoded only as far as it
    needs them.
    """

    def __init__(
        self, path: Path, *, threads: int = 1, strict: bool = False, recent: int = 0
    ) -> None:
        """`threads`: so many frames are decoded at a time. `strict`: whatever the decoder would
        conceal is an error. `recent`: so many of the frames that were decoded last are at hand
        without decoding them again.
        """
        self.path = path
        self._threads, self._strict, self._recent = threads, strict, recent
        self._open: _Open | None = None

    @property
    def facts(self) -> VideoFacts:
        """What the file is."""
        return self._opened().facts

    def frame(self, number: int) -> VideoFrame:
        """The stored (YUV) frame of this number; IndexError outside the file."""
        return self._opened().frame(number)

    def picture(self, number: int, *, size: Size | None = None) -> Picture:
        """The frame of this number as RGB, upright; scaled to `size` when that is given."""
        return to_rgb(self.frame(number), self.facts, size=size)

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _opened(self) -> _Open:
        if self._open is None:
            self._open = _Open(
                self.path, threads=self._threads, strict=self._strict, recent=self._recent
            )
        return self._open

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def read(path: Path, *, first: int = 0, last: int | None = None) -> Iterator[Picture]:
    """The file's frames `first` to `last` (both seen; None: to the end) as RGB pictures."""
    with Reader(path) as reader:
        end = reader.facts.frames if last is None else last + 1
        for number in range(first, end):
            yield reader.picture(number)


class _Open:
    """An open file: its decoder stands on the frame `self._next`.

    Where the file does not say when its frames are seen, they are counted as they come, from the
    keyframe on where the decoder has landed.
    """

    def __init__(self, path: Path, *, threads: int, strict: bool, recent: int) -> None:
        self._path, self._strict = path, strict
        self._recent: deque[tuple[int, VideoFrame]] = deque(maxlen=recent)
        self._files = ExitStack()
        try:
            self._container: InputContainer = self._files.enter_context(reading(path))
            self._stream: VideoStream = picture_stream(self._container, path)
            self._stream.codec_context.thread_count = threads
            if threads > 1:
                self._stream.codec_context.thread_type = "FRAME"
            self._stream.codec_context.options = {"err_detect": "explode"} if strict else {}
            self._moments: list[Moment] = index(self._container, self._stream, path)
            self._numbers = {moment.pts: i for i, moment in enumerate(self._moments)}
            self._skipping, self._in_turn = "DEFAULT", False
            self._seek(self._moments[0].dts)
            self._next, self._now = 0, self._decoded()
            self._in_turn = untold(self._stream, self._moments)
            self.facts = facts_of(self._container, self._now, self._moments)
        except BaseException:
            self._files.close()
            raise

    def close(self) -> None:
        self._files.close()

    def frame(self, number: int) -> VideoFrame:
        if not 0 <= number < len(self._moments):
            raise IndexError(f"{self._path} has frames 0 to {len(self._moments) - 1}, not {number}")
        for known, frame in self._recent:
            if known == number:
                return frame
        if number < self._next or self._key_before(number) > self._next + 1:
            self._go(self._moments[self._key_before(number)], number)
        while self._next != number:
            self._hurry(far=number - self._next > _NEAR)
            self._now = self._decoded()
        return self._now

    def _hurry(self, *, far: bool) -> None:
        """Leave out what no other frame needs, as long as the one that is asked for is far."""
        codec = self._stream.codec_context
        able = codec.name in _HURRIED and not (self._strict or self._in_turn)
        wanted: Literal["NONREF", "DEFAULT"] = "NONREF" if far and able else "DEFAULT"
        if self._skipping != wanted:
            codec.skip_frame = self._skipping = wanted

    def _key_before(self, number: int) -> int:
        """The last keyframe that is seen not after this number."""
        while number > 0 and not self._moments[number].key:
            number -= 1
        return number

    def _go(self, key: Moment, number: int) -> None:
        """Stand on a frame not after `number`: best on the keyframe before it.

        The container finds keyframes by decoding time, whose zero point files don't agree on.
        """
        for place in (key.pts, key.dts, self._moments[0].dts):
            self._seek(place)
            self._now = self._decoded()
            if self._next <= number:
                return

    def _seek(self, place: int) -> None:
        self._hurry(far=False)
        self._recent.clear()
        self._landed = True
        with wrapped(self._path, "read"):
            self._container.seek(place, stream=self._stream)
            self._frames = self._container.decode(self._stream)

    def _decoded(self) -> VideoFrame:
        with wrapped(self._path, "decoded"):
            for frame in self._frames:
                number = self._numbers.get(frame.pts) if frame.pts is not None else None
                if number is None:
                    continue
                self._next = self._next + 1 if self._in_turn and not self._landed else number
                self._landed = False
                self._recent.append((self._next, frame))
                return frame
        raise MediaError(f"{self._path} is damaged: frames after {self._next} can't be decoded")
