"""The storyboard's files, decoded, and its words, set: what is wrong stands at its line."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard.errors import FileTrouble, InvalidStoryboard, MediaError, Mistake
from storyboard.generating.adopting import look_at
from storyboard.images.developing import develop
from storyboard.images.payloads import payload
from storyboard.safe_text import inert
from storyboard.text import fonts
from storyboard.text.wrapping import borrowed, lacking, prove
from storyboard.video import sound_length
from storyboard.workflows.preflight.seen import Seen

if TYPE_CHECKING:
    from storyboard.images.still import PreparedStill
    from storyboard.loading.checked import CheckedStoryboard
    from storyboard.loading.own_clip import OwnClip
    from storyboard.planning.planned import Plan

Told = Callable[[int, int], None]


def looked_over(
    storyboard: CheckedStoryboard, seen: Seen | None = None, *, told: Told | None = None
) -> CheckedStoryboard:
    """The storyboard, whose pictures, clips and sounds can be decoded, with remarks about letters.

    `InvalidStoryboard` with every file that can't be used, at its line; `MediaError` where the
    font of STORYBOARD_FONT can't be read. What `seen` has is not decoded again. `told` hears how
    many stills are decoded, of how many.
    """
    seen = seen or Seen()
    mistakes = [
        *_pictures(storyboard, seen, told),
        *_clips(storyboard, seen),
        *_sounds(storyboard, seen),
        *_font(storyboard),
    ]
    if mistakes:
        raise InvalidStoryboard(mistakes)
    fonts.check()
    return replace(storyboard, remarks=(*storyboard.remarks, *_letters(storyboard)))


def _pictures(storyboard: CheckedStoryboard, seen: Seen, told: Told | None) -> Iterator[Mistake]:
    """Keyframes whose pixels can't be decoded."""
    pictured = {
        (prepared.still.sha256, prepared.recipe.frame): prepared for prepared in storyboard.stills
    }
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1), "look") as pool:
        troubles = pool.map(lambda prepared: _undecodable(prepared, seen), pictured.values())
        looked_at = zip(pictured.values(), troubles, strict=True)
        for done, (prepared, trouble) in enumerate(looked_at, start=1):
            if told is not None:
                told(done, len(pictured))
            if trouble:
                yield Mistake(prepared.still.place, "image", inert(trouble))


def refuse_too_big(made: Plan, seen: Seen | None = None) -> None:
    """`InvalidStoryboard` with every picture that is to be bought from and can't be made small
    enough for its model, at its line."""
    seen, found = seen or Seen(), dict[tuple[str, int], Mistake]()
    for purchase in made.purchases:
        most = purchase.model.stills.max_bytes
        for prepared in purchase.request.pictures.values() if purchase.buys else ():
            trouble = _too_big(prepared, most, seen)
            if trouble:
                words = inert(f"{trouble}; {purchase.model.alias} takes no more")
                place = prepared.still.place
                found.setdefault((prepared.digest, most), Mistake(place, "image", words))
    if found:
        raise InvalidStoryboard(list(found.values()))


def _too_big(prepared: PreparedStill, most: int, seen: Seen) -> str:
    """Why the picture can't be sent in so many bytes; empty where it can.

    A JPEG of the lowest quality that is sent has less than a byte for each pixel, even of noise.
    """
    width, height = prepared.shape
    mark = f"{hashlib.sha256(prepared.digest.encode()).hexdigest()}.{most}"
    if width * height <= most or seen.has(mark):
        return ""
    try:
        payload(prepared.still.read(), prepared.recipe, max_bytes=most)
    except FileTrouble as error:
        return str(error)
    seen.note(mark)
    return ""


def _undecodable(prepared: PreparedStill, seen: Seen) -> str:
    digest = f"{prepared.still.sha256}.{prepared.recipe.frame or 0}"
    if seen.has(digest):
        return ""
    try:
        develop(prepared.still.read(), replace(prepared.recipe, size=None, fit=None))
    except FileTrouble as error:
        return str(error)
    seen.note(digest)
    return ""


def _clips(storyboard: CheckedStoryboard, seen: Seen) -> Iterator[Mistake]:
    """Clips of one's own that can't be decoded from their first frame to their last."""
    clips = [shot.clip for shot in storyboard.shots if shot.clip]
    different = {clip.sha256: clip for clip in clips}
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1), "look") as pool:
        found = pool.map(lambda clip: _unplayable(clip, seen), different.values())
        troubles = dict(zip(different, found, strict=True))
    for clip in clips:
        if trouble := troubles[clip.sha256]:
            yield Mistake(clip.place, "clip", inert(trouble))


def _unplayable(clip: OwnClip, seen: Seen) -> str:
    if seen.has(clip.sha256):
        return ""
    try:
        look_at(clip)
    except MediaError as error:
        return str(error)
    seen.note(clip.sha256)
    return ""


def _sounds(storyboard: CheckedStoryboard, seen: Seen) -> Iterator[Mistake]:
    """Sound files without sound, or that break off."""
    heard: dict[Path, str] = {}
    for name, written in storyboard.written.items():
        path = storyboard.sounds.get(written.file)
        if path is not None and path not in heard:
            heard[path] = _unheard(path, seen)
        if path is not None and heard[path]:
            yield Mistake(written.place, name, inert(heard[path]))


def _unheard(path: Path, seen: Seen) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if seen.has(digest):
        return ""
    trouble = sound_length.trouble(path)
    if not trouble:
        seen.note(digest)
    return trouble


def _font(storyboard: CheckedStoryboard) -> Iterator[Mistake]:
    """A font file that can't be read as one, or does not draw the storyboard's words."""
    if storyboard.font is None:
        return
    font = str(storyboard.font)
    place = storyboard.places.get("font", storyboard.beginning)
    try:
        fonts.faces_for("", font)
    except MediaError:
        said = f"{storyboard.font.name} can't be read as a font; name a TrueType or OpenType file"
        yield Mistake(place, "font", inert(said))
        return
    try:
        for written in storyboard.written.values():
            prove(written.words, font)
    except MediaError as error:
        yield Mistake(place, "font", inert(f"{storyboard.font.name}: {error}"))


def _letters(storyboard: CheckedStoryboard) -> Iterator[Mistake]:
    """Words with letters that no font here has, or another one than the rest is set in."""
    font = str(storyboard.font or "")
    for name, written in storyboard.written.items():
        for found in (lacking(written.words, font), borrowed(written.words, font)):
            if found:
                yield Mistake(written.place, name, inert(found))
