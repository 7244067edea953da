"""Handing back: an editor's cut, tried in the storyboard before a byte of it is written.

What is written loads, cuts, asks for the same requests as before, and differs in its `cut:` list
alone; anything else is refused, and the storyboard stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from storyboard.annotating.notes_file import add_line, notes_file, read_notes
from storyboard.clock import REAL, moment
from storyboard.cutting.clashes import in_film, in_its_place
from storyboard.errors import FileTrouble, InvalidStoryboard, MediaError, Place
from storyboard.events import Explained, log
from storyboard.exporting import manifest
from storyboard.loading.checked import CheckedStoryboard
from storyboard.loading.edits import edited as with_values
from storyboard.loading.own_clip import OwnClip, name_of, own_clip
from storyboard.reimport.changes import changes, ended
from storyboard.reimport.footage import Places
from storyboard.reimport.inserting import FoundMovie, inserted
from storyboard.reimport.known import known_of
from storyboard.reimport.marker_notes import fresh, remarks
from storyboard.reimport.outside import outside
from storyboard.reimport.readers.kinds import contents, read_kind
from storyboard.reimport.rewrite import apply
from storyboard.safe_text import in_message
from storyboard.timeline.joins import check
from storyboard.timeline.recut import natural_takes, recut
from storyboard.video.probing import first_label
from storyboard.video.rewrap import container_of
from storyboard.workflows import conform
from storyboard.workflows.remarked import called_now
from storyboard.workflows.source import StoryboardFile, plan_with

if TYPE_CHECKING:
    from storyboard.annotating.review_note import ReviewNote
    from storyboard.clock import Clockwork
    from storyboard.errors import Mistake
    from storyboard.events import Listener
    from storyboard.loading.checked import CheckedShot
    from storyboard.planning.planned import Plan
    from storyboard.reimport.changes import Changes
    from storyboard.reimport.inserting import Inserted
    from storyboard.reimport.marker_notes import Remarks
    from storyboard.reimport.outside import Outside
    from storyboard.store import Store
    from storyboard.timeline import Timeline
    from storyboard.timeline.recut import OtherTakes
    from storyboard.workflows.source import AnyFile

_SLATE = b"_slate."
"""What is in the names of slates."""

Parsed = Callable[[bytes], CheckedStoryboard]
"""The storyboard in these bytes, as the user wants it read."""


@dataclass(frozen=True, slots=True)
class Handback:
    """An edited cut, as it would be written."""

    kind: str
    """Of the edited file: `otio`, `fcpxml`, ..."""
    changes: Changes
    before: bytes = field(repr=False)
    """The storyboard's text that was read."""
    after: bytes = field(repr=False)
    """The text with the new cut; the same where nothing was changed."""
    timeline: Timeline
    """The film as it is then."""
    remarks: tuple[ReviewNote, ...] = ()
    """What its markers say that nobody had said."""
    warnings: tuple[Mistake, ...] = ()
    """What of its words and sounds is lost, at the lines of the new text."""
    inserts: tuple[OwnClip, ...] = ()
    """The clips that are no shots, which the cut shows then."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An edited cut, and whether it was written."""

    handback: Handback
    written: bool
    drafts: tuple[str, ...] = ()
    """The shots that it shows as drafts, though nobody asked for that: the takes are not there."""


def import_cut(
    storyboard: AnyFile,
    edited: Path | str,
    *,
    draft: bool = False,
    dry_run: bool = False,
    strict: bool = False,
    clock: Clockwork = REAL,
    listener: Listener = log,
) -> TakenBack:
    """Bring a cut that was edited in a program back into the storyboard's file, comments kept.

    `edited` is an .otio, .otioz, .xml, .fcpxml, .edl or .mlt. With `dry_run`, write nothing. A cut
    of shots that are there as drafts alone is read as with `draft`.

    MediaError where it can't be understood exactly, or where what it leads to would not load, not
    cut, or ask for other requests; with `strict` also where anything is not taken over.
    """
    source = StoryboardFile.of(storyboard)
    drafts = () if draft else _drafts(source, Path(edited))
    draft = draft or bool(drafts)
    done = hand_back(
        Path(edited),
        source.text(),
        file=str(source.file),
        parsed=lambda text: source.parsed(text, draft=draft),
        store=source.store,
        draft=draft,
        said=read_notes(source.file).notes,
        now=moment(clock),
    )
    if strict and done.changes.notes:
        raise _unfit(f"not all of it can be taken over: {'; '.join(done.changes.notes)}")
    done = replace(done, remarks=tuple(fresh(done.remarks, _said(source))))
    for line in done.changes.said:
        listener(Explained(line))
    if not dry_run:
        _write(done, source)
    return TakenBack(done, bool(done.changes) and not dry_run, drafts)


def _said(source: StoryboardFile) -> bytes:
    there = notes_file(source.file)
    return there.read_bytes() if there.exists() else b""


def _write(done: Handback, source: StoryboardFile) -> None:
    if done.changes:
        source.exchange(done.before, done.after)
        for part in done.inserts:
            conform.brought_media(source.store, part)
    for note in done.remarks:
        add_line(source.file, note)


def _drafts(source: StoryboardFile, edited: Path) -> tuple[str, ...]:
    """The shots that an edited cut can only show as drafts: their takes are not there, those are.

    None of them where slates stand in the cut for what is not there.
    """
    plan = plan_with(source.parsed(source.text(), draft=True), source.store, draft=True, small=True)
    drawn = [shot for shot in plan.shots if shot.drawn and source.store.has(shot.picked.key)]
    if not drawn or _SLATE in contents(edited)[0]:
        return ()
    return tuple(shot.id for shot in drawn)


def hand_back(
    edited: Path,
    before: bytes,
    *,
    file: str,
    parsed: Parsed,
    store: Store,
    draft: bool = False,
    said: Collection[ReviewNote] = (),
    now: str = "",
) -> Handback:
    """An edited cut in the storyboard's text; versions from outside are taken into the store.

    MediaError where it can't be understood, or where what would be written does not load, does
    not cut, or asks for other requests.
    """
    plan = plan_with(parsed(before), store, draft=draft, small=True)
    seen = _read(edited, plan, store, Path(file))
    text = _adopting(before, seen.versions, plan, file)
    if text != before:
        for movie in seen.versions.shots.values():
            conform.brought_media(store, movie.clip)
        plan = plan_with(parsed(text), store, draft=draft, small=True)
        seen = _read(edited, plan, store, Path(file))
    more = _Terms(file, parsed, store, draft, tuple(said), now)
    done = _handed_back(seen, plan, text, more)
    adopted = seen.versions.shots if text != before else {}
    return replace(done, before=before, changes=_with_adopted(done.changes, adopted))


class _Terms(NamedTuple):
    """With what an edited cut is brought back."""

    file: str
    parsed: Parsed
    store: Store
    draft: bool
    said: tuple[ReviewNote, ...]
    now: str


def _handed_back(seen: _Seen, plan: Plan, before: bytes, terms: _Terms) -> Handback:
    """The cut in the text of a storyboard that has the versions from outside."""
    kind, brought, timeline, uncut = seen.kind, seen.inserted, seen.timeline, seen.uncut
    takes = {shot.id: len(shot.takes) for shot in plan.shots}
    read, fit = seen.versions.placed(brought.edited), plan.storyboard.board.defaults.fit
    wanted = [(c.shot, c.version) for c in read.clips] + [(c.shot, c.take) for c in timeline.clips]
    films = {
        **conform.with_takes(plan, terms.store, uncut, wanted),
        **brought.films(uncut, fit=fit),
    }
    others = natural_takes(films)
    found = changes(timeline, read, uncut=uncut, takes=takes, others=others, inserts=brought.parts)
    said = called_now(terms.said, plan)
    heard = remarks(timeline, read, said, others=others, at=terms.now)
    found = replace(found, notes=(*found.notes, *_unplaced(heard)))
    if not found:
        return Handback(kind, found, before, before, timeline, heard.notes, plan.warnings)
    after = apply(before, found, file=terms.file)
    again = _loaded(after, terms.parsed)
    _check_besides(again, plan, plan_with(again, terms.store, draft=terms.draft, small=True))
    films |= brought.films(uncut, fit=fit, parts=again.inserts)
    film = _film(again, ended(uncut, found), films)
    clips = tuple(part for part in again.inserts.values() if isinstance(part, OwnClip))
    return Handback(kind, found, before, after, film, heard.notes, in_film(again, film), clips)


def _check_besides(again: CheckedStoryboard, plan: Plan, then: Plan) -> None:
    """Nothing else is asked for, and nothing else is written."""
    if _asked(then) != _asked(plan):
        raise _unfit("other requests would be asked for")
    if again.besides_cut != plan.storyboard.besides_cut:
        raise _unfit("more than its `cut:` and `ending` would be changed")


@dataclass(frozen=True, slots=True)
class _Seen:
    """An edited cut as it was read, and the film that it is compared with."""

    kind: str
    inserted: Inserted
    versions: Outside
    timeline: Timeline
    uncut: Timeline


def _read(edited: Path, plan: Plan, store: Store, storyboard: Path) -> _Seen:
    """The edited cut, and the film as it is."""
    timeline, _ = conform.existing(plan, store)
    uncut = timeline
    if plan.storyboard.cut:
        uncut, _ = conform.existing(plan, store, recut_too=False)
    inserts, find = plan.storyboard.inserts, Places(edited, storyboard).find
    names = {*uncut.order, *(shot.id for shot in plan.shots)}
    movie = partial(_movie, storyboard)
    kind, read = read_kind(edited, known_of(uncut, {*names, *inserts}, find))
    known = {(clip.shot, clip.take) for clip in (*timeline.clips, *uncut.clips)}
    known |= {(s.id, t.number) for s in plan.shots for t in s.takes if store.has(t.key)}
    brought = inserted(read, inserts, names, movie)
    versions = outside(brought.edited, known, find, movie, manifest.wrote)
    return _Seen(kind, brought, versions, timeline, uncut)


def _adopting(before: bytes, versions: Outside, plan: Plan, file: str) -> bytes:
    """The storyboard's text with the versions from outside in place of their shots' takes."""
    shots = {shot.id: shot.shot for shot in plan.shots}
    edits = {
        (*shots[name].path, "clip"): movie.clip.name
        for name, movie in versions.shots.items()
        if name in shots and not _shows(shots[name], movie)
    }
    return with_values(before, edits, file=file) if edits else before


def _shows(shot: CheckedShot, movie: FoundMovie) -> bool:
    return shot.clip is not None and shot.clip.sha256 == movie.clip.sha256


def _with_adopted(found: Changes, adopted: Mapping[str, FoundMovie]) -> Changes:
    """The changes, and first what was adopted for them."""
    names = ((shot, in_message(movie.clip.name)) for shot, movie in adopted.items())
    said = (f"{shot} shows {name}, which is adopted" for shot, name in names)
    return replace(found, said=(*said, *found.said))


def _movie(storyboard: Path, path: Path) -> FoundMovie:
    """A movie as the storyboard names it; MediaError where it can't be read."""
    try:
        own = own_clip(path.parent, path.name, None, Place.inside("cut"))
    except FileTrouble as cause:
        raise MediaError(str(cause)) from cause
    named = replace(own, name=name_of(storyboard, path))
    label = "" if container_of(path) else first_label(path)
    return FoundMovie(named, in_its_place(named), label)


def _film(again: CheckedStoryboard, uncut: Timeline, films: OtherTakes) -> Timeline:
    """The film as it is cut then; MediaError where it can't be."""
    try:
        film = recut(uncut, again.cut, films) if again.cut else uncut
        check(film)
    except MediaError as cause:
        raise _unfit(str(cause)) from cause
    return film


def _unplaced(heard: Remarks) -> Iterator[str]:
    if heard.unplaced == 1:
        yield "one marker lies over nothing of the film and is not read"
    elif heard.unplaced:
        yield f"{heard.unplaced} markers lie over nothing of the film and are not read"


def _loaded(text: bytes, parsed: Parsed) -> CheckedStoryboard:
    try:
        return parsed(text)
    except InvalidStoryboard as cause:
        raise _unfit(cause.mistakes[0].message) from cause


def _asked(plan: Plan) -> list[tuple[str, list[str]]]:
    return [(shot.id, [take.key for take in shot.takes]) for shot in plan.shots]


def _unfit(why: str) -> MediaError:
    return MediaError(f"the edited cut is not written: {why}")
