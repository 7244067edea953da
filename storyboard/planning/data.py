"""The plan as plain data, for `--json` and other programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from storyboard.loading.own_clip import OWN_CLIP
from storyboard.planning.shapes import cut_off
from storyboard.planning.sharing import shared
from storyboard.units.money import dollars

if TYPE_CHECKING:
    from storyboard.events import WaitExpected
    from storyboard.images.still import PreparedStill
    from storyboard.loading.blocks import CheckedVersion
    from storyboard.planning.planned import Plan, PlannedScene, PlannedShot
    from storyboard.planning.sharing import Shared


def as_data(made: Plan, expected: WaitExpected | None = None) -> dict[str, Any]:
    """The plan as plain data, for `--json` and other programs. Money in micro-dollars."""
    return {
        "title": made.storyboard.title,
        "file": str(made.storyboard.path),
        "draft": made.draft,
        "rate": str(made.rate),
        "rate_assumed": made.rate_assumed,
        "frames": made.frames,
        "seconds": float(made.frames / made.rate),
        "overlap_frames": made.overlap,
        "price_microusd": made.price_microusd,
        "price": dollars(made.price_microusd),
        "most_microusd": made.most_microusd,
        "budget_microusd": made.storyboard.budget,
        "expected": None if expected is None else asdict(expected),
        "size": str(made.size),
        "size_assumed": made.storyboard.size is None,
        "versions": [_version_data(version, made) for version in made.storyboard.versions],
        "pictures": [_picture_data(prepared) for prepared in made.pictures],
        "shared": [_shared_data(one) for one in shared(made)],
        "shots": [_shot_data(made, shot, scene) for scene in made.scenes for shot in scene.shots],
        "about_models": list(made.about_models),
        "warnings": [str(warning) for warning in (*made.storyboard.warnings, *made.warnings)],
    }


def _version_data(version: CheckedVersion, made: Plan) -> dict[str, Any]:
    share, side = cut_off(made.size, version.size, version.reframe)
    return {
        "name": version.name,
        "size": str(version.size),
        "reframe": version.reframe,
        "cut_off": round(share, 4),
        "cut_off_of": side,
    }


def _shared_data(one: Shared) -> dict[str, Any]:
    return {
        "key": one.purchase.key,
        "model": one.purchase.model.alias,
        "shots": list(one.shots),
        "keyframes": list(one.keyframes),
        "model_seconds": float(one.purchase.request.seconds),
        "prompts": list(one.prompts),
        "price_microusd": one.price_microusd,
        "single_requests_microusd": one.purchase.single_microusd,
        "renews": {name: list(shots) for name, shots in one.renews.items()},
    }


def _picture_data(prepared: PreparedStill) -> dict[str, Any]:
    lost = prepared.recipe.cut_off(prepared.still.facts)
    return {
        "id": prepared.still.id,
        "image": prepared.still.name,
        "notes": list(prepared.notes),
        "cut_off_width": round(lost[0], 4),
        "cut_off_height": round(lost[1], 4),
    }


def _shot_data(made: Plan, planned: PlannedShot, scene: PlannedScene) -> dict[str, Any]:
    shot = planned.shot
    return {
        "id": planned.id,
        "scene": scene.scene.id,
        "start": shot.start.still.id,
        "end": shot.end.still.id if shot.end else None,
        "prompt": shot.prompt,
        "model": planned.model.alias,
        "endpoint": planned.model.endpoint,
        "model_seconds": float(planned.sold),
        "frames": made.shown(planned),
        "request": planned.request.canonical(),
        "clip": shot.clip.name if shot.clip else None,
        "pick": "best" if shot.best else planned.picked.number,
        "takes": [
            {
                "take": take.number,
                "model": take.model.alias,
                "endpoint": take.request.endpoint,
                "covers": list(take.purchase.covers),
                "key": take.key,
                "standing": take.standing.value,
                "adopted": take.number == OWN_CLIP,
                "detail": take.holding.detail,
                "buys": take.buys,
                "same_as": take.same_as or None,
                "price_microusd": take.price_microusd,
                "request_id": take.holding.request_id,
            }
            for take in planned.takes
        ],
        "price_microusd": planned.price_microusd,
        "renewed": planned.renewed,
        "notes": list(planned.notes),
    }
