"""Run by a Python that has Blender in it: FOLDER OUT. Opens the `.otio` there, and says what came.

Its strips, levels and markers are written as JSON, and every frame as a picture, both to OUT.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import bpy  # type: ignore[import-not-found, unused-ignore]


def opened(folder: Path) -> Any:
    """The scene that the import makes; links count from the folder that Blender runs in."""
    os.chdir(folder)
    before = set(bpy.data.scenes)
    [path] = folder.glob("*.otio")
    bpy.ops.wm.otio_import(filepath=str(path))
    [scene] = set(bpy.data.scenes) - before
    return scene


def strip(one: Any) -> dict[str, Any]:
    """Where it lies, and what it belongs to."""
    return {
        "name": one.name,
        "kind": one.type,
        "start": one.left_handle,
        "end": one.right_handle,
        "volume": getattr(one, "volume", None),
        "linked": [other.name for other in one.connections],
    }


def curves(scene: Any) -> dict[str, list[list[float]]]:
    """The points of each value that changes."""
    action = scene.animation_data.action if scene.animation_data else None
    bags = [
        bag
        for layer in (action.layers if action else ())
        for part in layer.strips
        for bag in part.channelbags
    ]
    return {
        curve.data_path: [list(point.co) for point in curve.keyframe_points]
        for bag in bags
        for curve in bag.fcurves
    }


def render(scene: Any, folder: Path) -> None:
    """Every frame of the film, a quarter of the size that an import always has."""
    scene.render.resolution_percentage = 25
    scene.render.image_settings.file_format = "PNG"
    scene.view_settings.view_transform = "Standard"
    scene.render.filepath = str(folder / "frame")
    bpy.ops.render.render(animation=True, scene=scene.name)


if __name__ == "__main__":
    given, out = map(Path, sys.argv[1:])
    found = opened(given)
    said = {
        "rate": [found.render.fps, found.render.fps_base],
        "frames": [found.frame_start, found.frame_end],
        "strips": [strip(one) for one in found.sequence_editor.strips_all],
        "curves": curves(found),
        "markers": {marker.name: marker.frame for marker in found.timeline_markers},
    }
    (out / "said.json").write_text(json.dumps(said), "utf-8")
    render(found, out)
