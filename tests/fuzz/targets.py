"""What is fuzzed, and what has to hold whatever comes in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import httpx
import yaml
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from storyboard.errors import InvalidStoryboard, MediaError, Mistake, Refused
from storyboard.fal import answers, incoming
from storyboard.fal.conclusions import Conclusion, Step, conclude
from storyboard.fileformat.cut_list import CutShot
from storyboard.fileformat.json_schema import schema
from storyboard.loading import reading
from storyboard.loading.blocks import cut_list
from storyboard.loading.checked import CheckedStoryboard
from storyboard.loading.load import parse
from storyboard.planning.planner import plan
from storyboard.reimport.changes import changes
from storyboard.reimport.readers.kinds import read_edited
from storyboard.reimport.rewrite import apply
from storyboard.reimport.sequence import Known
from storyboard.service import Accepted
from storyboard.timeline.recut import recut
from storyboard.webfetch import FetchError
from tests.fuzz.inputs import ANSWERS, CUTS, FILM, STORYBOARDS, mutated
from tests.images.test_strangers import SEEDS, is_clear, looked_at

SCHEMA = Draft7Validator(schema())


class Target(NamedTuple):
    """One door that strangers may knock at."""

    name: str
    inputs: st.SearchStrategy[bytes]
    check: Callable[[Path, bytes], None]
    """With a folder of pictures, and an input; fails where a promise is broken."""


def loader(folder: Path, data: bytes) -> None:
    """Any bytes are a storyboard that the schema takes too, or mistakes at places of the file."""
    found = judged(folder, data)
    if isinstance(found, CheckedStoryboard):
        assert plan(found).shots
        assert SCHEMA.is_valid(reading.read(data, file="film.yaml").root)
        return
    assert found.mistakes
    lines = data.decode("utf-8-sig", errors="replace").splitlines() or [""]
    for mistake in found.mistakes:
        check_mistake(mistake, lines)
    assert found.drawn().replace("\n", "").isprintable()


def judged(folder: Path, data: bytes) -> CheckedStoryboard | InvalidStoryboard:
    """The storyboard, or what is wrong with it."""
    try:
        return parse(data, folder / "film.yaml", fetch=nowhere)
    except InvalidStoryboard as error:
        return error


def nowhere(address: str) -> Path:
    """There is no web here."""
    raise FetchError(f"{address[:40]!r} is not reached from here; name a file")


def check_mistake(mistake: Mistake, lines: list[str]) -> None:
    """It stands in the file, and is one line that can be printed."""
    place = mistake.place
    assert 1 <= place.line <= len(lines) + 1
    width = len(lines[place.line - 1]) if place.line <= len(lines) else 0
    assert 1 <= place.column <= width + 1
    assert str(mistake).isprintable()
    assert len(mistake.message) < 1000


def pictures(folder: Path, data: bytes) -> None:
    """Any bytes are a picture that can be sent, or one clear sentence."""
    assert is_clear(looked_at(data))


def responses(folder: Path, data: bytes) -> None:
    """No answer breaks its reader; nothing but the service gets the key."""
    for status in (200, 422, 500):
        headers = {"retry-after": repr(data[:4])}
        answer = incoming.answer(httpx.Response(status, content=data, headers=headers), ("secret",))
        refusal = answers.refused(answer)
        assert isinstance(refusal, Refused)
        assert len(str(refusal)) < 1000
        assert all(isinstance(conclude(step, answer, "id"), Conclusion) for step in Step)
    assert answers.progress(answer).state in ("queued", "running", "completed")
    known = Accepted("app", "id", {"status_url": "https://a", "cancel_url": "https://b"})
    assert answers.accepted(answer.json, known).request_id == "id"
    found = answers.outcome(answer.json, {"x-fal-billable-units": repr(data[:4])})
    assert found is None or isinstance(found.address, str)
    for part in answers.fields(answers.details(answer.json)):
        assert isinstance(part, str)
    address = data.decode("utf-8", "replace")
    if answers.is_service(address):
        assert httpx.URL(address).host in answers.HOSTS
    answers.is_media(address)


def cuts(folder: Path, data: bytes) -> None:
    """Any bytes are a cut that can be written, loaded and cut, or one clear sentence."""
    path = folder / "edited.otio"
    path.write_bytes(data)
    try:
        found = changes(FILM, read_edited(path, Known({clip.shot for clip in FILM.clips})))
        text = apply(b"version: 1\n", found, file="film.yaml")
        order = cut_list(map(CutShot.model_validate, yaml.safe_load(text).get("cut") or ()))
        made = recut(FILM, order) if order else FILM
        said = [*found.said, *found.notes]
    except MediaError as error:
        made, said = FILM, [str(error)]
    assert made.frames >= 1
    assert all(line.isprintable() for line in said)


TARGETS = (
    Target("loader", STORYBOARDS, loader),
    Target("pictures", mutated(SEEDS, st.binary(max_size=12)) | st.binary(), pictures),
    Target("responses", ANSWERS, responses),
    Target("cuts", CUTS, cuts),
)
