"""Versions of a shot that were made outside: files under its name that are none of its takes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from storyboard.loading.own_clip import OWN_CLIP
from storyboard.reimport.inserting import located
from storyboard.reimport.sequence import Unclear
from storyboard.safe_text import in_message

if TYPE_CHECKING:
    from pathlib import Path

    from storyboard.reimport.edited import Edited, EditedClip
    from storyboard.reimport.inserting import FoundMovie, Movie
    from storyboard.reimport.sequence import Find

Version = tuple[str, int]
"""A shot, and the version that its file's name says."""


@dataclass(frozen=True, slots=True)
class Outside:
    """The versions from outside in an edited cut, whose files are there: one for a shot at most."""

    movies: Mapping[Version, FoundMovie]

    @property
    def shots(self) -> dict[str, FoundMovie]:
        """Each by its shot."""
        return {shot: movie for (shot, _), movie in self.movies.items()}

    def placed(self, edited: Edited) -> Edited:
        """The cut in which each of them is the shot's clip of one's own."""
        return replace(edited, clips=tuple(self._clip(clip, edited) for clip in edited.clips))

    def _clip(self, clip: EditedClip, edited: Edited) -> EditedClip:
        movie = self.movies.get((clip.shot, clip.version))
        if movie is None or clip.inserted:
            return clip
        return replace(located(clip, movie, edited.rate), version=OWN_CLIP)


def outside(
    edited: Edited,
    known: Collection[Version],
    find: Find,
    movie: Movie,
    ours: Callable[[Path], bool],
) -> Outside:
    """The versions that are none of the `known` ones, and no files of ours.

    `ours` tells a file that the export wrote. Unclear where two of them stand in for one shot.
    """
    movies = dict(_movies(edited, known, find, movie, ours))
    for shot in {shot for shot, _ in movies}:
        names = [in_message(m.clip.path.name) for (one, _), m in movies.items() if one == shot]
        if len(names) > 1:
            raise Unclear(f"{shot} is shown by {' and '.join(names)}; a shot has one of these")
    return Outside(movies)


def _movies(
    edited: Edited,
    known: Collection[Version],
    find: Find,
    movie: Movie,
    ours: Callable[[Path], bool],
) -> Iterator[tuple[Version, FoundMovie]]:
    for clip in edited.clips:
        version = (clip.shot, clip.version)
        if version in known or clip.inserted or clip.movie:
            continue
        path = find(clip.address)
        if path is not None and not ours(path):
            yield version, movie(path)
