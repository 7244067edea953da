"""A job for render farms, as Open Job Description writes it (`jobtemplate-2023-09`).

Four steps: drafts are drawn, the cut is measured, pieces of the film are encoded, and joined. Each
task is one call of `storyboard`, by the number of its part; nothing in it pays.
Source: https://github.com/OpenJobDescription/openjd-specifications, 2023-09.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

SPECIFICATION = "jobtemplate-2023-09"
_LONGEST_NAME = 128
_PAIRS = re.compile(r"([{}])(?=\1)")
"""The first of two braces."""
_LAST = "{{Task.Param.Part}}"


def can_be_written(word: str) -> bool:
    """Whether a word stands in a job as it is: pairs of braces name things of the job there."""
    return not _PAIRS.search(word)


def template(title: str, parts: int, options: Sequence[str] = ()) -> dict[str, Any]:
    """The job: so many tasks in each of the steps that can be divided.

    `options` go along with each call; each has to be one that `can_be_written`. What lies where are
    parameters of the type PATH, so that a farm can put other folders in their place.
    """
    return {
        "specificationVersion": SPECIFICATION,
        "name": _safe(f"storyboard {title}")[:_LONGEST_NAME],
        "parameterDefinitions": [
            _path("Storyboard", "FILE", "IN", "The storyboard. Its pictures lie where it says."),
            _path("Store", "DIRECTORY", "INOUT", "The store of takes, which all machines see."),
            _path("Film", "FILE", "OUT", "The film that is written."),
            {
                "name": "Program",
                "type": "STRING",
                "default": "storyboard",
                "description": "The command; storyboard has to be there on each machine.",
            },
        ],
        "steps": [
            _step("Draw", ["--draw", f"{_LAST}/{parts}", *options], parts=parts),
            _step("Cut", ["--cut", *options], after="Draw"),
            _step("Encode", ["--encode", f"{_LAST}/{parts}", *options], parts=parts, after="Cut"),
            _step("Join", ["--join", *options], after="Encode"),
        ],
    }


def parameters(places: Mapping[str, str]) -> dict[str, Any]:
    """The values of a job's parameters, as AWS Deadline Cloud reads them beside the template."""
    return {"parameterValues": [{"name": name, "value": said} for name, said in places.items()]}


def _path(name: str, kind: str, flow: str, about: str) -> dict[str, str]:
    return {
        "name": name,
        "type": "PATH",
        "objectType": kind,
        "dataFlow": flow,
        "description": about,
    }


def _step(name: str, words: list[str], *, parts: int = 0, after: str = "") -> dict[str, Any]:
    call = ["farm", "{{Param.Storyboard}}", "--store", "{{Param.Store}}", "-o", "{{Param.Film}}"]
    space = {"taskParameterDefinitions": [{"name": "Part", "type": "INT", "range": f"1-{parts}"}]}
    return {
        "name": name,
        **({"dependencies": [{"dependsOn": after}]} if after else {}),
        **({"parameterSpace": space} if parts else {}),
        "script": {"actions": {"onRun": {"command": "{{Param.Program}}", "args": [*call, *words]}}},
    }


def _safe(text: str) -> str:
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return _PAIRS.sub(r"\1 ", plain)
