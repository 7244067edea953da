"""The rules of a storyboard that its parts alone can't break: lengths, limits, names, order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from storyboard.depot import address
from storyboard.fileformat.guess import guess
from storyboard.fileformat.written import BEST
from storyboard.loading.blocks import FILM, ending
from storyboard.loading.context import first
from storyboard.timeline.joins import USUAL, fits, split
from storyboard.units.timing import decimal
from storyboard.units.transition_kinds import KINDS

if TYPE_CHECKING:
    from storyboard.fileformat.cut_list import CutShot
    from storyboard.fileformat.findings import Path
    from storyboard.fileformat.transition import Transition
    from storyboard.fileformat.written import Shot
    from storyboard.loading.asked import Asked
    from storyboard.loading.checked import CheckedScene
    from storyboard.loading.context import Context, PlacedShot
    from storyboard.models.model import Brief, Model
    from storyboard.units.timing import Duration


_FILMS = {"draft": "the animatic's file", "preview": "the file of a preview"}
"""Files beside the film, whose place a version of that name would take."""


def check_shot(context: Context, placed: PlacedShot, duration: Duration) -> None:
    """Trims have to leave something, captions have to lie inside, a pick has to exist."""
    written, rate = placed.written, context.rate
    trim = written.trim
    cut = sum(part.seconds(rate) for part in (trim and trim.start, trim and trim.end) if part)
    left = duration.seconds(rate) - cut
    if trim and left * rate < 1:
        context.tree.say((*placed.shot_path, "trim"), f"leaves nothing of {duration}")
    takes = written.takes if isinstance(written.takes, int) else len(written.takes)
    if written.number > takes:
        has = "is" if isinstance(written.takes, int) else "lists"
        message = f"take {written.pick} is wanted, and takes {has} {takes}"
        context.tree.say((*placed.shot_path, "pick"), message)
    if written.retakes and not wants_best(context, written):
        message = "needs `pick: best`, which finds the take that is not broken"
        context.tree.say((*placed.shot_path, "retakes"), message)
    length = max(left, Fraction(0)) / Fraction(str(written.speed))
    length += written.hold.seconds(rate) if written.hold else 0
    for i, caption in enumerate(written.captions):
        if caption.at.seconds(rate) >= length > 0:
            message = f"starts after the shot's end ({decimal(length)} s)"
            context.tree.say((*placed.shot_path, "captions", i, "at"), message)


def wants_best(context: Context, written: Shot) -> bool:
    """Whether the shot shows the best of its takes."""
    return (written.pick or context.board.defaults.pick) == BEST


def retakes(context: Context, written: Shot) -> int:
    """How many more of its takes may be bought. Those of `defaults` are for shots that show their
    best one: where a person chose, there is nothing to be bought."""
    if written.retakes is not None:
        return written.retakes
    return context.board.defaults.retakes if wants_best(context, written) else 0


def check_model(
    context: Context, placed: PlacedShot, model: Model, brief: Brief, own: Asked
) -> None:
    """What the model can't do is said at the line that asks for it."""
    tree, shot = context.tree, placed.shot_path
    where = {
        "duration": first(tree, (*shot, "duration"), ("defaults", "duration"), shot),
        "prompt": placed.prompt_path(tree),
        "options": next(iter(own.paths.values()), shot),
        "model": first(tree, *placed.model_paths, shot),
        **{f"options.{name}": path for name, path in own.paths.items()},
    }
    for problem in model.problems(brief):
        path = where.get(problem.part, shot)
        context.limit(path, problem.words, of_key=_is_unknown(problem.part, model))


def _is_unknown(part: str, model: Model) -> bool:
    """Whether a part is an option that the model does not have: its name is wrong."""
    return part.startswith("options.") and part.removeprefix("options.") not in model.options


def check_film(context: Context, scenes: Sequence[CheckedScene], paths: Sequence[Path]) -> None:
    """What can be judged only when every shot is known; `paths` are those of the scenes."""
    check_cut(context)
    _check_cards(context)
    if (media := context.board.media) is not None and (why := address.trouble(str(media))):
        context.tree.say(("media",), why)
    for name in {FILM, *_FILMS} & set(context.board.versions):
        said = f"is what {_FILMS.get(name, 'the film itself')} is called; name it otherwise"
        context.tree.say(("versions", name), said)
    if context.tree.mistakes:
        return  # lengths are not to be trusted
    for (before, own), path in zip(pairwise(scenes), paths[1:], strict=True):
        _check_room(context, before, own, (*path, "transition"))
    if context.board.cut is None:
        _check_end(context, scenes)
        _check_ending(context, scenes)


def _check_cards(context: Context) -> None:
    """A film needs a shot, and each of its parts a name of its own."""
    for name, place in context.card_ids.items():
        if name in context.shot_ids:
            path = next(p for p in context.tree.values if context.tree.place(p) == place)
            context.tree.say(path, f"a shot is called {name}, too; name one of them otherwise")
    if context.card_ids and not context.shot_ids:
        context.tree.say(("scenes",), "has only cards; a film needs a shot")


def check_cut(context: Context) -> None:
    """The cut's list names shots and takes that are there."""
    check_halves(context, context.board.defaults.transition, ("defaults", "transition"))
    for i, entry in enumerate(context.board.cut or ()):
        check_halves(context, entry.transition, ("cut", i, "transition"))
        if entry.shot is None or entry.clip is not None or entry.card is not None:
            _check_insert(context, i, entry)
        elif entry.shot not in context.shot_ids and entry.shot not in context.card_ids:
            near = guess(entry.shot, context.shot_ids)
            there = f"did you mean {near}?" if near else f"there are {', '.join(context.shot_ids)}"
            where = first(context.tree, ("cut", i, "shot"), ("cut", i))
            context.tree.say(where, f"no shot is called {entry.shot}; {there}"[:200])
        elif entry.take is not None and entry.take > context.shot_takes.get(entry.shot, 0):
            context.tree.say(("cut", i, "take"), _no_take(context, entry.shot, entry.take))


_OF_A_SHOT = ("take",)
_OF_WHAT_MOVES = ("take", "start", "hold")


def _check_insert(context: Context, number: int, entry: CutShot) -> None:
    """What stands in the cut alone is one thing, and says nothing that it has not."""
    named = [one for one in ("shot", "clip", "card") if getattr(entry, one) is not None]
    if len(named) != 1:
        what = (
            f"{named[0]} and {named[1]} at once" if named else "neither a shot, a clip nor a card"
        )
        context.tree.say(("cut", number), f"names {what}; write one of them")
        return
    kind = named[0]
    less = _OF_A_SHOT if kind == "clip" else _OF_WHAT_MOVES
    wrong = [one for one in less if getattr(entry, one) is not None]
    wrong += ["speed"] if kind == "card" and entry.speed != 1 else []
    for field in wrong:
        context.tree.say(("cut", number, field), f"is nothing that a {kind} has; take it out")


def check_halves(context: Context, written: Transition | None, path: Path) -> None:
    """Only what shows one side after the other has halves of its own."""
    if written is None or written.before is None:
        return
    length, rate, where = written.duration or USUAL, context.rate, (*path, "before")
    if written.type not in KINDS or KINDS[written.type].overlaps:
        context.tree.say(where, f"is for a fade; a {written.type} has no halves")
    elif written.before.seconds(rate) > length.seconds(rate):
        context.tree.say(where, f"is longer than the fade ({length})")


def _no_take(context: Context, shot: str, take: int) -> str:
    takes = context.shot_takes.get(shot)
    if takes is None:
        return f"{shot} is a card, which has no takes"
    has = "one take" if takes == 1 else f"{takes} takes"
    return f"take {take} is wanted, and {shot} has {has}; write `takes: {take}` there to buy it"


def _check_room(context: Context, before: CheckedScene, own: CheckedScene, path: Path) -> None:
    """A transition that shows both scenes at once has to be shorter than either side."""
    length, overlap = own.arrival(context.rate)
    if not overlap:
        return
    outgoing, incoming = before.parts[-1], own.parts[0]
    out = outgoing.hold.frames(context.rate) if outgoing.hold else outgoing.played(context.rate)
    if len(before.parts) == 1 and not outgoing.hold:
        out -= split(before.arrival(context.rate)[1])[0]  # its own beginning is given away already
    sides = ((outgoing.id, out), (incoming.id, incoming.played(context.rate)))
    for shot, frames in sides:
        if not fits(length, frames):
            kind, room = own.transition.type, max(frames - 1, 0)
            message = f"the {kind} takes {length} frames, and {shot} has room for {room}"
            where = first(context.tree, path, ("defaults", "transition"))
            context.tree.say(where, f"{message}; make it shorter")


def _check_end(context: Context, scenes: Sequence[CheckedScene]) -> None:
    """Nothing starts when the film is over."""
    rate = context.rate
    frames = sum(part.asked(rate) for scene in scenes for part in scene.parts)
    frames -= sum(scene.arrival(rate)[1] for scene in scenes)
    for path, at in _starts(context):
        if at and at.frames(rate) >= frames > 0:
            context.tree.say(path, f"starts after the film's end ({decimal(frames / rate)} s)")


def _check_ending(context: Context, scenes: Sequence[CheckedScene]) -> None:
    """The fade at the end lies over the last shot, or over its hold."""
    over = ending(context.board.ending).placed(context.rate)
    if over is None or not scenes or not scenes[-1].parts:
        return
    last = scenes[-1].parts[-1]
    frames = last.hold.frames(context.rate) if last.hold else last.played(context.rate)
    if over.frames > frames:
        where = f"{last.id}'s hold" if last.hold else last.id
        message = f"the fade takes {over.frames} frames, and {where} has {frames}; make it shorter"
        context.tree.say(first(context.tree, ("ending", "duration"), ("ending",)), message)


def _starts(context: Context) -> Iterator[tuple[Path, Duration | None]]:
    """When titles and sounds start in the film."""
    for i, title in enumerate(context.board.titles):
        yield ("titles", i, "at"), title.at
    audio = context.board.audio
    if audio is not None:
        parts = {
            "music": [piece.at for piece in audio.music],
            "voiceover": [piece.at for piece in audio.voiceover],
            "effects": [piece.at for piece in audio.effects],
        }
        for name, starts in parts.items():
            for i, at in enumerate(starts):
                yield first(context.tree, ("audio", name, "at"), ("audio", name, i, "at")), at
