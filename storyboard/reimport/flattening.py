"""One track of several: what lies on top is seen. Pure, in film frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from storyboard.reimport.sequence import Blend, Excerpt, Space, Unclear
from storyboard.safe_text import in_message

if TYPE_CHECKING:
    from storyboard.reimport.sequence import Item, Track

Shows = Callable[[Excerpt], bool]
"""Whether what is seen there belongs to the film."""


@dataclass(frozen=True, slots=True)
class OnFilm:
    """An item at its place on the film; a blend's is the cut that it lies over."""

    at: int
    item: Item

    @property
    def end(self) -> int:
        """The film frame behind it; behind what it covers, of a blend."""
        return self.at + (self.item.after if isinstance(self.item, Blend) else self.item.frames)


def flattened(tracks: Sequence[Track], shows: Shows) -> tuple[tuple[Item, ...], list[str]]:
    """What is seen of picture tracks, from the lowest up, and what is left out of it.

    Of the tracks above the lowest, only the film's own shots count. Unclear where a transition
    lies half below another picture.
    """
    if len(tracks) == 1:
        return tracks[0].items, []
    spots, notes = list(_spots(tracks[0])), []
    for upper in tracks[1:]:
        above = list(_spots(upper))
        own = [s for s in above if isinstance(s.item, Excerpt) and shows(s.item)]
        others = dict.fromkeys(
            s.item.name or s.item.file
            for s in above
            if isinstance(s.item, Excerpt) and not shows(s.item)
        )
        notes += [f"{_named(name)}, on a track above the film's, is not read" for name in others]
        for spot in own:
            spots = list(_uncovered(spots, spot))
        blends = [s for s in above if isinstance(s.item, Blend) and _joins(s, own)]
        _check_below(blends, own, spots)
        spots = sorted((*spots, *own, *blends), key=_place)
    return tuple(_in_a_row(spots, max(track.frames for track in tracks))), notes


def part(excerpt: Excerpt | Space, offset: int, frames: int) -> Excerpt | Space:
    """Some film frames of an item, from one of its own frames on."""
    if isinstance(excerpt, Space):
        return replace(excerpt, frames=frames)
    return replace(
        excerpt,
        frames=frames,
        first=excerpt.first + offset * excerpt.speed,
        faded_in=excerpt.faded_in if offset == 0 else 0,
        faded_out=excerpt.faded_out if offset + frames == excerpt.frames else 0,
    )


def _named(name: str) -> str:
    return in_message(name or "a clip")


def _place(spot: OnFilm) -> tuple[int, bool]:
    return spot.at, not isinstance(spot.item, Blend)


def _spots(track: Track) -> Iterator[OnFilm]:
    at = 0
    for item in track.items:
        if not isinstance(item, Space) or item.instead:
            yield OnFilm(at, item)
        at += 0 if isinstance(item, Blend) else item.frames


def _uncovered(spots: Iterable[OnFilm], over: OnFilm) -> Iterator[OnFilm]:
    """What is still seen of other spots where one lies over them."""
    for spot in spots:
        if not isinstance(spot.item, Blend):
            before, after = min(spot.end, over.at) - spot.at, spot.end - max(spot.at, over.end)
            if before > 0:
                yield OnFilm(spot.at, part(spot.item, 0, before))
            if after > 0:
                offset = spot.item.frames - after
                yield OnFilm(spot.at + offset, part(spot.item, offset, after))
        else:
            start = spot.at - spot.item.before
            if spot.end <= over.at or start >= over.end:
                yield spot
            elif start < over.at or spot.end > over.end:
                assert isinstance(over.item, Excerpt)
                raise Unclear(
                    f"the transition {spot.item.name} lies half under {_named(over.item.name)}; "
                    "put both on one track and save again"
                )


def _joins(blend: OnFilm, own: Iterable[OnFilm]) -> bool:
    return any(blend.at in (spot.at, spot.end) for spot in own)


def _check_below(blends: Iterable[OnFilm], own: Sequence[OnFilm], below: Iterable[OnFilm]) -> None:
    """A transition between an upper picture and a lower one has one shot below it."""
    uppers = [(spot.at, spot.end) for spot in own]
    lowers = [(spot.at, spot.end) for spot in below if isinstance(spot.item, Excerpt)]
    for blend in blends:
        assert isinstance(blend.item, Blend)
        start, end = blend.at - blend.item.before, blend.end
        inside = [p for p in (*uppers, *lowers) if p[0] < end and p[1] > start]
        if len(inside) > 2:
            raise Unclear(
                f"the transition {blend.item.name} on an upper track lies over a cut below it; "
                "put the shots on one track and save again"
            )


def _in_a_row(spots: Iterable[OnFilm], end: int) -> Iterator[Item]:
    at = 0
    for spot in spots:
        if spot.at > at:
            yield Space(spot.at - at)
        yield spot.item
        at = max(at, spot.at if isinstance(spot.item, Blend) else spot.end)
    if end > at:
        yield Space(end - at)
