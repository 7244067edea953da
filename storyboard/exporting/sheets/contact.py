"""The contact sheet: the whole cut on a page, two stills and the facts for each shot."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from storyboard.exporting.media.remux import there
from storyboard.exporting.media.slate import slate
from storyboard.rendering.reels import Reels
from storyboard.text import page_lines
from storyboard.units.money import dollars
from storyboard.units.sizes import Size
from storyboard.units.timing import decimal

if TYPE_CHECKING:
    from storyboard.exporting.media.files_of import MediaFile
    from storyboard.timeline import Clip, ShotNote, Timeline

    Others = Mapping[str, Sequence[MediaFile]]
    """By shot, the files of the takes that the film does not use."""

PAPER, INK, QUIET, ACCENT = "#f7f5f0", "#1c1d20", "#63656a", "#b4641e"
WIDTH, HEIGHT = 2480, 3508
"""An A4 page at 300 dots per inch."""
MARGIN, GUTTER, SEAM = 130, 70, 8
HEAD = 190
COLUMNS = 2
TITLE, WORDS, FACTS = 66, 32, 27
PROMPT_LINES = 3
NONE: Others = MappingProxyType({})
_CARD = (WIDTH - 2 * MARGIN - GUTTER * (COLUMNS - 1)) // COLUMNS
_STILL = (_CARD - SEAM) // 2


@dataclass(frozen=True, slots=True)
class ShotCard:
    """What a contact sheet shows of a shot."""

    shot: str
    start: Image.Image
    """Its first picture on the film."""
    end: Image.Image
    """Its last."""
    facts: str
    prompt: str
    others: str = ""
    """Its takes that the film does not use, by the model that made them."""


def cards(timeline: Timeline, others: Others = NONE) -> Iterator[ShotCard]:
    """A card for each shot, in the order of the film."""
    small = Size(_STILL, _still_height(timeline.size))
    with Reels() as reels:
        for shot in timeline.order:
            own, note = timeline.of(shot), timeline.note(shot)
            yield ShotCard(
                shot=shot,
                start=_picture(own[0], 0, timeline, reels, small),
                end=_picture(own[-1], own[-1].frames - 1, timeline, reels, small),
                facts=_facts(own, note, timeline),
                prompt=note.prompt,
                others=by_model(others.get(shot, ())),
            )


def by_model(takes: Sequence[MediaFile]) -> str:
    """Takes in words: `also take 1, 3 by wan-3; take 4 by h3`; empty where there are none."""
    numbers: dict[str, list[str]] = {}
    for file in takes:
        numbers.setdefault(file.model, []).append(str(file.take))
    told = (
        f"take {', '.join(own)}{f' by {model}' if model else ''}" for model, own in numbers.items()
    )
    return f"also {'; '.join(told)}" if numbers else ""


def pages(timeline: Timeline, others: Others = NONE) -> Iterator[Image.Image]:
    """The sheet's pages; the last one ends below its last card."""
    height = _card_height(timeline.size)
    rows = max(1, (HEIGHT - 2 * MARGIN - HEAD + GUTTER) // (height + GUTTER))
    left, number = cards(timeline, others), 0
    while page := list(islice(left, rows * COLUMNS)):
        yield _page(page, height, timeline, number=number)
        number += 1


def png(page: Image.Image) -> bytes:
    """A page as PNG."""
    made = io.BytesIO()
    page.save(made, "PNG", optimize=True, dpi=(300, 300))
    return made.getvalue()


def pdf(sheet: Sequence[Image.Image]) -> bytes:
    """All pages as PDF, each A4, without a date, so that the same cut gives the same bytes."""
    whole_pages = [_whole(page) for page in sheet]
    made = io.BytesIO()
    first, *others = whole_pages
    undated = {"creationDate": None, "modDate": None, "producer": None}
    first.save(
        made, "PDF", save_all=True, append_images=others, resolution=300, quality=90, **undated
    )
    return made.getvalue()


def _picture(clip: Clip, offset: int, timeline: Timeline, reels: Reels, size: Size) -> Image.Image:
    if not there(clip.media):
        blank = slate((timeline.size.width, timeline.size.height), (clip.shot, "missing"))
        return blank.resize((size.width, size.height), Image.Resampling.LANCZOS)
    picture = reels.picture(
        clip.media,
        clip.media_frame(offset),
        size=timeline.size,
        fit=clip.fit,
        background=timeline.background,
        focus=clip.focus_at(offset),
    )
    return Image.fromarray(picture).resize((size.width, size.height), Image.Resampling.LANCZOS)


def _facts(own: Sequence[Clip], note: ShotNote, timeline: Timeline) -> str:
    frames = sum(clip.frames for clip in own)
    seconds = decimal(frames / timeline.rate, 2)
    facts = [f"{seconds} s", f"{frames} frames", f"take {own[0].take}", note.model]
    facts.append(dollars(note.cost_microusd))
    return " · ".join(filter(None, facts))


def _still_height(film: Size) -> int:
    return max(2, min(_STILL * film.height // film.width, _STILL * 16 // 9)) // 2 * 2


def _card_height(film: Size) -> int:
    words = round(page_lines.LEADING * (FACTS + WORDS * (PROMPT_LINES + 1)))
    return _still_height(film) + 24 + words


def _page(page: Sequence[ShotCard], height: int, timeline: Timeline, *, number: int) -> Image.Image:
    rows = -(-len(page) // COLUMNS)
    used = 2 * MARGIN + HEAD + rows * (height + GUTTER) - GUTTER
    canvas = Image.new("RGB", (WIDTH, min(HEIGHT, used)), PAPER)
    _head(canvas, timeline, number)
    for place, card in enumerate(page):
        row, column = divmod(place, COLUMNS)
        left = MARGIN + column * (_CARD + GUTTER)
        _card(canvas, (left, MARGIN + HEAD + row * (height + GUTTER)), card)
    return canvas


def _head(canvas: Image.Image, timeline: Timeline, number: int) -> None:
    shots = len(timeline.order)
    cost = dollars(sum(note.cost_microusd for note in timeline.shots))
    seconds = decimal(timeline.seconds, 2)
    rate = f"{decimal(timeline.rate)} frames/s"
    facts = f"{shots} shot{'s' * (shots != 1)} · {seconds} s · {timeline.size} · {rate}"
    width = WIDTH - 2 * MARGIN
    page_lines.draw(canvas, (MARGIN, MARGIN), timeline.title, pixels=TITLE, width=width, ink=INK)
    facts += f" · {cost}" + (f" · page {number + 1}" if number else "")
    place = (MARGIN, MARGIN + 92)
    page_lines.draw(canvas, place, facts, pixels=WORDS, width=width, ink=QUIET)


def _card(canvas: Image.Image, place: tuple[int, int], card: ShotCard) -> None:
    left, top = place
    canvas.paste(card.start, (left, top))
    canvas.paste(card.end, (left + card.start.width + SEAM, top))
    top += card.start.height + 18
    ImageDraw.Draw(canvas).rectangle((left, top - 10, left + 72, top - 5), fill=ACCENT)
    name = page_lines.draw(canvas, (left, top), card.shot, pixels=WORDS, width=_CARD // 3, ink=INK)
    aside = left + _CARD // 3
    room = _CARD - _CARD // 3
    below = top + 4
    for facts in filter(None, (card.facts, card.others)):
        below = page_lines.draw(canvas, (aside, below), facts, pixels=FACTS, width=room, ink=QUIET)
    place = (left, max(name, below) if card.others else name)
    page_lines.draw(
        canvas, place, card.prompt, pixels=WORDS, width=_CARD, ink=INK, most=PROMPT_LINES
    )


def _whole(page: Image.Image) -> Image.Image:
    sheet = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    sheet.paste(page, (0, 0))
    return sheet
