"""The takes and stills behind a film, each opened when it is first needed and closed after that.

Only a few are open at any time, however long the film is, so memory and open files stay flat.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from storyboard.draft.dissolve import mixed
from storyboard.draft.match import match
from storyboard.draft.morph import between
from storyboard.draft.threads import one_thread
from storyboard.errors import MediaError
from storyboard.images.fitting import fit_frame
from storyboard.rendering.still_pictures import still_picture
from storyboard.units.focus import CENTER
from storyboard.video.reader import Reader

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

    from storyboard.draft.pair import Pair
    from storyboard.timeline import Media
    from storyboard.units.focus import Focus
    from storyboard.units.sizes import Fit, Size
    from storyboard.video.colour import Picture

_OPEN = 3
"""Both sides of a transition and the take that follows."""
_MOST_BYTES = 48 << 20
"""Of a take's frames that are at hand."""
_KEPT = 4
"""Pictures that are likely to be asked for again: stills and freezes."""

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Reels:
    """Pictures of takes and stills, at the film's size."""

    def __init__(self, *, strict: bool = False, recent: int = 0) -> None:
        """`strict`: a damaged frame is an error, and not shown as well as it goes. `recent`: so
        many frames of each take, as far as memory goes, are at hand once they were decoded.
        """
        self._strict, self._recent = strict, recent
        self._readers: OrderedDict[Path, Reader] = OrderedDict()
        self._pictures: OrderedDict[object, Picture] = OrderedDict()
        self._pairs: OrderedDict[object, Pair | None] = OrderedDict()

    def frame(self, media: Media, number: int) -> VideoFrame:
        """A take's stored frame (YUV), as the decoder gives it."""
        return self.reader(media).frame(number)

    def picture(
        self,
        media: Media,
        number: Fraction | int,
        *,
        size: Size,
        fit: Fit | None,
        background: str,
        focus: Focus = CENTER,
    ) -> Picture:
        """A frame of a take, or a still, as RGB at `size`. It is shared: never write into it.

        Between two frames it is drawn. `focus` is what stays in the middle where the picture is
        cropped, as far as that goes.
        """
        look = _Framing(size, fit or "cover", background, focus)
        before, share = int(number), number - int(number)
        if share:
            return self._drawn(media, before, float(share), look)
        return self._kept_picture(media, before, look)

    def _kept_picture(self, media: Media, number: int, look: _Framing) -> Picture:
        return _kept(
            self._pictures,
            (media, number, look),
            make=lambda: self._made(media, number, look),
            most=_KEPT,
        )

    def _drawn(self, media: Media, number: int, share: float, look: _Framing) -> Picture:
        """A picture between two frames, drawn as drafts are; the motion is measured once.

        One of another shape is drawn whole and then framed: a crop may move from frame to frame.
        """
        fits = media.size.same_shape(look.size)
        size = look.size if fits else media.size
        whole = _Framing(size, look.fit, look.background, CENTER)
        before, after = (self._kept_picture(media, n, whole) for n in (number, number + 1))
        pair = _kept(
            self._pairs,
            (media, number, whole),
            make=lambda: match(before, after).pair,
            most=1,
        )
        if pair is None:
            drawn = mixed(before, after, share=share)
        else:
            with one_thread():
                drawn = between(pair, share)
        return drawn if fits else look.framed(drawn)

    def reader(self, media: Media) -> Reader:
        """The take's reader; it may be closed again when others are asked for."""

        def opened() -> Reader:
            if len(self._readers) >= _OPEN:
                self._readers.popitem(last=False)[1].close()
            picture = media.size.width * media.size.height * 3 // 2
            recent = min(self._recent, _MOST_BYTES // picture)
            reader = Reader(media.path, strict=self._strict, recent=recent)
            if reader.facts.frames < media.frames:
                reader.close()
                raise MediaError(
                    f"{media.path} has {reader.facts.frames} frames, not {media.frames}: "
                    "it was changed after the film was cut; run again"
                )
            return reader

        return _kept(self._readers, media.path, make=opened, most=_OPEN)

    def close(self) -> None:
        """Let go of every file."""
        for reader in self._readers.values():
            reader.close()
        self._readers.clear()
        self._pictures.clear()
        self._pairs.clear()

    def __enter__(self) -> Reels:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _made(self, media: Media, number: int, look: _Framing) -> Picture:
        if media.kind != "take":
            how: Any = {"background": look.background, "focus": look.focus}
            picture = np.array(still_picture(media, look.size, look.fit, **how), np.uint8)
        elif media.size.same_shape(look.size):
            picture = self.reader(media).picture(number, size=look.size)
        else:
            picture = look.framed(self.reader(media).picture(number))
        picture.flags.writeable = False
        return picture


@dataclass(frozen=True, slots=True)
class _Framing:
    """How a picture is brought to the film's frame."""

    size: Size
    fit: Fit
    background: str
    focus: Focus

    def framed(self, whole: Picture) -> Picture:
        """A picture of another shape, brought to this one."""
        box = self.size.width, self.size.height
        return fit_frame(whole, box, self.fit, background=self.background, focus=self.focus)


def _kept(
    shelf: OrderedDict[_Key, _Value], key: _Key, *, make: Callable[[], _Value], most: int
) -> _Value:
    """The value on the shelf, or a new one; the one not asked for longest makes room."""
    if key not in shelf:
        shelf[key] = make()
        if len(shelf) > most:
            shelf.popitem(last=False)
    shelf.move_to_end(key)
    return shelf[key]
