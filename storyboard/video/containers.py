"""The one door to video files: opened by us, never by name, always as MP4 or QuickTime.

libav gets a file object and a fixed container, so a file's name is only a name (`%d`, a leading
dash or `file:` mean nothing), a web page or a playlist is never taken for a film, and no file can
make it open another one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

import av

from storyboard.errors import MediaError

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer

_BUFFER = 1 << 18
_NO_DECODING = {"skip_frame": "all"}
_LONG_SIZE = 16


@contextmanager
def reading(
    path: Path, *, examine: Literal["headers", "pictures"] = "headers"
) -> Iterator[InputContainer]:
    """The file, open for demuxing; MediaError when it is missing, cut off or not a video.

    "headers" takes a tenth of the time, but the stream's `pix_fmt` is not known until a frame is
    decoded; "pictures" decodes the first ones at once.
    """
    options = _NO_DECODING if examine == "headers" else {}
    with wrapped(path, "read"), path.open("rb") as file:
        _whole_boxes(path, file)
        with av.open(
            file, "r", format="mp4", options=options, io_open=refuse, buffer_size=_BUFFER
        ) as container:
            yield container


@contextmanager
def reading_any(path: Path) -> Iterator[InputContainer]:
    """A file of ours that is WebM or GIF, open for decoding; every failure is a MediaError."""
    with (
        wrapped(path, "read"),
        path.open("rb") as file,
        av.open(file, "r", io_open=refuse, buffer_size=_BUFFER) as container,
    ):
        yield container


@contextmanager
def writing(
    path: Path, *, container: str = "mp4", options: Mapping[str, str] | None = None
) -> Iterator[OutputContainer]:
    """A new file, open for muxing, with its index in front; every failure is a MediaError."""
    with wrapped(path, "written"), path.open("w+b", buffering=0) as file:
        index_first = {"movflags": "+faststart"} if container in ("mp4", "mov") else {}
        output = av.open(
            _Sink(file),
            "w",
            format=container,
            options={**index_first, **(options or {})},
            io_open=_again(path),
            buffer_size=_BUFFER,
        )
        try:
            yield output
        except BaseException:
            with suppress(Exception):
                output.close()
            raise
        output.close()


class _Sink:
    """A file for libav to write to. Its first failure is raised, and all that follow are not.

    After a failure libav goes on to write the file's end, and what is raised then it can only
    print.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._failed = False

    def write(self, data: bytes) -> int:
        """Write all of it."""
        left = memoryview(data)
        while left and not self._failed:
            left = left[self._tried(self._file.write, left) :]
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place in the file."""
        return 0 if self._failed else self._tried(self._file.seek, offset, whence)

    def tell(self) -> int:
        """Where the file stands."""
        return 0 if self._failed else self._file.tell()

    def _tried(self, act: Callable[..., int], *given: object) -> int:
        try:
            return act(*given)
        except OSError:
            self._failed = True
            raise


@contextmanager
def wrapped(path: Path, verb: str) -> Iterator[None]:
    """Turn what libav and the system raise into a MediaError that names the file."""
    try:
        yield
    except MediaError:
        raise
    except (av.error.FFmpegError, OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise MediaError(f"{path} can't be {verb}: {reason}") from error


def refuse(url: str, *_: Any) -> IO[bytes]:
    """The door to other files, which is shut: for `av.open(io_open=...)`."""
    raise OSError(f"the file points to another one ({url}), which is never opened")


def _again(path: Path) -> Callable[..., IO[bytes]]:
    """Faststart reads the written file once more, by name: ours, whatever the name."""
    return lambda *_: path.open("rb")


def _whole_boxes(path: Path, file: IO[bytes]) -> None:
    """Walk the file's outer boxes: the first must be a film's, the last one whole."""
    length = file.seek(0, os.SEEK_END)
    position, kinds = 0, set[bytes]()
    while position + 8 <= length or not kinds:
        file.seek(position)
        head = file.read(_LONG_SIZE)
        size, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        elif size == 0:
            size = length - position
        if size < 8 or (not kinds and kind not in _FIRST):
            raise MediaError(f"{path} is not an MP4 or QuickTime file ({_looks_like(head)})")
        kinds.add(kind)
        position += size
    if position != length:
        raise MediaError(f"{path} is cut off: {length} of {max(position, length + 1)} bytes")
    if b"moov" not in kinds:
        raise MediaError(f"{path} is not a whole MP4 or QuickTime file: it has no index")
    file.seek(0)


_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"II*\0", b"MM\0*", b"RIFF")
_FIRST = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}


def _looks_like(head: bytes) -> str:
    start = head.lstrip().lower()
    if not head:
        return "it is empty"
    if head.startswith(_PICTURES):
        return "it looks like a picture"
    if start.startswith((b"<!doc", b"<html", b"<?xml", b"{")):
        return "it looks like a web page or a message"
    return "it looks like a playlist" if start.startswith(b"#ext") else "its start is unknown"
