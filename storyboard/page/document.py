"""The document: all that a page shows of a film, as plain data, and the files that it names.

It is what `storyboard review --json` prints. Money is in micro-dollars, times are frames, rates are
exact (`"24000/1001"`), and media are named by what they are made from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from storyboard.accounting import outlook
from storyboard.cutting.cut import focus_path
from storyboard.loading.own_clip import OWN_CLIP
from storyboard.page import discretion, loops, pictures, tiles
from storyboard.page.shelf import PageFile
from storyboard.planning.shapes import cut_off
from storyboard.reviewing.judgement import Judgement
from storyboard.reviewing.limits import REMEDIES, told
from storyboard.takes.holding import Standing
from storyboard.timeline import Media
from storyboard.units.sizes import Size
from storyboard.units.timing import Rate, timecode

if TYPE_CHECKING:
    from storyboard.accounting.summary import Status
    from storyboard.annotating.notes_file import Said
    from storyboard.cutting.cut import Footage
    from storyboard.images.still import PreparedStill
    from storyboard.loading.blocks import CheckedVersion
    from storyboard.planning.planned import Plan, PlannedShot, PlannedTake
    from storyboard.reviewing.judgement import Judgement
    from storyboard.reviewing.report import SeamReport
    from storyboard.timeline import SeamMark, Timeline

VERSION = 1


@dataclass(frozen=True, slots=True)
class Showing:
    """What a page is made of."""

    plan: Plan
    """As it is paid, also where drafts are shown."""
    timeline: Timeline
    """The cut that is seen."""
    footage: Mapping[str, Mapping[int, Footage]]
    """The takes that are there, by shot and number; 0 is the draft that stands in."""
    about: Mapping[str, Mapping[str, Any]]
    """The takes' notes in the store, by key."""
    status: Status
    said: Said
    film: PageFile
    seams: Mapping[int, SeamReport] = field(default_factory=dict)
    """What was measured, by the film frame after the seam."""
    judged: Mapping[tuple[str, int], Judgement] = field(default_factory=dict)
    """What was measured of takes, by shot and number."""
    messages: tuple[str, ...] = ()
    """What the reader should know of the whole."""
    versions: tuple[ShownVersion, ...] = ()
    """The same film in other shapes."""
    settled: bool = True
    """Whether all that the cut has to know of its takes was measured."""


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """The film in another shape, as a page plays it."""

    version: CheckedVersion
    film: PageFile


Worded = Callable[[str], str]
"""Makes the commands in a sentence such that they can be pasted."""


@dataclass(slots=True)
class _Writing:
    """What all parts of a document are written with: its words, and the files that they name."""

    worded: Worded
    here: bool
    """Whether it is read on this machine alone."""
    found: dict[str, PageFile] = field(default_factory=dict)

    def add(self, file: PageFile) -> str:
        self.found[file.name] = file
        return file.name


def document(
    showing: Showing, *, worded: Worded | None = None
) -> tuple[dict[str, Any], tuple[PageFile, ...]]:
    """The document, and the files that it names.

    `worded` is for a page that is read on this machine. Without it, commands name the storyboard by
    its file's name alone, and no other machine's user is named: whoever gets the page may read it.
    """
    board, timeline = showing.plan.storyboard, showing.timeline
    page = _Writing(worded or discretion.for_others(board.path), here=worded is not None)
    money = outlook.of_all(showing.plan, showing.status)
    written = {
        "kind": "storyboard review",
        "version": VERSION,
        "title": board.title,
        "file": board.path.name,
        "messages": [page.worded(one) for one in (*showing.messages, *money)],
        "money": _money(showing),
        "film": _film(showing, page),
        "scenes": [asdict(scene) for scene in timeline.scenes],
        "shots": [_shot(showing, shot, page) for shot in showing.plan.shots],
        "seams": [_seam(showing, seam, page) for seam in timeline.seams],
        "notes": [note.as_data() for note in showing.said.notes],
    }
    return written, tuple(page.found.values())


def _money(showing: Showing) -> dict[str, Any]:
    sums = showing.status.sums
    return {
        "spent_microusd": sums.spent,
        "reserved_microusd": sums.reserved,
        "possibly_charged_microusd": sums.possible,
        "budget_microusd": showing.status.budget,
        "to_pay_microusd": showing.plan.price_microusd,
    }


def _film(showing: Showing, page: _Writing) -> dict[str, Any]:
    timeline = showing.timeline
    return {
        "video": page.add(showing.film),
        "rate": str(timeline.rate),
        "frames": timeline.frames,
        "width": timeline.size.width,
        "height": timeline.size.height,
        "drafts": list(timeline.burn_in),
        "stills": list(timeline.stills),
        "order": list(timeline.order),
        "versions": [_version(timeline, one, page) for one in showing.versions],
        "recut": showing.plan.storyboard.cut is not None,
        "clips": [
            {
                "shot": clip.shot,
                "take": clip.take,
                "key": clip.media.key,
                "start": clip.start,
                "frames": clip.frames,
                "first": clip.first,
                "last": clip.last,
                "span": clip.span,
                "phase": [clip.phase.numerator, clip.phase.denominator],
                "media_frames": clip.media.frames,
                "held": clip.held,
            }
            for clip in timeline.clips
        ],
    }


def _version(timeline: Timeline, one: ShownVersion, page: _Writing) -> dict[str, Any]:
    size, reframe = one.version.size, one.version.reframe
    share, side = cut_off(timeline.size, size, reframe)
    return {
        "name": one.version.name,
        "video": page.add(one.film),
        "width": size.width,
        "height": size.height,
        "reframe": reframe,
        "cut_off": round(share, 4),
        "cut_off_of": side,
    }


def _shot(showing: Showing, shot: PlannedShot, page: _Writing) -> dict[str, Any]:
    checked, rate = shot.shot, showing.timeline.rate
    there = showing.timeline.of(shot.id)
    run = showing.timeline.run(shot.id)
    return {
        "id": shot.id,
        "scene": checked.scene,
        "prompt": checked.prompt,
        "words": checked.words,
        "model": checked.model.alias,
        "endpoint": checked.model.endpoint,
        "duration": str(checked.duration),
        "asked": checked.asked(rate),
        "hold": checked.hold.frames(rate) if checked.hold else 0,
        "start": run[0].start if run else None,
        "frames": sum(clip.frames for clip in run),
        "seen": bool(there),
        "pick": checked.pick if checked.clip is None else OWN_CLIP,
        "wanted": checked.takes,
        "notes": [page.worded(one) for one in (*shot.notes, shot.renewed) if one],
        "buys": page.worded(outlook.of_shot(shot)),
        "line": checked.places["shot"].line if "shot" in checked.places else None,
        "next_take_microusd": shot.takes[-1].model.price(shot.takes[-1].request.arguments).micro,
        "from": _keyframe(checked.start, page),
        "to": _keyframe(checked.end, page) if checked.end else None,
        "takes": [_take(showing, shot, take, page) for take in shot.takes],
        "draft": _draft(showing, shot, page),
        "stack": _stack(showing, shot, page),
        "focus": _focus(showing, shot),
    }


def _take(showing: Showing, shot: PlannedShot, take: PlannedTake, page: _Writing) -> dict[str, Any]:
    held, about = take.holding, showing.about.get(take.key, {})
    footage = showing.footage.get(shot.id, {}).get(take.number)
    judged = showing.judged.get((shot.id, take.number))
    request = take.purchase.request
    return {
        "number": take.number,
        "key": take.key,
        "model": str(about.get("model") or take.model.alias),
        "endpoint": request.endpoint,
        "standing": held.standing.value,
        "there": footage is not None,
        "paid_microusd": held.cost if held.paid else 0,
        "reserved_microusd": held.cost if held.standing in _OPEN and not held.paid else 0,
        "price_microusd": take.price_microusd,
        "shared": take.shared,
        "request_id": held.request_id,
        "outlook": _outlook(take, page),
        "odd": [page.worded(str(word)) for word in about.get("odd", ())],
        "measured": dict(about.get("measured", {})),
        "judged": judged.as_data() if judged else [],
        "faults": [page.worded(line) for line in judged.lines()] if judged else [],
        "approved": take.key in showing.said.approvals,
        "strip": _strip(footage, take.number, page) if footage else None,
    }


_OPEN = (Standing.FLYING, Standing.UNKNOWN)


def _outlook(take: PlannedTake, page: _Writing) -> list[str]:
    """What it means that the take stands so; who else buys it is said on this machine alone."""
    who = take.holding.detail if take.standing is Standing.CLAIMED and page.here else ""
    said = [f"{who[0].upper()}{who[1:]}."] if who else []
    return [page.worded(one) for one in (*said, *outlook.of_take(take))]


def _draft(showing: Showing, shot: PlannedShot, page: _Writing) -> dict[str, Any] | None:
    footage = showing.footage.get(shot.id, {}).get(0)
    if footage is None or shot.shot.clip is not None:
        return None
    return {"key": footage.media.key, "strip": _strip(footage, 0, page)}


def _tile(footage: Footage, number: int) -> tiles.Tile:
    media = footage.media
    return tiles.Tile(number, media.path, media.key, media.rate, footage.first, footage.end)


def _strip(footage: Footage, number: int, page: _Writing) -> dict[str, Any]:
    size = pictures.strip_size(footage.media.size)
    tile = _tile(footage, number)
    made = PageFile.of("strip", ".jpg", pictures.write_strip, tile, size)
    return {
        "picture": page.add(made),
        "width": size.width,
        "height": size.height,
        "shown": pictures.SHOWN,
    }


def _stack(showing: Showing, shot: PlannedShot, page: _Writing) -> dict[str, Any] | None:
    there = showing.footage.get(shot.id, {})
    if not there:
        return None
    numbers = sorted(there, key=lambda number: (number == 0, number))
    laid = tiles.stack([_tile(there[n], n) for n in numbers], there[numbers[0]].media.size)
    made = PageFile.of("takes", ".mp4", tiles.write_tiles, laid)
    return {"video": page.add(made), **laid.as_data()}


def _focus(showing: Showing, shot: PlannedShot) -> list[list[float]] | None:
    """What a crop keeps in its takes' pictures, at the start and at the end."""
    there = showing.footage.get(shot.id, {})
    if not there:
        return None
    path = focus_path(shot, next(iter(there.values())))
    return [[round(point.x, 4), round(point.y, 4)] for point in (path.start, path.end)]


def _keyframe(still: PreparedStill, page: _Writing) -> dict[str, Any]:
    size = pictures.strip_size(Size(*still.shape))
    media = Media.of_still(still, Rate(24))
    fit = still.recipe.fit or "contain"
    made = PageFile.of("still", ".jpg", pictures.write_still, media, fit, size)
    return {
        "id": still.still.id,
        "name": still.still.name,
        "picture": page.add(made),
        "width": size.width,
        "height": size.height,
    }


def _seam(showing: Showing, seam: SeamMark, page: _Writing) -> dict[str, Any]:
    small, at = loops.around(showing.timeline, seam)
    first, end = loops.span(small, at)
    made = PageFile.of("seam", ".mp4", loops.write_loop, small, at)
    found = showing.seams.get(seam.at)
    return {
        "at": seam.at,
        "timecode": timecode(seam.at, showing.timeline.rate),
        "before": seam.before,
        "after": seam.after,
        "video": page.add(made),
        "width": small.size.width,
        "height": small.size.height,
        "frames": end - first,
        "cut": at - first,
        "kinds": list(found.kinds) if found else None,
        "numbers": asdict(found.numbers) if found else None,
        "told": told(found.numbers) if found else [],
        "remedies": [page.worded(one) for one in _remedies(found)] if found else [],
    }


def _remedies(seam: SeamReport) -> Iterator[str]:
    half = max(seam.numbers.still // 2, 1)
    for kind in seam.kinds:
        words = REMEDIES[kind].format(before=seam.before, after=seam.after, half=half)
        yield f"{kind}: {words}"
