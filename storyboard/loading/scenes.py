"""From the validated file to scenes and shots: defaults filled in, every rule checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from storyboard.errors import FileTrouble
from storyboard.fileformat.card import Card
from storyboard.fileformat.written import Keyframe, Scene
from storyboard.images.recipe import PictureRecipe
from storyboard.images.still import PreparedStill
from storyboard.loading import blocks, rules
from storyboard.loading.asked import asked
from storyboard.loading.checked import (
    USUAL_CARD,
    CheckedCard,
    CheckedScene,
    CheckedShot,
    CheckedTake,
)
from storyboard.loading.context import ASSUMED_RATE, Context, PlacedShot, first
from storyboard.loading.own_clip import own_clip
from storyboard.loading.stills import StillUse, plain, prepared, wrong_frame
from storyboard.models.model import Brief
from storyboard.units.focus import CENTER
from storyboard.units.sizes import Size
from storyboard.units.timing import Duration
from storyboard.units.transition_kinds import KINDS

if TYPE_CHECKING:
    from storyboard.errors import Place
    from storyboard.fileformat.findings import Path
    from storyboard.fileformat.written import Shot
    from storyboard.images.still import Still
    from storyboard.loading.asked import Asked
    from storyboard.loading.own_clip import OwnClip
    from storyboard.loading.tree import Tree
    from storyboard.models.model import Model
    from storyboard.timeline.joins import Opening
    from storyboard.units.focus import Focus
    from storyboard.units.take_kinds import TakeKind

__all__ = ["ASSUMED_RATE", "Context", "scenes"]

USUAL_DURATION = Duration(Fraction(5))


class Shapes(NamedTuple):
    """What stills have to look like: the film's size, where it says one; else a still's.

    A fit brings stills to the shape of their scene, not of the film's first still: otherwise
    another order of scenes would change what is sent, and cost.
    """

    film: Size | None
    scene: Size | None


def scenes(context: Context) -> tuple[CheckedScene, ...]:
    """Every scene of the board; mistakes go into the tree and into the context's limits."""
    written = list(_written(context))
    names = [scene.id or f"scene{number}" for number, (scene, _) in enumerate(written, start=1)]
    film = _shape(context, written)
    made = [
        _scene(context, names, number, *written[number], film) for number in range(len(written))
    ]
    _check_keyframe_ids(context, written)
    rules.check_film(context, made, [path for _, path in written])
    return tuple(made)


def _written(context: Context) -> Iterator[tuple[Scene, Path]]:
    board, tree = context.board, context.tree
    if board.scenes is not None and board.keyframes is not None:
        tree.say(("keyframes",), "stands beside scenes; put it into a scene", of_key=True)
    if board.scenes is not None:
        yield from ((scene, ("scenes", i)) for i, scene in enumerate(board.scenes))
    elif board.keyframes is not None:
        yield Scene.model_construct(keyframes=board.keyframes), ()
    else:
        tree.say((), "has neither keyframes nor scenes")


def _shape(context: Context, written: list[tuple[Scene, Path]]) -> Size | None:
    """The film's size, or that of the first still of these scenes that can be read."""
    if context.board.size is not None:
        return context.board.size
    for scene, path in written:
        for i, keyframe in enumerate(scene.keyframes):
            still = context.pictures.still(keyframe, (*path, "keyframes", i))
            if still is not None:
                return Size(_even(still.facts.width), _even(still.facts.height))
    return None


def _even(side: int) -> int:
    return max(2, side // 2 * 2)


def _check_keyframe_ids(context: Context, written: list[tuple[Scene, Path]]) -> None:
    seen: set[str] = set()
    for scene, path in written:
        for i, keyframe in enumerate(scene.keyframes):
            if keyframe.id in seen:
                where = (*path, "keyframes", i, "id")
                context.tree.say(where, f"another keyframe is called {keyframe.id}")
            seen.update(filter(None, [keyframe.id]))


def _scene(
    context: Context, names: list[str], number: int, written: Scene, path: Path, film: Size | None
) -> CheckedScene:
    name = names[number]
    if name in names[:number]:
        where = first(context.tree, (*path, "id"), path)
        context.tree.say(where, f"another scene is called {name}")
    if written.card is not None or not written.keyframes:
        return _card_scene(context, name, number, written, path)
    shapes = Shapes(film, _shape(context, [(written, path)]))
    shots = [
        _shot(context, placed, shapes) for placed in _placed_shots(context, name, written, path)
    ]
    kept = tuple(shot for shot in shots if shot is not None)
    place = context.tree.place(path or ("keyframes",))
    return CheckedScene(name, written.title, kept, _opening(context, number, written, path), place)


def _opening(context: Context, number: int, written: Scene, path: Path) -> Opening:
    """How the film comes into a scene."""
    _check_opening(context.tree, number, written, path)
    rules.check_halves(context, written.transition, (*path, "transition"))
    return blocks.opening(
        written.transition or (context.board.defaults.transition if number else None)
    )


def _card_scene(
    context: Context, name: str, number: int, written: Scene, path: Path
) -> CheckedScene:
    """A scene that is a card; or that is nothing, which is said."""
    if written.card is None:
        context.tree.say(path, "has neither keyframes nor a card")
    elif written.keyframes:
        message = "stands beside keyframes; put it into a scene of its own"
        context.tree.say((*path, "card"), message, of_key=True)
    context.card_ids[name] = context.tree.place(first(context.tree, (*path, "id"), path))
    card = _card(context, name, written.card or Card(), (*path, "card"))
    opening, place = _opening(context, number, written, path), context.tree.place(path)
    return CheckedScene(name, written.title, (), opening, place, card)


def _card(context: Context, name: str, written: Card, path: Path) -> CheckedCard:
    defaults = context.board.defaults
    image = None
    if written.image is not None:
        still = context.pictures.still(Keyframe.model_construct(image=written.image), path)
        if still is not None:
            recipe = PictureRecipe(frame=0, background=defaults.background)
            image = PreparedStill(still, recipe.settled(still.facts))
    duration = written.duration or USUAL_CARD
    for i, one in enumerate(written.words):
        if one.at and one.at.frames(context.rate) >= duration.frames(context.rate):
            where = first(context.tree, (*path, "words", i, "at"), (*path, "words", "at"))
            context.tree.say(where, f"starts after the card's end ({duration})")
    return CheckedCard(
        id=name,
        duration=duration,
        color=written.color,
        image=image,
        fit=defaults.fit,
        focus=defaults.focus or CENTER,
        words=blocks.card_words(written.words, duration),
    )


def _placed_shots(context: Context, scene: str, written: Scene, path: Path) -> Iterator[PlacedShot]:
    last = len(written.keyframes) - 1
    for i, keyframe in enumerate(written.keyframes):
        here = (*path, "keyframes", i)
        context.pictures.still(keyframe, here)
        if keyframe.shot is not None:
            following = written.keyframes[i + 1] if i < last else None
            yield PlacedShot(keyframe.shot, scene, written, keyframe, following, here)
        elif i < last:
            hashed = context.tree.hashed.get((*here, "shot"))
            comment = f'; # starts a comment: put "{hashed}" in quotes' if hashed else ""
            context.tree.say(
                here, f"needs a shot: what happens on the way to the next keyframe{comment}"
            )
        elif last == 0:
            context.tree.say(
                here, "is alone; a scene needs a second keyframe, or a shot on its last"
            )


def _check_opening(tree: Tree, number: int, written: Scene, path: Path) -> None:
    kind = written.transition.type if written.transition else "cut"
    if number == 0 and kind in KINDS and KINDS[kind].overlaps:
        message = f"the first scene has nothing to {kind} from; use fade, or leave it out"
        tree.say((*path, "transition"), message)


def _shot(context: Context, placed: PlacedShot, shapes: Shapes) -> CheckedShot | None:
    """The shot; None where a mistake leaves none, with everything else about it checked."""
    written, defaults = placed.written, context.board.defaults
    shot_id = _shot_id(context, placed)
    prompt, duration = _prompt(context, placed), _duration(context, placed)
    able, stills = _able(context, placed, prompt, duration), _stills(context, placed)
    fit = written.fit or defaults.fit
    shape = shapes.scene if fit else shapes.film
    if not able or stills is None or shape is None:
        return None
    takes = _takes(context, placed, able, stills, shape)
    picked = takes[min(written.number, len(takes)) - 1]
    return CheckedShot(
        id=shot_id,
        scene=placed.scene,
        prompt=prompt,
        words=written.prompt.strip(),
        duration=duration,
        model=picked.model,
        start=picked.start,
        end=picked.end,
        options=picked.options,
        path=placed.shot_path,
        places=_places(context.tree, placed, able[0].own),
        listed=() if isinstance(written.takes, int) else takes,
        **_counts(context, written),
        clip=_clip(context, placed),
        on_fail=written.on_fail or defaults.on_fail,
        speed=Fraction(str(written.speed)),
        smooth=written.smooth,
        trim_start=written.trim.start if written.trim else None,
        trim_end=written.trim.end if written.trim else None,
        hold=written.hold,
        fit=fit,
        focus=_focus(context, placed),
        seam=blocks.seam(written.seam or context.board.seam),
        captions=blocks.words(written.captions),
        sound=blocks.own_sound(written.audio or context.usual_sound),
    )


def _duration(context: Context, placed: PlacedShot) -> Duration:
    """How long the shot is; what it says of its time is checked."""
    duration = placed.written.duration or context.board.defaults.duration or USUAL_DURATION
    rules.check_shot(context, placed, duration)
    return duration


def _focus(context: Context, placed: PlacedShot) -> tuple[Focus, Focus]:
    """What stays in the picture at the shot's start and at its end; its own word counts most."""
    own, usual = placed.written.focus, context.board.defaults.focus or CENTER
    if own is not None:
        return own, own
    start = placed.start.focus or usual
    return start, (placed.end.focus or usual) if placed.end else start


class _Counts(TypedDict):
    """What `CheckedShot` has of how many takes there are, and which is shown."""

    takes: int
    pick: int
    best: bool
    retakes: int
    broken: tuple[TakeKind, ...]


def _counts(context: Context, written: Shot) -> _Counts:
    usual = context.board.defaults.broken if written.broken is None else written.broken
    return _Counts(
        takes=written.takes if isinstance(written.takes, int) else len(written.takes),
        pick=written.number,
        best=rules.wants_best(context, written),
        retakes=rules.retakes(context, written),
        broken=tuple(usual),
    )


def _clip(context: Context, placed: PlacedShot) -> OwnClip | None:
    """The clip that stands in place of the shot's takes."""
    name, pictures = placed.written.clip, context.pictures
    if name is None:
        return None
    where = (*placed.shot_path, "clip")
    try:
        return own_clip(pictures.root, name, pictures.confine, context.tree.place(where))
    except FileTrouble as error:
        context.tree.say(where, str(error))
        return None


def _closing(
    context: Context, end: Still | None, placed: PlacedShot, need: StillUse
) -> PreparedStill | None:
    """The end still as it is sent; None for a shot that is left open."""
    if end is None or placed.end is None:
        return None
    return _prepared(context, end, placed.end, placed.end_path, need)


def _shot_id(context: Context, placed: PlacedShot) -> str:
    name = placed.written.id or f"sh{(len(context.shot_ids) + 1) * 10:03d}"
    path = (*placed.shot_path, "id") if placed.written.id else placed.shot_path
    if name in context.shot_ids:
        context.tree.say(path, f"another shot is called {name}, {context.shot_ids[name].named}")
    context.shot_ids.setdefault(name, context.tree.place(path))
    written = placed.written
    takes = written.takes if isinstance(written.takes, int) else len(written.takes)
    context.shot_takes.setdefault(name, takes + rules.retakes(context, written))
    return name


class Able(NamedTuple):
    """A model that makes a take, and what it is asked for."""

    model: Model
    own: Asked
    placed: PlacedShot


def _able(context: Context, placed: PlacedShot, prompt: str, duration: Duration) -> list[Able]:
    """The model of each take, and what it can't do of this noted; none where one is not known."""
    found: list[Able] = []
    for one in placed.each_take:
        model, own = _model(context, one), asked(context.board, one)
        if model is not None:
            seconds, closed = duration.seconds(context.rate), placed.end is not None
            brief = Brief(prompt, seconds, closed=closed, options=own.options)
            rules.check_model(context, one, model, brief, own)
            found.append(Able(model, own, one))
    return found if len(found) == len(placed.each_take) else []


def _stills(context: Context, placed: PlacedShot) -> tuple[Still, Still | None] | None:
    """The keyframes' pictures; None where one can't be read."""
    start = context.pictures.still(placed.start, placed.path)
    end = context.pictures.still(placed.end, placed.end_path) if placed.end else None
    return None if start is None or (placed.end and end is None) else (start, end)


def _takes(
    context: Context,
    placed: PlacedShot,
    able: list[Able],
    stills: tuple[Still, Still | None],
    shape: Size,
) -> tuple[CheckedTake, ...]:
    """Each take, from stills of this shape."""
    defaults, sized = context.board.defaults, context.board.size is not None
    fit, focus = placed.written.fit or defaults.fit, _focus(context, placed)
    need = StillUse(able[0].model, shape, sized, fit, defaults.background, focus[0])
    return tuple(_take(context, one, stills, need, focus[1]) for one in able)


def _take(
    context: Context,
    able: Able,
    stills: tuple[Still, Still | None],
    need: StillUse,
    closing: Focus,
) -> CheckedTake:
    """A take as its model makes it, from stills as it takes them."""
    own, placed = replace(need, model=able.model), able.placed
    return CheckedTake(
        model=able.model,
        options=able.own.options,
        start=_prepared(context, stills[0], placed.start, placed.path, own),
        end=_closing(context, stills[1], placed, replace(own, focus=closing)),
        places=_places(context.tree, placed, able.own),
    )


def _model(context: Context, placed: PlacedShot) -> Model | None:
    name = placed.model or context.board.model
    try:
        return context.models.find(name)
    except LookupError as error:
        if name not in context.board.models:  # else it is said there what is wrong with it
            context.tree.say(first(context.tree, *placed.model_paths), str(error))
        return None


def _prompt(context: Context, placed: PlacedShot) -> str:
    """The prompt with its style, as two sentences."""
    style = context.board.defaults.style if placed.written.style is None else placed.written.style
    words, manner = placed.written.prompt.strip(), (style or "").strip()
    if not words:
        context.tree.say(placed.prompt_path(context.tree), "is empty; say what moves")
    if not words or not manner:
        return words
    return f"{words} {manner}" if words[-1] in ".!?…" else f"{words}. {manner}"


def _prepared(
    context: Context, still: Still, keyframe: Keyframe, path: Path, need: StillUse
) -> PreparedStill:
    """The still as it is prepared; where the model can't take it, as a draft can."""
    wrong = wrong_frame(still.facts, keyframe.frame)
    if wrong:
        context.tree.say(first(context.tree, (*path, "frame"), (*path, "image")), wrong)
        return plain(still, None, need)
    made, refusals = prepared(still, keyframe.frame, need)
    for refusal in refusals:
        context.limit((*path, "image"), refusal)
    return made or plain(still, keyframe.frame, need)


def _places(tree: Tree, placed: PlacedShot, own: Asked) -> dict[str, Place]:
    shot = placed.shot_path
    found = {
        "shot": tree.place(shot),
        "prompt": tree.place(placed.prompt_path(tree)),
        "duration": tree.place(first(tree, (*shot, "duration"), ("defaults", "duration"), shot)),
        "model": tree.place(first(tree, *placed.model_paths, shot)),
        "start": tree.place((*placed.path, "image")),
    }
    for i in range(len(placed.written.captions)):
        found[f"captions[{i}]"] = tree.place((*shot, "captions", i))
    for name, path in own.paths.items():
        found[f"options.{name}"] = tree.place(path)
    return found | ({"end": tree.place((*placed.end_path, "image"))} if placed.end else {})
