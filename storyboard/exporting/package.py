"""The export folder: media made once, timelines written, everything said that was lost."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard import events
from storyboard.errors import MediaError
from storyboard.events import log
from storyboard.exporting import manifest, reference_film
from storyboard.exporting.deliveries import aaf
from storyboard.exporting.deliveries.delivery import HandOver
from storyboard.exporting.formats.choice import BAKED, DELIVERIES, FORMATS, absent, chosen, losses
from storyboard.exporting.media import baking, remux, source_starts, tracks
from storyboard.exporting.media.files_of import MediaMap
from storyboard.exporting.media.going_out import going_out
from storyboard.exporting.media.naming import titled
from storyboard.exporting.media.pulls import Options, pull
from storyboard.exporting.sheets import contact_sheets, note_lists, shot_list
from storyboard.exporting.timecodes import Timecodes
from storyboard.ledger import disk
from storyboard.rendering import subtitles
from storyboard.timeline.joins import check
from storyboard.units.timing import decimal

if TYPE_CHECKING:
    from storyboard.events import Listener
    from storyboard.exporting.media.files_of import Links
    from storyboard.exporting.media.pulls import Intermediate, Pulled, Takes
    from storyboard.timeline import Media, Timeline


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export made."""

    files: tuple[Path, ...]
    """Every file, the timelines first."""
    notes: tuple[str, ...]
    """What did not arrive as it is in the film, and why."""


def export(
    timeline: Timeline,
    folder: Path | str,
    *,
    formats: Iterable[str] = ("all",),
    intermediate: Intermediate | None = None,
    slate: bool = False,
    handles: int | None = None,
    start_timecode: str = "01:00:00:00",
    drop_frame: bool = False,
    film: Path | str | None = None,
    name: str = "",
    called: str = "",
    links: Links = "relative",
    bake: bool = False,
    takes: Takes | None = None,
    listener: Listener = log,
) -> Exported:
    """Hand the cut over in `folder`: media, a timeline in each format, sheets and subtitles.

    `formats` are names of formats, programs or deliveries (`aaf`, `stems`, `dailies`, ...);
    `("notes",)`: what people said, alone. `takes` are all takes of each shot by number. `film` goes
    along as the offline reference. Files are named after the title, or `name` where it has no
    letters, then a version's name (`called`). `links`: from where timelines lie, or places on this
    disc. `handles`: film frames kept around what is used of transcoded media. `bake`: one movie for
    each clip, with all in it. Twice gives the same bytes. MediaError where it can't be done.
    """
    formats = (formats,) if isinstance(formats, str) else tuple(formats)
    written = chosen(formats)
    clock = Timecodes.at(start_timecode, timeline.rate, drop=drop_frame)
    stem = titled(timeline.title, name) + (f"_{called}" if called else "")
    if not written:
        return _notes_alone(timeline, Path(folder), stem=stem, clock=clock)
    _check(timeline, written, bake=bake)
    options, place = Options(intermediate, handles, slate, drop_frame), _place(Path(folder))
    given = HandOver(timeline, place, stem, clock, MediaMap(place, ()), takes or {}, listener)
    with _baked(given, options) if bake else nullcontext((given, options)) as ready:
        done = _handed_over(*ready, written, links=links)
    reference = [reference_film.make(film, timeline, place, name=stem, clock=clock)] if film else []
    return _completed(done, reference, lacking=absent(formats))


def _completed(done: Exported, more: list[Path], *, lacking: tuple[str, ...]) -> Exported:
    """With more files, and what could not be written on this machine."""
    notes = tuple(f".{name}: {aaf.NEEDED}" for name in lacking)
    return replace(done, files=(*done.files, *more), notes=(*done.notes, *notes))


def _handed_over(
    given: HandOver, options: Options, written: tuple[str, ...], *, links: Links
) -> Exported:
    given = replace(given, media=_media_for(written, given, options))
    made = _written_as(given, written, links=links)
    files = (*made, *(given.place / file.name for file in given.media.files()))
    notes = (*_media_notes(given.timeline, options), *_losses(given.timeline, written))
    return Exported(files, notes)


@contextmanager
def _baked(given: HandOver, options: Options) -> Iterator[tuple[HandOver, Options]]:
    """The same with baked media, in a folder's cut that shows nothing else."""
    timeline, missing = given.timeline, _missing(given.timeline, {}, ())
    _refuse(timeline, missing, options)
    with baking.baked(timeline, handles=options.handles, slate=options.slate, missing=missing) as (
        flat,
        bakes,
    ):
        yield (
            replace(given, timeline=flat, stem=f"{given.stem}_baked", takes={}),
            replace(options, bakes=bakes, handles=None),
        )


def _notes_alone(timeline: Timeline, folder: Path, *, stem: str, clock: Timecodes) -> Exported:
    """Lists of the notes, without the cut; MediaError where there are none."""
    lists = note_lists.files(timeline, clock=clock)
    if not lists:
        raise MediaError("there are no notes on this film; `storyboard serve` takes them")
    contents = {f"{stem}.{ending}": text.encode() for ending, text in lists.items()}
    return Exported(tuple(_written(_place(folder), contents)), ())


def _check(timeline: Timeline, names: Iterable[str], *, bake: bool) -> None:
    if not timeline.clips:
        raise MediaError("there is nothing to hand over: the timeline has no clips")
    whole_takes = [name for name in names if name in DELIVERIES and name not in BAKED]
    if bake and whole_takes:
        raise MediaError(f"{', '.join(whole_takes)} can't be baked; export without `bake`")
    check(timeline)


def _media_for(names: Iterable[str], given: HandOver, options: Options) -> MediaMap:
    """The media in the folder, made where they are not there yet; none where none are needed.

    MediaError where some can't be had, and no slate may stand in for them.
    """
    if not any(name in FORMATS or DELIVERIES[name].NEEDS_MEDIA for name in names):
        return given.media
    timeline, takes, place = given.timeline, given.takes, given.place
    missing = _missing(timeline, takes, options.bakes)
    _refuse(timeline, missing, options)
    spare = {s: {n: m for n, m in own.items() if m not in missing} for s, own in takes.items()}
    pulled = _pull(timeline, spare, missing, place / options.folder, options=options)
    heard = tracks.lay(timeline, place)
    _make(pulled, place, given.listener)
    return MediaMap(place, pulled.clips, heard, pulled.others)


def _written_as(given: HandOver, names: Iterable[str], *, links: Links) -> list[Path]:
    """The cut in each format, with its sheets; and each delivery."""
    cut: Any = {"stem": given.stem, "clock": given.clock}
    texts = [name for name in names if name in FORMATS]
    made = _timelines(given.timeline, given.media.linked(links), texts, **cut)
    for name in names:
        made += DELIVERIES[name].make(given) if name in DELIVERIES else []
    return made + (_sheets(given.timeline, given.media, **cut) if texts else [])


def _timelines(
    timeline: Timeline, media: MediaMap, formats: Iterable[str], *, stem: str, clock: Timecodes
) -> list[Path]:
    """The cut in each format."""
    heard = going_out(timeline, media.sounds)
    contents = {
        f"{stem}.{name}": FORMATS[name].write(heard, media, clock=clock).encode()
        for name in formats
    }
    return _written(media.folder, contents)


def _sheets(timeline: Timeline, media: MediaMap, *, stem: str, clock: Timecodes) -> list[Path]:
    """Lists and sheets for people, and the words as subtitles."""
    texts = {
        "shots.csv": shot_list.as_csv(timeline, media, clock=clock),
        "shots.ale": shot_list.as_ale(timeline, media, clock=clock),
        "prompts.srt": subtitles.srt(timeline, content="prompts"),
        "prompts.vtt": subtitles.vtt(timeline, content="prompts"),
    }
    if timeline.words:
        texts["captions.srt"] = subtitles.srt(timeline)
        texts["captions.vtt"] = subtitles.vtt(timeline)
    contents = {f"{stem}_{name}": text.encode() for name, text in texts.items()}
    lists = note_lists.files(timeline, clock=clock)
    contents |= {f"{stem}.{ending}": text.encode() for ending, text in lists.items()}
    return [
        *_written(media.folder, contents),
        *contact_sheets.sheets(timeline, media, stem=stem),
    ]


def _written(place: Path, contents: dict[str, bytes]) -> list[Path]:
    held = manifest.read(place)
    return [place / manifest.place(place, name, made, held=held) for name, made in contents.items()]


def _place(folder: Path) -> Path:
    disk.refuse_inside(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise MediaError(f"{folder} can't be a folder: {cause.strerror}; name another") from cause
    return folder.resolve()


def _missing(timeline: Timeline, takes: Takes, bakes: Collection[str]) -> frozenset[Media]:
    media = {clip.media for clip in timeline.clips} | {
        m for own in takes.values() for m in own.values()
    }
    return frozenset(one for one in media if one.key not in bakes and not remux.there(one))


def _refuse(timeline: Timeline, missing: Collection[Media], options: Options) -> None:
    """MediaError where media can't be had, and no slate may stand in for them."""
    lost = dict.fromkeys(clip.shot for clip in timeline.clips if clip.media in missing)
    if lost and not options.slate:
        raise MediaError(
            f"{', '.join(lost)}: the media are missing; render them first, or export with slates"
        )


def _pull(
    timeline: Timeline,
    takes: Takes,
    missing: frozenset[Media],
    folder: Path,
    *,
    options: Options,
) -> Pulled:
    """Decide which files there will be, and claim their names."""
    held = manifest.read(folder)
    shots = [*(note.shot for note in timeline.shots), *(clip.shot for clip in timeline.clips)]
    starts = source_starts.kept(folder.parent, shots)
    pulled = pull(timeline, takes, taken=held, missing=missing, starts=starts, options=options)
    names = {file.file_name: made.identity for made, file in pulled.files}
    manifest.write(folder, held | names)
    return pulled


def _make(pulled: Pulled, place: Path, listener: Listener) -> None:
    """Make the picture files that are not there yet."""
    for done, (wanted, file) in enumerate(pulled.files, 1):
        path = place / file.name
        if not path.exists():
            remux.make(wanted, file, path)
        listener(events.Encoding(done, len(pulled.files), "files"))


def _losses(timeline: Timeline, formats: tuple[str, ...]) -> Iterator[str]:
    """What each format loses; what several lose is said once."""
    said: dict[str, list[str]] = {}
    for name in formats:
        for loss in losses(timeline, name):
            said.setdefault(loss, []).append(f".{name}")
    for loss, names in said.items():
        yield loss if len(names) == len(formats) else f"{', '.join(names)}: {loss}"


def _media_notes(timeline: Timeline, options: Options) -> Iterator[str]:
    """What was done to the media on the way."""
    other = dict.fromkeys(
        f"{clip.shot} runs at {decimal(clip.media.rate)} frames per second: its file plays the "
        f"same frames at the film's {decimal(timeline.rate)}, and the cut sets its speed"
        for clip in timeline.clips
        if clip.media.kind == "take" and clip.media.rate != timeline.rate
    )
    yield from other
    if options.handles is not None and options.intermediate is None:
        yield "copied takes are handed over whole: handles are cut only from transcoded ones"
