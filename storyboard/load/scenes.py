"""From the validated file to scenes and shots: defaults filled in, every rule checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from storyboard import models, pictures
from storyboard.errors import Mistake, Place
from storyboard.load.stills import Need, Shelf, plate
from storyboard.load.storyboard import Plate, Scene, Shot, Still
from storyboard.load.tree import Path, Tree
from storyboard.load.tree import written as written_path
from storyboard.models import Model
from storyboard.spec import Board, Keyframe, OwnSound, Size, Transition
from storyboard.spec import Scene as WrittenScene
from storyboard.spec import Shot as WrittenShot
from storyboard.timing import Duration, Rate, decimal

USUAL_DURATION = Duration(Fraction(5))
ASSUMED_RATE = Rate(24)
"""What frames are counted at while nothing says the film's rate."""


@dataclass(slots=True)
class Desk:
    """What the scenes of one storyboard are put together from."""

    tree: Tree
    board: Board
    shelf: Shelf
    limits: list[Mistake] = field(default_factory=list)
    """What the models can't do. It does not matter to drafts."""
    shot_ids: dict[str, Place] = field(default_factory=dict)
    count: int = 0
    """Shots seen so far."""

    def limit(self, path: Path, message: str) -> None:
        """Note once that a model can't do what is asked for here."""
        found = Mistake(self.tree.place(path), written_path(path), message)
        if found not in self.limits:
            self.limits.append(found)

    def say_once(self, path: Path, message: str) -> None:
        """Note a mistake that many shots share."""
        found = Mistake(self.tree.place(path), written_path(path), message)
        if found not in self.tree.mistakes:
            self.tree.mistakes.append(found)

    @property
    def rate(self) -> Rate:
        """The film's rate, as far as it is known."""
        return self.board.fps or ASSUMED_RATE


def scenes(desk: Desk) -> tuple[Scene, ...]:
    """Every scene of the board; mistakes go into the tree and into the desk's limits."""
    written = list(_written(desk))
    shape = _shape(desk, written)
    made = [
        _scene(desk, number, scene, path, shape) for number, (scene, path) in enumerate(written)
    ]
    _check_unique(desk, written)
    return tuple(made)


def _check_unique(desk: Desk, written: list[tuple[WrittenScene, Path]]) -> None:
    seen: set[str] = set()
    for scene, path in written:
        if scene.id in seen:
            desk.tree.say((*path, "id"), f"another scene is called {scene.id}")
        seen.update(filter(None, [scene.id]))


def _written(desk: Desk) -> Iterator[tuple[WrittenScene, Path]]:
    board, tree = desk.board, desk.tree
    if board.scenes is not None and board.keyframes is not None:
        tree.say(("keyframes",), "stands beside scenes; put it into a scene", of_key=True)
    if board.scenes is not None:
        yield from ((scene, ("scenes", i)) for i, scene in enumerate(board.scenes))
    elif board.keyframes is not None:
        yield WrittenScene.model_construct(keyframes=board.keyframes), ()
    else:
        tree.say((), "has neither keyframes nor scenes")


def _shape(desk: Desk, written: list[tuple[WrittenScene, Path]]) -> Size | None:
    """The film's size, or that of the first still that can be read."""
    if desk.board.size is not None:
        return desk.board.size
    for scene, path in written:
        for i, keyframe in enumerate(scene.keyframes):
            still = desk.shelf.still(keyframe, (*path, "keyframes", i))
            if still is not None:
                return Size(still.facts.width // 2 * 2, still.facts.height // 2 * 2)
    return None


@dataclass(frozen=True, slots=True)
class Leg:
    """A shot as written, with the keyframes it joins and their place in the tree."""

    written: WrittenShot
    scene: str
    start: Keyframe
    end: Keyframe | None
    path: Path
    """Of the start keyframe."""

    @property
    def shot_path(self) -> Path:
        """Of the shot."""
        return (*self.path, "shot")

    @property
    def end_path(self) -> Path:
        """Of the end keyframe."""
        return (*self.path[:-1], int(self.path[-1]) + 1)


def _scene(desk: Desk, number: int, written: WrittenScene, path: Path, shape: Size | None) -> Scene:
    name = written.id or f"scene{number + 1}"
    shots = [_shot(desk, leg, shape) for leg in _legs(desk, name, written, path)]
    transition = written.transition or (desk.board.defaults.transition if number else None)
    _check_transition(desk.tree, number, written, path)
    place = desk.tree.place(path or ("keyframes",))
    kept = tuple(shot for shot in shots if shot is not None)
    return Scene(name, written.title, kept, transition or Transition(), place)


def _legs(desk: Desk, scene: str, written: WrittenScene, path: Path) -> Iterator[Leg]:
    last = len(written.keyframes) - 1
    for i, keyframe in enumerate(written.keyframes):
        here = (*path, "keyframes", i)
        desk.shelf.still(keyframe, here)
        if keyframe.shot is not None:
            following = written.keyframes[i + 1] if i < last else None
            yield Leg(keyframe.shot, scene, keyframe, following, here)
        elif i < last:
            desk.tree.say(here, "needs a shot: what happens on the way to the next keyframe")
        elif last == 0:
            desk.tree.say(here, "is alone; a scene needs a second keyframe, or a shot on its last")


def _check_transition(tree: Tree, number: int, written: WrittenScene, path: Path) -> None:
    kind = written.transition.type if written.transition else "cut"
    if number == 0 and kind not in ("cut", "fade"):
        message = f"the first scene has nothing to {kind} from; use fade, or leave it out"
        tree.say((*path, "transition"), message)


def _shot(desk: Desk, leg: Leg, shape: Size | None) -> Shot | None:
    written, defaults = leg.written, desk.board.defaults
    shot_id = _shot_id(desk, leg)
    model = _model(desk, leg)
    start = desk.shelf.still(leg.start, leg.path)
    end = desk.shelf.still(leg.end, leg.end_path) if leg.end else None
    if model is None or start is None or shape is None or (leg.end and end is None):
        return None
    fit = written.fit or defaults.fit
    need = Need(model, shape, desk.board.size is not None, fit, defaults.background)
    duration = written.duration or defaults.duration or USUAL_DURATION
    _check_times(desk, leg, duration)
    _check_limits(desk, leg, model, duration)
    return Shot(
        id=shot_id,
        scene=leg.scene,
        prompt=_prompt(desk, leg),
        words=written.prompt.strip(),
        duration=duration,
        model=model,
        start=_plate(desk, start, leg.start, (*leg.path, "image"), need),
        end=_plate(desk, end, leg.end, (*leg.end_path, "image"), need) if end and leg.end else None,
        places=_places(desk.tree, leg),
        takes=written.takes,
        pick=written.pick,
        on_fail=written.on_fail or defaults.on_fail,
        speed=Fraction(str(written.speed)),
        trim_start=written.trim.start if written.trim else None,
        trim_end=written.trim.end if written.trim else None,
        hold=written.hold,
        fit=fit,
        seam=written.seam or desk.board.seam,
        captions=tuple(written.captions),
        sound=written.audio or (desk.board.audio.takes if desk.board.audio else OwnSound()),
    )


def _shot_id(desk: Desk, leg: Leg) -> str:
    desk.count += 1
    name = leg.written.id or f"sh{desk.count * 10:03d}"
    path = (*leg.shot_path, "id") if leg.written.id else leg.shot_path
    if name in desk.shot_ids:
        desk.tree.say(path, f"another shot is called {name}, on line {desk.shot_ids[name].line}")
    desk.shot_ids.setdefault(name, desk.tree.place(path))
    return name


def _model(desk: Desk, leg: Leg) -> Model | None:
    own = leg.written.model
    try:
        return models.find(own or desk.board.model)
    except LookupError as error:
        path = (*leg.shot_path, "model") if own else ("model",)
        desk.say_once(path, str(error))
        return None


def _prompt(desk: Desk, leg: Leg) -> str:
    style = desk.board.defaults.style if leg.written.style is None else leg.written.style
    parts = [leg.written.prompt.strip(), (style or "").strip()]
    if not parts[0]:
        desk.tree.say(_prompt_path(desk.tree, leg), "is empty; say what moves")
    return ". ".join(part.rstrip(".") if part is not parts[-1] else part for part in parts if part)


def _plate(desk: Desk, still: Still, keyframe: Keyframe, path: Path, need: Need) -> Plate:
    made, wrong = plate(still, keyframe.frame, need)
    for message in wrong:
        desk.limit(path, message)
    return made or Plate(still, pictures.Recipe(frame=0 if still.facts.frames > 1 else None))


def _check_times(desk: Desk, leg: Leg, duration: Duration) -> None:
    """Trims have to leave something, captions have to lie inside, a pick has to exist."""
    written, rate = leg.written, desk.rate
    trim = written.trim
    cut = sum(part.seconds(rate) for part in (trim and trim.start, trim and trim.end) if part)
    left = duration.seconds(rate) - cut
    if left * rate < 1:
        desk.tree.say((*leg.shot_path, "trim"), f"leaves nothing of {duration}")
    if written.pick > written.takes:
        message = f"take {written.pick} is wanted, and takes is {written.takes}"
        desk.tree.say((*leg.shot_path, "pick"), message)
    length = max(left, Fraction(0)) / Fraction(str(written.speed))
    length += written.hold.seconds(rate) if written.hold else 0
    for i, caption in enumerate(written.captions):
        if caption.at.seconds(rate) >= length > 0:
            message = f"starts after the shot's end ({decimal(length)} s)"
            desk.tree.say((*leg.shot_path, "captions", i, "at"), message)


def _check_limits(desk: Desk, leg: Leg, model: Model, duration: Duration) -> None:
    """What the model can't do is said at the line that asks for it."""
    seconds = duration.seconds(desk.rate)
    if model.lengths.nearest(seconds) is None:
        message = f"{model.alias} makes {model.lengths}; {decimal(seconds)} s is too long"
        where = _first(desk.tree, (*leg.shot_path, "duration"), ("defaults", "duration"))
        desk.limit(where, message)
    length = len(_prompt(desk, leg)) if leg.written.prompt.strip() else 0
    if length > model.prompt_limit:
        message = f"{length} characters with its style; {model.alias} takes {model.prompt_limit}"
        desk.limit(_prompt_path(desk.tree, leg), message)
    if leg.end is None and not model.open_ended:
        message = f"{model.alias} needs an end frame; add a keyframe, or choose another model"
        desk.limit(leg.shot_path, message)


def _places(tree: Tree, leg: Leg) -> dict[str, Place]:
    shot = leg.shot_path
    found = {
        "shot": tree.place(shot),
        "prompt": tree.place(_prompt_path(tree, leg)),
        "duration": tree.place(_first(tree, (*shot, "duration"), ("defaults", "duration"), shot)),
        "model": tree.place(_first(tree, (*shot, "model"), ("model",), shot)),
        "start": tree.place((*leg.path, "image")),
    }
    return found | ({"end": tree.place((*leg.end_path, "image"))} if leg.end else {})


def _prompt_path(tree: Tree, leg: Leg) -> Path:
    return _first(tree, (*leg.shot_path, "prompt"), leg.shot_path)


def _first(tree: Tree, *paths: Path) -> Path:
    """The first of these paths that is written in the file; the last where none is."""
    return next((path for path in paths if path in tree.values), paths[-1])
